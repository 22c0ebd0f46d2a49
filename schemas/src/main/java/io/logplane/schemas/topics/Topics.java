package io.logplane.schemas.topics;

import static io.logplane.schemas.topics.Component.ADMIN;
import static io.logplane.schemas.topics.Component.CONTROLLERS;
import static io.logplane.schemas.topics.Component.GATEWAY;
import static io.logplane.schemas.topics.Component.MATERIALISER;
import static io.logplane.schemas.topics.Component.NODE_AGENT;
import static io.logplane.schemas.topics.Component.SCHEDULER;
import static io.logplane.schemas.topics.Component.SCHEMA_REGISTRY;

import io.logplane.schemas.model.ObjectKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The list of all topics. Adding one here creates it, its ACLs and its line in the operations page.
///
/// Limits: [#MAX_OBJECT_BYTES] for one object, [#MAX_RECORD_BYTES] for one record (object plus envelope), the same
/// figure in producer, broker, topic and fetch settings.
public final class Topics {
    /// 3 MiB: the request body limit of kube-apiserver; a larger object is refused with 413 before the append.
    public static final int MAX_OBJECT_BYTES = 3 * 1024 * 1024;
    /// An object with its envelope; 1 MiB of room for actor, read set and keys.
    public static final int MAX_RECORD_BYTES = MAX_OBJECT_BYTES + 1024 * 1024;

    private static final String DAY = "86400000";
    private static final String HOUR = "3600000";
    private static final String WEEK = "604800000";
    private static final String MONTH = "2592000000";

    /// The truth: one total order over the whole cluster (DESIGN D1).
    public static final Topic REGISTRY = log("registry", "-1");
    /// Kubernetes Events: noise that expires.
    public static final Topic REGISTRY_EVENTS = log("registry-events", DAY);
    /// Leases: the largest steady write load; only the newest matters.
    public static final Topic REGISTRY_LEASES = log("registry-leases", HOUR);
    /// Accepted state, newest per key, with watermarks.
    public static final Topic STATE = new Topic("state", 1, false,
            with("cleanup.policy", "compact", "max.compaction.lag.ms", DAY, "segment.bytes", "67108864"),
            Set.of(MATERIALISER), Set.of(MATERIALISER, GATEWAY, SCHEDULER, CONTROLLERS, ADMIN));
    /// Wishes of stream processors.
    public static final Topic COMMANDS = new Topic("commands", 1, false,
            with("cleanup.policy", "delete", "retention.ms", WEEK),
            Set.of(SCHEDULER, CONTROLLERS), Set.of(GATEWAY, ADMIN));
    /// What became of commands.
    public static final Topic OUTCOMES = new Topic("outcomes", 1, false,
            with("cleanup.policy", "delete", "retention.ms", WEEK),
            Set.of(GATEWAY), Set.of(SCHEDULER, CONTROLLERS, ADMIN));
    /// What each node has to run.
    public static final Topic BINDINGS = new Topic("bindings", 1, false, with("cleanup.policy", "compact"),
            Set.of(SCHEDULER),
            Set.of(NODE_AGENT, SCHEDULER, ADMIN));
    /// Why each pod went where it went.
    public static final Topic DECISIONS = new Topic("decisions", 1, false,
            with("cleanup.policy", "delete", "retention.ms", "-1"), Set.of(SCHEDULER), Set.of(SCHEDULER, ADMIN));
    /// Signed chain hashes of the logs.
    public static final Topic CHECKPOINTS = new Topic("checkpoints", 1, true,
            with("cleanup.policy", "delete", "retention.ms", "-1"), Set.of(GATEWAY),
            Set.of(GATEWAY, MATERIALISER, ADMIN));
    /// Who asked for what and what was answered: Events of audit.k8s.io/v1 as JSON, when there is an audit policy.
    /// Kept 30 days, as the CIS benchmark asks; room for a request's object and its answer's in one record.
    public static final Topic AUDIT = new Topic("audit", 1, false,
            with("cleanup.policy", "delete", "retention.ms", MONTH), Set.of(GATEWAY), Set.of(ADMIN));
    /// Schemas of the embedded registry, in the layout Confluent's uses.
    public static final Topic SCHEMAS = new Topic("_schemas", 1, true,
            with("cleanup.policy", "compact", "flush.messages", "1"),
            Set.of(SCHEMA_REGISTRY), Set.of(SCHEMA_REGISTRY, ADMIN));

    /// All topics, in flow order.
    public static final List<Topic> ALL = List.of(REGISTRY, REGISTRY_EVENTS, REGISTRY_LEASES, STATE, COMMANDS, OUTCOMES,
            BINDINGS, DECISIONS, CHECKPOINTS, AUDIT, SCHEMAS);
    /// The logs of changes: those with a genesis record, verdicts and revisions.
    public static final List<Topic> LOGS = List.of(REGISTRY, REGISTRY_EVENTS, REGISTRY_LEASES);

    private Topics() {
    }

    /// The routing table of DESIGN D1: in which log the changes of a resource live.
    public static Topic logOf(String group, String resource) {
        if (resource.equals("events")
                && (group.isEmpty() || group.equals(ObjectKey.CORE) || group.equals("events.k8s.io"))) {
            return REGISTRY_EVENTS;
        }
        if (resource.equals("leases") && group.equals("coordination.k8s.io")) {
            return REGISTRY_LEASES;
        }
        return REGISTRY;
    }

    private static Topic log(String name, String retentionMs) {
        return new Topic(name, 1, true,
                with("cleanup.policy", "delete", "retention.ms", retentionMs, "retention.bytes", "-1", "flush.messages",
                        "1",
                        "message.timestamp.type", "LogAppendTime", "unclean.leader.election.enable", "false"),
                Set.of(GATEWAY), Set.of(GATEWAY, MATERIALISER, ADMIN));
    }

    private static Map<String, String> with(String... pairs) {
        Map<String, String> config = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            config.put(pairs[i], pairs[i + 1]);
        }
        config.put("max.message.bytes", Integer.toString(MAX_RECORD_BYTES));
        return config;
    }
}
