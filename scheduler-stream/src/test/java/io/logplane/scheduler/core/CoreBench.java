package io.logplane.scheduler.core;

import io.logplane.scheduler.Given;
import io.logplane.scheduler.plugins.Plugins;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/// Decisions per second in the core. Run: `main` with no arguments; prints one line per case.
final class CoreBench {
    private static final int PODS = 10_000;

    private CoreBench() {
    }

    public static void main(String[] arguments) {
        for (int nodes : new int[]{1_000, 5_000}) {
            run("basic", nodes, i -> Given.pod("p" + i));
            run("default spreading", nodes,
                    i -> Given.pod("p" + i, "{'app':'web'}", "{'cpu':'1m','memory':'1Mi'}", "{}"));
            run("hard zone + host", nodes, i -> Given.pod("p" + i, "{'app':'web'}", "{'cpu':'1m','memory':'1Mi'}",
                    "{'topologySpreadConstraints':[" + spread("topology.kubernetes.io/zone") + ","
                            + spread("kubernetes.io/hostname") + "]}"));
            run("required affinity", nodes, i -> Given.pod("p" + i, "{'app':'web'}", "{'cpu':'1m','memory':'1Mi'}",
                    affinity("podAffinity", "topology.kubernetes.io/zone", "web", "")));
            run("anti-affinity, ns sel.", nodes, i -> Given.pod("p" + i, "{'app':'web" + i % 20 + "'}",
                    "{'cpu':'1m','memory':'1Mi'}",
                    affinity("podAntiAffinity", "kubernetes.io/hostname", "web" + i % 20, ",'namespaceSelector':{}")));
            run("unschedulable", nodes, i -> Given.pod("p" + i, "{}", "{'cpu':'100'}", "{}"));
        }
    }

    private static String affinity(String kind, String key, String app, String namespaces) {
        return "{'affinity':{'" + kind + "':{'requiredDuringSchedulingIgnoredDuringExecution':[{'topologyKey':'" + key
                + "','labelSelector':{'matchLabels':{'app':'" + app + "'}}" + namespaces + "}]}}}";
    }

    private static String spread(String key) {
        return "{'maxSkew':5,'topologyKey':'" + key
                + "','whenUnsatisfiable':'DoNotSchedule','labelSelector':{'matchLabels':{'app':'web'}}}";
    }

    private static void run(String what, int nodes, IntFunction<byte[]> pod) {
        List<byte[]> pods = new ArrayList<>();
        for (int i = 0; i < PODS; i++) {
            pods.add(pod.apply(i));
        }
        long best = Long.MAX_VALUE;
        int placed = 0;
        for (int round = 0; round < 3; round++) {
            Scheduler scheduler = cluster(nodes);
            for (int i = 0; i < PODS; i++) {
                scheduler.put(Given.podKey("p" + i), nodes + i + 1, pods.get(i));
            }
            int[] bound = {0};
            long start = System.nanoTime();
            int tried = scheduler.pass(0, PODS, attempt -> bound[0] += attempt.node().isPresent() ? 1 : 0);
            best = Math.min(best, System.nanoTime() - start);
            placed = bound[0];
            if (tried != PODS) {
                throw new IllegalStateException("tried " + tried);
            }
        }
        System.out.printf(Locale.ROOT, "%-22s %5d nodes: %,8.0f decisions/s, %d of %d placed%n", what, nodes,
                PODS * 1e9 / best, placed, PODS);
    }

    private static Scheduler cluster(int nodes) {
        Scheduler scheduler = new Scheduler(Plugins.ALL);
        for (int i = 0; i < nodes; i++) {
            String name = "node-" + i;
            scheduler.put(Given.nodeKey(name), i + 1, Given.node(name, "{'kubernetes.io/hostname':'" + name
                    + "','topology.kubernetes.io/zone':'zone-" + i % 3 + "'}", "{}"));
        }
        scheduler.put(io.logplane.schemas.model.ObjectKey.of("", "services", "default", "web"), 1,
                Given.json(
                        "{'kind':'Service','apiVersion':'v1','metadata':{'name':'web'},'spec':{'selector':{'app':'web'}}}"));
        return scheduler;
    }
}
