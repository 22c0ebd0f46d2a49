package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
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
    /// Longest name of a field manager, in bytes.
    public static final int MAX_MANAGER = 128;
    private static final int MAX_SUBRESOURCE = 256;
    private static final Set<String> STANDARD_FINALIZERS = Set.of("kubernetes", "orphan", "foregroundDeletion");
    private static final Set<String> LIBRARY_GROUPS = Set.of("admissionregistration.k8s.io", "apiextensions.k8s.io",
            "apiregistration.k8s.io", "coordination.k8s.io", "node.k8s.io", "policy");
    private static final String META = "metadata";

    private ObjectMetaRules() {
    }

    public static List<FieldError> validateCreate(ResourceType type, ObjectNode object) {
        Problems problems = new Problems();
        JsonNode metadata = object.path(META);
        whole(type, type.rules().nameFormat(), metadata, problems);
        knownFinalizers(type, metadata, problems);
        return problems.list();
    }

    private static void whole(ResourceType type, NameFormat names, JsonNode metadata, Problems problems) {
        name(names, metadata, problems);
        namespace(type, metadata, problems);
        if (Tree.number(metadata, "generation") < 0) {
            problems.invalid("metadata.generation", Tree.number(metadata, "generation"), Problems.NOT_NEGATIVE);
        }
        labels(metadata.path("labels"), "metadata.labels", problems);
        annotations(metadata.path("annotations"), "metadata.annotations", problems);
        owners(metadata, problems);
        finalizers(metadata, problems);
        managedFields(metadata, problems);
    }

    /// True for most of kube-apiserver's own types. Those that are checked as its libraries do (definitions, API
    /// services, hooks, leases, classes of runtimes, disruption budgets, events of the core group) and whatever a
    /// definition defines take any qualified name without prefix.
    private static boolean knowsItsFinalizers(ResourceType type) {
        return !LIBRARY_GROUPS.contains(type.group()) && !type.qualifiedName().equals("events")
                && ResourceTypes.ofResource(type.group(), type.plural()).isPresent();
    }

    /// Upstream's registry checks all of it and what changed, and each type's own validation what changed again;
    /// clients see such causes more than once, and so they do here. A name may be what it was.
    public static List<FieldError> validateUpdate(ResourceType type, ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        JsonNode metadata = object.path(META);
        whole(type, NameFormat.PATH_SEGMENT, metadata, problems);
        Problems changed = new Problems();
        changed(object, old, changed);
        problems.addAll(changed);
        problems.addAll(changed);
        knownFinalizers(type, metadata, problems);
        return problems.list();
    }

    private static void changed(ObjectNode object, ObjectNode old, Problems problems) {
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
        labels(metadata.path("labels"), "metadata.labels", problems);
        annotations(metadata.path("annotations"), "metadata.annotations", problems);
        owners(metadata, problems);
        managedFields(metadata, problems);
    }

    /// What is wrong with labels alone.
    public static List<FieldError> labels(JsonNode labels) {
        Problems problems = new Problems();
        labels(labels, "metadata.labels", problems);
        return problems.list();
    }

    /// What is wrong with annotations alone. Shape: `path` is where they are told to be.
    public static List<FieldError> annotations(JsonNode annotations, String path) {
        Problems problems = new Problems();
        annotations(annotations, path, problems);
        return problems.list();
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
            bytes += NameFormat.bytes(annotation.getKey()) + (long) NameFormat.bytes(annotation.getValue().asText());
        }
        if (bytes > MAX_ANNOTATION_BYTES) {
            problems.tooLong(path, MAX_ANNOTATION_BYTES);
        }
    }

    private static void name(NameFormat format, JsonNode metadata, Problems problems) {
        String name = Tree.text(metadata, "name");
        String prefix = Tree.text(metadata, "generateName");
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
            if (List.of("v1", "/v1").contains(apiVersion) && Tree.text(owner, "kind").equals("Event")) {
                problems.invalid(path, GoStruct.of(owner, "OwnerReference"),
                        "/v1, Kind=Event is disallowed from being an owner");
            }
            if (Tree.flag(owner, "controller")) {
                String current = Tree.text(owner, "kind") + "/" + Tree.text(owner, "name");
                if (!controller.isEmpty()) {
                    problems.invalid(path, GoStruct.list(metadata.path("ownerReferences"), "OwnerReference"),
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

    private static void knownFinalizers(ResourceType type, JsonNode metadata, Problems problems) {
        List<String> all = knowsItsFinalizers(type) ? Tree.texts(metadata, "finalizers") : List.of();
        for (int i = 0; i < all.size(); i++) {
            knownFinalizer("metadata.finalizers[" + i + "]", all.get(i), problems);
        }
    }

    /// What custom objects are warned of: finalizers that `old` has not. Shape: whole texts, in order of the names.
    public static List<String> warningsOfFinalizers(ObjectNode object, ObjectNode old) {
        List<String> known = Tree.texts(old.path(META), "finalizers");
        List<String> warnings = new ArrayList<>();
        Tree.texts(object.path(META), "finalizers").stream().filter(name -> !known.contains(name)).distinct().sorted()
                .forEach(name -> {
                    String start = "metadata.finalizers: " + GoText.quote(name) + ": ";
                    NameFormat.QUALIFIED.errors(name).forEach(wrong -> warnings.add(start + wrong));
                    if (!name.contains("/") && !STANDARD_FINALIZERS.contains(name)) {
                        warnings.add(start + "prefer a domain-qualified finalizer name including a path (/) to avoid "
                                + "accidental conflicts with other finalizer writers");
                    }
                });
        return warnings;
    }

    static void knownFinalizer(String path, String finalizer, Problems problems) {
        if (!finalizer.contains("/") && !STANDARD_FINALIZERS.contains(finalizer)) {
            problems.invalid(path, finalizer, "name is neither a standard finalizer name nor is it fully qualified");
        }
    }

    private static void managedFields(JsonNode metadata, Problems problems) {
        List<ObjectNode> entries = Tree.objects(metadata, "managedFields");
        for (int i = 0; i < entries.size(); i++) {
            String at = "metadata.managedFields[" + i + "]";
            String operation = Tree.text(entries.get(i), "operation");
            String form = Tree.text(entries.get(i), "fieldsType");
            if (!operation.equals("Apply") && !operation.equals("Update")) {
                problems.invalid(at + ".operation", operation, "must be `Apply` or `Update`");
            }
            if (!form.isEmpty() && !form.equals("FieldsV1")) {
                problems.invalid(at + ".fieldsType", form, "must be `FieldsV1`");
            }
            problems.addAll(manager(Tree.text(entries.get(i), "manager"), at + ".manager"));
            if (NameFormat.bytes(Tree.text(entries.get(i), "subresource")) > MAX_SUBRESOURCE) {
                problems.tooLong(at + ".subresource", MAX_SUBRESOURCE);
            }
        }
    }

    /// What is wrong with the name of a field manager.
    public static List<FieldError> manager(String manager, String path) {
        Problems problems = new Problems();
        if (NameFormat.bytes(manager) > MAX_MANAGER) {
            problems.tooLong(path, MAX_MANAGER);
        }
        for (int i = 0; i < manager.length(); i = manager.offsetByCodePoints(i, 1)) {
            int c = manager.codePointAt(i);
            if (!GoText.prints(c)) {
                problems.invalid(path, manager,
                        String.format(Locale.ROOT, "invalid character U+%04X (at position %d)", c,
                                NameFormat.bytes(manager.substring(0, i))));
            }
        }
        return problems.list();
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
