package io.logplane.scheduler;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.model.ObjectKey;
import java.nio.charset.StandardCharsets;

/// Objects for tests, written as JSON with single quotes.
public final class Given {

    private Given() {
    }

    public static ObjectKey podKey(String name) {
        return ObjectKey.of("", "pods", "default", name);
    }

    public static ObjectKey nodeKey(String name) {
        return ObjectKey.of("", "nodes", "", name);
    }

    /// A node with 4 cores, 8 GiB and 110 pods; `more` goes into the spec.
    public static byte[] node(String name, String labels, String spec) {
        return node(name, labels, spec, "{'cpu':'4','memory':'8Gi','pods':'110'}");
    }

    public static byte[] node(String name, String labels, String spec, String allocatable) {
        return json("{'kind':'Node','apiVersion':'v1','metadata':{'name':'" + name + "','uid':'" + name
                + "-uid','labels':" + labels + "},'spec':" + spec + ",'status':{'allocatable':" + allocatable + "}}");
    }

    public static byte[] node(String name) {
        return node(name, "{'kubernetes.io/hostname':'" + name + "'}", "{}");
    }

    /// A pod with one container; `requests` and `spec` are JSON objects, the latter merged into the spec.
    public static byte[] pod(String name, String labels, String requests, String spec) {
        ObjectNode pod = Json.object(json("{'kind':'Pod','apiVersion':'v1','metadata':{'name':'" + name
                + "','namespace':'default','uid':'" + name
                + "-uid','creationTimestamp':'2026-11-20T10:00:00Z','labels':"
                + labels + "},'spec':{'schedulerName':'default-scheduler','containers':[{'name':'c','image':'i',"
                + "'resources':{'requests':" + requests + "}}]},'status':{'phase':'Pending'}}"));
        ((ObjectNode) pod.get("spec")).setAll(Json.object(json(spec)));
        return ObjectJson.canonical(pod);
    }

    public static byte[] pod(String name) {
        return pod(name, "{}", "{'cpu':'100m','memory':'100Mi'}", "{}");
    }

    public static byte[] bound(String name, String node) {
        return pod(name, "{}", "{'cpu':'100m','memory':'100Mi'}", "{'nodeName':'" + node + "'}");
    }

    public static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
