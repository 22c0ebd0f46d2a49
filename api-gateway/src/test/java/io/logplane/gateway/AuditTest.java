package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.ApiClient.Answer;
import io.logplane.gateway.auditlog.AuditFile;
import io.logplane.gateway.auditlog.AuditMode;
import io.logplane.gateway.auditlog.Pacing;
import io.logplane.gateway.remote.AuditWebhook;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Actor;
import io.logplane.schemas.record.Change;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import io.logplane.state.Registry;
import io.logplane.state.core.Content;
import io.logplane.state.kafka.LogTail;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Audit records and seats of a real gateway on a real broker.
class AuditTest {
    private static final String EXEMPT = "flow_schema=\"exempt\",priority_level=\"exempt\"}";
    private static final String DEFAULT = "/api/v1/namespaces/default";
    private static final String POLICY = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitManagedFields: true
            rules:
            - level: None
              nonResourceURLs: ["/readyz*"]
            - level: RequestResponse
              resources:
              - group: ""
                resources: ["secrets", "configmaps", "serviceaccounts/token", "pods"]
              - group: authentication.k8s.io
                resources: ["tokenreviews"]
            - level: Metadata
              omitStages: ["RequestReceived"]
            """;

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;
    private static ApiClient nobody;
    private static AuditCollector collector;

    @BeforeAll
    static void start() throws Exception {
        Path policy = Files.writeString(directory.resolve("policy.yaml"), POLICY);
        collector = new AuditCollector(directory.resolve("collector"));
        AuditWebhook.Settings webhook = new AuditWebhook.Settings(collector.kubeconfig(directory.resolve("webhook")),
                Duration.ofSeconds(1), new Pacing(10_000, 400, Duration.ofMillis(200), 10, 15, 25));
        plane = DevPlane.start(directory, 0,
                config -> config.with(cursed(config.registry())).with(AuditConfig.of(policy).withFile(directory.resolve(
                        "audit.log").toString(), new AuditFile.Limits(1, 2, 100), AuditMode.BLOCKING_STRICT)
                        .withWebhook(webhook)));
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        nobody = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().client("jane", "jane",
                "dev"));
        await().atMost(java.time.Duration.ofSeconds(60)).until(() -> admin.get("/readyz").code() == 200);
    }

    @AfterAll
    static void stop() {
        plane.close();
        collector.close();
    }

    /// A registry with one object nobody can read.
    private static Registry cursed(Registry real) {
        return (Registry) Proxy.newProxyInstance(Registry.class.getClassLoader(), new Class<?>[]{Registry.class}, (self,
                method, arguments) -> {
            if (arguments != null && arguments[0] instanceof ObjectKey key && key.name().equals("cursed")) {
                throw new IllegalStateException("canary: a message of ours may say anything");
            }
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        });
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    /// What the file says of a request. The mode is strict: it is there when the answer is.
    private static List<JsonNode> records(Answer answer) {
        String id = answer.raw().headers().firstValue("Audit-Id").orElseThrow();
        List<JsonNode> found = new ArrayList<>();
        for (String line : lines()) {
            JsonNode record = Json.object(line.getBytes(StandardCharsets.UTF_8));
            if (record.path("auditID").asText().equals(id)) {
                found.add(record);
            }
        }
        return found;
    }

    /// The last record is written after the answer has gone out.
    private static JsonNode last(Answer answer, int count) {
        await().until(() -> records(answer).size() == count);
        return records(answer).getLast();
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(directory.resolve("audit.log"));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Test
    void a_write_is_recorded_when_it_comes_and_when_it_is_answered_and_leads_to_the_log() {
        Answer made = admin.post(DEFAULT + "/configmaps",
                "{\"metadata\":{\"name\":\"audited\"},\"data\":{\"a\":\"1\"}}");

        JsonNode done = last(made, 2);
        assertThat(records(made).getFirst().path("stage").asText()).isEqualTo("RequestReceived");
        assertThat(done.path("stage").asText()).isEqualTo("ResponseComplete");
        assertThat(done.path("verb").asText()).isEqualTo("create");
        assertThat(done.at("/user/groups").toString()).contains("system:masters");
        assertThat(done.path("objectRef").toString()).isEqualTo(
                "{\"resource\":\"configmaps\",\"namespace\":\"default\",\"name\":\"audited\",\"apiVersion\":\"v1\"}");
        assertThat(done.path("responseStatus").toString()).isEqualTo("{\"metadata\":{},\"code\":201}");
        assertThat(done.at("/requestObject/data/a").asText()).isEqualTo("1");
        assertThat(done.at("/responseObject/metadata/resourceVersion").asText()).isEqualTo(made.revision());
        assertThat(done.at("/responseObject/metadata/managedFields").isMissingNode()).isTrue();
        assertThat(done.at("/annotations/authorization.k8s.io~1decision").asText()).isEqualTo("allow");
        assertThat(done.at("/annotations/logplane.io~1revision").asText()).isEqualTo(made.revision());
    }

    @Test
    void no_place_ever_holds_the_data_of_a_secret_or_a_token() {
        admin.post(DEFAULT + "/secrets", "{\"metadata\":{\"name\":\"s\"},\"stringData\":{\"p\":\"canary-1\"}}");
        admin.get(DEFAULT + "/secrets/s");
        admin.get(DEFAULT + "/secrets");
        admin.merge(DEFAULT + "/secrets/s", "{\"stringData\":{\"p\":\"canary-2\"}}");
        admin.merge(DEFAULT + "/secrets/s", "{\"data\":{\"p\":\"not base64 canary-3\"}}");
        admin.send("PATCH", DEFAULT + "/secrets/s?fieldManager=m&force=true",
                "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {p: canary-4}\n", "Content-Type",
                "application/apply-patch+yaml");
        admin.post(DEFAULT + "/serviceaccounts", "{\"metadata\":{\"name\":\"sa\"}}");
        Answer token = admin.post(DEFAULT + "/serviceaccounts/sa/token", "{\"spec\":{}}");
        otherWaysToWriteASecret();
        Answer end = admin.delete(DEFAULT + "/secrets/s");
        Answer all = admin.delete(DEFAULT + "/secrets");
        Answer review = admin.post("/apis/authentication.k8s.io/v1/tokenreviews",
                "{\"spec\":{\"token\":\"canary-token\",\"tokne\":\"canary-tokne\"}}");

        last(token, 2);
        last(end, 2);
        last(all, 2);
        last(review, 2);
        String said = String.join("\n", lines());
        assertThat(List.of(token.code(), all.code(), review.code())).containsExactly(201, 200, 201);
        assertThat(said).contains("\"p\":\"[redacted]\"").doesNotContain("canary", "Y2FuYXJ5", token.json().at(
                "/status/token").asText());
    }

    /// Each of them, and what they are answered with, holds the word.
    private static void otherWaysToWriteASecret() {
        String secret = DEFAULT + "/secrets/s";
        assertThat(admin.send("PATCH", secret, "[{\"op\":\"add\",\"path\":\"/stringData\",\"value\":{\"p\":"
                + "\"canary-5\"}}]", "Content-Type", "application/json-patch+json").code()).isEqualTo(200);
        assertThat(admin.put(secret, "{\"metadata\":{\"name\":\"s\",\"annotations\":{"
                + "\"kubectl.kubernetes.io/last-applied-configuration\":\"{canary-6}\"}},\"data\":{\"p\":"
                + "\"Y2FuYXJ5LTY=\"}}").code()).isEqualTo(200);
        assertThat(admin.send("POST", DEFAULT + "/secrets?dryRun=All", "kind: Secret\napiVersion: v1\nmetadata: "
                + "{name: other}\nstringData: {p: canary-7}\n", "Content-Type", "application/yaml").code())
                .isEqualTo(201);
        assertThat(admin.post(DEFAULT + "/secrets", "{\"metadata\":{\"name\":\"b\"},\"stringData\":{\"p\":"
                + "[\"canary-8\"]}}").code()).isEqualTo(400);
        assertThat(admin.post(DEFAULT + "/secrets?fieldValidation=Strict", "{\"metadata\":{\"name\":\"b\"},"
                + "\"stringdata\":{\"p\":\"canary-9\"},\"p\":\"canary-10\"}").code()).isEqualTo(400);
        admin.get(DEFAULT + "/secrets?watch=1&timeoutSeconds=1");
        admin.get(secret, "Accept", "application/json;as=Table;g=meta.k8s.io;v=v1");
        admin.get(secret + "?includeObject=Object", "Accept", "application/json;as=Table;g=meta.k8s.io;v=v1");
        admin.get(secret, "Accept", "application/vnd.kubernetes.protobuf");
        admin.get("/api/v1/secrets?limit=1");
    }

    @Test
    void a_fault_of_ours_is_recorded_as_panic_and_not_in_its_own_words() {
        Answer broken = admin.get(DEFAULT + "/configmaps/cursed");

        assertThat(broken.code()).isEqualTo(500);
        JsonNode panic = last(broken, 2);
        assertThat(panic.path("stage").asText()).isEqualTo("Panic");
        assertThat(panic.path("responseStatus").toString()).isEqualTo("{\"metadata\":{},\"status\":\"Failure\","
                + "\"message\":\"Internal error occurred: IllegalStateException\",\"reason\":\"InternalError\","
                + "\"details\":{\"causes\":[{\"message\":\"IllegalStateException\"}]},\"code\":500}");
        assertThat(panic.toString()).doesNotContain("canary");
    }

    @Test
    void a_change_in_the_log_names_who_asked_and_as_whom() {
        String name = "asked-as-somebody";
        assertThat(admin
                .post(DEFAULT + "/configmaps", "{\"metadata\":{\"name\":\"" + name + "\"}}", "Impersonate-User", "jane",
                        "Impersonate-Group", "system:masters")
                .code()).isEqualTo(201);

        try (LogTail tail = LogTail.open(plane.kafka().access(Component.ADMIN), Topics.REGISTRY)) {
            Optional<Actor> actor = Optional.empty();
            while (actor.isEmpty() && tail.position() < tail.end()) {
                actor = tail.next(Duration.ofMillis(200)).flatMap(line -> line.content() instanceof Content.Known known
                        && known.value() instanceof Change change && change.getKey().endsWith("/" + name)
                                ? Optional.of(change.getActor())
                                : Optional.empty());
            }
            assertThat(actor.orElseThrow().getUser()).isEqualTo("jane");
            assertThat(actor.orElseThrow().getImpersonator()).isEqualTo("logplane:admin");
        }
    }

    @Test
    void refusals_impersonation_bad_credentials_and_watches_are_recorded_as_upstream_does() throws Exception {
        Answer forbidden = nobody.get("/api/v1/nodes");
        JsonNode refused = last(forbidden, 1);
        assertThat(refused.at("/annotations/authorization.k8s.io~1decision").asText()).isEqualTo("forbid");
        assertThat(refused.at("/responseStatus/reason").asText()).isEqualTo("Forbidden");
        assertThat(refused.at("/responseStatus/code").asInt()).isEqualTo(403);

        JsonNode other = last(admin.get("/api/v1/nodes", "Impersonate-User", "jane"), 1);
        assertThat(other.at("/impersonatedUser/username").asText()).isEqualTo("jane");
        assertThat(other.at("/user/groups").toString()).contains("system:masters");

        ApiClient bare = new ApiClient(plane.port(), plane.pki().authorityCertificate(),
                io.logplane.broker.pki.ClusterPki
                        .ensure(directory.resolve("elsewhere"), List.of()).admin());
        JsonNode unknown = last(bare.get("/api/v1/nodes", "Authorization", "Bearer x"), 1);
        assertThat(unknown.path("stage").asText()).isEqualTo("ResponseStarted");
        assertThat(unknown.at("/responseStatus/code").asInt()).isEqualTo(401);

        try (BufferedReader watch = admin.watch("/api/v1/nodes?watch=1&timeoutSeconds=1")) {
            while (watch.readLine() != null) {
                // until its time is over
            }
        }
        await().untilAsserted(() -> assertThat(lines().stream().filter(line -> line.contains("\"verb\":\"watch\"")
                && line.contains("timeoutSeconds=1")).map(line -> Json.object(line.getBytes(StandardCharsets.UTF_8))
                        .path("stage").asText()))
                .containsExactly("ResponseStarted", "ResponseComplete"));
    }

    @Test
    void admission_annotates_and_a_client_may_name_its_request() {
        admin.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"strict\",\"labels\":{"
                + "\"pod-security.kubernetes.io/audit\":\"restricted\"}}}");
        admin.post("/api/v1/namespaces/strict/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        Answer pod = admin.post("/api/v1/namespaces/strict/pods",
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}",
                "Audit-Id", "mine-1");

        assertThat(pod.code()).as(pod.text()).isEqualTo(201);
        JsonNode done = last(pod, 2);
        assertThat(done.path("auditID").asText()).isEqualTo("mine-1");
        assertThat(done.at("/annotations/pod-security.kubernetes.io~1audit-violations").asText()).startsWith(
                "would violate PodSecurity \"restricted:latest\": ");
        assertThat(done.at("/annotations/pod-security.kubernetes.io~1enforce-policy").asText()).isEqualTo(
                "privileged:latest");
    }

    @Test
    void the_topic_and_the_webhook_say_the_same_and_only_the_administrator_reads_the_topic() {
        Answer named = admin.get("/version");
        JsonNode record = last(named, 1);
        await().until(() -> collector.records().contains(record));
        var settings = plane.kafka().access(Component.ADMIN).clientProperties();
        settings.setProperty("auto.offset.reset", "earliest");
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(new TopicPartition("audit", 0)));
            consumer.seekToBeginning(consumer.assignment());
            await().until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(r -> values.add(new String(r.value(),
                        StandardCharsets.UTF_8)));
                return values.contains(record.toString());
            });
        }
        assertThat(String.join("", values)).doesNotContain("canary");
    }

    @Test
    void requests_say_which_schema_and_level_they_belong_to_and_schemas_whether_their_level_exists() {
        Answer answer = nobody.get("/version");
        JsonNode schema = admin.get("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/global-default").json();
        assertThat(answer.raw().headers().firstValue("X-Kubernetes-PF-FlowSchema-UID")).contains(schema.at(
                "/metadata/uid").asText());
        await().untilAsserted(() -> assertThat(admin.get(
                "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/global-default").json().at(
                        "/status/conditions/0/status")
                .asText()).isEqualTo("False"));

        String path = "/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations/system";
        assertThat(admin.delete(path).code()).isEqualTo(200);
        await().until(() -> admin.get(path).code() == 200); // it comes back
        Answer wrong = admin.post("/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations",
                "{\"metadata\":{\"name\":\"x\"},\"spec\":{\"type\":\"Limited\",\"limited\":{\"limitResponse\":{"
                        + "\"type\":\"Queue\",\"queuing\":{\"queues\":4,\"handSize\":5}}}}}");
        assertThat(wrong.code()).isEqualTo(422);
        assertThat(wrong.text()).contains("should not be greater than queues (4)");
        assertThat(admin.get("/metrics").text()).contains("apiserver_flowcontrol_current_limit_seats{")
                .contains("apiserver_flowcontrol_nominal_limit_seats{priority_level=\"system\"}")
                .contains("apiserver_flowcontrol_current_executing_requests{" + EXEMPT)
                .contains("apiserver_flowcontrol_dispatched_requests_total{" + EXEMPT)
                .contains("apiserver_audit_event_total");
    }

    @Test
    void a_level_whose_seats_are_taken_refuses_with_429_and_leaves_others_alone() throws Exception {
        ApiClient bob = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().client("bob", "bob",
                "dev"));
        String group = "/apis/flowcontrol.apiserver.k8s.io/v1/";
        admin.post("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", "{\"metadata\":{\"name\":\"bob\"},"
                + "\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":"
                + "\"cluster-admin\"},\"subjects\":[{\"kind\":\"User\",\"name\":\"bob\",\"apiGroup\":"
                + "\"rbac.authorization.k8s.io\"}]}");
        admin.post(group + "prioritylevelconfigurations", "{\"metadata\":{\"name\":\"tiny\"},\"spec\":{\"type\":"
                + "\"Limited\",\"limited\":{\"nominalConcurrencyShares\":0,\"borrowingLimitPercent\":0,"
                + "\"limitResponse\":{\"type\":\"Reject\"}}}}");
        admin.post(group + "flowschemas", "{\"metadata\":{\"name\":\"tiny\"},\"spec\":{\"matchingPrecedence\":50,"
                + "\"priorityLevelConfiguration\":{\"name\":\"tiny\"},\"rules\":[{\"subjects\":[{\"kind\":\"User\","
                + "\"user\":{\"name\":\"bob\"}}],\"resourceRules\":[{\"verbs\":[\"*\"],\"apiGroups\":[\"\"],"
                + "\"resources\":[\"configmaps\"],\"namespaces\":[\"*\"]}]}]}}");
        String level = admin.get(group + "prioritylevelconfigurations/tiny").json().at("/metadata/uid").asText();
        await().until(() -> bob.get(DEFAULT + "/configmaps/x").raw().headers().firstValue(
                "X-Kubernetes-PF-PriorityLevel-UID").orElse("").equals(level));

        PipedOutputStream body = new PipedOutputStream();
        var slow = bob.upload(DEFAULT + "/configmaps", new PipedInputStream(body));
        await().untilAsserted(() -> {
            Answer refused = bob.get(DEFAULT + "/configmaps/x");
            assertThat(refused.code()).isEqualTo(429);
            assertThat(refused.text()).isEqualTo("Too many requests, please try again later.\n");
            assertThat(refused.raw().headers().firstValue("Retry-After")).contains("1");
        });
        assertThat(bob.get("/version").code()).isEqualTo(200);
        assertThat(admin.get(DEFAULT + "/configmaps/x").code()).isEqualTo(404);

        body.write("{\"metadata\":{\"name\":\"slow\"}}".getBytes(StandardCharsets.UTF_8));
        body.close();
        assertThat(slow.join()).isEqualTo(201);
        await().until(() -> bob.get(DEFAULT + "/configmaps/slow").code() == 200);
    }
}
