package io.logplane.scheduler.core;

import io.logplane.scheduler.Given;
import io.logplane.schemas.model.ObjectKey;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Random records of `state` from a seed: few names and values, so that they meet often.
final class RandomWorld {
    private final Random random;
    /// Newest object per key; what the state is.
    final Map<ObjectKey, byte[]> objects = new TreeMap<>();
    private final int nodes;

    RandomWorld(long seed) {
        random = new Random(seed);
        nodes = 1 + random.nextInt(30);
    }

    /// One change; a removal leaves the key out of `objects`.
    ObjectKey step() {
        int kind = random.nextInt(20);
        if (kind < 6) {
            return change(Given.nodeKey("n" + random.nextInt(nodes)), 8);
        }
        if (kind < 7) {
            return change(ObjectKey.of("", "services", "default", "s" + random.nextInt(2)), 4);
        }
        if (kind < 8 && oneIn(2)) {
            return change(ObjectKey.of("", "namespaces", "", "default"), 4);
        }
        if (kind < 8) {
            return change(ObjectKey.of("apps", "replicasets", "default", "rs" + random.nextInt(2)), 4);
        }
        return change(Given.podKey("p" + random.nextInt(60)), 6);
    }

    private ObjectKey change(ObjectKey key, int removedOneIn) {
        if (random.nextInt(removedOneIn) == 0) {
            objects.remove(key);
        } else {
            objects.put(key, object(key));
        }
        return key;
    }

    private byte[] object(ObjectKey key) {
        return switch (key.resource()) {
            case "nodes" -> node(key.name());
            case "pods" -> pod(key.name(), oneIn(3) ? "" : "n" + random.nextInt(nodes + 1));
            case "namespaces" ->
                Given.json("{'kind':'Namespace','apiVersion':'v1','metadata':{'name':'default','labels':"
                        + "{'team':'" + app() + "'}}}");
            case "services" -> Given.json("{'kind':'Service','apiVersion':'v1','metadata':{'name':'" + key.name()
                    + "'},'spec':{'selector':{'app':'" + app() + "'}}}");
            default -> Given.json("{'kind':'ReplicaSet','apiVersion':'apps/v1','metadata':{'name':'" + key.name()
                    + "'},'spec':{'selector':{'matchExpressions':[{'key':'tier','operator':'In','values':['"
                    + random.nextInt(2) + "']}]}}}");
        };
    }

    /// A pod to place; not part of the state.
    byte[] wanderer(String name) {
        return pod(name, "");
    }

    private byte[] node(String name) {
        StringBuilder labels = new StringBuilder("{'kubernetes.io/hostname':'" + name + "'");
        if (!oneIn(5)) {
            labels.append(",'topology.kubernetes.io/zone':'z").append(random.nextInt(3)).append('\'');
        }
        if (oneIn(2)) {
            labels.append(",'disk':'").append(oneIn(2) ? "ssd" : "7").append('\'');
        }
        String taints = oneIn(3)
                ? "'taints':[{'key':'t" + random.nextInt(2) + "','value':'v','effect':'" + effect() + "'}]"
                : "'taints':[]";
        return Given.node(name, labels + "}", "{" + taints + (oneIn(8) ? ",'unschedulable':true" : "") + "}",
                "{'cpu':'" + (1 + random.nextInt(4)) + "','memory':'" + (1 + random.nextInt(4)) + "Gi','pods':'"
                        + (2 + random.nextInt(9)) + "'" + (oneIn(3) ? ",'example.com/gpu':'2'" : "") + "}");
    }

    private byte[] pod(String name, String node) {
        StringBuilder spec = new StringBuilder("{'priority':" + random.nextInt(3));
        if (!node.isEmpty()) {
            spec.append(",'nodeName':'").append(node).append('\'');
        }
        if (oneIn(4)) {
            spec.append(",'nodeSelector':{'disk':'ssd'}");
        }
        if (oneIn(3)) {
            spec.append(",'tolerations':[{'key':'t").append(random.nextInt(2)).append("','operator':'")
                    .append(oneIn(2) ? "Exists" : "Equal','value':'v").append("'}]");
        }
        spec.append(",'affinity':{");
        if (oneIn(4)) {
            spec.append("'nodeAffinity':{").append(affinity()).append("},");
        }
        if (oneIn(5)) {
            spec.append("'podAffinity':{").append(podAffinity()).append("},");
        }
        spec.append("'podAntiAffinity':{").append(oneIn(5) ? podAffinity() : "").append("}}");
        if (oneIn(2)) {
            spec.append(",'topologySpreadConstraints':[").append(constraint());
            if (oneIn(2)) {
                spec.append(',').append(constraint());
            }
            spec.append(']');
        }
        String requests = "{'cpu':'" + random.nextInt(10) * 100 + "m','memory':'" + random.nextInt(900) + "Mi'"
                + (oneIn(6) ? ",'example.com/gpu':'1'" : "") + "}";
        String containers = ",'containers':[{'name':'c','resources':{'requests':" + (oneIn(5) ? "{}" : requests) + "}"
                + (oneIn(6) ? ",'ports':[{'containerPort':80,'hostPort':80}]" : "") + "}]}";
        byte[] json = Given.pod(name, "{'app':'" + app() + "','tier':'" + random.nextInt(2) + "'}", "{}",
                spec + containers);
        return decorated(new String(json, java.nio.charset.StandardCharsets.UTF_8));
    }

    private byte[] decorated(String json) {
        String done = json;
        if (oneIn(8)) {
            done = done.replace("\"Pending\"", "\"Succeeded\"");
        }
        if (oneIn(8)) {
            done = done.replace("\"labels\"", "\"deletionTimestamp\":\"2026-11-20T10:00:00Z\",\"labels\"");
        }
        if (oneIn(2)) {
            done = done.replace("\"labels\"", "\"ownerReferences\":[{\"kind\":\"ReplicaSet\",\"name\":\"rs"
                    + random.nextInt(2) + "\",\"controller\":true}],\"labels\"");
        }
        return done.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private String affinity() {
        String term = "{'matchExpressions':[{'key':'disk','operator':'" + (oneIn(2) ? "Exists'" : "Gt','values':['5']")
                + "}]}";
        return oneIn(2)
                ? "'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[" + term + "]}"
                : "'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':" + (1 + random.nextInt(9))
                        + ",'preference':" + term + "}]";
    }

    private String podAffinity() {
        String key = oneIn(2) ? "kubernetes.io/hostname" : "topology.kubernetes.io/zone";
        String namespaces = oneIn(4)
                ? ",'namespaceSelector':{'matchLabels':{'team':'" + app() + "'}}"
                : oneIn(6) ? ",'namespaces':['other']" : oneIn(6) ? ",'namespaceSelector':{}" : "";
        String term = "{'topologyKey':'" + key + "','labelSelector':{'matchLabels':{'app':'" + app() + "'}}"
                + (oneIn(5) ? ",'matchLabelKeys':['tier']" : "") + namespaces + "}";
        return oneIn(2)
                ? "'requiredDuringSchedulingIgnoredDuringExecution':[" + term + "]"
                : "'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':" + (1 + random.nextInt(99))
                        + ",'podAffinityTerm':" + term + "}]";
    }

    private String constraint() {
        return "{'maxSkew':" + (1 + random.nextInt(2)) + ",'topologyKey':'"
                + (oneIn(2) ? "kubernetes.io/hostname" : "topology.kubernetes.io/zone") + "','whenUnsatisfiable':'"
                + (oneIn(2) ? "DoNotSchedule" : "ScheduleAnyway") + "','labelSelector':{'matchLabels':{'app':'" + app()
                + "'}}" + (oneIn(4) ? ",'nodeTaintsPolicy':'Honor'" : "")
                + (oneIn(4) ? ",'nodeAffinityPolicy':'Ignore'" : "") + (oneIn(5) ? ",'minDomains':3" : "") + "}";
    }

    private String app() {
        return oneIn(2) ? "web" : "db";
    }

    private String effect() {
        return oneIn(2) ? "PreferNoSchedule" : oneIn(2) ? "NoSchedule" : "NoExecute";
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }
}
