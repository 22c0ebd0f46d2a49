package io.logplane.controllers.plane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Conditions;
import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One scenario for every controller of the list.
public final class Scenarios {
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LONG_ALIVE = START.plusSeconds(86_400);
    private static final ObjectKey WEB = ObjectKey.of("apps", "deployments", "default", "web");
    private static final ObjectKey SET = ObjectKey.of("apps", "replicasets", "default", "set");
    private static final List<String> NODES = List.of("n1", "n2");

    private Scenarios() {
    }

    public static Map<String, Scenario> byController() {
        Map<String, Scenario> all = new TreeMap<>();
        for (Scenario scenario : List.of(deployment(), replicaSet(), namespace(), serviceAccount(), rootCa(),
                collector(),
                nodeLifecycle(), taintEviction(), podGarbage(), endpointSlice())) {
            all.put(scenario.controller(), scenario);
        }
        PolicyScenarios.all().forEach(scenario -> all.put(scenario.controller(), scenario));
        return all;
    }

    /// Things no controller may ever touch.
    public static void foreign(Plane plane) {
        plane.create("", "namespaces", Objects.namespace("default"));
        plane.create("", "configmaps", Objects.object("v1", "ConfigMap", "default", "mine"));
        plane.create("apps", "statefulsets", Objects.object("apps/v1", "StatefulSet", "default", "other"));
        for (String node : NODES) {
            plane.create("", "nodes", Objects.readyNode(node, LONG_ALIVE));
        }
        plane.create("", "pods", ready(Objects.pod("stranger", "nobody", "n1")));
    }

    public static List<ObjectKey> foreignKeys() {
        return List.of(ObjectKey.of("", "pods", "default", "stranger"),
                ObjectKey.of("", "configmaps", "default", "mine"),
                ObjectKey.of("apps", "statefulsets", "default", "other"));
    }

    static ObjectNode ready(ObjectNode pod) {
        ObjectNode status = pod.putObject("status").put("phase", "Running");
        Conditions.put(status, io.logplane.schemas.model.Json.newObject().put("type", "Ready").put("status", "True")
                .put("lastTransitionTime", START.toString()));
        return pod;
    }

    private static Scenario deployment() {
        return new Scenario("deployment", NODES, plane -> plane.create("apps", "deployments",
                Objects.deployment("web", 4, "web:1")), plane -> plane.edit(WEB, web -> {
                    Objects.image(web, "web:2");
                    web.withObject("/spec").put("replicas", 6);
                }), (plane, view) -> {
                    ObjectNode status = (ObjectNode) plane.get(WEB).orElseThrow().path("status");
                    return status.path("updatedReplicas").asInt() == 6 && status.path("replicas").asInt() == 6
                            && status.path("availableReplicas").asInt() == 6 && pods(plane, "web") == 6;
                }, plane -> specified(plane), 4, 8);
    }

    private static Scenario replicaSet() {
        return new Scenario("replicaset", NODES,
                plane -> plane.create("apps", "replicasets", Objects.replicaSet("set", 5)), plane -> {
                    List<ObjectNode> pods = plane.list("", "pods");
                    plane.delete(ObjectKey.of("", "pods", "default", name(pods.getFirst())), "");
                    plane.edit(SET, set -> set.withObject("/spec").put("replicas", 3));
                }, (plane, view) -> pods(plane, "set") == 3
                        && plane.get(SET).orElseThrow().at("/status/availableReplicas").asInt() == 3,
                plane -> pods(plane, "set"), 3, 5);
    }

    private static Scenario namespace() {
        return new Scenario("namespace", NODES, plane -> {
            plane.create("", "namespaces", Objects.namespace("gone"));
            plane.create("", "configmaps", Objects.object("v1", "ConfigMap", "gone", "a"));
            plane.create("example.com", "widgets", Objects.object("example.com/v1", "Widget", "gone", "w"));
            ObjectNode pod = Objects.pod("p", "p", "n1");
            pod.withObject("/metadata").put("namespace", "gone");
            plane.create("", "pods", pod);
        }, plane -> plane.delete(ObjectKey.of("", "namespaces", "", "gone"), ""),
                (plane, view) -> plane.keys().stream().noneMatch(
                        key -> key.namespace().equals("gone") || key.name().equals("gone")),
                plane -> 0, 0, 0);
    }

    private static Scenario serviceAccount() {
        ObjectKey account = ObjectKey.of("", "serviceaccounts", "a", "default");
        return new Scenario("serviceaccount", NODES, plane -> plane.create("", "namespaces", Objects.namespace("a")),
                plane -> plane.delete(account, ""), (plane, view) -> plane.get(account).isPresent(),
                plane -> plane.list("", "serviceaccounts").size(), 1, 2);
    }

    private static Scenario rootCa() {
        ObjectKey map = ObjectKey.of("", "configmaps", "a", "kube-root-ca.crt");
        return new Scenario("root-ca", NODES, plane -> plane.create("", "namespaces", Objects.namespace("a")),
                plane -> plane.edit(map, object -> object.withObject("/data").put("ca.crt", "forged")),
                (plane, view) -> plane.get(map).filter(object -> object.path("data").path("ca.crt").asText()
                        .equals(Simulation.SETTINGS.rootCaPem())).isPresent(),
                plane -> plane.list("", "configmaps").size(), 3, 3);
    }

    private static Scenario collector() {
        ObjectKey owner = ObjectKey.of("example.com", "widgets", "default", "owner");
        return new Scenario("garbage-collector", NODES, plane -> {
            plane.create("example.com", "widgets", Objects.object("example.com/v1", "Widget", "default", "owner"));
            String uid = plane.get(owner).orElseThrow().at("/metadata/uid").asText();
            owned(plane, "child", uid, true);
            String child = plane.get(ObjectKey.of("", "configmaps", "default", "child")).orElseThrow()
                    .at("/metadata/uid").asText();
            owned(plane, "grandchild", child, true);
            owned(plane, "late", "never-was", false);
        }, plane -> plane.delete(owner, "Foreground"), (plane, view) -> plane.get(owner).isEmpty()
                && List.of("child", "grandchild", "late").stream()
                        .allMatch(name -> plane.get(ObjectKey.of("", "configmaps", "default", name)).isEmpty()),
                plane -> 0, 0, 0);
    }

    private static void owned(Plane plane, String name, String uid, boolean blocks) {
        ObjectNode map = Objects.object("v1", "ConfigMap", "default", name);
        map.withObject("/metadata").putArray("ownerReferences").addObject().put("apiVersion", "example.com/v1")
                .put("kind", "Widget").put("name", "owner").put("uid", uid).put("blockOwnerDeletion", blocks);
        plane.create("", "configmaps", map);
    }

    private static Scenario nodeLifecycle() {
        ObjectKey node = ObjectKey.of("", "nodes", "", "silent");
        return new Scenario("node-lifecycle", NODES, plane -> {
            plane.create("", "nodes", Objects.readyNode("silent", START.minusSeconds(3600)));
            ObjectNode pod = ready(Objects.pod("on-silent", "on-silent", "silent"));
            pod.withObject("/spec").putArray("tolerations").addObject().put("operator", "Exists");
            plane.create("", "pods", pod);
        }, plane -> plane.edit(node, object -> object.withObject("/spec").put("unschedulable", true)),
                (plane, view) -> {
                    ObjectNode object = plane.get(node).orElseThrow();
                    return Conditions.status(object.path("status"), "Ready").equals("Unknown")
                            && object.at("/spec/taints").size() == 3;
                }, plane -> 0, 0, 0);
    }

    private static Scenario taintEviction() {
        ObjectKey node = ObjectKey.of("", "nodes", "", "n1");
        return new Scenario("taint-eviction", NODES, plane -> {
            plane.create("", "pods", ready(Objects.pod("weak", "weak", "n1")));
            ObjectNode strong = ready(Objects.pod("strong", "strong", "n1"));
            strong.withObject("/spec").putArray("tolerations").addObject().put("operator", "Exists");
            plane.create("", "pods", strong);
            plane.edit(ObjectKey.of("", "pods", "default", "stranger"), pod -> pod.withObject("/spec")
                    .putArray("tolerations").addObject().put("key", "maintenance").put("operator", "Exists"));
        }, plane -> plane.edit(node, object -> object.withObject("/spec").putArray("taints").addObject()
                .put("key", "maintenance").put("effect", "NoExecute")),
                (plane, view) -> pods(plane, "weak") == 0 && pods(plane, "strong") == 1, plane -> 0, 0, 0);
    }

    private static Scenario podGarbage() {
        return new Scenario("pod-garbage", NODES, plane -> {
            plane.create("", "nodes", Objects.readyNode("lost", LONG_ALIVE));
            plane.create("", "pods", ready(Objects.pod("orphaned", "orphaned", "lost")));
        }, plane -> plane.delete(ObjectKey.of("", "nodes", "", "lost"), ""),
                (plane, view) -> pods(plane, "orphaned") == 0, plane -> 0, 0, 0);
    }

    private static Scenario endpointSlice() {
        ObjectKey service = ObjectKey.of("", "services", "default", "svc");
        return new Scenario("endpointslice", NODES, plane -> {
            ObjectNode object = Objects.object("v1", "Service", "default", "svc");
            ObjectNode spec = object.putObject("spec");
            spec.putObject("selector").put("app", "set");
            spec.putArray("ports").addObject().put("name", "http").put("port", 80).put("targetPort", 8080)
                    .put("protocol", "TCP");
            plane.create("", "services", object);
            plane.create("apps", "replicasets", Objects.replicaSet("set", 3));
        }, plane -> plane.edit(SET, set -> set.withObject("/spec").put("replicas", 2)),
                (plane, view) -> plane.list("discovery.k8s.io", "endpointslices").stream()
                        .filter(slice -> slice.at("/metadata/labels/kubernetes.io~1service-name").asText()
                                .equals(service.name()))
                        .mapToInt(slice -> slice.path("endpoints").size()).sum() == 2,
                plane -> plane.list("discovery.k8s.io", "endpointslices").size(), 1, 1);
    }

    static int pods(Plane plane, String app) {
        return (int) plane.list("", "pods").stream()
                .filter(pod -> pod.at("/metadata/labels/app").asText().equals(app))
                .filter(pod -> !pod.path("metadata").has("deletionTimestamp")).count();
    }

    private static int specified(Plane plane) {
        return plane.list("apps", "replicasets").stream().mapToInt(set -> set.at("/spec/replicas").asInt()).sum();
    }

    private static String name(ObjectNode object) {
        return object.at("/metadata/name").asText();
    }
}
