package io.logplane.gateway.authz;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.request.RequestInfo;
import java.util.ArrayList;
import java.util.List;

/// One rule of a role. Source: k8s.io/api/rbac/v1 PolicyRule; matching as
/// kubernetes/pkg/apis/rbac/v1/evaluation_helpers.go.
public record PolicyRule(List<String> verbs, List<String> groups, List<String> resources, List<String> names,
        List<String> urls) {
    private static final String ALL = "*";

    public static List<PolicyRule> listOf(JsonNode rules) {
        List<PolicyRule> found = new ArrayList<>();
        for (JsonNode rule : rules) {
            found.add(new PolicyRule(texts(rule.path("verbs")), texts(rule.path("apiGroups")), texts(rule.path(
                    "resources")), texts(rule.path("resourceNames")), texts(rule.path("nonResourceURLs"))));
        }
        return List.copyOf(found);
    }

    boolean allows(RequestInfo info) {
        return info.resourceRequest()
                ? has(verbs, info.verb()) && has(groups, info.group()) && resource(info) && name(info)
                : has(verbs, info.verb()) && url(info.path());
    }

    private boolean resource(RequestInfo info) {
        String combined = info.resourceAndSubresource();
        for (String resource : resources) {
            if (resource.equals(ALL) || resource.equals(combined)) {
                return true;
            }
            if (!info.subresource().isEmpty() && resource.startsWith("*/")
                    && resource.substring(2).equals(info.subresource())) {
                return true;
            }
        }
        return false;
    }

    private boolean name(RequestInfo info) {
        return names.isEmpty() || names.contains(info.name());
    }

    private boolean url(String path) {
        for (String url : urls) {
            if (url.equals(ALL) || url.equals(path)
                    || url.endsWith(ALL) && path.startsWith(url.substring(0, url.length() - 1))) {
                return true;
            }
        }
        return false;
    }

    /// Every single permission of this rule, none of them combining two verbs, groups, resources or names.
    List<PolicyRule> atoms() {
        List<PolicyRule> atoms = new ArrayList<>();
        for (String verb : verbs) {
            for (String group : groups) {
                for (String resource : resources) {
                    if (names.isEmpty()) {
                        atoms.add(new PolicyRule(List.of(verb), List.of(group), List.of(resource), List.of(), List
                                .of()));
                    }
                    for (String name : names) {
                        atoms.add(new PolicyRule(List.of(verb), List.of(group), List.of(resource), List.of(name), List
                                .of()));
                    }
                }
            }
            for (String url : urls) {
                atoms.add(new PolicyRule(List.of(verb), List.of(), List.of(), List.of(), List.of(url)));
            }
        }
        return atoms;
    }

    /// True when this rule grants everything the atom grants.
    boolean covers(PolicyRule atom) {
        if (!has(verbs, atom.verbs().getFirst())) {
            return false;
        }
        if (!atom.urls().isEmpty()) {
            String url = atom.urls().getFirst();
            return urls.contains(url) || url(url);
        }
        String resource = atom.resources().getFirst();
        int slash = resource.indexOf('/');
        boolean resourceCovered = has(resources, resource)
                || slash > 0 && resources.contains("*/" + resource.substring(slash + 1));
        return has(groups, atom.groups().getFirst()) && resourceCovered
                && (names.isEmpty() || !atom.names().isEmpty() && names.containsAll(atom.names()));
    }

    /// As upstream prints a rule in refusals.
    String text() {
        StringBuilder out = new StringBuilder("{");
        field(out, "APIGroups", groups);
        field(out, "Resources", resources);
        field(out, "ResourceNames", names);
        field(out, "NonResourceURLs", urls);
        field(out, "Verbs", verbs);
        return out.append('}').toString();
    }

    private static void field(StringBuilder out, String name, List<String> values) {
        if (!values.isEmpty()) {
            out.append(out.length() > 1 ? ", " : "").append(name).append(":[\"").append(String.join("\", \"", values))
                    .append("\"]");
        }
    }

    private static boolean has(List<String> values, String wanted) {
        return values.contains(ALL) || values.contains(wanted);
    }

    private static List<String> texts(JsonNode array) {
        List<String> found = new ArrayList<>();
        array.forEach(value -> found.add(value.asText()));
        return List.copyOf(found);
    }
}
