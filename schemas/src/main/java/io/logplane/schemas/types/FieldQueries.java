package io.logplane.schemas.types;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldSelector;
import io.logplane.schemas.model.Tree;
import java.util.Optional;

/// Field selectors applied to a type: is every field known, and does an object match.
public final class FieldQueries {
    private static final String NAME = "metadata.name";
    private static final String NAMESPACE = "metadata.namespace";

    private FieldQueries() {
    }

    /// Upstream's message when the selector names a field this type cannot be selected by; empty when all are known.
    public static Optional<String> refusal(ResourceType type, FieldSelector selector) {
        for (FieldSelector.Term term : selector.terms()) {
            String path = term.path();
            boolean known = path.equals(NAME) || path.equals(NAMESPACE)
                    || type.fields().stream().anyMatch(f -> f.path().equals(path));
            if (!known) {
                return Optional.of(unknown(type, path));
            }
        }
        return Optional.empty();
    }

    public static boolean matches(ResourceType type, FieldSelector selector, ObjectNode object) {
        return selector.matches(path -> value(type, path, object));
    }

    private static String value(ResourceType type, String path, ObjectNode object) {
        if (path.equals(NAME) || path.equals(NAMESPACE)) {
            return Tree.text(object, path);
        }
        return type.fields().stream().filter(f -> f.path().equals(path)).findFirst()
                .map(f -> f.value().apply(object)).orElse("");
    }

    /// Each upstream type words it a little differently.
    private static String unknown(ResourceType type, String path) {
        if (type.fields().isEmpty() && !type.rules().itemsNameTheirKind()) {
            return "\"" + path + "\" is not a known field selector: only \"" + NAME + "\", \"" + NAMESPACE + "\"";
        }
        return switch (type.qualifiedName()) {
            case "jobs.batch" -> "field label \"" + path + "\" not supported for batchv1.Job";
            default -> "field label not supported: " + path;
        };
    }
}
