package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Security contexts of containers and of pods.
///
/// Source: validation of core/v1 in kube-apiserver 1.36.
final class SecurityRules {
    private static final long MAX_ID = Integer.MAX_VALUE;

    private SecurityRules() {
    }

    static void container(JsonNode spec, JsonNode context, String path, Problems problems) {
        ids(context, path, problems, "runAsUser", "runAsGroup");
        if (Tree.has(context, "procMount")) {
            String mount = Tree.text(context, "procMount");
            if (!List.of("Default", "Unmasked").contains(mount)) {
                problems.notSupported(path + ".procMount", mount, "Default", "Unmasked");
            }
            boolean hostUsers = !Tree.has(spec, "hostUsers") || Tree.flag(spec, "hostUsers");
            if (hostUsers && mount.equals("Unmasked")) {
                problems.invalid(path + ".procMount", mount, "`hostUsers` must be false to use `Unmasked`");
            }
        }
        if (Tree.has(context, "allowPrivilegeEscalation") && !Tree.flag(context, "allowPrivilegeEscalation")) {
            if (Tree.flag(context, "privileged")) {
                problems.invalid(path, context,
                        "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
            }
            if (Tree.texts(context, "capabilities.add").contains("CAP_SYS_ADMIN")) {
                problems.invalid(path, context, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` "
                        + "CAP_SYS_ADMIN");
            }
        }
    }

    private static void ids(JsonNode context, String path, Problems problems, String... fields) {
        for (String field : fields) {
            if (Tree.has(context, field)) {
                problems.between(path + "." + field, Tree.number(context, field), 0, MAX_ID);
            }
        }
    }
}
