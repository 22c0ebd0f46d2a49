package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.ApiClient.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The requests with which kube-scheduler, kube-controller-manager and Helm begin, as their sources make them.
///
/// Source: kubernetes cmd/kube-controller-manager/app, cmd/kube-scheduler/app, client-go tools/cache/reflector.go,
/// metadata/metadata.go, util/csaupgrade, helm pkg/storage/driver/secrets.go, pkg/kube/client.go.
class StartUpSequencesTest {
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final String WATCH_LIST = "allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan"
            + "&sendInitialEvents=true&timeoutSeconds=1&watch=true";
    /// Types without a protobuf form here; upstream's clients of these two ask for JSON.
    private static final List<String> NO_PROTOBUF = List.of("/apiservices", "/customresourcedefinitions");
    private static final String PARTIAL_LIST = PROTOBUF + ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,"
            + "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
    private static final String PARTIAL = PROTOBUF + ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1,"
            + "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

    /// With two ports.
    private static final String HELM_SERVICE = """
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","labels":{"by":"Helm"}},"spec":{
            "ports":[{"name":"a","port":%d},{"name":"b","port":%d}],"selector":{"app":"web"}}}""";

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;

    @BeforeAll
    static void start() throws Exception {
        plane = DevPlane.start(directory, 0);
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        org.awaitility.Awaitility.await().atMost(java.time.Duration.ofSeconds(60))
                .until(() -> admin.get("/readyz").code() == 200);
    }

    @AfterAll
    static void stop() {
        plane.close();
    }

    /// Paths of everything that discovery says can be listed and watched.
    private static List<String> watchable() {
        List<String> versions = new ArrayList<>(List.of("/api/v1"));
        admin.get("/apis").json().path("groups")
                .forEach(group -> group.path("versions").forEach(version -> versions.add(
                        "/apis/" + version.path("groupVersion").asText())));
        List<String> paths = new ArrayList<>();
        for (String version : versions) {
            for (JsonNode resource : admin.get(version).json().path("resources")) {
                String verbs = resource.path("verbs").toString();
                if (verbs.contains("\"list\"") && verbs.contains("\"watch\"")) {
                    paths.add(version + "/" + resource.path("name").asText());
                }
            }
        }
        return paths;
    }

    @Test
    void everyInformerOfEveryTypeSyncsFromAProtobufWatchList() throws Exception {
        List<String> paths = watchable();
        List<String> wrong = new ArrayList<>();
        List<java.util.concurrent.Callable<String>> informers = new ArrayList<>();
        for (String path : paths) {
            boolean json = NO_PROTOBUF.stream().anyMatch(path::endsWith);
            informers.add(() -> synced(path, json ? PARTIAL : PROTOBUF + ";stream=watch") ? "" : path + " as protobuf");
            informers.add(() -> synced(path, PARTIAL) ? "" : path + " as metadata");
        }
        for (String result : TwoGateways.together(informers)) {
            if (!result.isEmpty()) {
                wrong.add(result);
            }
        }

        assertThat(paths).hasSizeGreaterThan(55);
        assertThat(wrong).isEmpty();
    }

    /// Reads until the mark that ends the initial events, in whichever of the accepted forms it comes.
    private static boolean synced(String path, String accept) throws IOException {
        try (InputStream in = admin.stream(path + "?" + WATCH_LIST, "Accept", accept)) {
            StringBuilder seen = new StringBuilder();
            byte[] buffer = new byte[16 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                seen.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                if (seen.indexOf("k8s.io/initial-events-end") >= 0) {
                    return accept.startsWith(PROTOBUF + ";as") || seen.indexOf("k8s\0") >= 0;
                }
            }
            return false;
        }
    }

    @Test
    void everyTypeIsListedAsMetadataAndItsRevisionsCompare() {
        List<String> wrong = new ArrayList<>();
        for (String path : watchable()) {
            Answer partial = admin.get(path + "?limit=500&resourceVersion=0", "Accept", PARTIAL_LIST);
            Answer plain = admin.get(path);
            if (partial.code() != 200 || !partial.text().contains("PartialObjectMetadataList")
                    || !plain.revision().matches(
                            "[1-9][0-9]{0,18}")) {
                wrong.add(path + ": " + partial.code() + " " + partial.type() + " " + plain.revision());
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void peopleAndProgramsAreToldWhatRunsHere() {
        assertThat(admin.get("/").json().path("paths")).hasSizeGreaterThanOrEqualTo(163).extracting(JsonNode::asText)
                .contains("/readyz/poststarthook/start-apiextensions-informers", "/flagz", "/statusz", "/metrics/slis");
        assertThat(admin.get("/statusz").text()).startsWith("\nkube-apiserver statusz\nWarning: ").contains(
                "\nUp: 0 hr ", "\nEmulation version: 1.36\n", " /livez ");
        assertThat(admin.get("/flagz", "Accept", "text/plain").text()).contains("\nsecure-port=");
        String structured = "application/json;v=v1alpha1;g=config.k8s.io;as=";
        assertThat(admin.get("/flagz", "Accept", structured + "Flagz").json().at("/flags/service-cluster-ip-range")
                .asText()).isEqualTo("10.96.0.0/16");
        assertThat(admin.get("/statusz", "Accept", structured + "Statusz").json().at("/paths").toString()).contains(
                "\"/readyz\"");
        assertThat(admin.get("/statusz", "Accept", "application/json").code()).isEqualTo(406);
        assertThat(admin.get("/metrics/slis").code()).isEqualTo(200);
        for (String path : List.of("/statusz", "/readyz", "/none", "/openapi/v3")) {
            assertThat(admin.get(path).type()).as(path).isEqualTo("text/plain; charset=utf-8");
        }
    }

    @Test
    void alertsMadeForKubeApiserverFindTheirSeries() {
        String configMaps = "/api/v1/namespaces/default/configmaps";
        admin.post(configMaps + "?dryRun=All", "{\"metadata\":{\"name\":\"counted\"}}");
        admin.get(configMaps);
        admin.get(configMaps + "/none");
        admin.get("/api/v1/nothings");
        admin.get("/readyz");
        String of = "component=\"apiserver\",dry_run=\"%s\",group=\"\",resource=\"configmaps\",scope=\"%s\","
                + "subresource=\"\",verb=\"%s\",version=\"v1\"";

        assertThat(admin.get("/metrics").text().lines().map(line -> line.replaceAll(" [0-9.E]+$", ""))).contains(
                "apiserver_request_total{code=\"201\"," + of.formatted("All", "resource", "POST") + "}",
                "apiserver_request_total{code=\"200\"," + of.formatted("", "namespace", "LIST") + "}",
                "apiserver_request_total{code=\"404\"," + of.formatted("", "resource", "GET") + "}",
                "apiserver_request_duration_seconds_bucket{" + of.formatted("", "namespace", "LIST") + ",le=\"0.4\"}",
                "apiserver_request_sli_duration_seconds_count{" + of.formatted("", "resource", "GET") + "}",
                "apiserver_request_total{code=\"200\",component=\"apiserver\",dry_run=\"\",group=\"\",resource=\"\","
                        + "scope=\"\",subresource=\"/readyz\",verb=\"GET\",version=\"\"}",
                "apiserver_client_certificate_expiration_seconds_bucket{le=\"604800.0\"}",
                "aggregator_unavailable_apiservice{name=\"v1.apps\"}",
                "apiserver_current_inflight_requests{request_kind=\"readOnly\"}", "process_cpu_seconds_total",
                "process_resident_memory_bytes", "process_start_time_seconds").noneMatch(
                        line -> line.contains(
                                "nothings"));
    }

    @Test
    void theControllerManagerFindsWhatItAsksForBeforeItStarts() {
        assertThat(admin.get("/healthz").text()).isEqualTo("ok");
        assertThat(admin.get("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication").json().at(
                "/data").has("client-ca-file")).isTrue();
        assertThat(admin.post("/apis/authorization.k8s.io/v1/subjectaccessreviews",
                "{\"spec\":{\"user\":\"x\",\"nonResourceAttributes\":{\"path\":\"/metrics\",\"verb\":\"get\"}}}").json()
                .at("/status/allowed").asBoolean(true)).isFalse();
        String leases = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
        assertThat(admin.get(leases + "/kube-controller-manager").code()).isEqualTo(404);
        Answer lease = admin.post(leases,
                "{\"metadata\":{\"name\":\"kube-controller-manager\"},\"spec\":{\"holderIdentity\":"
                        + "\"a\",\"leaseDurationSeconds\":15,\"acquireTime\":\"2026-01-01T00:00:00.000000Z\",\"renewTime\":"
                        + "\"2026-01-01T00:00:00.000000Z\",\"leaseTransitions\":0}}");
        assertThat(lease.code()).isEqualTo(201);
        assertThat(lease.json().at("/spec/renewTime").asText()).isEqualTo("2026-01-01T00:00:00.000000Z");
        assertThat(admin.put(leases + "/kube-controller-manager", lease.json().toString().replace("\"a\"", "\"b\""))
                .code()).isEqualTo(200);
        assertThat(admin.put(leases + "/kube-controller-manager", lease.json().toString().replace("\"a\"", "\"c\""))
                .code()).isEqualTo(409);
        String accounts = "/api/v1/namespaces/kube-system/serviceaccounts";
        assertThat(admin.post(accounts, "{\"metadata\":{\"name\":\"a-controller\"}}").code()).isEqualTo(201);
        assertThat(admin.post(accounts + "/a-controller/token",
                "{\"kind\":\"TokenRequest\",\"apiVersion\":\"authentication.k8s.io/v1\",\"spec\":{\"expirationSeconds\":3600}}")
                .json().at("/status/token").asText()).contains(".");
    }

    @Test
    void aReleaseIsInstalledUpgradedRolledBackAndUninstalledAsHelmDoesIt() {
        assertThat(admin.get("/version").json().path("major").asText()).isEqualTo("1");
        assertThat(admin.get("/openapi/v3").json().path("paths").has("api/v1")).isTrue();
        admin.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"helm\"}}");
        String secrets = "/api/v1/namespaces/helm/secrets";
        String services = "/api/v1/namespaces/helm/services";
        assertThat(admin.get(secrets + "?labelSelector=name%3Dweb%2Cowner%3Dhelm").json().path("items")).isEmpty();
        assertThat(admin.post(secrets, release(1, "pending-install")).code()).isEqualTo(201);
        String service = "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"web\",\"labels\":"
                + "{\"app.kubernetes.io/managed-by\":\"Helm\"}},\"spec\":{\"ports\":[{\"name\":\"a\",\"port\":80}],"
                + "\"selector\":{\"app\":\"web\"}}}";
        assertThat(admin.post(services + "?fieldManager=helm", service).code()).isEqualTo(201);
        assertThat(admin.put(secrets + "/sh.helm.release.v1.web.v1", release(1, "deployed")).code()).isEqualTo(200);

        assertThat(admin.post(secrets, release(2, "pending-upgrade")).code()).isEqualTo(201);
        Answer upgraded = admin.send("PATCH", services + "/web?fieldManager=helm",
                "{\"spec\":{\"$setElementOrder/ports\":[{\"port\":80},{\"port\":81}],\"ports\":[{\"name\":\"b\",\"port\":81}]}}",
                "Content-Type", "application/strategic-merge-patch+json");
        assertThat(upgraded.json().at("/spec/ports/1/port").asInt()).as(upgraded.text()).isEqualTo(81);
        assertThat(admin.put(secrets + "/sh.helm.release.v1.web.v1", release(1, "superseded")).code()).isEqualTo(200);
        assertThat(admin.put(secrets + "/sh.helm.release.v1.web.v2", release(2, "deployed")).code()).isEqualTo(200);
        assertThat(
                TwoGateways.names(admin.get(secrets + "?labelSelector=name%3Dweb%2Cowner%3Dhelm%2Cstatus%3Ddeployed")))
                .containsExactly("sh.helm.release.v1.web.v2");

        Answer back = admin.send("PATCH", services + "/web?fieldManager=helm&force=true", service, "Content-Type",
                "application/apply-patch+yaml");
        assertThat(back.code()).as(back.text()).isEqualTo(200);
        assertThat(admin.delete(services + "/web?propagationPolicy=Background").code()).isEqualTo(200);
        assertThat(admin.get(services + "/web").code()).isEqualTo(404);
        for (int version = 1; version <= 2; version++) {
            assertThat(admin.delete(secrets + "/sh.helm.release.v1.web.v" + version).code()).isEqualTo(200);
        }
    }

    @Test
    void whatHelm3MadeIsHandedOverToHelm4() {
        admin.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"helm4\"}}");
        String services = "/api/v1/namespaces/helm4/services";
        Answer made = admin.post(services + "?fieldManager=helm", HELM_SERVICE.formatted(80, 81));
        assertThat(managers(made)).containsExactly("helm Update");

        ObjectNode applied = made.json().at("/metadata/managedFields/0").deepCopy();
        applied.put("operation", "Apply");
        String handOver = "[{\"op\":\"replace\",\"path\":\"/metadata/managedFields\",\"value\":[" + applied + "]},"
                + "{\"op\":\"replace\",\"path\":\"/metadata/resourceVersion\",\"value\":\"" + made.revision() + "\"}]";
        String options = "?fieldManager=helm&fieldValidation=Strict";
        Answer handed = admin.send("PATCH", services + "/web" + options, handOver, "Content-Type",
                "application/json-patch+json");
        assertThat(handed.code()).as(handed.text()).isEqualTo(200);
        assertThat(managers(handed)).containsExactly("helm Apply");
        assertThat(admin.send("PATCH", services + "/web" + options, handOver, "Content-Type",
                "application/json-patch+json").code()).as("another wrote first").isEqualTo(409);

        Answer upgraded = apply(services + "/web" + options + "&force=false", HELM_SERVICE.formatted(82, 81));
        assertThat(upgraded.json().at("/spec/ports").findValuesAsText("port")).as(upgraded.text()).containsExactly(
                "82", "81");
        assertThat(managers(upgraded)).containsExactly("helm Apply");
        admin.send("PATCH", services + "/web?fieldManager=kubectl-edit", "{\"spec\":{\"selector\":{\"app\":\"x\"}}}",
                "Content-Type", "application/merge-patch+json");
        Answer conflict = apply(services + "/web" + options + "&force=false", HELM_SERVICE.formatted(82, 81));
        assertThat(conflict.code()).isEqualTo(409);
        assertThat(conflict.json().path("message").asText()).isEqualTo(
                "Apply failed with 1 conflict: conflict with \"kubectl-edit\" using v1: .spec.selector");
        assertThat(apply(services + "/web" + options + "&force=true", HELM_SERVICE.formatted(82, 81)).json().at(
                "/spec/selector/app").asText()).isEqualTo("web");
    }

    private static Answer apply(String path, String object) {
        return admin.send("PATCH", path, object, "Content-Type", "application/apply-patch+yaml");
    }

    private static List<String> managers(Answer answer) {
        List<String> managers = new ArrayList<>();
        answer.json().at("/metadata/managedFields").forEach(entry -> managers.add(entry.path("manager").asText() + " "
                + entry.path("operation").asText()));
        return managers;
    }

    private static String release(int version, String status) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"type\":\"helm.sh/release.v1\",\"metadata\":{\"name\":"
                + "\"sh.helm.release.v1.web.v" + version
                + "\",\"labels\":{\"name\":\"web\",\"owner\":\"helm\",\"status\":\""
                + status + "\",\"version\":\"" + version + "\"}},\"data\":{\"release\":\"SDRzSUFBQUE=\"}}";
    }
}
