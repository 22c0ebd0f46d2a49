package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.types.Rules;
import java.util.List;

/// ServiceAccounts: whoever begins to limit the secrets of their pods is warned.
public record AccountRules() implements Rules {
    private static final String LIMITED = "kubernetes.io/enforce-mountable-secrets";

    @Override
    public List<String> warnings(ObjectNode object) {
        return limited(object)
                ? List.of("metadata.annotations[" + LIMITED + "]: deprecated in v1.32+; prefer separate namespaces to "
                        + "isolate access to mounted secrets")
                : List.of();
    }

    @Override
    public List<String> warningsOnUpdate(String subresource, ObjectNode object, ObjectNode old) {
        return limited(old) ? List.of() : warnings(object);
    }

    private static boolean limited(ObjectNode object) {
        return object.path("metadata").path("annotations").has(LIMITED);
    }
}
