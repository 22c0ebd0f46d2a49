package io.logplane.schemas.rules;

import io.logplane.schemas.model.NameFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Names of resources: which there are, and which may stand where.
///
/// Source: k8s.io/kubernetes/pkg/apis/core/helper and the name checks of pkg/apis/core/validation.
final class ResourceNames {
    static final String HUGE_PAGES = "hugepages-";
    private static final String NATIVE = "kubernetes.io/";
    private static final Set<String> CONTAINER = Set.of("cpu", "memory", "ephemeral-storage");
    private static final Set<String> COUNTS = Set.of("pods", "resourcequotas", "services", "replicationcontrollers",
            "secrets", "configmaps", "persistentvolumeclaims", "services.nodeports", "services.loadbalancers");
    private static final Set<String> QUOTA = Stream.of(CONTAINER, COUNTS, Set.of("requests.cpu", "requests.memory",
            "requests.storage", "requests.ephemeral-storage", "limits.cpu", "limits.memory",
            "limits.ephemeral-storage")).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());

    private ResourceNames() {
    }

    /// Whether a resource may be named where it is.
    @FunctionalInterface
    interface Check {
        void check(String name, String path, Problems problems);
    }

    /// Any known resource, or one with a domain. True when nothing is wrong.
    static boolean any(String name, String path, Problems problems) {
        boolean formed = NameFormat.QUALIFIED.accepts(name);
        problems.format(NameFormat.QUALIFIED, path, name);
        if (formed && isBare(name) && !name.equals("storage") && !isQuota(name)) {
            problems.invalid(path, name, "must be a standard resource type or fully qualified");
            return false;
        }
        return formed;
    }

    static void container(String name, String path, Problems problems) {
        any(name, path, problems);
        if (isBare(name)) {
            if (!CONTAINER.contains(name) && !isHugePages(name)) {
                problems.invalid(path, name, "must be a standard resource for containers");
            }
        } else if (!isNative(name) && !isExtended(name)) {
            problems.invalid(path, name, "doesn't follow extended resource name standard");
        }
    }

    /// What a pod as a whole may ask for.
    static void pod(String name, String path, Problems problems) {
        if (any(name, path, problems) && !name.equals("cpu") && !name.equals("memory") && !isHugePages(name)) {
            problems.notSupported(path, name, "cpu", HUGE_PAGES, "memory");
        }
    }

    static void quota(String name, String path, Problems problems) {
        any(name, path, problems);
        if (isBare(name) && !isQuota(name)) {
            problems.invalid(path, name, "must be a standard resource for quota");
        }
    }

    static boolean isQuota(String name) {
        return QUOTA.contains(name) || isHugePages(name) || name.startsWith("requests." + HUGE_PAGES);
    }

    static boolean isHugePages(String name) {
        return name.startsWith(HUGE_PAGES);
    }

    /// True for what is counted, not measured.
    static boolean isInteger(String name) {
        return COUNTS.contains(name) || isExtended(name);
    }

    /// Devices of any kind: their names have a domain that is not Kubernetes' own, and a quota can name them.
    static boolean isExtended(String name) {
        return !isNative(name) && !name.startsWith("requests.") && NameFormat.QUALIFIED.accepts("requests." + name);
    }

    /// True where a request may be smaller than its limit.
    static boolean mayBeOvercommitted(String name) {
        return isNative(name) && !isHugePages(name);
    }

    private static boolean isNative(String name) {
        return isBare(name) || name.contains(NATIVE);
    }

    private static boolean isBare(String name) {
        return name.indexOf('/') < 0;
    }
}
