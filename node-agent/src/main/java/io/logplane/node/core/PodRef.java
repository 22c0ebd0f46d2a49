package io.logplane.node.core;

/// Which pod: its name for people, its uid for identity (a pod created again under its name is another pod).
public record PodRef(String namespace, String name, String uid) {

    /// Shape: `web-1_default(0f9c…)`, as upstream writes it in messages.
    public String pretty() {
        return name + "_" + namespace + "(" + uid + ")";
    }

    /// Shape: `default_web-1_0f9c…`, the name of its log directory.
    public String directory() {
        return namespace + "_" + name + "_" + uid;
    }
}
