package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Flow schemas and priority levels.
///
/// Source: k8s.io/kubernetes/pkg/apis/flowcontrol/validation.
public final class FlowRules {
    private static final Set<String> VERBS = Set.of("get", "list", "create", "update", "delete", "deletecollection",
            "patch", "watch", "proxy");
    private static final String[] SORTED_VERBS = {"create", "delete", "deletecollection", "get", "list", "patch",
        "proxy", "update", "watch"};
    private static final Map<String, String> SUBJECTS = Map.of("User", "user", "Group", "group", "ServiceAccount",
            "serviceAccount");
    private static final int DEFAULT_PRECEDENCE = 1000;
    private static final int MAX_PRECEDENCE = 10_000;
    private static final int MAX_QUEUES = 10_000_000;
    /// By which an older version said that no shares were meant; no object keeps it.
    private static final String ROUND_TRIP = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares";
    /// Bits of a flow's hash that dealing may use.
    private static final int MAX_BITS = 60;

    private FlowRules() {
    }

    /// FlowSchemas.
    public record Schemas() implements SpecRules {
        @Override
        public List<String> keepsOfMetadata(String subresource) {
            return METADATA;
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            notZero(Tree.object(object, "spec"), "matchingPrecedence", DEFAULT_PRECEDENCE);
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            JsonNode spec = object.path("spec");
            long precedence = spec.path("matchingPrecedence").asLong();
            if (precedence <= 0) {
                problems.invalid("spec.matchingPrecedence", precedence, "must be a positive value");
            }
            if (precedence > MAX_PRECEDENCE) {
                problems.invalid("spec.matchingPrecedence", precedence, "must not be greater than " + MAX_PRECEDENCE);
            }
            if (precedence == 1 && !Tree.text(object, "metadata.name").equals("exempt")) {
                problems.invalid("spec.matchingPrecedence", precedence,
                        "only the schema named 'exempt' may have matchingPrecedence 1");
            }
            String method = spec.path("distinguisherMethod").path("type").asText();
            if (spec.has("distinguisherMethod") && !method.equals("ByUser") && !method.equals("ByNamespace")) {
                problems.notSupported("spec.distinguisherMethod.type",
                        GoStruct.struct(spec.path("distinguisherMethod"), "FlowDistinguisherMethod"), "ByNamespace",
                        "ByUser");
            }
            String level = spec.path("priorityLevelConfiguration").path("name").asText();
            if (level.isEmpty()) {
                problems.required("spec.priorityLevelConfiguration.name", "must reference a priority level");
            } else {
                problems.format(NameFormat.SUBDOMAIN, "spec.priorityLevelConfiguration.name", level);
            }
            for (int i = 0; i < spec.path("rules").size(); i++) {
                rule(problems, "spec.rules[" + i + "]", spec.path("rules").get(i));
            }
            FlowFixtures.schema(object, problems);
            return problems.list();
        }

        @Override
        public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            FlowFixtures.conditions(object, problems);
            return problems.list();
        }
    }

    private static void rule(Problems problems, String at, JsonNode rule) {
        if (rule.path("subjects").isEmpty()) {
            problems.required(at + ".subjects", "subjects must contain at least one value");
        }
        for (int i = 0; i < rule.path("subjects").size(); i++) {
            subject(problems, at + ".subjects[" + i + "]", rule.path("subjects").get(i));
        }
        if (rule.path("resourceRules").isEmpty() && rule.path("nonResourceRules").isEmpty()) {
            problems.required(at, "at least one of resourceRules and nonResourceRules has to be non-empty");
        }
        for (int i = 0; i < rule.path("resourceRules").size(); i++) {
            resources(problems, at + ".resourceRules[" + i + "]", rule.path("resourceRules").get(i));
        }
        for (int i = 0; i < rule.path("nonResourceRules").size(); i++) {
            paths(problems, at + ".nonResourceRules[" + i + "]", rule.path("nonResourceRules").get(i));
        }
    }

    private static void subject(Problems problems, String at, JsonNode subject) {
        String kind = subject.path("kind").asText();
        String part = SUBJECTS.getOrDefault(kind, "");
        if (part.isEmpty()) {
            problems.notSupported(at + ".kind", kind, "Group", "ServiceAccount", "User");
            return;
        }
        JsonNode named = subject.path(part);
        if (!named.isObject()) {
            problems.required(at + "." + part, part + " is required when subject kind is '" + kind + "'");
        } else {
            String name = named.path("name").asText();
            if (name.isEmpty()) {
                problems.required(at + "." + part + ".name", "");
            } else if (kind.equals("ServiceAccount")) {
                if (!name.equals("*")) {
                    problems.format(NameFormat.SUBDOMAIN, at + ".serviceAccount.name", name);
                }
            }
            if (kind.equals("ServiceAccount")) {
                namespaceOf(problems, at + ".serviceAccount.namespace", named.path("namespace").asText());
            }
        }
        for (String other : List.of("ServiceAccount", "User", "Group")) {
            String field = SUBJECTS.getOrDefault(other, "");
            if (!other.equals(kind) && subject.has(field)) {
                problems.forbidden(at + "." + field, field + " is forbidden when subject kind is not '" + other + "'");
            }
        }
    }

    private static void namespaceOf(Problems problems, String at, String namespace) {
        if (namespace.isEmpty()) {
            problems.required(at, "must specify namespace for service account");
        } else {
            problems.format(NameFormat.LABEL, at, namespace);
        }
    }

    private static void verbs(Problems problems, String at, JsonNode rule) {
        List<String> verbs = texts(rule.path("verbs"));
        if (verbs.isEmpty()) {
            problems.required(at + ".verbs", "verbs must contain at least one value");
        } else if (verbs.contains("*")) {
            if (verbs.size() > 1) {
                problems.invalid(at + ".verbs", rule.path("verbs"), "if '*' is present, must not specify other verbs");
            }
        } else if (!VERBS.containsAll(verbs)) {
            problems.notSupported(at + ".verbs", rule.path("verbs"), SORTED_VERBS);
        }
    }

    private static void resources(Problems problems, String at, JsonNode rule) {
        verbs(problems, at, rule);
        list(problems, at + ".apiGroups", rule.path("apiGroups"), "resource rules must supply at least one api group",
                "api groups");
        list(problems, at + ".resources", rule.path("resources"), "resource rules must supply at least one resource",
                "resources");
        List<String> namespaces = texts(rule.path("namespaces"));
        if (namespaces.isEmpty()) {
            if (!rule.path("clusterScope").asBoolean()) {
                problems.required(at + ".namespaces",
                        "resource rules that are not cluster scoped must supply at least one namespace");
            }
        } else if (namespaces.contains("*")) {
            list(problems, at + ".namespaces", rule.path("namespaces"), "", "namespaces");
        } else {
            for (int i = 0; i < namespaces.size(); i++) {
                for (String wrong : NameFormat.LABEL.errors(namespaces.get(i))) {
                    problems.invalid(at + ".namespaces[" + i + "]", namespaces.get(i),
                            "each member of this list must be '*' or a DNS-1123 label; " + wrong);
                }
            }
        }
    }

    private static void list(Problems problems, String at, JsonNode values, String missing, String what) {
        if (values.isEmpty()) {
            problems.required(at, missing);
        } else if (values.size() > 1 && texts(values).contains("*")) {
            problems.invalid(at, values, "if '*' is present, must not specify other " + what);
        }
    }

    private static void paths(Problems problems, String at, JsonNode rule) {
        verbs(problems, at, rule);
        List<String> paths = texts(rule.path("nonResourceURLs"));
        if (paths.isEmpty()) {
            problems.required(at + ".nonResourceURLs", "nonResourceURLs must contain at least one value");
        } else if (paths.contains("*")) {
            list(problems, at + ".nonResourceURLs", rule.path("nonResourceURLs"), "", "non-resource URLs");
        } else {
            for (int i = 0; i < paths.size(); i++) {
                String wrong = wrongPath(paths.get(i));
                if (!wrong.isEmpty()) {
                    problems.invalid(at + ".nonResourceURLs[" + i + "]", paths.get(i), wrong);
                }
            }
        }
    }

    private static String wrongPath(String path) {
        if (path.isEmpty()) {
            return "must not be empty";
        }
        if (!path.startsWith("/")) {
            return "must start with slash";
        }
        if (path.contains(" ")) {
            return "must not contain white-space";
        }
        if (path.contains("//")) {
            return "must not contain double slash";
        }
        int star = path.indexOf('*');
        return star >= 0 && (star < path.length() - 1 || !path.endsWith("/*"))
                ? "wildcard can only do suffix matching"
                : "";
    }

    /// PriorityLevelConfigurations.
    public record Levels() implements SpecRules {
        @Override
        public List<String> keepsOfMetadata(String subresource) {
            return METADATA;
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            if (object.path("spec").path("exempt") instanceof ObjectNode exempt) {
                Tree.setDefault(exempt, "nominalConcurrencyShares", 0);
                Tree.setDefault(exempt, "lendablePercent", 0);
            }
            if (object.path("spec").path("limited") instanceof ObjectNode limited) {
                Tree.setDefault(limited, "nominalConcurrencyShares", 30);
                Tree.setDefault(limited, "lendablePercent", 0);
                if (limited.path("limitResponse").path("queuing") instanceof ObjectNode queuing) {
                    notZero(queuing, "handSize", 8);
                    notZero(queuing, "queues", 64);
                    notZero(queuing, "queueLengthLimit", 50);
                }
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            if (object.path("metadata").path("annotations").has(ROUND_TRIP)) {
                problems.forbidden("metadata.annotations", "annotation '" + ROUND_TRIP + "' is forbidden");
            }
            JsonNode spec = object.path("spec");
            String type = spec.path("type").asText();
            if (Tree.text(object, "metadata.name").equals("exempt") != type.equals("Exempt")) {
                problems.invalid("spec.type", type, "must be 'Exempt' if and only if `name` is 'exempt'");
            }
            switch (type) {
                case "Exempt" -> {
                    if (spec.has("limited")) {
                        problems.forbidden("spec.limited", "must be nil if the type is not Limited");
                    }
                    shares(problems, "spec.exempt", spec.path("exempt"));
                    lendable(problems, "spec.exempt", spec.path("exempt"));
                }
                case "Limited" -> {
                    if (spec.has("exempt")) {
                        problems.forbidden("spec.exempt", "must be nil if the type is Limited");
                    }
                    if (spec.has("limited")) {
                        limited(problems, spec.path("limited"));
                    } else {
                        problems.required("spec.limited", "must not be empty when type is Limited");
                    }
                }
                default -> problems.notSupported("spec.type", type, "Exempt", "Limited");
            }
            FlowFixtures.level(object, problems);
            return problems.list();
        }

        @Override
        public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            FlowFixtures.conditions(object, problems);
            return problems.list();
        }
    }

    /// A number that has no zero: where it stands, nothing was said.
    private static void notZero(ObjectNode parent, String field, int usual) {
        if (Tree.number(parent, field) == 0) {
            parent.put(field, usual);
        }
    }

    private static void shares(Problems problems, String at, JsonNode part) {
        long shares = part.path("nominalConcurrencyShares").asLong();
        if (shares < 0) {
            problems.invalid(at + ".nominalConcurrencyShares", shares, "must be a non-negative integer");
        }
    }

    private static void lendable(Problems problems, String at, JsonNode part) {
        long lendable = part.path("lendablePercent").asLong();
        if (lendable < 0 || lendable > 100) {
            problems.invalid(at + ".lendablePercent", lendable, "must be between 0 and 100, inclusive");
        }
    }

    private static void limited(Problems problems, JsonNode limited) {
        shares(problems, "spec.limited", limited);
        response(problems, limited.path("limitResponse"));
        lendable(problems, "spec.limited", limited);
        long borrowing = limited.path("borrowingLimitPercent").asLong();
        if (borrowing < 0) {
            problems.invalid("spec.limited.borrowingLimitPercent", borrowing,
                    "if specified, must be a non-negative integer");
        }
    }

    private static void response(Problems problems, JsonNode response) {
        String at = "spec.limited.limitResponse";
        switch (response.path("type").asText()) {
            case "Reject" -> {
                if (response.has("queuing")) {
                    problems.forbidden(at + ".queuing", "must be nil if limited.limitResponse.type is not Limited");
                }
            }
            case "Queue" -> {
                if (response.has("queuing")) {
                    queuing(problems, at + ".queuing", response.path("queuing"));
                } else {
                    problems.required(at + ".queuing", "must not be empty if limited.limitResponse.type is Limited");
                }
            }
            default -> problems.notSupported(at + ".type", response.path("type").asText(), "Queue", "Reject");
        }
    }

    private static void queuing(Problems problems, String at, JsonNode queuing) {
        long length = queuing.path("queueLengthLimit").asLong();
        long queues = queuing.path("queues").asLong();
        long hand = queuing.path("handSize").asLong();
        if (length <= 0) {
            problems.invalid(at + ".queueLengthLimit", length, "must be positive");
        }
        if (queues <= 0) {
            problems.invalid(at + ".queues", queues, "must be positive");
        } else if (queues > MAX_QUEUES) {
            problems.invalid(at + ".queues", queues, "must not be greater than " + MAX_QUEUES);
        }
        if (hand <= 0) {
            problems.invalid(at + ".handSize", hand, "must be positive");
        } else if (hand > queues) {
            problems.invalid(at + ".handSize", hand, "should not be greater than queues (" + queues + ")");
        } else if (bits(queues, hand) > MAX_BITS) {
            problems.invalid(at + ".handSize", hand, "required entropy bits of deckSize " + queues + " and handSize "
                    + hand + " should not be greater than " + MAX_BITS);
        }
    }

    /// Bits of a hash that dealing a hand uses up.
    private static int bits(long queues, long hand) {
        return (int) Math.ceil(Math.log(queues) / Math.log(2) * hand);
    }

    private static List<String> texts(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.asText()));
        return texts;
    }
}
