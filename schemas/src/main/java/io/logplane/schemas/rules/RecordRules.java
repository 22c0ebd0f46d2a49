package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Rules;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

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
        public void prepareForCreate(ObjectNode object) {
            prepareForUpdate(object, Json.newObject());
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old) {
            DisabledFields.unlessInUse(object, old, "spec", "strategy", "preferredHolder");
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
            if (Tree.has(spec, "strategy")) {
                strategy(Tree.text(spec, "strategy"), problems);
            }
            if (!Tree.text(spec, "preferredHolder").isEmpty() && Tree.text(spec, "strategy").isEmpty()) {
                problems.forbidden("spec.preferredHolder", "may only be specified if `strategy` is defined");
            }
            return problems.list();
        }

        /// The path names the field twice, as upstream's.
        private static void strategy(String strategy, Problems problems) {
            if (strategy.contains("/")) {
                problems.format(NameFormat.QUALIFIED, "spec.strategy.strategy", strategy);
            } else if (!strategy.equals("OldestEmulationVersion")) {
                problems.notSupported("spec.strategy.strategy", strategy, "OldestEmulationVersion");
            }
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

    /// ComponentStatuses: nobody writes any.
    public record Components() implements Rules {

        @Override
        public Optional<String> deprecation() {
            return Optional.of("v1 ComponentStatus is deprecated in v1.19+");
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
        public List<String> warnings(ObjectNode object) {
            Warnings warnings = new Warnings();
            PodWarnings.template(object, "template", warnings);
            return warnings.list();
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
    public record Webhooks(boolean mutating) implements AdmissionRules {
        private static final int TIMEOUT_SECONDS = 10;
        private static final int MAX_SECONDS = 30;
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
        public List<FieldError> validateCreate(ObjectNode object) {
            return check(object, false);
        }

        /// Match conditions that all stand as they stood are not judged anew.
        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            List<ObjectNode> hooks = Tree.objects(object, "webhooks");
            List<ObjectNode> before = Tree.objects(old, "webhooks");
            return check(object, hooks.size() == before.size() && IntStream.range(0, hooks.size()).allMatch(
                    i -> HookRules.sameConditions(hooks.get(i), before.get(i))));
        }

        private List<FieldError> check(ObjectNode object, boolean conditionsKept) {
            Problems problems = new Problems();
            List<ObjectNode> hooks = Tree.objects(object, "webhooks");
            Set<String> names = new HashSet<>();
            for (int i = 0; i < hooks.size(); i++) {
                String at = "webhooks[" + i + "]";
                ObjectNode hook = hooks.get(i);
                name(hook, at + ".name", problems);
                List<ObjectNode> rules = Tree.objects(hook, "rules");
                for (int rule = 0; rule < rules.size(); rule++) {
                    HookRules.rule(rules.get(rule), at + ".rules[" + rule + "]", problems);
                }
                problems.oneOf(hook, at, "failurePolicy", "Fail", "Ignore");
                problems.oneOf(hook, at, "matchPolicy", "Equivalent", "Exact");
                if (!SIDE_EFFECTS.contains(Tree.text(hook, "sideEffects"))) {
                    sideEffects(hook, at + ".sideEffects", problems);
                }
                long seconds = Tree.number(hook, "timeoutSeconds");
                if (seconds < 1 || seconds > MAX_SECONDS) {
                    problems.invalid(at + ".timeoutSeconds", seconds,
                            "the timeout value must be between 1 and 30 seconds");
                }
                SelectorRules.selector(hook.path("namespaceSelector"), at + ".namespaceSelector", problems);
                SelectorRules.selector(hook.path("objectSelector"), at + ".objectSelector", problems);
                if (mutating) {
                    problems.oneOf(hook, at, "reinvocationPolicy", "IfNeeded", "Never");
                }
                WebhookClients.check(hook.path("clientConfig"), at + ".clientConfig", problems);
                if (!conditionsKept) {
                    HookRules.conditions(hook.path("matchConditions"), at + ".matchConditions", problems);
                }
                reviewVersions(hook, at + ".admissionReviewVersions", problems);
                if (!Tree.text(hook, "name").isEmpty() && !names.add(Tree.text(hook, "name"))) {
                    problems.duplicate(at + ".name", Tree.text(hook, "name"));
                }
            }
            return problems.list();
        }

        private static void name(ObjectNode hook, String at, Problems problems) {
            String name = Tree.text(hook, "name");
            List<String> wrong = NameFormat.SUBDOMAIN.errors(name);
            if (name.isEmpty()) {
                problems.required(at);
                return;
            }
            if (!wrong.isEmpty()) {
                problems.invalid(at, name, String.join(",", wrong));
            } else if (name.split("\\.", -1).length < 3) {
                problems.invalid(at, name, "should be a domain with at least three segments separated by dots");
            }
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
                return;
            }
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < versions.size(); i++) {
                if (!seen.add(versions.get(i))) {
                    problems.invalid(at + "[" + i + "]", versions.get(i), "duplicate version");
                } else {
                    problems.format(NameFormat.LABEL_1035, at + "[" + i + "]", versions.get(i));
                }
            }
            if (versions.stream().noneMatch(REVIEWS::contains)) {
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
