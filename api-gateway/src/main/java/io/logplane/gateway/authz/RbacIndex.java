package io.logplane.gateway.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.read.StateFeed;
import io.logplane.gateway.request.RequestInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// Roles and bindings, indexed by subject, so that a decision looks only at the bindings of the user who asks.
///
/// Shape: fed object by object ([#put], [#remove]); a later put of the same object replaces the earlier.
/// Thread: one writer per resource, any number of readers without locks; a reader sees each object whole, old or new.
/// Source: kubernetes/plugin/pkg/auth/authorizer/rbac.
public final class RbacIndex implements StateFeed.Sink, Authorizer.Link {
    public static final List<String> RESOURCES = List.of("clusterroles", "roles", "clusterrolebindings",
            "rolebindings");
    public static final String GROUP = "rbac.authorization.k8s.io";

    /// `roleNamespace` "": a ClusterRole. `namespace` "": it holds everywhere.
    private record Binding(String id, String namespace, String roleNamespace, String roleName) {
    }

    private final Map<String, List<PolicyRule>> roles = new ConcurrentHashMap<>();
    private final Map<String, Set<Binding>> bySubject = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> subjectsOf = new ConcurrentHashMap<>();

    /// Shape: a Role, ClusterRole, RoleBinding or ClusterRoleBinding.
    @Override
    public void put(String resource, ObjectNode object) {
        String namespace = object.path("metadata").path("namespace").asText();
        String name = object.path("metadata").path("name").asText();
        if (resource.equals("roles") || resource.equals("clusterroles")) {
            roles.put(namespace + "/" + name, PolicyRule.listOf(object.path("rules")));
            return;
        }
        String id = resource + "/" + namespace + "/" + name;
        JsonNode ref = object.path("roleRef");
        String roleNamespace = ref.path("kind").asText().equals("Role") ? namespace : "";
        Binding binding = new Binding(id, namespace, roleNamespace, ref.path("name").asText());
        Set<String> subjects = new HashSet<>();
        object.path("subjects").forEach(s -> subjects.add(subject(s, namespace)));
        Set<String> before = subjectsOf.put(id, subjects);
        subjects.forEach(s -> bySubject.compute(s, (unused, old) -> with(old == null ? Set.of() : old, id, binding)));
        if (before != null) {
            before.stream().filter(s -> !subjects.contains(s)).forEach(s -> drop(s, id));
        }
    }

    @Override
    public void remove(String resource, String namespace, String name) {
        if (resource.equals("roles") || resource.equals("clusterroles")) {
            roles.remove(namespace + "/" + name);
            return;
        }
        String id = resource + "/" + namespace + "/" + name;
        Set<String> before = subjectsOf.remove(id);
        if (before != null) {
            before.forEach(s -> drop(s, id));
        }
    }

    @Override
    public Decision decide(Question question) {
        String why = allowedBy(question.user(), question.info());
        return why.isEmpty() ? missing(question) : new Decision(Decision.Verdict.ALLOW, "RBAC: allowed by " + why, "");
    }

    /// A binding to a role that is not there explains a no.
    private Decision missing(Question question) {
        Set<String> missing = new TreeSet<>();
        for (Binding binding : bindings(question.user(), question.info().namespace())) {
            if (!roles.containsKey(binding.roleNamespace() + "/" + binding.roleName())) {
                missing.add((binding.roleNamespace().isEmpty() ? "clusterrole" : "role") + "." + GROUP + " \"" + binding
                        .roleName() + "\" not found");
            }
        }
        if (missing.isEmpty()) {
            return Decision.NO_OPINION;
        }
        return Decision.noOpinion("RBAC: " + (missing.size() == 1
                ? missing.iterator().next()
                : "[" + String.join(", ", missing) + "]"));
    }

    public boolean allows(User user, RequestInfo info) {
        return !allowedBy(user, info).isEmpty();
    }

    /// "" when nothing allows it; otherwise the binding that does, its role, and whom of the user's names it is for.
    private String allowedBy(User user, RequestInfo info) {
        String why = allowedBy("User:" + user.name(), info);
        if (why.isEmpty() && user.name().startsWith("system:serviceaccount:")) {
            why = allowedBy("ServiceAccount:" + user.name(), info);
        }
        for (int i = 0; why.isEmpty() && i < user.groups().size(); i++) {
            why = allowedBy("Group:" + user.groups().get(i), info);
        }
        return why;
    }

    /// Every rule the user holds in a namespace ("" for what holds everywhere only).
    public List<PolicyRule> rulesOf(User user, String namespace) {
        List<PolicyRule> found = new ArrayList<>();
        bindings(user, namespace).forEach(binding -> found.addAll(rules(binding)));
        return found;
    }

    private List<Binding> bindings(User user, String namespace) {
        List<Binding> found = new ArrayList<>();
        List<String> subjects = new ArrayList<>(List.of("User:" + user.name(), "ServiceAccount:" + user.name()));
        user.groups().forEach(g -> subjects.add("Group:" + g));
        for (String subject : subjects) {
            for (Binding binding : bySubject.getOrDefault(subject, Set.of())) {
                if (binding.namespace().isEmpty() || binding.namespace().equals(namespace)) {
                    found.add(binding);
                }
            }
        }
        return found;
    }

    /// Rules of a role by reference. Shape: `namespace` "" for a ClusterRole.
    public java.util.Optional<List<PolicyRule>> role(String namespace, String name) {
        return java.util.Optional.ofNullable(roles.get(namespace + "/" + name));
    }

    private String allowedBy(String subject, RequestInfo info) {
        for (Binding binding : bySubject.getOrDefault(subject, Set.of())) {
            if (binding.namespace().isEmpty() || binding.namespace().equals(info.namespace())) {
                for (PolicyRule rule : rules(binding)) {
                    if (rule.allows(info)) {
                        return described(binding, subject);
                    }
                }
            }
        }
        return "";
    }

    private static String described(Binding binding, String subject) {
        String name = binding.id().substring(binding.id().lastIndexOf('/') + 1);
        String kind = subject.substring(0, subject.indexOf(':'));
        String who = subject.substring(kind.length() + 1);
        if (kind.equals("ServiceAccount")) {
            String[] parts = who.split(":", -1);
            who = parts[parts.length - 1] + "/" + parts[parts.length - 2];
        }
        return (binding.namespace().isEmpty()
                ? "ClusterRoleBinding \"" + name
                : "RoleBinding \"" + name + "/" + binding.namespace()) + "\" of "
                + (binding.roleNamespace().isEmpty() ? "ClusterRole" : "Role") + " \"" + binding.roleName()
                + "\" to " + kind + " \"" + who + "\"";
    }

    private List<PolicyRule> rules(Binding binding) {
        return roles.getOrDefault(binding.roleNamespace() + "/" + binding.roleName(), List.of());
    }

    private static String subject(JsonNode subject, String bindingNamespace) {
        String kind = subject.path("kind").asText();
        String name = subject.path("name").asText();
        if (kind.equals("ServiceAccount")) {
            String namespace = subject.path("namespace").asText(bindingNamespace);
            return "ServiceAccount:system:serviceaccount:" + namespace + ":" + name;
        }
        return kind + ":" + name;
    }

    private static Set<Binding> with(Set<Binding> old, String id, Binding binding) {
        Set<Binding> copy = new HashSet<>(old);
        copy.removeIf(b -> b.id().equals(id));
        copy.add(binding);
        return Set.copyOf(copy);
    }

    private void drop(String subject, String id) {
        bySubject.computeIfPresent(subject, (unused, old) -> {
            Set<Binding> copy = new HashSet<>(old);
            copy.removeIf(b -> b.id().equals(id));
            return copy.isEmpty() ? null : Set.copyOf(copy);
        });
    }
}
