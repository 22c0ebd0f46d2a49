package io.logplane.gateway;

import static io.logplane.gateway.HookServer.allow;
import static io.logplane.gateway.HookServer.patch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.ApiClient.Answer;
import io.logplane.gateway.auditlog.AuditFile;
import io.logplane.gateway.auditlog.AuditMode;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What policies and webhooks leave in the audit record of a real gateway.
class HookAuditTest {
    private static final String REGISTRATION = "/apis/admissionregistration.k8s.io/v1/";
    private static final String RULES = "[{'operations':['CREATE'],'apiGroups':[''],'apiVersions':['v1'],"
            + "'resources':['configmaps']}]";
    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;
    private static HookServer server;

    @BeforeAll
    static void start() throws Exception {
        Path policy = Files.writeString(directory.resolve("policy.yaml"), """
                apiVersion: audit.k8s.io/v1
                kind: Policy
                rules:
                - level: Request
                  resources: [{group: "", resources: ["configmaps"]}]
                - level: RequestResponse
                  resources: [{group: "", resources: ["secrets"]}]
                """);
        plane = DevPlane.start(directory, 0, config -> config.with(AuditConfig.of(policy).withFile(directory.resolve(
                "audit.log").toString(), new AuditFile.Limits(1, 2, 100), AuditMode.BLOCKING_STRICT)));
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        org.awaitility.Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // builds share the machine
        await().until(() -> admin.get("/readyz").code() == 200);
        server = new HookServer(directory.resolve("hooks-pki"));
    }

    @AfterAll
    static void stop() {
        server.close();
        plane.close();
    }

    private static void post(String path, String single) {
        Answer made = admin.post(path, single.replace('\'', '"'));
        assertThat(made.code()).as(made.text()).isEqualTo(201);
    }

    /// The annotations of the create of a config map, once it has been recorded.
    private static JsonNode annotations(String name) {
        return await().until(() -> recorded(name), found -> !found.isMissingNode());
    }

    private static JsonNode recorded(String name) throws IOException {
        JsonNode found = Json.newObject().path("none");
        for (String line : Files.readAllLines(directory.resolve("audit.log"))) {
            JsonNode record = Json.object(line.getBytes(StandardCharsets.UTF_8));
            if (record.at("/requestObject/metadata/name").asText().equals(name) && record.path("stage").asText().equals(
                    "ResponseComplete")) {
                found = record.path("annotations");
            }
        }
        return found;
    }

    private static String config(String name) {
        return "{'metadata':{'name':'" + name + "'},'data':{'a':'1'}}";
    }

    @Test
    void a_policy_may_audit_instead_of_denying_and_says_what_it_wants_said() {
        post(REGISTRATION + "validatingadmissionpolicies", "{'metadata':{'name':'audited'},'spec':{'matchConstraints':{"
                + "'resourceRules':" + RULES + "},'validations':[{'expression':'true'},{'expression':"
                + "'object.data.a != object.data.a','message':'never'}],'auditAnnotations':[{'key':'size',"
                + "'valueExpression':'string(size(object.data)) + object.metadata.name'},{'key':'none',"
                + "'valueExpression':'null'}]}}");
        post(REGISTRATION + "validatingadmissionpolicybindings", "{'metadata':{'name':'audits'},'spec':{"
                + "'policyName':'audited','validationActions':['Warn','Audit'],'matchResources':{'objectSelector':{},"
                + "'namespaceSelector':{'matchLabels':{'kubernetes.io/metadata.name':'default'}}}}}");
        await().until(() -> admin.post("/api/v1/namespaces/default/configmaps?dryRun=All", config("probe").replace('\'',
                '"')).raw().headers().firstValue("warning").isPresent());

        post("/api/v1/namespaces/default/configmaps", config("audited"));

        JsonNode said = annotations("audited");
        assertThat(said.path("audited/size").asText()).isEqualTo("1audited");
        assertThat(said.has("audited/none")).isFalse();
        assertThat(said.path("validation.policy.admission.k8s.io/validation_failure").asText()).isEqualTo(
                "[{\"message\":\"never\",\"policy\":\"audited\",\"binding\":\"audits\",\"expressionIndex\":1,"
                        + "\"validationActions\":[\"Warn\",\"Audit\"]}]");
    }

    private static void webhook(String kind, String name, String path, String more) {
        webhook("hooked", kind, name, path, more);
    }

    private static void webhook(String namespace, String kind, String name, String path, String more) {
        post(REGISTRATION + kind + "webhookconfigurations", ("{'metadata':{'name':'%s'},'webhooks':[{"
                + "'name':'%s.example.com','clientConfig':{'url':'%s','caBundle':'%s'},'rules':%s,"
                + "'namespaceSelector':{'matchLabels':{'kubernetes.io/metadata.name':'%s'}},'sideEffects':'None',"
                + "'admissionReviewVersions':['v1']%s}]}").formatted(name, name, server.url(path), server.bundle(),
                        RULES, namespace, more));
    }

    @Test
    void webhooks_are_told_of_with_what_they_changed_and_what_they_say() {
        post("/api/v1/namespaces", "{'metadata':{'name':'hooked'}}");
        server.on("/change", request -> patch("[{\"op\":\"add\",\"path\":\"/data/b\",\"value\":\"2\"}]"));
        server.on("/say", request -> {
            ObjectNode answer = allow();
            answer.putObject("auditAnnotations").put("word", "hello");
            return answer;
        });
        webhook("mutating", "change", "/change", "");
        webhook("validating", "absent", "/absent", ",'failurePolicy':'Ignore'");
        webhook("validating", "say", "/say", "");
        String path = "/api/v1/namespaces/hooked/configmaps";
        await().until(() -> {
            admin.post(path + "?dryRun=All", config("probe").replace('\'', '"'));
            return !server.seen("/say").isEmpty() && !server.seen("/change").isEmpty() && !server.seen("/absent")
                    .isEmpty();
        });

        post(path, config("hooked"));

        JsonNode said = annotations("hooked");
        assertThat(said.path("mutation.webhook.admission.k8s.io/round_0_index_0").asText()).isEqualTo(
                "{\"configuration\":\"change\",\"webhook\":\"change.example.com\",\"mutated\":true}");
        assertThat(said.path("patch.webhook.admission.k8s.io/round_0_index_0").asText()).isEqualTo(
                "{\"configuration\":\"change\",\"webhook\":\"change.example.com\",\"patch\":[{\"op\":\"add\",\"path\":"
                        + "\"/data/b\",\"value\":\"2\"}],\"patchType\":\"JSONPatch\"}");
        assertThat(said.path("failed-open.validating.webhook.admission.k8s.io/round_0_index_0").asText()).isEqualTo(
                "absent.example.com");
        assertThat(said.path("say.example.com/word").asText()).isEqualTo("hello");
    }

    /// What is said of the first call, wherever its webhook stands among others; "" for nothing.
    private static String of(JsonNode annotations, String kind) {
        for (int index = 0; index < 3; index++) {
            String said = annotations.path(kind + ".webhook.admission.k8s.io/round_0_index_" + index).asText();
            if (!said.isEmpty()) {
                return said;
            }
        }
        return "";
    }

    @Test
    void of_a_slow_write_it_is_said_where_its_time_went() {
        server.on("/slow", request -> {
            LockSupport.parkNanos(Duration.ofMillis(600).toNanos());
            return allow();
        });
        post("/api/v1/namespaces", "{'metadata':{'name':'slow'}}");
        webhook("slow", "validating", "slow", "/slow", "");
        String path = "/api/v1/namespaces/slow/configmaps";
        await().until(() -> {
            admin.post(path + "?dryRun=All", config("probe").replace('\'', '"'));
            return !server.seen("/slow").isEmpty();
        });

        post(path, config("slow"));

        JsonNode said = annotations("slow");
        assertThat(said.path("apiserver.latency.k8s.io/validating-webhook").asText()).matches("6\\d\\d\\..*ms|[1-9].*");
        assertThat(said.has("apiserver.latency.k8s.io/total")).isTrue();
        assertThat(said.has("apiserver.latency.k8s.io/etcd")).isTrue();
        assertThat(said.has("apiserver.latency.k8s.io/mutating-webhook")).isFalse();
    }

    @Test
    void what_policies_and_webhooks_say_of_a_secret_is_left_out() {
        post("/api/v1/namespaces", "{'metadata':{'name':'secret'}}");
        String rules = RULES.replace("configmaps", "secrets");
        post(REGISTRATION + "validatingadmissionpolicies", "{'metadata':{'name':'telling'},'spec':{'matchConstraints':{"
                + "'resourceRules':" + rules + "},'validations':[{'expression':'false','messageExpression':"
                + "'string(object.data.p)'}],'auditAnnotations':[{'key':'all','valueExpression':"
                + "'string(object.data.p)'}]}}");
        post(REGISTRATION + "validatingadmissionpolicybindings", "{'metadata':{'name':'telling'},'spec':{"
                + "'policyName':'telling','validationActions':['Audit']}}");
        server.on("/secret", request -> patch("[{\"op\":\"add\",\"path\":\"/data/b\",\"value\":\"Y2FuYXJ5\"}]"));
        post(REGISTRATION + "mutatingwebhookconfigurations", ("{'metadata':{'name':'secret'},'webhooks':[{"
                + "'name':'secret.example.com','clientConfig':{'url':'%s','caBundle':'%s'},'rules':%s,"
                + "'sideEffects':'None','admissionReviewVersions':['v1']}]}").formatted(server.url("/secret"), server
                        .bundle(), rules));
        String path = "/api/v1/namespaces/secret/secrets";
        String body = "{'metadata':{'name':'NAME'},'data':{'p':'Y2FuYXJ5'}}";
        int[] tries = {0};
        JsonNode said = await().until(() -> {
            String name = "s" + tries[0]++;
            post(path, body.replace("NAME", name));
            return annotations(name);
        }, told -> told.has("telling/all") && !of(told, "patch").isEmpty());

        assertThat(said.path("telling/all").asText()).isEqualTo("[redacted]");
        assertThat(said.path("validation.policy.admission.k8s.io/validation_failure").asText()).isEqualTo("[redacted]");
        assertThat(of(said, "patch")).isEqualTo("[redacted]");
        assertThat(of(said, "mutation")).contains("\"mutated\":true");
        assertThat(said.path("authorization.k8s.io/decision").asText()).isEqualTo("allow");
        assertThat(directory.resolve("audit.log")).content().doesNotContain("Y2FuYXJ5", "canary");
    }
}
