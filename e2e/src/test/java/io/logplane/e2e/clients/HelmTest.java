package io.logplane.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.Release;
import com.marcnuri.helm.UninstallCommand;
import com.marcnuri.helm.UpgradeCommand;
import io.logplane.e2e.Kubectl;
import io.logplane.e2e.Plane;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Helm itself, version 3.21 called as a library: a chart of everything charts usually hold, from its first release to
/// nothing. Each test has a release of its own.
class HelmTest {
    private static final String NAMESPACE = "helm";
    private static final Path CHART = Path.of("src/test/resources/helm/shop");
    /// What the chart makes; its hooks are not part of a release.
    private static final String KINDS = "deployments,services,configmaps,secrets,serviceaccounts,roles,rolebindings,"
            + "ingresses,networkpolicies,poddisruptionbudgets,horizontalpodautoscalers,offers";
    private static final int TIMEOUT_SECONDS = 90;
    private static Kubectl kubectl;

    @BeforeAll
    static void open() {
        Assumptions.assumeTrue(Plane.canRunContainers(), "containers need root");
        Clients.namespace(NAMESPACE);
        kubectl = Plane.shared().kubectl();
    }

    @AfterAll
    static void close() {
        if (kubectl != null) {
            Clients.remove(NAMESPACE);
            kubectl.ok("delete", "crd", "offers.shop.logplane.io", "--ignore-not-found");
        }
    }

    @Test
    void an_installation_returns_when_everything_is_ready() {
        Release made = install("ready").waitReady().withTimeout(TIMEOUT_SECONDS).call();
        assertThat(List.of(made.getName(), made.getNamespace(), made.getRevision(), made.getStatus(), made.getChart()))
                .containsExactly("ready", NAMESPACE, "1", "deployed", "shop-1.0.0");
        assertThat(made.getOutput()).contains("ready says welcome on Kubernetes v1.36.", ", 1 node.");
        assertThat(read("deployment/ready", "{.status.readyReplicas}/{.metadata.generation}")).isEqualTo("1/1");
        assertThat(read("configmap/ready", "{.data.kubernetes} {.data.budgets} {.data.offers} {.data.wonders}"))
                .isEqualTo("1.36 true true false");
        assertThat(kinds("ready")).containsExactlyInAnyOrder("ConfigMap", "Secret", "ServiceAccount", "Service",
                "Deployment", "NetworkPolicy", "Ingress", "PodDisruptionBudget", "Role", "RoleBinding", "Offer");
        assertThat(kubectl.run("-n", NAMESPACE, "get", "pod", "ready-prepare").all()).contains("NotFound");

        assertThat(Helm.list().withNamespace(NAMESPACE).withKubeConfig(kubeconfig()).call()).extracting(
                Release::getName).contains("ready");
        assertThat(Helm.get("ready").values().allValues().withNamespace(NAMESPACE).withKubeConfig(kubeconfig()).call())
                .contains("message: welcome", "guarded: true");
        assertThat(Helm.status("ready").withNamespace(NAMESPACE).withKubeConfig(kubeconfig()).call().getStatus())
                .isEqualTo("deployed");
        assertThat(Helm.test("ready").withNamespace(NAMESPACE).withKubeConfig(kubeconfig()).call().getStatus())
                .isEqualTo("deployed");
        assertThat(read("pod/ready-page", "{.status.phase}")).isEqualTo("Succeeded");
        assertThatThrownBy(() -> install("ready").call()).hasMessageContaining(
                "cannot re-use a name that is still in use");
    }

    @Test
    void an_upgrade_changes_adds_and_removes_and_a_failed_one_is_rolled_back() {
        install("moving").call();
        String drawn = read("secret/moving", "{.data.password}");
        upgrade("moving").set("message", "hello").set("replicas", 2).set("guarded", false).set("scaled", true)
                .waitReady().withTimeout(TIMEOUT_SECONDS).call();
        String moved = "hello 2/2 HorizontalPodAutoscaler";
        assertThat(state("moving")).isEqualTo(moved);
        assertThat(read("secret/moving", "{.data.password}")).as("looked up, not drawn again").isEqualTo(drawn);
        assertThat(read("configmap/moving-upgraded", "{.data.revision}")).as("the hook after it").isEqualTo("2");
        assertThat(kubectl.ok("-n", NAMESPACE, "rollout", "history", "deployment/moving")).contains("\n2 ");

        assertThatThrownBy(() -> upgrade("moving").set("message", "broken").set("image", "logplane.local/nothing:1")
                .atomic().withTimeout(5).call()).hasMessageContaining(
                        "release moving failed, and has been rolled back due to atomic being set");
        assertThat(state("moving")).isEqualTo(moved);
        assertThat(history("moving")).containsExactly("1 superseded Install complete",
                "2 superseded Upgrade complete", "3 failed Upgrade \"moving\" failed: context deadline exceeded",
                "4 deployed Rollback to 2");

        upgrade("moving").force().set("message", "replaced").call();
        assertThat(read("configmap/moving", "{.data.index\\.html}")).isEqualTo("replaced");
        assertThat(history("moving")).last().isEqualTo("5 deployed Upgrade complete");
    }

    @Test
    void an_uninstallation_leaves_nothing() {
        upgrade("passing").install().call();
        assertThatThrownBy(() -> upgrade("never").call()).hasMessageContaining("\"never\" has no deployed releases");
        assertThat(uninstall("passing").keepHistory().withCascade(UninstallCommand.Cascade.FOREGROUND).call())
                .contains("release \"passing\" uninstalled");
        await().atMost(Clients.SOON).untilAsserted(() -> {
            assertThat(kinds("passing")).isEmpty();
            assertThat(kubectl.ok("-n", NAMESPACE, "get", "pods,replicasets,endpointslices", "-l",
                    "app.kubernetes.io/instance=passing", "-o", "name")).isEmpty();
        });
        assertThat(history("passing")).containsExactly("1 uninstalled Uninstallation complete");
        uninstall("passing").call();
        assertThat(kubectl.ok("-n", NAMESPACE, "get", "secrets", "-l", "owner=helm,name=passing", "-o", "name"))
                .isEmpty();
        assertThat(kubectl.ok("get", "crd", "offers.shop.logplane.io", "-o", "name")).as("never removed").isNotEmpty();
        assertThatThrownBy(() -> uninstall("passing").call()).hasMessageContaining(
                "Release not loaded: passing: release: not found");
    }

    @Test
    void a_dry_run_writes_nothing_and_looks_at_the_cluster_only_when_told() {
        kubectl.ok("apply", "-f", CHART.resolve("crds").toString());
        assertThat(install("imagined").dryRun().withDryRunOption(DryRun.SERVER).call().getOutput()).contains(
                "imagined says welcome on Kubernetes v1.36.", ", 1 node.");
        assertThat(install("imagined").dryRun().withDryRunOption(DryRun.CLIENT).call().getOutput()).doesNotContain(
                "node");
        assertThat(kinds("imagined")).isEmpty();
        assertThat(kubectl.ok("-n", NAMESPACE, "get", "secrets", "-l", "name=imagined", "-o", "name")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "protocol | TPC | Service \"refused\" is invalid: spec.ports[0].protocol: Unsupported value: \"TPC\": "
                + "supported values: \"SCTP\", \"TCP\", \"UDP\"",
        "image | '' | Deployment.apps \"refused\" is invalid: spec.template.spec.containers[0].image: Required value",
        "replicas | x | Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot unmarshal string "
                + "into Go struct field DeploymentSpec.spec.replicas of type int32",
        "price | -1 | Offer.shop.logplane.io \"refused\" is invalid: spec.price: Invalid value: -1: spec.price in "
                + "body should be greater than or equal to 1",
        "price | much | Offer.shop.logplane.io \"refused\" is invalid: spec.price: Invalid value: \"string\": "
                + "spec.price in body must be of type integer: \"string\"",
    })
    void what_the_server_refuses_fails_the_release_in_its_words(String value, String set, String why) {
        assertThatThrownBy(() -> install("refused").set(value, set).call()).hasMessageContaining(why);
        assertThat(history("refused")).singleElement().asString().startsWith("1 failed").contains(why);
        uninstall("refused").call();
        assertThat(kinds("refused")).isEmpty();
    }

    @Test
    void what_is_somebody_elses_is_left_alone_until_it_is_handed_over() {
        kubectl.ok("apply", "-f", CHART.resolve("crds").toString());
        kubectl.ok("-n", NAMESPACE, "create", "configmap", "owned", "--from-literal=index.html=mine");
        assertThatThrownBy(() -> install("owned").call()).hasMessageContaining(
                "ConfigMap \"owned\" in namespace \"helm\" exists and cannot be imported into the current release");
        assertThat(kinds("owned")).isEmpty();
        kubectl.ok("-n", NAMESPACE, "label", "configmap", "owned", "app.kubernetes.io/managed-by=Helm");
        kubectl.ok("-n", NAMESPACE, "annotate", "configmap", "owned", "meta.helm.sh/release-name=owned",
                "meta.helm.sh/release-namespace=" + NAMESPACE);
        install("owned").call();
        assertThat(read("configmap/owned", "{.data.index\\.html}")).isEqualTo("welcome");
    }

    @Test
    void a_release_that_is_too_large_for_a_secret_is_refused(@TempDir Path folder) throws Exception {
        Path chart = folder.resolve("big");
        Files.createDirectories(chart.resolve("templates"));
        Files.writeString(chart.resolve("Chart.yaml"), "apiVersion: v2\nname: big\nversion: 1.0.0\n");
        Files.writeString(chart.resolve("templates/one.yaml"),
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}'}\n");
        for (Map.Entry<Integer, String> size : Map.of(700_000, "", 800_000, "Secret \"sh.helm.release.v1.big.v1\" is "
                + "invalid: data: Too long: may not be more than 1048576 bytes", 4_000_000,
                "Request entity too large: limit is 3145728").entrySet()) {
            byte[] noise = new byte[size.getKey()];
            new Random(1).nextBytes(noise);
            Files.write(chart.resolve("noise"), noise);
            InstallCommand install = new Helm(chart).install().withName("big").withNamespace(NAMESPACE)
                    .withKubeConfig(kubeconfig());
            if (size.getValue().isEmpty()) {
                assertThat(install.call().getStatus()).isEqualTo("deployed");
                uninstall("big").call();
            } else {
                assertThatThrownBy(install::call).hasMessageContaining(size.getValue());
            }
        }
    }

    /// What the page says, how many of the wished pods run it, and which of the two optional objects is there.
    private static String state(String release) {
        return read("configmap/" + release, "{.data.index\\.html}") + " " + read("deployment/" + release,
                "{.status.readyReplicas}/{.spec.replicas}") + " "
                + kinds(release).stream().filter(kind -> kind.equals(
                        "PodDisruptionBudget") || kind.equals("HorizontalPodAutoscaler")).findAny().orElse("");
    }

    private static List<String> kinds(String release) {
        return kubectl.ok("-n", NAMESPACE, "get", KINDS, "-l", "app.kubernetes.io/instance=" + release, "-o",
                "jsonpath={range .items[*]}{.kind}{\"\\n\"}{end}").lines().toList();
    }

    private static List<String> history(String release) {
        return Helm.history(release).withNamespace(NAMESPACE).withKubeConfig(kubeconfig()).call().stream().map(
                entry -> entry.getRevision() + " " + entry.getStatus() + " " + entry.getDescription()).toList();
    }

    private static String read(String object, String path) {
        return kubectl.ok("-n", NAMESPACE, "get", object, "-o", "jsonpath=" + path);
    }

    private static InstallCommand install(String name) {
        return new Helm(CHART).install().withName(name).withNamespace(NAMESPACE).withKubeConfig(kubeconfig());
    }

    private static UpgradeCommand upgrade(String name) {
        return new Helm(CHART).upgrade().withName(name).withNamespace(NAMESPACE).withKubeConfig(kubeconfig());
    }

    private static UninstallCommand uninstall(String name) {
        return Helm.uninstall(name).withNamespace(NAMESPACE).withKubeConfig(kubeconfig());
    }

    private static Path kubeconfig() {
        return Plane.shared().kubeconfig();
    }
}
