package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.definitions.DefinitionStatus;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.Base64;
import java.util.List;

/// What APIServices are filled with and must fulfil. One that leads to no service is available from the first moment.
///
/// Source: kube-aggregator/pkg/registry/apiservice, pkg/apis/apiregistration/validation.
public record ApiServiceRules() implements SpecRules {
    @Override
    public List<String> keepsOfMetadata(String subresource) {
        return METADATA;
    }

    private static final int HTTPS = 443;
    private static final int MAX_PORT = 65535;
    private static final int MAX_GROUP = 20_000;
    private static final int MAX_VERSION = 1_000;

    @Override
    public void applyDefaults(ObjectNode object) {
        if (Tree.at(object, "spec.service") instanceof ObjectNode service) {
            Tree.setDefault(service, "port", HTTPS);
        }
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        SpecRules.super.prepareForCreate(object);
        if (!Tree.at(object, "spec.service").isObject()) {
            boolean unused = DefinitionStatus.set(object, "Available", true, "Local",
                    "Local APIServices are always available", Tree.text(object, "metadata.creationTimestamp"));
        }
    }

    @Override
    public boolean hasGeneration() {
        return false;
    }

    @Override
    public boolean allowsUnconditionalUpdate() {
        return false;
    }

    /// `v1.` is the name of the core group's.
    @Override
    public NameFormat nameFormat() {
        return NameFormat.PATH_SEGMENT;
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Problems problems = new Problems();
        JsonNode spec = object.path("spec");
        String group = Tree.text(spec, "group");
        String version = Tree.text(spec, "version");
        String required = version + "." + group;
        if (!Tree.text(object, "metadata.name").equals(required)) {
            problems.invalid("metadata.name", Tree.text(object, "metadata.name"),
                    "must be `spec.version+\".\"+spec.group`: " + Problems.quoted(required));
        }
        if (!group.isEmpty()) {
            problems.format(NameFormat.SUBDOMAIN, "spec.group", group);
        } else if (!version.equals("v1")) {
            problems.required("spec.group", "only v1 may have an empty group and it better be legacy kube");
        }
        problems.format(NameFormat.LABEL_1035, "spec.version", version);
        priority(problems, spec, "groupPriorityMinimum", MAX_GROUP);
        priority(problems, spec, "versionPriority", MAX_VERSION);
        trust(problems, spec);
        return problems.list();
    }

    private static void priority(Problems problems, JsonNode spec, String field, int max) {
        long value = spec.path(field).asLong();
        if (value <= 0 || value > max) {
            problems.invalid("spec." + field, value, "must be positive and less than " + max);
        }
    }

    private static void trust(Problems problems, JsonNode spec) {
        JsonNode service = spec.path("service");
        String bundle = Tree.text(spec, "caBundle");
        boolean insecure = Tree.flag(spec, "insecureSkipTLSVerify");
        if (!service.isObject()) {
            if (!bundle.isEmpty()) {
                problems.invalid("spec.caBundle", bytes(bundle) + " bytes",
                        "local APIServices may not have a caBundle");
            }
            if (insecure) {
                problems.invalid("spec.insecureSkipTLSVerify", spec.path("insecureSkipTLSVerify"),
                        "local APIServices may not have insecureSkipTLSVerify");
            }
            return;
        }
        for (String field : List.of("namespace", "name")) {
            boolean unused = problems.requireText(service, "spec.service", field);
        }
        long port = Tree.number(service, "port");
        if (port < 1 || port > MAX_PORT) {
            problems.invalid("spec.service.port", port, "port is not valid: must be between 1 and " + MAX_PORT
                    + ", inclusive");
        }
        if (insecure && !bundle.isEmpty()) {
            problems.invalid("spec.insecureSkipTLSVerify", spec.path("insecureSkipTLSVerify"),
                    "may not be true if caBundle is present");
        }
    }

    private static int bytes(String base64) {
        return Base64.getMimeDecoder().decode(base64).length;
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        return List.of();
    }

    @Override
    public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        int index = 0;
        for (ObjectNode condition : Tree.objects(object, "status.conditions")) {
            String status = Tree.text(condition, "status");
            if (!List.of("True", "False", "Unknown").contains(status)) {
                problems.notSupported("status.conditions[" + index + "].status", status, "True", "False", "Unknown");
            }
            index++;
        }
        return problems.list();
    }
}
