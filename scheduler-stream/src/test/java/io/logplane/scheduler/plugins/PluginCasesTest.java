package io.logplane.scheduler.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.scheduler.Given;
import io.logplane.scheduler.core.Attempt;
import io.logplane.scheduler.core.Scheduler;
import io.logplane.schemas.model.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Per plugin a table: a cluster, a pod, and upstream's refusal of one node or the score it gives ("fits" when nothing is refused).
class PluginCasesTest {
    private static final String SMALL = "{'cpu':'100m','memory':'100Mi'}";

    /// One row. `node` is the spec of the only node `n`, `pod` the pod's spec; `want` the reason, or "fits".
    private record Case(String plugin, String name, String node, String pod, String want) {
    }

    private static final List<Case> FILTERS = List.of(
            new Case("NodeUnschedulable", "a cordoned node refuses", "{'unschedulable':true}", "{}",
                    "node(s) were unschedulable"),
            new Case("NodeUnschedulable", "a pod that tolerates it comes in", "{'unschedulable':true}",
                    "{'tolerations':[{'key':'node.kubernetes.io/unschedulable','operator':'Exists'}]}", "fits"),
            new Case("NodeUnschedulable", "an open node takes", "{}", "{}", "fits"),
            new Case("TaintToleration", "a taint refuses", "{'taints':[{'key':'a','value':'b','effect':'NoSchedule'}]}",
                    "{}", "node(s) had untolerated taint {a: b}"),
            new Case("TaintToleration", "NoExecute refuses too", "{'taints':[{'key':'a','effect':'NoExecute'}]}", "{}",
                    "node(s) had untolerated taint {a: }"),
            new Case("TaintToleration", "PreferNoSchedule does not",
                    "{'taints':[{'key':'a','effect':'PreferNoSchedule'}]}", "{}", "fits"),
            new Case("TaintToleration", "equal value and effect tolerate",
                    "{'taints':[{'key':'a','value':'b','effect':'NoSchedule'}]}",
                    "{'tolerations':[{'key':'a','value':'b','effect':'NoSchedule'}]}", "fits"),
            new Case("TaintToleration", "another value does not",
                    "{'taints':[{'key':'a','value':'b','effect':'NoSchedule'}]}",
                    "{'tolerations':[{'key':'a','value':'c'}]}", "node(s) had untolerated taint {a: b}"),
            new Case("TaintToleration", "Exists without key tolerates all",
                    "{'taints':[{'key':'a','value':'b','effect':'NoExecute'}]}",
                    "{'tolerations':[{'operator':'Exists'}]}",
                    "fits"),
            new Case("TaintToleration", "a toleration of another effect does not",
                    "{'taints':[{'key':'a','value':'b','effect':'NoExecute'}]}",
                    "{'tolerations':[{'key':'a','operator':'Exists','effect':'NoSchedule'}]}",
                    "node(s) had untolerated taint {a: b}"),
            new Case("NodeAffinity", "nodeSelector that matches", "{}", "{'nodeSelector':{'disk':'ssd'}}", "fits"),
            new Case("NodeAffinity", "nodeSelector that does not", "{}", "{'nodeSelector':{'disk':'hdd'}}",
                    "node(s) didn't match Pod's node affinity/selector"),
            affinity("In matches", "{'key':'disk','operator':'In','values':['a','ssd']}", true),
            affinity("NotIn refuses", "{'key':'disk','operator':'NotIn','values':['ssd']}", false),
            affinity("NotIn takes a node without the label", "{'key':'none','operator':'NotIn','values':['x']}", true),
            affinity("Exists", "{'key':'disk','operator':'Exists'}", true),
            affinity("DoesNotExist", "{'key':'disk','operator':'DoesNotExist'}", false),
            affinity("Gt is a number", "{'key':'cores','operator':'Gt','values':['9']}", true),
            affinity("Lt is strict", "{'key':'cores','operator':'Lt','values':['16']}", false),
            affinity("Gt of a text matches nothing", "{'key':'disk','operator':'Gt','values':['1']}", false),
            new Case("NodeAffinity", "matchFields on the name", "{}",
                    required("{'matchFields':[{'key':'metadata.name','operator':'In','values':['n']}]}"), "fits"),
            new Case("NodeAffinity", "an empty term matches nothing", "{}", required("{}"),
                    "node(s) didn't match Pod's node affinity/selector"),
            new Case("NodeAffinity", "terms are alternatives", "{}",
                    required("{},{'matchExpressions':[{'key':'disk','operator':'Exists'}]}"), "fits"),
            resources("cpu that is free", "{'cpu':'4'}", "fits"),
            resources("more cpu than there is", "{'cpu':'4001m'}", "Insufficient cpu"),
            resources("memory", "{'memory':'9Gi'}", "Insufficient memory"),
            resources("ephemeral storage", "{'ephemeral-storage':'1'}", "Insufficient ephemeral-storage"),
            resources("an extended resource nobody has", "{'example.com/gpu':'1'}", "Insufficient example.com/gpu"),
            resources("nothing asked of an extended resource", "{'example.com/gpu':'0'}", "fits"),
            new Case("NodeResourcesFit", "the larger of init and main counts", "{}",
                    "{'initContainers':[{'name':'i','resources':{'requests':{'cpu':'5'}}}]}", "Insufficient cpu"),
            new Case("NodeResourcesFit", "an init container runs before the main ones, not beside them", "{}",
                    "{'initContainers':[{'name':'i','resources':{'requests':{'cpu':'4'}}}]}", "fits"),
            new Case("NodeResourcesFit", "a sidecar runs beside them", "{}",
                    "{'initContainers':[{'name':'i','restartPolicy':'Always','resources':{'requests':{'cpu':'4'}}}]}",
                    "Insufficient cpu"),
            new Case("NodeResourcesFit", "an init container runs beside earlier sidecars", "{}",
                    "{'initContainers':[{'name':'s','restartPolicy':'Always','resources':{'requests':{'cpu':'2'}}},"
                            + "{'name':'i','resources':{'requests':{'cpu':'2100m'}}}]}",
                    "Insufficient cpu"),
            new Case("NodeResourcesFit", "overhead is added", "{}", "{'overhead':{'cpu':'3950m'}}", "Insufficient cpu"),
            new Case("NodeResourcesFit", "pod-level requests replace the sum", "{}",
                    "{'resources':{'requests':{'cpu':'5'}}}", "Insufficient cpu"),
            new Case("PodTopologySpread", "a node without the label", "{}",
                    "{'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'rack','whenUnsatisfiable':"
                            + "'DoNotSchedule','labelSelector':{}}]}",
                    "node(s) didn't match pod topology spread constraints (missing required label)"),
            new Case("PodTopologySpread", "with fewer domains than minDomains the smallest count is 0", "{}",
                    "{'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'disk','whenUnsatisfiable':"
                            + "'DoNotSchedule','minDomains':2,'labelSelector':{}}]}",
                    "node(s) didn't match pod topology spread constraints"),
            near("required affinity to a pod that is here", "podAffinity", "other", "fits"),
            near("required affinity to a pod that is nowhere", "podAffinity", "none",
                    "node(s) didn't match pod affinity rules"),
            near("the first of its series may come", "podAffinity", "web", "fits"),
            near("required anti-affinity to a pod that is here", "podAntiAffinity", "other",
                    "node(s) didn't match pod anti-affinity rules"),
            near("required anti-affinity to nobody here", "podAntiAffinity", "none", "fits"),
            new Case("InterPodAffinity", "a placed pod may refuse the incoming one", "{}", "{'hostNetwork':true}",
                    "node(s) didn't satisfy existing pods anti-affinity rules"),
            new Case("NodePorts", "a taken port", "{}", port("'hostPort':80"),
                    "node(s) didn't have free ports for the requested pod ports"),
            new Case("NodePorts", "the same port of another protocol", "{}", port("'hostPort':80,'protocol':'UDP'"),
                    "fits"),
            new Case("NodePorts", "a taken port on one address", "{}", port("'hostPort':80,'hostIP':'10.0.0.1'"),
                    "node(s) didn't have free ports for the requested pod ports"),
            new Case("NodePorts", "a free port", "{}", port("'hostPort':81"), "fits"));

    @TestFactory
    Stream<DynamicTest> filters_refuse_what_upstream_refuses() {
        return FILTERS.stream().map(each -> DynamicTest.dynamicTest(each.plugin() + ": " + each.name(), () -> {
            Map<ObjectKey, byte[]> objects = new LinkedHashMap<>();
            objects.put(Given.nodeKey("n"), Given.node("n",
                    "{'kubernetes.io/hostname':'n','disk':'ssd','cores':'16'}", each.node()));
            if (each.plugin().equals("NodePorts") || each.name().contains("minDomains")) {
                objects.put(Given.podKey("other"), Given.pod("other", "{}", "{}",
                        "{'nodeName':'n','containers':[{'name':'c','ports':[{'hostPort':80}]}]}"));
            }
            if (each.plugin().equals("InterPodAffinity")) {
                boolean shy = each.name().contains("placed pod");
                objects.put(Given.podKey("other"), Given.pod("other", "{'app':'other'}", "{}",
                        shy
                                ? affine("podAntiAffinity", "web").replace("}]}}}", "}]}},'nodeName':'n'}")
                                : "{'nodeName':'n'}"));
            }
            Attempt attempt = attempt(objects, Given.pod("p", "{'app':'web'}", SMALL, each.pod()));
            List<String> got = attempt.refusals().stream()
                    .map(refusal -> refusal.plugin() + ": " + refusal.reason()).toList();
            assertThat(got).isEqualTo(
                    each.want().equals("fits") ? List.of() : List.of(each.plugin() + ": " + each.want()));
            assertThat(attempt.node().isPresent()).isEqualTo(each.want().equals("fits"));
        }));
    }

    /// One row of scores: the node that must win of `a` and `b`, and the weighted score the plugin gives it.
    private record Score(String plugin, String name, byte[] a, byte[] b, byte[] pod, String winner, long score) {
    }

    private static final List<Score> SCORES = List.of(
            new Score("NodeResourcesFit", "the emptier node is better", Given.node("a"),
                    Given.node("b", "{}", "{}", "{'cpu':'8','memory':'16Gi','pods':'9'}"),
                    pod("{'cpu':'2','memory':'4Gi'}", "{}"),
                    "b", 75),
            new Score("NodeResourcesFit", "pods that ask for nothing count as 100m and 200Mi", Given.node("a"),
                    Given.node("b", "{}", "{}", "{'cpu':'400m','memory':'800Mi','pods':'9'}"), pod("{}", "{}"), "a",
                    97),
            new Score("NodeResourcesBalancedAllocation", "cpu and memory used to the same degree",
                    Given.node("a", "{}", "{}", "{'cpu':'4','memory':'8Gi','pods':'9'}"),
                    Given.node("b", "{}", "{}", "{'cpu':'4','memory':'4Gi','pods':'9'}"),
                    pod("{'cpu':'2','memory':'4Gi'}", "{}"),
                    "a", 100),
            new Score("TaintToleration", "fewer PreferNoSchedule taints are better",
                    Given.node("a", "{}", "{'taints':[{'key':'x','effect':'PreferNoSchedule'}]}"), Given.node("b"),
                    pod(SMALL, "{}"), "b", 300),
            new Score("NodeAffinity", "the preferred node is better", Given.node("a", "{'disk':'ssd'}", "{}"),
                    Given.node("b"),
                    pod(SMALL, "{'affinity':{'nodeAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':"
                            + "[{'weight':5,'preference':{'matchExpressions':[{'key':'disk','operator':'Exists'}]}}]}}}"),
                    "a", 200),
            new Score("PodTopologySpread", "a node that lacks the label gets nothing", Given.node("a"),
                    Given.node("b", "{}", "{}"), pod(SMALL, "{'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':"
                            + "'kubernetes.io/hostname','whenUnsatisfiable':'ScheduleAnyway','labelSelector':{}}]}"),
                    "a", 200));

    @TestFactory
    Stream<DynamicTest> scores_prefer_what_upstream_prefers() {
        return SCORES.stream().map(each -> DynamicTest.dynamicTest(each.plugin() + ": " + each.name(), () -> {
            Map<ObjectKey, byte[]> objects = new LinkedHashMap<>();
            objects.put(Given.nodeKey("a"), each.a());
            objects.put(Given.nodeKey("b"), each.b());
            Attempt attempt = attempt(objects, each.pod());
            assertThat(attempt.node()).contains(each.winner());
            assertThat(attempt.best().getFirst().byPlugin()).containsEntry(each.plugin(), each.score());
        }));
    }

    @TestFactory
    Stream<DynamicTest> pods_of_one_controller_spread_over_zones_and_hosts_by_default() {
        return Stream.of("services", "replicasets").map(owner -> DynamicTest.dynamicTest(owner, () -> {
            Scheduler scheduler = new Scheduler(Plugins.ALL);
            for (int i = 0; i < 6; i++) {
                scheduler.put(Given.nodeKey("n" + i), 1, Given.node("n" + i, "{'kubernetes.io/hostname':'n" + i
                        + "','topology.kubernetes.io/zone':'z" + i % 2 + "'}", "{}"));
            }
            boolean service = owner.equals("services");
            scheduler.put(ObjectKey.of(service ? "" : "apps", owner, "default", "web"), 2, Given.json(service
                    ? "{'spec':{'selector':{'app':'web'}}}"
                    : "{'spec':{'selector':{'matchLabels':{'app':'web'}}}}"));
            for (int i = 0; i < 6; i++) {
                String json = new String(Given.pod("p" + i, "{'app':'web'}", SMALL, "{}"),
                        java.nio.charset.StandardCharsets.UTF_8);
                scheduler.put(Given.podKey("p" + i), 3 + i, json.replace("\"labels\"",
                        "\"ownerReferences\":[{\"kind\":\"ReplicaSet\",\"name\":\"web\",\"controller\":true}],\"labels\"")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            List<String> nodes = new ArrayList<>();
            scheduler.pass(0, 10, attempt -> nodes.add(attempt.node().orElse("")));
            assertThat(nodes).containsExactlyInAnyOrder("n0", "n1", "n2", "n3", "n4", "n5");
        }));
    }

    private static Attempt attempt(Map<ObjectKey, byte[]> objects, byte[] pod) {
        Scheduler scheduler = new Scheduler(Plugins.ALL);
        objects.forEach((key, json) -> scheduler.put(key, 1, json));
        scheduler.put(Given.podKey("p"), 2, pod);
        List<Attempt> attempts = new ArrayList<>();
        scheduler.pass(0, 10, attempts::add);
        return attempts.getFirst();
    }

    private static byte[] pod(String requests, String spec) {
        return Given.pod("p", "{}", requests, spec);
    }

    private static Case affinity(String name, String expression, boolean fits) {
        return new Case("NodeAffinity", name, "{}", required("{'matchExpressions':[" + expression + "]}"),
                fits ? "fits" : "node(s) didn't match Pod's node affinity/selector");
    }

    private static Case near(String name, String kind, String app, String want) {
        return new Case("InterPodAffinity", name, "{}", affine(kind, app), want);
    }

    private static String affine(String kind, String app) {
        return "{'affinity':{'" + kind + "':{'requiredDuringSchedulingIgnoredDuringExecution':[{'topologyKey':"
                + "'kubernetes.io/hostname','labelSelector':{'matchLabels':{'app':'" + app + "'}}}]}}}";
    }

    private static String required(String terms) {
        return "{'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':["
                + terms + "]}}}}";
    }

    private static Case resources(String name, String requests, String want) {
        return new Case("NodeResourcesFit", name, "{}",
                "{'containers':[{'name':'c','resources':{'requests':" + requests + "}}]}", want);
    }

    private static String port(String port) {
        return "{'containers':[{'name':'c','ports':[{'containerPort':80," + port + "}]}]}";
    }
}
