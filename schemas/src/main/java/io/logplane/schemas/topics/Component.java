package io.logplane.schemas.topics;

/// A part of Logplane that talks to Kafka; each has one certificate and one Kafka principal.
///
/// Shape: the principal is `User:CN=<name>`; a gateway's certificate carries the same CN whatever its instance.
public enum Component {
    /// Serves the Kubernetes API; the only one that may write the registry logs.
    GATEWAY("logplane-gateway"),
    /// Replays the registry logs and publishes `state`.
    MATERIALISER("logplane-materialiser"),
    /// Decides where pods run.
    SCHEDULER("logplane-scheduler"),
    /// Runs the controllers.
    CONTROLLERS("logplane-controllers"),
    /// Runs pods on a node.
    NODE_AGENT("logplane-node-agent"),
    /// Keeps schemas.
    SCHEMA_REGISTRY("logplane-schema-registry"),
    /// A person with the administrator's certificate: reads everything, writes nothing.
    ADMIN("logplane-admin"),
    /// The broker itself, creator of topics and ACLs: the only super user.
    BROKER("logplane-broker");

    private final String commonName;

    Component(String commonName) {
        this.commonName = commonName;
    }

    public String commonName() {
        return commonName;
    }

    public String principal() {
        return "User:CN=" + commonName;
    }
}
