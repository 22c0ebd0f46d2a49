package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Jobs. A Job without manual selector selects by its own uid, which must be set before [#prepareForCreate].
public final class JobRules implements SpecRules {
    static final String UID_LABEL = "batch.kubernetes.io/controller-uid";
    static final String NAME_LABEL = "batch.kubernetes.io/job-name";
    private static final int BACKOFF = 6;
    private static final List<String> IMMUTABLE = List.of("selector", "completionMode", "podFailurePolicy",
            "backoffLimitPerIndex", "managedBy", "successPolicy");

    @Override
    public void applyDefaults(ObjectNode object) {
        ObjectNode spec = Tree.object(object, "spec");
        if (!Tree.has(spec, "completions") && !Tree.has(spec, "parallelism")) {
            spec.put("completions", 1);
        }
        Tree.setDefault(spec, "parallelism", 1);
        Tree.setDefault(spec, "backoffLimit", Tree.has(spec, "backoffLimitPerIndex") ? Integer.MAX_VALUE : BACKOFF);
        Tree.setDefault(spec, "completionMode", "NonIndexed");
        Tree.setDefault(spec, "suspend", false);
        Tree.setDefault(spec, "manualSelector", false);
        Tree.setDefault(spec, "podReplacementPolicy",
                Tree.has(spec, "podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        PodSpecDefaults.template(spec);
        Tree.object(object, "status");
        copyLabels(object);
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        SpecRules.super.prepareForCreate(object);
        ObjectNode spec = Tree.object(object, "spec");
        if (!Tree.flag(spec, "manualSelector")) {
            String uid = Tree.text(object, "metadata.uid");
            String name = Tree.text(object, "metadata.name");
            ObjectNode labels = Tree.object(Tree.object(Tree.object(spec, "template"), "metadata"), "labels");
            labels.put("job-name", name);
            labels.put(NAME_LABEL, name);
            labels.put("controller-uid", uid);
            labels.put(UID_LABEL, uid);
            ObjectNode matchLabels = Tree.object(Tree.object(spec, "selector"), "matchLabels");
            Tree.setDefault(matchLabels, UID_LABEL, uid);
        }
        copyLabels(object);
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Problems problems = new Problems();
        JsonNode spec = object.path("spec");
        specWithoutSelector(spec, "spec", problems);
        if (!spec.path("selector").isObject()) {
            problems.required("spec.selector");
        } else {
            SelectorRules.selector(spec.path("selector"), "spec.selector", problems);
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        JsonNode spec = object.path("spec");
        boolean elastic = Tree.text(spec, "completionMode").equals("Indexed")
                && Problems.same(spec.path("completions"), spec.path("parallelism"));
        if (!elastic) {
            problems.unchanged(object, old, "spec", "completions");
        }
        IMMUTABLE.forEach(field -> problems.unchanged(object, old, "spec", field));
        boolean notStarted = Tree.flag(old, "spec.suspend") && !Tree.has(old, "status.startTime");
        if (!notStarted) {
            problems.unchanged(object, old, "spec", "template");
        }
        return problems.list();
    }

    /// What Jobs and the templates of CronJobs have in common.
    static void specWithoutSelector(JsonNode spec, String path, Problems problems) {
        problems.notNegative(spec, path, "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit",
                "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes");
        problems.oneOfIfSet(spec, path, "completionMode", "NonIndexed", "Indexed");
        if (Tree.text(spec, "completionMode").equals("Indexed") && !Tree.has(spec, "completions")) {
            problems.required(path + ".completions", "when completion mode is Indexed");
        }
        PodSpecRules.template(spec.path("template"), path + ".template", problems);
        String policy = Tree.text(spec, "template.spec.restartPolicy");
        if (policy.equals("Always") || policy.isEmpty()) {
            problems.required(path + ".template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"");
        } else if (!policy.equals("OnFailure") && !policy.equals("Never")) {
            problems.notSupported(path + ".template.spec.restartPolicy", policy, "OnFailure", "Never");
        }
    }

    /// A Job without labels shows those of its pods.
    private static void copyLabels(ObjectNode object) {
        ObjectNode metadata = Tree.object(object, "metadata");
        if (metadata.path("labels").isEmpty()
                && Tree.at(object, "spec.template.metadata.labels") instanceof ObjectNode labels && !labels.isEmpty()) {
            metadata.set("labels", labels.deepCopy());
        }
    }
}
