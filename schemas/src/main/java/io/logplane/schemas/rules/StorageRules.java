package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Rules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What storage drivers write: capacities, attachments and the attributes of volumes.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/
public final class StorageRules {
    /// Keys and values together.
    private static final int MAX_PARAMETER_BYTES = 256 * 1024;
    private static final int MAX_PARAMETERS = 512;
    private static final int MAX_ATTACHMENT_BYTES = 256 * 1024;
    private static final int MAX_MESSAGE_BYTES = 1024;

    private StorageRules() {
    }

    /// CSIStorageCapacities.
    public record Capacities() implements Rules {

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            SelectorRules.selector(object.path("nodeTopology"), "nodeTopology", problems);
            problems.format(NameFormat.SUBDOMAIN, "storageClassName", Tree.text(object, "storageClassName"));
            Quantity.tryParse(Tree.text(object, "capacity")).filter(q -> q.signum() < 0).ifPresent(
                    q -> problems.invalid("capacity", q.toString(), Problems.NOT_NEGATIVE));
            return problems.list();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            problems.unchangedStruct(object, old, "nodeTopology", "LabelSelector");
            if (!Problems.same(object.path("storageClassName"), old.path("storageClassName"))) {
                problems.invalid("storageClassName", object.path("storageClassName"), Problems.IMMUTABLE);
            }
            return problems.list();
        }

        @Override
        public List<String> warnings(ObjectNode object) {
            return NodeLabelWarnings.capacity(object);
        }

        @Override
        public boolean allowsUnconditionalUpdate() {
            return false;
        }
    }

    /// VolumeAttachments.
    public record Attachments() implements SpecRules {
        @Override
        public List<String> keepsOfMetadata(String subresource) {
            return METADATA;
        }

        @Override
        public String zeroStatus() {
            return "{\"attached\":false}";
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            JsonNode spec = object.path("spec");
            problems.requireText(spec, "spec", "attacher");
            source(spec.path("source"), problems);
            problems.format(NameFormat.SUBDOMAIN, "spec.nodeName", Tree.text(spec, "nodeName"));
            status(object.path("status"), problems);
            return problems.list();
        }

        /// Older objects may name attachers and volumes more freely than new ones.
        @Override
        public List<FieldError> validateCreate(ObjectNode object) {
            Problems problems = new Problems();
            VolumeSources.driver("spec.attacher", Tree.text(object, "spec.attacher"), problems);
            String volume = "spec.source.persistentVolumeName";
            if (Tree.at(object, volume).isTextual()) {
                problems.format(NameFormat.SUBDOMAIN, volume, Tree.text(object, volume));
            }
            return problems.list();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            problems.unchangedStruct(object, old, "spec", "VolumeAttachmentSpec");
            return problems.list();
        }

        @Override
        public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
            return validate(object);
        }

        @Override
        public boolean hasGeneration() {
            return false;
        }

        @Override
        public boolean allowsUnconditionalUpdate() {
            return false;
        }

        private static void source(JsonNode source, Problems problems) {
            String one = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
            boolean named = Tree.has(source, "persistentVolumeName");
            boolean inline = Tree.has(source, "inlineVolumeSpec");
            if (!named && !inline) {
                problems.required("spec.source", one);
            } else if (named && inline) {
                problems.forbidden("spec.source", one);
            } else if (named && Tree.text(source, "persistentVolumeName").isEmpty()) {
                problems.required("spec.source.persistentVolumeName", "must specify non empty persistentVolumeName");
            } else if (inline) {
                PersistentVolumeRules.inline(source.path("inlineVolumeSpec"), "spec.source.inlineVolumeSpec",
                        problems);
            }
        }

        private static void status(JsonNode status, Problems problems) {
            if (bytes(status.path("attachmentMetadata")) > MAX_ATTACHMENT_BYTES) {
                problems.tooLong("status.attachmentMetadata", MAX_ATTACHMENT_BYTES);
            }
            for (String error : List.of("attachError", "detachError")) {
                JsonNode said = status.path(error);
                if (NameFormat.bytes(Tree.text(said, "message")) > MAX_MESSAGE_BYTES) {
                    problems.tooLong("status." + error + ".message", MAX_ATTACHMENT_BYTES);
                }
                problems.between("status." + error + ".errorCode", Tree.number(said, "errorCode"), 0,
                        Integer.MAX_VALUE);
            }
        }
    }

    /// VolumeAttributesClasses.
    public record AttributesClasses() implements Rules {

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            provisioner(object, "driverName", problems);
            parameters(object, problems);
            if (object.path("parameters").isEmpty()) {
                problems.required("parameters", "must contain at least one key/value pair");
            }
            return problems.list();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            forbidden(List.of("driverName", "parameters"), object, old, problems);
            return problems.list();
        }
    }

    /// Who provisions: any qualified name, whatever its case.
    static void provisioner(ObjectNode object, String field, Problems problems) {
        String provisioner = Tree.text(object, field);
        if (provisioner.isEmpty()) {
            problems.required(field);
        } else {
            problems.format(NameFormat.QUALIFIED, field, provisioner.toLowerCase(Locale.ROOT));
        }
    }

    static void parameters(ObjectNode object, Problems problems) {
        JsonNode parameters = object.path("parameters");
        if (parameters.size() > MAX_PARAMETERS) {
            problems.tooLong("parameters", MAX_PARAMETERS);
            return;
        }
        if (parameters.has("")) {
            problems.invalid("parameters", "", "field can not be empty.");
        }
        if (bytes(parameters) > MAX_PARAMETER_BYTES) {
            problems.tooLong("parameters", MAX_PARAMETER_BYTES);
        }
    }

    static void forbidden(List<String> fields, ObjectNode object, ObjectNode old, Problems problems) {
        for (String field : fields) {
            if (!Problems.same(object.path(field), old.path(field))) {
                problems.forbidden(field, "updates to " + field + " are forbidden.");
            }
        }
    }

    /// Where volumes of a class may be: each term a set of labels with their values, no two the same. Upstream's list
    /// of those it has seen starts with an empty term for each, so that an empty one is always seen before.
    static void topologies(ObjectNode object, Problems problems) {
        List<ObjectNode> terms = Tree.objects(object, "allowedTopologies");
        List<Map<String, Set<String>>> seen = new ArrayList<>(Collections.nCopies(terms.size(), Map.of()));
        for (int i = 0; i < terms.size(); i++) {
            String path = "allowedTopologies[" + i + "].matchLabelExpressions";
            Map<String, Set<String>> term = topology(terms.get(i), path, problems);
            seen.stream().filter(term::equals).forEach(same -> problems.duplicate(path, ""));
            seen.add(term);
        }
    }

    private static Map<String, Set<String>> topology(ObjectNode term, String path, Problems problems) {
        Map<String, Set<String>> labels = new TreeMap<>();
        List<ObjectNode> expressions = Tree.objects(term, "matchLabelExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            String at = path + "[" + i + "]";
            String key = Tree.text(expressions.get(i), "key");
            List<String> values = Tree.texts(expressions.get(i), "values");
            Set<String> set = new TreeSet<>();
            if (values.isEmpty()) {
                problems.required(at + ".values");
            }
            for (int v = 0; v < values.size(); v++) {
                if (!set.add(values.get(v))) {
                    problems.duplicate(at + ".values[" + v + "]", values.get(v));
                }
            }
            problems.format(NameFormat.QUALIFIED, at + ".key", key);
            if (labels.put(key, set) != null) {
                problems.duplicate(at + ".key", key);
            }
        }
        return labels;
    }

    private static long bytes(JsonNode map) {
        return map.properties().stream().mapToLong(
                e -> NameFormat.bytes(e.getKey()) + (long) NameFormat.bytes(e.getValue().asText())).sum();
    }
}
