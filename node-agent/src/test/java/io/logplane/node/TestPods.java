package io.logplane.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;

/// Pods for tests, written as JSON with single quotes.
public final class TestPods {

    private TestPods() {
    }

    public static ObjectNode json(String text) {
        return Json.object(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /// A bound pod of namespace default whose spec is given; the uid is `uid-<name>`.
    public static ObjectNode pod(String name, String spec) {
        return json("{'kind':'Pod','apiVersion':'v1','metadata':{'name':'" + name
                + "','namespace':'default','uid':'uid-" + name + "','generation':1},'spec':" + spec
                + ",'status':{'phase':'Pending','qosClass':'BestEffort','conditions':[{'type':'PodScheduled',"
                + "'status':'True','lastProbeTime':null,'lastTransitionTime':'2026-11-20T11:00:00Z'}]}}");
    }

    /// One container `c` of the test image with a shell script.
    public static ObjectNode shell(String name, String script) {
        ObjectNode pod = pod(name, "{'restartPolicy':'Always','terminationGracePeriodSeconds':1,"
                + "'containers':[{'name':'c','image':'logplane.local/busybox:1','imagePullPolicy':'IfNotPresent'}]}");
        ((ObjectNode) pod.at("/spec/containers/0")).putArray("command").add("sh").add("-c").add(script);
        return pod;
    }
}
