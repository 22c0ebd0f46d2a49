package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// What a pod may not ask for on the operating system it names.
///
/// Source: validation of core/v1 in kube-apiserver 1.36.
final class PlatformRules {
    private static final String NOT_WINDOWS = "cannot be set for a windows pod";
    private static final List<String> POD_FIELDS = List.of("securityContext.appArmorProfile",
            "securityContext.seLinuxOptions", "hostUsers", "hostPID", "hostIPC", "securityContext.seccompProfile",
            "securityContext.fsGroup", "securityContext.fsGroupChangePolicy", "securityContext.sysctls",
            "shareProcessNamespace", "securityContext.runAsUser", "securityContext.runAsGroup",
            "securityContext.supplementalGroups", "securityContext.supplementalGroupsPolicy",
            "securityContext.seLinuxChangePolicy");
    private static final List<String> CONTAINER_FIELDS = List.of("appArmorProfile", "seLinuxOptions", "seccompProfile",
            "capabilities", "readOnlyRootFilesystem", "privileged", "allowPrivilegeEscalation", "procMount",
            "runAsUser", "runAsGroup");

    private PlatformRules() {
    }

    static void all(JsonNode spec, String path, Problems problems) {
        if (!spec.path("os").isObject()) {
            return;
        }
        String name = Tree.text(spec, "os.name");
        switch (name) {
            case "linux" -> linux(spec, path, problems);
            case "windows" -> windows(spec, path, problems);
            case "" -> problems.required(path + ".os.name", "cannot be empty");
            default -> problems.notSupported(path + ".os", name, "linux", "windows");
        }
    }

    private static void linux(JsonNode spec, String path, Problems problems) {
        String why = "windows options cannot be set for a linux pod";
        if (Tree.has(spec, "securityContext.windowsOptions")) {
            problems.forbidden(path + ".securityContext.windowsOptions", why);
        }
        Containers.each(spec, path, (container, at) -> {
            if (Tree.has(container, "securityContext.windowsOptions")) {
                problems.forbidden(at + ".securityContext.windowsOptions", why);
            }
        });
    }

    private static void windows(JsonNode spec, String path, Problems problems) {
        for (String field : POD_FIELDS) {
            JsonNode value = Tree.at(spec, field);
            boolean off = List.of("hostPID", "hostIPC").contains(field) && !value.asBoolean();
            if (Tree.has(spec, field) && !off && !(value.isArray() && value.isEmpty())) {
                problems.forbidden(path + "." + field, NOT_WINDOWS);
            }
        }
        Containers.each(spec, path, (container, at) -> {
            for (String field : CONTAINER_FIELDS) {
                if (Tree.has(container, "securityContext." + field)) {
                    problems.forbidden(at + ".securityContext." + field, NOT_WINDOWS);
                }
            }
        });
    }
}
