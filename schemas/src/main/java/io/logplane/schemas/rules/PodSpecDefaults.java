package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Defaults of a pod spec, alone in a pod or inside a template.
///
/// Source: defaulting of core/v1 in kube-apiserver 1.36.
final class PodSpecDefaults {
    private static final int GRACE_SECONDS = 30;

    private PodSpecDefaults() {
    }

    /// A template at `owner.template`; the template and its metadata and spec are made when absent.
    static void template(ObjectNode owner) {
        ObjectNode template = Tree.object(owner, "template");
        Tree.object(template, "metadata");
        spec(Tree.object(template, "spec"));
    }

    static void spec(ObjectNode spec) {
        DisabledFields.drop(spec);
        Tree.setDefault(spec, "restartPolicy", "Always");
        Tree.setDefault(spec, "terminationGracePeriodSeconds", GRACE_SECONDS);
        Tree.setDefault(spec, "dnsPolicy", "ClusterFirst");
        serviceAccount(spec);
        Tree.object(spec, "securityContext");
        Tree.setDefault(spec, "schedulerName", "default-scheduler");
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            Tree.objects(spec, list).forEach(ContainerDefaults::container);
        }
        Tree.objects(spec, "volumes").forEach(VolumeDefaults::volume);
        if (spec.path("resources") instanceof ObjectNode resources) {
            QuantityDefaults.resources(resources);
        }
        if (spec.path("overhead") instanceof ObjectNode overhead) {
            QuantityDefaults.canonical(overhead);
        }
    }

    /// What only a pod gets, not a template.
    static void pod(ObjectNode spec) {
        Tree.setDefault(spec, "enableServiceLinks", true);
        if (Tree.number(spec, "terminationGracePeriodSeconds") < 0) {
            spec.put("terminationGracePeriodSeconds", 1);
        }
        boolean hostNetwork = Tree.flag(spec, "hostNetwork");
        for (String list : List.of("initContainers", "containers")) {
            for (ObjectNode container : Tree.objects(spec, list)) {
                QuantityDefaults.requestsFromLimits(Tree.object(container, "resources"));
                if (hostNetwork) {
                    Tree.objects(container, "ports").stream().filter(p -> Tree.number(p, "hostPort") == 0)
                            .forEach(p -> Tree.put(p, "hostPort", Tree.number(p, "containerPort")));
                }
            }
        }
        PodResourceDefaults.pod(spec);
    }

    /// `serviceAccount` is the old name of `serviceAccountName`; both are always shown.
    private static void serviceAccount(ObjectNode spec) {
        String name = Tree.text(spec, "serviceAccountName");
        String chosen = name.isEmpty() ? Tree.text(spec, "serviceAccount") : name;
        if (!chosen.isEmpty()) {
            spec.put("serviceAccountName", chosen);
            spec.put("serviceAccount", chosen);
        }
    }
}
