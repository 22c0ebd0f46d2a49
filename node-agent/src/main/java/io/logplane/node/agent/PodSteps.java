package io.logplane.node.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.node.core.Action;
import io.logplane.node.core.CannotStart;
import io.logplane.node.core.Container;
import io.logplane.node.core.ContainerSpec;
import io.logplane.node.core.Environment;
import io.logplane.node.core.Pod;
import io.logplane.node.core.Pod.Member;
import io.logplane.node.core.PodEvent;
import io.logplane.node.core.PodObserved;
import io.logplane.node.core.PodRuntime;
import io.logplane.node.core.PodRuntime.RuntimeFault;
import io.logplane.node.core.Sandbox;
import io.logplane.node.core.SandboxSpec;
import io.logplane.node.core.Sources;
import io.logplane.node.core.Specs;
import io.logplane.node.http.GatewayClient;
import io.logplane.schemas.model.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Carries out what a pass decided for one pod.
/// Thread: one pass at a time. Errors: [CannotStart] with upstream's reason.
final class PodSteps {
    private final Node node;
    private final SourceReader reader;
    private final EventSender events;

    PodSteps(Node node, EventSender events) {
        this.node = node;
        this.events = events;
        this.reader = new SourceReader(node);
    }

    /// Volumes first: a sandbox without its volumes would only wait.
    void runSandbox(Pod pod, int attempt) {
        node.storage().prepare(pod, reader.read(pod), node.facts());
        try {
            node.runtime().runSandbox(sandbox(pod, attempt));
        } catch (RuntimeFault fault) {
            throw new CannotStart("FailedCreatePodSandBox", "Failed to create pod sandbox: " + fault.getMessage());
        }
    }

    /// Brings config volumes of a running pod up to date.
    void refresh(Pod pod) {
        node.storage().prepare(pod, reader.read(pod), node.facts());
    }

    void start(Pod pod, PodObserved observed, Action.StartContainer start) {
        PodRuntime.Image image = image(pod, start.member());
        Specs.requireNonRoot(pod, start.member(), image);
        Optional<Sandbox> sandbox = observed.sandboxes().stream().filter(s -> s.id().equals(start.sandboxId()))
                .findFirst();
        List<String> ips = pod.hostNetwork()
                ? node.facts().hostIps()
                : sandbox.map(Sandbox::ips).orElse(List.of());
        Sources sources = reader.read(pod);
        Map<String, String> volumes = node.storage().prepare(pod, sources, node.facts());
        List<ContainerSpec.EnvVar> env = Environment.of(pod, start.member().json(), sources, node.facts(), ips);
        Map<String, String> names = new LinkedHashMap<>();
        env.forEach(e -> names.put(e.name(), e.value()));
        ContainerSpec spec = Specs.container(pod, start.member(), start.attempt(), start.backoffStep(), env,
                node.storage().mounts(pod, start.member(), start.attempt(), volumes, names, ips), node.facts());
        String id = create(start.sandboxId(), sandbox(pod, sandbox.map(Sandbox::attempt).orElse(0)), targeting(spec,
                start, observed));
        events.tell(pod, PodEvent.created(start.member()));
        try {
            node.runtime().startContainer(id);
            events.tell(pod, PodEvent.started(start.member()));
        } catch (RuntimeFault fault) {
            throw new CannotStart("RunContainerError", "failed to start container \"" + id + "\": "
                    + fault.getMessage());
        }
    }

    /// An ephemeral container may name one whose processes it wants to see.
    private static ContainerSpec targeting(ContainerSpec spec, Action.StartContainer start, PodObserved observed) {
        String target = start.member().json().path("targetContainerName").asText();
        return target.isEmpty()
                ? spec
                : spec.inside(observed.newestIn(start.sandboxId(), target).filter(Container::running).orElseThrow(
                        () -> CannotStart.config("target container \"" + target + "\" does not run")).id());
    }

    private String create(String sandboxId, SandboxSpec sandbox, ContainerSpec spec) {
        try {
            return node.runtime().createContainer(sandboxId, sandbox, spec);
        } catch (RuntimeFault fault) {
            throw new CannotStart("CreateContainerError", String.valueOf(fault.getMessage()));
        }
    }

    private SandboxSpec sandbox(Pod pod, int attempt) {
        return Specs.sandbox(pod, attempt, node.facts(), node.storage().logDirectory(pod.ref()));
    }

    private PodRuntime.Image image(Pod pod, Member member) {
        ObjectNode container = member.json();
        String reference = container.path("image").asText();
        String policy = container.path("imagePullPolicy").asText(defaultPolicy(reference));
        try {
            Optional<PodRuntime.Image> present = node.runtime().image(reference);
            if (present.isPresent() && !policy.equals("Always")) {
                events.tell(pod, PodEvent.present(member));
                return present.get();
            }
            if (policy.equals("Never")) {
                throw new CannotStart("ErrImageNeverPull", "Container image \"" + reference
                        + "\" is not present with pull policy of Never");
            }
            events.tell(pod, PodEvent.pulling(member));
            long began = System.nanoTime();
            node.runtime().pullImage(reference);
            PodRuntime.Image pulled = node.runtime().image(reference)
                    .orElseThrow(() -> new CannotStart("ErrImagePull", "image vanished after the pull"));
            events.tell(pod, PodEvent.pulled(member, Duration.ofNanos(System.nanoTime() - began), pulled.bytes()));
            return pulled;
        } catch (RuntimeFault fault) {
            throw new CannotStart("ErrImagePull", String.valueOf(fault.getMessage()));
        }
    }

    private static String defaultPolicy(String reference) {
        String tail = reference.substring(reference.lastIndexOf('/') + 1);
        return !tail.contains("@") && (!tail.contains(":") || tail.endsWith(":latest")) ? "Always" : "IfNotPresent";
    }

    /// True when the cluster has let the pod go, or never had it. Shape: a refusal's status when it has not.
    OptionalInt finishDeletion(Pod pod) {
        ObjectNode options = Json.newObject().put("kind", "DeleteOptions").put("apiVersion", "v1")
                .put("gracePeriodSeconds", 0);
        options.putObject("preconditions").put("uid", pod.uid());
        GatewayClient.Answer answer = node.gateway().send("DELETE",
                "/api/v1/namespaces/" + pod.namespace() + "/pods/" + pod.name() + "?gracePeriodSeconds=0",
                GatewayClient.JSON, Optional.of(options));
        boolean done = answer.ok() || answer.status() == 404 || answer.status() == 409;
        return done ? OptionalInt.empty() : OptionalInt.of(answer.status());
    }
}
