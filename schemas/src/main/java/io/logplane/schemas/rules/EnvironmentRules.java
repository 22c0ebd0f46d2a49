package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The environment of a container: each variable has a value or one source, and the source is complete.
///
/// Source: validation of core/v1 in kube-apiserver 1.36.
final class EnvironmentRules {
    private static final List<String> SOURCES = List.of("fieldRef", "resourceFieldRef", "configMapKeyRef",
            "secretKeyRef", "fileKeyRef");
    private static final String[] POD_FIELDS = {"metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName",
        "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"};
    /// What is a field of a pod, though not every one may be asked for here.
    private static final Set<String> KNOWN_FIELDS = Set.of("metadata.annotations", "metadata.labels",
            "spec.restartPolicy", "spec.schedulerName", "status.phase");
    private static final String[] RESOURCES = {"limits.cpu", "limits.ephemeral-storage", "limits.memory",
        "requests.cpu", "requests.ephemeral-storage", "requests.memory"};
    private static final List<String> BYTE_UNITS = List.of("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi",
            "1Ti", "1Pi", "1Ei");

    private EnvironmentRules() {
    }

    static void container(ObjectNode container, String path, Problems problems) {
        List<ObjectNode> variables = Tree.objects(container, "env");
        for (int i = 0; i < variables.size(); i++) {
            String at = path + ".env[" + i + "]";
            ObjectNode variable = variables.get(i);
            if (problems.requireText(variable, at, "name")) {
                problems.format(NameFormat.ENVIRONMENT, at + ".name", Tree.text(variable, "name"));
            }
            if (variable.path("valueFrom") instanceof ObjectNode from) {
                valueFrom(from, at + ".valueFrom", !Tree.text(variable, "value").isEmpty(), problems);
            }
        }
        List<ObjectNode> whole = Tree.objects(container, "envFrom");
        for (int i = 0; i < whole.size(); i++) {
            envFrom(whole.get(i), path + ".envFrom", i, problems);
        }
    }

    /// Variables come from files only that a container of the same pod has written.
    static void files(JsonNode spec, String path, Problems problems) {
        Containers.each(spec, path, (container, at) -> {
            List<ObjectNode> variables = Tree.objects(container, "env");
            for (int i = 0; i < variables.size(); i++) {
                if (Tree.has(variables.get(i), "valueFrom.fileKeyRef")) {
                    file(spec, Tree.text(variables.get(i), "valueFrom.fileKeyRef.volumeName"),
                            at + ".env[" + i + "].valueFrom.fileKeyRef.volumeName", problems);
                }
            }
        });
    }

    private static void file(JsonNode spec, String volume, String path, Problems problems) {
        Optional<ObjectNode> named = Tree.objects(spec, "volumes").stream()
                .filter(one -> Tree.text(one, "name").equals(volume)).reduce((first, last) -> last);
        if (named.isEmpty()) {
            problems.notFound(path, volume);
        } else if (!named.get().path("emptyDir").isObject()) {
            problems.invalid(path, volume, "referenced volume must be of type emptyDir");
        }
    }

    /// A field of the pod itself, one of `supported` or one label or annotation.
    static void podField(JsonNode ref, String path, Problems problems, String... supported) {
        if (!problems.requireText(ref, path, "apiVersion") || !problems.requireText(ref, path, "fieldPath")) {
            return;
        }
        String field = Tree.text(ref, "fieldPath");
        int bracket = field.indexOf("['");
        boolean one = bracket > 0 && field.endsWith("']") && field.length() >= bracket + "['']".length();
        String plain = one ? field.substring(0, bracket) : field.equals("spec.host") ? "spec.nodeName" : field;
        boolean map = plain.equals("metadata.annotations") || plain.equals("metadata.labels");
        Optional<String> wrong = Optional.empty();
        if (!Tree.text(ref, "apiVersion").equals("v1")) {
            wrong = Optional.of("unsupported pod version: " + Tree.text(ref, "apiVersion"));
        } else if (one && !map) {
            wrong = Optional.of("field label does not support subscript: " + field);
        } else if (!KNOWN_FIELDS.contains(plain) && !List.of(POD_FIELDS).contains(plain)) {
            wrong = Optional.of("field label not supported: " + field);
        }
        if (wrong.isPresent()) {
            problems.invalid(path + ".fieldPath", field, "error converting fieldPath: " + wrong.get());
        } else if (one) {
            String key = field.substring(bracket + 2, field.length() - 2);
            problems.format(NameFormat.QUALIFIED, path,
                    plain.equals("metadata.annotations") ? key.toLowerCase(Locale.ROOT) : key);
        } else if (!List.of(supported).contains(plain)) {
            problems.notSupported(path + ".fieldPath", plain, supported);
        }
    }

    /// An amount of a container, in units that fit it.
    static void resourceField(JsonNode ref, String path, Problems problems) {
        String resource = Tree.text(ref, "resource");
        boolean hugePages = resource.startsWith("limits.hugepages-") || resource.startsWith("requests.hugepages-");
        if (resource.isEmpty()) {
            problems.required(path + ".resource");
        } else if (!hugePages && !List.of(RESOURCES).contains(resource)) {
            problems.notSupported(path + ".resource", resource, RESOURCES);
        }
        String divisor = Quantity.tryParse(Tree.text(ref, "divisor")).orElse(Quantity.ZERO).toString();
        if (divisor.equals("0")) {
            return;
        }
        String what = resource.substring(resource.indexOf('.') + 1);
        if (what.equals("cpu") && !List.of("1", "1m").contains(divisor)) {
            problems.invalid(path + ".divisor", resource,
                    "only divisor's values 1m and 1 are supported with the cpu resource");
        } else if ((hugePages || List.of("memory", "ephemeral-storage").contains(what))
                && !BYTE_UNITS.contains(divisor)) {
            String kind = hugePages ? "hugepages" : what.equals("memory") ? what : "local ephemeral storage";
            problems.invalid(path + ".divisor", resource, "only divisor's values " + String.join(", ", BYTE_UNITS)
                    + " are supported with the " + kind + " resource");
        }
    }

    private static void envFrom(ObjectNode from, String list, int index, Problems problems) {
        String path = list + "[" + index + "]";
        problems.formatIfSet(NameFormat.ENVIRONMENT, from, path, "prefix");
        int sources = 0;
        for (String source : List.of("configMapRef", "secretRef")) {
            if (from.path(source) instanceof ObjectNode ref) {
                sources++;
                if (problems.requireText(ref, path + "." + source, "name")) {
                    for (String wrong : NameFormat.SUBDOMAIN.prefixErrors(Tree.text(ref, "name"))) {
                        problems.invalid(path + "." + source + ".name", Tree.text(ref, "name"), wrong);
                    }
                }
            }
        }
        if (sources == 0) {
            problems.invalid(list, "", "must specify one of: `configMapRef` or `secretRef`");
        } else if (sources > 1) {
            problems.invalid(list, "", "may not have more than one field specified at a time");
        }
    }

    private static void valueFrom(ObjectNode from, String path, boolean valueToo, Problems problems) {
        List<String> found = SOURCES.stream().filter(s -> Tree.has(from, s)).toList();
        for (String source : found) {
            JsonNode ref = from.path(source);
            String at = path + "." + source;
            switch (source) {
                case "fieldRef" -> podField(ref, at, problems, POD_FIELDS);
                case "resourceFieldRef" -> resourceField(ref, at, problems);
                case "fileKeyRef" -> fileKey(ref, at, problems);
                default -> {
                    problems.format(NameFormat.SUBDOMAIN, at + ".name", Tree.text(ref, "name"));
                    if (problems.requireText(ref, at, "key")) {
                        problems.format(NameFormat.CONFIG_KEY, at + ".key", Tree.text(ref, "key"));
                    }
                }
            }
        }
        if (found.isEmpty()) {
            problems.invalid(path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, "
                    + "`secretKeyRef` or `fileKeyRef`");
        } else if (valueToo) {
            problems.invalid(path, "", "may not be specified when `value` is not empty");
        } else if (found.size() > 1) {
            problems.invalid(path, "", "may not have more than one field specified at a time");
        }
    }

    private static void fileKey(JsonNode ref, String path, Problems problems) {
        if (problems.requireText(ref, path, "key")) {
            problems.format(NameFormat.ENVIRONMENT, path + ".key", Tree.text(ref, "key"));
        }
        if (problems.requireText(ref, path, "volumeName")) {
            problems.format(NameFormat.LABEL, path + ".volumeName", Tree.text(ref, "volumeName"));
        }
        if (problems.requireText(ref, path, "path")) {
            VolumeRules.relative(Tree.text(ref, "path"), path + ".path", problems);
        }
    }
}
