package io.logplane.gateway;

import static io.logplane.gateway.HookServer.patch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.ApiClient.Answer;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Policies that change what is written, alone and beside webhooks, over HTTPS.
class MutatingPoliciesTest {
    private static final String REGISTRATION = "/apis/admissionregistration.k8s.io/v1/";
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

    /// A namespace of its own for each test, to which bindings keep.
    private static String namespace(String name) {
        Answer made = admin.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + name + "\"}}");
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        return "/api/v1/namespaces/" + name;
    }

    private static String deployments(String namespace) {
        return "/apis/apps/v1/namespaces/" + namespace + "/deployments";
    }

    private static ObjectNode json(String single) {
        return Json.object(single.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode apply(String expression) {
        ObjectNode mutation = Json.newObject().put("patchType", "ApplyConfiguration");
        mutation.putObject("applyConfiguration").put("expression", expression);
        return mutation;
    }

    private static ObjectNode patches(String expression) {
        ObjectNode mutation = Json.newObject().put("patchType", "JSONPatch");
        mutation.putObject("jsonPatch").put("expression", expression);
        return mutation;
    }

    /// Shape: `about` is `group/version/resource`; `more` are further fields of the spec.
    private static Answer policy(String name, String about, String more, ObjectNode... mutations) {
        String[] parts = about.split("/", 3);
        ObjectNode policy = json("{'metadata':{'name':'" + name + "'},'spec':{'matchConstraints':{'resourceRules':[{"
                + "'operations':['CREATE','UPDATE'],'apiGroups':['" + parts[0] + "'],'apiVersions':['" + parts[1]
                + "'],'resources':['" + parts[2] + "']}]}}}");
        ObjectNode spec = (ObjectNode) policy.get("spec");
        spec.put("reinvocationPolicy", "Never");
        spec.setAll(json("{" + more + "}"));
        for (ObjectNode mutation : mutations) {
            spec.withArray("mutations").add(mutation);
        }
        return admin.post(REGISTRATION + "mutatingadmissionpolicies", policy.toString());
    }

    private static void bound(String name, String about, String namespace, String more, ObjectNode... mutations) {
        Answer made = policy(name, about, more, mutations);
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        bind(name, namespace, "");
    }

    private static void bind(String policy, String namespace, String more) {
        Answer made = admin.post(REGISTRATION + "mutatingadmissionpolicybindings", json("{'metadata':{'name':'" + policy
                + "-" + namespace + "'},'spec':{'policyName':'" + policy + "','matchResources':{'namespaceSelector':{"
                + "'matchLabels':{'kubernetes.io/metadata.name':'" + namespace + "'}}}" + more + "}}").toString());
        assertThat(made.code()).as(made.text()).isEqualTo(201);
    }

    private static String deployment(String name) {
        return json("{'metadata':{'name':'" + name + "'},'spec':{'replicas':1,'selector':{'matchLabels':{'a':'b'}},"
                + "'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'main','image':'i'}]}}}}")
                .toString();
    }

    private static String config(String name, String data) {
        return json("{'metadata':{'name':'" + name + "'},'data':{" + data + "}}").toString();
    }

    /// Waits until a dry run is answered so: what is configured is felt a little later.
    private static Answer answered(String path, String body, java.util.function.Predicate<Answer> so) {
        await().untilAsserted(() -> {
            Answer answer = admin.post(path + "?dryRun=All", body);
            assertThat(so.test(answer)).as(answer.text()).isTrue();
        });
        return admin.post(path, body);
    }

    private static String labelled(Answer answer, String label) {
        return answer.json().path("metadata").path("labels").path(label).asText();
    }

    @Test
    void an_apply_configuration_is_merged_as_server_side_apply_merges() {
        namespace("merged");
        bound("merged", "apps/v1/deployments", "merged", "'variables':[{'name':'more','expression':"
                + "'object.spec.replicas + 2'}]", apply("""
                        Object{
                          metadata: Object.metadata{labels: {"of": request.namespace + "." + object.metadata.name}},
                          spec: Object.spec{
                            replicas: variables.more,
                            template: Object.spec.template{spec: Object.spec.template.spec{
                              containers: [
                                Object.spec.template.spec.containers{name: "main", imagePullPolicy: "Never"},
                                Object.spec.template.spec.containers{name: "side", image: "proxy"}]}}}}"""));

        Answer made = answered(deployments("merged"), deployment("d"), answer -> !labelled(answer, "of").isEmpty());

        assertThat(made.code()).as(made.text()).isEqualTo(201);
        assertThat(made.json().at("/metadata/labels").toString()).isEqualTo("{\"of\":\"merged.d\"}");
        assertThat(made.json().at("/spec/replicas").asInt()).isEqualTo(3);
        JsonNode containers = made.json().at("/spec/template/spec/containers");
        assertThat(containers.findValuesAsText("name")).containsExactly("main", "side");
        assertThat(containers.findValuesAsText("image")).containsExactly("i", "proxy");
        assertThat(containers.findValuesAsText("imagePullPolicy")).containsExactly("Never", "Always");
        assertThat(admin.get(deployments("merged") + "/d").json().at("/spec/replicas").asInt()).isEqualTo(3);
        Answer changed = admin.merge(deployments("merged") + "/d", "{\"spec\":{\"replicas\":7}}");
        assertThat(changed.json().at("/spec/replicas").asInt()).isEqualTo(9);
    }

    @Test
    void operations_of_json_patch_are_applied_unless_a_test_among_them_fails() {
        String path = namespace("patched") + "/configmaps";
        bound("patched", "/v1/configmaps", "patched", "", patches("""
                [JSONPatch{op: "add", path: "/metadata/annotations", value: {}},
                 JSONPatch{op: "add", value: "yes", path: "/metadata/annotations/" +
                   jsonpatch.escapeKey("example.com/x.y")},
                 JSONPatch{op: "move", from: "/data/a", path: "/data/b"}]"""), patches("""
                [JSONPatch{op: "test", path: "/data/b", value: "nothing"},
                 JSONPatch{op: "remove", path: "/data/b"}]"""));

        Answer made = answered(path, config("c", "'a':'1'"), answer -> answer.json().at("/data").has("b"));

        assertThat(made.json().at("/data").toString()).isEqualTo("{\"b\":\"1\"}");
        assertThat(made.json().at("/metadata/annotations").toString()).isEqualTo("{\"example.com/x.y\":\"yes\"}");
        Answer refused = admin.post(path, config("d", "'c':'1'"));
        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.json().path("reason").asText()).isEqualTo("Invalid");
        assertThat(refused.json().path("message").asText()).startsWith(
                "policy 'patched' with binding 'patched-patched' denied request: JSON Patch: ");
    }

    @Test
    void what_is_atomic_may_not_be_said_and_a_failure_counts_unless_the_policy_ignores_it() {
        namespace("atomic");
        String expression = "Object{spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{"
                + "containers: [Object.spec.template.spec.containers{name: 'main', args: ['x']}]}}}}";
        bound("atomic", "apps/v1/deployments", "atomic", "", apply(expression));

        Answer refused = answered(deployments("atomic"), deployment("d"), answer -> answer.code() == 403);

        String message = "policy 'atomic' with binding 'atomic-atomic' denied request: error applying patch: invalid "
                + "ApplyConfiguration: may not mutate atomic arrays, maps or structs: "
                + ".spec.template.spec.containers[0].args";
        assertThat(refused.json().toString()).isEqualTo("""
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"%s","reason":"Invalid",\
                "details":{"name":"d","group":"apps","kind":"deployments","causes":[{"message":"%s"}]},"code":403}"""
                .formatted(message, message));
        assertThat(admin.merge(REGISTRATION + "mutatingadmissionpolicies/atomic",
                "{\"spec\":{\"failurePolicy\":\"Ignore\"}}").code()).isEqualTo(200);
        Answer made = answered(deployments("atomic"), deployment("d"), answer -> answer.code() == 201);
        assertThat(made.json().at("/spec/template/spec/containers/0").has("args")).isFalse();
    }

    @Test
    void an_object_in_the_wrong_place_and_an_unknown_field_are_refused() {
        String path = namespace("misplaced") + "/configmaps";
        bound("misplaced", "/v1/configmaps", "misplaced", "", apply("Object{metadata: Object.spec{}}"));
        bound("unknown", "/v1/configmaps", "misplaced", "", apply("Object{nope: 1}"));
        bound("failing", "/v1/configmaps", "misplaced", "", apply("Object{data: {'a': object.data.missing}}"));

        Answer refused = answered(path, config("c", "'a':'1'"), answer -> answer.json().at("/details/causes")
                .size() == 3);

        assertThat(refused.json().at("/details/causes").findValuesAsText("message")).containsExactly(
                "policy 'failing' with binding 'failing-misplaced' denied request: expression 'Object{data: {'a': "
                        + "object.data.missing}}' resulted in error: no such key: missing",
                "policy 'misplaced' with binding 'misplaced-misplaced' denied request: type mismatch: unexpected type "
                        + "name \"Object.spec\", expected \"Object.metadata\", which matches field name path from root "
                        + "Object type",
                "policy 'unknown' with binding 'unknown-misplaced' denied request: error applying patch: failed to "
                        + "convert patch object to typed object: .nope: field not declared in schema");
    }

    @Test
    void parameters_are_named_or_selected_and_each_runs_the_policy() {
        String path = namespace("tuned") + "/configmaps";
        for (String name : new String[]{"p1", "p2"}) {
            assertThat(admin.post(path, json("{'metadata':{'name':'" + name + "','labels':{'tune':'yes'}},'data':{"
                    + "'key':'" + name + "'}}").toString()).code()).isEqualTo(201);
        }
        assertThat(policy("tuned", "apps/v1/deployments", "'paramKind':{'apiVersion':'v1','kind':'ConfigMap'}", apply(
                "Object{metadata: Object.metadata{annotations: {params.data.key: params.metadata.name}}}")).code())
                .isEqualTo(201);
        bind("tuned", "tuned", ",'paramRef':{'selector':{'matchLabels':{'tune':'yes'}},"
                + "'parameterNotFoundAction':'Deny'}");

        Answer made = answered(deployments("tuned"), deployment("d"), answer -> answer.json().at(
                "/metadata/annotations").size() == 2);

        assertThat(made.json().at("/metadata/annotations").toString()).isEqualTo("{\"p1\":\"p1\",\"p2\":\"p2\"}");
        assertThat(admin.delete(path + "/p1").code()).isEqualTo(200);
        assertThat(admin.delete(path + "/p2").code()).isEqualTo(200);
        Answer refused = answered(deployments("tuned"), deployment("e"), answer -> answer.code() == 403);
        assertThat(refused.json().path("reason").asText()).isEqualTo("Forbidden");
        assertThat(refused.json().path("message").asText()).isEqualTo(
                "policy 'tuned' with binding 'tuned-tuned' denied request: failed to configure binding: no params found "
                        + "for policy binding with `Deny` parameterNotFoundAction");
    }

    @Test
    void a_policy_that_asks_for_it_runs_once_more_after_others_changed_the_object() {
        String path = namespace("again") + "/configmaps";
        String count = "Object{data: {'count': string(int(object.data.count) + 1)}}";
        bound("again-1", "/v1/configmaps", "again", "'reinvocationPolicy':'IfNeeded'", apply(count));
        bound("again-2", "/v1/configmaps", "again", "'reinvocationPolicy':'IfNeeded'", apply(count));
        bound("again-3", "/v1/configmaps", "again", "", apply(count));

        Answer made = answered(path, config("c", "'count':'0'"), answer -> answer.json().at("/data/count").asText()
                .equals("5"));

        assertThat(made.json().at("/data/count").asText()).isEqualTo("5");
    }

    private static void webhook(String namespace, String resource, String path, String more) {
        Answer made = admin.post(REGISTRATION + "mutatingwebhookconfigurations", json(("{'metadata':{'name':'%s'},"
                + "'webhooks':[{'name':'%s.example.com','clientConfig':{'url':'%s','caBundle':'%s'},'rules':[{"
                + "'operations':['CREATE'],'apiGroups':[''],'apiVersions':['v1'],'resources':['%s']}],"
                + "'namespaceSelector':{'matchLabels':{'kubernetes.io/metadata.name':'%s'}},'sideEffects':'None',"
                + "'admissionReviewVersions':['v1']%s}]}").formatted(path.substring(1), path.substring(1), server.url(
                        path), server.bundle(), resource, namespace, more))
                .toString());
        assertThat(made.code()).as(made.text()).isEqualTo(201);
    }

    @Test
    void policies_and_webhooks_see_what_the_others_made() {
        String path = namespace("both") + "/configmaps";
        server.on("/both", request -> patch("[{\"op\":\"add\",\"path\":\"/data/hook\",\"value\":\"saw "
                + request.at("/object/data/policy").asText("nothing") + "\"}]"));
        bound("both", "/v1/configmaps", "both", "'reinvocationPolicy':'IfNeeded'", apply(
                "Object{data: {'policy': has(object.data.hook) ? 'after' : 'before'}}"));
        webhook("both", "configmaps", "/both", ",'reinvocationPolicy':'IfNeeded'");

        Answer made = answered(path, config("c", "'a':'1'"), answer -> answer.json().at("/data").size() == 3);

        assertThat(made.json().at("/data").toString())
                .isEqualTo("{\"a\":\"1\",\"hook\":\"saw after\","
                        + "\"policy\":\"after\"}");
    }

    @Test
    void what_a_webhook_adds_passes_built_in_admission_too() {
        String path = namespace("sidecar");
        assertThat(admin.post(path + "/limitranges", json("{'metadata':{'name':'l'},'spec':{'limits':[{"
                + "'type':'Container','default':{'cpu':'1'},'defaultRequest':{'cpu':'100m'}}]}}").toString()).code())
                .isEqualTo(201);
        assertThat(admin.post(path + "/serviceaccounts", "{\"metadata\":{\"name\":\"own\"}}").code()).isEqualTo(201);
        server.on("/sidecar", request -> patch("[{\"op\":\"add\",\"path\":\"/spec/containers/-\",\"value\":{\"name\":"
                + "\"side\",\"image\":\"i\"}}]"));
        webhook("sidecar", "pods", "/sidecar", "");
        String pod = json("{'metadata':{'name':'p'},'spec':{'serviceAccountName':'own','containers':[{'name':'main',"
                + "'image':'i'}]}}").toString();

        Answer made = answered(path + "/pods", pod, answer -> answer.json().at("/spec/containers").size() == 2);

        JsonNode side = made.json().at("/spec/containers/1");
        assertThat(side.path("name").asText()).isEqualTo("side");
        assertThat(side.at("/resources/limits/cpu").asText()).isEqualTo("1");
        assertThat(side.path("volumeMounts").findValuesAsText("mountPath")).containsExactly(
                "/var/run/secrets/kubernetes.io/serviceaccount");
        assertThat(made.json().at("/spec/volumes").size()).isEqualTo(1);
    }

    @Test
    void custom_types_are_changed_by_their_own_schema() {
        namespace("custom");
        Answer defined = admin.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", json("""
                {'metadata':{'name':'things.policies.example'},'spec':{'group':'policies.example','scope':'Namespaced',
                 'names':{'plural':'things','singular':'thing','kind':'Thing','listKind':'ThingList'},'versions':[{
                 'name':'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':{'type':'object','properties':{
                 'spec':{'type':'object','properties':{'size':{'type':'integer','default':4},
                  'parts':{'type':'array','x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['name'],'items':{
                   'type':'object','required':['name'],'properties':{'name':{'type':'string'},'n':{'type':'integer'}}}},
                  'plain':{'type':'array','items':{'type':'string'}}}}}}}}]}}""").toString());
        assertThat(defined.code()).as(defined.text()).isEqualTo(201);
        bound("custom", "policies.example/v1/things", "custom", "", apply("Object{spec: Object.spec{parts: ["
                + "Object.spec.parts{name: 'b', n: 2}]}}"), patches(
                        "[JSONPatch{op: 'add', path: '/spec/plain', value: ['x']}]"));
        String path = "/apis/policies.example/v1/namespaces/custom/things";
        String thing = json("{'apiVersion':'policies.example/v1','kind':'Thing','metadata':{'name':'t'},'spec':{"
                + "'parts':[{'name':'a','n':1},{'name':'b','n':1}]}}").toString();

        Answer made = answered(path, thing, answer -> answer.json().at("/spec").has("plain"));

        assertThat(made.json().at("/spec").toString()).isEqualTo("{\"parts\":[{\"name\":\"a\",\"n\":1},{"
                + "\"name\":\"b\",\"n\":2}],\"plain\":[\"x\"],\"size\":4}");
    }

    @Test
    void a_scale_is_changed_as_a_scale() {
        namespace("scaled");
        assertThat(admin.post(deployments("scaled"), deployment("d")).code()).isEqualTo(201);
        bound("scaled", "apps/v1/deployments/scale", "scaled", "", apply(
                "Object{spec: Object.spec{replicas: object.spec.replicas > 5 ? 5 : object.spec.replicas}}"));
        String path = deployments("scaled") + "/d/scale";
        await().until(() -> admin.merge(path + "?dryRun=All", "{\"spec\":{\"replicas\":9}}").json().at(
                "/spec/replicas").asInt() == 5);

        assertThat(admin.merge(path, "{\"spec\":{\"replicas\":9}}").json().at("/spec/replicas").asInt()).isEqualTo(5);
        assertThat(admin.get(deployments("scaled") + "/d").json().at("/spec/replicas").asInt()).isEqualTo(5);
    }

    @Test
    void options_of_a_connection_have_no_schema_to_merge_by_but_can_be_patched() {
        String path = namespace("exec");
        assertThat(admin.post(path + "/serviceaccounts", "{\"metadata\":{\"name\":\"own\"}}").code()).isEqualTo(201);
        assertThat(admin.post(path + "/pods", json("{'metadata':{'name':'p'},'spec':{'serviceAccountName':'own',"
                + "'containers':[{'name':'c','image':'i'}]}}").toString()).code()).isEqualTo(201);
        String connect = "'matchConstraints':{'resourceRules':[{'operations':['CONNECT'],'apiGroups':[''],"
                + "'apiVersions':['v1'],'resources':['pods/exec']}]}";
        bound("exec", "/v1/pods/exec", "exec", connect, apply("Object{container: 'c'}"));
        String exec = path + "/pods/p/exec?command=id";
        await().until(() -> admin.post(exec, "").code() == 403);

        Answer refused = admin.post(exec, "");

        assertThat(refused.json().path("message").asText()).isEqualTo("policy 'exec' with binding 'exec-exec' denied "
                + "request: error applying patch: failed to convert patch object to typed object: no corresponding type "
                + "for /v1, Kind=PodExecOptions");
        assertThat(refused.json().path("reason").asText()).isEqualTo("Invalid");
        bound("patched-exec", "/v1/pods/exec", "exec", connect, patches(
                "[JSONPatch{op: 'replace', path: '/command/0', value: object.command[0] + '-ed'}]"));
        assertThat(admin.merge(REGISTRATION + "mutatingadmissionpolicies/exec",
                "{\"spec\":{\"failurePolicy\":\"Ignore\"}}").code()).isEqualTo(200);
        server.on("/exec", request -> Json.newObject().put("allowed", false));
        validatingWebhook("exec", "pods/exec");
        await().until(() -> admin.post(exec, "").code() == 400 && server.seen("/exec").stream().anyMatch(
                request -> request.at("/object/command/0").asText().equals("id-ed")));
    }

    private static void validatingWebhook(String namespace, String resource) {
        Answer made = admin.post(REGISTRATION + "validatingwebhookconfigurations", json(("{'metadata':{'name':'%s'},"
                + "'webhooks':[{'name':'%s.example.com','clientConfig':{'url':'%s','caBundle':'%s'},'rules':[{"
                + "'operations':['CONNECT'],'apiGroups':[''],'apiVersions':['v1'],'resources':['%s']}],"
                + "'namespaceSelector':{'matchLabels':{'kubernetes.io/metadata.name':'%s'}},'sideEffects':'None',"
                + "'admissionReviewVersions':['v1']}]}").formatted(namespace, namespace, server.url("/" + namespace),
                        server.bundle(), resource, namespace))
                .toString());
        assertThat(made.code()).as(made.text()).isEqualTo(201);
    }

    @Test
    void a_mutation_that_does_not_compile_is_refused_when_it_is_written() {
        Answer refused = policy("never", "/v1/configmaps", "", apply("Object{data: }"), apply("{'a': 1}"), patches(
                "[1]"));

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.json().at("/details/causes").findValuesAsText("field")).containsExactly(
                "spec.mutations[0].applyConfiguration.expression", "spec.mutations[1].applyConfiguration.expression",
                "spec.mutations[2].jsonPatch.expression");
        assertThat(refused.json().path("message").asText()).contains(
                "spec.mutations[1].applyConfiguration.expression: Invalid value: \"{'a': 1}\": must evaluate to Object "
                        + "but got map(string, int)",
                "spec.mutations[2].jsonPatch.expression: Invalid value: \"[1]\": must evaluate to list(JSONPatch) but "
                        + "got list(int)");
    }
}
