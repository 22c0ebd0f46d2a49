package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.gateway.ApiClient.Answer;
import io.logplane.gateway.http.Tls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bad input gets a refusal with a metav1.Status: never a 5xx, never a hang, never a write.
class BadInputTest {
    private static final String NS = "/api/v1/namespaces/corpus";

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;
    /// One for all, so that handshakes resume.
    private static SSLSocketFactory sockets;

    @BeforeAll
    static void start() throws Exception {
        plane = DevPlane.start(directory, 0);
        sockets = Tls.asking(plane.pki().admin().certificate(), plane.pki().admin().key(), Tls.certificates(plane.pki()
                .authorityCertificate())).getSocketFactory();
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        org.awaitility.Awaitility.await().atMost(java.time.Duration.ofSeconds(60))
                .until(() -> admin.get("/readyz").code() == 200);
        admin.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"corpus\"}}");
        admin.post(NS + "/configmaps", TwoGateways.map("kept", "1"));
    }

    @AfterAll
    static void stop() {
        plane.close();
    }

    /// What a stray write would change.
    private static Set<String> everything() {
        Set<String> all = new TreeSet<>();
        for (String list : List.of("/api/v1/configmaps", "/api/v1/secrets", "/api/v1/namespaces", "/api/v1/nodes")) {
            admin.get(list).json().path("items").forEach(item -> all.add(list + item.at("/metadata/namespace").asText()
                    + "/" + item.at("/metadata/name").asText() + "@" + item.at("/metadata/resourceVersion").asText()));
        }
        return all;
    }

    @Test
    void textsThatAreNotJsonAreRefusedWith400AndTextsThatAreNeverAFault() {
        Set<String> before = everything();
        List<String> wrong = new ArrayList<>();
        int bodies = 0;
        for (String text : JsonCorpus.MALFORMED) {
            for (String body : JsonCorpus.bodies(text)) {
                bodies++;
                Answer answer = admin.post(NS + "/configmaps", body);
                if (answer.code() != 400 || !answer.json().path("reason").asText().equals("BadRequest")) {
                    wrong.add("not JSON: " + body + " -> " + answer.code() + " " + answer.text());
                }
            }
        }
        for (String text : concat(JsonCorpus.VALID, JsonCorpus.OPEN)) {
            for (String body : JsonCorpus.bodies(text)) {
                bodies++;
                Answer answer = admin.post(NS + "/configmaps?dryRun=All", body);
                if (answer.code() >= 500) {
                    wrong.add("fault: " + body + " -> " + answer.code() + " " + answer.text());
                }
            }
        }
        for (String text : JsonCorpus.VALID) {
            Answer answer = admin.post(NS + "/configmaps?dryRun=All", JsonCorpus.bodies(text).get(2));
            if (answer.code() != 201) {
                wrong.add("JSON: " + text + " -> " + answer.code() + " " + answer.text());
            }
        }

        assertThat(bodies).isGreaterThan(450);
        assertThat(wrong).isEmpty();
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void bytesThatAreNotUtf8AreNeverAFault() {
        for (byte[] body : JsonCorpus.notUtf8()) {
            Answer answer = admin.sendBytes("POST", NS + "/configmaps?dryRun=All", body);

            assertThat(answer.code()).as(answer.text()).isIn(201, 400, 422);
        }
    }

    private static List<String> concat(List<String> some, List<String> more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    /// Ways to write a slash, a dot and a name that careless servers normalise after they have asked who may do what.
    private static List<String> tricks() {
        List<String> ups = List.of("..", "%2e%2e", "%2E%2E", ".%2e", "%2e.", "%252e%252e", "..;", "..%00",
                "%c0%ae%c0%ae",
                "%e0%80%ae%e0%80%ae", "%uff0e%uff0e", ".", "%2e", "...", "..%20", "..%09");
        List<String> slashes = List.of("/", "%2f", "%2F", "%5c", "\\", "//", "/./", "%252f", "%c0%af", ";/", "/;/",
                "%00/",
                "/%20/");
        List<String> tricks = new ArrayList<>();
        for (String up : ups) {
            for (String slash : slashes) {
                tricks.add(NS + "/configmaps" + slash + up + slash + "secrets/hidden");
                tricks.add(NS + slash + up + slash + "default" + slash + "secrets");
            }
        }
        for (String odd : List.of("//api/v1/nodes", "/api//v1/nodes", "/api/v1//nodes", "/API/v1/nodes",
                "/api/V1/nodes",
                "/api/v1/Nodes", "/api/v1/nodes;a=b", "/api/v1/nodes%00", "/api/v1/nodes%0a", "/api/v1/nodes%0d%0aX:y",
                "/api/v1/nodes%", "/api/v1/nodes%2", "/api/v1/nodes%zz", "/api/v1/nodes/%ff",
                "/api/v1/nodes/a/b/c/d/e/f",
                "/api/v1/nodes\\..\\secrets", "/./api/v1/nodes/./", "/api/v1/watch", "/api/v1/watch/watch/nodes",
                "/apis/apps/", "/apis/apps/v1/watch", "/apis//v1/deployments", "/apis/apps//deployments",
                "/apis/../api/v1/secrets", NS + "//", NS + "/configmaps//kept",
                NS + "/configmaps/kept//status", NS + "/configmaps/kept/status/more", NS + "/nodes/x",
                "/api/v1/namespaces//configmaps", "/api/v1/namespaces/%20/configmaps",
                "/api/v1/namespaces/*/configmaps",
                "/api/v1/namespaces/corpus%2fconfigmaps/kept", "/api/v1/namespaces/corpus/configmaps%2fkept",
                "/api/v1/" + "a/".repeat(2000), "/" + "%41".repeat(3000), "/api/v1/nodes/" + "n".repeat(300))) {
            tricks.add(odd);
        }
        return tricks;
    }

    @Test
    void noTrickWithThePathReachesAnotherObject() throws Exception {
        admin.post(NS + "/secrets", "{\"metadata\":{\"name\":\"hidden\"},\"stringData\":{\"k\":\"canary-value\"}}");
        Set<String> before = everything();
        List<String> tricks = tricks();
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < tricks.size(); i++) {
            String method = i % 5 == 0 ? "DELETE" : "GET";
            String answer = raw(method, tricks.get(i));
            int code = answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : -1;
            boolean told = tricks.get(i).startsWith("/apis/apps/") && answer.contains("\"APIGroup\"");
            boolean harmless = code == 200 && !answer.contains("canary") && !answer.contains("Y2FuYXJ5") && (method
                    .equals("GET") || answer.contains("\"items\":[]") || told);
            boolean verbAlone = answer.contains("failed to create RequestInfo");
            if (!(code >= 400 && code < 500 || harmless || verbAlone)) {
                wrong.add(method + " " + tricks.get(i) + " -> " + answer.lines().findFirst().orElse("nothing"));
            }
        }

        assertThat(tricks).hasSizeGreaterThan(400);
        assertThat(wrong).isEmpty();
        assertThat(everything()).isEqualTo(before);
    }

    /// One request as bytes, because HTTP clients repair paths.
    private static String raw(String method, String path) throws IOException {
        try (SSLSocket socket = (SSLSocket) sockets.createSocket("127.0.0.1", plane.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(),
                    StandardCharsets.UTF_8));
            StringBuilder all = new StringBuilder();
            for (String line = in.readLine(); line != null && all.length() < 100_000; line = in.readLine()) {
                all.append(line).append('\n');
            }
            return all.toString();
        }
    }

    @Test
    void aPathOfTheWrongScopeDoesNotExist() {
        List<String> wrong = new ArrayList<>();
        for (String resource : List.of("nodes", "namespaces", "persistentvolumes", "componentstatuses")) {
            expect(wrong, "GET", NS + "/" + resource, "", 404);
            expect(wrong, "POST", NS + "/" + resource, "{\"metadata\":{\"name\":\"x\"}}", 404);
        }
        for (String path : List.of("/apis/apps/v1/configmaps", "/api/v1/deployments",
                "/apis/apps/v1/namespaces/corpus/pods",
                "/apis/batch/v1/deployments", "/apis/rbac.authorization.k8s.io/v1/namespaces/corpus/clusterroles",
                "/apis/storage.k8s.io/v1/namespaces/corpus/storageclasses", "/apis/apps/v2/deployments",
                "/apis/nothing/v1/things", "/api/v2/pods", "/api/v1/pods/x", "/api/v1/configmaps/kept",
                "/apis/apps/v1/deployments/x", NS + "/configmaps/kept/scale", NS + "/pods/x/nothing")) {
            expect(wrong, "GET", path, "", 404);
        }
        for (String path : List.of("/api/v1/configmaps", "/api/v1/pods", "/apis/apps/v1/deployments")) {
            expect(wrong, "POST", path, "{\"metadata\":{\"name\":\"x\"}}", 405);
            expect(wrong, "PUT", path, "{\"metadata\":{\"name\":\"x\"}}", 405);
        }
        expect(wrong, "POST", NS + "/configmaps/kept", "{\"metadata\":{\"name\":\"kept\"}}", 405);
        expect(wrong, "PUT", NS + "/configmaps", "{\"metadata\":{\"name\":\"kept\"}}", 405);

        assertThat(wrong).isEmpty();
    }

    private static void expect(List<String> wrong, String method, String path, String body, int code) {
        Answer answer = admin.send(method, path, body);
        boolean shaped = answer.text().equals("404 page not found\n") || answer.json().path("kind").asText().equals(
                "Status");
        if (answer.code() != code || !shaped) {
            wrong.add(method + " " + path + " -> " + answer.code() + " " + answer.text());
        }
    }

    @Test
    void garbageInTheQueryIsRefusedOrIgnoredAsUpstreamDoes() {
        Set<String> before = everything();
        String maps = NS + "/configmaps";
        List<String> wrong = new ArrayList<>();
        for (String query : List.of("resourceVersion=-1", "resourceVersion=1.5", "resourceVersion=0x10",
                "resourceVersion=%20", "resourceVersion=1e3", "continue=%00", "continue=e30", "continue=bnVsbA",
                "continue=" + "A".repeat(5000), "labelSelector=%21", "labelSelector=a%3D%3D%3Db", "labelSelector=a+in",
                "labelSelector=a+in+%28", "labelSelector=%2C%2C", "labelSelector=a%3Eb%3Ec", "labelSelector=a%20b",
                "labelSelector=" + "a".repeat(64) + "%3Db", "fieldSelector=%3D", "fieldSelector=a",
                "fieldSelector=a%3Db",
                "fieldSelector=metadata.name", "limit=x", "limit=", "limit=1e9", "limit=99999999999999999999",
                "timeoutSeconds=x&watch=1", "timeoutSeconds=1.5")) {
            Answer answer = admin.get(maps + "?" + query);
            if (answer.code() != 400 && answer.code() != 422) {
                wrong.add(query + " -> " + answer.code() + " " + answer.text());
            }
        }
        for (String query : List.of("limit=-1", "limit=0", "pretty=maybe", "a&&&b", "=", "%00=%00", "a=%3B",
                "resourceVersion=&continue=", "labelSelector=", "watch=false", "watch=0", "exact=true",
                "allowWatchBookmarks=maybe", "labelSelector=a%3Db&labelSelector=c%3Dd")) {
            Answer answer = admin.get(maps + "?" + query);
            if (answer.code() != 200) {
                wrong.add(query + " -> " + answer.code() + " " + answer.text());
            }
        }
        for (String query : List.of("dryRun=Some", "dryRun=all", "fieldValidation=Loose", "fieldManager=" + "m".repeat(
                129), "dryRun=All&dryRun=Nothing")) {
            Answer answer = admin.post(maps + "?" + query, TwoGateways.map("never", "1"));
            if (answer.code() != 422 && answer.code() != 400) {
                wrong.add(query + " -> " + answer.code() + " " + answer.text());
            }
        }
        for (String query : List.of("gracePeriodSeconds=x", "propagationPolicy=Sometimes",
                "orphanDependents=true&propagationPolicy=Orphan", "dryRun=Some")) {
            Answer answer = admin.delete(maps + "/kept?" + query);
            if (answer.code() != 422 && answer.code() != 400) {
                wrong.add("DELETE " + query + " -> " + answer.code() + " " + answer.text());
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(everything()).isEqualTo(before);
    }
}
