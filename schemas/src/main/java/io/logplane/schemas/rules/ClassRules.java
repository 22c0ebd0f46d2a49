package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Rules;
import java.util.List;
import java.util.Map;

/// Classes that other objects name: priority, storage, ingress, runtime.
public final class ClassRules {

    private ClassRules() {
    }

    /// PriorityClasses.
    public record Priorities() implements Rules {
        /// Above it only the two classes of the system.
        public static final long HIGHEST = 1_000_000_000L;
        private static final Map<String, Long> SYSTEM = Map.of("system-cluster-critical", 2_000_000_000L,
                "system-node-critical", 2_000_001_000L);

        @Override
        public void applyDefaults(ObjectNode object) {
            Tree.setDefault(object, "preemptionPolicy", "PreemptLowerPriority");
            Tree.setDefault(object, "value", 0);
        }

        @Override
        public List<FieldError> validateCreate(ObjectNode object) {
            Problems problems = new Problems();
            String name = Tree.text(object, "metadata.name");
            long value = Tree.number(object, "value");
            Long system = SYSTEM.get(name);
            if (name.startsWith("system-")) {
                boolean global = Tree.flag(object, "globalDefault");
                if (system == null || system != value || global) {
                    problems.forbidden("metadata.name", "priority class names with 'system-' prefix are reserved for "
                            + "system use only. error: " + (system == null
                                    ? name + " is not a known system priority class"
                                    : system != value
                                            ? "value of " + name + " PriorityClass must be " + system
                                            : "globalDefault of " + name + " PriorityClass must be false"));
                }
            } else if (value > HIGHEST) {
                problems.forbidden("value", "maximum allowed value of a user defined priority is " + HIGHEST);
            }
            String policy = Tree.text(object, "preemptionPolicy");
            if (!policy.equals("Never") && !policy.equals("PreemptLowerPriority")) {
                problems.notSupported("preemptionPolicy", policy, "PreemptLowerPriority", "Never");
            }
            return problems.list();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            if (Tree.number(object, "value") != Tree.number(old, "value")) {
                problems.forbidden("value", "may not be changed in an update.");
            }
            if (!Tree.text(object, "preemptionPolicy").equals(Tree.text(old, "preemptionPolicy"))) {
                problems.invalid("preemptionPolicy", Tree.text(object, "preemptionPolicy"), Problems.IMMUTABLE);
            }
            return problems.list();
        }

        /// The first version after creation is 1, as upstream's.
        @Override
        public boolean hasGeneration() {
            return true;
        }
    }

    /// StorageClasses.
    public record Storage() implements Rules {

        @Override
        public void applyDefaults(ObjectNode object) {
            Tree.setDefault(object, "reclaimPolicy", "Delete");
            Tree.setDefault(object, "volumeBindingMode", "Immediate");
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            StorageRules.provisioner(object, "provisioner", problems);
            StorageRules.parameters(object, problems);
            String reclaim = Tree.text(object, "reclaimPolicy");
            if (!reclaim.equals("Delete") && !reclaim.equals("Retain")) {
                problems.notSupported("reclaimPolicy", reclaim, "Delete", "Retain");
            }
            String binding = Tree.text(object, "volumeBindingMode");
            if (!binding.equals("Immediate") && !binding.equals("WaitForFirstConsumer")) {
                problems.notSupported("volumeBindingMode", binding, "Immediate", "WaitForFirstConsumer");
            }
            StorageRules.topologies(object, problems);
            return problems.list();
        }

        @Override
        public List<String> warnings(ObjectNode object) {
            return NodeLabelWarnings.topologies(object);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            StorageRules.forbidden(List.of("parameters", "provisioner", "reclaimPolicy"), object, old, problems);
            if (!Problems.same(object.path("volumeBindingMode"), old.path("volumeBindingMode"))) {
                problems.invalid("volumeBindingMode", object.path("volumeBindingMode"), Problems.IMMUTABLE);
            }
            return problems.list();
        }
    }

    /// IngressClasses.
    public record Ingress() implements Specified {
        private static final int MAX_CONTROLLER = 250;
        private static final String PATH_FORM = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

        @Override
        public void applyDefaults(ObjectNode object) {
            if (Tree.at(object, "spec.parameters") instanceof ObjectNode parameters) {
                Tree.setDefault(parameters, "scope", "Cluster");
            }
        }

        @Override
        public List<FieldError> validateCreate(ObjectNode object) {
            Problems problems = new Problems();
            all(object.path("spec"), problems);
            return problems.list();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            problems.unchanged(object, old, "spec", "controller");
            all(object.path("spec"), problems);
            return problems.list();
        }

        private static void all(JsonNode spec, Problems problems) {
            String controller = Tree.text(spec, "controller");
            if (controller.isEmpty()) {
                problems.required("spec.controller");
            } else {
                if (controller.length() > MAX_CONTROLLER) {
                    problems.tooLong("spec.controller", MAX_CONTROLLER);
                }
                domainPath(controller, problems);
            }
            if (spec.path("parameters").isObject()) {
                IngressRules.reference(spec.path("parameters"), "spec.parameters", problems);
                scope(spec.path("parameters"), problems);
            }
        }

        private static void domainPath(String controller, Problems problems) {
            int slash = controller.indexOf('/');
            if (slash <= 0 || slash == controller.length() - 1) {
                problems.invalid("spec.controller", controller,
                        "must be a domain-prefixed path (such as \"acme.io/foo\")");
                return;
            }
            problems.format(NameFormat.SUBDOMAIN, "spec.controller", controller.substring(0, slash));
            String path = controller.substring(slash + 1);
            if (!path.matches(PATH_FORM)) {
                problems.invalid("spec.controller", path,
                        "Invalid path (regex used for validation is '" + PATH_FORM + "')");
            }
        }

        private static void scope(JsonNode parameters, Problems problems) {
            String scope = Tree.text(parameters, "scope");
            boolean named = Tree.has(parameters, "namespace");
            if (!List.of("Cluster", "Namespace").contains(scope)) {
                problems.notSupported("spec.parameters.scope", scope, "Cluster", "Namespace");
            } else if (scope.equals("Cluster") && named) {
                problems.forbidden("spec.parameters.namespace", "`parameters.scope` is set to 'Cluster'");
            } else if (scope.equals("Namespace") && !named) {
                problems.required("spec.parameters.namespace", "`parameters.scope` is set to 'Namespace'");
            } else if (named) {
                problems.format(NameFormat.LABEL, "spec.parameters.namespace", Tree.text(parameters, "namespace"));
            }
        }
    }

    /// RuntimeClasses.
    public record Runtime() implements Rules {

        @Override
        public boolean allowsUnconditionalUpdate() {
            return false;
        }

        @Override
        public List<FieldError> validateCreate(ObjectNode object) {
            Problems problems = new Problems();
            String handler = Tree.text(object, "handler");
            if (handler.isEmpty()) {
                problems.required("handler");
            } else {
                problems.format(NameFormat.LABEL, "handler", handler);
            }
            ResourceRules.overhead(Tree.at(object, "overhead.podFixed"), "overhead", problems);
            JsonNode scheduling = object.path("scheduling");
            ObjectMetaRules.labels(scheduling.path("nodeSelector"), "scheduling.nodeSelector", problems);
            SchedulingRules.tolerations(scheduling, "scheduling", problems);
            return problems.list();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            if (!Problems.same(object.path("handler"), old.path("handler"))) {
                problems.invalid("handler", object.path("handler"), Problems.IMMUTABLE);
            }
            return problems.list();
        }

        @Override
        public List<String> warnings(ObjectNode object) {
            Warnings warnings = new Warnings();
            NodeLabelWarnings.labels(Tree.at(object, "scheduling.nodeSelector"), "scheduling.nodeSelector", warnings);
            return warnings.list();
        }
    }
}
