package io.logplane.broker.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logplane.schemas.wire.RegistryClient;
import io.logplane.schemas.wire.SchemaIds;
import io.logplane.schemas.wire.Subjects;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/// What every schema registry must do for Logplane: the same tests run against ours and against others.
abstract class RegistryContract {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ONE = "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}";
    private static final String WITH_DEFAULT = "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"},"
            + "{\"name\":\"b\",\"type\":\"int\",\"default\":0}]}";
    private static final String WITHOUT_DEFAULT = "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"},"
            + "{\"name\":\"c\",\"type\":\"int\"}]}";

    String subject = "";

    abstract String url();

    abstract Optional<SSLContext> tls();

    record Answer(int status, JsonNode body) {
        int code() {
            return body.path("error_code").asInt();
        }
    }

    @BeforeEach
    void nameTheSubjectAfterTheTest(TestInfo test) {
        subject = "contract-" + getClass().getSimpleName() + "-" + test.getTestMethod().orElseThrow().getName();
    }

    @Test
    void equalSchemasHaveOneIdUnderEverySubject() throws Exception {
        int id = register(subject, ONE);

        assertThat(register(subject, ONE)).isEqualTo(id);
        assertThat(register(subject + "-2", ONE)).isEqualTo(id);
        assertThat(get("/subjects/" + subject + "/versions").body().toString()).isEqualTo("[1]");
        assertThat(JSON.readTree(get("/schemas/ids/" + id).body().path("schema").asText()))
                .isEqualTo(JSON.readTree(ONE));
        assertThat(get("/subjects").body().toString()).contains('"' + subject + '"', '"' + subject + "-2\"");
    }

    @Test
    void aVersionIsFoundByNumberAndAsTheLatest() throws Exception {
        register(subject, ONE);
        int second = register(subject, WITH_DEFAULT);

        for (String version : new String[]{"2", "latest", "-1"}) {
            JsonNode found = get("/subjects/" + subject + "/versions/" + version).body();
            assertThat(found.path("version").asInt()).isEqualTo(2);
            assertThat(found.path("id").asInt()).isEqualTo(second);
            assertThat(found.path("subject").asText()).isEqualTo(subject);
        }
        assertThat(get("/subjects/" + subject + "/versions/1/schema").body()).isEqualTo(JSON.readTree(ONE));
    }

    @Test
    void lookingUpDoesNotRegister() throws Exception {
        assertThat(post("/subjects/" + subject, ONE).code()).isEqualTo(40401);
        int id = register(subject, ONE);

        Answer found = post("/subjects/" + subject, ONE);
        assertThat(found.body().path("id").asInt()).isEqualTo(id);
        assertThat(found.body().path("version").asInt()).isEqualTo(1);
        assertThat(post("/subjects/" + subject, WITH_DEFAULT).code()).isEqualTo(40403);
    }

    @Test
    void aSchemaThatCannotReadOldRecordsIsRefused() throws Exception {
        register(subject, ONE);
        put("/config/" + subject, "{\"compatibility\":\"BACKWARD\"}");

        assertThat(post("/compatibility/subjects/" + subject + "/versions/latest", WITHOUT_DEFAULT).body()
                .path("is_compatible").asBoolean(true)).isFalse();
        Answer refused = post("/subjects/" + subject + "/versions", WITHOUT_DEFAULT);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo(409);
        assertThat(get("/subjects/" + subject + "/versions").body().toString()).isEqualTo("[1]");

        assertThat(post("/compatibility/subjects/" + subject + "/versions/latest", WITH_DEFAULT).body()
                .path("is_compatible").asBoolean(false)).isTrue();
        assertThat(post("/subjects/" + subject + "/versions", WITH_DEFAULT).status()).isEqualTo(200);
    }

    @Test
    void whatIsNotThereIsNamedByItsCode() throws Exception {
        register(subject, ONE);

        assertThat(get("/subjects/nobody-" + subject + "/versions").code()).isEqualTo(40401);
        assertThat(get("/subjects/" + subject + "/versions/7").code()).isEqualTo(40402);
        assertThat(get("/schemas/ids/7654321").code()).isEqualTo(40403);
        assertThat(get("/schemas/ids/7654321").status()).isEqualTo(404);
    }

    @Test
    void whatCannotBeIsRefusedWith422() throws Exception {
        register(subject, ONE);

        assertThat(post("/subjects/" + subject + "/versions", "{\"type\":\"recrod\"}").code()).isEqualTo(42201);
        assertThat(put("/config/" + subject, "{\"compatibility\":\"SIDEWAYS\"}").code()).isEqualTo(42203);
    }

    @Test
    void compatibilityIsSetAndClearedForOneSubject() throws Exception {
        register(subject, ONE);

        assertThat(put("/config/" + subject, "{\"compatibility\":\"FULL_TRANSITIVE\"}").body().path("compatibility")
                .asText()).isEqualTo("FULL_TRANSITIVE");
        assertThat(get("/config/" + subject).body().path("compatibilityLevel").asText()).isEqualTo("FULL_TRANSITIVE");
        assertThat(send("DELETE", "/config/" + subject, "").status()).isEqualTo(200);
        assertThat(get("/config/" + subject + "?defaultToGlobal=true").body().path("compatibilityLevel").asText())
                .isNotEqualTo("FULL_TRANSITIVE");
    }

    @Test
    void aDeletedSubjectKeepsItsIds() throws Exception {
        int id = register(subject, ONE);

        assertThat(send("DELETE", "/subjects/" + subject, "").body().toString()).isEqualTo("[1]");
        assertThat(get("/subjects/" + subject + "/versions").code()).isEqualTo(40401);
        assertThat(get("/schemas/ids/" + id).status()).isEqualTo(200);
        assertThat(register(subject, ONE)).isEqualTo(id);
    }

    @Test
    void avroIsAmongTheTypes() throws Exception {
        assertThat(get("/schemas/types").body().toString()).contains("\"AVRO\"");
    }

    @Test
    void ourClientRegistersFindsAndKnowsWhatIsUnknown() {
        Schema schema = SchemaBuilder.record("FromClient").namespace("io.logplane.test").fields().requiredLong("n")
                .endRecord();
        try (RegistryClient first = RegistryClient.of(url(), tls()); RegistryClient second = client()) {
            int id = first.idOf(subject, schema);

            assertThat(second.idOf(subject, schema)).isEqualTo(id);
            assertThat(second.byId(id)).isEqualTo(schema);
            assertThatThrownBy(() -> second.byId(7654321)).isInstanceOf(SchemaIds.SchemaUnknown.class);
            assertThatThrownBy(() -> second.byId(-1)).isInstanceOf(SchemaIds.SchemaUnknown.class);
        }
    }

    @Test
    void everySchemaOfThisBuildRefusesAnIncompatibleSuccessor() {
        try (RegistryClient client = client()) {
            client.registerAll();
            for (Subjects.Subject known : Subjects.ALL) {
                Schema broken = SchemaBuilder.record(known.schema().getName())
                        .namespace(known.schema().getNamespace()).fields().requiredString("brandNew").endRecord();
                assertThatThrownBy(() -> client.idOf(known.name(), broken)).as(known.name())
                        .isInstanceOf(IllegalStateException.class).hasMessageContaining("409");
                assertThat(client.byId(client.idOf(known.name(), known.schema()))).isEqualTo(known.schema());
            }
        }
    }

    RegistryClient client() {
        return RegistryClient.of(url(), tls());
    }

    int register(String name, String schema) throws Exception {
        Answer answer = post("/subjects/" + name + "/versions", schema);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body().path("id").asInt();
    }

    Answer get(String path) throws Exception {
        return send("GET", path, "");
    }

    Answer post(String path, String schema) throws Exception {
        return send("POST", path, JSON.createObjectNode().put("schema", schema).toString());
    }

    Answer put(String path, String body) throws Exception {
        return send("PUT", path, body);
    }

    Answer send(String method, String path, String body) throws Exception {
        return send(tls(), method, path, body);
    }

    Answer send(Optional<SSLContext> with, String method, String path, String body) throws Exception {
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        with.ifPresent(builder::sslContext);
        try (HttpClient http = builder.build()) {
            HttpResponse<String> response = http.send(HttpRequest.newBuilder(URI.create(url() + path))
                    .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                    HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(),
                    response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body()));
        }
    }
}
