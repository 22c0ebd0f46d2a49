package io.logplane.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.node.core.ContainerSpec.EnvVar;
import io.logplane.node.core.ContainerSpec.Mount;
import io.logplane.node.core.Pod.Member;
import io.logplane.node.core.SandboxSpec.Dns;
import io.logplane.node.core.SandboxSpec.Namespaces;
import io.logplane.node.core.SandboxSpec.Processes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;

/// From a pod object to what the runtime is asked for. Pure.
public final class Specs {
    /// The kernel's limit for a host name.
    private static final int MAX_HOSTNAME = 63;

    private Specs() {
    }

    public static SandboxSpec sandbox(Pod pod, int attempt, Facts facts, String logDirectory) {
        boolean privileged = pod.members().stream()
                .anyMatch(m -> m.json().path("securityContext").path("privileged").asBoolean());
        JsonNode context = pod.spec().path("securityContext");
        Map<String, String> sysctls = new LinkedHashMap<>();
        context.path("sysctls").forEach(s -> sysctls.put(s.path("name").asText(), s.path("value").asText()));
        return new SandboxSpec(pod.ref(), attempt, hostname(pod), logDirectory, dns(pod, facts), ports(pod),
                labels(pod), Map.of(Labels.GRACE_SECONDS, Long.toString(pod.graceSeconds())), namespaces(pod),
                new SandboxSpec.Security(privileged, number(context, "runAsUser"), number(context, "runAsGroup"),
                        groups(context)),
                "", sysctls);
    }

    /// `mounts` come from the volumes; `imageUser` is the image's own, for runAsNonRoot.
    public static ContainerSpec container(Pod pod, Member member, int attempt, int backoffStep, List<EnvVar> env,
            List<Mount> mounts, Facts facts) {
        JsonNode json = member.json();
        Map<String, String> names = Environment.map(env);
        Map<String, String> labels = new LinkedHashMap<>(labels(pod));
        labels.put(Labels.CONTAINER_NAME, member.name());
        Map<String, String> annotations = new LinkedHashMap<>();
        annotations.put(Labels.RESTART_COUNT, Integer.toString(attempt));
        annotations.put(Labels.BACKOFF_STEP, Integer.toString(backoffStep));
        String messagePath = json.path("terminationMessagePath").asText("/dev/termination-log");
        mounts.stream().filter(m -> m.containerPath().equals(messagePath)).findFirst()
                .ifPresent(m -> annotations.put(Labels.TERMINATION_MESSAGE, m.hostPath()));
        return new ContainerSpec(pod.ref(), member.name(), attempt, json.path("image").asText(),
                words(json.path("command"), names), words(json.path("args"), names),
                json.path("workingDir").asText(), env, mounts, labels, annotations,
                member.name() + "/" + attempt + ".log", json.path("stdin").asBoolean(),
                json.path("stdinOnce").asBoolean(), json.path("tty").asBoolean(),
                Qos.resources(pod, member.json(), facts.memory()), security(pod, json));
    }

    private static ContainerSpec.Security security(Pod pod, JsonNode json) {
        JsonNode own = json.path("securityContext");
        JsonNode shared = pod.spec().path("securityContext");
        boolean privileged = own.path("privileged").asBoolean();
        OptionalLong user = number(own, "runAsUser");
        OptionalLong group = number(own, "runAsGroup");
        return new ContainerSpec.Security(privileged, own.path("readOnlyRootFilesystem").asBoolean(),
                texts(own.path("capabilities").path("add")), texts(own.path("capabilities").path("drop")),
                user.isPresent() ? user : number(shared, "runAsUser"),
                group.isPresent() ? group : number(shared, "runAsGroup"), groups(shared),
                own.has("allowPrivilegeEscalation") && !own.path("allowPrivilegeEscalation").asBoolean()
                        && !privileged,
                !privileged && own.path("seccompProfile").path("type").asText(shared.path("seccompProfile")
                        .path("type").asText()).equals("RuntimeDefault"),
                namespaces(pod));
    }

    /// Errors: [CannotStart] when the container must not run as root and would. Shape: `imageUser` "" means root.
    public static void requireNonRoot(Pod pod, Member member, PodRuntime.Image image) {
        JsonNode own = member.json().path("securityContext");
        JsonNode shared = pod.spec().path("securityContext");
        boolean wanted = own.path("runAsNonRoot").asBoolean(shared.path("runAsNonRoot").asBoolean());
        if (!wanted) {
            return;
        }
        OptionalLong user = number(own, "runAsUser");
        OptionalLong effective = user.isPresent() ? user : number(shared, "runAsUser");
        if (effective.isPresent()) {
            if (effective.getAsLong() == 0) {
                throw CannotStart.config("container's runAsUser breaks non-root policy (pod: \""
                        + pod.ref().pretty() + "\", container: " + member.name() + ")");
            }
        } else if (image.uid().map(uid -> uid == 0).orElse(image.user().isEmpty())) {
            throw CannotStart.config("container has runAsNonRoot and image will run as root (pod: \""
                    + pod.ref().pretty() + "\", container: " + member.name() + ")");
        } else if (image.uid().isEmpty()) {
            throw CannotStart.config("container has runAsNonRoot and image has non-numeric user (" + image.user()
                    + "), cannot verify user is non-root (pod: \"" + pod.ref().pretty() + "\", container: "
                    + member.name() + ")");
        }
    }

    public static Map<String, String> labels(Pod pod) {
        Map<String, String> labels = new LinkedHashMap<>();
        pod.metadata().path("labels").properties().forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        labels.put(Labels.POD_NAME, pod.name());
        labels.put(Labels.POD_NAMESPACE, pod.namespace());
        labels.put(Labels.POD_UID, pod.uid());
        return labels;
    }

    public static String hostname(Pod pod) {
        String name = pod.spec().path("hostname").asText(pod.name());
        String cut = name.length() > MAX_HOSTNAME ? name.substring(0, MAX_HOSTNAME) : name;
        return cut.replaceAll("[-.]+$", "");
    }

    private static Namespaces namespaces(Pod pod) {
        Processes processes = pod.spec().path("hostPID").asBoolean()
                ? Processes.HOST
                : pod.spec().path("shareProcessNamespace").asBoolean() ? Processes.POD : Processes.CONTAINER;
        return new Namespaces(pod.hostNetwork(), processes, pod.spec().path("hostIPC").asBoolean());
    }

    /// ClusterFirst without a cluster DNS, and Default, give the host's resolver: the runtime copies it.
    private static Dns dns(Pod pod, Facts facts) {
        List<String> servers = new ArrayList<>();
        List<String> searches = new ArrayList<>();
        List<String> options = new ArrayList<>();
        String policy = pod.spec().path("dnsPolicy").asText("ClusterFirst");
        boolean cluster = policy.equals("ClusterFirstWithHostNet")
                || policy.equals("ClusterFirst") && !pod.hostNetwork();
        if (cluster && !facts.clusterDns().isEmpty()) {
            String domain = facts.clusterDomain();
            servers.addAll(facts.clusterDns());
            searches.addAll(List.of(pod.namespace() + ".svc." + domain, "svc." + domain, domain));
            options.add("ndots:5");
        }
        JsonNode own = pod.spec().path("dnsConfig");
        own.path("nameservers").forEach(s -> servers.add(s.asText()));
        own.path("searches").forEach(s -> searches.add(s.asText()));
        own.path("options").forEach(o -> options.add(
                o.path("name").asText() + (o.hasNonNull("value") ? ":" + o.path("value").asText() : "")));
        return new Dns(servers, searches, options);
    }

    private static List<SandboxSpec.PortMapping> ports(Pod pod) {
        List<SandboxSpec.PortMapping> ports = new ArrayList<>();
        if (!pod.hostNetwork()) {
            pod.members().forEach(m -> m.json().path("ports").forEach(p -> {
                if (p.path("hostPort").asInt() > 0) {
                    ports.add(new SandboxSpec.PortMapping(p.path("protocol").asText("TCP"),
                            p.path("containerPort").asInt(), p.path("hostPort").asInt(), p.path("hostIP").asText()));
                }
            }));
        }
        return ports;
    }

    private static List<Long> groups(JsonNode context) {
        List<Long> groups = new ArrayList<>();
        context.path("supplementalGroups").forEach(g -> groups.add(g.asLong()));
        number(context, "fsGroup").ifPresent(groups::add);
        return groups;
    }

    private static OptionalLong number(JsonNode node, String field) {
        return node.path(field).isNumber() ? OptionalLong.of(node.path(field).asLong()) : OptionalLong.empty();
    }

    private static List<String> words(JsonNode array, Map<String, String> env) {
        return texts(array).stream().map(w -> Environment.expand(w, env)).toList();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
    }
}
