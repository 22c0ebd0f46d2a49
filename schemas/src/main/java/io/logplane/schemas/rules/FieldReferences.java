package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What a pod may be told of itself: its fields, and the resources of its containers.
///
/// Source: validation of core/v1 in kube-apiserver 1.36.
final class FieldReferences {
    private static final Set<String> CONVERTIBLE = Set.of("metadata.annotations", "metadata.labels", "metadata.name",
            "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.restartPolicy", "spec.serviceAccountName",
            "spec.schedulerName", "status.phase", "status.hostIP", "status.hostIPs", "status.podIP",
            "status.podIPs");
    private static final String[] RESOURCES = {"limits.cpu", "limits.ephemeral-storage", "limits.memory",
        "requests.cpu", "requests.ephemeral-storage", "requests.memory"};
    private static final List<String> BYTES = List.of("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi",
            "1Ti", "1Pi", "1Ei");

    private FieldReferences() {
    }

    /// `supported`: the fields that can be had here as a whole, in order.
    static void field(JsonNode reference, String path, Problems problems, String... supported) {
        String field = Tree.text(reference, "fieldPath");
        if (!problems.requireText(reference, path, "apiVersion") || !problems.requireText(reference, path,
                "fieldPath")) {
            return;
        }
        String version = Tree.text(reference, "apiVersion");
        Optional<String> subscript = subscript(field);
        String whole = subscript.isPresent() ? field.substring(0, field.indexOf("['")) : field;
        boolean map = whole.equals("metadata.annotations") || whole.equals("metadata.labels");
        String wrong = !version.equals("v1")
                ? "unsupported pod version: " + version
                : subscript.isPresent() && !map
                        ? "field label does not support subscript: " + field
                        : subscript.isEmpty() && !CONVERTIBLE.contains(field) && !field.equals("spec.host")
                                ? "field label not supported: " + field
                                : "";
        if (!wrong.isEmpty()) {
            problems.invalid(path + ".fieldPath", field, "error converting fieldPath: " + wrong);
        } else if (subscript.isPresent()) {
            problems.format(NameFormat.QUALIFIED, path, whole.equals("metadata.labels")
                    ? subscript.get()
                    : subscript.get().toLowerCase(Locale.ROOT));
        } else {
            String converted = field.equals("spec.host") ? "spec.nodeName" : field;
            if (!Arrays.asList(supported).contains(converted)) {
                problems.notSupported(path + ".fieldPath", converted, supported);
            }
        }
    }

    /// `volume`: outside of any container, so that the container must be named.
    static void resource(JsonNode reference, String path, boolean volume, Problems problems) {
        String resource = Tree.text(reference, "resource");
        if (volume && Tree.text(reference, "containerName").isEmpty()) {
            problems.required(path + ".containerName");
        } else if (resource.isEmpty()) {
            problems.required(path + ".resource");
        } else if (!Arrays.asList(RESOURCES).contains(resource) && !isHugePages(resource)) {
            problems.notSupported(path + ".resource", resource, RESOURCES);
        }
        Optional<Quantity> divisor = Quantity.tryParse(Tree.text(reference, "divisor"));
        if (divisor.isPresent() && !divisor.get().isZero()) {
            divisor(resource, divisor.get().toString(), path, problems);
        }
    }

    private static void divisor(String resource, String divisor, String path, Problems problems) {
        String kind = resource.substring(resource.indexOf('.') + 1);
        if (kind.equals("cpu")) {
            if (!divisor.equals("1m") && !divisor.equals("1")) {
                problems.invalid(path + ".divisor", resource,
                        "only divisor's values 1m and 1 are supported with the cpu resource");
            }
        } else if ((Arrays.asList(RESOURCES).contains(resource) || isHugePages(resource))
                && !BYTES.contains(divisor)) {
            String name = isHugePages(resource)
                    ? "hugepages"
                    : kind.equals("memory")
                            ? kind
                            : "local ephemeral storage";
            problems.invalid(path + ".divisor", resource, "only divisor's values " + String.join(", ", BYTES)
                    + " are supported with the " + name + " resource");
        }
    }

    private static boolean isHugePages(String resource) {
        return resource.startsWith("requests.hugepages-") || resource.startsWith("limits.hugepages-");
    }

    /// The key in `metadata.labels['key']`; empty when there is none.
    private static Optional<String> subscript(String field) {
        int open = field.indexOf("['");
        return open > 0 && field.endsWith("']") && field.length() >= open + 4
                ? Optional.of(field.substring(open + 2, field.length() - 2))
                : Optional.empty();
    }
}
