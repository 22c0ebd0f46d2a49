package io.logplane.node.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.node.TestPods;
import io.logplane.node.core.ContainerSpec.EnvVar;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpecsTest {
    private static final Facts FACTS = new Facts("node-1", List.of("10.0.0.1"), 4000, 8L << 30, 1L << 40, "10.96.0.1",
            443, List.of("10.96.0.10"), "cluster.local");

    private static Pod pod(String container) {
        return new Pod(TestPods.pod("web", "{'serviceAccountName':'sa','containers':[" + container + "]}"));
    }

    private static Map<String, String> env(String container, Sources sources) {
        Pod pod = pod(container);
        ObjectNode json = pod.members().getFirst().json();
        return Environment.map(Environment.of(pod, json, sources, FACTS, List.of("10.1.1.2")));
    }

    @Test
    void variables_are_put_in_and_unknown_ones_left() {
        Map<String, String> env = Map.of("A", "1", "B", "x y");
        Map.of("$(A)", "1", "$$(A)", "$(A)", "$(C)", "$(C)", "a$(B)b", "ax yb", "$(", "$(", "$", "$", "$$", "$",
                "$(A)$(B)", "1x y").forEach(
                        (text, expanded) -> assertThat(Environment.expand(text, env)).as(text).isEqualTo(expanded));
    }

    @Test
    void the_environment_comes_from_everywhere() {
        Sources sources = new Sources(Map.of("m", TestPods.json("{'data':{'K':'v','A':'early'}}")),
                Map.of("s", TestPods.json("{'data':{'P':'c2VjcmV0'}}")), Map.of());
        Map<String, String> env = env("{'name':'c','image':'x','resources':{'limits':{'cpu':'1500m','memory':'1Gi'}},"
                + "'envFrom':[{'configMapRef':{'name':'m'}},{'prefix':'S_','secretRef':{'name':'s'}}],"
                + "'env':[{'name':'A','value':'late'},{'name':'B','value':'$(A)/$(S_P)'},"
                + "{'name':'N','valueFrom':{'fieldRef':{'fieldPath':'spec.nodeName'}}},"
                + "{'name':'IP','valueFrom':{'fieldRef':{'fieldPath':'status.podIP'}}},"
                + "{'name':'CPU','valueFrom':{'resourceFieldRef':{'resource':'limits.cpu'}}},"
                + "{'name':'MEM','valueFrom':{'resourceFieldRef':{'resource':'limits.memory','divisor':'1Mi'}}},"
                + "{'name':'X','valueFrom':{'secretKeyRef':{'name':'s','key':'none','optional':true}}}]}", sources);
        assertThat(env).containsEntry("K", "v").containsEntry("A", "late").containsEntry("B", "late/secret")
                .containsEntry("N", "node-1").containsEntry("IP", "10.1.1.2").containsEntry("CPU", "2")
                .containsEntry("MEM", "1024").containsEntry("KUBERNETES_SERVICE_HOST", "10.96.0.1")
                .doesNotContainKey("X");
    }

    @Test
    void a_missing_source_is_named_as_upstream_names_it() {
        assertThatThrownBy(() -> env("{'name':'c','envFrom':[{'configMapRef':{'name':'m'}}]}", Sources.NONE))
                .hasMessage("configmap \"m\" not found");
        Sources sources = new Sources(Map.of(), Map.of("s", TestPods.json("{}")), Map.of());
        assertThatThrownBy(() -> env("{'name':'c','env':[{'name':'A','valueFrom':{'secretKeyRef':{'name':'s',"
                + "'key':'k'}}}]}", sources)).hasMessage("couldn't find key k in Secret default/s");
    }

    @Test
    void resources_become_shares_quota_and_a_limit() {
        Pod pod = pod("{'name':'c','resources':{'requests':{'cpu':'250m','memory':'1Gi'},"
                + "'limits':{'cpu':'500m','memory':'2Gi'}}}");
        pod.json().withObject("status").remove("qosClass");
        assertThat(Qos.of(pod)).isEqualTo("Burstable");
        assertThat(Qos.resources(pod, pod.members().getFirst().json(), FACTS.memory()))
                .isEqualTo(new ContainerSpec.Resources(256, 50_000, 100_000, 2L << 30, 875));
        Pod guaranteed = pod("{'name':'c','resources':{'limits':{'cpu':'1','memory':'1Gi'}}}");
        guaranteed.json().withObject("status").remove("qosClass");
        assertThat(Qos.of(guaranteed)).isEqualTo("Guaranteed");
    }

    @Test
    void a_container_says_who_it_is_and_what_it_may() {
        Pod pod = pod("{'name':'c','image':'x','command':['sh','-c','echo $(A)'],'securityContext':{'runAsUser':7,"
                + "'readOnlyRootFilesystem':true,'allowPrivilegeEscalation':false,'capabilities':{'drop':['ALL'],"
                + "'add':['NET_BIND_SERVICE']}}}");
        ContainerSpec spec = Specs.container(pod, pod.members().getFirst(), 3, 2, List.of(new EnvVar("A", "b")),
                List.of(), FACTS);
        assertThat(spec.command()).containsExactly("sh", "-c", "echo b");
        assertThat(spec.logPath()).isEqualTo("c/3.log");
        assertThat(spec.labels()).containsEntry(Labels.POD_UID, "uid-web").containsEntry(Labels.CONTAINER_NAME, "c");
        assertThat(spec.annotations()).containsEntry(Labels.BACKOFF_STEP, "2");
        assertThat(spec.security().runAsUser()).hasValue(7);
        assertThat(spec.security().noNewPrivileges()).isTrue();
        assertThat(spec.security().dropCapabilities()).containsExactly("ALL");
    }

    @Test
    void a_sandbox_gets_the_cluster_s_dns_unless_it_shares_the_host_s_network() {
        Pod pod = pod("{'name':'c','ports':[{'containerPort':80,'hostPort':8080}]}");
        SandboxSpec spec = Specs.sandbox(pod, 0, FACTS, "/logs");
        assertThat(spec.dns().searches()).containsExactly("default.svc.cluster.local", "svc.cluster.local",
                "cluster.local");
        assertThat(spec.ports()).containsExactly(new SandboxSpec.PortMapping("TCP", 80, 8080, ""));
        pod.json().withObject("spec").put("hostNetwork", true);
        assertThat(Specs.sandbox(pod, 0, FACTS, "/logs").dns().servers()).isEmpty();
        assertThat(Specs.sandbox(pod, 0, FACTS, "/logs").ports()).isEmpty();
    }

    @Test
    void a_container_that_must_not_be_root_and_would_be_is_refused() {
        Pod pod = pod("{'name':'c','securityContext':{'runAsNonRoot':true}}");
        Pod.Member member = pod.members().getFirst();
        var root = new PodRuntime.Image("i", List.of(), List.of(), 0, "", Optional.empty());
        assertThatThrownBy(() -> Specs.requireNonRoot(pod, member, root))
                .hasMessageStartingWith("container has runAsNonRoot and image will run as root");
        var named = new PodRuntime.Image("i", List.of(), List.of(), 0, "app", Optional.empty());
        assertThatThrownBy(() -> Specs.requireNonRoot(pod, member, named)).hasMessageContaining("non-numeric user");
        Specs.requireNonRoot(pod, member,
                new PodRuntime.Image("i", List.of(), List.of(), 0, "7", Optional.of(7L)));
    }

    @Test
    void log_lines_are_read_as_the_runtime_writes_them() {
        assertThat(parse("2026-11-20T10:00:00.1Z stdout F hello world").map(l -> new String(l.content(),
                StandardCharsets.UTF_8))).contains("hello world");
        assertThat(parse("2026-11-20T10:00:00.1+01:00 stderr P x").filter(LogLine::partial)
                .flatMap(LogLine::instant)).isPresent();
        assertThat(parse("2026-11-20T10:00:00Z stdout F ").map(l -> l.content().length)).contains(0);
        assertThat(parse("2026-11-20T10:00:00Z stdout F").map(l -> l.content().length)).contains(0);
        assertThat(parse("nonsense")).isEmpty();
        assertThat(parse("")).isEmpty();
    }

    private static Optional<LogLine> parse(String line) {
        return LogLine.parse(line.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_probe_counts_to_its_thresholds() {
        var settings = ProbeTally.Settings.of(TestPods.json("{'failureThreshold':2,'successThreshold':2}"));
        ProbeTally readiness = ProbeTally.initial(false).after(true, settings);
        assertThat(readiness.passing()).isFalse();
        readiness = readiness.after(true, settings);
        assertThat(readiness.passing()).isTrue();
        readiness = readiness.after(false, settings);
        assertThat(readiness.passing()).isTrue();
        assertThat(readiness.after(false, settings).passing()).isFalse();
    }
}
