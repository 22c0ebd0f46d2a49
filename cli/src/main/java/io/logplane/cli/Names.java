package io.logplane.cli;

import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import io.logplane.schemas.types.Rules;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Types as kubectl users name them: `deployment`, `deploy`, `deployments`, `deployments.apps`; those that users
/// defined only whole, `widgets.example.com`.
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
                .or(() -> custom(wanted))
                .orElseThrow(() -> new IllegalArgumentException("there is no resource type '" + text + "'"));
    }

    /// `widgets.example.com`: a type of users, whole as the log names it. Shape: taken to lie in namespaces.
    private static Optional<ResourceType> custom(String wanted) {
        int dot = wanted.indexOf('.');
        if (dot <= 0 || dot == wanted.length() - 1) {
            return Optional.empty();
        }
        String plural = wanted.substring(0, dot);
        return Optional.of(new ResourceType(wanted.substring(dot + 1), "", "", plural, "", List.of(), List.of(), true,
                Set.of(), List.of(), List.of(), List.of(), Rules.NONE));
    }
}
