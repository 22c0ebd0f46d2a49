package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Defaults of one container: how its image is pulled, its ports, probes and hooks.
final class ContainerDefaults {

    private ContainerDefaults() {
    }

    static void container(ObjectNode container) {
        Tree.setDefault(container, "terminationMessagePath", "/dev/termination-log");
        Tree.setDefault(container, "terminationMessagePolicy", "File");
        Tree.setDefault(container, "imagePullPolicy",
                isLatest(Tree.text(container, "image")) ? "Always" : "IfNotPresent");
        QuantityDefaults.resources(Tree.object(container, "resources"));
        Tree.objects(container, "ports").forEach(port -> Tree.setDefault(port, "protocol", "TCP"));
        Tree.objects(container, "env").forEach(ContainerDefaults::environment);
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.path(probe) instanceof ObjectNode node) {
                probe(node);
            }
        }
        for (String hook : List.of("postStart", "preStop")) {
            if (container.path("lifecycle").path(hook).path("httpGet") instanceof ObjectNode get) {
                httpGet(get);
            }
        }
    }

    /// No tag and no digest means `latest`; so does the tag itself.
    static boolean isLatest(String image) {
        if (image.isEmpty() || image.contains("@")) {
            return false;
        }
        int colon = image.lastIndexOf(':');
        return colon <= image.lastIndexOf('/') || image.substring(colon + 1).equals("latest");
    }

    private static void environment(ObjectNode env) {
        if (env.path("valueFrom").path("fieldRef") instanceof ObjectNode ref) {
            Tree.setDefault(ref, "apiVersion", "v1");
        }
        if (env.path("valueFrom").path("resourceFieldRef") instanceof ObjectNode ref) {
            if (Tree.has(ref, "divisor")) {
                QuantityDefaults.canonical(ref, "divisor");
            } else {
                ref.put("divisor", "0");
            }
        }
    }

    private static void probe(ObjectNode probe) {
        zeroTo(probe, "timeoutSeconds", 1);
        zeroTo(probe, "periodSeconds", 10);
        zeroTo(probe, "successThreshold", 1);
        zeroTo(probe, "failureThreshold", 3);
        if (probe.path("httpGet") instanceof ObjectNode get) {
            httpGet(get);
        }
        if (probe.path("grpc") instanceof ObjectNode grpc) {
            Tree.setDefault(grpc, "service", "");
        }
    }

    private static void zeroTo(ObjectNode node, String field, int value) {
        if (Tree.number(node, field) == 0) {
            node.put(field, value);
        }
    }

    private static void httpGet(ObjectNode get) {
        Tree.setDefault(get, "path", "/");
        Tree.setDefault(get, "scheme", "HTTP");
    }
}
