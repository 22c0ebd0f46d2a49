package io.logplane.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.scheduler.Given;
import io.logplane.scheduler.plugins.Plugins;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The indexed scheduler and the slow reference must agree on random clusters; the seed of a disagreement is in its message.
class AgainstReferenceTest {
    /// Enough that each of thirteen planted errors was found (the rarest at seed 557), in about ten seconds.
    private static final int SEEDS = 600;
    private static final int STEPS = 120;

    @Test
    void same_refusals_same_scores_same_winner_after_any_history() {
        int placed = 0;
        int refused = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomWorld world = new RandomWorld(seed);
            Scheduler scheduler = new Scheduler(Plugins.ALL);
            long revision = 0;
            for (int i = 0; i < STEPS; i++) {
                feed(scheduler, world, world.step(), ++revision);
                if (i % 10 == 0) {
                    // Asking now and then makes the running counts exist while the cluster goes on changing.
                    new Decider(Plugins.ALL).decide(scheduler.cluster(), wanderer(world, i));
                }
            }
            for (int i = 0; i < 3; i++) {
                PodInfo pod = wanderer(world, STEPS + i);
                if (compare(seed, reference(world), scheduler.cluster(), pod).isEmpty()) {
                    refused++;
                } else {
                    placed++;
                }
            }
        }
        assertThat(placed).as("pods that found a node").isGreaterThan(SEEDS / 2);
        assertThat(refused).as("pods that found none").isGreaterThan(SEEDS / 2);
    }

    @Test
    void the_order_in_which_records_of_different_objects_arrive_does_not_matter() {
        for (long seed = 0; seed < 300; seed++) {
            RandomWorld world = new RandomWorld(seed);
            for (int i = 0; i < STEPS; i++) {
                world.step();
            }
            PodInfo pod = wanderer(world, 0);
            List<ObjectKey> keys = new ArrayList<>(world.objects.keySet());
            Attempt sorted = decide(world, keys, pod);
            Collections.shuffle(keys, new Random(seed));
            assertThat(decide(world, keys, pod)).as("seed %d", seed).isEqualTo(sorted);
        }
    }

    @Test
    void a_large_cluster_is_sampled_the_same_whatever_order_its_nodes_came_in() {
        RandomWorld world = new RandomWorld(1);
        for (int i = 0; i < 300; i++) {
            world.objects.put(Given.nodeKey("n" + i),
                    Given.node("n" + i, "{'topology.kubernetes.io/zone':'z" + i % 3 + "'}", "{}"));
        }
        List<ObjectKey> keys = new ArrayList<>(world.objects.keySet());
        for (int i = 0; i < 20; i++) {
            PodInfo pod = new PodReader().read("/core/pods/default/p" + i, 1, Json.object(Given.pod("p" + i)));
            Attempt before = decide(world, keys, pod);
            assertThat(before.considered()).as("a sample").isLessThan(300);
            Collections.shuffle(keys, new Random(i));
            assertThat(decide(world, keys, pod)).isEqualTo(before);
        }
    }

    @Test
    void the_same_records_give_the_same_attempts_whole_passes_long() {
        for (long seed = 0; seed < 100; seed++) {
            assertThat(attempts(seed)).as("seed %d", seed).isEqualTo(attempts(seed));
        }
    }

    private static List<Attempt> attempts(long seed) {
        RandomWorld world = new RandomWorld(seed);
        Scheduler scheduler = new Scheduler(Plugins.ALL);
        List<Attempt> attempts = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            feed(scheduler, world, world.step(), i + 1);
            scheduler.pass(i * 500L, 100, attempts::add);
        }
        return attempts;
    }

    private static Attempt decide(RandomWorld world, List<ObjectKey> keys, PodInfo pod) {
        Scheduler scheduler = new Scheduler(Plugins.ALL);
        keys.forEach(key -> feed(scheduler, world, key, 1));
        return new Decider(Plugins.ALL).decide(scheduler.cluster(), pod);
    }

    private static void feed(Scheduler scheduler, RandomWorld world, ObjectKey key, long revision) {
        byte[] json = world.objects.get(key);
        if (json == null) {
            scheduler.removed(key);
        } else {
            scheduler.put(key, revision, json);
        }
    }

    private static PodInfo wanderer(RandomWorld world, int number) {
        return new PodReader().read("/core/pods/default/w" + number, 1_000_000,
                Json.object(world.wanderer("w" + number)));
    }

    private static NaiveReference reference(RandomWorld world) {
        List<NodeSpec> nodes = new ArrayList<>();
        Map<PodInfo, String> placed = new LinkedHashMap<>();
        List<NaiveReference.OwnerSelector> owners = new ArrayList<>();
        Map<String, String> namespaceLabels = new TreeMap<>();
        world.objects.forEach((key, json) -> {
            switch (key.resource()) {
                case "nodes" -> nodes.add(NodeReader.read(key.name(), 1, Json.object(json)));
                case "pods" -> {
                    PodInfo pod = new PodReader().read(key.text(), 1, Json.object(json));
                    if (!pod.node().isEmpty() && !pod.terminal()) {
                        placed.put(pod, pod.node());
                    }
                }
                case "namespaces" -> namespaceLabels
                        .putAll(SelectorReader.strings(Json.object(json).at("/metadata/labels")));
                case "services" -> owners.add(new NaiveReference.OwnerSelector("Service", key.namespace(), key.name(),
                        SelectorReader.mapSelector(Json.object(json).at("/spec/selector"))));
                default -> owners.add(new NaiveReference.OwnerSelector("ReplicaSet", key.namespace(), key.name(),
                        SelectorReader.labelSelector(Json.object(json).at("/spec/selector"))));
            }
        });
        return new NaiveReference(nodes, placed, owners, namespaceLabels);
    }

    /// Answers the winner, "" for none.
    private static String compare(long seed, NaiveReference reference, Cluster cluster, PodInfo pod) {
        NaiveReference.Answer expected = reference.decide(pod);
        Attempt attempt = new Decider(Plugins.ALL).decide(cluster, pod);
        Map<String, Integer> refusals = new TreeMap<>();
        attempt.refusals().forEach(each -> refusals.put(each.plugin() + ": " + each.reason(), each.nodes()));
        assertThat(refusals).as("seed %d refusals", seed).isEqualTo(expected.refusals());
        assertThat(attempt.node().orElse("")).as("seed %d winner", seed).isEqualTo(expected.winner());
        for (Attempt.Scored best : attempt.best()) {
            assertThat(best.byPlugin()).as("seed %d scores of %s", seed, best.node())
                    .isEqualTo(expected.scores().get(best.node()));
        }
        return expected.winner();
    }
}
