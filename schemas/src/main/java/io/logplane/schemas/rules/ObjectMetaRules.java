package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Metadata of every type: names, labels, annotations, finalizers, owners, and what may never change.
///
/// Source: k8s.io/apimachinery/pkg/api/validation, k8s.io/apiserver/pkg/registry/rest.
public final class ObjectMetaRules {
    /// All annotations of one object together, keys and values.
    public static final int MAX_ANNOTATION_BYTES = 256 * 1024;
    private static final Set<String> STANDARD_FINALIZERS = Set.of("kubernetes", "orphan", "foregroundDeletion");
    private static final Set<String> LIBRARY_GROUPS = Set.of("admissionregistration.k8s.io", "apiextensions.k8s.io",
            "apiregistration.k8s.io", "policy");
    private static final String META = "metadata";

    private ObjectMetaRules() {
    }

    /// Create: drops what only the system says about an object.
    public static void prepareForCreate(ObjectNode object) {
        ObjectNode metadata = Tree.object(object, META);
        metadata.remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"));
    }

    /// Update: what a client left out or may not set comes from the old object.
    public static void prepareForUpdate(ObjectNode object, ObjectNode old) {
        ObjectNode metadata = Tree.object(object, META);
        ObjectNode before = Tree.object(old, META);
        if (Tree.text(metadata, "uid").isEmpty()) {
            Tree.copy("uid", before, metadata);
        }
        for (String field : List.of("creationTimestamp", "deletionTimestamp", "generation")) {
            Tree.copy(field, before, metadata);
        }
        if (!Tree.has(metadata, "deletionGracePeriodSeconds")) {
            Tree.copy("deletionGracePeriodSeconds", before, metadata);
        }
        metadata.remove("selfLink");
    }

    /// What metadata of any object must fulfil, new or not.
    public static List<FieldError> validate(ResourceType type, ObjectNode object) {
        Problems problems = new Problems();
        whole(type, object.path(META), problems);
        return problems.list();
    }

    /// Upstream looks at finalizers only when an object is made.
    public static List<FieldError> validateCreate(ResourceType type, ObjectNode object) {
        Problems problems = new Problems();
        JsonNode metadata = object.path(META);
        whole(type, metadata, problems);
        finalizers(metadata, problems);
        if (knowsItsFinalizers(type)) {
            unknownFinalizers(metadata, problems);
        }
        return problems.list();
    }

    private static void whole(ResourceType type, JsonNode metadata, Problems problems) {
        name(type, metadata, problems);
        namespace(type, metadata, problems);
        if (Tree.number(metadata, "generation") < 0) {
            problems.invalid("metadata.generation", Tree.number(metadata, "generation"), Problems.NOT_NEGATIVE);
        }
        common(metadata, problems);
    }

    /// True for kube-apiserver's own types. Those of its libraries (definitions, API services, hooks), disruption
    /// budgets and whatever a definition defines take any qualified name without prefix.
    private static boolean knowsItsFinalizers(ResourceType type) {
        return !LIBRARY_GROUPS.contains(type.group())
                && ResourceTypes.ofResource(type.group(), type.plural()).isPresent();
    }

    /// Upstream's registry checks this once for all types and each type's own validation checks it again; clients see
    /// every cause twice, and so they do here.
    public static List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        JsonNode metadata = object.path(META);
        JsonNode before = old.path(META);
        if (Tree.has(before, "deletionTimestamp")) {
            noNewFinalizers(metadata, before, problems);
        }
        if (Tree.number(metadata, "generation") < Tree.number(before, "generation")) {
            problems.invalid("metadata.generation", Tree.number(metadata, "generation"), "must not be decremented");
        }
        for (String field : List.of("name", "namespace", "uid", "creationTimestamp", "deletionTimestamp",
                "deletionGracePeriodSeconds")) {
            problems.unchanged(object, old, META, field);
        }
        common(metadata, problems);
        List<FieldError> twice = new ArrayList<>(problems.list());
        twice.addAll(problems.list());
        return twice;
    }

    /// Labels at any path, such as a pod template's.
    static void labels(JsonNode labels, String path, Problems problems) {
        for (Map.Entry<String, JsonNode> label : labels.properties()) {
            problems.format(NameFormat.QUALIFIED, path, label.getKey());
            problems.format(NameFormat.LABEL_VALUE, path, label.getValue().asText());
        }
    }

    static void annotations(JsonNode annotations, String path, Problems problems) {
        long bytes = 0;
        for (Map.Entry<String, JsonNode> annotation : annotations.properties()) {
            for (String wrong : NameFormat.QUALIFIED.errors(annotation.getKey().toLowerCase(Locale.ROOT))) {
                problems.invalid(path, annotation.getKey(), wrong);
            }
            bytes += annotation.getKey().getBytes(StandardCharsets.UTF_8).length
                    + (long) annotation.getValue().asText().getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > MAX_ANNOTATION_BYTES) {
            problems.tooLong(path, MAX_ANNOTATION_BYTES);
        }
    }

    private static void name(ResourceType type, JsonNode metadata, Problems problems) {
        String name = Tree.text(metadata, "name");
        String prefix = Tree.text(metadata, "generateName");
        NameFormat format = type.rules().nameFormat();
        if (!prefix.isEmpty()) {
            format.prefixErrors(prefix).forEach(wrong -> problems.invalid("metadata.generateName", prefix, wrong));
        }
        if (name.isEmpty()) {
            problems.required("metadata.name", "name or generateName is required");
        } else {
            problems.format(format, "metadata.name", name);
        }
    }

    private static void namespace(ResourceType type, JsonNode metadata, Problems problems) {
        String namespace = Tree.text(metadata, "namespace");
        if (!type.namespaced()) {
            if (!namespace.isEmpty()) {
                problems.forbidden("metadata.namespace", "not allowed on this type");
            }
        } else if (namespace.isEmpty()) {
            problems.required("metadata.namespace");
        } else {
            problems.format(NameFormat.LABEL, "metadata.namespace", namespace);
        }
    }

    private static void common(JsonNode metadata, Problems problems) {
        labels(metadata.path("labels"), "metadata.labels", problems);
        annotations(metadata.path("annotations"), "metadata.annotations", problems);
        owners(metadata, problems);
    }

    private static void owners(JsonNode metadata, Problems problems) {
        String path = "metadata.ownerReferences";
        String controller = "";
        for (ObjectNode owner : Tree.objects(metadata, "ownerReferences")) {
            String apiVersion = Tree.text(owner, "apiVersion");
            if (apiVersion.isEmpty() || apiVersion.endsWith("/") || apiVersion.indexOf('/') != apiVersion.lastIndexOf(
                    '/')) {
                problems.invalid(path + ".apiVersion", apiVersion, "version must not be empty");
            }
            for (String field : List.of("kind", "name", "uid")) {
                if (Tree.text(owner, field).isEmpty()) {
                    problems.invalid(path + "." + field, "", "must not be empty");
                }
            }
            if (apiVersion.equals("v1") && Tree.text(owner, "kind").equals("Event")) {
                problems.invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner");
            }
            if (Tree.flag(owner, "controller")) {
                String current = Tree.text(owner, "kind") + "/" + Tree.text(owner, "name");
                if (!controller.isEmpty()) {
                    problems.invalid(path, metadata.path("ownerReferences"),
                            "Only one reference can have Controller set to true. Found \"true\" in references for "
                                    + controller + " and " + current);
                } else {
                    controller = current;
                }
            }
        }
    }

    private static void finalizers(JsonNode metadata, Problems problems) {
        List<String> all = Tree.texts(metadata, "finalizers");
        for (String finalizer : all) {
            problems.format(NameFormat.QUALIFIED, "metadata.finalizers", finalizer);
        }
        if (all.contains("orphan") && all.contains("foregroundDeletion")) {
            problems.invalid("metadata.finalizers", metadata.path("finalizers"),
                    "finalizer orphan and foregroundDeletion cannot be both set");
        }
    }

    private static void unknownFinalizers(JsonNode metadata, Problems problems) {
        List<String> all = Tree.texts(metadata, "finalizers");
        for (int i = 0; i < all.size(); i++) {
            if (!all.get(i).contains("/") && !STANDARD_FINALIZERS.contains(all.get(i))) {
                problems.invalid("metadata.finalizers[" + i + "]", all.get(i),
                        "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }

    private static void noNewFinalizers(JsonNode metadata, JsonNode before, Problems problems) {
        List<String> fresh = new ArrayList<>(Tree.texts(metadata, "finalizers"));
        if (metadata.path("finalizers") instanceof ArrayNode) {
            fresh.removeAll(Tree.texts(before, "finalizers"));
        }
        if (!fresh.isEmpty()) {
            problems.forbidden("metadata.finalizers",
                    "no new finalizers can be added if the object is being deleted, found new finalizers []string{"
                            + fresh.stream().sorted().map(Problems::quoted).collect(Collectors.joining(", ")) + "}");
        }
    }
}
