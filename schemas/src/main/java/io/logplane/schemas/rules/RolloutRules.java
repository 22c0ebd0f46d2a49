package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.LabelSelector;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// What Deployments, ReplicaSets and their like share, and the first two of them.
public final class RolloutRules {

    private RolloutRules() {
    }

    /// Not more than all: only a percentage can be too much.
    static void notMoreThanAll(String path, JsonNode value, Problems problems) {
        if (percent(value) > 100) {
            problems.invalid(path, value.asText(), "must not be greater than 100%");
        }
    }

    /// True for 0 and `0%`, and for a text that is no number at all.
    static boolean isZero(JsonNode value) {
        return percent(value) == 0 || percent(value) < 0 && value.asLong(0) == 0;
    }

    private static long percent(JsonNode value) {
        String text = value.asText();
        if (!value.isTextual() || !text.matches("[0-9]{1,9}%")) {
            return -1;
        }
        return Long.parseLong(text.substring(0, text.length() - 1));
    }

    /// Deployments.
    public record Deployments() implements TemplateRules {
        private static final int DEADLINE_SECONDS = 600;
        private static final int HISTORY = 10;

        @Override
        public void applyDefaults(ObjectNode object) {
            ObjectNode spec = Tree.object(object, "spec");
            Tree.setDefault(spec, "replicas", 1);
            ObjectNode strategy = Tree.object(spec, "strategy");
            Tree.setDefault(strategy, "type", "RollingUpdate");
            if (Tree.text(strategy, "type").equals("RollingUpdate")) {
                ObjectNode rolling = Tree.object(strategy, "rollingUpdate");
                Tree.setDefault(rolling, "maxUnavailable", "25%");
                Tree.setDefault(rolling, "maxSurge", "25%");
            }
            Tree.setDefault(spec, "revisionHistoryLimit", HISTORY);
            Tree.setDefault(spec, "progressDeadlineSeconds", DEADLINE_SECONDS);
            PodSpecDefaults.template(spec);
            Tree.object(object, "status");
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            JsonNode spec = object.path("spec");
            problems.notNegative(spec, "spec", "replicas");
            replicaTemplate(spec, problems);
            strategy(spec.path("strategy"), problems);
            problems.notNegative(spec, "spec", "minReadySeconds", "revisionHistoryLimit");
            if (Tree.has(spec, "progressDeadlineSeconds")) {
                problems.notNegative(spec, "spec", "progressDeadlineSeconds");
                if (Tree.number(spec, "progressDeadlineSeconds") <= Tree.number(spec, "minReadySeconds")) {
                    problems.invalid("spec.progressDeadlineSeconds", Tree.number(spec, "progressDeadlineSeconds"),
                            "must be greater than minReadySeconds");
                }
            }
            return problems.list();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            SelectorRules.unchanged(object, old, problems);
            return problems.list();
        }

        @Override
        public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            if (subresource.equals("status")) {
                WorkloadStatus.deployment(object.path("status"), old.path("status"), problems);
            }
            return problems.list();
        }

        @Override
        public List<String> keepsOfMetadata(String subresource) {
            return List.of("labels");
        }

        /// Annotations of a Deployment are copied to its ReplicaSets, so they count.
        @Override
        public boolean raisesGeneration(ObjectNode object, ObjectNode old) {
            return !Problems.same(object.path("spec"), old.path("spec"))
                    || !Problems.same(Tree.at(object, "metadata.annotations"), Tree.at(old, "metadata.annotations"));
        }

        private static void strategy(JsonNode strategy, Problems problems) {
            String path = "spec.strategy.rollingUpdate";
            JsonNode rolling = strategy.path("rollingUpdate");
            String type = Tree.text(strategy, "type");
            switch (type) {
                case "Recreate" -> {
                    if (rolling.isObject()) {
                        problems.forbidden(path, "may not be specified when strategy `type` is 'Recreate'");
                    }
                }
                case "RollingUpdate" -> {
                    JsonNode unavailable = rolling.path("maxUnavailable");
                    problems.countOrPercent(path + ".maxUnavailable", unavailable);
                    problems.countOrPercent(path + ".maxSurge", rolling.path("maxSurge"));
                    if (isZero(unavailable) && isZero(rolling.path("maxSurge"))) {
                        problems.invalid(path + ".maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0");
                    }
                    notMoreThanAll(path + ".maxUnavailable", unavailable, problems);
                }
                default -> problems.notSupported("spec.strategy", GoStruct.struct(strategy, "DeploymentStrategy"),
                        "Recreate", "RollingUpdate");
            }
        }
    }

    /// ReplicaSets.
    public record ReplicaSets() implements TemplateRules {

        @Override
        public String zeroStatus() {
            return "{\"replicas\":0}";
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            ObjectNode spec = Tree.object(object, "spec");
            Tree.setDefault(spec, "replicas", 1);
            PodSpecDefaults.template(spec);
            SpecRules.fillStatus(object, zeroStatus());
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            JsonNode spec = object.path("spec");
            problems.notNegative(spec, "spec", "replicas", "minReadySeconds");
            replicaTemplate(spec, problems);
            return problems.list();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            SelectorRules.unchanged(object, old, problems);
            return problems.list();
        }

        @Override
        public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            if (subresource.equals("status")) {
                WorkloadStatus.replicas(object.path("status"), problems);
            }
            return problems.list();
        }
    }

    /// Selector and template of whatever makes ReplicaSets or is one; upstream calls both a deployment.
    private static void replicaTemplate(JsonNode spec, Problems problems) {
        if (SelectorRules.ofWorkload(spec, "deployment", "invalid label selector", problems)) {
            PodSpecRules.lastingTemplate(spec.path("template"), "spec.template", "ReplicaSet", problems);
        }
    }

    /// ReplicationControllers: labels and selector come from the template where absent.
    public record ReplicationControllers() implements TemplateRules {

        @Override
        public String zeroStatus() {
            return "{\"replicas\":0}";
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            ObjectNode spec = Tree.object(object, "spec");
            Tree.setDefault(spec, "replicas", 1);
            if (spec.path("template").isObject()) {
                PodSpecDefaults.template(spec);
            }
            if (Tree.at(spec, "template.metadata.labels") instanceof ObjectNode labels && !labels.isEmpty()) {
                if (spec.path("selector").isEmpty()) {
                    spec.set("selector", labels.deepCopy());
                }
                ObjectNode metadata = Tree.object(object, "metadata");
                if (metadata.path("labels").isEmpty()) {
                    metadata.set("labels", labels.deepCopy());
                }
            }
            SpecRules.fillStatus(object, zeroStatus());
        }

        /// Counts come last: upstream declares what they may be, and looks at declarations last.
        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            JsonNode spec = object.path("spec");
            if (spec.path("selector").isEmpty()) {
                problems.required("spec.selector");
            }
            if (spec.path("template").isObject()) {
                template(spec, problems);
            } else {
                problems.required("spec.template");
            }
            problems.notNegative(spec, "spec", "replicas", "minReadySeconds");
            return problems.list();
        }

        private static void template(JsonNode spec, Problems problems) {
            JsonNode labels = Tree.at(spec, "template.metadata.labels");
            if (!LabelSelector.ofMap(spec.path("selector")).matches(labels)) {
                problems.invalid("spec.template.metadata.labels", GoStruct.map(labels),
                        "`selector` does not match template `labels`");
            }
            PodSpecRules.lastingTemplate(spec.path("template"), "spec.template", "ReplicationController", problems);
        }

        @Override
        public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            if (subresource.equals("status")) {
                WorkloadStatus.replicas(object.path("status"), problems);
            }
            return problems.list();
        }
    }
}
