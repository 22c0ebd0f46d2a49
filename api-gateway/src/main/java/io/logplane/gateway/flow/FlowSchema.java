package io.logplane.gateway.flow;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.RequestInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A FlowSchema as read: which requests belong to a level, and what tells their flows apart.
///
/// Source: k8s.io/apiserver/pkg/util/flowcontrol/rule.go.
public record FlowSchema(String name, String uid, int precedence, String level, Distinguisher distinguisher,
        List<Rule> rules) {
    private static final int PRECEDENCE = 1000;

    /// What makes two requests of a schema different flows.
    public enum Distinguisher {
        NONE, USER, NAMESPACE
    }

    record Rule(List<Subject> subjects, List<Resources> resources, List<Paths> paths) {
        boolean covers(User user, RequestInfo info) {
            if (subjects.stream().noneMatch(subject -> subject.covers(user))) {
                return false;
            }
            return info.resourceRequest()
                    ? resources.stream().anyMatch(some -> some.covers(info))
                    : paths.stream().anyMatch(some -> some.covers(info));
        }
    }

    /// Shape: `name` "*" is everybody of the kind; `namespace` only of a service account.
    record Subject(String kind, String namespace, String name) {
        private static final String ACCOUNT = "system:serviceaccount:";

        boolean covers(User user) {
            return switch (kind) {
                case "User" -> name.equals("*") || name.equals(user.name());
                case "Group" -> name.equals("*") || user.groups().contains(name);
                case "ServiceAccount" -> name.equals("*")
                        ? user.name().startsWith(ACCOUNT + namespace + ":")
                        : user.name().equals(ACCOUNT + namespace + ":" + name);
                default -> false;
            };
        }

        static Subject of(JsonNode subject) {
            String kind = subject.path("kind").asText();
            JsonNode part = subject.path(Map.of("User", "user", "Group", "group", "ServiceAccount", "serviceAccount")
                    .getOrDefault(kind, "none"));
            return new Subject(kind, part.path("namespace").asText(), part.path("name").asText());
        }
    }

    record Resources(List<String> verbs, List<String> groups, List<String> resources, List<String> namespaces,
            boolean clusterScope) {
        boolean covers(RequestInfo info) {
            boolean here = info.namespace().isEmpty() ? clusterScope : has(namespaces, info.namespace());
            return here && has(verbs, info.verb()) && has(groups, info.group()) && has(resources, info
                    .resourceAndSubresource());
        }
    }

    record Paths(List<String> verbs, List<String> paths) {
        boolean covers(RequestInfo info) {
            return has(verbs, info.verb()) && paths.stream().anyMatch(path -> path.equals("*") || path.equals(info
                    .path()) || path.endsWith("/*") && info.path().startsWith(path.substring(0, path.length() - 1)));
        }
    }

    private static boolean has(List<String> wanted, String value) {
        return wanted.contains("*") || wanted.contains(value);
    }

    boolean covers(User user, RequestInfo info) {
        for (Rule rule : rules) {
            if (rule.covers(user, info)) {
                return true;
            }
        }
        return false;
    }

    String flow(User user, RequestInfo info) {
        return switch (distinguisher) {
            case NONE -> "";
            case USER -> user.name();
            case NAMESPACE -> info.namespace();
        };
    }

    public static FlowSchema of(JsonNode object) {
        JsonNode spec = object.path("spec");
        List<Rule> rules = new ArrayList<>();
        for (JsonNode rule : spec.path("rules")) {
            List<Subject> subjects = new ArrayList<>();
            rule.path("subjects").forEach(subject -> subjects.add(Subject.of(subject)));
            List<Resources> resources = new ArrayList<>();
            rule.path("resourceRules").forEach(some -> resources.add(new Resources(texts(some, "verbs"), texts(some,
                    "apiGroups"), texts(some, "resources"), texts(some, "namespaces"),
                    some.path("clusterScope")
                            .asBoolean())));
            List<Paths> paths = new ArrayList<>();
            rule.path("nonResourceRules").forEach(some -> paths.add(new Paths(texts(some, "verbs"), texts(some,
                    "nonResourceURLs"))));
            rules.add(new Rule(List.copyOf(subjects), List.copyOf(resources), List.copyOf(paths)));
        }
        Distinguisher distinguisher = switch (spec.path("distinguisherMethod").path("type").asText()) {
            case "ByUser" -> Distinguisher.USER;
            case "ByNamespace" -> Distinguisher.NAMESPACE;
            default -> Distinguisher.NONE;
        };
        return new FlowSchema(object.path("metadata").path("name").asText(), object.path("metadata").path("uid")
                .asText(), spec.path("matchingPrecedence").asInt(PRECEDENCE),
                spec.path("priorityLevelConfiguration")
                        .path("name").asText(),
                distinguisher, List.copyOf(rules));
    }

    private static List<String> texts(JsonNode holder, String field) {
        List<String> texts = new ArrayList<>();
        holder.path(field).forEach(text -> texts.add(text.asText()));
        return List.copyOf(texts);
    }
}
