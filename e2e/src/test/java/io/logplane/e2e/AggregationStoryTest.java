package io.logplane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// An API of the user's own server beside ours, as kubectl sees it: from the APIService to the day the server is away.
/// The server trusts whom `kube-system/extension-apiserver-authentication` names, as extension servers do.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AggregationStoryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern NAME = Pattern.compile("\"name\":\"([a-z0-9-]+)\"");
    private static final String OBJECTS = """
            apiVersion: v1
            kind: Service
            metadata: {name: things, namespace: NAME}
            spec: {type: ExternalName, externalName: localhost, ports: [{port: PORT}]}
            ---
            apiVersion: apiregistration.k8s.io/v1
            kind: APIService
            metadata: {name: v1.NAME.example}
            spec:
              group: NAME.example
              version: v1
              groupPriorityMinimum: 1000
              versionPriority: 15
              caBundle: BUNDLE
              service: {name: things, namespace: NAME, port: PORT}
            """;

    @TempDir
    static Path folder;

    Stream<Kubectl> kubectls() {
        Assumptions.assumeTrue(Plane.canRunContainers(), "the plane of these tests needs root on Debian");
        return Kubectl.oldestAndNewest(Plane.shared().kubeconfig()).stream();
    }

    /// The user's API: things in memory, by name; who asked is an annotation of what he made. One called `sticky` is
    /// never deleted.
    private record Things(String group, String namespace, Map<String, String> all) {
        void answer(HttpExchange exchange) throws IOException {
            String path = exchange.getRequestURI().getPath();
            String base = "/apis/" + group + "/v1";
            if (path.equals(base)) {
                OwnServer.send(exchange, 200, "{\"kind\":\"APIResourceList\",\"apiVersion\":\"v1\",\"groupVersion\":\""
                        + group + "/v1\",\"resources\":[{\"name\":\"things\",\"singularName\":\"thing\","
                        + "\"namespaced\":true,\"kind\":\"Thing\",\"shortNames\":[\"th\"],"
                        + "\"verbs\":[\"create\",\"delete\",\"get\",\"list\"]}]}");
            } else if (path.startsWith(base + "/namespaces/" + namespace + "/things")) {
                things(exchange, path.substring((base + "/namespaces/" + namespace + "/things").length()));
            } else {
                OwnServer.send(exchange, 404, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":404}");
            }
        }

        private void things(HttpExchange exchange, String rest) throws IOException {
            String name = rest.isEmpty() ? "" : rest.substring(1);
            switch (exchange.getRequestMethod()) {
                case "POST" -> {
                    Matcher named = NAME.matcher(new String(exchange.getRequestBody().readAllBytes(),
                            StandardCharsets.UTF_8));
                    String thing = thing(named.find() ? named.group(1) : "?", exchange.getRequestHeaders().getFirst(
                            "X-Remote-User"));
                    all.put(named.group(1), thing);
                    OwnServer.send(exchange, 201, thing);
                }
                case "DELETE" -> {
                    if (!name.equals("sticky")) {
                        all.remove(name);
                    }
                    OwnServer.send(exchange, 200, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}");
                }
                default -> {
                    if (name.isEmpty()) {
                        OwnServer.send(exchange, 200, "{\"kind\":\"ThingList\",\"apiVersion\":\"" + group
                                + "/v1\",\"metadata\":{},\"items\":[" + String.join(",", all.values()) + "]}");
                    } else if (all.containsKey(name)) {
                        OwnServer.send(exchange, 200, all.getOrDefault(name, ""));
                    } else {
                        OwnServer.send(exchange, 404, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},"
                                + "\"status\":\"Failure\",\"message\":\"no such thing\",\"reason\":\"NotFound\",\"code\":404}");
                    }
                }
            }
        }

        private String thing(String name, String by) {
            return "{\"kind\":\"Thing\",\"apiVersion\":\"" + group + "/v1\",\"metadata\":{\"name\":\"" + name
                    + "\",\"namespace\":\"" + namespace + "\",\"uid\":\"" + name + "\",\"annotations\":{\"by\":\"" + by
                    + "\"}}}";
        }
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void an_api_of_ones_own_stands_beside_ours(Kubectl kubectl) throws Exception {
        String name = "things-" + kubectl.version().replaceAll("\\D", "");
        String authority = kubectl.ok("-n", "kube-system", "get", "configmap", "extension-apiserver-authentication",
                "-o", "jsonpath={.data.requestheader-client-ca-file}");
        Things things = new Things(name + ".example", "default", new ConcurrentSkipListMap<>());
        kubectl.ok("create", "namespace", name);
        String objects;
        try (OwnServer server = OwnServer.start(folder, "things." + name + ".svc", authority, things::answer)) {
            objects = OBJECTS.replace("NAME", name).replace("PORT", Integer.toString(server.port())).replace("BUNDLE",
                    server.bundle());
            kubectl.okWithInput(objects, "apply", "-f", "-");
            kubectl.ok("wait", "--for=condition=Available", "--timeout=60s", "apiservice/v1." + name + ".example");

            assertThat(kubectl.ok("get", "apiservice", "v1." + name + ".example")).contains(name + "/things", "True");
            assertThat(kubectl.ok("api-resources", "--api-group=" + name + ".example")).contains("things", "th",
                    "Thing");
            kubectl.okWithInput("{\"kind\":\"Thing\",\"apiVersion\":\"" + name
                    + ".example/v1\",\"metadata\":{\"name\":\"first\"}}", "create", "--validate=false", "-f",
                    "-");
            assertThat(kubectl.ok("get", "things." + name + ".example")).contains("first");
            assertThat(kubectl.ok("get", "things." + name + ".example", "first", "-o",
                    "jsonpath={.metadata.annotations.by}")).isEqualTo("logplane:admin");
            assertThat(kubectl.run("get", "things." + name + ".example", "second").errors()).contains("no such thing");
            assertThat(kubectl.run("--as=nobody", "get", "things." + name + ".example").errors()).contains(
                    "Error from server (Forbidden): things." + name + ".example is forbidden: User \"nobody\" cannot");
            kubectl.ok("delete", "things." + name + ".example", "first", "--wait=false");
            assertThat(kubectl.run("get", "things." + name + ".example").all()).contains("No resources found");
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(kubectl.ok("get", "apiservice", "v1." + name
                + ".example")).contains("False (FailedDiscoveryCheck)"));
        assertThat(kubectl.run("get", "--raw", "/apis/" + name + ".example/v1/namespaces/default/things").all())
                .contains("the server is currently unable to handle the request");
        assertThat(kubectl.ok("get", "configmaps", "-n", name)).contains("kube-root-ca.crt"); // nobody else is troubled
        kubectl.okWithInput(objects, "delete", "-f", "-");
        assertThat(kubectl.run("get", "--raw", "/apis/" + name + ".example/v1").errors()).contains("NotFound");
        kubectl.ok("delete", "namespace", name); // the next test may look at all there is
    }

    /// What a namespace holds at another server goes with it, and says so while it does not.
    @Test
    void a_namespace_takes_what_others_keep_in_it_along() throws Exception {
        Kubectl kubectl = kubectls().toList().getLast();
        String authority = kubectl.ok("-n", "kube-system", "get", "configmap", "extension-apiserver-authentication",
                "-o", "jsonpath={.data.requestheader-client-ca-file}");
        Things things = new Things("kept.example", "guests", new ConcurrentSkipListMap<>());
        kubectl.ok("create", "namespace", "kept");
        kubectl.ok("create", "namespace", "guests");
        try (OwnServer server = OwnServer.start(folder, "things.kept.svc", authority, things::answer)) {
            kubectl.okWithInput(OBJECTS.replace("NAME", "kept").replace("PORT", Integer.toString(server.port()))
                    .replace("BUNDLE", server.bundle()), "apply", "-f", "-");
            kubectl.ok("wait", "--for=condition=Available", "--timeout=60s", "apiservice/v1.kept.example");
            for (String name : List.of("sticky", "loose")) {
                kubectl.okWithInput("{\"kind\":\"Thing\",\"apiVersion\":\"kept.example/v1\",\"metadata\":{\"name\":\""
                        + name + "\"}}", "create", "-n", "guests", "--validate=false", "-f", "-");
            }

            kubectl.ok("delete", "namespace", "guests", "--wait=false");

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(kubectl.ok("get", "namespace", "guests", "-o",
                    "jsonpath={.status.conditions[?(@.type=='NamespaceContentRemaining')].message}")).isEqualTo(
                            "Some resources are remaining: things.kept.example has 1 resource instances"));
            assertThat(things.all()).containsOnlyKeys("sticky");
            things.all().clear();
            kubectl.ok("wait", "--for=delete", "--timeout=60s", "namespace/guests");
            kubectl.ok("delete", "apiservice", "v1.kept.example");
        }
        kubectl.ok("delete", "namespace", "kept");
    }
}
