package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.IpAddresses;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The cluster addresses of a Service: how the old and the new spelling agree, and which families they are of.
///
/// Here a cluster gives IPv4 addresses only: a second family is for headless Services without selector.
/// Source: https://kubernetes.io/docs/concepts/services-networking/dual-stack/#services
final class ServiceAddresses {
    private static final String SINGLE = "SingleStack";
    private static final String PREFER = "PreferDualStack";
    private static final String REQUIRE = "RequireDualStack";
    private static final String POLICY = "spec.ipFamilyPolicy";
    private static final String ADDRESSES = "spec.clusterIPs";
    private static final String FAMILIES = "spec.ipFamilies";
    private static final int MAX_ADDRESSES = 2;

    private ServiceAddresses() {
    }

    static void prepareForCreate(ObjectNode spec) {
        String single = Tree.text(spec, "clusterIP");
        if (!single.isEmpty() && spec.path("clusterIPs").isEmpty()) {
            spec.putArray("clusterIPs").add(single);
        }
        families(spec, spec.objectNode());
    }

    static void prepareForUpdate(ObjectNode spec, ObjectNode old) {
        if (has(spec) && has(old)) {
            if (Tree.text(spec, "clusterIP").isEmpty()) {
                Tree.copy("clusterIP", old, spec);
            }
            if (spec.path("clusterIPs").isEmpty()) {
                Tree.copy("clusterIPs", old, spec);
            }
        }
        agree(spec, old);
        families(spec, old);
    }

    /// True when a Service of this kind has cluster addresses; "None" counts as one.
    static boolean has(JsonNode spec) {
        return !Tree.text(spec, "type").equals("ExternalName");
    }

    static boolean headless(JsonNode spec) {
        return Tree.texts(spec, "clusterIPs").equals(List.of("None"));
    }

    /// Whoever knows only one of the two fields changes both.
    private static void agree(ObjectNode spec, ObjectNode old) {
        String single = Tree.text(spec, "clusterIP");
        String before = Tree.text(old, "clusterIP");
        List<String> listBefore = Tree.texts(old, "clusterIPs");
        if (single.equals(before)) {
            if (spec.path("clusterIPs").isEmpty() && !listBefore.isEmpty()) {
                Tree.copy("clusterIPs", old, spec);
            }
        } else if (Tree.texts(spec, "clusterIPs").equals(listBefore)) {
            spec.remove("clusterIPs");
            if (!single.isEmpty()) {
                spec.putArray("clusterIPs").add(single);
            }
        }
    }

    /// Shape: `old` is empty for a new Service.
    private static void families(ObjectNode spec, ObjectNode old) {
        if (!has(spec) || settled(spec, old)) {
            return;
        }
        boolean free = Tree.text(spec, "clusterIP").equals("None") && spec.path("selector").isEmpty();
        String before = Tree.text(old, "ipFamilyPolicy");
        Tree.setDefault(spec, "ipFamilyPolicy", !before.isEmpty() ? before : free ? REQUIRE : SINGLE);
        boolean single = Tree.text(spec, "ipFamilyPolicy").equals(SINGLE);
        if (single) {
            keepFirst("clusterIPs", spec, old);
            keepFirst("ipFamilies", spec, old);
        }
        List<String> addresses = Tree.texts(spec, "clusterIPs");
        boolean foreign = addresses.stream().anyMatch(IpAddresses::isV6);
        if (spec.path("ipFamilies").isEmpty() && !foreign) {
            spec.putArray("ipFamilies").add("IPv4");
        }
        if (free && !single && spec.path("ipFamilies") instanceof ArrayNode list && list.size() == 1) {
            list.add(list.get(0).asText().equals("IPv4") ? "IPv6" : "IPv4");
        }
    }

    /// As long as the list is as it was, a single stack is asked for on purpose.
    private static void keepFirst(String field, ObjectNode spec, ObjectNode old) {
        if (spec.path(field).size() > 1 && Problems.same(spec.path(field), old.path(field))) {
            String first = spec.path(field).get(0).asText();
            spec.putArray(field).add(first);
        }
    }

    /// A Service that prefers two stacks and asks for nothing new keeps what it has.
    private static boolean settled(JsonNode spec, JsonNode old) {
        return Tree.text(spec, "ipFamilyPolicy").equals(PREFER) && Tree.text(old, "ipFamilyPolicy").equals(PREFER)
                && has(old) && !spec.path("clusterIPs").isEmpty() && !spec.path("ipFamilies").isEmpty()
                && spec.path("clusterIPs").size() == old.path("clusterIPs").size()
                && Problems.same(spec.path("ipFamilies"), old.path("ipFamilies"));
    }

    /// What no address could be given for.
    static void allocation(JsonNode spec, JsonNode old, Problems problems) {
        if (!has(spec) || settled(spec, old)) {
            return;
        }
        fields(spec, old, problems);
        if (!problems.isEmpty()) {
            return;
        }
        List<String> families = Tree.texts(spec, "ipFamilies");
        counts(spec, old, problems);
        List<String> addresses = Tree.texts(spec, "clusterIPs");
        for (int i = families.size(); i < addresses.size(); i++) {
            if (IpAddresses.isV6(addresses.get(i))) {
                problems.invalid(ADDRESSES + "[" + i + "]", spec.path("clusterIPs"),
                        "IPv6 is not configured on this cluster");
            }
        }
        boolean free = Tree.text(spec, "clusterIP").equals("None") && spec.path("selector").isEmpty();
        if (free || !problems.isEmpty()) {
            return;
        }
        if (Tree.text(spec, "ipFamilyPolicy").equals(REQUIRE)) {
            problems.invalid(POLICY, REQUIRE, "this cluster is not configured for dual-stack services");
        }
        if (families.contains("IPv6")) {
            problems.invalid(FAMILIES + "[" + families.indexOf("IPv6") + "]", "IPv6",
                    "not configured on this cluster");
        }
    }

    private static void counts(JsonNode spec, JsonNode old, Problems problems) {
        String policy = Tree.text(spec, "ipFamilyPolicy");
        int addresses = spec.path("clusterIPs").size();
        int families = spec.path("ipFamilies").size();
        if (policy.equals(SINGLE)) {
            if (addresses == 2) {
                problems.invalid(POLICY, policy,
                        "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified");
            }
            if (families == 2) {
                problems.invalid(POLICY, policy,
                        "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified");
            }
            return;
        }
        if (addresses > 0 && addresses < old.path("clusterIPs").size()) {
            problems.invalid(POLICY, policy, "must be 'SingleStack' to release the secondary cluster IP");
        }
        if (families > 0 && families < old.path("ipFamilies").size()) {
            problems.invalid(POLICY, policy, "must be 'SingleStack' to release the secondary IP family");
        }
    }

    /// The fields one by one and against each other.
    static void fields(JsonNode spec, JsonNode old, Problems problems) {
        if (!has(spec)) {
            return;
        }
        List<String> addresses = Tree.texts(spec, "clusterIPs");
        String single = Tree.text(spec, "clusterIP");
        if (single.isEmpty() && !addresses.isEmpty()) {
            problems.invalid(ADDRESSES, spec.path("clusterIPs"), "must be empty when `clusterIP` is not specified");
        } else if (!single.isEmpty() && addresses.isEmpty()) {
            problems.required(ADDRESSES);
        } else if (!single.isEmpty() && !addresses.get(0).equals(single)) {
            problems.invalid(ADDRESSES, spec.path("clusterIPs"), "first value must match `clusterIP`");
        }
        List<String> families = Tree.texts(spec, "ipFamilies");
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < families.size(); i++) {
            if (!Set.of("IPv4", "IPv6").contains(families.get(i))) {
                problems.notSupported(FAMILIES + "[" + i + "]", families.get(i), "IPv4", "IPv6");
            }
            if (!seen.add(families.get(i))) {
                problems.duplicate(FAMILIES + "[" + i + "]", families.get(i));
            }
        }
        problems.oneOfIfSet(spec, "spec", "ipFamilyPolicy", PREFER, REQUIRE, SINGLE);
        if (addresses(spec, old, problems)) {
            stacks(spec, addresses, families, problems);
        }
    }

    /// True when every address is one, or the word for none.
    private static boolean addresses(JsonNode spec, JsonNode old, Problems problems) {
        List<String> addresses = Tree.texts(spec, "clusterIPs");
        boolean good = true;
        for (int i = 0; i < addresses.size(); i++) {
            if (i == 0 && addresses.get(i).equals("None")) {
                if (addresses.size() > 1) {
                    good = false;
                    problems.invalid(ADDRESSES, spec.path("clusterIPs"), "'None' must be the first and only value");
                }
            } else {
                good &= IpFields.address(ADDRESSES + "[" + i + "]", addresses.get(i), Tree.texts(old, "clusterIPs"),
                        problems);
            }
        }
        if (addresses.size() > MAX_ADDRESSES) {
            problems.invalid(ADDRESSES, spec.path("clusterIPs"), "may only hold up to 2 values");
        }
        return good;
    }

    private static void stacks(JsonNode spec, List<String> addresses, List<String> families, Problems problems) {
        long six = addresses.stream().filter(IpAddresses::isV6).count();
        if (addresses.size() > 1 && (six == 0 || six == addresses.size())) {
            problems.invalid(ADDRESSES, spec.path("clusterIPs"), "may specify no more than one IP for each IP family");
        }
        for (int i = 0; i < Math.min(addresses.size(), families.size()) && !headless(spec); i++) {
            String family = families.get(i);
            boolean isSix = IpAddresses.isV6(addresses.get(i));
            if (family.equals("IPv4") && isSix || family.equals("IPv6") && !isSix) {
                problems.invalid(ADDRESSES + "[" + i + "]", addresses.get(i), "expected an " + family
                        + " value as indicated by `ipFamilies[" + i + "]`");
            }
        }
    }

    static void validateUpdate(JsonNode spec, JsonNode old, Problems problems) {
        if (has(spec) && has(old)) {
            addressesStay(spec, old, problems);
            familiesStay(spec, old, problems);
        }
    }

    private static void addressesStay(JsonNode spec, JsonNode old, Problems problems) {
        if (headless(spec) && headless(old)) {
            return;
        }
        List<String> now = Tree.texts(spec, "clusterIPs");
        List<String> before = Tree.texts(old, "clusterIPs");
        if (now.size() < before.size() && now.isEmpty()) {
            problems.invalid(ADDRESSES + "[0]", spec.path("clusterIPs"), "primary clusterIP can not be unset");
        }
        int compared = now.size() == before.size() ? now.size() : Math.min(1, Math.min(now.size(), before.size()));
        for (int i = 0; i < compared; i++) {
            if (!now.get(i).equals(before.get(i))) {
                problems.invalid(ADDRESSES + "[" + i + "]", spec.path("clusterIPs"), "may not change once set");
            }
        }
        if (now.size() == 1 && before.size() > 1) {
            released(spec, "must be set to 'SingleStack' when releasing the secondary clusterIP", problems);
        }
    }

    private static void familiesStay(JsonNode spec, JsonNode old, Problems problems) {
        if (headless(spec) || headless(old)) {
            return;
        }
        List<String> now = Tree.texts(spec, "ipFamilies");
        List<String> before = Tree.texts(old, "ipFamilies");
        if (now.size() < before.size() && spec.path("clusterIPs").isEmpty()) {
            problems.invalid(FAMILIES + "[0]", spec.path("ipFamilies"), "primary ipFamily can not be unset");
        }
        int compared = now.size() == before.size() ? now.size() : Math.min(1, Math.min(now.size(), before.size()));
        for (int i = 0; i < compared; i++) {
            if (!now.get(i).equals(before.get(i))) {
                problems.invalid(FAMILIES + "[0]",
                        spec.path(now.size() == before.size() ? "ipFamilies" : "clusterIPs"),
                        "may not change once set");
            }
        }
        if (now.size() == 1 && before.size() > 1) {
            released(spec, "must be set to 'SingleStack' when releasing the secondary ipFamily", problems);
        }
    }

    private static void released(JsonNode spec, String refusal, Problems problems) {
        String policy = Tree.text(spec, "ipFamilyPolicy");
        if (!policy.equals(SINGLE)) {
            problems.invalid(POLICY, policy.isEmpty() ? "null" : policy, refusal);
        }
    }
}
