package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import io.logplane.gateway.ApiClient.Answer;
import io.logplane.schemas.model.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import io.logplane.representation.openapi.OpenApi;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// API groups that another server answers, through two gateways on one log, against a real HTTPS server.
class AggregationTest {
    private static final String SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path directory;
    private static TwoGateways gateways;
    private static ApiClient admin;
    private static String address;

    @BeforeAll
    static void start() throws Exception {
        address = outside();
        Assumptions.assumeFalse(address.isEmpty(), "this machine has loopback only");
        gateways = TwoGateways.start(directory);
        admin = gateways.admin();
        made(admin.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"agg\"}}"));
    }

    @AfterAll
    static void stop() {
        if (gateways != null) {
            gateways.close();
        }
    }

    private static String outside() throws IOException {
        for (NetworkInterface network : java.util.Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress candidate : java.util.Collections.list(network.getInetAddresses())) {
                if (candidate instanceof Inet4Address && !candidate.isLoopbackAddress() && !candidate
                        .isLinkLocalAddress() && network.isUp()) {
                    return candidate.getHostAddress();
                }
            }
        }
        return "";
    }

    private static void made(Answer answer) {
        assertThat(answer.code()).as(answer.text()).isEqualTo(201);
    }

    private static ExtensionServer server(String name, String group) throws IOException {
        return new ExtensionServer(directory.resolve("server-" + name), address, name + ".agg.svc", group, directory
                .resolve("pki/front-proxy-ca.crt"));
    }

    private static void service(String name) {
        made(admin.post("/api/v1/namespaces/agg/services", "{\"metadata\":{\"name\":\"" + name
                + "\"},\"spec\":{\"ports\":[{\"name\":\"https\",\"port\":443,\"targetPort\":8443}]}}"));
    }

    private static void slice(String name, int port) {
        made(admin.post("/apis/discovery.k8s.io/v1/namespaces/agg/endpointslices", "{\"metadata\":{\"name\":\"" + name
                + "-1\",\"labels\":{\"kubernetes.io/service-name\":\"" + name
                + "\"}},\"addressType\":\"IPv4\",\"endpoints\":[{\"addresses\":[\"" + address
                + "\"]}],\"ports\":[{\"name\":\"https\",\"port\":" + port + "}]}"));
    }

    private static void register(String name, String group, String trust) {
        made(admin.post(SERVICES, "{\"metadata\":{\"name\":\"v1." + group + "\"},\"spec\":{\"group\":\"" + group
                + "\",\"version\":\"v1\",\"groupPriorityMinimum\":1500,\"versionPriority\":15," + trust
                + ",\"service\":{\"namespace\":\"agg\",\"name\":\"" + name + "\"}}}"));
    }

    private static ExtensionServer serving(String name, String group) throws IOException {
        ExtensionServer server = server(name, group);
        service(name);
        slice(name, server.port());
        register(name, group, "\"caBundle\":\"" + server.bundle() + "\"");
        awaitReason(group, "Passed");
        ApiClient other = gateways.other();
        await().atMost(PATIENCE).until(() -> other.get("/apis/" + group + "/v1").code() == 200);
        return server;
    }

    private static void awaitReason(String group, String reason) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(condition("v1." + group).path("reason").asText())
                .isEqualTo(reason));
    }

    private static JsonNode condition(String name) {
        return admin.get(SERVICES + "/" + name).json().at("/status/conditions/0");
    }

    private static String header(HttpExchange of, String name) {
        return String.join(",", of.getRequestHeaders().getOrDefault(name, List.of()));
    }

    @Test
    void what_is_served_here_has_local_apiservices_in_upstreams_order() {
        await().atMost(PATIENCE).until(() -> admin.get(SERVICES + "/v1.flowcontrol.apiserver.k8s.io").code() == 200);
        JsonNode core = admin.get(SERVICES + "/v1.").json();

        assertThat(core.at("/metadata/labels").path("kube-aggregator.kubernetes.io/automanaged").asText()).isEqualTo(
                "onstart");
        assertThat(core.path("spec")).isEqualTo(Json.object("{\"version\":\"v1\",\"groupPriorityMinimum\":18000,"
                .concat("\"versionPriority\":1}").getBytes(StandardCharsets.UTF_8)));
        assertThat(core.at("/status/conditions/0/reason").asText()).isEqualTo("Local");
        assertThat(core.at("/status/conditions/0/status").asText()).isEqualTo("True");
        assertThat(admin.get(SERVICES + "/v2.autoscaling").json().at("/spec/versionPriority").asInt()).isEqualTo(30);
    }

    @Test
    void the_apiservice_of_a_definition_comes_and_goes_with_it() {
        String definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        made(admin.post(definitions, "{\"metadata\":{\"name\":\"wheels.cars.example\"},\"spec\":{\"group\":"
                + "\"cars.example\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"wheels\",\"kind\":\"Wheel\"},"
                + "\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,\"schema\":{\"openAPIV3Schema\":"
                + "{\"type\":\"object\"}}}]}}"));
        await().atMost(PATIENCE).until(() -> admin.get(SERVICES + "/v1.cars.example").code() == 200);
        JsonNode service = admin.get(SERVICES + "/v1.cars.example").json();
        assertThat(service.at("/metadata/labels").path("kube-aggregator.kubernetes.io/automanaged").asText()).isEqualTo(
                "true");
        assertThat(service.at("/spec/groupPriorityMinimum").asInt()).isEqualTo(1000);

        assertThat(admin.delete(definitions + "/wheels.cars.example").code()).isEqualTo(200);
        // Nobody takes the finalizer off here: the controllers are not part of this test.
        admin.merge(definitions + "/wheels.cars.example", "{\"metadata\":{\"finalizers\":null}}");
        await().atMost(PATIENCE).until(() -> admin.get(SERVICES + "/v1.cars.example").code() == 404);
    }

    @Test
    void an_apiservice_says_step_by_step_why_it_is_not_available() throws Exception {
        register("late", "late.example", "\"insecureSkipTLSVerify\":true");
        awaitReason("late.example", "ServiceNotFound");
        assertThat(condition("v1.late.example").path("message").asText()).isEqualTo(
                "service/late in \"agg\" is not present");
        Answer refused = admin.get("/apis/late.example/v1/namespaces/x/things");
        assertThat(refused.code() + " " + refused.text()).isEqualTo("503 service unavailable\n");
        service("late");
        awaitReason("late.example", "EndpointsNotFound");
        try (ExtensionServer server = server("late", "late.example")) {
            slice("late", server.port());
            awaitReason("late.example", "Passed");
            assertThat(admin.get("/apis/late.example/v1/namespaces/x/things").code()).isEqualTo(200);
        }
        await().atMost(PATIENCE).until(() -> admin.get("/apis/late.example/v1/namespaces/x/things").code() == 503);
        awaitReason("late.example", "FailedDiscoveryCheck");
    }

    @Test
    void requests_reach_the_server_with_who_asks_and_nothing_the_client_claims() throws Exception {
        try (ExtensionServer server = serving("id", "id.example")) {
            String things = "/apis/id.example/v1/namespaces/x/things";
            Answer listed = admin.get(things + "?limit=7", "X-Remote-User", "sly", "X-Remote-Extra-Scopes", "all",
                    "X-Remote-Group", "more", "X-Forwarded-Host", "sly");
            assertThat(listed.json().path("kind").asText()).isEqualTo("ThingList");
            HttpExchange seen = server.asked().getLast();
            assertThat(seen.getRequestURI().toString()).isEqualTo(things + "?limit=7");
            assertThat(header(seen, "X-remote-user")).isEqualTo("logplane:admin");
            assertThat(header(seen, "X-remote-group")).isEqualTo("system:masters,system:authenticated");
            assertThat(header(seen, "X-remote-extra-scopes")).isEmpty();
            assertThat(header(seen, "X-forwarded-host")).doesNotContain("sly");

            Answer created = gateways.other().post(things, "{\"kind\":\"Thing\",\"a\":1}");
            assertThat(created.code() + created.text()).isEqualTo("201{\"kind\":\"Thing\",\"a\":1}");
            assertThat(admin.put(things + "/one", "{}").json().path("reason").asText()).isEqualTo("Invalid");
            assertThat(admin.delete(things + "/one").code()).isEqualTo(200);

            int before = server.asked().size();
            Answer forbidden = admin.get(things, "Impersonate-User", "nobody");
            assertThat(forbidden.code()).isEqualTo(403);
            assertThat(server.asked()).hasSize(before);
        }
    }

    @Test
    void events_of_a_watch_come_one_by_one() throws Exception {
        try (ExtensionServer server = serving("eye", "eye.example");
                BufferedReader watch = admin.watch("/apis/eye.example/v1/namespaces/x/things?watch=true")) {
            server.say("{\"type\":\"ADDED\"}");
            assertThat(ApiClient.next(watch).path("type").asText()).isEqualTo("ADDED");
            server.say("{\"type\":\"DELETED\"}");
            assertThat(ApiClient.next(watch).path("type").asText()).isEqualTo("DELETED");
            server.say("");
            assertThat(watch.readLine()).isNull();
        }
    }

    @Test
    void discovery_tells_of_it_and_says_when_it_is_stale() throws Exception {
        try (ExtensionServer server = serving("map", "map.example")) {
            await().atMost(PATIENCE).until(() -> version(admin, "map.example").path("freshness").asText().equals(
                    "Current"));
            JsonNode version = version(admin, "map.example");
            assertThat(version.at("/resources/0/resource").asText()).isEqualTo("things");
            assertThat(version.at("/resources/0/responseKind/group").asText()).isEqualTo("map.example");
            assertThat(version.at("/resources/0/subresources/0/subresource").asText()).isEqualTo("status");
            assertThat(admin.get("/apis/map.example").json().at("/preferredVersion/groupVersion").asText()).isEqualTo(
                    "map.example/v1");
            List<String> groups = new ArrayList<>();
            admin.get("/apis").json().path("groups").forEach(group -> groups.add(group.path("name").asText()));
            assertThat(groups).contains("map.example").startsWith("apiregistration.k8s.io", "apps", "events.k8s.io");
            assertThat(admin.get("/openapi/v3").json().path("paths").path("apis/map.example/v1").path(
                    "serverRelativeURL").asText()).isEqualTo("/openapi/v3/apis/map.example/v1?hash=ABC");
            assertThat(admin.get("/openapi/v3/apis/map.example/v1").json().at("/info/title").asText()).isEqualTo(
                    "things");
            JsonNode described = admin.get("/openapi/v2").json();
            assertThat(described.at("/paths/~1apis~1map.example~1v1~1namespaces~1{namespace}~1things/get/responses/200"
                    + "/schema/$ref").asText()).isEqualTo("#/definitions/io.k8s.api.core.v1.Pod_v2");
            assertThat(described.at("/definitions/io.k8s.api.core.v1.Pod_v2/description").asText()).isEqualTo(
                    "A thing.");
            assertThat(described.path("paths").has("/api/v1/namespaces/{namespace}/pods")).isTrue();
            assertThat(described.path("paths").has("/healthz")).isFalse();
            assertThat(new String(admin.get("/openapi/v2", "Accept", OpenApi.V2_PROTOBUF_ASKED).body(),
                    StandardCharsets.UTF_8))
                    .contains("listThings", "/api/v1/namespaces/{namespace}/pods");
            assertThat(server.asked()).isEmpty();
        }
        assertThat(admin.delete("/apis/discovery.k8s.io/v1/namespaces/agg/endpointslices/map-1").code()).isEqualTo(200);
        await().atMost(PATIENCE).until(() -> version(admin, "map.example").path("freshness").asText().equals("Stale"));
        assertThat(version(admin, "map.example").at("/resources/0/resource").asText()).isEqualTo("things");
        assertThat(admin.delete(SERVICES + "/v1.map.example").code()).isEqualTo(200);
        await().atMost(PATIENCE).until(() -> admin.get("/apis/map.example/v1").code() == 404);
        assertThat(admin.get("/openapi/v2").text()).doesNotContain("listThings");
    }

    @Test
    void a_server_with_a_strange_certificate_gets_no_requests() throws Exception {
        try (ExtensionServer server = server("odd", "odd.example");
                ExtensionServer stranger = server("stranger", "odd.example")) {
            service("odd");
            slice("odd", server.port());
            register("odd", "odd.example", "\"caBundle\":\"" + stranger.bundle() + "\"");
            awaitReason("odd.example", "Passed");
            await().atMost(PATIENCE)
                    .until(() -> admin.get("/apis/odd.example/v1/namespaces/x/things").text().startsWith(
                            "error trying to reach service: "));
            assertThat(server.asked()).isEmpty();
        }
    }

    @Test
    void what_makes_no_sense_is_refused() {
        Answer refused = admin.post(SERVICES, "{\"metadata\":{\"name\":\"v1.a.example\"},\"spec\":{\"group\":"
                + "\"b.example\",\"version\":\"v1\",\"groupPriorityMinimum\":0,\"versionPriority\":15,"
                + "\"insecureSkipTLSVerify\":true}}");
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.json().path("message").asText()).contains("must be `spec.version+\".\"+spec.group`",
                "must be positive and less than 20000", "local APIServices may not have insecureSkipTLSVerify");
    }

    private static JsonNode version(ApiClient client, String group) {
        for (JsonNode item : client.get("/apis", "Accept", AGGREGATED).json().path("items")) {
            if (item.at("/metadata/name").asText().equals(group)) {
                return item.at("/versions/0");
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
}
