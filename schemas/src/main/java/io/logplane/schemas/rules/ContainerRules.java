package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Containers of a pod: names, images, ports, environment, mounts.
final class ContainerRules {
    private static final List<String> VALUE_SOURCES = List.of("fieldRef", "resourceFieldRef", "configMapKeyRef",
            "secretKeyRef", "fileKeyRef");
    private static final Set<String> POD_FIELDS = Set.of("metadata.name", "metadata.namespace", "metadata.uid",
            "metadata.labels", "metadata.annotations", "spec.nodeName", "spec.serviceAccountName", "status.hostIP",
            "status.hostIPs", "status.podIP", "status.podIPs");
    private static final long MAX_ID = Integer.MAX_VALUE;

    private ContainerRules() {
    }

    /// All containers of a pod; `volumes` are the names its mounts may use.
    static void all(JsonNode spec, String path, Set<String> volumes, Problems problems) {
        if (spec.path("containers").isEmpty()) {
            problems.required(path + ".containers");
        }
        Set<String> names = new HashSet<>();
        Set<String> hostPorts = new HashSet<>();
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            List<ObjectNode> containers = Tree.objects(spec, list);
            for (int i = 0; i < containers.size(); i++) {
                String at = path + "." + list + "[" + i + "]";
                name(containers.get(i), at, names, problems);
                container(containers.get(i), at, volumes, problems);
                if (list.equals("containers")) {
                    hostPorts(containers.get(i), at, hostPorts, problems);
                }
            }
        }
    }

    private static void container(ObjectNode container, String path, Set<String> volumes, Problems problems) {
        String image = Tree.text(container, "image");
        if (image.isEmpty()) {
            problems.required(path + ".image");
        } else if (!image.equals(image.strip())) {
            problems.invalid(path + ".image", image, "must not have leading or trailing whitespace");
        }
        problems.oneOf(container, path, "terminationMessagePolicy", "File", "FallbackToLogsOnError");
        problems.oneOf(container, path, "imagePullPolicy", "Always", "IfNotPresent", "Never");
        ports(container, path, problems);
        environment(container, path, problems);
        mounts(container, path, volumes, problems);
        ResourceRules.container(container.path("resources"), path + ".resources", problems);
        ProbeRules.container(container, path, problems);
        security(container.path("securityContext"), path + ".securityContext", problems);
        if (Tree.has(container, "restartPolicy") && !path.contains(".initContainers[")
                && !Set.of("Always", "OnFailure", "Never").contains(Tree.text(container, "restartPolicy"))) {
            problems.notSupported(path + ".restartPolicy", Tree.text(container, "restartPolicy"), "Always", "Never",
                    "OnFailure");
        }
    }

    private static void name(ObjectNode container, String path, Set<String> names, Problems problems) {
        String name = Tree.text(container, "name");
        if (name.isEmpty()) {
            problems.required(path + ".name");
            return;
        }
        problems.format(NameFormat.LABEL, path + ".name", name);
        if (!names.add(name)) {
            problems.duplicate(path + ".name", name);
        }
    }

    private static void ports(ObjectNode container, String path, Problems problems) {
        Set<String> names = new HashSet<>();
        List<ObjectNode> ports = Tree.objects(container, "ports");
        for (int i = 0; i < ports.size(); i++) {
            ObjectNode port = ports.get(i);
            String at = path + ".ports[" + i + "]";
            String name = Tree.text(port, "name");
            if (!name.isEmpty()) {
                problems.format(NameFormat.PORT, at + ".name", name);
                if (!names.add(name)) {
                    problems.duplicate(at + ".name", name);
                }
            }
            if (Tree.number(port, "containerPort") == 0) {
                problems.required(at + ".containerPort");
            } else {
                problems.portNumber(at + ".containerPort", Tree.number(port, "containerPort"));
            }
            if (Tree.number(port, "hostPort") != 0) {
                problems.portNumber(at + ".hostPort", Tree.number(port, "hostPort"));
            }
            problems.oneOf(port, at, "protocol", "SCTP", "TCP", "UDP");
        }
    }

    private static void hostPorts(ObjectNode container, String path, Set<String> taken, Problems problems) {
        List<ObjectNode> ports = Tree.objects(container, "ports");
        for (int i = 0; i < ports.size(); i++) {
            long port = Tree.number(ports.get(i), "hostPort");
            String key = Tree.text(ports.get(i), "protocol") + "/" + Tree.text(ports.get(i), "hostIP") + "/" + port;
            if (port != 0 && !taken.add(key)) {
                problems.duplicate(path + ".ports[" + i + "].hostPort", key);
            }
        }
    }

    private static void environment(ObjectNode container, String path, Problems problems) {
        List<ObjectNode> all = Tree.objects(container, "env");
        for (int i = 0; i < all.size(); i++) {
            String at = path + ".env[" + i + "]";
            if (problems.requireText(all.get(i), at, "name")) {
                problems.format(NameFormat.ENVIRONMENT, at + ".name", Tree.text(all.get(i), "name"));
            }
            if (all.get(i).path("valueFrom") instanceof ObjectNode from) {
                valueFrom(from, at + ".valueFrom", !Tree.text(all.get(i), "value").isEmpty(), problems);
            }
        }
        List<ObjectNode> froms = Tree.objects(container, "envFrom");
        for (int i = 0; i < froms.size(); i++) {
            for (String source : List.of("configMapRef", "secretRef")) {
                if (froms.get(i).path(source) instanceof ObjectNode ref) {
                    problems.requireText(ref, path + ".envFrom[" + i + "]." + source, "name");
                }
            }
        }
    }

    private static void valueFrom(ObjectNode from, String path, boolean valueToo, Problems problems) {
        List<String> found = VALUE_SOURCES.stream().filter(s -> Tree.has(from, s)).toList();
        if (found.isEmpty()) {
            problems.invalid(path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, "
                    + "`secretKeyRef` or `fileKeyRef`");
        } else if (valueToo) {
            problems.invalid(path, "", "may not be specified when `value` is not empty");
        } else if (found.size() > 1) {
            problems.invalid(path, "", "may not have more than one field specified at a time");
        }
        for (String source : found) {
            JsonNode ref = from.path(source);
            String at = path + "." + source;
            if (source.endsWith("KeyRef") && !source.equals("fileKeyRef")) {
                problems.requireText(ref, at, "name");
                if (problems.requireText(ref, at, "key")) {
                    problems.format(NameFormat.CONFIG_KEY, at + ".key", Tree.text(ref, "key"));
                }
            } else if (source.equals("fieldRef") && problems.requireText(ref, at, "fieldPath")) {
                podField(Tree.text(ref, "fieldPath"), at + ".fieldPath", problems);
            } else if (source.equals("resourceFieldRef")) {
                problems.requireText(ref, at, "resource");
            }
        }
    }

    private static void podField(String field, String path, Problems problems) {
        String plain = field.endsWith("']") && field.contains("['") ? field.substring(0, field.indexOf("['")) : field;
        boolean map = plain.equals("metadata.labels") || plain.equals("metadata.annotations");
        if (map == plain.equals(field) || !POD_FIELDS.contains(plain)) {
            problems.notSupported(path, field, "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName",
                    "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs");
        }
    }

    private static void mounts(ObjectNode container, String path, Set<String> volumes, Problems problems) {
        Set<String> places = new HashSet<>();
        List<ObjectNode> mounts = Tree.objects(container, "volumeMounts");
        for (int i = 0; i < mounts.size(); i++) {
            String at = path + ".volumeMounts[" + i + "]";
            String name = Tree.text(mounts.get(i), "name");
            if (problems.requireText(mounts.get(i), at, "name") && !volumes.contains(name)) {
                problems.notFound(at + ".name", name);
            }
            String place = Tree.text(mounts.get(i), "mountPath");
            if (problems.requireText(mounts.get(i), at, "mountPath") && !places.add(place)) {
                problems.invalid(at + ".mountPath", place, "must be unique");
            }
            VolumeRules.relative(Tree.text(mounts.get(i), "subPath"), at + ".subPath", problems);
            problems.oneOfIfSet(mounts.get(i), at, "mountPropagation", "Bidirectional", "HostToContainer", "None");
        }
    }

    private static void security(JsonNode context, String path, Problems problems) {
        for (String id : List.of("runAsUser", "runAsGroup")) {
            if (Tree.has(context, id)) {
                problems.between(path + "." + id, Tree.number(context, id), 0, MAX_ID);
            }
        }
        if (Tree.flag(context, "privileged") && Tree.has(context, "allowPrivilegeEscalation")
                && !Tree.flag(context, "allowPrivilegeEscalation")) {
            problems.invalid(path, context,
                    "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        }
    }
}
