package io.logplane.schemas.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Gives a definition the names it asks for, as far as nobody in its group has them, and says so in its status.
///
/// Shape: pure; the definition's status is changed in place. Names once given stay until the definition asks for others
/// or goes. A definition whose first names are all accepted is established in the same write.
/// Source: k8s.io/apiextensions-apiserver/pkg/controller/{status,establish,apiapproval}.
public final class DefinitionNames {
    private DefinitionNames() {
    }

    /// True when the definition has not been given what it asks for, so that [#settle] may change something.
    public static boolean open(ObjectNode definition) {
        return !Tree.at(definition, "spec.names").equals(Tree.at(definition, "status.acceptedNames"))
                || !new Definition(definition).is(Definition.NAMES_ACCEPTED)
                || !new Definition(definition).is(Definition.ESTABLISHED)
                || Approval.of(definition).filter(approval -> !approval.said(definition)).isPresent();
    }

    /// Shape: `others` are the other definitions of the group. True: the status differs now.
    public static boolean settle(ObjectNode definition, List<ObjectNode> others, String now) {
        JsonNode before = definition.path("status").deepCopy();
        Taken taken = Taken.by(others);
        JsonNode wanted = Tree.at(definition, "spec.names");
        ObjectNode given = Tree.object(Tree.object(definition, "status"), "acceptedNames");
        String reason = "";
        String message = "";
        for (Field field : Field.values()) {
            List<String> conflicts = field.conflicts(wanted, given, taken);
            if (conflicts.isEmpty()) {
                field.give(wanted, given);
            } else {
                reason = field.reason;
                message = message(conflicts);
            }
        }
        copyTexts("categories", wanted, given);
        order(given);
        boolean accepted = reason.isEmpty();
        DefinitionStatus.set(definition, Definition.NAMES_ACCEPTED, accepted, accepted ? "NoConflicts" : reason,
                accepted ? "no conflicts found" : message, now);
        if (!new Definition(definition).is(Definition.ESTABLISHED)) {
            DefinitionStatus.set(definition, Definition.ESTABLISHED, accepted, accepted
                    ? "InitialNamesAccepted"
                    : "NotAccepted",
                    accepted ? "the initial names have been accepted" : "not all names are accepted", now);
        }
        Approval.of(definition).ifPresent(approval -> approval.say(definition, now));
        return !before.equals(definition.path("status"));
    }

    /// How the Kubernetes community stands to a definition of one of its groups, as its condition says.
    private record Approval(boolean given, String reason, String message) {
        static Optional<Approval> of(ObjectNode definition) {
            if (!Definition.protectedGroup(Tree.text(definition, "spec.group"))) {
                return Optional.empty();
            }
            String said = definition.path("metadata").path("annotations").path(Definition.APPROVAL).asText();
            if (said.isEmpty()) {
                return Optional.of(new Approval(false, "MissingAnnotation", DefinitionRules.APPROVAL_MISSING));
            }
            return Optional.of(said.startsWith("unapproved")
                    ? new Approval(false, "UnapprovedAnnotation", "not approved: " + GoText.quote(said))
                    : new Approval(true, "ApprovedAnnotation", "approved in " + said));
        }

        boolean said(ObjectNode definition) {
            return new Definition(definition).condition(Definition.API_APPROVED).filter(condition -> Tree.text(
                    condition, "message").equals(message)).isPresent();
        }

        void say(ObjectNode definition, String now) {
            DefinitionStatus.set(definition, Definition.API_APPROVED, given, reason, message, now);
        }
    }

    /// The names in the order in which they are declared.
    private static void order(ObjectNode given) {
        ObjectNode copy = given.deepCopy();
        given.removeAll();
        for (String field : List.of("plural", "kind")) {
            if (!copy.has(field)) {
                copy.put(field, "");
            }
        }
        for (String field : List.of("plural", "singular", "shortNames", "kind", "listKind", "categories")) {
            if (copy.has(field)) {
                given.set(field, copy.get(field));
            }
        }
    }

    private static String message(List<String> conflicts) {
        List<String> texts = conflicts.stream().map(name -> "\"" + name + "\" is already in use").distinct().toList();
        return texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
    }

    private static void copyTexts(String field, JsonNode wanted, ObjectNode given) {
        if (wanted.path(field).isEmpty()) {
            given.remove(field);
        } else {
            given.set(field, wanted.path(field).deepCopy());
        }
    }

    /// Names others have. Shape: kinds and resources are two spaces.
    private record Taken(Set<String> resources, Set<String> kinds) {
        static Taken by(List<ObjectNode> others) {
            Taken taken = new Taken(new HashSet<>(), new HashSet<>());
            for (ObjectNode other : others) {
                JsonNode names = Tree.at(other, "status.acceptedNames");
                taken.resources.add(Tree.text(names, "plural"));
                taken.resources.add(Tree.text(names, "singular"));
                taken.resources.addAll(Tree.texts(names, "shortNames"));
                taken.kinds.add(Tree.text(names, "kind"));
                taken.kinds.add(Tree.text(names, "listKind"));
            }
            return taken;
        }
    }

    /// The names to be decided, one after the other; the last conflict is the one told.
    private enum Field {
        PLURAL("plural", "PluralConflict"), SINGULAR("singular", "SingularConflict"), SHORT("shortNames",
                "ShortNamesConflict"), KIND("kind", "KindConflict"), LIST_KIND("listKind", "ListKindConflict");

        private final String name;
        private final String reason;

        Field(String name, String reason) {
            this.name = name;
            this.reason = reason;
        }

        List<String> conflicts(JsonNode wanted, JsonNode given, Taken taken) {
            Set<String> used = this == KIND || this == LIST_KIND ? taken.kinds : taken.resources;
            List<String> mine = values(given);
            List<String> found = new ArrayList<>();
            for (String value : values(wanted)) {
                if (!value.isEmpty() && !mine.contains(value) && used.contains(value)) {
                    found.add(value);
                }
            }
            return found;
        }

        private List<String> values(JsonNode names) {
            return names.path(name) instanceof ArrayNode ? Tree.texts(names, name) : List.of(Tree.text(names, name));
        }

        void give(JsonNode wanted, ObjectNode given) {
            if (wanted.path(name).isTextual()) {
                given.put(name, wanted.path(name).asText());
            } else {
                copyTexts(name, wanted, given);
            }
        }
    }
}
