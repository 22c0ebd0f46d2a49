package io.logplane.cli;

import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import java.util.Locale;

/// Types as kubectl users name them: `deployment`, `deploy`, `deployments`, `deployments.apps`.
final class Names {
    private Names() {
    }

    /// Errors: IllegalArgumentException for a type nobody knows.
    static ResourceType type(String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        return ResourceTypes.ALL.stream()
                .filter(t -> wanted.equals(t.plural()) || wanted.equals(t.singular())
                        || wanted.equals(t.kind().toLowerCase(Locale.ROOT))
                        || wanted.equals(t.qualifiedName()) || t.shortNames().contains(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no resource type '" + text + "'"));
    }
}
