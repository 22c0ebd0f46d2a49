package io.logplane.gateway;

import static io.logplane.gateway.HookServer.allow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.ApiClient.Answer;
import io.logplane.schemas.model.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What hooks are shown of requests that are no plain writes, and which requests they are about.
class HookFormsTest {
    private static final String REGISTRATION = "/apis/admissionregistration.k8s.io/v1/";
    private static final Map<String, String> WORDS = Map.of("v1", "size", "v2", "length", "v3", "extent");
    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;
    private static HookServer server;

    @BeforeAll
    static void start() throws Exception {
        plane = DevPlane.start(directory, 0);
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

    private static Answer post(String path, String single) {
        return admin.post(path, single.replace('\'', '"'));
    }

    private static void made(Answer answer) {
        assertThat(answer.code()).as(answer.text()).isEqualTo(201);
    }

    /// A namespace with a pod `p` of no node.
    private static String pod(String namespace) {
        made(post("/api/v1/namespaces", "{'metadata':{'name':'" + namespace + "'}}"));
        made(post("/api/v1/namespaces/" + namespace + "/serviceaccounts", "{'metadata':{'name':'own'}}"));
        String pods = "/api/v1/namespaces/" + namespace + "/pods";
        made(post(pods, "{'metadata':{'name':'p'},'spec':{'serviceAccountName':'own','containers':[{'name':'c',"
                + "'image':'i'}]}}"));
        return pods + "/p";
    }

    private static void webhook(String name, String namespace, String rule, String more) {
        made(post(REGISTRATION + "validatingwebhookconfigurations", ("{'metadata':{'name':'%s'},'webhooks':[{"
                + "'name':'%s.example.com','clientConfig':{'url':'%s','caBundle':'%s'},'rules':[{%s}],"
                + "'namespaceSelector':{'matchLabels':{'kubernetes.io/metadata.name':'%s'}},'sideEffects':'None',"
                + "'admissionReviewVersions':['v1']%s}]}").formatted(name, name, server.url("/" + name), server
                        .bundle(), rule, namespace, more)));
    }

    private static String rule(String operation, String group, String version, String resource) {
        return "'operations':['" + operation + "'],'apiGroups':['" + group + "'],'apiVersions':['" + version
                + "'],'resources':['" + resource + "']";
    }

    private static ObjectNode refuse() {
        ObjectNode answer = Json.newObject().put("allowed", false);
        answer.putObject("status").put("code", 403).put("message", "no");
        return answer;
    }

    @Test
    void a_connection_is_shown_with_its_options_before_anybody_is_called() {
        String path = pod("connected");
        server.on("/connect", request -> request.at("/object/command/0").asText().equals("ls") ? refuse() : allow());
        webhook("connect", "connected", rule("CONNECT", "", "v1", "pods/exec"), "");
        await().until(() -> post(path + "/exec?command=ls&command=-l&container=c&stdin=true", "").code() == 403);

        Answer refused = post(path + "/exec?command=ls&command=-l&container=c&stdin=true", "");
        Answer passed = post(path + "/exec?command=id&container=c", "");

        assertThat(refused.json().path("message").asText()).isEqualTo(
                "admission webhook \"connect.example.com\" denied the request: no");
        assertThat(passed.json().path("message").asText()).isEqualTo("pod p does not have a host assigned");
        ObjectNode seen = server.seen("/connect").stream().filter(request -> request.at("/object/command/0").asText()
                .equals("ls")).findFirst().map(request -> (ObjectNode) request.deepCopy()).orElseThrow();
        seen.remove("uid");
        seen.remove("userInfo");
        assertThat(seen.toString()).isEqualTo("""
                {"kind":{"group":"","version":"v1","kind":"PodExecOptions"},\
                "resource":{"group":"","version":"v1","resource":"pods"},"subResource":"exec",\
                "requestKind":{"group":"","version":"v1","kind":"PodExecOptions"},\
                "requestResource":{"group":"","version":"v1","resource":"pods"},"requestSubResource":"exec",\
                "name":"p","namespace":"connected","operation":"CONNECT",\
                "object":{"kind":"PodExecOptions","apiVersion":"v1","stdin":true,"container":"c",\
                "command":["ls","-l"]},"oldObject":null,"dryRun":false,"options":null}""");
    }

    @Test
    void a_policy_may_forbid_connections_and_proxies() {
        String path = pod("sealed");
        made(post(REGISTRATION + "validatingadmissionpolicies", "{'metadata':{'name':'sealed'},'spec':{"
                + "'matchConstraints':{'resourceRules':[{" + rule("CONNECT", "", "v1", "*/*") + "}]},'validations':[{"
                + "'expression':'request.subResource != object.kind && object.kind != \\\"PodProxyOptions\\\"',"
                + "'messageExpression':'request.subResource + object.path'},{'expression':"
                + "'!(has(object.ports) && 80 in object.ports)','message':'not that port'}]}}"));
        made(post(REGISTRATION + "validatingadmissionpolicybindings", "{'metadata':{'name':'sealed'},'spec':{"
                + "'policyName':'sealed','validationActions':['Deny'],'matchResources':{'namespaceSelector':{"
                + "'matchLabels':{'kubernetes.io/metadata.name':'sealed'}}}}}"));
        await().until(() -> post(path + "/portforward?ports=80", "").code() == 422);

        assertThat(post(path + "/portforward?ports=80", "").json().path("message").asText()).isEqualTo(
                "pods \"p\" is forbidden: ValidatingAdmissionPolicy 'sealed' with binding 'sealed' denied request: not "
                        + "that port");
        assertThat(post(path + "/portforward?ports=81", "").code()).isEqualTo(400);
        assertThat(admin.get(path + "/proxy/x/y").json().path("message").asText()).endsWith("proxy/x/y");
    }

    private static String denial(String path, String label) {
        return post(path, "{'metadata':{'name':'placed','labels':{'" + label + "':'x'}}}").json().path("message")
                .asText();
    }

    @Test
    void a_policy_is_shown_the_namespace_of_an_object_which_its_conditions_are_not() {
        made(post(REGISTRATION + "validatingadmissionpolicies", "{'metadata':{'name':'placed'},'spec':{"
                + "'matchConstraints':{'resourceRules':[{" + rule("CREATE", "", "v1", "*") + "}]},'matchConditions':[{"
                + "'name':'c','expression':'namespaceObject == null'}],'validations':[{'expression':'false',"
                + "'messageExpression':'namespaceObject == null ? \\\"nowhere\\\" : namespaceObject.status.phase + "
                + "namespaceObject.metadata.labels[\\\"kubernetes.io/metadata.name\\\"]'}]}}"));
        bind("placed");
        await().until(() -> denial("/api/v1/namespaces", "placed").endsWith(": nowhere"));

        assertThat(denial("/api/v1/namespaces/default/configmaps", "placed")).endsWith("denied request: Activedefault");
    }

    @Test
    void a_policy_whose_parameters_are_of_no_kind_is_broken_itself() {
        String kind = "'paramKind':{'apiVersion':'nobody.example/v1','kind':'Thing'},'matchConstraints':{'resourceRules'"
                + ":[{" + rule("CREATE", "", "v1", "configmaps") + "}]},";
        made(post(REGISTRATION + "validatingadmissionpolicies", "{'metadata':{'name':'vague'},'spec':{" + kind
                + "'validations':[{'expression':'true'}]}}"));
        bind("vague");
        String path = "/api/v1/namespaces/default/configmaps?dryRun=All";
        String problem = "denied request: failed to configure policy: failed to find resource referenced by paramKind: "
                + "'nobody.example/v1, Kind=Thing'";
        await().until(() -> denial(path, "other").endsWith("ValidatingAdmissionPolicy 'vague' " + problem));

        made(post(REGISTRATION + "mutatingadmissionpolicies", "{'metadata':{'name':'vaguer'},'spec':{" + kind
                + "'reinvocationPolicy':'Never','mutations':[{'patchType':'JSONPatch','jsonPatch':{'expression':"
                + "'[JSONPatch{op: \\\"test\\\", path: \\\"/x\\\"}]'}}]}}"));
        made(post(REGISTRATION + "mutatingadmissionpolicybindings", "{'metadata':{'name':'vaguer'},'spec':{"
                + "'policyName':'vaguer','paramRef':{'name':'x','parameterNotFoundAction':'Deny'}}}"));
        await().untilAsserted(() -> assertThat(denial(path, "other")).isEqualTo("policy \"vaguer\" " + problem));
        assertThat(admin.delete(REGISTRATION + "mutatingadmissionpolicybindings/vaguer").code()).isEqualTo(200);
        assertThat(admin.delete(REGISTRATION + "validatingadmissionpolicybindings/vague").code()).isEqualTo(200);
        await().until(() -> denial(path, "other").isEmpty());
    }

    /// For objects with the policy's name as label.
    private static void bind(String name) {
        made(post(REGISTRATION + "validatingadmissionpolicybindings", "{'metadata':{'name':'" + name + "'},'spec':{"
                + "'policyName':'" + name + "','validationActions':['Deny'],'matchResources':{'objectSelector':{"
                + "'matchLabels':{'" + name + "':'x'}}}}}"));
    }

    @Test
    void a_binding_and_an_eviction_are_shown_as_what_was_sent() {
        String path = pod("bound");
        server.on("/binding",
                request -> request.at("/object/target/name").asText().equals("bad") ? refuse() : warning());
        server.on("/eviction", request -> request.path("dryRun").asBoolean() ? refuse() : warning());
        server.on("/never", request -> refuse());
        webhook("never", "bound", rule("UPDATE", "", "v1", "pods/*"), "");
        webhook("binding", "bound", rule("CREATE", "", "v1", "pods/binding"), "");
        webhook("eviction", "bound", rule("CREATE", "", "v1", "pods/eviction"), "");
        String binding = "{'apiVersion':'v1','kind':'Binding','metadata':{'name':'p'},'target':{'kind':'Node',"
                + "'name':'NODE'}}";
        await().until(() -> post(path + "/binding", binding.replace("NODE", "bad")).code() == 403);
        String eviction = "{'apiVersion':'policy/v1','kind':'Eviction','metadata':{'name':'p'}}";
        await().until(() -> post(path + "/eviction?dryRun=All", eviction).code() == 403);

        Answer bound = post(path + "/binding", binding.replace("NODE", "good"));
        made(bound);
        assertThat(admin.get(path).json().at("/spec/nodeName").asText()).isEqualTo("good");
        Answer evicted = post(path + "/eviction", eviction);
        made(evicted);

        for (Answer warned : List.of(bound, evicted)) {
            assertThat(warned.raw().headers().allValues("Warning")).containsExactly("299 - \"think again\"");
        }
        JsonNode seen = server.seen("/binding").getLast();
        assertThat(seen.at("/kind").toString()).isEqualTo("{\"group\":\"\",\"version\":\"v1\",\"kind\":\"Binding\"}");
        assertThat(seen.at("/operation").asText() + seen.at("/subResource").asText()).isEqualTo("CREATEbinding");
        assertThat(server.seen("/eviction").getLast().at("/kind").toString()).isEqualTo(
                "{\"group\":\"policy\",\"version\":\"v1\",\"kind\":\"Eviction\"}");
        assertThat(server.seen("/never")).isEmpty();
    }

    @Test
    void an_update_that_changes_nothing_is_judged_too() {
        String path = pod("same");
        server.on("/same", request -> request.path("operation").asText().equals("UPDATE") ? refuse() : allow());
        webhook("same", "same", rule("UPDATE", "", "v1", "pods"), "");
        await().until(() -> admin.merge(path, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}").code() == 403);
        long revision = admin.get(path).json().at("/metadata/resourceVersion").asLong();

        assertThat(admin.merge(path, "{}").code()).isEqualTo(403);
        server.on("/same", request -> allow());
        Answer same = admin.merge(path, "{}");
        assertThat(same.code()).isEqualTo(200);
        assertThat(same.json().at("/metadata/resourceVersion").asLong()).isEqualTo(revision);
    }

    @Test
    void a_rule_for_another_version_of_the_same_resource_matches_unless_it_must_be_exact() {
        made(post("/api/v1/namespaces", "{'metadata':{'name':'versions'}}"));
        server.on("/equivalent", request -> refuse());
        server.on("/exact", request -> refuse());
        webhook("exact", "versions", rule("CREATE", "autoscaling", "v1", "horizontalpodautoscalers"),
                ",'matchPolicy':'Exact'");
        String path = "/apis/autoscaling/v2/namespaces/versions/horizontalpodautoscalers";
        String scaler = "{'metadata':{'name':'h'},'spec':{'maxReplicas':3,'scaleTargetRef':{"
                + "'apiVersion':'apps/v1','kind':'Deployment','name':'d'}}}";
        String old = "/apis/autoscaling/v1/namespaces/versions/horizontalpodautoscalers?dryRun=All";
        await().until(() -> post(old, scaler).code() == 403);

        made(post(path, scaler));
        webhook("equivalent", "versions", rule("CREATE", "autoscaling", "v1", "horizontalpodautoscalers"), "");
        await().until(() -> post(path + "?dryRun=All", scaler.replace("'h'", "'i'")).code() == 403);

        JsonNode seen = server.seen("/equivalent").getLast();
        assertThat(seen.at("/kind/version").asText() + seen.at("/requestKind/version").asText()).isEqualTo("v1v2");
        assertThat(seen.at("/object/apiVersion").asText()).isEqualTo("autoscaling/v1");
        assertThat(server.seen("/exact")).allMatch(request -> request.at("/requestKind/version").asText().equals("v1"));
    }

    /// A validating policy and its binding in one namespace. Shape: `match` are fields of matchConstraints.
    private static void policy(String name, String match, String spec, String bound) {
        made(post(REGISTRATION + "validatingadmissionpolicies", "{'metadata':{'name':'" + name
                + "'},'spec':{'matchConstraints':{" + match + "}," + spec + "}}"));
        made(post(REGISTRATION + "validatingadmissionpolicybindings", "{'metadata':{'name':'" + name + "'},'spec':{"
                + "'policyName':'" + name + "','validationActions':['Deny'],'matchResources':{'namespaceSelector':{"
                + "'matchLabels':{'kubernetes.io/metadata.name':'" + name + "'}}}" + bound + "}}"));
    }

    @Test
    void a_policy_for_another_version_of_the_same_resource_is_shown_that_one_unless_it_must_be_exact() {
        made(post("/api/v1/namespaces", "{'metadata':{'name':'forms'}}"));
        made(post("/api/v1/namespaces", "{'metadata':{'name':'exactly'}}"));
        String rules = "'resourceRules':[{" + rule("CREATE", "autoscaling", "v1", "horizontalpodautoscalers") + "}]";
        String validations = "'validations':[{'expression':'false','messageExpression':'request.kind.version + \\\" of "
                + "\\\" + request.requestKind.version + \\\" \\\" + object.apiVersion + string(has(object.spec.metrics))'}]";
        policy("forms", rules, validations, "");
        policy("exactly", rules + ",'matchPolicy':'Exact'", validations, "");
        String scaler = "{'metadata':{'name':'h'},'spec':{'maxReplicas':3,'scaleTargetRef':{'apiVersion':'apps/v1',"
                + "'kind':'Deployment','name':'d'},'metrics':[{'type':'Resource','resource':{'name':'cpu','target':"
                + "{'type':'Utilization','averageUtilization':50}}}]}}";
        String path = "/apis/autoscaling/v2/namespaces/NS/horizontalpodautoscalers?dryRun=All";
        await().until(() -> post(path.replace("NS", "forms"), scaler).code() == 422);
        await().until(() -> post(path.replace("v2", "v1").replace("NS", "exactly"), scaler.replaceAll(",'metrics.*",
                "}}")).code() == 422);

        assertThat(post(path.replace("NS", "forms"), scaler).json().path("message").asText()).endsWith(
                "denied request: v1 of v2 autoscaling/v1false");
        made(post(path.replace("NS", "exactly"), scaler));
    }

    @Test
    void every_selected_parameter_must_be_kept_and_none_at_all_is_decided_by_the_binding() {
        made(post("/api/v1/namespaces", "{'metadata':{'name':'ruled'}}"));
        made(post("/api/v1/namespaces", "{'metadata':{'name':'rulers'}}"));
        for (String one : List.of("p1:5", "p2:3", "unlabelled:0")) {
            String[] parts = one.split(":", -1);
            made(post("/api/v1/namespaces/rulers/configmaps", "{'metadata':{'name':'" + parts[0] + "','labels':{"
                    + (parts[0].startsWith("p") ? "'rules':'yes'" : "") + "}},'data':{'max':'" + parts[1] + "'}}"));
        }
        policy("ruled", "'resourceRules':[{" + rule("CREATE", "", "v1", "secrets") + "}]", "'paramKind':{'apiVersion':"
                + "'v1','kind':'ConfigMap'},'validations':[{'expression':'int(object.metadata.labels.n) <= int(params"
                + ".data.max)','messageExpression':'\\\"over \\\" + params.metadata.name'}]",
                ",'paramRef':{'namespace':"
                        + "'rulers','selector':{'matchExpressions':[{'key':'rules','operator':'In','values':['yes']}]},"
                        + "'parameterNotFoundAction':'Deny'}");
        String secrets = "/api/v1/namespaces/ruled/secrets?dryRun=All";
        String secret = "{'metadata':{'name':'s','labels':{'n':'N'}}}";
        await().until(() -> post(secrets, secret.replace("N", "9")).code() == 422);

        made(post(secrets, secret.replace("N", "3")));
        assertThat(post(secrets, secret.replace("N", "4")).json().path("message").asText()).endsWith("over p2");
        assertThat(post(secrets, secret.replace("N", "6")).json().path("message").asText()).endsWith("over p1");
        assertThat(admin.delete("/api/v1/namespaces/rulers/configmaps?labelSelector=rules").code()).isEqualTo(200);
        await().until(() -> post(secrets, secret.replace("N", "1")).code() == 422);
        assertThat(post(secrets, secret.replace("N", "1")).json().path("message").asText()).endsWith("failed to "
                + "configure binding: no params found for policy binding with `Deny` parameterNotFoundAction");
        assertThat(admin.merge(REGISTRATION + "validatingadmissionpolicybindings/ruled",
                "{\"spec\":{\"paramRef\":{\"parameterNotFoundAction\":\"Allow\"}}}").code()).isEqualTo(200);
        await().until(() -> post(secrets, secret.replace("N", "9")).code() == 201);
    }

    private static void grant(String role, String rules) {
        String rbac = "/apis/rbac.authorization.k8s.io/v1/";
        made(post(rbac + "clusterroles", "{'metadata':{'name':'" + role + "'},'rules':[" + rules + "]}"));
        made(post(rbac + "clusterrolebindings", "{'metadata':{'name':'" + role + "'},'roleRef':{'apiGroup':"
                + "'rbac.authorization.k8s.io','kind':'ClusterRole','name':'" + role + "'},'subjects':[{'kind':'User',"
                + "'apiGroup':'rbac.authorization.k8s.io','name':'paul'}]}"));
    }

    private static String invalid(Answer refused) {
        assertThat(refused.code()).as(refused.text()).isEqualTo(422);
        return refused.json().at("/details/causes/0/field").asText() + ": " + refused.json().at(
                "/details/causes/0/message").asText();
    }

    @Test
    void who_may_not_read_parameters_may_not_let_a_policy_speak_of_them() {
        ApiClient paul = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().client("paul",
                "paul", "dev"));
        grant("policies", "{'apiGroups':['admissionregistration.k8s.io'],'resources':['*'],'verbs':['*']}");
        String policy = "{\"metadata\":{\"name\":\"curious\"},\"spec\":{\"paramKind\":{\"apiVersion\":\"v1\",\"kind\":"
                + "\"Secret\"},\"matchConstraints\":{\"resourceRules\":[{" + rule("CREATE", "", "v1", "pods").replace(
                        '\'', '"')
                + "}]},\"validations\":[{\"expression\":\"false\",\"messageExpression\":\"string(params.data.x)\"}]}}";
        String binding = "{\"metadata\":{\"name\":\"curious\"},\"spec\":{\"policyName\":\"curious\",\"validationActions\":"
                + "[\"Deny\"],\"paramRef\":{\"namespace\":\"default\",\"name\":\"s\",\"parameterNotFoundAction\":\"Deny\"}}}";
        String who = "user &{paul  [dev system:authenticated] map[";
        await().until(() -> paul.post(REGISTRATION + "validatingadmissionpolicies", policy).code() == 422);

        assertThat(invalid(paul.post(REGISTRATION + "validatingadmissionpolicies", policy))).startsWith(
                "spec.paramKind: Forbidden: " + who).endsWith(
                        "]} must have \"get\" permission on all objects of the "
                                + "referenced paramKind (kind=Secret, apiVersion=v1)");
        assertThat(invalid(paul.post(REGISTRATION + "validatingadmissionpolicybindings", binding))).startsWith(
                "spec.paramRef: Forbidden: unable to get policy curious to determine minimum required permissions and "
                        + who)
                .endsWith("does not have \"get\" permission for all groups, versions and resources");
        made(admin.post(REGISTRATION + "validatingadmissionpolicies", policy));
        assertThat(invalid(paul.post(REGISTRATION + "validatingadmissionpolicybindings", binding))).endsWith(
                "does not have \"get\" permission on the object referenced by paramRef");
        assertThat(paul.merge(REGISTRATION + "validatingadmissionpolicies/curious",
                "{\"spec\":{\"failurePolicy\":\"Ignore\"}}").code()).as("the same parameters").isEqualTo(200);
        grant("secret-s", "{'apiGroups':[''],'resources':['secrets'],'resourceNames':['s'],'verbs':['get']}");
        await().until(() -> paul.post(REGISTRATION + "validatingadmissionpolicybindings", binding).code() == 201);
        assertThat(invalid(paul.merge(REGISTRATION + "validatingadmissionpolicybindings/curious",
                "{\"spec\":{\"paramRef\":"
                        + "{\"name\":null,\"selector\":{}}}}")))
                .contains("does not have \"list\" permission on the object");
        grant("secrets", "{'apiGroups':[''],'resources':['secrets'],'verbs':['get']}");
        await().until(() -> paul.post(REGISTRATION + "mutatingadmissionpolicies?dryRun=All", policy.replaceAll(
                "\"validations.*", "\"reinvocationPolicy\":\"Never\",\"mutations\":[{\"patchType\":\"JSONPatch\","
                        + "\"jsonPatch\":{\"expression\":\"[JSONPatch{op: 'test', path: '/kind', value: 'Pod'}]\"}}]}}"))
                .code() == 201);
        assertThat(admin.delete(REGISTRATION + "validatingadmissionpolicies/curious").code()).isEqualTo(200);
    }

    @Test
    void a_proxy_is_a_connection_to_a_service_or_a_node_too() {
        made(post("/api/v1/namespaces", "{'metadata':{'name':'through'}}"));
        server.on("/through", request -> refuse());
        server.on("/nodes", request -> refuse());
        webhook("through", "through", rule("CONNECT", "", "v1", "services/proxy"), "");
        webhook("nodes", "through", rule("CONNECT", "", "v1", "nodes/proxy"), "");
        String service = "/api/v1/namespaces/through/services/https:web:443/proxy";
        await().until(() -> admin.get(service + "/a/b").code() == 403);
        await().until(() -> admin.delete("/api/v1/nodes/n1/proxy/c/").code() == 403);

        JsonNode seen = server.seen("/through").getLast();
        assertThat(seen.path("object").toString()).isEqualTo(
                "{\"kind\":\"ServiceProxyOptions\",\"apiVersion\":\"v1\",\"path\":\"/a/b\"}");
        assertThat(seen.path("operation").asText() + " " + seen.path("namespace").asText() + "/" + seen.path("name")
                .asText() + " " + seen.at("/kind/kind").asText() + " " + seen.path("subResource").asText()).isEqualTo(
                        "CONNECT through/https:web:443 ServiceProxyOptions proxy");
        JsonNode node = server.seen("/nodes").getLast();
        assertThat(node.path("object").toString()).isEqualTo(
                "{\"kind\":\"NodeProxyOptions\",\"apiVersion\":\"v1\",\"path\":\"/c/\"}");
        assertThat(node.path("name").asText() + node.path("namespace").asText()).isEqualTo("n1");
        assertThat(admin.get("/api/v1/namespaces/default/services/web/proxy/").code()).isNotEqualTo(403);
    }

    @Test
    void a_webhook_that_takes_too_long_has_failed() {
        made(post("/api/v1/namespaces", "{'metadata':{'name':'slow'}}"));
        CountDownLatch closing = new CountDownLatch(1);
        server.on("/slow", request -> {
            try {
                closing.await();
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
            return allow();
        });
        webhook("slow", "slow", rule("CREATE", "", "v1", "configmaps"), ",'timeoutSeconds':1");
        String path = "/api/v1/namespaces/slow/configmaps";
        await().until(() -> post(path + "?dryRun=All", "{'metadata':{'name':'x'}}").code() == 500);

        Answer refused = post(path, "{'metadata':{'name':'x'}}");

        closing.countDown();
        assertThat(refused.json().path("message").asText()).isEqualTo("Internal error occurred: failed calling webhook "
                + "\"slow.example.com\": failed to call webhook: Post \"" + server.url("/slow")
                + "?timeout=1s\": context deadline exceeded");
    }

    @Test
    void webhooks_do_not_see_configurations_but_policies_see_those_of_webhooks() {
        server.on("/door", request -> refuse());
        made(post(REGISTRATION + "validatingwebhookconfigurations", ("{'metadata':{'name':'door'},'webhooks':[{"
                + "'name':'door.example.com','clientConfig':{'url':'%s','caBundle':'%s'},'rules':[{%s}],"
                + "'sideEffects':'None','admissionReviewVersions':['v1'],'objectSelector':{'matchLabels':{'shut':'yes'}"
                + "}}]}").formatted(server.url("/door"), server.bundle(), rule("*", "*", "*", "*"))));
        String map = "{'metadata':{'name':'m','labels':{'shut':'yes'}}}";
        await().until(() -> post("/api/v1/namespaces/default/configmaps?dryRun=All", map).code() == 403);
        String configuration = "{'metadata':{'name':'w','labels':{'shut':'yes'}}}";

        made(post(REGISTRATION + "validatingwebhookconfigurations?dryRun=All", configuration));
        made(post(REGISTRATION + "validatingadmissionpolicies", "{'metadata':{'name':'doors','labels':{'shut':'yes'}},"
                + "'spec':{'matchConstraints':{'objectSelector':{'matchLabels':{'shut':'yes'}},'resourceRules':[{"
                + rule("*", "admissionregistration.k8s.io", "*", "*")
                + "}]},'validations':[{'expression':'false'}]}}"));
        made(post(REGISTRATION + "validatingadmissionpolicybindings", "{'metadata':{'name':'doors','labels':{"
                + "'shut':'yes'}},'spec':{'policyName':'doors','validationActions':['Deny']}}"));
        await().until(() -> post(REGISTRATION + "validatingwebhookconfigurations?dryRun=All", configuration)
                .code() == 422);
        made(post(REGISTRATION + "validatingadmissionpolicybindings?dryRun=All",
                "{'metadata':{'name':'other','labels':{"
                        + "'shut':'yes'}},'spec':{'policyName':'doors','validationActions':['Warn']}}"));
        assertThat(admin.delete(REGISTRATION + "validatingadmissionpolicybindings/doors").code()).isEqualTo(200);
    }

    /// v1 says `size`, v2 `length`, v3 `extent`.
    private static ObjectNode convert(ObjectNode review) {
        ObjectNode answer = Json.newObject().put("kind", "ConversionReview").put("apiVersion",
                "apiextensions.k8s.io/v1");
        ObjectNode response = answer.putObject("response").put("uid", review.at("/request/uid").asText());
        String wanted = review.at("/request/desiredAPIVersion").asText();
        response.putObject("result").put("status", "Success");
        for (JsonNode each : review.at("/request/objects")) {
            ObjectNode object = each.deepCopy();
            JsonNode number = object.path("spec").elements().next();
            if (number.asInt() == 13) {
                response.putObject("result").put("status", "Failure").put("message", "not that number");
            }
            object.putObject("spec").set(WORDS.get(wanted.substring(wanted.indexOf('/') + 1)), number);
            response.withArray("convertedObjects").add(object.put("apiVersion", wanted));
        }
        return answer;
    }

    /// Ropes of three versions, of which `stored` is kept. Shape: the path of those of version v2.
    private static String ropes(String group, String stored) {
        String versions = List.of("v1", "v2", "v3").stream().map(version -> ("{'name':'%s','served':true,'storage':%s,"
                + "'schema':{'openAPIV3Schema':{'type':'object','properties':{'spec':{'type':'object','properties':{"
                + "'%s':{'type':'integer','minimum':1}}}}}}}").formatted(version, version.equals(stored), WORDS.get(
                        version)))
                .collect(Collectors.joining(","));
        server.onReview("/convert", HookFormsTest::convert);
        made(post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", ("{'metadata':{'name':'ropes.%s'},'spec':{"
                + "'group':'%s','scope':'Namespaced','names':{'plural':'ropes','kind':'Rope'},'versions':[%s],"
                + "'conversion':{'strategy':'Webhook','webhook':{'conversionReviewVersions':['v1'],'clientConfig':{"
                + "'url':'%s','caBundle':'%s'}}}}}").formatted(group, group, versions, server.url("/convert"), server
                        .bundle())));
        made(post("/api/v1/namespaces", "{'metadata':{'name':'" + group.replace('.', '-') + "'}}"));
        return "/apis/" + group + "/v2/namespaces/" + group.replace('.', '-') + "/ropes";
    }

    private static String rope(String group, String name, int length) {
        return "{'apiVersion':'" + group + "/v2','kind':'Rope','metadata':{'name':'" + name + "'},'spec':{'length':"
                + length + "}}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2", "v3"})
    void a_hook_works_on_the_version_its_rule_names_whatever_is_stored(String stored) {
        String group = stored + "ropes.example.com";
        String path = ropes(group, stored);
        server.on("/ropes" + stored, request -> switch (request.at("/object/spec/size").asInt()) {
            case 3 -> HookServer.patch("[{\"op\":\"replace\",\"path\":\"/spec/size\",\"value\":30},"
                    + "{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{\"seen\":\"yes\"}}]");
            case 4 -> HookServer.patch("[{\"op\":\"replace\",\"path\":\"/spec/size\",\"value\":0}]");
            case 5 -> refuse();
            default -> allow();
        });
        made(post(REGISTRATION + "mutatingwebhookconfigurations", ("{'metadata':{'name':'ropes%s'},'webhooks':[{"
                + "'name':'ropes.example.com','clientConfig':{'url':'%s','caBundle':'%s'},'rules':[{%s},{%s}],"
                + "'sideEffects':'None','admissionReviewVersions':['v1']}]}").formatted(stored, server.url(
                        "/ropes"
                                + stored),
                        server.bundle(), rule("*", group, "v1", "ropes"), rule("*", group, "v3",
                                "ropes"))));
        await().until(() -> post(path + "?dryRun=All", rope(group, "x", 5)).code() == 403);

        Answer created = post(path, rope(group, "a", 3));
        made(created);
        Answer updated = admin.merge(path + "/a", "{\"spec\":{\"length\":3}}");
        JsonNode seen = server.seen("/ropes" + stored).getLast();
        Answer invalid = post(path, rope(group, "b", 4));
        Answer deleted = admin.delete(path + "/a");

        for (Answer patched : List.of(created, updated)) {
            assertThat(patched.json().at("/apiVersion").asText()).isEqualTo(group + "/v2");
            assertThat(patched.json().at("/spec").toString()).as(patched.text()).isEqualTo("{\"length\":30}");
            assertThat(patched.json().at("/metadata/labels").toString()).isEqualTo("{\"seen\":\"yes\"}");
        }
        assertThat(List.of("/kind/version", "/resource/version", "/requestKind/version", "/requestResource/version",
                "/object/apiVersion", "/oldObject/apiVersion", "/object/spec", "/oldObject/spec").stream()
                .map(at -> seen
                        .at(at).isTextual() ? seen.at(at).asText() : seen.at(at).toString()))
                .containsExactly("v1",
                        "v1", "v2", "v2", group + "/v1", group + "/v1", "{\"size\":3}", "{\"size\":30}");
        assertThat(invalid.json().path("message").asText()).isEqualTo("Rope." + group + " \"b\" is invalid: "
                + "spec.length: Invalid value: 0: spec.length in body should be greater than or equal to 1");
        assertThat(deleted.code()).isEqualTo(200);
        assertThat(server.seen("/ropes" + stored).getLast().at("/oldObject/spec").toString()).isEqualTo(
                "{\"size\":30}");
    }

    @Test
    void nothing_is_converted_for_a_hook_that_does_not_select_the_object() {
        String group = "plain.example.com";
        String path = ropes(group, "v2");
        server.on("/plain", request -> refuse());
        webhook("plain", group.replace('.', '-'), rule("CREATE", group, "v1", "ropes"),
                ",'objectSelector':{'matchLabels':{'look':'yes'}}");
        String looked = rope(group, "x", 1).replace("'name':'x'", "'name':'x','labels':{'look':'yes'}");
        await().until(() -> post(path + "?dryRun=All", looked).code() == 403);

        made(post(path, rope(group, "a", 13)));
        Answer unconvertible = post(path, looked.replace("'length':1", "'length':13"));

        assertThat(unconvertible.code()).isEqualTo(500);
        assertThat(unconvertible.json().path("message").asText()).isEqualTo("Internal error occurred: conversion "
                + "webhook for plain.example.com/v2, Kind=Rope failed: not that number");
    }

    @Test
    void an_event_is_the_same_in_both_of_its_groups() {
        made(post("/api/v1/namespaces", "{'metadata':{'name':'told'}}"));
        server.on("/told", request -> refuse());
        webhook("told", "told", rule("CREATE", "events.k8s.io", "v1", "events"), "");
        String event = "{'metadata':{'name':'e','namespace':'told'},'involvedObject':{'kind':'Pod','name':'p',"
                + "'namespace':'told'},'reason':'R','message':'m','type':'Normal'}";

        await().until(() -> post("/api/v1/namespaces/told/events?dryRun=All", event).code() == 403);

        JsonNode seen = server.seen("/told").getLast();
        assertThat(seen.at("/kind").toString() + seen.at("/requestKind").toString()).isEqualTo(
                "{\"group\":\"events.k8s.io\",\"version\":\"v1\",\"kind\":\"Event\"}"
                        + "{\"group\":\"\",\"version\":\"v1\",\"kind\":\"Event\"}");
        assertThat(seen.at("/object/note").asText()).isEqualTo("m");
    }

    private static ObjectNode warning() {
        ObjectNode answer = allow();
        answer.putArray("warnings").add("think again");
        return answer;
    }
}
