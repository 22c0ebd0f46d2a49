package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Security contexts of containers and of pods.
///
/// Source: validation of core/v1 in kube-apiserver 1.36.
final class SecurityRules {
    private static final long MAX_ID = Integer.MAX_VALUE;
    /// One less than Linux' longest path.
    static final int MAX_PROFILE = 4095;
    private static final int MAX_SYSCTL = 253;
    private static final Pattern SYSCTL = Pattern
            .compile("^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$");

    private SecurityRules() {
    }

    static void container(JsonNode spec, JsonNode context, String path, Problems problems) {
        ids(context, path, problems, "runAsUser", "runAsGroup");
        boolean hostUsers = !Tree.has(spec, "hostUsers") || Tree.flag(spec, "hostUsers");
        String mount = Tree.text(context, "procMount");
        problems.oneOfIfSet(context, path, "procMount", "Default", "Unmasked");
        if (hostUsers && mount.equals("Unmasked")) {
            problems.invalid(path + ".procMount", mount, "`hostUsers` must be false to use `Unmasked`");
        }
        seccomp(context.path("seccompProfile"), path + ".seccompProfile", problems);
        if (Tree.has(context, "allowPrivilegeEscalation") && !Tree.flag(context, "allowPrivilegeEscalation")) {
            String start = "cannot set `allowPrivilegeEscalation` to false and ";
            JsonNode shown = GoStruct.of(context, "SecurityContext");
            if (Tree.flag(context, "privileged")) {
                problems.invalid(path, shown, start + "`privileged` to true");
            }
            if (Tree.texts(context, "capabilities.add").contains("CAP_SYS_ADMIN")) {
                problems.invalid(path, shown, start + "`capabilities.Add` CAP_SYS_ADMIN");
            }
        }
        WindowsRules.options(context.path("windowsOptions"), path + ".windowsOptions", problems);
        appArmor(context.path("appArmorProfile"), path + ".appArmorProfile", problems);
    }

    static void pod(JsonNode spec, String specPath, Problems problems) {
        JsonNode context = spec.path("securityContext");
        String path = specPath + ".securityContext";
        ids(context, path, problems, "fsGroup", "runAsUser", "runAsGroup");
        JsonNode groups = context.path("supplementalGroups");
        for (int i = 0; i < groups.size(); i++) {
            problems.between(path + ".supplementalGroups[" + i + "]", groups.path(i).asLong(), 0, MAX_ID);
        }
        if (Tree.flag(spec, "shareProcessNamespace") && Tree.flag(spec, "hostPID")) {
            problems.invalid(path + ".shareProcessNamespace", spec.path("shareProcessNamespace"),
                    "ShareProcessNamespace and HostPID cannot both be enabled");
        }
        sysctls(spec, path + ".sysctls", problems);
        problems.oneOfIfSet(context, path, "fsGroupChangePolicy", "Always", "OnRootMismatch");
        seccomp(context.path("seccompProfile"), path + ".seccompProfile", problems);
        WindowsRules.options(context.path("windowsOptions"), path + ".windowsOptions", problems);
        appArmor(context.path("appArmorProfile"), path + ".appArmorProfile", problems);
        problems.oneOfIfSet(context, path, "supplementalGroupsPolicy", "Merge", "Strict");
        problems.oneOfIfSet(context, path, "seLinuxChangePolicy", "Recursive");
    }

    /// Users of their own and a namespace of the host do not go together.
    static void hostUsers(JsonNode spec, String path, Problems problems) {
        if (!Tree.has(spec, "hostUsers") || Tree.flag(spec, "hostUsers")) {
            return;
        }
        String why = "when `hostUsers` is false";
        if (Tree.flag(spec, "hostNetwork")) {
            problems.forbidden(path + ".hostNetwork", why);
        }
        if (Tree.flag(spec, "hostPID")) {
            problems.forbidden(path + ".HostPID", why);
        }
        if (Tree.flag(spec, "hostIPC")) {
            problems.forbidden(path + ".HostIPC", why);
        }
        Containers.each(spec, path, (container, at) -> {
            if (!container.path("volumeDevices").isEmpty()) {
                problems.forbidden(at + ".volumeDevices", why);
            }
        });
    }

    private static void ids(JsonNode context, String path, Problems problems, String... fields) {
        for (String field : fields) {
            if (Tree.has(context, field)) {
                problems.between(path + "." + field, Tree.number(context, field), 0, MAX_ID);
            }
        }
    }

    private static void seccomp(JsonNode profile, String path, Problems problems) {
        if (!profile.isObject()) {
            return;
        }
        type(profile, path, "type is required when seccompProfile is set", problems);
        boolean local = Tree.text(profile, "type").equals("Localhost");
        if (local && !Tree.has(profile, "localhostProfile")) {
            problems.required(path + ".localhostProfile", "must be set when seccomp type is Localhost");
        } else if (local) {
            VolumeRules.relative(Tree.text(profile, "localhostProfile"), path + ".localhostProfile", problems);
        } else if (Tree.has(profile, "localhostProfile")) {
            problems.invalid(path + ".localhostProfile", GoStruct.of(profile, "SeccompProfile"),
                    "can only be set when seccomp type is Localhost");
        }
    }

    private static void appArmor(JsonNode profile, String path, Problems problems) {
        if (!profile.isObject()) {
            return;
        }
        String at = path + ".localhostProfile";
        String file = Tree.text(profile, "localhostProfile");
        switch (Tree.text(profile, "type")) {
            case "Localhost" -> {
                if (!file.equals(file.strip())) {
                    problems.invalid(at, file, "must not be padded with whitespace");
                } else if (file.isEmpty()) {
                    problems.required(at, "must be set when AppArmor type is Localhost");
                }
                if (file.getBytes(StandardCharsets.UTF_8).length > MAX_PROFILE) {
                    problems.tooLong(at, MAX_PROFILE);
                }
            }
            case "RuntimeDefault", "Unconfined" -> {
                if (Tree.has(profile, "localhostProfile")) {
                    problems.invalid(at, file, "can only be set when AppArmor type is Localhost");
                }
            }
            default -> type(profile, path, "type is required when appArmorProfile is set", problems);
        }
    }

    private static void type(JsonNode profile, String path, String required, Problems problems) {
        String type = Tree.text(profile, "type");
        if (type.isEmpty()) {
            problems.required(path + ".type", required);
        } else {
            problems.oneOf(profile, path, "type", "Localhost", "RuntimeDefault", "Unconfined");
        }
    }

    private static void sysctls(JsonNode spec, String path, Problems problems) {
        Set<String> names = new HashSet<>();
        List<ObjectNode> all = Tree.objects(spec, "securityContext.sysctls");
        for (int i = 0; i < all.size(); i++) {
            String at = path + "[" + i + "].name";
            String name = Tree.text(all.get(i), "name");
            if (name.isEmpty()) {
                problems.required(at);
            } else if (name.length() > MAX_SYSCTL || !SYSCTL.matcher(name).matches()) {
                problems.invalid(at, name,
                        "must have at most " + MAX_SYSCTL + " characters and match regex " + SYSCTL.pattern());
            } else if (names.contains(name)) {
                problems.duplicate(at, name);
            }
            ofHost(spec, name, at, problems);
            names.add(name);
        }
    }

    /// What a pod shares with its host it may not tune.
    private static void ofHost(JsonNode spec, String name, String path, Problems problems) {
        int separator = name.indexOf('.') < 0 ? name.indexOf('/') : name.indexOf('.');
        boolean slashes = name.indexOf('/') >= 0 && name.indexOf('/') <= separator;
        String dotted = slashes ? name.replace('.', ',').replace('/', '.') : name;
        boolean ipc = dotted.startsWith("kernel.shm") || dotted.startsWith("kernel.msg")
                || dotted.startsWith("fs.mqueue.") || dotted.equals("kernel.sem");
        if (Tree.flag(spec, "hostNetwork") && dotted.startsWith("net.")) {
            problems.invalid(path, name, "may not be specified when 'hostNetwork' is true");
        } else if (Tree.flag(spec, "hostIPC") && ipc) {
            problems.invalid(path, name, "may not be specified when 'hostIPC' is true");
        }
    }
}
