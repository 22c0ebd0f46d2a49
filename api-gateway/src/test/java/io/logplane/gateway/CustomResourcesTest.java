package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.ApiClient.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Types made of definitions, over HTTPS: defined at one gateway, used at the other at once.
class CustomResourcesTest {
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
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
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        other = new ApiClient(second.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        org.awaitility.Awaitility.setDefaultTimeout(java.time.Duration.ofSeconds(60)); // builds share the machine
        await().atMost(java.time.Duration.ofSeconds(60))
                .until(() -> admin.get("/readyz").code() == 200 && other.get("/readyz").code() == 200);
    }

    @AfterAll
    static void stop() {
        second.closeGateway();
        plane.close();
    }

    /// A definition of namespaced widgets with everything a version can have.
    private static String definition(String group, String kind, String versions) {
        String plural = kind.toLowerCase(java.util.Locale.ROOT) + "s";
        return """
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
                 "metadata":{"name":"%s.%s"},
                 "spec":{"group":"%s","scope":"Namespaced",
                  "names":{"plural":"%s","kind":"%s","shortNames":["%s"],"categories":["all"]},
                  "versions":[%s]}}""".formatted(plural, group, group, plural, kind, plural.substring(0, 2) + "x",
                versions);
    }

    private static String version(String name, boolean storage) {
        return """
                {"name":"%s","served":true,"storage":%s,
                 "schema":{"openAPIV3Schema":{"type":"object","properties":{
                  "spec":{"type":"object","required":["size"],"properties":{
                    "size":{"type":"integer","minimum":1},"color":{"type":"string","default":"blue"}}},
                  "status":{"type":"object","properties":{"ready":{"type":"integer"},"selector":{"type":"string"}}}}}},
                 "subresources":{"status":{},"scale":{"specReplicasPath":".spec.size",
                  "statusReplicasPath":".status.ready","labelSelectorPath":".status.selector"}},
                 "additionalPrinterColumns":[{"name":"Size","type":"integer","jsonPath":".spec.size"}],
                 "selectableFields":[{"jsonPath":".spec.color"}]}""".formatted(name, storage);
    }

    private static Answer define(String body) {
        Answer made = admin.post(DEFINITIONS, body);
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        return made;
    }

    private static String object(String apiVersion, String kind, String name, String spec) {
        return "{\"apiVersion\":\"" + apiVersion + "\",\"kind\":\"" + kind + "\",\"metadata\":{\"name\":\"" + name
                + "\"},\"spec\":" + spec + "}";
    }

    @Test
    void a_type_is_served_by_every_gateway_once_its_definition_was_answered() {
        JsonNode made = define(definition("one.example.com", "Widget", version("v1", true))).json();
        String path = "/apis/one.example.com/v1/namespaces/default/widgets";

        Answer created = other.post(path, object("one.example.com/v1", "Widget", "a", "{\"size\":3}"));

        assertThat(made.at("/status/acceptedNames").toString()).isEqualTo("""
                {"plural":"widgets","singular":"widget","shortNames":["wix"],"kind":"Widget",\
                "listKind":"WidgetList","categories":["all"]}""");
        assertThat(made.at("/status/conditions").findValuesAsText("reason")).containsExactly("NoConflicts",
                "InitialNamesAccepted");
        assertThat(created.code()).as(created.text()).isEqualTo(201);
        assertThat(created.json().at("/spec").toString()).isEqualTo("{\"size\":3,\"color\":\"blue\"}");
        assertThat(created.json().at("/metadata/generation").asInt()).isEqualTo(1);
        JsonNode list = admin.get(path + "?fieldSelector=spec.color%3Dblue").json();
        assertThat(list.path("kind").asText()).isEqualTo("WidgetList");
        assertThat(list.at("/items/0/metadata/name").asText()).isEqualTo("a");
        assertThat(list.at("/items/0/kind").asText()).isEqualTo("Widget");
        assertThat(admin.get(path + "?fieldSelector=spec.color%3Dred").json().path("items")).isEmpty();
        assertThat(admin.get("/apis/one.example.com/v2/namespaces/default/widgets").code()).isEqualTo(404);
    }

    @Test
    void instances_are_pruned_filled_judged_and_shown_by_their_schema() {
        define(definition("two.example.com", "Gadget", version("v1", true)));
        String path = "/apis/two.example.com/v1/namespaces/default/gadgets";

        Answer invalid = admin.post(path, object("two.example.com/v1", "Gadget", "a", "{\"size\":0}"));
        Answer strict = admin.post(path + "?fieldValidation=Strict", object("two.example.com/v1", "Gadget", "a",
                "{\"size\":1,\"shape\":\"round\"}"));
        Answer warned = admin.post(path + "?fieldValidation=Warn", object("two.example.com/v1", "Gadget", "a",
                "{\"size\":1,\"shape\":\"round\"}"));

        assertThat(invalid.code()).isEqualTo(422);
        assertThat(invalid.json().path("message").asText()).isEqualTo("Gadget.two.example.com \"a\" is invalid: "
                + "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1");
        assertThat(strict.code()).isEqualTo(400);
        assertThat(strict.json().path("message").asText()).contains("unknown field \"spec.shape\"");
        assertThat(warned.code()).as(warned.text()).isEqualTo(201);
        assertThat(warned.raw().headers().firstValue("Warning").orElse("")).contains("unknown field");
        assertThat(warned.json().at("/spec").toString()).isEqualTo("{\"size\":1,\"color\":\"blue\"}");
        JsonNode table = admin.get(path, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io").json();
        assertThat(table.at("/columnDefinitions").findValuesAsText("name")).containsExactly("Name", "Size");
        assertThat(table.at("/rows/0/cells").toString()).isEqualTo("[\"a\",1]");
    }

    @Test
    void status_and_scale_are_written_apart_and_generations_count_the_rest() {
        define(definition("three.example.com", "Gizmo", version("v1", true)));
        String path = "/apis/three.example.com/v1/namespaces/default/gizmos";
        admin.post(path, object("three.example.com/v1", "Gizmo", "a", "{\"size\":1},\"status\":{\"ready\":9}"));

        Answer status = admin.merge(path + "/a/status", "{\"spec\":{\"size\":7},\"status\":{\"ready\":2,"
                + "\"selector\":\"a=b\"}}");
        Answer scaled = admin.merge(path + "/a/scale", "{\"spec\":{\"replicas\":5}}");
        JsonNode now = admin.get(path + "/a").json();

        assertThat(status.json().at("/spec/size").asInt()).isEqualTo(1);
        assertThat(scaled.json().toString()).as(scaled.text()).contains("\"spec\":{\"replicas\":5}")
                .contains("\"status\":{\"replicas\":2,\"selector\":\"a=b\"}");
        assertThat(now.at("/spec/size").asInt()).isEqualTo(5);
        assertThat(now.at("/metadata/generation").asInt()).isEqualTo(2);
        assertThat(admin.send("PATCH", path + "/a", "{}", "Content-Type",
                "application/strategic-merge-patch+json").code()).isEqualTo(415);
    }

    @Test
    void a_scale_is_patched_shown_and_checked_as_its_object_is() {
        define(definition("scaled.example.com", "Gizmo", version("v1", true)));
        String path = "/apis/scaled.example.com/v1/namespaces/default/gizmos/a";
        admin.post("/apis/scaled.example.com/v1/namespaces/default/gizmos", object("scaled.example.com/v1", "Gizmo",
                "a", "{\"size\":1}"));

        Answer warned = admin.merge(path + "/scale", "{\"spec\":{\"replicas\":5,\"odd\":1}}");
        JsonNode table = admin.send("GET", path + "/scale", "", "Accept",
                "application/json;as=Table;v=v1;g=meta.k8s.io").json();

        assertThat(admin.send("PATCH", path + "/scale?dryRun=x", "{}", "Content-Type",
                "application/strategic-merge-patch+json").code()).isEqualTo(415);
        assertThat(warned.raw().headers().allValues("Warning"))
                .containsExactly("299 - \"unknown field \\\"spec.odd\\\"\"");
        assertThat(table.path("columnDefinitions").findValuesAsText("name")).containsExactly("Name", "Desired",
                "Available", "Age");
        assertThat(table.at("/rows/0/cells/1").asInt()).isEqualTo(5);
        assertThat(admin.send("GET", path + "/scale", "", "Accept", "application/vnd.kubernetes.protobuf").code())
                .isEqualTo(406);
        assertThat(admin.get(path + "/nope").json().path("message").asText()).isEqualTo(
                "gizmos.scaled.example.com \"a\" not found");
        for (String unserved : java.util.List.of("/apis/scaled.example.com/v1/others",
                "/apis/scaled.example.com/v9/gizmos",
                "/apis/scaled.example.com/v9")) {
            assertThat(admin.get(unserved).text()).as(unserved).isEqualTo("404 page not found\n");
        }
        assertThat(admin.post("/apis/nobody.example.com/v1", "{}").code()).isEqualTo(404);
    }

    @Test
    void the_router_of_custom_types_looks_at_the_verb_and_one_subresource() {
        define(definition("routed.example.com", "Widget", version("v1", true)));
        String group = "/apis/routed.example.com";
        String path = group + "/v1/namespaces/default/widgets";
        admin.post(path, object("routed.example.com/v1", "Widget", "a", "{\"size\":3}"));

        assertThat(admin.get(path + "/a/scale/x/y").json().at("/spec/replicas").asInt()).isEqualTo(3);
        assertThat(admin.get(path + "/a/nope/x").code()).isEqualTo(404);
        assertThat(admin.send("HEAD", path + "/a", "").code()).isEqualTo(200);
        assertThat(admin.send("HEAD", path + "/none", "").code()).isEqualTo(404);
        assertThat(admin.send("OPTIONS", path + "/a", "").text()).contains(
                " is not supported on resources of kind \\\"widgets.routed.example.com\\\"");
        assertThat(admin.send("POST", group, "").json().path("kind").asText()).isEqualTo("APIGroup");
        assertThat(admin.send("DELETE", group + "/v1", "").json().path("kind").asText()).isEqualTo("APIResourceList");
    }

    @Test
    void a_definition_without_versions_is_shown_as_it_was_sent() {
        Answer refused = admin.post(DEFINITIONS, definition("empty.example.com", "Widget", ""));
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.text()).contains("spec.versions: Invalid value: []: must have exactly one version");
    }

    @Test
    void an_apply_owns_its_fields_and_conflicts_are_told() {
        define(definition("eight.example.com", "Gear", version("v1", true)));
        String path = "/apis/eight.example.com/v1/namespaces/default/gears/a?fieldManager=";
        String body = object("eight.example.com/v1", "Gear", "a", "{\"size\":1}");

        Answer made = other.send("PATCH", path + "one", body, "Content-Type", "application/apply-patch+yaml");
        Answer conflict = admin.send("PATCH", path + "two", body.replace(":1}", ":2}"), "Content-Type",
                "application/apply-patch+yaml");
        Answer forced = admin.send("PATCH", path + "two&force=true", body.replace(":1}", ":2}"), "Content-Type",
                "application/apply-patch+yaml");

        assertThat(made.code()).as(made.text()).isEqualTo(201);
        assertThat(conflict.code()).as(conflict.text()).isEqualTo(409);
        assertThat(forced.json().at("/spec/size").asInt()).isEqualTo(2);
        assertThat(forced.json().at("/metadata/managedFields").findValuesAsText("manager")).contains("two");
    }

    @Test
    void several_versions_without_conversion_show_one_object() {
        define(definition("four.example.com", "Device", version("v1beta1", true) + "," + version("v1", false)));
        String base = "/apis/four.example.com/";

        Answer created = admin.post(base + "v1/namespaces/default/devices", object("four.example.com/v1", "Device", "a",
                "{\"size\":1}"));
        JsonNode old = admin.get(base + "v1beta1/namespaces/default/devices/a").json();
        JsonNode list = admin.get(base + "v1/namespaces/default/devices").json();

        assertThat(created.json().path("apiVersion").asText()).isEqualTo("four.example.com/v1");
        assertThat(old.path("apiVersion").asText()).isEqualTo("four.example.com/v1beta1");
        assertThat(list.at("/items/0/apiVersion").asText()).isEqualTo("four.example.com/v1");
        JsonNode group = other.get("/apis/four.example.com").json();
        assertThat(group.at("/preferredVersion/version").asText()).isEqualTo("v1");
        assertThat(other.get("/apis/four.example.com/v1").json().path("resources").findValuesAsText("name"))
                .containsExactly("devices", "devices/status", "devices/scale");
    }

    /// v1 says `size`, v2 says `length`.
    private static com.fasterxml.jackson.databind.node.ObjectNode convert(
            com.fasterxml.jackson.databind.node.ObjectNode review) {
        var answer = io.logplane.schemas.model.Json.newObject();
        answer.put("kind", "ConversionReview").put("apiVersion", "apiextensions.k8s.io/v1");
        var response = answer.putObject("response");
        response.put("uid", review.at("/request/uid").asText());
        String wanted = review.at("/request/desiredAPIVersion").asText();
        response.putObject("result").put("status", "Success");
        var converted = response.putArray("convertedObjects");
        for (JsonNode each : review.at("/request/objects")) {
            var object = (com.fasterxml.jackson.databind.node.ObjectNode) each.deepCopy();
            var spec = (com.fasterxml.jackson.databind.node.ObjectNode) object.path("spec");
            if (spec.path("size").asInt() == 13 || spec.path("length").asInt() == 13) {
                response.putObject("result").put("status", "Failure").put("message", "not that number");
            }
            boolean two = wanted.endsWith("/v2");
            spec.set(two ? "length" : "size", spec.remove(two ? "size" : "length"));
            converted.add(object.put("apiVersion", wanted));
        }
        return answer;
    }

    /// A definition whose versions [#convert] converts.
    private static String converted(String group, HookServer server) {
        server.onReview("/convert", CustomResourcesTest::convert);
        String second = version("v2", false).replace("\"size\"", "\"length\"").replace(".spec.size", ".spec.length")
                .replaceFirst(",\\s*\"selectableFields\":\\[[^\\]]*\\]", "");
        String conversion = "\"conversion\":{\"strategy\":\"Webhook\",\"webhook\":{\"conversionReviewVersions\":"
                + "[\"v1\"],\"clientConfig\":{\"url\":\"" + server.url("/convert") + "\",\"caBundle\":\""
                + server.bundle() + "\"}}},\"scope\"";
        return definition(group, "Rope", version("v1", true) + "," + second).replaceFirst("\"scope\"", conversion);
    }

    private static Answer apply(String version, String spec, String manager, boolean force) {
        return other.send("PATCH", "/apis/owned.example.com/" + version + "/namespaces/default/ropes/a?fieldManager="
                + manager + "&force=" + force, object("owned.example.com/" + version, "Rope", "a", spec),
                "Content-Type",
                "application/apply-patch+yaml");
    }

    @Test
    void owners_are_asked_in_the_version_they_write_in_as_long_as_there_is_one() throws Exception {
        try (HookServer server = new HookServer(directory.resolve("owners-pki"))) {
            String definition = converted("owned.example.com", server);
            String revision = define(definition).revision();
            String v2 = "/apis/owned.example.com/v2/namespaces/default/ropes/a";

            Answer made = apply("v1", "{\"size\":5}", "one", false);
            Answer shared = apply("v2", "{\"length\":5}", "two", false);
            Answer conflict = apply("v2", "{\"length\":6}", "three", false);
            Answer forced = apply("v2", "{\"length\":6}", "three", true);
            apply("v1", "{\"size\":6,\"color\":\"red\"}", "four", true);
            Answer gone = admin.put(DEFINITIONS + "/ropes.owned.example.com", definition("owned.example.com", "Rope",
                    version("v1", true)).replaceFirst("\"metadata\":\\{",
                            "\"metadata\":{\"resourceVersion\":\""
                                    + revision + "\","));
            Answer refused = apply("v1", "{\"size\":7}", "four", true);
            Answer updated = admin.merge(v2.replace("v2", "v1"), "{\"spec\":{\"size\":8}}");

            assertThat(made.code()).as(made.text()).isEqualTo(201);
            assertThat(shared.json().at("/metadata/managedFields").findValuesAsText("manager")).as(shared.text())
                    .containsExactly("two", "one"); // who changed nothing has no time
            assertThat(conflict.json().at("/details/causes").findValuesAsText("field")).as(conflict.text())
                    .containsExactlyInAnyOrder(".spec.size", ".spec.length");
            assertThat(forced.json().at("/metadata/managedFields").findValuesAsText("manager")).as(forced.text())
                    .containsExactly("three");
            assertThat(gone.code()).as(gone.text()).isEqualTo(200);
            assertThat(refused.code()).isEqualTo(500);
            assertThat(refused.json().path("message").asText()).isEqualTo(
                    "request to convert CR to an invalid group/version: owned.example.com/v2");
            assertThat(updated.json().at("/metadata/managedFields").findValuesAsText("manager")).as(updated.text())
                    .containsExactlyInAnyOrder("three", "four");
        }
    }

    @Test
    void a_webhook_converts_between_versions_a_list_in_one_call() throws Exception {
        try (HookServer server = new HookServer(directory.resolve("conversion-pki"))) {
            define(converted("nine.example.com", server));
            String v1 = "/apis/nine.example.com/v1/namespaces/default/ropes";
            String v2 = "/apis/nine.example.com/v2/namespaces/default/ropes";

            Answer made = other.post(v2, object("nine.example.com/v2", "Rope", "a", "{\"length\":5}"));
            admin.post(v2, object("nine.example.com/v2", "Rope", "b", "{\"length\":6}"));
            int before = server.seen("/convert").size();
            JsonNode list = admin.get(v2).json();
            int calls = server.seen("/convert").size() - before;
            Answer patched = admin.merge(v2 + "/a", "{\"spec\":{\"length\":8}}");
            Answer invalid = admin.merge(v2 + "/a", "{\"spec\":{\"length\":0}}");
            Answer failed = admin.post(v2, object("nine.example.com/v2", "Rope", "c", "{\"length\":13}"));

            assertThat(made.code()).as(made.text()).isEqualTo(201);
            assertThat(made.json().at("/spec").toString()).contains("\"length\":5").doesNotContain("size");
            assertThat(list.path("items").findValuesAsText("length")).containsExactly("5", "6");
            assertThat(calls).isEqualTo(1);
            assertThat(patched.json().at("/spec/length").asInt()).as(patched.text()).isEqualTo(8);
            assertThat(other.get(v1 + "/a").json().at("/spec/size").asInt()).isEqualTo(8);
            assertThat(invalid.json().path("message").asText()).contains("spec.length in body should be greater");
            assertThat(failed.code()).isEqualTo(500);
            assertThat(failed.json().path("message").asText()).isEqualTo(
                    "conversion webhook for nine.example.com/v2, Kind=Rope failed: not that number");
        }
    }

    @Test
    void a_new_stored_version_and_a_new_default_reach_what_was_stored_before() {
        Answer defined = define(definition("ten.example.com", "Cord", version("v1", true)));
        String path = "/apis/ten.example.com/v1/namespaces/default/cords";
        admin.post(path, object("ten.example.com/v1", "Cord", "a", "{\"size\":1}"));
        String moved = definition("ten.example.com", "Cord", (version("v1", false) + "," + version("v2", true))
                .replace("\"blue\"}", "\"blue\"},\"knots\":{\"type\":\"integer\",\"default\":7}")).replaceFirst(
                        "\"metadata\":\\{", "\"metadata\":{\"resourceVersion\":\"" + defined.revision() + "\",");

        Answer updated = admin.put(DEFINITIONS + "/cords.ten.example.com", moved);
        JsonNode now = other.get(path.replace("/v1/", "/v2/") + "/a").json();
        String before = now.at("/metadata/resourceVersion").asText();
        Answer migrated = other.put(path.replace("/v1/", "/v2/") + "/a", now.toString());

        assertThat(updated.json().at("/status/storedVersions").toString()).as(updated.text()).isEqualTo(
                "[\"v1\",\"v2\"]");
        assertThat(now.at("/apiVersion").asText()).isEqualTo("ten.example.com/v2");
        assertThat(now.at("/spec/knots").asInt()).isEqualTo(7);
        assertThat(migrated.revision()).isNotEqualTo(before);
    }

    @Test
    void a_quota_counts_custom_objects() {
        define(definition("counted.example.com", "Bead", version("v1", true)));
        String path = "/apis/counted.example.com/v1/namespaces/default/beads";
        assertThat(admin.get("/apis/counted.example.com/v1").json().at("/resources/0/verbs")).hasSize(8);
        admin.post("/api/v1/namespaces/default/resourcequotas", """
                {"metadata":{"name":"beads"},"spec":{"hard":{"count/beads.counted.example.com":"1"}}}""");
        assertThat(other.post(path, object("counted.example.com/v1", "Bead", "a", "{\"size\":1}")).code())
                .isEqualTo(201);
        Answer refused = admin.post(path, object("counted.example.com/v1", "Bead", "b", "{\"size\":1}"));
        assertThat(refused.code()).as(refused.text()).isEqualTo(403);
        assertThat(refused.json().path("message").asText()).isEqualTo("beads.counted.example.com \"b\" is forbidden: "
                + "exceeded quota: beads, requested: count/beads.counted.example.com=1, used: "
                + "count/beads.counted.example.com=1, limited: count/beads.counted.example.com=1");
        admin.delete("/api/v1/namespaces/default/resourcequotas/beads");
    }

    @Test
    @Timeout(40) // its own time is longer
    void a_watch_ends_when_the_definition_asks_for_something_else() throws IOException {
        define(definition("twelve.example.com", "Reed", version("v1", true)));
        String path = "/apis/twelve.example.com/v1/namespaces/default/reeds";
        admin.post(path, object("twelve.example.com/v1", "Reed", "a", "{\"size\":1}"));
        BufferedReader watch = other.watch(path + "?watch=1&timeoutSeconds=60");
        assertThat(watch.readLine()).contains("\"ADDED\"");

        admin.merge(DEFINITIONS + "/reeds.twelve.example.com", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
        admin.merge(path + "/a", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
        assertThat(watch.readLine()).contains("\"MODIFIED\"");
        admin.merge(DEFINITIONS + "/reeds.twelve.example.com", "{\"spec\":{\"names\":{\"categories\":[\"some\"]}}}");

        assertThat(watch.readLine()).isNull();
    }

    @Test
    void a_definition_that_is_deleted_takes_no_new_objects() {
        define(definition("eleven.example.com", "Knot", version("v1", true)));
        String path = "/apis/eleven.example.com/v1/namespaces/default/knots";
        admin.post(path, object("eleven.example.com/v1", "Knot", "a", "{\"size\":1}"));

        JsonNode going = admin.delete(DEFINITIONS + "/knots.eleven.example.com").json();
        Answer refused = other.post(path, object("eleven.example.com/v1", "Knot", "b", "{\"size\":1}"));

        assertThat(going.at("/metadata/finalizers").toString()).contains("customresourcecleanup");
        assertThat(going.at("/status/conditions").findValuesAsText("reason")).contains("InstanceDeletionPending");
        assertThat(refused.code()).as(refused.text()).isEqualTo(405);
        assertThat(refused.json().path("message").asText()).isEqualTo(
                "create not allowed while custom resource definition is terminating");
        assertThat(other.get("/apis/eleven.example.com/v1").json().at("/resources/0/verbs")).hasToString(
                "[\"delete\",\"deletecollection\",\"get\",\"list\",\"watch\"]");
        assertThat(other.get(path + "/a").code()).isEqualTo(200);
        assertThat(
                admin.merge(DEFINITIONS + "/knots.eleven.example.com", "{\"metadata\":{\"finalizers\":null}}").code())
                .isEqualTo(200);
        await().until(() -> other.get(path + "/a").code() == 404); // once it has heard of it
    }

    @Test
    void names_that_are_taken_are_told_and_the_type_is_not_served() {
        define(definition("five.example.com", "Thing", version("v1", true)));
        String taken = definition("five.example.com", "Thing", version("v1", true)).replace("\"plural\":\"things\"",
                "\"plural\":\"others\",\"singular\":\"otherone\"").replace("things.five", "others.five").replace(
                        "\"thx\"", "\"otx\"");

        JsonNode made = other.post(DEFINITIONS, taken).json();

        assertThat(made.at("/status/conditions/0/reason").asText()).as(made.toString()).isEqualTo("ListKindConflict");
        assertThat(made.at("/status/conditions/1/status").asText()).isEqualTo("False");
        assertThat(other.get("/apis/five.example.com/v1/others").code()).isEqualTo(404);
        Answer untyped = admin.post(DEFINITIONS, definition("six.example.com", "Bad", version("v1", true).replace(
                "\"type\":\"integer\",\"minimum\"", "\"minimum\"")));
        assertThat(untyped.json().path("message").asText()).contains("spec.validation.openAPIV3Schema.properties[spec]"
                + ".properties[size].type: Required value: must not be empty for specified object fields");
        Answer bad = admin.post(DEFINITIONS, definition("six.example.com", "Bad", version("v1", false)));
        assertThat(bad.code()).isEqualTo(422);
        assertThat(bad.json().path("message").asText()).contains(
                "must have exactly one version marked as storage version");
    }

    @Test
    void what_is_wrong_besides_is_told_in_warnings() {
        String odd = version("v1", true).replace("{\"type\":\"integer\",\"minimum\"",
                "{\"type\":\"integer\",\"format\":\"int64\",\"minimum\"").replace("{\"type\":\"string\"}",
                        "{\"type\":\"string\",\"format\":\"odd\"}");
        Answer made = define(definition("odd.example.com", "Oddity", odd));
        Answer kept = admin.merge(DEFINITIONS + "/odditys.odd.example.com",
                "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
        String path = "/apis/odd.example.com/v1/namespaces/default/odditys";
        String body = object("odd.example.com/v1", "Oddity", "a", "{\"size\":1,\"nope\":1}");
        admin.post(path, body);
        Answer again = admin.post(path, body);

        String named = body
                .replace("\"name\":\"a\"", "\"name\":\"f\",\"finalizers\":[\"x.io/y\",\"b\",\"orphan\",\"a\"]")
                .replace(",\"nope\":1", "");
        Answer holding = admin.post(path, named);
        Answer more = admin.merge(path + "/f", "{\"metadata\":{\"finalizers\":[\"b\",\"c\"]}}");

        assertThat(holding.raw().headers().allValues("Warning")).containsExactly(ofFinalizer("a"), ofFinalizer("b"));
        assertThat(more.raw().headers().allValues("Warning")).containsExactly(ofFinalizer("c"));
        assertThat(made.raw().headers().allValues("Warning")).containsExactly("299 - \"unrecognized format "
                + "\\\"odd\\\"\"");
        assertThat(kept.raw().headers().allValues("Warning")).isEmpty();
        assertThat(again.code()).isEqualTo(409);
        assertThat(again.raw().headers().allValues("Warning")).containsExactly("299 - \"unknown field "
                + "\\\"spec.nope\\\"\"");
    }

    private static String ofFinalizer(String name) {
        return "299 - \"metadata.finalizers: \\\"" + name
                + "\\\": prefer a domain-qualified finalizer name including a "
                + "path (/) to avoid accidental conflicts with other finalizer writers\"";
    }

    @Test
    void what_a_stricter_definition_forgives_is_warned_of() {
        String strict = version("v1", true).replace("\"minimum\":1}", "\"x-kubernetes-validations\":["
                + "{\"rule\":\"self < 5\",\"message\":\"too big\"}]}");
        define(definition("ratchet.example.com", "Notch", strict.replace("self < 5", "self < 50")));
        String path = "/apis/ratchet.example.com/v1/namespaces/default/notchs";
        admin.post(path, object("ratchet.example.com/v1", "Notch", "a", "{\"size\":9}"));
        Answer changed = admin.merge(DEFINITIONS + "/notchs.ratchet.example.com", "{\"spec\":{\"versions\":[" + strict
                + "]}}");
        assertThat(changed.code()).as(changed.text()).isEqualTo(200);

        Answer kept = admin.merge(path + "/a", "{\"spec\":{\"color\":\"red\"}}");
        Answer same = admin.merge(path + "/a", "{\"spec\":{\"color\":\"red\"}}");
        Answer status = admin.merge(path + "/a/status", "{\"status\":{\"ready\":1}}");
        Answer bigger = admin.merge(path + "/a", "{\"spec\":{\"size\":10}}");
        Answer scaled = admin.merge(path + "/a/scale", "{\"spec\":{\"replicas\":10}}");

        String warning = "299 - \"spec.size: Invalid value: 9: too big\"";
        assertThat(kept.code()).as(kept.text()).isEqualTo(200);
        for (Answer forgiven : java.util.List.of(kept, same, status)) {
            assertThat(forgiven.raw().headers().allValues("Warning")).containsExactly(warning);
        }
        Answer mixed = admin.merge(path + "/a", "{\"metadata\":{\"labels\":{\"a b\":\"c\"}},\"spec\":{\"nope\":1}}");
        assertThat(mixed.code()).as(mixed.text()).isEqualTo(422);
        assertThat(mixed.raw().headers().allValues("Warning")).containsExactlyInAnyOrder(warning,
                "299 - \"unknown field \\\"spec.nope\\\"\"");
        for (Answer refused : java.util.List.of(bigger, scaled)) {
            assertThat(refused.code()).as(refused.text()).isEqualTo(422);
            assertThat(refused.json().path("message").asText()).isEqualTo("Notch.ratchet.example.com \"a\" is "
                    + "invalid: spec.size: Invalid value: 10: too big");
        }
    }
}
