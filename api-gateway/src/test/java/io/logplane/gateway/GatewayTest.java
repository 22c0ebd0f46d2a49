package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.broker.pki.PemPair;
import io.logplane.gateway.ApiClient.Answer;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The gateway over HTTPS with a real broker; a second gateway on the same log where it matters.
class GatewayTest {
    private static final String CM = "/api/v1/namespaces/default/configmaps";

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static DevPlane second;
    private static ApiClient admin;
    private static ApiClient other;

    @BeforeAll
    static void start() throws Exception {
        plane = DevPlane.start(directory, 0);
        second = plane.another(directory.resolve("second"));
        admin = client(plane, plane.pki().admin());
        other = client(second, plane.pki().admin());
        org.awaitility.Awaitility.await().atMost(java.time.Duration.ofSeconds(60))
                .until(() -> admin.get("/readyz").code() == 200 && other.get("/readyz")
                        .code() == 200);
        assertThat(admin.post("/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}")
                .code()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        second.closeGateway();
        plane.close();
    }

    private static ApiClient client(DevPlane of, PemPair identity) {
        return new ApiClient(of.port(), plane.pki().authorityCertificate(), identity);
    }

    private static String cm(String name, String data) {
        return "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"t\":\"" + name + "\"}},\"data\":{\"a\":\"" + data
                + "\"}}";
    }

    @Test
    void aNameOtherThanThePathsIsRefusedBeforeTheObjectIsLookedFor() {
        Answer refused = admin.put(CM + "/not-there", cm("x", "1"));

        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.json().path("message").asText()).isEqualTo(
                "the name of the object (x) does not match the name on the URL (not-there)");
    }

    @Test
    void aGeneratedNameIsInTheLabelsThatRepeatIt() {
        Answer made = admin.post("/api/v1/namespaces", "{\"metadata\":{\"generateName\":\"gen-\"}}");

        String name = made.json().at("/metadata/name").asText();
        assertThat(name).startsWith("gen-").hasSize(9);
        assertThat(made.json().path("metadata").path("labels").path("kubernetes.io/metadata.name").asText()).isEqualTo(
                name);
    }

    @Test
    void anAcknowledgedWriteIsReadAtOnceThroughAnotherGateway() {
        for (int i = 0; i < 30; i++) {
            Answer written = admin.post(CM, cm("seen-" + i, "1"));

            assertThat(other.get(CM + "/seen-" + i).revision()).isEqualTo(written.revision());
        }
    }

    @Test
    void theLogIsAComponent() {
        String all = "/api/v1/componentstatuses";
        JsonNode list = admin.get(all).json();

        assertThat(list.path("kind").asText()).isEqualTo("ComponentStatusList");
        assertThat(list.at("/items/0/metadata/name").asText()).isEqualTo("registry");
        assertThat(list.at("/items/0/conditions")).hasToString(
                "[{\"type\":\"Healthy\",\"status\":\"True\",\"message\":\"ok\"}]");
        assertThat(admin.get(all + "?labelSelector=a%3Db").json().path("items")).isEmpty();
        Answer one = admin.get(all + "/registry");
        assertThat(one.json().path("kind").asText()).isEqualTo("ComponentStatus");
        assertThat(one.raw().headers().allValues("Warning")).containsExactly(
                "299 - \"v1 ComponentStatus is deprecated in v1.19+\"");
        assertThat(admin.get(all, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io").json().at("/rows/0/cells"))
                .hasToString("[\"registry\",\"Healthy\",\"ok\",\"\"]");
        assertThat(admin.get(all + "/etcd-0").code()).isEqualTo(404);
        assertThat(admin.post(all, "{\"metadata\":{\"name\":\"x\"}}").code()).isEqualTo(405);
        assertThat(admin.delete(all + "/registry").code()).isEqualTo(405);
    }

    @Test
    void ofManyWritersOfOneRevisionExactlyOneWins() throws Exception {
        String revision = admin.post(CM, cm("race", "0")).revision();
        String body = "{\"metadata\":{\"name\":\"race\",\"resourceVersion\":\"" + revision
                + "\"},\"data\":{\"a\":\"%d\"}}";
        List<Callable<Integer>> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ApiClient through = i % 2 == 0 ? admin : other;
            String mine = body.formatted(i + 1);
            writers.add(() -> through.put(CM + "/race", mine).code());
        }

        assertThat(together(writers)).containsOnlyOnce(200).contains(409);
    }

    @Test
    void writersWithoutARevisionAllSucceed() throws Exception {
        admin.post(CM, cm("counter", "0"));
        List<Callable<Integer>> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ApiClient through = i % 2 == 0 ? admin : other;
            String patch = "{\"data\":{\"k" + i + "\":\"1\"}}";
            writers.add(() -> through.merge(CM + "/counter", patch).code());
        }

        assertThat(together(writers)).containsOnly(200);
        assertThat(admin.get(CM + "/counter").json().path("data")).hasSize(9);
    }

    private static List<Integer> together(List<Callable<Integer>> calls) throws InterruptedException {
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Integer> codes = new ArrayList<>();
            for (Future<Integer> call : pool.invokeAll(calls)) {
                codes.add(call.get());
            }
            return codes;
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void aWriteThatChangesNothingKeepsItsRevision() {
        String revision = admin.post(CM, cm("still", "1")).revision();

        assertThat(admin.put(CM + "/still", cm("still", "1")).revision()).isEqualTo(revision);
        assertThat(admin.merge(CM + "/still", "{\"data\":{\"a\":\"1\"}}").revision()).isEqualTo(revision);
        assertThat(admin.send("PATCH", CM + "/still?fieldManager=m",
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"still\"}}", "Content-Type",
                "application/apply-patch+yaml").code()).isEqualTo(200);
    }

    @Test
    void pagesOfOneListAreOneSnapshotWhicheverGatewayServesThem() {
        String base = "/api/v1/namespaces/pages/configmaps";
        admin.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"pages\"}}");
        for (int i = 0; i < 25; i++) {
            admin.post(base, cm("p%02d".formatted(i), "1"));
        }
        Answer page = admin.get(base + "?limit=10");
        String revision = page.revision();
        assertThat(page.json().path("metadata").path("remainingItemCount").asInt()).isEqualTo(15);
        admin.delete(base + "/p15");
        admin.post(base, cm("p10a", "1"));
        Set<String> names = new HashSet<>(names(page));
        ApiClient next = other;
        while (!page.json().path("metadata").path("continue").asText().isEmpty()) {
            page = next.get(base + "?limit=10&continue=" + page.json().path("metadata").path("continue").asText());
            assertThat(page.revision()).isEqualTo(revision);
            names.addAll(names(page));
            next = next == other ? admin : other;
        }

        assertThat(names).hasSize(25).contains("p15").doesNotContain("p10a");
        assertThat(names(other.get(base + "?resourceVersion=" + revision + "&resourceVersionMatch=Exact"))).hasSize(25);
    }

    private static List<String> names(Answer list) {
        List<String> names = new ArrayList<>();
        list.json().path("items").forEach(item -> names.add(item.path("metadata").path("name").asText()));
        return names;
    }

    @Test
    void aRevisionFromTheFutureIsAnswered504() {
        assertThat(admin.get(CM + "?resourceVersion=999999999").code()).isEqualTo(504);
        assertThat(admin.get(CM + "/x?resourceVersion=999999999").json().path("details").path("causes").path(0).path(
                "reason").asText()).isEqualTo("ResourceVersionTooLarge");
    }

    @Test
    void aWatchTellsOfObjectsThatEnterAndLeaveItsSelector() {
        String revision = admin.post(CM, cm("moves", "1")).revision();
        BufferedReader watch = other.watch(CM + "?watch=1&timeoutSeconds=10&labelSelector=t%3Dmoves&resourceVersion="
                + revision);
        admin.merge(CM + "/moves", "{\"data\":{\"a\":\"2\"}}");
        String left = admin.merge(CM + "/moves", "{\"metadata\":{\"labels\":{\"t\":\"gone\"}}}").revision();
        admin.merge(CM + "/moves", "{\"metadata\":{\"labels\":{\"t\":\"moves\"}}}");
        admin.delete(CM + "/moves");

        assertThat(ApiClient.next(watch).path("type").asText()).isEqualTo("MODIFIED");
        JsonNode gone = ApiClient.next(watch);
        assertThat(gone.path("type").asText()).isEqualTo("DELETED");
        assertThat(gone.at("/object/metadata/labels/t").asText()).isEqualTo("moves");
        assertThat(gone.at("/object/metadata/resourceVersion").asText()).isEqualTo(left);
        assertThat(ApiClient.next(watch).path("type").asText()).isEqualTo("ADDED");
        assertThat(ApiClient.next(watch).path("type").asText()).isEqualTo("DELETED");
    }

    @Test
    void aWatchListEndsItsInitialEventsWithABookmark() {
        admin.post(CM, cm("wl", "1"));
        BufferedReader watch = admin.watch(CM + "?watch=1&timeoutSeconds=5&fieldSelector=metadata.name%3Dwl"
                + "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        assertThat(ApiClient.next(watch).path("type").asText()).isEqualTo("ADDED");
        JsonNode mark = ApiClient.next(watch);
        assertThat(mark.path("type").asText()).isEqualTo("BOOKMARK");
        assertThat(mark.at("/object/metadata/annotations/k8s.io~1initial-events-end").asText()).isEqualTo("true");
        String deleted = String.valueOf(Long.parseLong(mark.at("/object/metadata/resourceVersion").asText()));
        admin.delete(CM + "/wl");
        JsonNode event = ApiClient.next(watch);
        assertThat(event.path("type").asText()).isEqualTo("DELETED");
        assertThat(event.at("/object/metadata/resourceVersion").asLong()).isGreaterThan(Long.parseLong(deleted));
    }

    @Test
    void anObjectWithAFinalizerGoesWhenTheLastOneIsTaken() {
        admin.post(CM, "{\"metadata\":{\"name\":\"held\",\"finalizers\":[\"example.com/x\"]}}");
        assertThat(admin.delete(CM + "/held").json().path("metadata").has("deletionTimestamp")).isTrue();
        assertThat(admin.get(CM + "/held").code()).isEqualTo(200);
        assertThat(admin.merge(CM + "/held", "{\"metadata\":{\"finalizers\":null}}").code()).isEqualTo(200);
        assertThat(other.get(CM + "/held").code()).isEqualTo(404);
    }

    @Test
    void aBoundPodIsDeletedInTwoStepsAndAnUnboundOneAtOnce() {
        String pods = "/api/v1/namespaces/default/pods";
        String pod = "{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}";
        assertThat(admin.post(pods, pod.formatted("bound")).code()).isEqualTo(201);
        admin.post(pods, pod.formatted("unbound"));
        assertThat(admin.post(pods + "/bound/binding", "{\"target\":{\"kind\":\"Node\",\"name\":\"n\"}}").code())
                .isEqualTo(201);

        admin.delete(pods + "/unbound");
        assertThat(admin.get(pods + "/unbound").code()).isEqualTo(404);
        assertThat(admin.delete(pods + "/bound").json().path("metadata").path("deletionGracePeriodSeconds").asInt())
                .isEqualTo(30);
        assertThat(admin.delete(pods + "/bound?gracePeriodSeconds=60").json().path("metadata").path(
                "deletionGracePeriodSeconds").asInt()).isEqualTo(30);
        assertThat(admin.delete(pods + "/bound?gracePeriodSeconds=0").code()).isEqualTo(200);
        assertThat(admin.get(pods + "/bound").code()).isEqualTo(404);
    }

    @Test
    void servicesNeverShareAnAddress() throws Exception {
        String services = "/api/v1/namespaces/default/services";
        List<Callable<Integer>> creates = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ApiClient through = i % 2 == 0 ? admin : other;
            String body = "{\"metadata\":{\"name\":\"same-" + i
                    + "\"},\"spec\":{\"clusterIP\":\"10.96.77.77\",\"ports\":[{\"port\":80}]}}";
            creates.add(() -> through.post(services, body).code());
        }

        assertThat(together(creates)).containsOnlyOnce(201).contains(422);
        names(admin.get(services)).stream().filter(n -> n.startsWith("same-")).forEach(n -> admin.delete(services + "/"
                + n));
        assertThat(admin.post(services,
                "{\"metadata\":{\"name\":\"again\"},\"spec\":{\"clusterIP\":\"10.96.77.77\",\"ports\":[{\"port\":80}]}}")
                .code()).isEqualTo(201);
    }

    @Test
    void nothingIsCreatedInANamespaceThatIsGoing() {
        admin.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"going\"}}");
        assertThat(admin.delete("/api/v1/namespaces/going").json().at("/status/phase").asText()).isEqualTo(
                "Terminating");

        Answer refused = other.post("/api/v1/namespaces/going/configmaps", cm("x", "1"));

        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.json().at("/details/causes/0/reason").asText()).isEqualTo("NamespaceTerminating");
        JsonNode going = admin.get("/api/v1/namespaces/going").json();
        ((com.fasterxml.jackson.databind.node.ObjectNode) going.path("spec")).remove("finalizers");
        admin.put("/api/v1/namespaces/going/finalize", going.toString());
        assertThat(admin.get("/api/v1/namespaces/going").code()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"GET|/api/v1/namespaces/default/configmaps/..%2fsecrets|404",
        "GET|/api/v1//namespaces|404", "GET|/api/v1/nodes/%2e%2e|400", "GET|/api/v1/namespaces/default/nodes|404",
        "FROB|/api/v1/namespaces|405", "POST|/api/v1/configmaps|405", "POST|/apis|200", "PUT|/apis/apps|200",
        "POST|/apis/apps/v1|405", "HEAD|/apis/apps/v1|405", "DELETE|/apis/apiregistration.k8s.io|405",
        "POST|/version|405", "DELETE|/metrics|200", "POST|/metrics/slis|200", "POST|/healthz|200", "POST|/nope|404",
        "PUT|/apis/nope.example.com|404", "GET|/api/v1/namespaces/default/status/x|404",
        "GET|/api/v1/namespaces/default/configmaps?watch=1&timeoutSeconds=1|200", "GET|/nope|404",
        "GET|/api/v1/namespaces/default/configmaps?resourceVersion=-1|400"})
    void tricksAndMistakesGetAnAnswerAndNeverAFault(String method, String path, int code) {
        assertThat(admin.send(method, path, "").code()).isEqualTo(code);
    }

    @Test
    void aBodyBeyondTheLimitIsRefusedBeforeTheLog() {
        String huge = "x".repeat(3 * 1024 * 1024);

        assertThat(admin.post(CM, cm("huge", huge)).code()).isEqualTo(413);
        assertThat(admin.get(CM + "/huge").code()).isEqualTo(404);
    }

    @Test
    void aDryRunWritesNothing() {
        assertThat(admin.post(CM + "?dryRun=All", cm("dry", "1")).code()).isEqualTo(201);
        assertThat(admin.get(CM + "/dry").code()).isEqualTo(404);
    }

    @Test
    void whoeverTakesAnyRevisionGetsTheWholeList() {
        admin.post(CM, cm("whole-1", "1"));
        admin.post(CM, cm("whole-2", "1"));
        String some = CM + "?limit=1&labelSelector=t+in+(whole-1,whole-2)";

        assertThat(admin.get(some).json().path("items")).hasSize(1);
        JsonNode all = admin.get(some + "&resourceVersion=0").json();
        assertThat(all.path("items")).hasSize(2);
        assertThat(all.path("metadata").has("continue")).isFalse();
        String next = admin.get(some).json().at("/metadata/continue").asText();
        assertThat(admin.get(some + "&resourceVersion=0&continue=" + next).json().path("items")).hasSize(1);
    }

    @Test
    void bodiesAndPatchesAreOfATypeThatCanBeRead() {
        for (String type : List.of("application/json;;", "application/json; charset", "application/json;a=b;A=c")) {
            assertThat(admin.send("POST", CM + "?dryRun=All", cm("typed", "1"), "Content-Type", type).code()).as(type)
                    .isEqualTo(415);
        }
        assertThat(admin.send("POST", CM + "?dryRun=All", cm("typed", "1"), "Content-Type", "APPLICATION/JSON;a=b")
                .code()).isEqualTo(201);
        assertThat(admin.send("PATCH", CM + "/typed", "{}", "Content-Type", "Application/merge-patch+json").text())
                .contains("415: Unsupported Media Type");
        assertThat(admin.send("PATCH", CM + "/typed", "{}", "Content-Type", "application/merge-patch+json, x").text())
                .contains("application/json-patch+json, application/merge-patch+json");
    }

    @Test
    void aWatchHasNoYamlAndEndsWhereAnEventCannotBeAList() {
        String watch = CM + "?watch=1&timeoutSeconds=30";
        Answer yaml = admin.get(watch, "Accept", "application/yaml");
        Answer lists = admin.get(watch, "Accept", "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io");

        assertThat(yaml.code()).isEqualTo(406);
        assertThat(yaml.text()).contains("application/json;stream=watch");
        assertThat(lists.code()).isEqualTo(200);
        assertThat(lists.text()).isEmpty();
    }

    @Test
    void discoveryTagsItsDocumentAndAnswers304() {
        String accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
        Answer whole = admin.get("/apis", "Accept", accept);
        String tag = whole.raw().headers().firstValue("etag").orElseThrow();

        assertThat(whole.type()).isEqualTo("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
        Answer again = admin.get("/apis", "Accept", accept, "If-None-Match", tag);
        assertThat(again.code()).isEqualTo(304);
        assertThat(again.type()).isEqualTo(whole.type());
    }

    @Test
    void objectsComeInEveryForm() {
        admin.post(CM, cm("forms", "1"));

        assertThat(admin.get(CM + "/forms", "Accept", "application/yaml").text()).contains("kind: ConfigMap");
        assertThat(admin.get(CM + "/forms", "Accept", "application/vnd.kubernetes.protobuf").body()).startsWith('k',
                '8', 's', 0);
        assertThat(admin.get(CM + "?fieldSelector=metadata.name%3Dforms", "Accept",
                "application/json;as=Table;v=v1;g=meta.k8s.io").json().at("/rows/0/cells/0").asText()).isEqualTo(
                        "forms");
        assertThat(admin.get(CM + "/forms", "Accept", "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io")
                .json().has("data")).isFalse();
        assertThat(admin.get(CM + "/forms", "Accept", "text/html").code()).isEqualTo(406);
    }
}
