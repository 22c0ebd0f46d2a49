package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.ApiClient.Answer;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Writes through two gateways: who wins, what changes nothing, and who owns which field afterwards.
class WriteContractTest {
    private static final String APPLY = "application/apply-patch+yaml";
    private static final String STRATEGIC = "application/strategic-merge-patch+json";
    private static final int CLIENTS = 64;

    @TempDir
    static Path directory;
    private static TwoGateways gateways;
    private static ApiClient admin;
    private static ApiClient other;
    private static String maps;
    private static String deployments;

    @BeforeAll
    static void start() throws Exception {
        gateways = TwoGateways.start(directory);
        admin = gateways.admin();
        other = gateways.other();
        maps = gateways.mapsOf("writes");
        deployments = "/apis/apps/v1/namespaces/writes/deployments";
    }

    @AfterAll
    static void stop() {
        gateways.close();
    }

    @Test
    void aCounterRaisedByManyClientsThroughTwoGatewaysLosesNothing() throws Exception {
        admin.post(maps, TwoGateways.map("counter", "0"));
        AtomicInteger accepted = new AtomicInteger();
        List<Callable<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            ApiClient through = i % 2 == 0 ? admin : other;
            clients.add(() -> {
                int raised = 0;
                for (int attempt = 0; attempt < 400 && raised < 2; attempt++) {
                    JsonNode now = through.get(maps + "/counter").json();
                    String next = String.valueOf(now.at("/data/a").asInt() + 1);
                    ((com.fasterxml.jackson.databind.node.ObjectNode) now.path("data")).put("a", next);
                    int code = through.put(maps + "/counter", now.toString()).code();
                    assertThat(code).isIn(200, 409);
                    raised += code == 200 ? 1 : 0;
                }
                return accepted.addAndGet(raised);
            });
        }
        var unused = TwoGateways.together(clients);

        assertThat(accepted.get()).isEqualTo(2 * CLIENTS);
        assertThat(other.get(maps + "/counter").json().at("/data/a").asInt()).isEqualTo(2 * CLIENTS);
    }

    @Test
    void aWriteThatChangesNothingMovesNoRevisionAndWakesNoWatch() {
        admin.post(maps, TwoGateways.map("still", "1"));
        String apply = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"still\"},\"data\":{\"a\":\"1\"}}";
        String applied = apply("still", "m", false, apply).revision();
        var watch = other.watch(maps + "?watch=1&timeoutSeconds=20&fieldSelector=metadata.name%3Dstill&resourceVersion="
                + applied);
        for (int i = 0; i < 20; i++) {
            assertThat(apply("still", "m", false, apply).revision()).isEqualTo(applied);
            assertThat(other.merge(maps + "/still", "{\"data\":{\"a\":\"1\"}}").revision()).isEqualTo(applied);
            assertThat(admin.put(maps + "/still", admin.get(maps + "/still").text()).revision()).isEqualTo(applied);
            assertThat(patch("still", "application/json-patch+json",
                    "[{\"op\":\"replace\",\"path\":\"/data/a\",\"value\":\"1\"}]").revision()).isEqualTo(applied);
        }
        String changed = admin.merge(maps + "/still", "{\"data\":{\"a\":\"2\"}}").revision();

        JsonNode first = ApiClient.next(watch);
        assertThat(first.at("/object/metadata/resourceVersion").asText()).isEqualTo(changed);
    }

    /// As of upstream: what an endpoint ignores makes an applier's claim one with a time, and no write of its own.
    @Test
    void anApplyWithAStatusThatDoesNotCountMovesNoRevisionTheSecondTime() throws Exception {
        String body = "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"claimed\"},\"spec\":"
                + "{\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},"
                + "\"spec\":{\"containers\":[{\"name\":\"x\",\"image\":\"i\"}]}}}%s}";
        String path = deployments + "/claimed?fieldManager=";
        String status = body.formatted(",\"status\":{\"replicas\":9}");
        assertThat(admin.send("PATCH", path + "m", body.formatted(""), "Content-Type", APPLY).code()).isEqualTo(201);

        Answer claimed = admin.send("PATCH", path + "n", status, "Content-Type", APPLY);
        Thread.sleep(1_100); // times of owners are told in seconds
        Answer again = other.send("PATCH", path + "n", status, "Content-Type", APPLY);

        assertThat(claimed.json().at("/metadata/managedFields").findValues("time")).hasSize(2);
        assertThat(again.code()).isEqualTo(200);
        assertThat(again.revision()).isEqualTo(claimed.revision());
    }

    private static Answer apply(String name, String manager, boolean force, String body) {
        return other.send("PATCH", maps + "/" + name + "?fieldManager=" + manager + (force ? "&force=true" : ""), body,
                "Content-Type", APPLY);
    }

    private static Answer patch(String name, String type, String body) {
        return other.send("PATCH", maps + "/" + name, body, "Content-Type", type);
    }

    @Test
    void appliersShareConflictOverAndGiveUpFields() {
        String body = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"owned\"},\"data\":{%s}}";
        assertThat(apply("owned", "one", false, body.formatted("\"a\":\"1\",\"b\":\"1\"")).code()).isEqualTo(201);
        assertThat(apply("owned", "two", false, body.formatted("\"a\":\"1\"")).code()).isEqualTo(200);

        Answer conflict = apply("owned", "three", false, body.formatted("\"a\":\"2\",\"b\":\"2\""));
        assertThat(conflict.code()).isEqualTo(409);
        assertThat(conflict.json().path("message").asText()).isEqualTo(
                "Apply failed with 3 conflicts: conflicts with \"one\":\n- .data.a\n- .data.b\n"
                        + "conflicts with \"two\":\n- .data.a");
        assertThat(conflict.json().at("/details/causes")).hasSize(3);
        assertThat(conflict.json().at("/details/causes/0/reason").asText()).isEqualTo("FieldManagerConflict");

        assertThat(apply("owned", "three", true, body.formatted("\"a\":\"2\"")).json().at("/data").toString())
                .isEqualTo("{\"a\":\"2\",\"b\":\"1\"}");
        assertThat(managers("owned")).containsExactlyInAnyOrder("one Apply", "three Apply");
        assertThat(apply("owned", "one", false, body.formatted("")).json().at("/data").toString()).isEqualTo(
                "{\"a\":\"2\"}");
        assertThat(admin.send("PATCH", maps + "/owned", body.formatted(""), "Content-Type", APPLY).code()).isEqualTo(
                422);
    }

    /// Source: what objects of a running Kubernetes say whom kubectl created.
    @Test
    void aClientOwnsWhatItSentAndItsDefaultsButNothingTheServerChose() {
        admin.post("/api/v1/namespaces/writes/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        String pod = "{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]";
        assertThat(specOwned("/api/v1/namespaces/writes/pods", pod + "}")).containsExactlyInAnyOrder("f:containers",
                "f:dnsPolicy", "f:enableServiceLinks", "f:restartPolicy", "f:schedulerName", "f:securityContext",
                "f:terminationGracePeriodSeconds");
        assertThat(specOwned("/api/v1/namespaces/writes/services",
                "{\"selector\":{\"a\":\"b\"},\"ports\":[{\"port\":1}]}"))
                .containsExactlyInAnyOrder("f:internalTrafficPolicy", "f:ports", "f:selector", "f:sessionAffinity",
                        "f:type");
        assertThat(specOwned("/apis/batch/v1/namespaces/writes/jobs", "{\"template\":{\"spec\":" + pod
                + ",\"restartPolicy\":\"Never\"}}}")).doesNotContain("f:selector").contains("f:template");

        assertThat(admin.post("/api/v1/namespaces/writes/pods/mine/binding",
                "{\"metadata\":{\"name\":\"mine\"},\"target\":{\"kind\":\"Node\",\"name\":\"n\"}}").code())
                .isEqualTo(201);
        JsonNode bound = admin.merge("/api/v1/namespaces/writes/pods/mine", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}")
                .json();
        assertThat(bound.at("/spec/nodeName").asText()).isEqualTo("n");
        assertThat(bound.at("/metadata/generation").asInt()).isEqualTo(1);
        assertThat(bound.at("/metadata/managedFields").toString()).contains("f:labels").doesNotContain("f:nodeName",
                "f:tolerations", "\"binding\"");
    }

    @Test
    void aResizeCountsAsAChangeOfTheSpecAndABindingDoesNot() {
        String pods = "/api/v1/namespaces/writes/pods";
        String container = "{\"name\":\"c\",\"image\":\"i\",\"resources\":{\"requests\":{\"cpu\":\"%s\"}}}";
        admin.post("/api/v1/namespaces/writes/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        admin.post(pods,
                "{\"metadata\":{\"name\":\"sized\"},\"spec\":{\"containers\":[" + container.formatted("1") + "]}}");
        admin.merge(pods + "/sized/status", "{\"status\":{\"nominatedNodeName\":\"m\"}}");
        admin.post(pods + "/sized/binding", "{\"metadata\":{\"name\":\"sized\"},\"target\":{\"name\":\"n\"}}");
        JsonNode bound = admin.get(pods + "/sized").json();
        assertThat(bound.at("/metadata/generation").asInt()).isEqualTo(1);
        assertThat(bound.path("status").has("nominatedNodeName")).isFalse();
        JsonNode resized = admin.send("PATCH", pods + "/sized/resize",
                "{\"spec\":{\"containers\":[" + container.formatted("2") + "]}}", "Content-Type", STRATEGIC).json();
        assertThat(resized.at("/metadata/generation").asInt()).as(resized.toString()).isEqualTo(2);
    }

    private static List<String> specOwned(String list, String spec) {
        Answer created = admin.post(list, "{\"metadata\":{\"name\":\"mine\"},\"spec\":" + spec + "}");
        assertThat(created.code()).as(created.json().toString()).isEqualTo(201);
        JsonNode owners = created.json().at("/metadata/managedFields");
        assertThat(owners).hasSize(1);
        assertThat(owners.at("/0/fieldsV1").has("f:metadata")).isFalse();
        List<String> fields = new ArrayList<>();
        owners.at("/0/fieldsV1/f:spec").fieldNames().forEachRemaining(fields::add);
        return fields;
    }

    private static List<String> managers(String name) {
        List<String> managers = new ArrayList<>();
        admin.get(maps + "/" + name).json().at("/metadata/managedFields").forEach(m -> managers.add(m.path("manager")
                .asText() + " " + m.path("operation").asText()));
        return managers;
    }

    @Test
    void whatAStrategicPatchSaysOfListsIsDone() {
        String base = "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\"},\"spec\":{\"selector\":"
                + "{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":"
                + "{\"containers\":[{\"name\":\"x\",\"image\":\"i\",\"args\":[\"1\"]},{\"name\":\"y\",\"image\":\"i\"}]}}}}";
        assertThat(admin.post(deployments, base).code()).isEqualTo(201);

        assertThat(containers("{\"containers\":[{\"name\":\"z\",\"image\":\"k\"},{\"name\":\"x\",\"args\":[\"2\"]}]}"))
                .isEqualTo("z:k[] x:i[\"2\"] y:i[]");
        assertThat(containers("{\"containers\":[{\"$patch\":\"delete\",\"name\":\"y\"}]}")).isEqualTo(
                "z:k[] x:i[\"2\"]");
        assertThat(containers(
                "{\"$setElementOrder/containers\":[{\"name\":\"z\"},{\"name\":\"x\"}],\"containers\":[{\"name\":"
                        + "\"z\",\"image\":\"l\"}]}"))
                .isEqualTo("z:l[] x:i[\"2\"]");
        assertThat(containers("{\"containers\":[{\"$patch\":\"replace\"},{\"name\":\"only\",\"image\":\"n\"}]}"))
                .isEqualTo(
                        "only:n[]");
        Answer strategy = strategic("{\"spec\":{\"strategy\":{\"$retainKeys\":[\"type\"],\"type\":\"Recreate\"}}}");
        assertThat(strategy.json().at("/spec/strategy").toString()).isEqualTo("{\"type\":\"Recreate\"}");
        admin.merge(deployments + "/web", "{\"metadata\":{\"finalizers\":[\"a/b\",\"c/d\"]}}");
        assertThat(strategic("{\"metadata\":{\"$deleteFromPrimitiveList/finalizers\":[\"a/b\"]}}").json().at(
                "/metadata/finalizers").toString()).isEqualTo("[\"c/d\"]");
    }

    @Test
    void aRevisionIsRefusedOnlyWhereSomethingIsStored() {
        String maps = "/api/v1/namespaces/default/configmaps";
        String body = "{\"metadata\":{\"name\":\"revised\",\"resourceVersion\":\"%s\"}}";

        Answer dry = admin.post(maps + "?dryRun=All", body.formatted("7"));

        assertThat(dry.code()).as(dry.text()).isEqualTo(201);
        assertThat(dry.json().at("/metadata/resourceVersion").asText()).isEqualTo("7");
        assertThat(admin.post(maps, body.formatted("7")).code()).isEqualTo(500);
        assertThat(admin.post(maps, body.formatted("0")).code()).isEqualTo(201);
    }

    @Test
    void whatLosesItsLastFinalizerIsShownAtTheRevisionItHad() {
        String map = "/api/v1/namespaces/default/configmaps/finalized";
        admin.post("/api/v1/namespaces/default/configmaps",
                "{\"metadata\":{\"name\":\"finalized\",\"finalizers\":[\"a/b\"]}}");
        Answer held = admin.delete(map);
        String revision = held.json().at("/metadata/resourceVersion").asText();

        Answer last = admin.merge(map, "{\"metadata\":{\"finalizers\":null}}");

        assertThat(last.json().path("metadata").has("finalizers")).isFalse();
        assertThat(last.json().at("/metadata/resourceVersion").asText()).isEqualTo(revision);
        assertThat(admin.get(map).code()).isEqualTo(404);
        JsonNode gone = watched("/api/v1/namespaces/default/configmaps?watch=1&timeoutSeconds=1&fieldSelector="
                + "metadata.name%3Dfinalized&resourceVersion=" + revision);
        assertThat(gone.path("type").asText()).isEqualTo("DELETED");
        assertThat(gone.at("/object/metadata/finalizers").toString()).isEqualTo("[\"a/b\"]");
    }

    /// The first event.
    private static JsonNode watched(String path) {
        return Json.object(admin.get(path).text().lines().findFirst().orElse("{}").getBytes(StandardCharsets.UTF_8));
    }

    /// The gateway that is asked may not have seen yet what the other has acknowledged.
    @Test
    void whatChangesNothingChangesNothingOfTheNewestState() {
        String maps = "/api/v1/namespaces/default/configmaps";
        assertThat(admin.post(maps, "{\"metadata\":{\"name\":\"swung\"},\"data\":{\"v\":\"here\"}}").code()).isEqualTo(
                201);
        for (int swing = 0; swing < 150; swing++) {
            assertThat(admin.merge(maps + "/swung", "{\"data\":{\"v\":\"there\"}}").code()).isEqualTo(200);
            assertThat(other.merge(maps + "/swung", "{\"data\":{\"v\":\"here\"}}").code()).isEqualTo(200);
            assertThat(admin.get(maps + "/swung").json().at("/data/v").asText()).as("swing %d", swing).isEqualTo(
                    "here");
            assertThat(admin.merge(maps + "/swung", "{\"data\":{\"v\":\"there\"}}").code()).isEqualTo(200);
            Answer back = other.send("PATCH", maps + "/swung", "[{\"op\":\"test\",\"path\":\"/data/v\",\"value\":"
                    + "\"there\"},{\"op\":\"replace\",\"path\":\"/data/v\",\"value\":\"here\"}]", "Content-Type",
                    "application/json-patch+json");
            assertThat(back.code()).as("what is tested is there: %s", back.text()).isEqualTo(200);
        }
    }

    private static Answer strategic(String body) {
        return other.send("PATCH", deployments + "/web", body, "Content-Type", STRATEGIC);
    }

    private static String containers(String podSpec) {
        Answer answer = strategic("{\"spec\":{\"template\":{\"spec\":" + podSpec + "}}}");
        assertThat(answer.code()).as(answer.text()).isEqualTo(200);
        List<String> shown = new ArrayList<>();
        answer.json().at("/spec/template/spec/containers").forEach(c -> shown.add(c.path("name").asText() + ":" + c
                .path("image").asText() + (c.has("args") ? c.path("args").toString() : "[]")));
        return String.join(" ", shown);
    }

    @Test
    void aGenerationCountsSpecsAndTheStatusIsWrittenApart() {
        String body = "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"gen\",\"generation\":7},\"spec\":"
                + "{\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},"
                + "\"spec\":{\"containers\":[{\"name\":\"x\",\"image\":\"i\"}]}}},\"status\":{\"replicas\":9}}";
        Answer made = admin.post(deployments, body);
        assertThat(made.json().at("/metadata/generation").asInt()).isEqualTo(1);
        assertThat(made.json().at("/status/replicas").asInt()).isZero();

        Answer status = other.send("PATCH", deployments + "/gen/status",
                "{\"spec\":{\"replicas\":5},\"status\":{\"replicas\":3}}", "Content-Type",
                "application/merge-patch+json");
        assertThat(status.json().at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(status.json().at("/status/replicas").asInt()).isEqualTo(3);
        assertThat(status.json().at("/metadata/generation").asInt()).isEqualTo(1);
        Answer spec = other.merge(deployments + "/gen", "{\"spec\":{\"replicas\":2},\"status\":{\"replicas\":8}}");
        assertThat(spec.json().at("/metadata/generation").asInt()).isEqualTo(2);
        assertThat(spec.json().at("/status/replicas").asInt()).isEqualTo(3);
        assertThat(other.merge(deployments + "/gen", "{\"metadata\":{\"labels\":{\"x\":\"y\"}}}").json().at(
                "/metadata/generation").asInt()).isEqualTo(2);
        Answer scale = other.merge(deployments + "/gen/scale", "{\"spec\":{\"replicas\":4}}");
        assertThat(scale.json().path("kind").asText()).isEqualTo("Scale");
        assertThat(admin.get(deployments + "/gen").json().at("/metadata/generation").asInt()).isEqualTo(3);
    }

    /// Source: apimachinery pkg/util/managedfields scalehandler_test.go; who comes by the Scale has no time.
    @Test
    void whoScalesOwnsTheReplicasOfTheObject() {
        admin.post(deployments + "?fieldManager=maker", "{\"metadata\":{\"name\":\"sized\"},\"spec\":{\"replicas\":1,"
                + "\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},"
                + "\"spec\":{\"containers\":[{\"name\":\"x\",\"image\":\"i\"}]}}}}");

        Answer conflict = applyScale("one", false, 1, 2);
        assertThat(conflict.code()).as(conflict.text()).isEqualTo(409);
        assertThat(conflict.json().path("message").asText()).isEqualTo(
                "Apply failed with 1 conflict: conflict with \"maker\" using autoscaling/v1: .spec.replicas");
        assertThat(applyScale("one", true, 1, 2).json().at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(ownersOfReplicas()).containsExactly("one Apply apps/v1 scale null");
        assertThat(applyScale("two", false, 1, 2).code()).isEqualTo(200);
        assertThat(ownersOfReplicas()).containsExactly("one Apply apps/v1 scale null", "two Apply apps/v1 scale null");
        String before = admin.get(deployments + "/sized").revision();
        assertThat(applyScale("two", false, 1, 2).code()).isEqualTo(200);
        assertThat(admin.get(deployments + "/sized").revision()).isEqualTo(before);
        other.merge(deployments + "/sized/scale?fieldManager=hand", "{\"spec\":{\"replicas\":3}}");
        assertThat(ownersOfReplicas()).containsExactly("hand Update apps/v1 scale null");
        assertThat(applyScale("one", false, 2, 3).json().at("/message").asText()).isEqualTo(
                "invalid object type: autoscaling/v2, Kind=Scale");
    }

    private static Answer applyScale(String manager, boolean force, int version, int replicas) {
        return other.send("PATCH", deployments + "/sized/scale?fieldManager=" + manager + "&force=" + force,
                "{\"apiVersion\":\"autoscaling/v" + version + "\",\"kind\":\"Scale\",\"spec\":{\"replicas\":" + replicas
                        + "}}",
                "Content-Type", APPLY);
    }

    private static List<String> ownersOfReplicas() {
        List<String> owners = new ArrayList<>();
        for (JsonNode entry : admin.get(deployments + "/sized").json().at("/metadata/managedFields")) {
            if (entry.at("/fieldsV1/f:spec").has("f:replicas")) {
                owners.add(String.join(" ", entry.path("manager").asText(), entry.path("operation").asText(),
                        entry.path(
                                "apiVersion").asText(),
                        entry.path("subresource").asText(), entry.path("time").asText("null")));
            }
        }
        return owners;
    }

    @Test
    void whoeverAsksForEndpointsIsWarned() {
        for (String path : List.of("/api/v1/endpoints", "/api/v1/namespaces/writes/endpoints/none")) {
            assertThat(admin.get(path).raw().headers().allValues("Warning")).containsExactly(
                    "299 - \"v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\"");
        }
    }

    @Test
    void duplicatesAndUnknownFieldsAreErrorsWarningsOrNothingAsAsked() {
        String body = "{\"metadata\":{\"name\":\"v\"},\"data\":{\"a\":\"1\",\"a\":\"2\"},\"bogus\":1}";
        Answer strict = admin.post(maps + "?fieldValidation=Strict&dryRun=All", body);
        Answer warn = admin.post(maps + "?fieldValidation=Warn&dryRun=All", body);
        Answer ignore = admin.post(maps + "?fieldValidation=Ignore&dryRun=All", body);

        assertThat(strict.code()).isEqualTo(400);
        assertThat(strict.json().path("message").asText()).contains(
                "strict decoding error: duplicate field \"data.a\", unknown field \"bogus\"");
        assertThat(warn.code()).isEqualTo(201);
        assertThat(warn.raw().headers().allValues("warning")).containsExactly(
                "299 - \"duplicate field \\\"data.a\\\"\"",
                "299 - \"unknown field \\\"bogus\\\"\"");
        assertThat(ignore.code()).isEqualTo(201);
        assertThat(ignore.raw().headers().allValues("warning")).isEmpty();
    }

    @Test
    void writesAreWarnedOfOnceAndWhateverBecomesOfThem() {
        String services = "/api/v1/namespaces/writes/services";
        String close = "299 - \"spec.trafficDistribution: \\\"PreferClose\\\" is deprecated; use "
                + "\\\"PreferSameZone\\\"\"";
        String service = "{\"metadata\":{\"name\":\"w\"},\"spec\":{\"ports\":[{\"port\":80}],"
                + "\"trafficDistribution\":\"PreferClose\"}}";
        assertThat(warnings(admin.post(services + "?dryRun=All", service))).containsExactly(close);
        assertThat(warnings(admin.post(services, service))).containsExactly(close);
        assertThat(warnings(admin.merge(services + "/w", "{}"))).containsExactly(close);
        assertThat(warnings(admin.merge(services + "/w/status", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}")))
                .isEmpty();
        assertThat(warnings(admin.get("/api/v1/namespaces/writes/endpoints"))).containsExactly(
                "299 - \"v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\"");
        Answer refused = admin.post(services + "?fieldValidation=Warn", "{\"metadata\":{\"name\":\"v\"},\"bogus\":1}");
        assertThat(refused.code()).isEqualTo(422);
        assertThat(warnings(refused)).containsExactly("299 - \"unknown field \\\"bogus\\\"\"");
    }

    @Test
    void anAnnotationForAppArmorBecomesAFieldAndTheClientHearsOfIt() {
        admin.post("/api/v1/namespaces/writes/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        String key = "container.apparmor.security.beta.kubernetes.io/c";
        Answer pod = admin.post("/api/v1/namespaces/writes/pods", "{\"metadata\":{\"name\":\"armed\","
                + "\"annotations\":{\"" + key + "\":\"unconfined\"}},\"spec\":{\"containers\":[{\"name\":\"c\","
                + "\"image\":\"i\"}]}}");
        assertThat(pod.code()).as(pod.text()).isEqualTo(201);
        assertThat(warnings(pod)).containsExactly("299 - \"metadata.annotations[" + key
                + "]: deprecated since v1.30; use the \\\"appArmorProfile\\\" field instead\"");
        assertThat(pod.json().at("/spec/containers/0/securityContext/appArmorProfile/type").asText()).isEqualTo(
                "Unconfined");
    }

    private static List<String> warnings(Answer answer) {
        return answer.raw().headers().allValues("Warning");
    }

    @Test
    void everyAcknowledgedWriteIsSeenAtTheOtherGatewayAtOnce() {
        for (int i = 0; i < 200; i++) {
            ApiClient writer = i % 2 == 0 ? admin : other;
            ApiClient reader = i % 2 == 0 ? other : admin;
            Answer written = i == 0
                    ? writer.post(maps, TwoGateways.map("pair", "0"))
                    : writer.merge(maps + "/pair", "{\"data\":{\"a\":\"" + i + "\"}}");

            assertThat(reader.get(maps + "/pair").json()).isEqualTo(written.json());
        }
    }
}
