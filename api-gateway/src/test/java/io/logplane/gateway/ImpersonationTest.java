package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.ApiClient.Answer;
import io.logplane.gateway.auditlog.AuditFile;
import io.logplane.gateway.auditlog.AuditMode;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may act as whom for what, how long a request may take, and what the audit record says of both.
class ImpersonationTest {
    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;
    private static ApiClient jane;

    @BeforeAll
    static void start() throws Exception {
        Path policy = Files.writeString(directory.resolve("policy.yaml"),
                "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\n"
                        + "rules: [{level: Metadata}]\n");
        plane = DevPlane.start(directory, 0, config -> config.with(AuditConfig.of(policy).withFile(directory.resolve(
                "audit.log").toString(), new AuditFile.Limits(1, 2, 100), AuditMode.BLOCKING_STRICT)));
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        jane = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().client("jane", "jane",
                "dev"));
        await(() -> admin.get("/readyz").code() == 200);
        grant("jane", "jane", "{\"apiGroups\":[\"authentication.k8s.io\"],\"resources\":[\"users\",\"groups\",\"uids\","
                + "\"userextras/acme.io/team\"],\"verbs\":[\"impersonate:user-info\"]},{\"apiGroups\":[\"\"],"
                + "\"resources\":[\"pods\"],\"verbs\":[\"impersonate-on:user-info:list\"]}");
        grant("eve", "eve", "{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],\"verbs\":[\"list\",\"get\"]}");
    }

    @AfterAll
    static void stop() {
        plane.close();
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
    }

    private static void grant(String name, String user, String rules) {
        admin.post(RBAC + "clusterroles", "{\"metadata\":{\"name\":\"" + name + "\"},\"rules\":[" + rules + "]}");
        Answer made = admin.post(RBAC + "clusterrolebindings", "{\"metadata\":{\"name\":\"" + name
                + "\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\""
                + name + "\"},\"subjects\":[{\"kind\":\"User\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\""
                + user + "\"}]}");
        assertThat(made.code()).as(made.text()).isEqualTo(201);
    }

    private static JsonNode record(Answer answer) {
        String id = answer.raw().headers().firstValue("Audit-Id").orElseThrow();
        await(() -> find(id).isPresent());
        return find(id).orElseThrow();
    }

    private static Optional<JsonNode> find(String id) {
        return lines().filter(one -> one.path("auditID").asText().equals(id)).findFirst();
    }

    private static Stream<JsonNode> lines() {
        try {
            return Files.readAllLines(directory.resolve("audit.log")).stream().map(line -> Json.object(line.getBytes(
                    StandardCharsets.UTF_8)));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Test
    void a_user_is_acted_as_for_one_verb_on_one_resource_and_for_nothing_else() {
        await(() -> jane.get(PODS, "Impersonate-User", "eve").code() == 200);
        JsonNode record = record(jane.get(PODS, "Impersonate-User", "eve"));
        assertThat(record.at("/authenticationMetadata/impersonationConstraint").asText()).isEqualTo(
                "impersonate:user-info");
        assertThat(record.at("/impersonatedUser/username").asText()).isEqualTo("eve");
        assertThat(record.at("/annotations/authorization.k8s.io~1decision").asText()).isEqualTo("allow");
        assertThat(record.at("/annotations/authorization.k8s.io~1reason").asText()).isEqualTo(
                "RBAC: allowed by ClusterRoleBinding \"eve\" of ClusterRole \"eve\" to User \"eve\"");

        assertThat(jane.get(PODS + "/p", "Impersonate-User", "eve").json().path("message").asText()).isEqualTo(
                "pods \"p\" is forbidden: User \"jane\" cannot impersonate-on:user-info:get resource \"pods\" in API "
                        + "group \"\" in the namespace \"default\"");
        assertThat(jane.get(PODS, "Impersonate-User", "system:serviceaccount:default:eve").code()).isEqualTo(403);
        assertThat(jane.get(PODS, "Impersonate-User", "system:node:n1").code()).isEqualTo(403);
        assertThat(jane.get(PODS, "Impersonate-User", "eve", "Impersonate-Group", "system:masters").json().path(
                "message").asText()).isEqualTo("groups.authentication.k8s.io \"system:masters\" is forbidden: User "
                        + "\"jane\" cannot impersonate:user-info resource \"groups\" in API group "
                        + "\"authentication.k8s.io\" at the cluster scope: impersonating the system:masters group is "
                        + "not allowed");
        assertThat(jane.get(PODS, "Impersonate-User", "eve", "Impersonate-Uid", "7", "Impersonate-Extra-acme.io%2fteam",
                "a").code()).isEqualTo(200);
        assertThat(jane.get(PODS, "Impersonate-User", "eve", "Impersonate-Extra-acme.io%2fother", "a").code())
                .isEqualTo(403);
        assertThat(jane.get(PODS, "Impersonate-User", "eve", "Impersonate-Extra-plain", "a").text()).contains(
                "impersonating an invalid key in extra is not allowed");
    }

    @Test
    void whoever_may_do_everything_acts_with_uid_groups_and_extra_and_old_rights_still_hold() {
        Answer whole = admin.post(WHO, "{}", "Impersonate-User", "ann", "Impersonate-Uid", "7", "Impersonate-Group",
                "dev", "Impersonate-Extra-acme.io%2fteam", "a");
        assertThat(whole.json().at("/status/userInfo").toString()).isEqualTo("{\"username\":\"ann\",\"uid\":\"7\","
                + "\"groups\":[\"dev\",\"system:authenticated\"],\"extra\":{\"acme.io/team\":[\"a\"]}}");
        assertThat(admin.post(WHO, "{}", "Impersonate-User", "system:node:n1").json().at("/status/userInfo/groups")
                .toString()).isEqualTo("[\"system:nodes\",\"system:authenticated\"]");

        ApiClient old = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().client("old",
                "old", "dev"));
        grant("old", "old", "{\"apiGroups\":[\"\"],\"resources\":[\"users\"],\"verbs\":[\"impersonate\"]}");
        await(() -> old.post(WHO, "{}", "Impersonate-User", "ann").code() == 201);
        JsonNode record = record(old.post(WHO, "{}", "Impersonate-User", "ann"));
        assertThat(record.has("authenticationMetadata")).isFalse();
        assertThat(record.at("/impersonatedUser/username").asText()).isEqualTo("ann");
        assertThat(old.post(WHO, "{}", "Impersonate-User", "ann", "Impersonate-Group", "dev").code()).isEqualTo(403);
    }

    @Test
    void who_asks_for_nobody_is_refused_and_who_asks_for_nothing_is_himself() {
        Answer refused = admin.get(PODS, "Impersonate-Group", "b", "Impersonate-Group", "a\"", "Impersonate-Extra-Z",
                "1",
                "Impersonate-Extra-y", "2");
        assertThat(refused.code() + " " + refused.json().path("message").asText()).isEqualTo(
                "400 requested &user.DefaultInfo{Name:\"\", UID:\"\", Groups:[]string{\"b\", \"a\\\"\"}, "
                        + "Extra:map[string][]string{\"y\":[]string{\"2\"}, \"z\":[]string{\"1\"}}} without "
                        + "impersonating a user name");
        assertThat(refused.raw().headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(admin.post(WHO, "{}", "Impersonate-User", "", "Impersonate-Other", "x").json().at(
                "/status/userInfo/username").asText()).isEqualTo("logplane:admin");
        assertThat(admin.get(PODS, "Impersonate-User", "system:serviceaccount:a.b:c").json().path("message").asText())
                .contains("User \"system:serviceaccount:a.b:c\" cannot list");
    }

    @Test
    void the_refusal_told_is_that_of_the_way_which_was_good_last() {
        ApiClient late = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().client("late",
                "late", "dev"));
        assertThat(late.get(PODS, "Impersonate-User", "ann").json().path("message").asText()).contains(
                "cannot impersonate-on:user-info:list resource \"pods\"");
        grant("late", "late", "{\"apiGroups\":[\"\"],\"resources\":[\"users\"],\"verbs\":[\"impersonate\"]}");
        await(() -> late.post(WHO, "{}", "Impersonate-User", "ann").code() == 201);

        assertThat(
                late.get(PODS, "Impersonate-User", "ann", "Impersonate-Group", "dev").json().path("message").asText())
                .isEqualTo("groups \"dev\" is forbidden: User \"late\" cannot impersonate resource \"groups\" in API "
                        + "group \"\" at the cluster scope");
    }

    @Test
    void a_request_whose_time_is_over_when_it_comes_is_told_so_in_the_words_of_the_outermost_gate() {
        Answer late = admin.get(PODS + "?timeout=1ns");
        assertThat(late.code() + " " + late.type() + " " + late.text()).isEqualTo("504 text/plain; charset=utf-8 "
                + "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"Timeout: request did not complete within the "
                + "allotted timeout\",\"reason\":\"Timeout\",\"details\":{},\"code\":504}\n");
    }

    @Test
    void a_request_says_how_long_it_may_take_and_a_body_that_comes_too_slowly_is_cut() throws Exception {
        Answer garbage = admin.get(PODS + "?timeout=soon");
        assertThat(garbage.code()).isEqualTo(400);
        assertThat(garbage.json().path("message").asText()).isEqualTo(
                "invalid timeout specified in the request URL - time: invalid duration \"soon\"");
        for (String bare : List.of("10: missing unit in duration \"10\"",
                "1h2d: unknown unit \"d\" in duration \"1h2d\"")) {
            String text = bare.substring(0, bare.indexOf(':'));
            assertThat(admin.get(PODS + "?timeout=" + text).json().path("message").asText())
                    .endsWith(" - time" + bare.substring(text.length()));
        }
        assertThat(List.of(admin.get(PODS + "?timeout=0s").code(), admin.get(PODS + "?timeout=10h").code()))
                .containsOnly(200);
        String maps = "/api/v1/namespaces/default/configmaps";
        PipedOutputStream body = new PipedOutputStream();
        var slow = admin.upload(maps + "?timeout=1s", new PipedInputStream(body));
        body.write("{\"metadata\":{\"name\":\"slow\"}".getBytes(StandardCharsets.UTF_8));
        body.flush();

        // this client reads no answer before it has sent everything: the record says what was answered
        await(() -> lines().anyMatch(line -> line.path("requestURI").asText().endsWith("?timeout=1s") && line.at(
                "/responseStatus/code").asInt() == 504));
        assertThat(admin.get(maps + "/slow").code()).isEqualTo(404);
        body.close();
        assertThat(slow).isNotNull();
        assertThat(admin.post(maps + "?timeout=30s", "{\"metadata\":{\"name\":\"quick\"}}").code()).isEqualTo(201);
    }
}
