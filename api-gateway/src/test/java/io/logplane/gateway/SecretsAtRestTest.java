package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.ApiClient.Answer;
import io.logplane.state.sealed.SealedRegistry;
import io.logplane.state.sealed.SealingFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Secrets are not on the disk: not in the log, not in RocksDB; and clients notice nothing of it.
class SecretsAtRestTest {
    private static final String SECRETS = "/api/v1/namespaces/rest/secrets";
    private static final String CANARY = "canary-of-a-secret-value";
    private static final String ENCODED = Base64.getEncoder().encodeToString(CANARY.getBytes(StandardCharsets.UTF_8));

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;
    private static Path keys;

    @BeforeAll
    static void start() throws Exception {
        keys = directory.resolve("encryption.yaml");
        plane = DevPlane.start(directory.resolve("plane"), 0, config -> config.with(new SealedRegistry(config
                .registry(), SealingFile.ensure(keys))));
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> admin.get("/readyz").code() == 200);
        admin.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"rest\"}}");
    }

    @AfterAll
    static void stop() {
        plane.close();
    }

    private static String secret(String name, String value) {
        return "{\"metadata\":{\"name\":\"" + name
                + "\",\"labels\":{\"a\":\"b\"},\"annotations\":{\"kubectl.kubernetes.io/"
                + "last-applied-configuration\":\"" + value + "\"}},\"data\":{\"p\":\"" + value + "\"}}";
    }

    /// Files below the plane in which the text stands.
    private static List<Path> holding(String text) throws IOException {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory.resolve("plane"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                if (content.contains(new String(wanted, StandardCharsets.ISO_8859_1))) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    @Test
    void whatAClientWritesItReadsAndTheDiskNeverSees() throws Exception {
        BufferedReader watch = admin.watch(SECRETS + "?watch=1&timeoutSeconds=20&labelSelector=a%3Db");
        Answer made = admin.post(SECRETS, secret("one", ENCODED));
        Answer changed = admin.merge(SECRETS + "/one", "{\"data\":{\"q\":\"" + ENCODED + "\"}}");
        String applied = "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"two\",\"labels\":{\"a\":\"b\"}},"
                + "\"stringData\":{\"r\":\"" + CANARY + "\"}}";
        Answer two = admin.send("PATCH", SECRETS + "/two?fieldManager=me", applied, "Content-Type",
                "application/apply-patch+yaml");

        assertThat(List.of(made.code(), changed.code(), two.code())).containsExactly(201, 200, 201);
        assertThat(admin.get(SECRETS + "/one").json().path("data").toString()).isEqualTo("{\"p\":\"" + ENCODED
                + "\",\"q\":\"" + ENCODED + "\"}");
        assertThat(admin.get(SECRETS + "/one").json().has("sealedBy")).isFalse();
        assertThat(admin.get(SECRETS).text()).contains("\"q\":\"" + ENCODED).doesNotContain("sealed");
        assertThat(admin.get(SECRETS + "?fieldSelector=type%3DOpaque").json().path("items")).hasSize(2);
        assertThat(admin.get(SECRETS + "?limit=1&resourceVersionMatch=Exact&resourceVersion=" + made.revision())
                .text()).contains(ENCODED).doesNotContain("\"q\"");
        for (String expected : List.of("ADDED one", "MODIFIED one", "ADDED two")) {
            JsonNode event = ApiClient.next(watch);
            assertThat(event.path("type").asText() + " " + event.at("/object/metadata/name").asText()).isEqualTo(
                    expected);
            assertThat(event.at("/object/data").toString()).contains(ENCODED);
        }
        assertThat(admin.delete(SECRETS + "/two").code()).isEqualTo(200);
        assertThat(ApiClient.next(watch).at("/object/data/r").asText()).isEqualTo(ENCODED);
        admin.post("/api/v1/namespaces/rest/configmaps",
                "{\"metadata\":{\"name\":\"seen\"},\"data\":{\"a\":\"not-a-secret-value\"}}");

        assertThat(holding(CANARY)).isEmpty();
        assertThat(holding(ENCODED)).isEmpty();
        assertThat(holding("not-a-secret-value")).as("plain objects are found by the same search").isNotEmpty();
    }

    @Test
    void aWriteThatChangesNothingWritesNothingThoughItWouldBeSealedAnew() {
        Answer made = admin.post(SECRETS, secret("same", "c2FtZQ=="));
        Answer again = admin.put(SECRETS + "/same", made.text());

        assertThat(again.code()).isEqualTo(200);
        assertThat(again.revision()).isEqualTo(made.revision());
    }

    @Test
    void keysAreRotatedWhileItRunsAndALostOneIsAnErrorOfItsObjectsOnly() throws Exception {
        Answer before = admin.post(SECRETS, secret("rotated", "cm90YXRlZA=="));
        admin.post(SECRETS, secret("left", "bGVmdA=="));
        String old = Files.readString(keys);
        String fresh = "      - name: key2\n        secret: " + "A".repeat(43) + "=\n";
        use(old.replace("      - name: key1", fresh + "      - name: key1"));

        // Until the file is read again a replace changes nothing; afterwards the same content is another revision.
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !admin.put(SECRETS + "/rotated", admin.get(
                SECRETS + "/rotated").text()).revision().equals(before.revision()));
        Answer rewritten = admin.get(SECRETS + "/rotated");
        assertThat(rewritten.json().path("data")).isEqualTo(before.json().path("data"));
        assertThat(admin.put(SECRETS + "/rotated", rewritten.text()).revision()).isEqualTo(rewritten.revision());
        assertThat(admin.get(SECRETS + "/left").code()).isEqualTo(200);

        use(old.replaceAll(" {6}- name: key1\n {8}secret: .*\n", fresh));
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> admin.get(SECRETS + "/left").code() == 500);

        assertThat(admin.get(SECRETS + "/left").json().path("message").asText()).isEqualTo(
                "Internal error occurred: unable to transform key \"/core/secrets/rest/left\": no matching prefix found");
        assertThat(admin.get(SECRETS).code()).isEqualTo(500);
        assertThat(admin.get(SECRETS + "/rotated").json().path("data")).isEqualTo(before.json().path("data"));
        assertThat(admin.get("/api/v1/namespaces/rest/configmaps").code()).isEqualTo(200);

        use("not: this");
        admin.get(SECRETS + "/rotated");
        assertThat(admin.get(SECRETS + "/rotated").code()).as("a wrong file is not used").isEqualTo(200);
        use(old.replace("      - name: key1", fresh + "      - name: key1"));
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> admin.get(SECRETS + "/left").code() == 200);
    }

    /// Times of files may be coarse: each change gets one of its own.
    private static void use(String text) throws IOException {
        Instant last = Files.getLastModifiedTime(keys).toInstant();
        Files.writeString(keys, text);
        Files.setLastModifiedTime(keys, FileTime.from(last.plusSeconds(2)));
    }
}
