package io.logplane.gateway.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.NameFormat;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One rule of an audit policy: which requests, and how much of them.
///
/// Shape: an empty list narrows nothing; namespaces and resources hold for resource requests, paths for the others.
/// Source: k8s.io/apiserver/pkg/audit/policy.
record AuditRule(AuditLevel level, List<String> users, List<String> groups, List<String> verbs,
        List<Resources> resources,
        List<String> namespaces, List<String> paths, Set<Stage> omitStages, Optional<Boolean> omitManagedFields) {

    /// Resources of one API group, `*` any. Shape: `names` empty is every object; `resources` empty every resource.
    record Resources(String group, List<String> resources, List<String> names) {
        boolean covers(RequestInfo info) {
            if (!group.equals("*") && !group.equals(info.group())) {
                return false;
            }
            if (resources.isEmpty()) {
                return true;
            }
            return (names.isEmpty() || names.contains(info.name()))
                    && resources.stream().anyMatch(pattern -> matches(pattern, info));
        }

        private static boolean matches(String pattern, RequestInfo info) {
            if (pattern.equals("*") || pattern.equals(info.resourceAndSubresource())) {
                return true;
            }
            if (pattern.startsWith("*/")) {
                return pattern.substring(2).equals(info.subresource());
            }
            return pattern.endsWith("/*") && pattern.substring(0, pattern.length() - 2).equals(info.resource());
        }
    }

    boolean covers(User user, RequestInfo info) {
        return (users.isEmpty() || users.contains(user.name()))
                && (groups.isEmpty() || groups.stream().anyMatch(user.groups()::contains))
                && (verbs.isEmpty() || verbs.contains(info.verb())) && coversPlace(info);
    }

    private boolean coversPlace(RequestInfo info) {
        if (!namespaces.isEmpty() || !resources.isEmpty()) {
            return info.resourceRequest() && (namespaces.isEmpty() || namespaces.contains(info.namespace()))
                    && (resources.isEmpty() || resources.stream().anyMatch(some -> some.covers(info)));
        }
        return paths.isEmpty() || !info.resourceRequest() && paths.stream().anyMatch(path -> onPath(path, info.path()));
    }

    private static boolean onPath(String pattern, String path) {
        return pattern.equals(path) || pattern.endsWith("*") && path.startsWith(pattern.substring(0, pattern.length()
                - 1));
    }

    /// Shape: what is wrong is added to `problems`, as `field: why`.
    static AuditRule parse(JsonNode rule, String at, List<String> problems) {
        Optional<AuditLevel> level = AuditLevel.parse(rule.path("level").asText());
        if (level.isEmpty()) {
            problems.add(at + ".level: must be None, Metadata, Request or RequestResponse");
        }
        List<Resources> resources = new ArrayList<>();
        for (JsonNode some : rule.path("resources")) {
            Resources read = new Resources(some.path("group").asText(), texts(some, "resources"), texts(some,
                    "resourceNames"));
            if (!read.group().isEmpty() && !read.group().equals("*") && !NameFormat.SUBDOMAIN.accepts(read.group())) {
                problems.add(at + ".resources.group: \"" + read.group()
                        + "\" must be the name of an API group, without a version");
            }
            if (read.resources().isEmpty() && !read.names().isEmpty()) {
                problems.add(at + ".resources.resourceNames: need at least one resource");
            }
            resources.add(read);
        }
        List<String> namespaces = texts(rule, "namespaces");
        List<String> paths = texts(rule, "nonResourceURLs");
        if (!paths.isEmpty() && !(resources.isEmpty() && namespaces.isEmpty())) {
            problems.add(at + ".nonResourceURLs: rules cannot apply to both regular resources and non-resource URLs");
        }
        for (String path : paths) {
            int star = path.indexOf('*');
            if (!path.equals("*") && (!path.startsWith("/") || star >= 0 && star < path.length() - 1)) {
                problems.add(at + ".nonResourceURLs: \"" + path
                        + "\" must begin with a '/', and hold a '*' at its end only");
            }
        }
        return new AuditRule(level.orElse(AuditLevel.NONE), texts(rule, "users"), texts(rule, "userGroups"), texts(rule,
                "verbs"), resources, namespaces, paths, stages(rule, at, problems), flag(rule));
    }

    static Optional<Boolean> flag(JsonNode holder) {
        return holder.has("omitManagedFields")
                ? Optional.of(holder.path("omitManagedFields").asBoolean())
                : Optional.empty();
    }

    static Set<Stage> stages(JsonNode holder, String at, List<String> problems) {
        Set<Stage> stages = EnumSet.noneOf(Stage.class);
        for (String word : texts(holder, "omitStages")) {
            Stage.parse(word).ifPresentOrElse(stages::add, () -> problems.add(at + ".omitStages: \"" + word
                    + "\" is no stage"));
        }
        return stages;
    }

    private static List<String> texts(JsonNode holder, String field) {
        List<String> texts = new ArrayList<>();
        holder.path(field).forEach(text -> texts.add(text.asText()));
        return List.copyOf(texts);
    }
}
