package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Services. Cluster IPs and node ports are given by the gateway, which sees what is taken; this says what they look
/// like.
public final class ServiceRules implements SpecRules {
    /// Ports a Service may have on every node.
    public static final int FIRST_NODE_PORT = 30000;
    public static final int LAST_NODE_PORT = 32767;
    private static final int AFFINITY_SECONDS = 10800;
    private static final String NOT_EXTERNAL = "may not be set for ExternalName services";
    private static final String TOPOLOGY_MODE = "service.kubernetes.io/topology-mode";
    private static final String TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints";

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
        if (ServiceTraffic.fromOutside(spec)) {
            Tree.setDefault(spec, "externalTrafficPolicy", "Cluster");
        }
        if (ServicePorts.onNodes(spec) || type.equals("ClusterIP")) {
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
        ObjectNode spec = Tree.object(object, "spec");
        ObjectNode before = Tree.object(old, "spec");
        ServicePorts.keep(spec, before);
        if (ServiceTraffic.checked(spec) && ServiceTraffic.checked(before)
                && Tree.number(spec, "healthCheckNodePort") == 0) {
            Tree.copy("healthCheckNodePort", before, spec);
        }
        ServiceAddresses.prepareForUpdate(spec, before);
        dropTypeDependent(object, spec, before);
    }

    /// Some fields make sense for some types only: a Service that changes its type loses them, unless the client
    /// changed them too.
    private void dropTypeDependent(ObjectNode object, ObjectNode spec, ObjectNode before) {
        if (ServiceAddresses.has(before) && !ServiceAddresses.has(spec)) {
            if (Tree.text(spec, "clusterIP").equals(Tree.text(before, "clusterIP"))
                    && Tree.texts(spec, "clusterIPs").equals(Tree.texts(before, "clusterIPs"))) {
                spec.remove(List.of("clusterIP", "clusterIPs"));
            }
            ServiceTraffic.dropSame("ipFamilies", spec, before);
            ServiceTraffic.dropSame("ipFamilyPolicy", spec, before);
        }
        ServiceTraffic.dropUnneeded(spec, before);
        if (!ServiceTraffic.balanced(spec)) {
            Tree.object(object, "status").putObject("loadBalancer");
        }
    }

    @Override
    public List<FieldError> validateCreate(ObjectNode object) {
        Problems problems = new Problems();
        if (allocatable(object, Json.newObject(), problems)) {
            service(object, Json.newObject(), problems);
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        if (allocatable(object, old, problems)) {
            ServiceAddresses.validateUpdate(object.path("spec"), old.path("spec"), problems);
            ServiceTraffic.validateUpdate(object.path("spec"), old.path("spec"), problems);
            service(object, old, problems);
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        if (subresource.equals("status")) {
            LoadBalancerRules.service(object, old, problems);
        }
        return problems.list();
    }

    /// Upstream gives addresses and ports before it validates: what it cannot give, it says alone.
    private static boolean allocatable(JsonNode object, JsonNode old, Problems problems) {
        ServiceAddresses.allocation(object.path("spec"), old.path("spec"), problems);
        ServicePorts.allocation(object.path("spec"), old.path("spec"), problems);
        return problems.isEmpty();
    }

    /// Shape: `old` is empty for a new Service.
    private static void service(JsonNode object, JsonNode old, Problems problems) {
        JsonNode spec = object.path("spec");
        topology(object.path("metadata").path("annotations"), problems);
        String type = Tree.text(spec, "type");
        if (spec.path("ports").isEmpty() && !ServiceAddresses.headless(spec) && !type.equals("ExternalName")) {
            problems.required("spec.ports");
        }
        if (ServicePorts.onNodes(spec) && ServiceAddresses.headless(spec)) {
            problems.invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for " + type + " services");
        }
        if (type.equals("ExternalName")) {
            externalName(spec, problems);
        }
        ServicePorts.validate(spec, problems);
        ObjectMetaRules.labels(spec.path("selector"), "spec.selector", problems);
        ServiceTraffic.affinity(spec, problems);
        ServiceAddresses.fields(spec, old.path("spec"), problems);
        List<String> external = Tree.texts(spec, "externalIPs");
        for (int i = 0; i < external.size(); i++) {
            String at = "spec.externalIPs[" + i + "]";
            if (IpFields.address(at, external.get(i), Tree.texts(old, "spec.externalIPs"), problems)) {
                IpFields.destination(at, external.get(i), problems);
            }
        }
        problems.oneOf(spec, "spec", "type", "ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        ServicePorts.validateNumbers(spec, problems);
        ServiceTraffic.validate(object, old, problems);
    }

    private static void topology(JsonNode annotations, Problems problems) {
        JsonNode mode = annotations.path(TOPOLOGY_MODE);
        JsonNode hints = annotations.path(TOPOLOGY_HINTS);
        if (mode.isTextual() && hints.isTextual() && !mode.equals(hints)) {
            problems.invalid("metadata.annotations[" + TOPOLOGY_MODE + "]", mode.asText(),
                    "must match annotations[" + TOPOLOGY_HINTS + "] when both are specified");
        }
    }

    @Override
    public List<String> warnings(ObjectNode object) {
        return ServiceWarnings.of(object);
    }

    @Override
    public List<String> warningsOnUpdate(String subresource, ObjectNode object, ObjectNode old) {
        return subresource.isEmpty() ? warnings(object) : NetworkWarnings.balancer(subresource, object);
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
        for (String field : List.of("clusterIPs", "ipFamilies")) {
            if (!spec.path(field).isEmpty()) {
                problems.forbidden("spec." + field, NOT_EXTERNAL);
            }
        }
        if (Tree.has(spec, "ipFamilyPolicy")) {
            problems.forbidden("spec.ipFamilyPolicy", NOT_EXTERNAL);
        }
        String name = Tree.text(spec, "externalName");
        String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (plain.isEmpty()) {
            problems.required("spec.externalName");
        } else {
            problems.format(NameFormat.SUBDOMAIN, "spec.externalName", plain);
        }
    }
}
