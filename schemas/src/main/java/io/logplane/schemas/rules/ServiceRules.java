package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Services. Cluster IPs and node ports are given by the gateway, which sees what is taken; this says what they look
/// like.
public final class ServiceRules implements SpecRules {
    /// Ports a Service may have on every node.
    public static final int FIRST_NODE_PORT = 30000;
    public static final int LAST_NODE_PORT = 32767;
    private static final int AFFINITY_SECONDS = 10800;
    private static final int MAX_AFFINITY_SECONDS = 86400;

    @Override
    public String zeroStatus() {
        return "{\"loadBalancer\":{}}";
    }

    @Override
    public NameFormat nameFormat() {
        return NameFormat.LABEL;
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        ObjectNode spec = Tree.object(object, "spec");
        Tree.setDefault(spec, "sessionAffinity", "None");
        if (Tree.text(spec, "sessionAffinity").equals("ClientIP")) {
            ObjectNode client = Tree.object(Tree.object(spec, "sessionAffinityConfig"), "clientIP");
            Tree.setDefault(client, "timeoutSeconds", AFFINITY_SECONDS);
        } else if (Tree.text(spec, "sessionAffinity").equals("None")) {
            spec.remove("sessionAffinityConfig");
        }
        Tree.setDefault(spec, "type", "ClusterIP");
        String type = Tree.text(spec, "type");
        for (ObjectNode port : Tree.objects(spec, "ports")) {
            Tree.setDefault(port, "protocol", "TCP");
            JsonNode target = port.path("targetPort");
            if (target.asText("").isEmpty() || target.isNumber() && target.asInt() == 0) {
                Tree.put(port, "targetPort", Tree.number(port, "port"));
            }
        }
        boolean outside = type.equals("NodePort") || type.equals("LoadBalancer");
        if (outside || type.equals("ClusterIP") && !spec.path("externalIPs").isEmpty()) {
            Tree.setDefault(spec, "externalTrafficPolicy", "Cluster");
        }
        if (outside || type.equals("ClusterIP")) {
            Tree.setDefault(spec, "internalTrafficPolicy", "Cluster");
        }
        if (type.equals("LoadBalancer")) {
            Tree.setDefault(spec, "allocateLoadBalancerNodePorts", true);
            Tree.objects(object, "status.loadBalancer.ingress").stream().filter(i -> Tree.has(i, "ip"))
                    .forEach(i -> Tree.setDefault(i, "ipMode", "VIP"));
        }
        SpecRules.fillStatus(object, zeroStatus());
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        SpecRules.super.prepareForCreate(object);
        ServiceAddresses.prepareForCreate(Tree.object(object, "spec"));
    }

    @Override
    public void prepareForUpdate(ObjectNode object, ObjectNode old) {
        SpecRules.super.prepareForUpdate(object, old);
        ServiceAddresses.prepareForUpdate(Tree.object(object, "spec"), Tree.object(old, "spec"));
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Problems problems = new Problems();
        JsonNode spec = object.path("spec");
        String type = Tree.text(spec, "type");
        boolean headless = Tree.text(spec, "clusterIP").equals("None");
        if (spec.path("ports").isEmpty() && !headless && !type.equals("ExternalName")) {
            problems.required("spec.ports");
        }
        problems.oneOf(spec, "spec", "type", "ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        if (type.equals("LoadBalancer") && headless) {
            problems.invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for LoadBalancer services");
        }
        if (type.equals("ExternalName")) {
            externalName(spec, problems);
        }
        ports(spec, type, problems);
        ObjectMetaRules.labels(spec.path("selector"), "spec.selector", problems);
        affinity(spec, problems);
        ServiceAddresses.validate(spec, problems);
        problems.oneOfIfSet(spec, "spec", "externalTrafficPolicy", "Cluster", "Local");
        problems.oneOfIfSet(spec, "spec", "internalTrafficPolicy", "Cluster", "Local");
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        ServiceAddresses.validateUpdate(object.path("spec"), old.path("spec"), problems);
        return problems.list();
    }

    @Override
    public boolean hasGeneration() {
        return false;
    }

    @Override
    public boolean allowsCreateOnUpdate() {
        return true;
    }

    private static void externalName(JsonNode spec, Problems problems) {
        if (!spec.path("clusterIPs").isEmpty()) {
            problems.forbidden("spec.clusterIPs", "may not be set for ExternalName services");
        }
        String name = Tree.text(spec, "externalName");
        String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (name.isEmpty()) {
            problems.required("spec.externalName");
        } else {
            problems.format(NameFormat.SUBDOMAIN, "spec.externalName", plain);
        }
    }

    private static void ports(JsonNode spec, String type, Problems problems) {
        List<ObjectNode> ports = Tree.objects(spec, "ports");
        Set<String> names = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            String at = "spec.ports[" + i + "]";
            ObjectNode port = ports.get(i);
            String name = Tree.text(port, "name");
            if (name.isEmpty() && ports.size() > 1) {
                problems.required(at + ".name");
            } else if (!name.isEmpty()) {
                problems.format(NameFormat.LABEL, at + ".name", name);
                if (!names.add(name)) {
                    problems.duplicate(at + ".name", name);
                }
            }
            problems.portNumber(at + ".port", Tree.number(port, "port"));
            problems.oneOf(port, at, "protocol", "SCTP", "TCP", "UDP");
            problems.port(at + ".targetPort", port.path("targetPort"));
            problems.formatIfSet(NameFormat.QUALIFIED, port, at, "appProtocol");
            nodePort(port, at, type, problems);
            if (!numbers.add(Tree.text(port, "protocol") + "/" + Tree.number(port, "port"))) {
                problems.invalid(at, port, "duplicate port and protocol");
            }
        }
    }

    private static void nodePort(ObjectNode port, String path, String type, Problems problems) {
        long nodePort = Tree.number(port, "nodePort");
        if (nodePort == 0) {
            return;
        }
        if (type.equals("ClusterIP")) {
            problems.forbidden(path + ".nodePort", "may not be used when `type` is 'ClusterIP'");
        } else if (nodePort < FIRST_NODE_PORT || nodePort > LAST_NODE_PORT) {
            problems.invalid(path + ".nodePort", nodePort,
                    "provided port is not in the valid range. The range of valid "
                            + "ports is " + FIRST_NODE_PORT + "-" + LAST_NODE_PORT);
        }
    }

    private static void affinity(JsonNode spec, Problems problems) {
        problems.oneOf(spec, "spec", "sessionAffinity", "ClientIP", "None");
        JsonNode seconds = Tree.at(spec, "sessionAffinityConfig.clientIP.timeoutSeconds");
        if (seconds.isNumber() && (seconds.asLong() <= 0 || seconds.asLong() > MAX_AFFINITY_SECONDS)) {
            problems.invalid("spec.sessionAffinityConfig.clientIP.timeoutSeconds", seconds.asLong(),
                    "must be greater than 0 and less than " + MAX_AFFINITY_SECONDS);
        }
    }
}
