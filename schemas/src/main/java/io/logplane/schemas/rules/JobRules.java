package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Jobs. A Job without manual selector selects by its own uid, which must be set before [#prepareForCreate].
public final class JobRules implements TemplateRules {
    static final String UID_LABEL = "batch.kubernetes.io/controller-uid";
    static final String NAME_LABEL = "batch.kubernetes.io/job-name";
    private static final int BACKOFF = 6;

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
        TemplateRules.super.prepareForCreate(object);
        ObjectNode spec = Tree.object(object, "spec");
        if (!Tree.flag(spec, "manualSelector")) {
            String uid = Tree.text(object, "metadata.uid");
            String name = Tree.text(object, "metadata.name");
            ObjectNode labels = Tree.object(Tree.object(Tree.object(spec, "template"), "metadata"), "labels");
            for (String label : List.of("job-name", NAME_LABEL, "controller-uid", UID_LABEL)) {
                if (!labels.has(label)) {
                    labels.put(label, label.endsWith("uid") ? uid : name);
                }
            }
            ObjectNode matchLabels = Tree.object(Tree.object(spec, "selector"), "matchLabels");
            Tree.setDefault(matchLabels, UID_LABEL, uid);
        }
        copyLabels(object);
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Problems problems = new Problems();
        JsonNode spec = object.path("spec");
        generatedSelector(object, problems);
        whole(spec, problems);
        long completions = Tree.number(spec, "completions");
        if (isIndexed(spec) && completions > 0) {
            String name = Tree.text(object, "metadata.name");
            String lastHost = name + "-" + (completions - 1);
            if (!NameFormat.LABEL.accepts(lastHost)) {
                problems.invalid("metadata.name", name, "will not able to create pod with invalid DNS label: "
                        + lastHost);
            }
        }
        return problems.list();
    }

    /// Upstream checks the spec of an update twice.
    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        JsonNode spec = object.path("spec");
        whole(spec, problems);
        completions(spec, old.path("spec"), problems);
        SelectorRules.unchanged(object, old, problems);
        JsonNode template = spec.path("template");
        JsonNode before = Tree.at(old, "spec.template");
        if (!Problems.same(template, mayWait(old) ? JobTemplates.withMutableOf(before, template) : before)) {
            problems.invalid("spec.template", GoStruct.of(template, "PodTemplateSpec"), Problems.IMMUTABLE);
        }
        problems.unchanged(object, old, "spec", "completionMode");
        problems.unchangedStruct(object, old, "spec.podFailurePolicy", "PodFailurePolicy");
        problems.unchanged(object, old, "spec", "backoffLimitPerIndex");
        problems.unchanged(object, old, "spec", "managedBy");
        problems.unchangedStruct(object, old, "spec.successPolicy", "SuccessPolicy");
        return problems.list();
    }

    @Override
    public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        if (subresource.equals("status")) {
            JobStatusRules.check(object, old, problems);
        }
        return problems.list();
    }

    /// A suspended Job without pods, that never ran or says it is at rest, may still be told where to run and how.
    private static boolean mayWait(ObjectNode old) {
        return Tree.flag(old, "spec.suspend") && Tree.number(old, "status.active") == 0
                && (!Tree.has(old, "status.startTime") || JobStatusRules.is(old.path("status"), "Suspended"));
    }

    @Override
    public void warn(ObjectNode object, Warnings warnings) {
        JobSpecRules.warn(object.path("spec"), "spec", warnings);
    }

    /// Completions of a Job with indexes may change together with its parallelism.
    private static void completions(JsonNode spec, JsonNode old, Problems problems) {
        JsonNode now = spec.path("completions");
        if (Problems.same(now, old.path("completions"))) {
            return;
        }
        if (!isIndexed(spec)) {
            problems.invalid("spec.completions", now, Problems.IMMUTABLE);
        } else if (Tree.has(spec, "completions") && now.asLong() != Tree.number(spec, "parallelism")) {
            problems.invalid("spec.completions", now, "can only be modified in tandem with spec.parallelism");
        }
    }

    private static void whole(JsonNode spec, Problems problems) {
        JobSpecRules.check(spec, "spec", problems);
        JsonNode selector = spec.path("selector");
        int before = problems.list().size();
        if (!selector.isObject()) {
            problems.required("spec.selector");
        } else {
            SelectorRules.selector(selector, "spec.selector", problems);
        }
        if (!selector.isObject() || problems.list().size() == before) {
            SelectorRules.matches(selector, spec, "spec", problems);
        }
    }

    /// The labels that were made for the selector must be there, whatever the client wrote into the template.
    private static void generatedSelector(ObjectNode object, Problems problems) {
        JsonNode selector = Tree.at(object, "spec.selector");
        if (Tree.flag(object, "spec.manualSelector") || !selector.isObject()) {
            return;
        }
        String uid = Tree.text(object, "metadata.uid");
        String name = Tree.text(object, "metadata.name");
        JsonNode labels = Tree.at(object, "spec.template.metadata").path("labels");
        ObjectNode expected = Json.newObject();
        for (String label : List.of("controller-uid", "job-name", UID_LABEL, NAME_LABEL)) {
            String value = label.endsWith("uid") ? uid : name;
            expected.put(label, value);
            String at = "spec.template.metadata.labels[" + label + "]";
            if (!labels.has(label)) {
                problems.required(at, "must be '" + value + "'");
            } else if (!labels.path(label).asText().equals(value)) {
                problems.invalid(at, GoStruct.map(labels), "must be '" + value + "'");
            }
        }
        if (!SelectorRules.selects(selector, expected)) {
            problems.invalid("spec.selector", GoStruct.of(selector, "LabelSelector"), "`selector` not auto-generated");
        }
    }

    static boolean isIndexed(JsonNode spec) {
        return Tree.text(spec, "completionMode").equals("Indexed");
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
