package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Rules;
import java.util.List;
import java.util.Optional;

/// Small records of the system: events, leases, controller revisions, pod templates.
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
}
