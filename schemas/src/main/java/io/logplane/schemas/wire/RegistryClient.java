package io.logplane.schemas.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/// Talks to any schema registry that speaks Confluent's REST protocol; remembers what it has learnt for ever.
///
/// A known schema is looked up before it is registered, so that a component that may only read can encode too.
/// Limits: [#ATTEMPTS] tries of [#TIMEOUT] each for a registry that does not answer or answers 5xx.
/// Errors: [SchemaIds.SchemaUnknown]; UncheckedIOException when the registry cannot be reached; IllegalStateException
/// with the registry's words when it refuses a schema, because no retry will help.
/// Thread: any.
/// Source: https://docs.confluent.io/platform/current/schema-registry/develop/api.html
public final class RegistryClient implements SchemaIds, AutoCloseable {
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int ATTEMPTS = 4;
    /// Doubles with each attempt.
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final int SERVER_ERROR = 500;
    private static final int NOT_FOUND = 404;
    private static final int SCHEMA_NOT_FOUND = 40403;
    private static final int OK = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String base;
    private final HttpClient http;
    private final Map<Integer, Schema> byId = new ConcurrentHashMap<>();
    private final Map<Named, Integer> ids = new ConcurrentHashMap<>();

    private record Named(String subject, String schema) {
    }

    private record Answer(int status, JsonNode body) {
    }

    private RegistryClient(String url, HttpClient http) {
        this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.http = http;
    }

    /// Shape: `tls` empty for a registry behind plain HTTP or one whose certificate the JDK trusts.
    public static RegistryClient of(String url, Optional<SSLContext> tls) {
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT);
        tls.ifPresent(builder::sslContext);
        return new RegistryClient(url, builder.build());
    }

    @Override
    public int idOf(String subject, Schema schema) {
        Named named = new Named(subject, schema.toString());
        Integer known = ids.get(named);
        if (known != null) {
            return known;
        }
        int id = lookUpOrRegister(subject, named.schema());
        ids.put(named, id);
        return id;
    }

    @Override
    public Schema byId(int id) {
        Schema known = byId.get(id);
        if (known != null) {
            return known;
        }
        Schema schema = fetch(id);
        byId.put(id, schema);
        return schema;
    }

    /// Makes the subject refuse schemas that could not read its old records; for registries that allow anything
    /// unless told.
    public void requireBackward(String subject) {
        expect(send("PUT", "/config/" + encode(subject), "{\"compatibility\":\"BACKWARD\"}"), "config of " + subject);
    }

    /// Registers every schema of this build and makes its subject refuse what could not read its old records.
    public void registerAll() {
        for (Subjects.Subject subject : Subjects.ALL) {
            requireBackward(subject.name());
            idOf(subject.name(), subject.schema());
        }
    }

    @Override
    public void close() {
        http.close();
    }

    private int lookUpOrRegister(String subject, String schema) {
        String body = JSON.createObjectNode().put("schema", schema).toString();
        Answer known = send("POST", "/subjects/" + encode(subject), body);
        Answer answer = known.status() == NOT_FOUND
                ? send("POST", "/subjects/" + encode(subject) + "/versions", body)
                : known;
        JsonNode id = expect(answer, "schema of " + subject).path("id");
        if (!id.canConvertToInt()) {
            throw new IllegalStateException("the schema registry gave no id for " + subject);
        }
        return id.intValue();
    }

    private Schema fetch(int id) {
        if (id < 1) {
            throw new SchemaUnknown("no schema has the id " + id);
        }
        Answer answer = send("GET", "/schemas/ids/" + id, "");
        if (answer.status() == NOT_FOUND && answer.body().path("error_code").asInt() == SCHEMA_NOT_FOUND) {
            throw new SchemaUnknown("no schema has the id " + id);
        }
        try {
            return new Schema.Parser().parse(expect(answer, "schema " + id).path("schema").asText());
        } catch (AvroRuntimeException foreign) {
            throw new SchemaUnknown("schema " + id + " is not Avro");
        }
    }

    private static JsonNode expect(Answer answer, String what) {
        if (answer.status() != OK) {
            throw new IllegalStateException(
                    "the schema registry refused the " + what + " with " + answer.status() + ": "
                            + answer.body().path("message").asText());
        }
        return answer.body();
    }

    private Answer send(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT)
                .header("Content-Type", CONTENT_TYPE).header("Accept", CONTENT_TYPE)
                .method(method, body.isEmpty()
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body))
                .build();
        IOException last = new IOException("no attempt was made");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() < SERVER_ERROR) {
                    return new Answer(response.statusCode(), parse(response.body()));
                }
                last = new IOException(base + path + " answered " + response.statusCode() + ": " + response.body());
                pause(attempt);
            } catch (IOException unreachable) {
                last = new IOException("the schema registry at " + base + " does not answer: " + unreachable,
                        unreachable);
                pause(attempt);
            } catch (InterruptedException stopped) {
                throw interrupted(stopped);
            }
        }
        throw new UncheckedIOException(last);
    }

    private static void pause(int attempt) {
        if (attempt + 1 < ATTEMPTS) {
            try {
                Thread.sleep(FIRST_PAUSE.multipliedBy(1L << attempt));
            } catch (InterruptedException stopped) {
                throw interrupted(stopped);
            }
        }
    }

    private static UncheckedIOException interrupted(InterruptedException stopped) {
        Thread.currentThread().interrupt();
        InterruptedIOException cause = new InterruptedIOException("interrupted while asking the schema registry");
        cause.initCause(stopped);
        return new UncheckedIOException(cause);
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException notJson) {
            return JSON.createObjectNode().put("message", body);
        }
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
