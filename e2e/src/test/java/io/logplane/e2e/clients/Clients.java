package io.logplane.e2e.clients;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import io.logplane.e2e.Kubectl;
import io.logplane.e2e.Plane;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;

/// The two Java clients, as the administrator of the shared plane.
final class Clients {
    static final Duration SOON = Duration.ofSeconds(60);

    /// A pod with a page on port 8080, a line in its log every second and, in a second container, an echo.
    static final String TALKER = """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"talker"},"spec":{"terminationGracePeriodSeconds":0,
            "containers":[{"name":"web","image":"logplane.local/busybox:1","command":["sh","-c",
            "mkdir /www; echo welcome > /www/index.html; httpd -p 8080 -h /www; while :; do echo tick; sleep 1; done"]},
            {"name":"echo","image":"logplane.local/busybox:1","command":["cat"],"stdin":true}]}}""";

    private Clients() {
    }

    static KubernetesClient fabric8() {
        try {
            Config config = Config.fromKubeconfig(Files.readString(Plane.shared().kubeconfig()));
            return new KubernetesClientBuilder().withConfig(config).build();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static ApiClient official() {
        try (Reader reader = Files.newBufferedReader(Plane.shared().kubeconfig())) {
            return ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(reader)).build().setReadTimeout(0);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// An empty namespace in which pods can be made: its default account is there.
    static String namespace(String name) {
        Kubectl kubectl = Plane.shared().kubectl();
        kubectl.ok("create", "namespace", name);
        await().atMost(SOON).until(() -> kubectl.run("-n", name, "get", "serviceaccount", "default").code() == 0);
        return name;
    }

    static void remove(String namespace) {
        Plane.shared().kubectl().ok("delete", "namespace", namespace, "--wait=false");
    }

    /// Applies the talker and waits until both of its containers run.
    static void startTalker(String namespace) {
        Kubectl kubectl = Plane.shared().kubectl();
        kubectl.okWithInput(TALKER, "-n", namespace, "apply", "-f", "-");
        kubectl.ok("-n", namespace, "wait", "--for=condition=Ready", "pod/talker", "--timeout=90s");
    }
}
