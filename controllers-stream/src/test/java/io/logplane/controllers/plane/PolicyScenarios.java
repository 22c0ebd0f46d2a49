package io.logplane.controllers.plane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.ObjectKey;
import java.time.Duration;
import java.util.List;

/// Scenarios of what limits and protects others.
final class PolicyScenarios {
    private static final List<String> NODES = List.of("n1", "n2");
    private static final ObjectKey SET = ObjectKey.of("apps", "replicasets", "default", "set");
    private static final ObjectKey QUOTA = ObjectKey.of("", "resourcequotas", "default", "q");
    private static final ObjectKey BUDGET = ObjectKey.of("policy", "poddisruptionbudgets", "default", "b");
    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final ObjectKey SUM = ObjectKey.of(RBAC, "clusterroles", "", "sum");
    private static final ObjectKey CLAIM = ObjectKey.of("", "persistentvolumeclaims", "default", "claim");
    private static final ObjectKey VOLUME = ObjectKey.of("", "persistentvolumes", "", "volume");
    private static final ObjectKey ASKED = ObjectKey.of("certificates.k8s.io", "certificatesigningrequests", "",
            "asked");

    private PolicyScenarios() {
    }

    static List<Scenario> all() {
        return List.of(quota(), disruption(), aggregation(), claim(), volume(), cleaner(), definition(), range());
    }

    private static Scenario quota() {
        return new Scenario("resourcequota", NODES, plane -> {
            ObjectNode quota = Objects.object("v1", "ResourceQuota", "default", "q");
            quota.putObject("spec").putObject("hard").put("count/replicasets.apps", "9").put("pods", "10");
            plane.create("", "resourcequotas", quota);
            plane.create("apps", "replicasets", Objects.replicaSet("set", 3));
        }, plane -> plane.edit(SET, set -> set.withObject("/spec").put("replicas", 5)),
                (plane, view) -> plane.get(QUOTA).orElseThrow().at("/status/used").toString().equals(
                        "{\"count/replicasets.apps\":\"1\",\"pods\":\"6\"}"),
                plane -> 0, 0, 0);
    }

    private static Scenario disruption() {
        return new Scenario("disruption", NODES, plane -> {
            ObjectNode budget = Objects.object("policy/v1", "PodDisruptionBudget", "default", "b");
            budget.withObject("/metadata").put("generation", 1);
            ObjectNode spec = budget.putObject("spec").put("maxUnavailable", "25%");
            spec.putObject("selector").putObject("matchLabels").put("app", "set");
            plane.create("policy", "poddisruptionbudgets", budget);
            plane.create("apps", "replicasets", Objects.replicaSet("set", 3));
        }, plane -> plane.edit(SET, set -> set.withObject("/spec").put("replicas", 8)), (plane, view) -> {
            ObjectNode status = (ObjectNode) plane.get(BUDGET).orElseThrow().path("status");
            return status.path("disruptionsAllowed").asInt() == 2 && status.path("currentHealthy").asInt() == 8
                    && status.path("desiredHealthy").asInt() == 6 && status.path("expectedPods").asInt() == 8
                    && status.path("observedGeneration").asInt() == 1;
        }, plane -> 0, 0, 0);
    }

    private static Scenario aggregation() {
        return new Scenario("clusterrole-aggregation", NODES, plane -> {
            ObjectNode sum = role("sum", "none");
            sum.putObject("aggregationRule").putArray("clusterRoleSelectors").addObject().putObject("matchLabels")
                    .put("part", "yes");
            plane.create(RBAC, "clusterroles", sum);
            plane.create(RBAC, "clusterroles", role("one", "yes"));
            plane.create(RBAC, "clusterroles", role("two", "no"));
        }, plane -> plane.create(RBAC, "clusterroles", role("three", "yes")),
                (plane, view) -> plane.get(SUM).orElseThrow().path("rules").toString().equals(
                        "[{\"verbs\":[\"get\"],\"resources\":[\"one\"]},{\"verbs\":[\"get\"],\"resources\":[\"three\"]}]"),
                plane -> 0, 0, 0);
    }

    private static ObjectNode role(String name, String label) {
        ObjectNode role = Objects.object(RBAC + "/v1", "ClusterRole", "", name);
        role.withObject("/metadata").putObject("labels").put("part", label);
        if (!label.equals("none")) {
            ObjectNode rule = role.putArray("rules").addObject();
            rule.putArray("verbs").add("get");
            rule.putArray("resources").add(name);
        }
        return role;
    }

    private static Scenario claim() {
        return new Scenario("pvc-protection", NODES, plane -> {
            ObjectNode claim = Objects.object("v1", "PersistentVolumeClaim", "default", "claim");
            claim.withObject("/metadata").putArray("finalizers").add("kubernetes.io/pvc-protection");
            plane.create("", "persistentvolumeclaims", claim);
            ObjectNode user = Scenarios.ready(Objects.pod("user", "user", "n1"));
            user.withObject("/spec").putArray("volumes").addObject().put("name", "v")
                    .putObject("persistentVolumeClaim").put("claimName", "claim");
            plane.create("", "pods", user);
            plane.delete(CLAIM, "");
        }, plane -> plane.edit(ObjectKey.of("", "pods", "default", "user"), pod -> pod.withObject("/status").put(
                "phase", "Succeeded")), (plane, view) -> plane.get(CLAIM).isEmpty(), plane -> plane.list("",
                        "persistentvolumeclaims").size(),
                0, 1);
    }

    private static Scenario volume() {
        return new Scenario("pv-protection", NODES, plane -> {
            ObjectNode volume = Objects.object("v1", "PersistentVolume", "", "volume");
            volume.withObject("/metadata").putArray("finalizers").add("kubernetes.io/pv-protection");
            volume.putObject("status").put("phase", "Bound");
            plane.create("", "persistentvolumes", volume);
            plane.delete(VOLUME, "");
        }, plane -> plane.edit(VOLUME, volume -> volume.withObject("/status").put("phase", "Released")), (plane,
                view) -> plane.get(VOLUME).isEmpty(), plane -> plane.list("", "persistentvolumes").size(), 0, 1);
    }

    private static Scenario range() {
        String group = "networking.k8s.io";
        ObjectKey address = ObjectKey.of(group, "ipaddresses", "", "10.9.0.7");
        ObjectKey going = ObjectKey.of(group, "servicecidrs", "", "going");
        return new Scenario("service-cidr", NODES, plane -> {
            for (String name : List.of("going", "staying")) {
                ObjectNode range = Objects.object(group + "/v1", "ServiceCIDR", "", name);
                range.putObject("spec").putArray("cidrs").add(name.equals("going") ? "10.9.0.0/24" : "10.8.0.0/24");
                range.withObject("/metadata").putArray("finalizers").add("networking.k8s.io/service-cidr-finalizer");
                plane.create(group, "servicecidrs", range);
            }
            ObjectNode used = Objects.object(group + "/v1", "IPAddress", "", "10.9.0.7");
            used.withObject("/metadata").putObject("labels").put("ipaddress.kubernetes.io/managed-by",
                    "ipallocator.k8s.io");
            plane.create(group, "ipaddresses", used);
            plane.delete(going, "");
        }, plane -> plane.delete(address, ""), (plane, view) -> plane.get(going).isEmpty() && plane.get(ObjectKey.of(
                group, "servicecidrs", "", "staying")).orElseThrow().at("/status/conditions/0/status").asText()
                .equals("True"), plane -> plane.list(group, "servicecidrs").size(), 1, 2);
    }

    private static Scenario definition() {
        String group = "apiextensions.k8s.io";
        ObjectKey first = ObjectKey.of(group, "customresourcedefinitions", "", "widgets.example.com");
        ObjectKey second = ObjectKey.of(group, "customresourcedefinitions", "", "gadgets.example.com");
        return new Scenario("definition", NODES, plane -> {
            plane.create(group, "customresourcedefinitions", definition("widgets", "finalized"));
            plane.create(group, "customresourcedefinitions", definition("gadgets", "waits"));
            plane.create("example.com", "widgets", Objects.object("example.com/v1", "Widget", "default", "w"));
        }, plane -> plane.delete(first, ""), (plane, view) -> plane.get(first).isEmpty() && plane.list("example.com",
                "widgets").isEmpty()
                && plane.get(second).orElseThrow().at("/status/acceptedNames/kind").asText().equals("Widget"),
                plane -> plane.list("example.com", "widgets").size(), 0, 1);
    }

    /// Two that want one kind; the gateway has given it to the first. Shape: as an update leaves it.
    private static ObjectNode definition(String plural, String how) {
        ObjectNode definition = Objects.object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", plural
                + ".example.com");
        definition.withObject("/metadata").putArray("finalizers").add("customresourcecleanup.apiextensions.k8s.io");
        ObjectNode spec = definition.putObject("spec").put("group", "example.com");
        spec.putObject("names").put("plural", plural).put("singular", plural.substring(1)).put("kind", "Widget").put(
                "listKind", "WidgetList");
        if (how.equals("finalized")) {
            ObjectNode status = definition.putObject("status");
            status.set("acceptedNames", spec.path("names").deepCopy());
            for (String type : List.of("NamesAccepted", "Established")) {
                status.withArray("/conditions").addObject().put("type", type).put("status", "True").put(
                        "lastTransitionTime", Scenarios.START.toString());
            }
        }
        return definition;
    }

    private static Scenario cleaner() {
        return new Scenario("csr-cleaner", NODES, plane -> {
            ObjectNode asked = Objects.object("certificates.k8s.io/v1", "CertificateSigningRequest", "", "asked");
            asked.putObject("status").putArray("conditions").addObject().put("type", "Approved").put("status", "True")
                    .put("lastUpdateTime", Scenarios.START.plusSeconds(5).toString());
            plane.create("certificates.k8s.io", "certificatesigningrequests", asked);
        }, plane -> plane.edit(ASKED, asked -> ((ObjectNode) asked.at("/status/conditions/0")).put("lastUpdateTime",
                Scenarios.START.minus(Duration.ofHours(2)).toString())), (plane, view) -> plane.get(ASKED).isEmpty(),
                plane -> plane.list("certificates.k8s.io", "certificatesigningrequests").size(), 0, 1);
    }
}
