package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Tree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Annotations that mean something on a pod or in a template: older forms of fields, mirrors of static pods.
///
/// Source: validation of core/v1 in kube-apiserver 1.36.
final class PodAnnotationRules {
    static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
    static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
    static final String SECCOMP = "container.seccomp.security.alpha.kubernetes.io/";
    static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
    static final String APP_ARMOR_FIELD = "securityContext.appArmorProfile";
    static final String USE_FIELD = "deprecated since v1.30; use the \"appArmorProfile\" field instead";

    private PodAnnotationRules() {
    }

    /// `owner` is a pod or a template.
    static void pod(JsonNode owner, String path, Problems problems) {
        JsonNode annotations = owner.path("metadata").path("annotations");
        if (annotations.has(MIRROR) && Tree.text(owner, "spec.nodeName").isEmpty()) {
            problems.invalid(path + "[" + MIRROR + "]", annotations.path(MIRROR),
                    "must set spec.nodeName if mirror pod annotation is set");
        }
        String cost = annotations.path(DELETION_COST).asText();
        if (annotations.has(DELETION_COST) && !is32Bit(cost)) {
            problems.invalid(path + "[" + DELETION_COST + "]", cost, "must be a 32bit integer");
        }
        for (Map.Entry<String, JsonNode> annotation : annotations.properties()) {
            String key = annotation.getKey();
            if (key.equals(SECCOMP_POD) || key.startsWith(SECCOMP)) {
                seccomp(annotation.getValue().asText(), path + "." + key, problems);
            } else if (key.startsWith(APP_ARMOR)) {
                appArmor(owner, key, annotation.getValue().asText(), path + "[" + key + "]", problems);
            }
        }
    }

    /// What the node that runs a pod has read from its annotations once does not change.
    static void update(ObjectNode object, ObjectNode old, Problems problems) {
        JsonNode now = object.path("metadata").path("annotations");
        JsonNode then = old.path("metadata").path("annotations");
        for (Map.Entry<String, JsonNode> annotation : then.properties()) {
            if (!annotation.getValue().equals(now.path(annotation.getKey()))) {
                fixed(annotation.getKey(), "remove or update", problems);
            }
        }
        for (Map.Entry<String, JsonNode> annotation : now.properties()) {
            if (!then.has(annotation.getKey())) {
                fixed(annotation.getKey(), "add", problems);
            }
        }
        pod(object, "metadata.annotations", problems);
    }

    /// A profile that is in an annotation and in a field is the same in both.
    static void profiles(JsonNode metadata, JsonNode spec, String path, Problems problems) {
        JsonNode annotations = metadata.path("annotations");
        JsonNode whole = spec.path("securityContext").path("seccompProfile");
        if (annotations.has(SECCOMP_POD) && whole.isObject()) {
            match(annotations.path(SECCOMP_POD).asText(), whole, "seccomp",
                    path + ".securityContext.seccompProfile", problems);
        }
        Containers.each(spec, path, (container, at) -> {
            JsonNode profile = container.path("securityContext").path("seccompProfile");
            String key = SECCOMP + Tree.text(container, "name");
            if (annotations.has(key) && profile.isObject()) {
                match(annotations.path(key).asText(), profile, "seccomp", at + ".securityContext.seccompProfile",
                        problems);
            }
        });
    }

    /// As [#profiles], for AppArmor, which only Linux has; only of pods.
    static void appArmorProfiles(JsonNode metadata, JsonNode spec, String path, Problems problems) {
        if (Tree.text(spec, "os.name").equals("windows")) {
            return;
        }
        JsonNode whole = spec.path("securityContext").path("appArmorProfile");
        Containers.each(spec, path, (container, at) -> {
            JsonNode own = container.path("securityContext").path("appArmorProfile");
            JsonNode annotation = metadata.path("annotations").path(APP_ARMOR + Tree.text(container, "name"));
            if (annotation.isTextual() && (own.isObject() || whole.isObject())) {
                match(annotation.asText(), own.isObject() ? own : whole, "apparmor",
                        at + ".securityContext.appArmorProfile", problems);
            }
        });
    }

    /// A new pod's annotations for AppArmor become the fields that nodes read today.
    static void toFields(ObjectNode pod) {
        if (!Tree.text(pod, "spec.os.name").equals("windows")) {
            JsonNode whole = Tree.at(pod, "spec.securityContext.appArmorProfile");
            Containers.each(pod.path("spec"), "spec", (container, at) -> {
                Optional<ObjectNode> profile = fieldless(pod, container).flatMap(PodAnnotationRules::profile);
                profile.filter(one -> !one.equals(whole)).ifPresent(
                        one -> Tree.object(container, "securityContext").set("appArmorProfile", one));
            });
        }
    }

    /// What is to be warned of before [#toFields]: annotations that say more than the fields.
    static List<String> warnings(ObjectNode pod) {
        List<String> warnings = new ArrayList<>();
        if (!Tree.text(pod, "spec.os.name").equals("windows")) {
            JsonNode whole = Tree.at(pod, "spec.securityContext.appArmorProfile");
            Containers.each(pod.path("spec"), "spec", (container, at) -> fieldless(pod, container)
                    .filter(annotation -> profile(annotation).filter(whole::equals).isEmpty())
                    .ifPresent(annotation -> warnings.add("metadata.annotations[" + APP_ARMOR
                            + Tree.text(container, "name") + "]: " + USE_FIELD)));
        }
        return warnings;
    }

    private static Optional<String> fieldless(ObjectNode pod, ObjectNode container) {
        JsonNode annotation = pod.path("metadata").path("annotations").path(APP_ARMOR + Tree.text(container, "name"));
        return annotation.isTextual() && !Tree.has(container, APP_ARMOR_FIELD)
                ? Optional.of(annotation.asText())
                : Optional.empty();
    }

    /// Empty: the annotation says nothing that a field could.
    private static Optional<ObjectNode> profile(String annotation) {
        ObjectNode profile = Json.newObject();
        String file = annotation.startsWith("localhost/") ? annotation.substring("localhost/".length()) : "";
        boolean good = file.equals(file.strip())
                && file.getBytes(StandardCharsets.UTF_8).length <= SecurityRules.MAX_PROFILE;
        return switch (annotation) {
            case "unconfined" -> Optional.of(profile.put("type", "Unconfined"));
            case "runtime/default" -> Optional.of(profile.put("type", "RuntimeDefault"));
            default -> file.isEmpty() || !good
                    ? Optional.empty()
                    : Optional.of(profile.put("type", "Localhost").put("localhostProfile", file));
        };
    }

    private static void match(String annotation, JsonNode profile, String what, String path, Problems problems) {
        String file = annotation.startsWith("localhost/") ? annotation.substring("localhost/".length()) : "";
        boolean same = switch (Tree.text(profile, "type")) {
            case "Unconfined" -> annotation.equals("unconfined");
            case "RuntimeDefault" -> annotation.equals("runtime/default")
                    || what.equals("seccomp") && annotation.equals("docker/default");
            case "Localhost" -> annotation.startsWith("localhost/");
            default -> true;
        };
        if (!same) {
            problems.forbidden(path + ".type", what + " type in annotation and field must match");
        } else if (Tree.text(profile, "type").equals("Localhost")
                && !file.equals(Tree.text(profile, "localhostProfile"))) {
            problems.forbidden(path + ".localhostProfile", what + " profile in annotation and field must match");
        }
    }

    private static void fixed(String key, String what, Problems problems) {
        if (key.startsWith(APP_ARMOR)) {
            problems.forbidden("metadata.annotations[" + key + "]", "may not " + what + " AppArmor annotations");
        } else if (key.equals(MIRROR)) {
            problems.forbidden("metadata.annotations[" + key + "]", "may not " + what + " mirror pod annotation");
        }
    }

    private static void seccomp(String profile, String path, Problems problems) {
        if (profile.startsWith("localhost/")) {
            VolumeRules.relative(profile.substring("localhost/".length()), path, problems);
        } else if (!List.of("runtime/default", "docker/default", "unconfined").contains(profile)) {
            problems.invalid(path, profile, "must be a valid seccomp profile");
        }
    }

    private static void appArmor(JsonNode owner, String key, String profile, String path, Problems problems) {
        String name = key.substring(APP_ARMOR.length());
        if (Containers.KINDS.stream().flatMap(kind -> Tree.objects(owner, "spec." + kind).stream())
                .noneMatch(container -> Tree.text(container, "name").equals(name))) {
            problems.invalid(path, name, "container not found");
        }
        if (!List.of("", "runtime/default", "unconfined").contains(profile) && !profile.startsWith("localhost/")) {
            problems.invalid(path, profile, "invalid AppArmor profile name: " + Problems.quoted(profile));
        }
    }

    /// As Go reads it: no sign in front, no zero in front of other digits.
    private static boolean is32Bit(String text) {
        if (!text.matches("0|-?[1-9][0-9]{0,9}")) {
            return false;
        }
        long value = Long.parseLong(text);
        return value == (int) value;
    }
}
