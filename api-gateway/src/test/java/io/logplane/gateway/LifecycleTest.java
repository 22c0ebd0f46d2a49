package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.ApiClient.Answer;
import io.logplane.representation.proto.ProtobufCodec;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every stored type and version of the catalogue lives through what any client may do with it, over HTTPS.
class LifecycleTest {
    private static final String JSON = "application/json";
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
    private static final String PARTIAL = ";as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
    private static final String PARTIALS = ";as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
    private static final ProtobufCodec CODEC = new ProtobufCodec();

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;

    @BeforeAll
    static void start() throws Exception {
        plane = DevPlane.start(directory, 0);
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        org.awaitility.Awaitility.await().atMost(java.time.Duration.ofMinutes(1))
                .until(() -> admin.get("/readyz").code() == 200);
        assertThat(admin.post("/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}")
                .code()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        plane.close();
    }

    static Stream<ResourceType> stored() {
        return ResourceTypes.ALL.stream().filter(ResourceType::stored);
    }

    private static String path(ResourceType type) {
        return (type.group().isEmpty() ? "/api/" : "/apis/") + type.apiVersion()
                + (type.namespaced() ? "/namespaces/default/" : "/") + type.plural();
    }

    private static String path(ResourceType type, String name) {
        return path(type) + "/" + Minimal.name(type, name);
    }

    private static String label(ResourceType type) {
        return "l-" + type.version() + "-" + type.plural().substring(0, Math.min(30, type.plural().length()));
    }

    private static Answer ok(int code, Answer answer) {
        assertThat(answer.code()).as(answer.text()).isEqualTo(code);
        return answer;
    }

    private static ObjectNode create(ResourceType type, String name) {
        return settled(type, name, (ObjectNode) ok(201, admin.post(path(type) + "?fieldManager=suite",
                Minimal.object(type, name, label(type)).toString())).json());
    }

    /// The gateway says once of every validating policy what the types say of it, and of every flow schema whether its
    /// level is there.
    private static ObjectNode settled(ResourceType type, String name, ObjectNode made) {
        return switch (type.plural()) {
            case "validatingadmissionpolicies" -> settled(type, name, now -> now.at("/status/observedGeneration")
                    .asLong() == now.at("/metadata/generation").asLong());
            case "flowschemas" -> settled(type, name, now -> !now.at("/status/conditions").isEmpty());
            default -> made;
        };
    }

    private static ObjectNode settled(ResourceType type, String name, Predicate<JsonNode> wanted) {
        return (ObjectNode) org.awaitility.Awaitility.await().until(() -> admin.get(path(type, name)).json(), wanted);
    }

    private static void remove(ResourceType type, String name) {
        Answer deleted = admin.send("DELETE", path(type, name), "{\"gracePeriodSeconds\":0}");
        assertThat(deleted.code()).as(deleted.text()).isIn(200, 202);
        release(type, name);
        ok(404, admin.get(path(type, name)));
    }

    /// What a controller would do: take finalizers away once the object is being deleted.
    private static void release(ResourceType type, String name) {
        Answer left = admin.get(path(type, name));
        if (left.code() == 404) {
            return;
        }
        if (type.qualifiedName().equals("namespaces")) {
            ObjectNode object = (ObjectNode) left.json();
            object.withObjectProperty("spec").remove("finalizers");
            ok(200, admin.put(path(type, name) + "/finalize", object.toString()));
        }
        if (left.json().path("metadata").path("finalizers").size() > 0) {
            ok(200, admin.merge(path(type, name), "{\"metadata\":{\"finalizers\":null}}"));
        }
    }

    @ParameterizedTest
    @MethodSource("stored")
    void isCreatedReadChangedWatchedAndDeleted(ResourceType type) {
        String before = ok(200, admin.get(path(type) + "?limit=1")).json().at("/metadata/resourceVersion").asText();
        ObjectNode made = create(type, "one");
        assertThat(made.path("kind").asText()).isEqualTo(type.kind());
        assertThat(made.path("apiVersion").asText()).isEqualTo(type.apiVersion());
        assertThat(made.at("/metadata/uid").asText()).isNotEmpty();
        Answer again = admin.post(path(type), Minimal.object(type, "one", "x").toString());
        assertThat(again.code() + " " + again.json().path("reason").asText()).isEqualTo("409 AlreadyExists");

        Answer got = ok(200, admin.get(path(type, "one")));
        assertThat(got.json()).isEqualTo(made);
        Answer same = ok(200, admin.put(path(type, "one") + "?fieldManager=suite", got.text()));
        assertThat(same.revision()).as("a write that changes nothing").isEqualTo(got.revision());
        ObjectNode changed = ((ObjectNode) got.json()).deepCopy();
        changed.withObjectProperty("metadata").withObjectProperty("labels").put("put", "1");
        String second = ok(200, admin.put(path(type, "one"), changed.toString())).revision();
        assertThat(Long.parseLong(second)).isGreaterThan(Long.parseLong(got.revision()));
        assertThat(admin.put(path(type, "one"), changed.toString()).json().path("reason").asText())
                .isEqualTo("Conflict");
        patches(type);
        ok(404, admin.get(path(type) + "/not-there"));
        ok(400, admin.put(path(type) + "/other", changed.toString()));
        if (type.has("status")) {
            assertThat(ok(200, admin.get(path(type, "one") + "/status")).json().at("/metadata/uid"))
                    .isEqualTo(made.at("/metadata/uid"));
            ok(200, admin.merge(path(type, "one") + "/status", "{\"metadata\":{\"annotations\":{\"s\":\"1\"}}}"));
        }
        remove(type, "one");
        events(type, before);
    }

    private static void patches(ResourceType type) {
        ok(200, admin.merge(path(type, "one"), "{\"metadata\":{\"labels\":{\"merge\":\"1\"}}}"));
        ok(200, admin.send("PATCH", path(type, "one"), "[{\"op\":\"add\",\"path\":\"/metadata/labels/json\","
                + "\"value\":\"1\"}]", "Content-Type", "application/json-patch+json"));
        ok(200, admin.send("PATCH", path(type, "one"), "{\"metadata\":{\"labels\":{\"strategic\":\"1\"}}}",
                "Content-Type", "application/strategic-merge-patch+json"));
        String applied = "{\"kind\":\"" + type.kind() + "\",\"apiVersion\":\"" + type.apiVersion()
                + "\",\"metadata\":{\"name\":\"" + Minimal.name(type, "one")
                + "\",\"labels\":{\"apply\":\"1\"}}}";
        JsonNode after = ok(200, admin.send("PATCH", path(type, "one") + "?fieldManager=applier", applied,
                "Content-Type", "application/apply-patch+yaml")).json();
        List<String> labels = new ArrayList<>();
        after.at("/metadata/labels").fieldNames().forEachRemaining(labels::add);
        assertThat(labels).contains("suite", "put", "merge", "json", "strategic", "apply");
        assertThat(after.at("/metadata/managedFields").toString()).contains("\"manager\":\"applier\"");
    }

    private static void events(ResourceType type, String after) {
        List<String> seen = new ArrayList<>();
        try (BufferedReader watch = admin.watch(path(type) + "?watch=1&timeoutSeconds=10&resourceVersion=" + after
                + "&fieldSelector=metadata.name%3D" + Minimal.name(type, "one"))) {
            while (!seen.contains("DELETED")) {
                JsonNode event = ApiClient.next(watch);
                assertThat(event.at("/object/apiVersion").asText()).isEqualTo(type.apiVersion());
                seen.add(event.path("type").asText());
            }
        } catch (java.io.IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
        assertThat(seen).startsWith("ADDED", "MODIFIED").endsWith("DELETED");
    }

    @ParameterizedTest
    @MethodSource("stored")
    void isShownInEveryForm(ResourceType type) {
        ObjectNode made = create(type, "form");
        String one = path(type, "form");
        String listed = path(type) + "?labelSelector=suite%3D" + label(type);

        boolean protobuf = CODEC.supports(type.apiVersion(), type.kind());
        assertThat(protobuf).isNotEqualTo(type.plural().equals("customresourcedefinitions")); // in JSON only, so far
        assertThat(plain(tree(admin.get(one, "Accept", PROTOBUF)))).isEqualTo(plain(made));
        ObjectNode list = tree(admin.get(listed, "Accept", PROTOBUF));
        assertThat(list.path("items").findValuesAsText("name")).contains(Minimal.name(type, "form"));
        assertThat(list.path("kind").asText()).isEqualTo(type.listKind());
        assertThat(ok(200, admin.get(one, "Accept", "application/yaml")).text())
                .contains("kind: " + type.kind() + "\n");
        for (String media : List.of(JSON, PROTOBUF)) {
            Answer partial = admin.get(one, "Accept", media + PARTIAL);
            assertThat(partial.type()).isEqualTo(media);
            ObjectNode tree = tree(partial);
            assertThat(tree.path("kind").asText()).isEqualTo("PartialObjectMetadata");
            assertThat(tree.at("/metadata/uid")).isEqualTo(made.at("/metadata/uid"));
            ObjectNode all = tree(admin.get(listed, "Accept", media + PARTIALS));
            assertThat(all.at("/items/0/metadata/uid")).isEqualTo(made.at("/metadata/uid"));
        }
        for (String path : List.of(one, listed)) {
            JsonNode table = ok(200, admin.get(path + (path.contains("?") ? "&" : "?") + "includeObject=Object",
                    "Accept", TABLE)).json();
            assertThat(table.path("columnDefinitions")).hasSize(type.columns().size());
            assertThat(table.at("/rows/0/cells")).hasSize(type.columns().size());
            assertThat(table.at("/rows/0/object/apiVersion").asText()).isEqualTo(type.apiVersion());
        }
        assertThat(ok(200, admin.get(one + "?pretty=true")).text()).contains("{\n  \"kind\": ");
        remove(type, "form");
    }

    private static ObjectNode tree(Answer answer) {
        ok(200, answer);
        return answer.type().equals(PROTOBUF) ? CODEC.decode(answer.body()) : (ObjectNode) answer.json();
    }

    /// Without nulls and empty containers, which protobuf cannot tell from absent ones, and without zeros.
    private static JsonNode plain(JsonNode node) {
        if (node.isObject()) {
            ObjectNode out = Json.newObject();
            node.properties().forEach(entry -> {
                JsonNode value = plain(entry.getValue());
                boolean zero = value.isNull() || value.isContainerNode() && value.isEmpty()
                        || value.isTextual() && value.asText().isEmpty()
                        || value.isNumber() && value.asLong() == 0 || value.isBoolean() && !value.asBoolean();
                if (!zero) {
                    out.set(entry.getKey(), value);
                }
            });
            return out;
        }
        if (node.isArray()) {
            var out = Json.MAPPER.createArrayNode();
            node.forEach(item -> out.add(plain(item)));
            return out;
        }
        return node;
    }

    @ParameterizedTest
    @MethodSource("stored")
    void isWrittenInEveryFormAndLeavesTogether(ResourceType type) {
        ObjectNode object = Minimal.object(type, "proto", label(type));
        object.withObjectProperty("metadata").putNull("creationTimestamp");
        String selected = path(type) + "?labelSelector=suite%3D" + label(type);

        assertThat(admin.post(path(type) + "?dryRun=All", object.toString()).code()).isEqualTo(201);
        ok(404, admin.get(path(type, "proto")));
        ObjectNode unknown = object.deepCopy();
        unknown.put("nonesuch", 1);
        Answer strict = ok(400, admin.post(path(type) + "?fieldValidation=Strict", unknown.toString()));
        assertThat(strict.json().path("message").asText())
                .contains("strict decoding error: unknown field \"nonesuch\"");
        ok(201, CODEC.supports(type.apiVersion(), type.kind())
                ? admin.sendBytes("POST", path(type), CODEC.encode(object), "Content-Type", PROTOBUF)
                : admin.post(path(type), object.toString()));
        ObjectNode yaml = Minimal.object(type, "yaml", label(type));
        ok(201, admin.post(path(type), yaml.toString(), "Content-Type", "application/yaml"));
        ok(400, admin.post(path(type), "{", "Content-Type", JSON));
        ok(415, admin.post(path(type), "x", "Content-Type", "application/cbor"));
        ok(406, admin.get(path(type), "Accept", "application/cbor"));

        assertThat(ok(200, admin.get(selected)).json().path("items")).hasSize(2);
        boolean together = type.verbs().contains("deletecollection");
        ok(together ? 200 : 405, admin.send("DELETE", selected, ""));
        for (String name : List.of("proto", "yaml")) {
            if (together) {
                release(type, name);
            } else {
                remove(type, name);
            }
        }
        assertThat(ok(200, admin.get(selected)).json().path("items")).isEmpty();
    }
}
