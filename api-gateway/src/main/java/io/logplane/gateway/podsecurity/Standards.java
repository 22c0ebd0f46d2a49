package io.logplane.gateway.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The list of checks, in the order their findings are told.
///
/// Source: k8s.io/pod-security-admission/policy (order, versions, which check takes another's place).
public final class Standards {

    /// One question to a pod, as of a version.
    private interface Check {
        Optional<Finding> find(PodParts pod, int minor);
    }

    /// Shape: applies to `level` and above from `since` on; `until` is the level at which another takes its place.
    private record Entry(Level level, int since, boolean untilRestricted, Check check) {
        boolean applies(Policy policy) {
            return policy.level().compareTo(level) >= 0 && policy.minor() >= since
                    && !(untilRestricted && policy.level() == Level.RESTRICTED);
        }
    }

    private static final List<Entry> CHECKS = List.of(
            new Entry(Level.BASELINE, 0, false, Baseline::appArmor),
            new Entry(Level.BASELINE, 0, true, Baseline::capabilities),
            new Entry(Level.BASELINE, 0, false, Baseline::hostNamespaces),
            new Entry(Level.BASELINE, 0, true, Baseline::hostPaths),
            new Entry(Level.BASELINE, 0, false, Baseline::hostPorts),
            new Entry(Level.BASELINE, 34, false, Baseline::hostProbes),
            new Entry(Level.BASELINE, 0, false, Baseline::privileged),
            new Entry(Level.BASELINE, 0, false, Baseline::procMount),
            new Entry(Level.BASELINE, 0, false, Baseline::seLinux),
            new Entry(Level.BASELINE, 19, true, Baseline::seccomp),
            new Entry(Level.BASELINE, 0, false, Baseline::sysctls),
            new Entry(Level.BASELINE, 0, false, Baseline::hostProcess),
            new Entry(Level.RESTRICTED, 8, false, Restricted::escalation),
            new Entry(Level.RESTRICTED, 22, false, Restricted::capabilities),
            new Entry(Level.RESTRICTED, 0, false, Restricted::volumes),
            new Entry(Level.RESTRICTED, 0, false, Restricted::nonRoot),
            new Entry(Level.RESTRICTED, 23, false, Restricted::user),
            new Entry(Level.RESTRICTED, 19, false, Restricted::seccomp));

    private Standards() {
    }

    /// Empty: the pod is within the policy. Shape: `metadata` and `spec` of a pod or of a template.
    public static List<Finding> check(JsonNode metadata, JsonNode spec, Policy policy) {
        PodParts pod = new PodParts(metadata, spec);
        List<Finding> found = new ArrayList<>();
        for (Entry entry : CHECKS) {
            if (entry.applies(policy)) {
                entry.check().find(pod, policy.minor()).ifPresent(found::add);
            }
        }
        return found;
    }

    /// `reason (detail), reason (detail)`.
    public static String text(List<Finding> findings) {
        return String.join(", ", findings.stream().map(Finding::toString).toList());
    }
}
