package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Rules;
import java.util.List;

/// Small records of the system: events, leases, controller revisions, pod templates, webhooks.
public final class RecordRules {

    private RecordRules() {
    }

    /// Leases.
    public record Leases() implements Rules {

        @Override
        public boolean allowsCreateOnUpdate() {
            return true;
        }

        @Override
        public boolean allowsUnconditionalUpdate() {
            return false;
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            Tree.object(object, "spec");
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            JsonNode spec = object.path("spec");
            if (Tree.has(spec, "leaseDurationSeconds") && Tree.number(spec, "leaseDurationSeconds") <= 0) {
                problems.invalid("spec.leaseDurationSeconds", Tree.number(spec, "leaseDurationSeconds"),
                        "must be greater than 0");
            }
            if (Tree.number(spec, "leaseTransitions") < 0) {
                problems.invalid("spec.leaseTransitions", Tree.number(spec, "leaseTransitions"),
                        Problems.NOT_NEGATIVE);
            }
            if (Tree.has(spec, "preferredHolder") && !Tree.has(spec, "strategy")) {
                problems.forbidden("spec.preferredHolder", "may only be specified if `strategy` is defined");
            }
            return problems.list();
        }
    }

    /// ControllerRevisions: what they hold never changes.
    public record Revisions() implements Rules {

        @Override
        public void applyDefaults(ObjectNode object) {
            Tree.setDefault(object, "revision", 0);
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            if (!Tree.has(object, "data")) {
                problems.required("data", "data is mandatory");
            }
            if (Tree.number(object, "revision") < 0) {
                problems.invalid("revision", Tree.number(object, "revision"), Problems.NOT_NEGATIVE);
            }
            return problems.list();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            if (!Problems.same(object.path("data"), old.path("data"))) {
                problems.invalid("data", object.path("data"), Problems.IMMUTABLE);
            }
            return problems.list();
        }
    }

    /// PodTemplates.
    public record Templates() implements Rules {

        @Override
        public void applyDefaults(ObjectNode object) {
            PodSpecDefaults.template(object);
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            PodSpecRules.template(object.path("template"), "template", problems);
            return problems.list();
        }

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public boolean raisesGeneration(ObjectNode object, ObjectNode old) {
            return !Problems.same(object.path("template"), old.path("template"));
        }
    }

    /// Webhook configurations.
    public record Webhooks(boolean mutating) implements Rules {

        @Override
        public boolean allowsUnconditionalUpdate() {
            return false;
        }

        private static final int TIMEOUT_SECONDS = 10;
        private static final List<String> SIDE_EFFECTS = List.of("None", "NoneOnDryRun");
        private static final List<String> REVIEWS = List.of("v1", "v1beta1");

        @Override
        public void applyDefaults(ObjectNode object) {
            for (ObjectNode hook : Tree.objects(object, "webhooks")) {
                Tree.setDefault(hook, "failurePolicy", "Fail");
                Tree.setDefault(hook, "matchPolicy", "Equivalent");
                Tree.setDefault(hook, "timeoutSeconds", TIMEOUT_SECONDS);
                Tree.object(hook, "namespaceSelector");
                Tree.object(hook, "objectSelector");
                if (mutating) {
                    Tree.setDefault(hook, "reinvocationPolicy", "Never");
                }
                Tree.objects(hook, "rules").forEach(rule -> Tree.setDefault(rule, "scope", "*"));
                if (hook.path("clientConfig").path("service") instanceof ObjectNode service) {
                    Tree.setDefault(service, "port", 443);
                }
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            List<ObjectNode> hooks = Tree.objects(object, "webhooks");
            for (int i = 0; i < hooks.size(); i++) {
                String at = "webhooks[" + i + "]";
                problems.requireText(hooks.get(i), at, "name");
                problems.oneOf(hooks.get(i), at, "failurePolicy", "Fail", "Ignore");
                problems.between(at + ".timeoutSeconds", Tree.number(hooks.get(i), "timeoutSeconds"), 1, 30);
                problems.oneOf(hooks.get(i), at, "matchPolicy", "Exact", "Equivalent");
                if (!SIDE_EFFECTS.contains(Tree.text(hooks.get(i), "sideEffects"))) {
                    sideEffects(hooks.get(i), at + ".sideEffects", problems);
                }
                WebhookClients.check(hooks.get(i).path("clientConfig"), at + ".clientConfig", problems);
                reviewVersions(hooks.get(i), at + ".admissionReviewVersions", problems);
            }
            return problems.list();
        }

        private static void sideEffects(ObjectNode hook, String at, Problems problems) {
            if (Tree.has(hook, "sideEffects")) {
                problems.notSupported(at, Tree.text(hook, "sideEffects"), "None", "NoneOnDryRun");
            } else {
                problems.required(at, "must specify one of None, NoneOnDryRun");
            }
        }

        private static void reviewVersions(ObjectNode hook, String at, Problems problems) {
            List<String> versions = Tree.texts(hook, "admissionReviewVersions");
            if (versions.isEmpty()) {
                problems.required(at, "must specify one of v1, v1beta1");
            } else if (versions.stream().noneMatch(REVIEWS::contains)) {
                problems.invalid(at, hook.path("admissionReviewVersions"), "must include at least one of v1, v1beta1");
            }
        }

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public boolean raisesGeneration(ObjectNode object, ObjectNode old) {
            return !Problems.same(object.path("webhooks"), old.path("webhooks"));
        }
    }
}
