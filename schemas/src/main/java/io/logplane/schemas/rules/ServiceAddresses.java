package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.IpAddresses;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The addresses and node ports of a Service: how the old and the new spelling agree, and that they stay.
final class ServiceAddresses {

    private ServiceAddresses() {
    }

    static void prepareForCreate(ObjectNode spec) {
        String single = Tree.text(spec, "clusterIP");
        if (!single.isEmpty() && spec.path("clusterIPs").isEmpty()) {
            spec.putArray("clusterIPs").add(single);
        } else if (single.isEmpty() && !spec.path("clusterIPs").isEmpty()) {
            spec.put("clusterIP", spec.path("clusterIPs").get(0).asText());
        }
        if (!Tree.text(spec, "type").equals("ExternalName")) {
            families(spec);
        }
    }

    static void prepareForUpdate(ObjectNode spec, ObjectNode old) {
        normalise(spec, old);
        boolean hadAddress = !Tree.text(old, "type").equals("ExternalName");
        boolean hasAddress = !Tree.text(spec, "type").equals("ExternalName");
        if (hadAddress && hasAddress) {
            if (Tree.text(spec, "clusterIP").isEmpty()) {
                Tree.copy("clusterIP", old, spec);
            }
            if (spec.path("clusterIPs").isEmpty()
                    && Tree.text(spec, "clusterIP").equals(Tree.text(old, "clusterIP"))) {
                Tree.copy("clusterIPs", old, spec);
            }
            for (String field : List.of("ipFamilies", "ipFamilyPolicy")) {
                if (spec.path(field).isMissingNode() || spec.path(field).isNull()) {
                    Tree.copy(field, old, spec);
                }
            }
        } else if (!hasAddress) {
            dropUnchanged(spec, old);
        }
        if (needsNodePorts(old) && needsNodePorts(spec)) {
            keepNodePorts(spec, old);
        }
        if (hasAddress && !hadAddress) {
            prepareForCreate(spec);
        }
    }

    static void validate(JsonNode spec, Problems problems) {
        List<String> addresses = Tree.texts(spec, "clusterIPs");
        for (int i = 0; i < addresses.size(); i++) {
            String address = addresses.get(i);
            boolean headless = i == 0 && address.equals("None");
            if (!headless && !IpAddresses.isAddress(address)) {
                problems.invalid("spec.clusterIPs[" + i + "]", address, IpAddresses.REFUSAL);
            }
        }
        List<String> external = Tree.texts(spec, "externalIPs");
        for (int i = 0; i < external.size(); i++) {
            if (!IpAddresses.isAddress(external.get(i))) {
                problems.invalid("spec.externalIPs[" + i + "]", external.get(i), IpAddresses.REFUSAL);
            }
        }
        problems.oneOfIfSet(spec, "spec", "ipFamilyPolicy", "PreferDualStack", "RequireDualStack", "SingleStack");
        List<String> families = Tree.texts(spec, "ipFamilies");
        for (int i = 0; i < families.size(); i++) {
            if (!Set.of("IPv4", "IPv6").contains(families.get(i))) {
                problems.notSupported("spec.ipFamilies[" + i + "]", families.get(i), "IPv4", "IPv6");
            }
        }
    }

    static void validateUpdate(JsonNode spec, JsonNode old, Problems problems) {
        boolean address = !Tree.text(spec, "type").equals("ExternalName")
                && !Tree.text(old, "type").equals("ExternalName");
        String before = Tree.text(old, "clusterIP");
        if (address && !before.isEmpty() && !before.equals(Tree.text(spec, "clusterIP"))) {
            problems.invalid("spec.clusterIPs[0]", spec.path("clusterIPs"), "may not change once set");
        }
    }

    private static void families(ObjectNode spec) {
        boolean free = Tree.text(spec, "clusterIP").equals("None") && spec.path("selector").isEmpty();
        if (Tree.text(spec, "ipFamilyPolicy").isEmpty()) {
            spec.put("ipFamilyPolicy", free ? "RequireDualStack" : "SingleStack");
        }
        if (spec.path("ipFamilies").isEmpty()) {
            ArrayNode families = spec.putArray("ipFamilies").add("IPv4");
            if (free && !Tree.text(spec, "ipFamilyPolicy").equals("SingleStack")) {
                families.add("IPv6");
            }
        }
    }

    /// Someone who knows only one of the two fields changes both.
    private static void normalise(ObjectNode spec, ObjectNode old) {
        String single = Tree.text(spec, "clusterIP");
        boolean singleChanged = !single.equals(Tree.text(old, "clusterIP"));
        boolean listSame = Problems.same(spec.path("clusterIPs"), old.path("clusterIPs"));
        if (singleChanged && listSame) {
            if (single.isEmpty()) {
                spec.remove("clusterIPs");
            } else {
                spec.putArray("clusterIPs").add(single);
            }
        } else if (!singleChanged && spec.path("clusterIPs").isEmpty() && !old.path("clusterIPs").isEmpty()) {
            Tree.copy("clusterIPs", old, spec);
        }
    }

    private static void dropUnchanged(ObjectNode spec, ObjectNode old) {
        for (String field : List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy",
                "internalTrafficPolicy")) {
            if (Problems.same(spec.path(field), old.path(field))) {
                spec.remove(field);
            }
        }
    }

    private static void keepNodePorts(ObjectNode spec, ObjectNode old) {
        Set<Long> used = new HashSet<>();
        Tree.objects(spec, "ports").forEach(p -> used.add(Tree.number(p, "nodePort")));
        for (ObjectNode port : Tree.objects(spec, "ports")) {
            if (Tree.number(port, "nodePort") == 0) {
                Tree.objects(old, "ports").stream()
                        .filter(o -> Tree.text(o, "protocol").equals(Tree.text(port, "protocol"))
                                && Tree.number(o, "port") == Tree.number(port, "port"))
                        .map(o -> Tree.number(o, "nodePort")).filter(n -> n != 0 && used.add(n)).findFirst()
                        .ifPresent(n -> Tree.put(port, "nodePort", n));
            }
        }
    }

    private static boolean needsNodePorts(ObjectNode spec) {
        String type = Tree.text(spec, "type");
        return type.equals("NodePort") || type.equals("LoadBalancer");
    }
}
