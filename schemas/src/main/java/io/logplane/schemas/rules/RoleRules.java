package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Rules;
import java.util.List;

/// Roles and bindings of RBAC, in a namespace or in the whole cluster.
public final class RoleRules {
    private static final String GROUP = "rbac.authorization.k8s.io";

    private RoleRules() {
    }

    /// Roles and ClusterRoles.
    public record Roles(boolean namespaced) implements Rules {

        @Override
        public boolean allowsCreateOnUpdate() {
            return true;
        }

        @Override
        public NameFormat nameFormat() {
            return NameFormat.PATH_SEGMENT;
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            if (!object.has("rules")) {
                object.putNull("rules");
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            List<ObjectNode> rules = Tree.objects(object, "rules");
            for (int i = 0; i < rules.size(); i++) {
                rule(rules.get(i), "rules[" + i + "]", namespaced, problems);
            }
            List<ObjectNode> selectors = Tree.objects(object, "aggregationRule.clusterRoleSelectors");
            if (Tree.has(object, "aggregationRule") && selectors.isEmpty()) {
                problems.required("aggregationRule.clusterRoleSelectors",
                        "at least one clusterRoleSelector required if aggregationRule is non-nil");
            }
            for (int i = 0; i < selectors.size(); i++) {
                aggregated(selectors.get(i), "aggregationRule.clusterRoleSelectors[" + i + "]", problems);
            }
            return problems.list();
        }

        private static void aggregated(ObjectNode selector, String path, Problems problems) {
            int before = problems.list().size();
            SelectorRules.selector(selector, path, problems);
            if (problems.list().size() > before) {
                problems.invalid(path, MissingNode.getInstance(), "invalid label selector.");
            }
        }

        private static void rule(ObjectNode rule, String path, boolean namespaced, Problems problems) {
            if (rule.path("verbs").isEmpty()) {
                problems.required(path + ".verbs", "verbs must contain at least one value");
            }
            JsonNode urls = rule.path("nonResourceURLs");
            if (!urls.isEmpty()) {
                if (namespaced) {
                    problems.invalid(path + ".nonResourceURLs", urls,
                            "namespaced rules cannot apply to non-resource URLs");
                }
                if (!rule.path("apiGroups").isEmpty() || !rule.path("resources").isEmpty()
                        || !rule.path("resourceNames").isEmpty()) {
                    problems.invalid(path + ".nonResourceURLs", urls,
                            "rules cannot apply to both regular resources and non-resource URLs");
                }
                return;
            }
            if (rule.path("apiGroups").isEmpty()) {
                problems.required(path + ".apiGroups", "resource rules must supply at least one api group");
            }
            if (rule.path("resources").isEmpty()) {
                problems.required(path + ".resources", "resource rules must supply at least one resource");
            }
        }
    }

    /// RoleBindings and ClusterRoleBindings.
    public record Bindings(boolean namespaced) implements Rules {

        @Override
        public boolean allowsCreateOnUpdate() {
            return true;
        }

        @Override
        public NameFormat nameFormat() {
            return NameFormat.PATH_SEGMENT;
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            Tree.setDefault(Tree.object(object, "roleRef"), "apiGroup", GROUP);
            for (ObjectNode subject : Tree.objects(object, "subjects")) {
                String kind = Tree.text(subject, "kind");
                if (kind.equals("User") || kind.equals("Group")) {
                    Tree.setDefault(subject, "apiGroup", GROUP);
                }
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            JsonNode ref = object.path("roleRef");
            if (!Tree.text(ref, "apiGroup").equals(GROUP)) {
                problems.notSupported("roleRef.apiGroup", Tree.text(ref, "apiGroup"), GROUP);
            }
            String kind = Tree.text(ref, "kind");
            if (namespaced && !kind.equals("Role") && !kind.equals("ClusterRole")) {
                problems.notSupported("roleRef.kind", kind, "Role", "ClusterRole");
            } else if (!namespaced && !kind.equals("ClusterRole")) {
                problems.notSupported("roleRef.kind", kind, "ClusterRole");
            }
            if (problems.requireText(ref, "roleRef", "name")) {
                problems.format(NameFormat.PATH_SEGMENT, "roleRef.name", Tree.text(ref, "name"));
            }
            List<ObjectNode> subjects = Tree.objects(object, "subjects");
            for (int i = 0; i < subjects.size(); i++) {
                subject(subjects.get(i), "subjects[" + i + "]", problems);
            }
            return problems.list();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            if (!Problems.same(object.path("roleRef"), old.path("roleRef"))) {
                problems.invalid("roleRef", GoStruct.struct(object.path("roleRef"), "RoleRef"),
                        "cannot change roleRef");
            }
            return problems.list();
        }

        private void subject(ObjectNode subject, String path, Problems problems) {
            problems.requireText(subject, path, "name");
            String group = Tree.text(subject, "apiGroup");
            switch (Tree.text(subject, "kind")) {
                case "ServiceAccount" -> {
                    problems.formatIfSet(NameFormat.SUBDOMAIN, subject, path, "name");
                    if (!group.isEmpty()) {
                        problems.notSupported(path + ".apiGroup", group, "");
                    }
                    if (Tree.text(subject, "namespace").isEmpty() && !namespaced) {
                        problems.required(path + ".namespace");
                    }
                }
                case "User", "Group" -> {
                    if (!group.equals(GROUP)) {
                        problems.notSupported(path + ".apiGroup", group, GROUP);
                    }
                }
                default -> problems.notSupported(path + ".kind", Tree.text(subject, "kind"), "ServiceAccount", "User",
                        "Group");
            }
        }
    }
}
