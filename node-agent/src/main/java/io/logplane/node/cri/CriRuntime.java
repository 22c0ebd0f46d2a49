package io.logplane.node.cri;

import io.logplane.node.core.ContainerSpec;
import io.logplane.node.core.Labels;
import io.logplane.node.core.PodObserved;
import io.logplane.node.core.PodRef;
import io.logplane.node.core.PodRuntime;
import io.logplane.node.core.SandboxSpec;
import io.logplane.node.cri.v1.AttachRequest;
import io.logplane.node.cri.v1.ExecRequest;
import io.logplane.node.cri.v1.PortForwardRequest;
import io.logplane.node.cri.v1.*;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A runtime that speaks CRI v1 (containerd, CRI-O).
///
/// Limits: every call has a deadline ([#CALL], [#START], [#PULL]).
/// Source: k8s.io/cri-api 0.36, api.proto.
public final class CriRuntime implements PodRuntime {
    /// Lists and removals take milliseconds; two minutes is what upstream's kubelet waits.
    private static final Duration CALL = Duration.ofMinutes(2);
    /// Running a sandbox waits for the network plugin.
    private static final Duration START = Duration.ofMinutes(4);
    /// A large image over a slow line.
    private static final Duration PULL = Duration.ofMinutes(30);

    private final CriChannel channel;
    private final Relist relist;

    /// `relistEvery`: how often changes nobody asked for (a container that ended) are looked for.
    public CriRuntime(Path socket, Duration relistEvery) {
        channel = new CriChannel(socket);
        relist = new Relist(this::digests, relistEvery);
    }

    @Override
    public Version version() {
        VersionResponse answer = channel.call(RuntimeServiceGrpc.getVersionMethod(),
                VersionRequest.newBuilder().setVersion("v1").build(), CALL);
        return new Version(answer.getRuntimeName(), answer.getRuntimeVersion());
    }

    @Override
    public Map<PodRef, PodObserved> observeAll() {
        return observe(Map.of());
    }

    @Override
    public PodObserved observe(PodRef pod) {
        return observe(Map.of(Labels.POD_UID, pod.uid())).getOrDefault(pod, PodObserved.NOTHING);
    }

    private Map<PodRef, PodObserved> observe(Map<String, String> selector) {
        Map<PodRef, List<io.logplane.node.core.Sandbox>> sandboxes = new LinkedHashMap<>();
        Map<PodRef, List<io.logplane.node.core.Container>> containers = new LinkedHashMap<>();
        Map<String, PodRef> podOfSandbox = new LinkedHashMap<>();
        for (PodSandbox listed : listSandboxes(selector)) {
            PodRef pod = CriViews.pod(listed.getMetadata());
            podOfSandbox.put(listed.getId(), pod);
            sandboxStatus(listed.getId())
                    .ifPresent(s -> sandboxes.computeIfAbsent(pod, p -> new ArrayList<>())
                            .add(CriViews.sandbox(pod, s)));
        }
        for (Container listed : listContainers(selector)) {
            PodRef pod = podOfSandbox.getOrDefault(listed.getPodSandboxId(), CriViews.pod(listed.getLabelsMap()));
            containerStatus(listed.getId())
                    .ifPresent(s -> containers.computeIfAbsent(pod, p -> new ArrayList<>())
                            .add(CriViews.container(pod, listed.getPodSandboxId(), s)));
        }
        Map<PodRef, PodObserved> observed = new LinkedHashMap<>();
        sandboxes.forEach((pod, s) -> observed.put(pod,
                new PodObserved(s, containers.getOrDefault(pod, List.of()))));
        containers.forEach((pod, c) -> observed.putIfAbsent(pod, new PodObserved(List.of(), c)));
        return observed;
    }

    /// What a relist compares: per pod, ids and states of all it has.
    private Map<PodRef, String> digests() {
        Map<PodRef, StringBuilder> digests = new LinkedHashMap<>();
        Map<String, PodRef> podOfSandbox = new LinkedHashMap<>();
        for (PodSandbox s : listSandboxes(Map.of())) {
            PodRef pod = CriViews.pod(s.getMetadata());
            podOfSandbox.put(s.getId(), pod);
            digests.computeIfAbsent(pod, p -> new StringBuilder()).append(s.getId()).append(s.getStateValue())
                    .append(' ');
        }
        for (Container c : listContainers(Map.of())) {
            PodRef pod = podOfSandbox.getOrDefault(c.getPodSandboxId(), CriViews.pod(c.getLabelsMap()));
            digests.computeIfAbsent(pod, p -> new StringBuilder()).append(c.getId()).append(c.getStateValue())
                    .append(' ');
        }
        Map<PodRef, String> texts = new LinkedHashMap<>();
        digests.forEach((pod, text) -> texts.put(pod, text.toString()));
        return texts;
    }

    private List<PodSandbox> listSandboxes(Map<String, String> selector) {
        return channel.call(RuntimeServiceGrpc.getListPodSandboxMethod(), ListPodSandboxRequest.newBuilder()
                .setFilter(PodSandboxFilter.newBuilder().putAllLabelSelector(selector)).build(), CALL).getItemsList();
    }

    private List<Container> listContainers(Map<String, String> selector) {
        return channel.call(RuntimeServiceGrpc.getListContainersMethod(), ListContainersRequest.newBuilder()
                .setFilter(ContainerFilter.newBuilder().putAllLabelSelector(selector)).build(), CALL)
                .getContainersList();
    }

    private Optional<PodSandboxStatus> sandboxStatus(String id) {
        return unlessGone(() -> channel.call(RuntimeServiceGrpc.getPodSandboxStatusMethod(),
                PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).build(), CALL).getStatus());
    }

    private Optional<ContainerStatus> containerStatus(String id) {
        return unlessGone(() -> channel.call(RuntimeServiceGrpc.getContainerStatusMethod(),
                ContainerStatusRequest.newBuilder().setContainerId(id).build(), CALL).getStatus());
    }

    /// Between a list and a look something may go away; that is no fault.
    private static <T> Optional<T> unlessGone(java.util.function.Supplier<T> call) {
        try {
            return Optional.of(call.get());
        } catch (RuntimeFault fault) {
            if (fault.gone()) {
                return Optional.empty();
            }
            throw fault;
        }
    }

    @Override
    public String runSandbox(SandboxSpec spec) {
        return channel.call(RuntimeServiceGrpc.getRunPodSandboxMethod(),
                RunPodSandboxRequest.newBuilder().setConfig(CriMessages.sandbox(spec)).build(), START)
                .getPodSandboxId();
    }

    @Override
    public void stopSandbox(String id) {
        unlessGone(() -> channel.call(RuntimeServiceGrpc.getStopPodSandboxMethod(),
                StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build(), CALL));
    }

    @Override
    public void removeSandbox(String id) {
        unlessGone(() -> channel.call(RuntimeServiceGrpc.getRemovePodSandboxMethod(),
                RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build(), CALL));
    }

    @Override
    public Optional<Image> image(String reference) {
        ImageStatusResponse answer = channel.call(ImageServiceGrpc.getImageStatusMethod(), ImageStatusRequest
                .newBuilder().setImage(ImageSpec.newBuilder().setImage(reference)).build(), CALL);
        return answer.hasImage() ? Optional.of(CriViews.image(answer.getImage())) : Optional.empty();
    }

    @Override
    public List<Image> images() {
        return channel.call(ImageServiceGrpc.getListImagesMethod(), ListImagesRequest.getDefaultInstance(), CALL)
                .getImagesList().stream().map(CriViews::image).toList();
    }

    @Override
    public String pullImage(String reference) {
        return channel.call(ImageServiceGrpc.getPullImageMethod(), PullImageRequest.newBuilder()
                .setImage(ImageSpec.newBuilder().setImage(reference)).build(), PULL).getImageRef();
    }

    @Override
    public String createContainer(String sandboxId, SandboxSpec sandbox, ContainerSpec container) {
        return channel.call(RuntimeServiceGrpc.getCreateContainerMethod(),
                CreateContainerRequest.newBuilder().setPodSandboxId(sandboxId)
                        .setConfig(CriMessages.container(container)).setSandboxConfig(CriMessages.sandbox(sandbox))
                        .build(),
                START).getContainerId();
    }

    @Override
    public void startContainer(String id) {
        channel.call(RuntimeServiceGrpc.getStartContainerMethod(),
                StartContainerRequest.newBuilder().setContainerId(id).build(), START);
    }

    @Override
    public void stopContainer(String id, Duration grace) {
        unlessGone(() -> channel.call(RuntimeServiceGrpc.getStopContainerMethod(), StopContainerRequest.newBuilder()
                .setContainerId(id).setTimeout(grace.toSeconds()).build(), CALL.plus(grace)));
    }

    @Override
    public void removeContainer(String id) {
        unlessGone(() -> channel.call(RuntimeServiceGrpc.getRemoveContainerMethod(),
                RemoveContainerRequest.newBuilder().setContainerId(id).build(), CALL));
    }

    @Override
    public ExecResult exec(String id, List<String> command, Duration timeout) {
        ExecSyncResponse answer = channel.call(RuntimeServiceGrpc.getExecSyncMethod(), ExecSyncRequest.newBuilder()
                .setContainerId(id).addAllCmd(command).setTimeout(Math.max(1, timeout.toSeconds())).build(),
                CALL.plus(timeout));
        return new ExecResult(answer.getExitCode(), answer.getStdout().toString(StandardCharsets.UTF_8)
                + answer.getStderr().toString(StandardCharsets.UTF_8));
    }

    @Override
    public URI execAt(String id, List<String> command, Streams streams) {
        return URI.create(channel.call(RuntimeServiceGrpc.getExecMethod(), ExecRequest.newBuilder().setContainerId(id)
                .addAllCmd(command).setStdin(streams.stdin()).setStdout(streams.stdout()).setStderr(streams.stderr())
                .setTty(streams.tty()).build(), CALL).getUrl());
    }

    @Override
    public URI attachAt(String id, Streams streams) {
        return URI.create(channel.call(RuntimeServiceGrpc.getAttachMethod(), AttachRequest.newBuilder()
                .setContainerId(id).setStdin(streams.stdin()).setStdout(streams.stdout()).setStderr(streams.stderr())
                .setTty(streams.tty()).build(), CALL).getUrl());
    }

    @Override
    public URI portForwardAt(String sandboxId, List<Integer> ports) {
        return URI.create(channel.call(RuntimeServiceGrpc.getPortForwardMethod(), PortForwardRequest.newBuilder()
                .setPodSandboxId(sandboxId).addAllPort(ports).build(), CALL).getUrl());
    }

    @Override
    public void onChange(Consumer<PodRef> listener) {
        relist.start(listener);
    }

    @Override
    public void close() {
        relist.close();
        channel.close();
    }
}
