package io.logplane.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuditPolicyTest {
    private static final User JANE = new User("jane", "", List.of("dev", "system:authenticated"), Map.of());

    private static JsonNode json(String text) {
        return Json.object(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static AuditPolicy policy(String rules) {
        return AuditPolicy
                .parse(json("{'apiVersion':'audit.k8s.io/v1','kind':'Policy','omitStages':['RequestReceived'],"
                        + "'rules':[" + rules + "]}"));
    }

    private static RequestInfo info(String verb, String resource, String subresource, String namespace, String name) {
        return new RequestInfo(true, "", verb, "", "v1", resource, subresource, namespace, name, false);
    }

    @Test
    void the_first_rule_that_covers_a_request_decides() {
        AuditPolicy policy = policy("""
                {'level':'None','users':['system:kube-proxy'],'verbs':['watch']},
                {'level':'Request','resources':[{'group':'','resources':['pods/log','*/status']}]},
                {'level':'RequestResponse','resources':[{'group':'','resources':['pods'],'resourceNames':['p']}]},
                {'level':'None','nonResourceURLs':['/healthz*','/version']},
                {'level':'Metadata','userGroups':['dev'],'namespaces':['d','']}""");

        assertThat(policy.decide(JANE, info("get", "pods", "log", "d", "p")).level()).isEqualTo(AuditLevel.REQUEST);
        assertThat(policy.decide(JANE, info("update", "nodes", "status", "", "n")).level()).isEqualTo(
                AuditLevel.REQUEST);
        assertThat(policy.decide(JANE, info("get", "pods", "", "d", "p")).level()).isEqualTo(
                AuditLevel.REQUEST_RESPONSE);
        assertThat(policy.decide(JANE, info("get", "pods", "", "d", "q")).level()).isEqualTo(AuditLevel.METADATA);
        assertThat(policy.decide(JANE, info("get", "pods", "", "e", "q")).level()).isEqualTo(AuditLevel.NONE);
        assertThat(policy.decide(User.named("joe"), info("get", "pods", "", "d", "q")).level()).isEqualTo(
                AuditLevel.NONE);
        assertThat(policy.decide(JANE, RequestInfo.nonResource("/healthz/etcd", "GET")).level()).isEqualTo(
                AuditLevel.NONE);
        assertThat(policy.decide(JANE, info("list", "nodes", "", "", "")).omitStages()).containsExactly(
                Stage.REQUEST_RECEIVED);
        assertThat(policy("{'level':'Request','resources':[{'group':'*','resources':['pods']}]}").decide(JANE, info(
                "list", "pods", "", "d", "")).level()).isEqualTo(AuditLevel.REQUEST);
    }

    @Test
    void a_policy_that_cannot_be_used_names_every_field() {
        assertThatThrownBy(() -> policy("""
                {'level':'All','nonResourceURLs':['a*b'],'resources':[{'group':''}]},
                {'level':'None','omitStages':['Later'],'user':['x']}""")).hasMessageContaining("rules[0].level")
                .hasMessageContaining("rules[0].nonResourceURLs: rules cannot apply to both").hasMessageContaining(
                        "\"a*b\" must begin with a '/'")
                .hasMessageContaining("rules[1].omitStages: \"Later\"")
                .hasMessageContaining("rules[1].user: unknown field");
        assertThatThrownBy(() -> policy("{'level':'None','resources':[{'group':'apps/v1'}]}")).hasMessageContaining(
                "\"apps/v1\" must be the name of an API group");
        assertThatThrownBy(() -> policy("")).hasMessageContaining("at least one");
    }

    private static String event(String verb, String resource, String subresource, String request, String response) {
        AuditRecord record = new AuditRecord(new AuditPolicy.Decision(AuditLevel.REQUEST_RESPONSE, java.util.Set.of(),
                true),
                new AuditRecord.Arrival("id", Instant.EPOCH, "/x", JANE, info(verb, resource, subresource, "d",
                        ""), List.of("10.0.0.1"), "test"));
        ObjectNode event = record.event(Stage.RESPONSE_COMPLETE, Instant.EPOCH, Optional.of(new AuditRecord.Answer(201,
                Optional.empty(), Optional.of(tree(request)), Optional.of(tree(response)))), Map.of());
        return event.toString();
    }

    private static JsonNode tree(String text) {
        try {
            return Json.MAPPER.readTree(text.replace('\'', '"'));
        } catch (java.io.IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }

    @Test
    void an_event_has_upstreams_shape() {
        assertThat(event("create", "pods", "", "{'metadata':{'name':'p','managedFields':[1]},'a':1}",
                "{'kind':'Pod','metadata':{'name':'p'}}")).isEqualTo("""
                        {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"id",\
                        "stage":"ResponseComplete","requestURI":"/x","verb":"create","user":{"username":"jane",\
                        "groups":["dev","system:authenticated"]},"sourceIPs":["10.0.0.1"],"userAgent":"test",\
                        "objectRef":{"resource":"pods","namespace":"d","name":"p","apiVersion":"v1"},\
                        "responseStatus":{"metadata":{},"code":201},"requestObject":{"metadata":{"name":"p"},"a":1},\
                        "responseObject":{"kind":"Pod","metadata":{"name":"p"}},\
                        "requestReceivedTimestamp":"1970-01-01T00:00:00.000000Z",\
                        "stageTimestamp":"1970-01-01T00:00:00.000000Z"}""");
    }

    @Test
    void what_was_asked_for_is_named_by_the_request_and_how_it_went_by_the_answer() {
        assertThat(
                json(event("create", "pods", "", "{'metadata':{'generateName':'p-','uid':'u','resourceVersion':'7'}}",
                        "{'kind':'Pod','metadata':{'name':'p-x'}}")).path("objectRef").toString())
                .isEqualTo(
                        "{\"resource\":\"pods\",\"namespace\":\"d\",\"apiVersion\":\"v1\",\"uid\":\"u\","
                                + "\"resourceVersion\":\"7\"}");
        JsonNode deleted = json(event("delete", "pods", "", "{'gracePeriodSeconds':0,'kind':'DeleteOptions'}",
                "{'kind':'Status','status':'Success','details':{'name':'p'}}"));
        assertThat(deleted.path("requestObject").toString()).isEqualTo(
                "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"meta.k8s.io/__internal\",\"gracePeriodSeconds\":0}");
    }

    @Test
    void a_long_user_agent_is_cut_and_nobody_has_no_name() {
        User nobody = new User("", "", List.of(), Map.of());
        AuditRecord record = new AuditRecord(new AuditPolicy.Decision(AuditLevel.METADATA, java.util.Set.of(), true),
                new AuditRecord.Arrival("id", Instant.EPOCH, "/x", nobody, RequestInfo.nonResource("/x", "GET"), List
                        .of(), "a".repeat(1025)));
        ObjectNode event = record.event(Stage.RESPONSE_STARTED, Instant.EPOCH, Optional.empty(), Map.of());

        assertThat(event.path("userAgent").asText()).isEqualTo("a".repeat(1024) + "...TRUNCATED");
        assertThat(event.path("user").toString()).isEqualTo("{}");
    }

    @Test
    void no_record_holds_what_is_in_a_secret_or_a_token_whatever_the_level() {
        String annotated = "{'metadata':{'name':'s','annotations':{'kubectl.kubernetes.io/last-applied-configuration':"
                + "'canary'}},'data':{'password':'canary'},'stringData':{'b':'canary'}}";
        assertThat(event("create", "secrets", "", annotated, "{'items':[" + annotated + "]}")).doesNotContain("canary")
                .contains("\"password\":\"[redacted]\"");
        assertThat(event("patch", "secrets", "", "[{'op':'add','path':'/data/a','value':'canary'}]", "{'rows':[{"
                + "'object':" + annotated + "}]}")).doesNotContain("canary").contains("/data/a");
        assertThat(event("patch", "secrets", "", "{'data':'canary'}", "{'data':null}")).doesNotContain("canary");
        assertThat(event("create", "serviceaccounts", "token", "{}", "{'status':{'token':'canary'}}")).doesNotContain(
                "canary");
    }
}
