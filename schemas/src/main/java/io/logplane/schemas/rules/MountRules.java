package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Where a container sees the volumes of its pod: as folders, and as raw devices.
///
/// Some problems are reported at the list, not at its element, as upstream does.
/// Source: validation of core/v1 in kube-apiserver 1.36.
final class MountRules {

    private MountRules() {
    }

    /// `volumes` are the names of the pod's volumes that are named well.
    static void container(JsonNode spec, ObjectNode container, String path, Set<String> volumes, Problems problems) {
        mounts(spec, container, path + ".volumeMounts", volumes, problems);
        devices(spec, container, path + ".volumeDevices", volumes, problems);
    }

    private static void mounts(JsonNode spec, ObjectNode container, String path, Set<String> volumes,
            Problems problems) {
        Set<String> devices = texts(container, "volumeDevices", "name");
        Set<String> devicePaths = texts(container, "volumeDevices", "devicePath");
        Set<String> places = new HashSet<>();
        List<ObjectNode> mounts = Tree.objects(container, "volumeMounts");
        for (int i = 0; i < mounts.size(); i++) {
            ObjectNode mount = mounts.get(i);
            String at = path + "[" + i + "]";
            String name = Tree.text(mount, "name");
            problems.requireText(mount, at, "name");
            if (!volumes.contains(name)) {
                problems.notFound(at + ".name", name);
            }
            String place = Tree.text(mount, "mountPath");
            problems.requireText(mount, at, "mountPath");
            if (!places.add(place)) {
                problems.invalid(at + ".mountPath", place, "must be unique");
            }
            if (devices.contains(name)) {
                problems.invalid(at + ".name", name, "must not already exist in volumeDevices");
            }
            if (devicePaths.contains(place)) {
                problems.invalid(at + ".mountPath", place, "must not already exist as a path in volumeDevices");
            }
            subPath(mount, at, path, isKind(spec, name, "image"), problems);
            propagation(container, mount, path, problems);
        }
    }

    private static void subPath(ObjectNode mount, String path, String list, boolean image, Problems problems) {
        List<String> given = List.of("subPath", "subPathExpr").stream()
                .filter(field -> !Tree.text(mount, field).isEmpty()).toList();
        if (image) {
            given.forEach(field -> problems.invalid(path + "." + field, Tree.text(mount, field),
                    "not allowed in image volume sources"));
        }
        for (String field : given) {
            if (field.equals("subPathExpr") && given.size() > 1) {
                problems.invalid(path + "." + field, Tree.text(mount, field),
                        "subPathExpr and subPath are mutually exclusive");
            }
            VolumeRules.relative(Tree.text(mount, field), list + "." + field, problems);
        }
    }

    private static void propagation(ObjectNode container, ObjectNode mount, String list, Problems problems) {
        String propagation = Tree.text(mount, "mountPropagation");
        if (Tree.has(mount, "mountPropagation")) {
            String at = list + ".mountPropagation";
            if (!Set.of("Bidirectional", "HostToContainer", "None").contains(propagation)) {
                problems.notSupported(at, propagation, "Bidirectional", "HostToContainer", "None");
            }
            if (propagation.equals("Bidirectional") && !Tree.flag(container, "securityContext.privileged")) {
                problems.forbidden(at,
                        "Bidirectional mount propagation is available only to privileged containers");
            }
        }
        String at = list + ".recursiveReadOnly";
        switch (Tree.text(mount, "recursiveReadOnly")) {
            case "Enabled", "IfPossible" -> {
                if (!Tree.flag(mount, "readOnly")) {
                    problems.forbidden(at, "may only be specified when readOnly is true");
                }
                if (!Set.of("", "None").contains(propagation)) {
                    problems.forbidden(at, "may only be specified when mountPropagation is None or not specified");
                }
            }
            case "", "Disabled" -> {
                // Nothing to keep from being written.
            }
            default -> problems.notSupported(at, Tree.text(mount, "recursiveReadOnly"), "Disabled", "Enabled",
                    "IfPossible");
        }
    }

    private static void devices(JsonNode spec, ObjectNode container, String path, Set<String> volumes,
            Problems problems) {
        Set<String> mounts = texts(container, "volumeMounts", "name");
        Set<String> mountPaths = texts(container, "volumeMounts", "mountPath");
        Set<String> names = new HashSet<>();
        Set<String> places = new HashSet<>();
        List<ObjectNode> devices = Tree.objects(container, "volumeDevices");
        for (int i = 0; i < devices.size(); i++) {
            String at = path + "[" + i + "]";
            String name = Tree.text(devices.get(i), "name");
            if (problems.requireText(devices.get(i), at, "name") && !names.add(name)) {
                problems.invalid(at + ".name", name, "must be unique");
            }
            if (!volumes.contains(name)) {
                problems.notFound(at + ".name", name);
            } else if (!isKind(spec, name, "persistentVolumeClaim") && !isKind(spec, name, "ephemeral")) {
                problems.invalid(at + ".name", name, "can only use volume source type of PersistentVolumeClaim or "
                        + "Ephemeral for block mode");
            }
            String place = Tree.text(devices.get(i), "devicePath");
            problems.requireText(devices.get(i), at, "devicePath");
            if (places.contains(place)) {
                problems.invalid(at + ".devicePath", place, "must be unique");
            }
            if (Arrays.asList(place.split("/", -1)).contains("..")) {
                problems.invalid(at + ".devicePath", place, "can not contain backsteps ('..')");
            } else {
                places.add(place);
            }
            if (mounts.contains(name)) {
                problems.invalid(at + ".name", name, "must not already exist in volumeMounts");
            }
            if (mountPaths.contains(place)) {
                problems.invalid(at + ".devicePath", place, "must not already exist as a path in volumeMounts");
            }
        }
    }

    private static boolean isKind(JsonNode spec, String volume, String kind) {
        return Tree.objects(spec, "volumes").stream()
                .anyMatch(v -> Tree.text(v, "name").equals(volume) && Tree.has(v, kind));
    }

    private static Set<String> texts(ObjectNode container, String list, String field) {
        return Tree.objects(container, list).stream().map(o -> Tree.text(o, field)).collect(Collectors.toSet());
    }
}
