package io.logplane.gateway.discovery;

import java.util.Map;

/// In which order groups are told, and versions within them: the larger first.
///
/// Source: pkg/controlplane/apiserver/aggregator.go and cmd/kube-apiserver/app/aggregator.go of 1.36 (facts).
public final class Priorities {
    /// Of groups made of definitions. Source: pkg/controlplane/controller/crdregistration.
    public static final int CUSTOM_GROUP = 1_000;
    public static final int CUSTOM_VERSION = 100;
    /// Above everything an APIService may ask for: the group of APIServices itself.
    private static final int FIRST = 20_001;
    private static final int USUAL_VERSION = 15;

    private static final Map<String, Integer> GROUPS = Map.ofEntries(Map.entry("", 18_000), Map.entry(
            "apiregistration.k8s.io", FIRST), Map.entry("apps", 17_800), Map.entry("events.k8s.io", 17_750),
            Map.entry(
                    "authentication.k8s.io", 17_700),
            Map.entry("authorization.k8s.io", 17_600), Map.entry("autoscaling",
                    17_500),
            Map.entry("batch", 17_400), Map.entry("certificates.k8s.io", 17_300), Map
                    .entry("networking.k8s.io", 17_200),
            Map.entry("policy", 17_100), Map.entry(
                    "rbac.authorization.k8s.io", 17_000),
            Map.entry("storage.k8s.io", 16_800), Map
                    .entry("admissionregistration.k8s.io", 16_700),
            Map.entry(
                    "apiextensions.k8s.io", 16_700),
            Map.entry("scheduling.k8s.io", 16_600), Map
                    .entry("coordination.k8s.io", 16_500),
            Map.entry("node.k8s.io", 16_300), Map
                    .entry("discovery.k8s.io", 16_200),
            Map.entry(
                    "flowcontrol.apiserver.k8s.io", 16_100),
            Map.entry(
                    "resource.k8s.io", 15_900));
    private static final Map<String, Integer> VERSIONS = Map.of("/v1", 1, "autoscaling/v2", 30,
            "flowcontrol.apiserver.k8s.io/v1", 21);

    private Priorities() {
    }

    public static int group(String group) {
        return GROUPS.getOrDefault(group, CUSTOM_GROUP);
    }

    public static int version(String group, String version) {
        int usual = GROUPS.containsKey(group) ? USUAL_VERSION : CUSTOM_VERSION;
        return VERSIONS.getOrDefault(group + "/" + version, usual);
    }
}
