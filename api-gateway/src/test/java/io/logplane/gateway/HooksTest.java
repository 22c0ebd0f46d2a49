package io.logplane.gateway;

import static io.logplane.gateway.HookServer.allow;
import static io.logplane.gateway.HookServer.patch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.ApiClient.Answer;
import io.logplane.schemas.model.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Webhooks and policies over HTTPS, with a real webhook server; configured at one gateway, felt at both.
class HooksTest {
    private static final String CONFIGURATIONS = "/apis/admissionregistration.k8s.io/v1/";
    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static DevPlane second;
    private static ApiClient admin;
    private static ApiClient other;
    private static HookServer server;

    @BeforeAll
    static void start() throws Exception {
        plane = DevPlane.start(directory, 0);
        second = plane.another(directory.resolve("second"));
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        other = new ApiClient(second.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        org.awaitility.Awaitility.setDefaultTimeout(java.time.Duration.ofSeconds(60)); // builds share the machine
        await().atMost(java.time.Duration.ofSeconds(60))
                .until(() -> admin.get("/readyz").code() == 200 && other.get("/readyz").code() == 200);
        server = new HookServer(directory.resolve("hooks-pki"));
    }

    @AfterAll
    static void stop() {
        server.close();
        second.closeGateway();
        plane.close();
    }

    /// A namespace of its own for each test, which its hooks select.
    private static String namespace(String name) {
        assertThat(admin.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + name + "\"}}").code())
                .isEqualTo(201);
        return "/api/v1/namespaces/" + name + "/configmaps";
    }

    private static ObjectNode hook(String namespace, String path, String more) {
        return Json.object(("""
                {"name":"%s.example.com","clientConfig":{"url":"%s","caBundle":"%s"},
                 "rules":[{"operations":["*"],"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"]}],
                 "namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"%s"}},
                 "sideEffects":"None","admissionReviewVersions":["v1"]%s}""").formatted(path.substring(1), server.url(
                path), server.bundle(), namespace, more).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static void configure(String kind, String name, ObjectNode... hooks) {
        ObjectNode configuration = Json.newObject();
        configuration.putObject("metadata").put("name", name);
        configuration.putArray("webhooks").addAll(List.of(hooks));
        Answer made = admin.post(CONFIGURATIONS + kind + "webhookconfigurations", configuration.toString());
        assertThat(made.code()).as(made.text()).isEqualTo(201);
    }

    private static String cm(String name) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name
                + "\"},\"data\":{\"a\":\"1\"}}";
    }

    private static void felt(ApiClient client, String path, String probe) {
        await().until(() -> client.post(path + "?dryRun=All", probe).code() != 201);
    }

    @Test
    void a_mutating_webhook_changes_what_is_stored_and_is_told_everything() {
        String path = namespace("mutated");
        server.on("/mutate", request -> patch("[{\"op\":\"add\",\"path\":\"/data/b\",\"value\":\"2\"}]"));
        configure("mutating", "mutate", hook("mutated", "/mutate", ""));
        await().until(() -> other.post(path + "?dryRun=All", cm("probe")).json().at("/data/b").asText().equals("2"));

        Answer made = other.post(path + "?fieldManager=me", cm("x"));

        assertThat(made.json().at("/data").toString()).isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
        ObjectNode request = (ObjectNode) server.seen("/mutate").getLast().deepCopy();
        assertThat(request.remove("uid").asText()).hasSize(36);
        assertThat(request.remove("object").at("/data/a").asText()).isEqualTo("1");
        request.remove("userInfo");
        assertThat(request.toString()).isEqualTo("""
                {"kind":{"group":"","version":"v1","kind":"ConfigMap"},\
                "resource":{"group":"","version":"v1","resource":"configmaps"},\
                "requestKind":{"group":"","version":"v1","kind":"ConfigMap"},\
                "requestResource":{"group":"","version":"v1","resource":"configmaps"},\
                "name":"x","namespace":"mutated","operation":"CREATE","oldObject":null,"dryRun":false,\
                "options":{"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1","fieldManager":"me"}}""");
    }

    @Test
    void a_validating_webhook_denies_with_its_own_code_and_reason() {
        String path = namespace("denied");
        server.on("/deny", request -> {
            ObjectNode answer = Json.newObject().put("allowed", false);
            answer.putObject("status").put("code", 403).put("reason", "Forbidden").put("message", "no such thing here");
            answer.putArray("warnings").add("think again");
            return answer;
        });
        configure("validating", "deny", hook("denied", "/deny", ""));
        felt(admin, path, cm("probe"));
        felt(other, path, cm("probe"));

        Answer refused = other.post(path, cm("x"));

        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.json().toString()).isEqualTo("""
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":\
                "admission webhook \\"deny.example.com\\" denied the request: no such thing here",\
                "reason":"Forbidden","code":403}""");
        assertThat(admin.get(path + "/x").code()).isEqualTo(404);
    }

    @Test
    void a_webhook_that_fails_stops_the_write_unless_failures_are_ignored() {
        String path = namespace("failing");
        configure("validating", "failing", hook("failing", "/absent", ""));
        felt(admin, path, cm("probe"));

        Answer refused = admin.post(path, cm("x"));

        assertThat(refused.code()).isEqualTo(500);
        assertThat(refused.json().path("reason").asText()).isEqualTo("InternalError");
        assertThat(refused.json().path("message").asText()).startsWith(
                "Internal error occurred: failed calling webhook \"absent.example.com\": failed to call webhook: ");
        Answer ignored = admin.merge(CONFIGURATIONS + "validatingwebhookconfigurations/failing", Json.newObject().set(
                "webhooks", Json.MAPPER.createArrayNode().add(hook("failing", "/absent",
                        ",\"failurePolicy\":\"Ignore\"")))
                .toString());
        assertThat(ignored.code()).isEqualTo(200);
        await().until(() -> admin.post(path + "?dryRun=All", cm("x")).code() == 201);
    }

    @Test
    void a_server_that_another_authority_vouches_for_is_not_trusted() {
        String path = namespace("untrusted");
        server.on("/untrusted", request -> allow());
        ObjectNode hook = hook("untrusted", "/untrusted", "");
        ((ObjectNode) hook.get("clientConfig")).put("caBundle", java.util.Base64.getEncoder().encodeToString(plane
                .pki().authorityPem().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        configure("validating", "untrusted", hook);
        felt(admin, path, cm("probe"));

        assertThat(admin.post(path, cm("x")).json().path("message").asText()).contains(
                "x509: certificate signed by unknown authority");
        assertThat(server.seen("/untrusted")).isEmpty();
    }

    @Test
    void match_conditions_choose_and_a_dry_run_spares_side_effects() {
        String path = namespace("chosen");
        server.on("/chosen", request -> Json.newObject().put("allowed", false));
        configure("validating", "chosen", hook("chosen", "/chosen",
                ",\"matchConditions\":[{\"name\":\"bad\",\"expression\":\"object.data.a == 'bad'\"}]"));
        felt(admin, path, cm("probe").replace("\"1\"", "\"bad\""));

        assertThat(admin.post(path, cm("good")).code()).isEqualTo(201);
        Answer refused = admin.post(path, cm("x").replace("\"1\"", "\"bad\""));
        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.json().path("message").asText()).isEqualTo(
                "admission webhook \"chosen.example.com\" denied the request without explanation");
    }

    @Test
    void a_delete_and_each_of_a_collection_pass_the_webhooks() {
        String path = namespace("kept");
        assertThat(admin.post(path, cm("a")).code()).isEqualTo(201);
        assertThat(admin.post(path, cm("b")).code()).isEqualTo(201);
        server.on("/kept", request -> Json.newObject().put("allowed", !request.path("operation").asText().equals(
                "DELETE")));
        configure("validating", "kept", hook("kept", "/kept", ""));
        await().until(() -> admin.send("DELETE", path + "/a?dryRun=All", "").code() == 400);

        assertThat(admin.delete(path + "/a").code()).isEqualTo(400);
        assertThat(admin.delete(path).code()).isEqualTo(400);
        JsonNode seen = server.seen("/kept").getLast();
        assertThat(seen.path("object").isNull()).isTrue();
        assertThat(seen.at("/oldObject/metadata/namespace").asText()).isEqualTo("kept");
        assertThat(seen.at("/options/kind").asText()).isEqualTo("DeleteOptions");
    }

    @Test
    void webhooks_come_in_the_order_of_their_names_and_one_may_ask_to_come_again() {
        String path = namespace("ordered");
        server.on("/first", request -> request.at("/object/data/second").isMissingNode()
                ? patch("[{\"op\":\"add\",\"path\":\"/data/first\",\"value\":\"once\"}]")
                : patch("[{\"op\":\"add\",\"path\":\"/data/first\",\"value\":\"again\"}]"));
        server.on("/second", request -> patch("[{\"op\":\"add\",\"path\":\"/data/second\",\"value\":\"x\"}]"));
        configure("mutating", "z-ordered", hook("ordered", "/second", ""));
        configure("mutating", "a-ordered", hook("ordered", "/first", ",\"reinvocationPolicy\":\"IfNeeded\""));
        await().until(() -> admin.post(path + "?dryRun=All", cm("x")).json().path("data").size() == 3);

        assertThat(admin.post(path, cm("x")).json().path("data").toString()).isEqualTo(
                "{\"a\":\"1\",\"first\":\"again\",\"second\":\"x\"}");
    }

    @Test
    void a_service_names_the_server_whatever_its_address() {
        String path = namespace("served");
        assertThat(admin.post("/api/v1/namespaces/served/services",
                "{\"metadata\":{\"name\":\"hooks\"},\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"localhost\"}}")
                .code()).isEqualTo(201);
        server.on("/served", request -> allow());
        ObjectNode hook = hook("served", "/served", "");
        ObjectNode client = (ObjectNode) hook.get("clientConfig");
        client.remove("url");
        client.putObject("service").put("name", "hooks").put("namespace", "served").put("port", server.port()).put(
                "path", "/served");
        configure("validating", "served", hook);
        felt(admin, path, cm("probe"));

        assertThat(admin.post(path, cm("x")).json().path("message").asText()).startsWith(
                "Internal error occurred: failed calling webhook \"served.example.com\": failed to call webhook: Post \""
                        + "https://hooks.served.svc:" + server.port() + "/served?timeout=10s\": tls: failed to verify "
                        + "certificate: x509: certificate is valid for localhost, ")
                .endsWith(
                        ", not hooks.served.svc");
    }

    @Test
    void a_webhook_nobody_could_call_is_refused_when_it_is_written() {
        for (String[] wrong : new String[][]{{"https://a b/",
            "webhooks[0].clientConfig.url: Required value: url must be a valid URL"},
            {"http://a.example/",
                "webhooks[0].clientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme"},
            {
                "https://u:p@a.example/",
                "webhooks[0].clientConfig.url: Invalid value: \"u:p\": user information is not permitted"}}) {
            ObjectNode hook = hook("wrong", "/wrong", "");
            ((ObjectNode) hook.get("clientConfig")).put("url", wrong[0]);
            ObjectNode configuration = Json.newObject();
            configuration.putObject("metadata").put("name", "wrong");
            configuration.putArray("webhooks").add(hook);

            Answer refused = admin.post(CONFIGURATIONS + "validatingwebhookconfigurations", configuration.toString());

            assertThat(refused.code()).as(wrong[0]).isEqualTo(422);
            assertThat(refused.json().path("message").asText()).contains(wrong[1]);
        }
    }

    private static void bind(String name, String policy, String namespace, String actions, String more) {
        Answer bound = admin.post(CONFIGURATIONS + "validatingadmissionpolicybindings", """
                {"metadata":{"name":"%s"},"spec":{"policyName":"%s","validationActions":[%s],"matchResources":
                {"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"%s"}}}%s}}""".formatted(name,
                policy, actions, namespace, more));
        assertThat(bound.code()).as(bound.text()).isEqualTo(201);
    }

    private static Answer policy(String name, String rest) {
        return admin.post(CONFIGURATIONS + "validatingadmissionpolicies",
                """
                        {"metadata":{"name":"%s"},"spec":{"matchConstraints":{"resourceRules":[{"operations":["CREATE","UPDATE"],
                        "apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"]}]},%s}}"""
                        .formatted(name, rest));
    }

    @Test
    void a_policy_denies_in_the_words_of_its_message() {
        String path = namespace("governed");
        Answer made = policy("governed",
                """
                        "variables":[{"name":"size","expression":"size(object.data)"}],"validations":[
                        {"expression":"variables.size < 2","messageExpression":"'too many: %d in %s'.format([dyn(variables.size), dyn(request.namespace)])"},
                        {"expression":"!('forbidden' in object.data)","reason":"Forbidden"}]""");
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        bind("governed-everywhere", "governed", "governed", "\"Deny\"", "");
        felt(admin, path, cm("probe").replace("}}", ",\"b\":\"2\"}}"));
        felt(other, path, cm("probe").replace("}}", ",\"b\":\"2\"}}"));

        assertThat(other.post(path, cm("fine")).code()).isEqualTo(201);
        Answer refused = other.post(path, cm("x").replace("}}", ",\"b\":\"2\"}}"));
        assertThat(refused.code()).isEqualTo(422);
        String message = "ValidatingAdmissionPolicy 'governed' with binding 'governed-everywhere' denied request: "
                + "too many: 2 in governed";
        assertThat(refused.json().toString()).isEqualTo("""
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":\
                "configmaps \\"x\\" is forbidden: %s","reason":"Invalid","details":{"name":"x","kind":"configmaps",\
                "causes":[{"message":"%s"}]},"code":422}""".formatted(message, message));
        Answer forbidden = admin.post(path, cm("y").replace("\"a\"", "\"forbidden\""));
        assertThat(forbidden.code()).isEqualTo(403);
        assertThat(forbidden.json().path("message").asText()).endsWith(
                "failed expression: !('forbidden' in object.data)");
    }

    @Test
    void a_policy_takes_parameters_and_may_only_warn() {
        String path = namespace("limited");
        assertThat(admin.post(path, cm("limit").replace("\"1\"", "\"3\"")).code()).isEqualTo(201);
        assertThat(policy("limited",
                """
                        "paramKind":{"apiVersion":"v1","kind":"ConfigMap"},"matchConditions":[{"name":"not-params","expression":
                        "object.metadata.name != 'limit'"}],"validations":[{"expression":"int(object.data.a) <= int(params.data.a)",
                        "message":"over the limit"}]""")
                .code()).isEqualTo(201);
        bind("limited", "limited", "limited", "\"Warn\"",
                ",\"paramRef\":{\"name\":\"limit\",\"parameterNotFoundAction\":\"Deny\"}");
        await().until(() -> admin.post(path + "?dryRun=All", cm("x").replace("\"1\"", "\"4\"")).raw().headers()
                .firstValue("warning").isPresent());

        Answer warned = admin.post(path, cm("x").replace("\"1\"", "\"4\""));
        assertThat(warned.code()).isEqualTo(201);
        assertThat(warned.raw().headers().firstValue("warning")).contains("299 - \"Validation failed for "
                + "ValidatingAdmissionPolicy 'limited' with binding 'limited': over the limit\"");
        assertThat(admin.post(path, cm("y").replace("\"1\"", "\"2\"")).raw().headers().firstValue("warning")).isEmpty();
        assertThat(admin.delete(path + "/limit").code()).isEqualTo(200);
        await().until(() -> admin.post(path + "?dryRun=All", cm("z")).code() == 422);
        assertThat(admin.post(path, cm("z")).json().path("message").asText()).endsWith("failed to configure binding: "
                + "no params found for policy binding with `Deny` parameterNotFoundAction");
    }

    @Test
    void a_rule_that_fails_denies() {
        String path = namespace("broken");
        assertThat(policy("broken", "\"validations\":[{\"expression\":\"object.data.nope == 'x'\"}]").code()).isEqualTo(
                201);
        bind("broken", "broken", "broken", "\"Deny\"", "");
        felt(admin, path, cm("probe"));

        assertThat(admin.post(path, cm("x")).json().path("message").asText()).endsWith(
                "denied request: expression 'object.data.nope == 'x'' resulted in error: no such key: nope");
    }

    @Test
    void an_expression_that_does_not_compile_is_refused_when_it_is_written() {
        Answer refused = policy("never", "\"validations\":[{\"expression\":\"object.x +\"},{\"expression\":\"1\"}]");

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.json().path("message").asText()).contains(
                "spec.validations[0].expression: Invalid value: \"object.x +\": compilation failed: ERROR: <input>:1:11: "
                        + "Syntax error: mismatched input '<EOF>'",
                "spec.validations[1].expression: Invalid value: \"1\": must evaluate to bool");
    }

    @Test
    void the_status_of_a_policy_says_what_the_types_of_its_objects_say_once_for_each_generation() {
        String path = CONFIGURATIONS + "validatingadmissionpolicies/typed";
        assertThat(policy("typed", "\"validations\":[{\"expression\":\"object.dta.a == 'x'\"}]").code()).isEqualTo(
                201);
        await().until(() -> other.get(path).json().at("/status").has("typeChecking"));

        JsonNode checked = other.get(path).json();
        assertThat(checked.path("status").toString()).isEqualTo("""
                {"observedGeneration":1,"typeChecking":{"expressionWarnings":[{"fieldRef":\
                "spec.validations[0].expression","warning":"/v1, Kind=ConfigMap: ERROR: <input>:1:7: undefined field \
                'dta'\\n | object.dta.a == 'x'\\n | ......^\\n"}]}}""");
        JsonNode owner = checked.at("/metadata/managedFields/0");
        assertThat(owner.path("manager").asText() + " " + owner.path("operation").asText() + " " + owner.path(
                "subresource").asText()).isEqualTo("validatingadmissionpolicy-status-controller Apply status");
        assertThat(owner.path("fieldsV1").toString()).isEqualTo("""
                {"f:status":{"f:observedGeneration":{},"f:typeChecking":{"f:expressionWarnings":{}}}}""");

        for (int generation = 2; generation < 4; generation++) {
            int wanted = generation;
            assertThat(admin.merge(path, "{\"spec\":{\"validations\":[{\"expression\":\"object.data.a == '" + wanted
                    + "'\"}]}}").code()).isEqualTo(200);
            await().until(() -> other.get(path).json().at("/status/observedGeneration").asInt() == wanted);
            assertThat(other.get(path).json().path("status").toString()).isEqualTo("{\"observedGeneration\":" + wanted
                    + ",\"typeChecking\":{}}");
        }
    }

    @Test
    void who_changes_an_object_is_not_shown_what_the_server_decides_afterwards() {
        String path = namespace("undecided");
        String jobs = "/apis/batch/v1/namespaces/undecided/jobs";
        server.on("/changing", request -> patch("[{\"op\":\"add\",\"path\":\"/metadata/annotations\",\"value\":"
                + "{\"seen\":\"yes\"}}]"));
        server.on("/judging", request -> allow());
        String rules = ",\"rules\":[{\"operations\":[\"*\"],\"apiGroups\":[\"*\"],\"apiVersions\":[\"*\"],"
                + "\"resources\":[\"configmaps\",\"jobs\"]}]";
        configure("mutating", "undecided", hook("undecided", "/changing", rules));
        configure("validating", "undecided", hook("undecided", "/judging", rules));
        await().until(() -> admin.post(path + "?dryRun=All", cm("probe")).json().at("/metadata/annotations/seen")
                .asText().equals("yes") && !server.seen("/judging").isEmpty());

        Answer made = admin.post(path, "{\"metadata\":{\"generateName\":\"drawn-\"}}");
        JsonNode changing = server.seen("/changing").getLast();
        JsonNode judging = server.seen("/judging").getLast();

        assertThat(made.code()).as(made.text()).isEqualTo(201);
        assertThat(changing.has("name")).isFalse();
        assertThat(changing.at("/object/metadata")).doesNotContain(made.json().at("/metadata/uid"));
        assertThat(changing.at("/object/metadata").has("creationTimestamp")).isFalse();
        assertThat(judging.path("name")).isEqualTo(made.json().at("/metadata/name"));
        assertThat(judging.at("/object/metadata/uid")).isEqualTo(made.json().at("/metadata/uid"));
        JsonNode job = admin.post(jobs, """
                {"metadata":{"name":"j"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[
                 {"name":"c","image":"i"}]}}}}""").json();
        assertThat(job.at("/metadata/annotations/seen").asText()).isEqualTo("yes");
        assertThat(job.at("/spec/selector/matchLabels/batch.kubernetes.io~1controller-uid")).isEqualTo(job.at(
                "/metadata/uid"));
    }

    @Test
    void options_are_told_as_they_were_said_and_deletions_warn() {
        String path = namespace("told");
        server.on("/told", request -> {
            ObjectNode response = allow();
            response.putArray("warnings").add("about " + request.path("operation").asText() + " " + request.path("name")
                    .asText("?"));
            return response;
        });
        configure("validating", "told", hook("told", "/told", ""));
        await().until(
                () -> !server.seen("/told").isEmpty() || admin.post(path + "?dryRun=All", cm("probe")).code() == 0);

        assertThat(admin.post(path, cm("x")).code()).isEqualTo(201);
        assertThat(server.seen("/told").getLast().path("options"))
                .isEqualTo(Json.object(("{\"kind\":\"CreateOptions\",\"apiVersion\":\"meta.k8s.io/v1\"}").getBytes(
                        java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(admin.merge(path + "/x?fieldValidation=Strict", "{\"data\":{\"b\":\"2\"}}")
                .code()).isEqualTo(200);
        assertThat(server.seen("/told").getLast().path("options")).isEqualTo(Json.object(
                ("{\"kind\":\"UpdateOptions\",\"apiVersion\":\"meta.k8s.io/v1\",\"fieldValidation\":\"Strict\"}")
                        .getBytes(
                                java.nio.charset.StandardCharsets.UTF_8)));
        Answer deleted = admin.delete(path + "/x?propagationPolicy=Background&gracePeriodSeconds=3");
        assertThat(server.seen("/told").getLast().path("options")).isEqualTo(
                Json.object(("{\"kind\":\"DeleteOptions\",\"apiVersion\":\"meta.k8s.io/v1\",\"gracePeriodSeconds\":3,"
                        + "\"propagationPolicy\":\"Background\"}").getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(deleted.raw().headers().allValues("Warning")).containsExactly("299 - \"about DELETE x\"");
        assertThat(admin.post(path, cm("y")).code()).isEqualTo(201);
        assertThat(admin.delete(path).raw().headers().allValues("Warning")).contains("299 - \"about DELETE ?\"");
    }

    @Test
    void a_webhook_of_the_older_form_is_asked_in_it_and_need_not_say_who_it_is() {
        String path = namespace("older");
        server.onReview("/older", review -> Json.object(("{\"response\":{\"allowed\":" + review.path("apiVersion")
                .asText().equals("admission.k8s.io/v1beta1") + ",\"patch\":\"W3sib3AiOiJhZGQiLCJwYXRoIjoiL2RhdGEvYiIs"
                + "InZhbHVlIjoiMiJ9XQ==\"}}").getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        ObjectNode hook = hook("older", "/older", "");
        hook.putArray("admissionReviewVersions").add("v0").add("v1beta1").add("v1");
        configure("mutating", "older", hook);

        await().until(() -> admin.post(path + "?dryRun=All", cm("probe")).json().at("/data/b").asText().equals("2"));
    }
}
