package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logplane.gateway.ApiClient.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each plug-in of admission over HTTPS: what it fills in, and in which words it refuses.
class AdmissionPluginsTest {
    private static final String NODES = "/api/v1/nodes";
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String CLAIMS = "/api/v1/namespaces/default/persistentvolumeclaims";
    private static final String STORAGE = "/apis/storage.k8s.io/v1";
    private static final String NETWORK = "/apis/networking.k8s.io/v1";

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;
    private static ApiClient node;

    @BeforeAll
    static void start() throws Exception {
        plane = DevPlane.start(directory, 0);
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        node = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().node("n1"));
        await().atMost(Duration.ofSeconds(60)).until(() -> admin.get("/readyz").code() == 200);
        admin.post("/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        made(admin.post(NODES, "{\"metadata\":{\"name\":\"other\",\"labels\":{\"topology.kubernetes.io/zone\":\"z1\","
                + "\"topology.kubernetes.io/region\":\"r1\"}}}"));
    }

    @AfterAll
    static void stop() {
        plane.close();
    }

    @Test
    void a_node_changes_itself_and_only_what_is_its_own() {
        made(node.post(NODES, "{\"metadata\":{\"name\":\"n1\",\"labels\":{\"kubernetes.io/hostname\":\"n1\","
                + "\"example.com/x\":\"1\"}}}"));
        assertThat(why(node.merge(NODES + "/n1",
                "{\"metadata\":{\"labels\":{\"node-restriction.kubernetes.io/a\":\"1\","
                        + "\"kubernetes.io/own\":\"1\",\"kubelet.kubernetes.io/ok\":\"1\"}}}")))
                .isEqualTo(
                        "nodes \"n1\" is forbidden: is not allowed to modify labels: kubernetes.io/own, "
                                + "node-restriction.kubernetes.io/a");
        assertThat(
                why(node.merge(NODES + "/n1", "{\"spec\":{\"taints\":[{\"key\":\"a\",\"effect\":\"NoSchedule\"}]}}")))
                .isEqualTo("nodes \"n1\" is forbidden: node \"n1\" is not allowed to modify taints");
        assertThat(node.merge(NODES + "/n1/status", "{\"status\":{\"capacity\":{\"cpu\":\"4\"}}}").code())
                .isEqualTo(200);
        assertThat(why(node.merge(NODES + "/other/status", "{\"status\":{\"capacity\":{\"cpu\":\"4\"}}}"))).isEqualTo(
                "nodes \"other\" is forbidden: node \"n1\" is not allowed to modify node \"other\"");
    }

    @Test
    void a_node_makes_mirrors_of_its_own_pods_only() {
        admin.post(NODES, "{\"metadata\":{\"name\":\"n1\"}}");
        String uid = admin.get(NODES + "/n1").json().at("/metadata/uid").asText();
        String mirror = "\"annotations\":{\"kubernetes.io/config.mirror\":\"h\"}";
        String owner = ",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"name\":\"n1\",\"uid\":\"" + uid
                + "\",\"controller\":true}]";
        assertThat(why(node.post(PODS, pod("m", "", "n1")))).isEqualTo("pods \"m\" is forbidden: pod does not have "
                + "\"kubernetes.io/config.mirror\" annotation, node \"n1\" can only create mirror pods");
        assertThat(why(node.post(PODS, pod("m", mirror, "other"))))
                .isEqualTo("pods \"m\" is forbidden: node \"n1\" can "
                        + "only create pods with spec.nodeName set to itself");
        assertThat(why(node.post(PODS, pod("m", mirror, "n1")))).isEqualTo("pods \"m\" is forbidden: node \"n1\" can "
                + "only create pods with an owner reference set to itself");
        made(node.post(PODS, pod("m", mirror + owner, "n1")));
        made(admin.post(PODS, pod("theirs", "\"labels\":{\"a\":\"b\"}", "other")));
        assertThat(why(node.merge(PODS + "/theirs/status", "{\"status\":{\"phase\":\"Running\"}}"))).contains(
                "node \"n1\" can only update pod status for pods with spec.nodeName set to itself");
        assertThat(why(node.delete(PODS + "/theirs"))).contains("node \"n1\" can only delete pods with spec.nodeName "
                + "set to itself");
        assertThat(node.delete(PODS + "/m").code()).isEqualTo(200);
    }

    @Test
    void a_runtime_class_gives_a_pod_its_overhead_and_its_place() {
        String classes = "/apis/node.k8s.io/v1/runtimeclasses";
        made(admin.post(classes, "{\"metadata\":{\"name\":\"kata\"},\"handler\":\"kata\",\"overhead\":{\"podFixed\":{"
                + "\"cpu\":\"100m\"}},\"scheduling\":{\"nodeSelector\":{\"vm\":\"yes\"},\"tolerations\":[{\"key\":\"vm\","
                + "\"operator\":\"Exists\"}]}}"));
        var spec = made(admin.post(PODS, classed("k", "kata", ""))).json().path("spec");
        assertThat(spec.path("overhead")).hasToString("{\"cpu\":\"100m\"}");
        assertThat(spec.path("nodeSelector")).hasToString("{\"vm\":\"yes\"}");
        assertThat(spec.path("tolerations").toString()).contains("{\"key\":\"vm\",\"operator\":\"Exists\"}");

        assertThat(why(admin.post(PODS, classed("k2", "none", "")))).isEqualTo(
                "pods \"k2\" is forbidden: pod rejected: RuntimeClass \"none\" not found");
        assertThat(why(admin.post(PODS, classed("k2", "kata", "\"nodeSelector\":{\"vm\":\"no\"},")))).isEqualTo(
                "pods \"k2\" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[vm] = yes; "
                        + "pod.spec.nodeSelector[vm] = no");
        assertThat(why(admin.post(PODS, classed("k2", "kata", "\"overhead\":{\"cpu\":\"1\"},")))).isEqualTo(
                "pods \"k2\" is forbidden: pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
        assertThat(why(
                admin.post(PODS, pod("k2", "", "").replace("\"spec\":{", "\"spec\":{\"overhead\":{\"cpu\":\"1\"},"))))
                .isEqualTo(
                        "pods \"k2\" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass "
                                + "defined Overhead");
        assertThat(made(admin.post(PODS, classed("k3", "kata", "\"overhead\":{\"cpu\":\"0.1\"},"))).code()).isEqualTo(
                201);
    }

    @Test
    void the_newest_default_class_is_given_to_who_names_none() {
        String mark = "\"annotations\":{\"storageclass.kubernetes.io/is-default-class\":\"true\"}";
        made(admin.post(STORAGE + "/storageclasses", "{\"metadata\":{\"name\":\"plain\"},\"provisioner\":\"p\"}"));
        made(admin.post(CLAIMS, claim("early", "")));
        assertThat(admin.get(CLAIMS + "/early").json().at("/spec/storageClassName").isMissingNode()).isTrue();
        made(admin.post(STORAGE + "/storageclasses", "{\"metadata\":{\"name\":\"usual\"," + mark
                + "},\"provisioner\":\"p\"}"));
        assertThat(made(admin.post(CLAIMS, claim("late", ""))).json().at("/spec/storageClassName").asText()).isEqualTo(
                "usual");
        assertThat(made(admin.post(CLAIMS, claim("no", "\"storageClassName\":\"\","))).json().at(
                "/spec/storageClassName").asText()).isEmpty();

        String ingress = "\"spec\":{\"defaultBackend\":{\"service\":{\"name\":\"s\",\"port\":{\"number\":80}}}}}";
        made(admin.post(NETWORK + "/ingressclasses", "{\"metadata\":{\"name\":\"nginx\",\"annotations\":{"
                + "\"ingressclass.kubernetes.io/is-default-class\":\"true\"}},\"spec\":{\"controller\":\"e.com/c\"}}"));
        assertThat(
                made(admin.post(NETWORK + "/namespaces/default/ingresses", "{\"metadata\":{\"name\":\"i\"}," + ingress))
                        .json().at("/spec/ingressClassName").asText())
                .isEqualTo("nginx");
        assertThat(made(admin.post(NETWORK + "/namespaces/default/ingresses", "{\"metadata\":{\"name\":\"old\","
                + "\"annotations\":{\"kubernetes.io/ingress.class\":\"x\"}}," + ingress)).json().at(
                        "/spec/ingressClassName")
                .isMissingNode()).isTrue();
    }

    @Test
    void claims_are_protected_and_grow_only_where_their_class_lets_them() {
        made(admin.post(STORAGE + "/storageclasses", "{\"metadata\":{\"name\":\"fixed\"},\"provisioner\":\"p\"}"));
        made(admin.post(STORAGE + "/storageclasses", "{\"metadata\":{\"name\":\"grows\"},\"provisioner\":\"p\","
                + "\"allowVolumeExpansion\":true}"));
        String more = "{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"2Gi\"}}}}";
        for (String of : List.of("fixed", "grows")) {
            Answer made = made(admin.post(CLAIMS, claim("c-" + of, "\"storageClassName\":\"" + of + "\",")));
            assertThat(made.json().at("/metadata/finalizers")).hasToString("[\"kubernetes.io/pvc-protection\"]");
        }
        assertThat(admin.merge(CLAIMS + "/c-grows", more).code()).as("not bound").isIn(403, 422);
        for (String of : List.of("fixed", "grows")) {
            admin.merge(CLAIMS + "/c-" + of, "{\"spec\":{\"volumeName\":\"v-" + of + "\"}}");
            assertThat(admin.merge(CLAIMS + "/c-" + of + "/status", "{\"status\":{\"phase\":\"Bound\",\"capacity\":{"
                    + "\"storage\":\"1Gi\"}}}").code()).isEqualTo(200);
        }
        assertThat(why(admin.merge(CLAIMS + "/c-fixed", more))).isEqualTo("persistentvolumeclaims \"c-fixed\" is "
                + "forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the "
                + "pvc must support resize");
        assertThat(admin.merge(CLAIMS + "/c-grows", more).code()).isEqualTo(200);
        assertThat(admin.delete(CLAIMS + "/c-grows").code()).isEqualTo(200);
        assertThat(admin.get(CLAIMS + "/c-grows").json().at("/metadata/deletionTimestamp").isMissingNode()).isFalse();
        Answer volume = made(admin.post("/api/v1/persistentvolumes", "{\"metadata\":{\"name\":\"v\"},\"spec\":{"
                + "\"capacity\":{\"storage\":\"1Gi\"},\"accessModes\":[\"ReadWriteOnce\"],\"hostPath\":{\"path\":\"/x\"}}}"));
        assertThat(volume.json().at("/metadata/finalizers")).hasToString("[\"kubernetes.io/pv-protection\"]");
    }

    @Test
    void a_bound_pod_carries_the_zone_of_its_node() {
        made(admin.post(PODS, pod("zoned", "\"labels\":{\"topology.kubernetes.io/zone\":\"mine\"}", "")));
        assertThat(
                admin.post(PODS + "/zoned/binding", "{\"metadata\":{\"name\":\"zoned\"},\"target\":{\"kind\":\"Node\","
                        + "\"name\":\"other\"}}").code())
                .isEqualTo(201);
        var labels = admin.get(PODS + "/zoned").json().at("/metadata/labels");
        assertThat(labels.path("topology.kubernetes.io/zone").asText()).isEqualTo("z1");
        assertThat(labels.path("topology.kubernetes.io/region").asText()).isEqualTo("r1");
    }

    @Test
    void a_quota_with_scopes_counts_what_they_name() {
        made(admin.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"scoped\"}}"));
        String pods = "/api/v1/namespaces/scoped/pods";
        admin.post("/api/v1/namespaces/scoped/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        admin.post("/apis/scheduling.k8s.io/v1/priorityclasses", "{\"metadata\":{\"name\":\"gold\"},\"value\":7}");
        quota("ends", "\"scopes\":[\"Terminating\"]");
        quota("effort", "\"scopes\":[\"BestEffort\",\"NotTerminating\"]");
        quota("gold", "\"scopeSelector\":{\"matchExpressions\":[{\"scopeName\":\"PriorityClass\",\"operator\":\"In\","
                + "\"values\":[\"gold\"]}]}");
        quota("across", "\"scopeSelector\":{\"matchExpressions\":[{\"scopeName\":\"CrossNamespacePodAffinity\","
                + "\"operator\":\"Exists\"}]}");
        String sized = "\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"resources\":{\"requests\":{\"cpu\":\"1\"}}}]";
        String[][] kinds = {{"ends", "\"activeDeadlineSeconds\":9," + sized},
            {"effort", "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]"},
            {"gold", "\"priorityClassName\":\"gold\"," + sized},
            {"across", "\"affinity\":{\"podAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":[{"
                    + "\"topologyKey\":\"k\",\"namespaces\":[\"a\"]}]}}," + sized}};
        for (String[] kind : kinds) {
            String body = "{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"automountServiceAccountToken\":false," + kind[1]
                    + "}}";
            made(admin.post(pods, body.formatted(kind[0] + "-1")));
            assertThat(why(admin.post(pods, body.formatted(kind[0] + "-2")))).isEqualTo("pods \"" + kind[0] + "-2\" is "
                    + "forbidden: exceeded quota: " + kind[0] + ", requested: pods=1, used: pods=1, limited: pods=1");
        }
        made(admin.post(pods,
                "{\"metadata\":{\"name\":\"free\"},\"spec\":{\"automountServiceAccountToken\":false," + sized
                        + "}}"));
    }

    @Test
    void an_eviction_obeys_its_delete_options() {
        made(admin.post(PODS, pod("e", "", "")));
        String uid = admin.get(PODS + "/e").json().at("/metadata/uid").asText();
        String eviction = "{\"apiVersion\":\"policy/%s\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"e\"},"
                + "\"deleteOptions\":{%s}}";
        assertThat(admin.post(PODS + "/e/eviction", eviction.formatted("v1", "\"dryRun\":[\"All\"]")).code()).isEqualTo(
                201);
        assertThat(admin.get(PODS + "/e").code()).isEqualTo(200);
        assertThat(
                admin.post(PODS + "/e/eviction", eviction.formatted("v1", "\"preconditions\":{\"uid\":\"x\"}")).code())
                .isEqualTo(409);
        assertThat(admin.post(PODS + "/e/eviction", eviction.formatted("v1beta1", "\"preconditions\":{\"uid\":\"" + uid
                + "\"}")).code()).isEqualTo(201);
        assertThat(admin.post(PODS + "/e/eviction", eviction.formatted("v1", "")).code()).isEqualTo(404);
    }

    @Test
    void a_second_range_gives_addresses_until_it_goes() {
        String services = "/api/v1/namespaces/default/services";
        String asks = "{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"clusterIP\":\"10.55.0.%d\",\"ports\":[{\"port\":80}]}}";
        assertThat(why(admin.post(services, asks.formatted("before", 7)))).contains(
                "the provided network does not match the current range");
        made(admin.post(NETWORK + "/servicecidrs", "{\"metadata\":{\"name\":\"more\"},\"spec\":{\"cidrs\":["
                + "\"10.55.0.0/24\"]}}"));
        made(admin.post(services, asks.formatted("in", 7)));
        assertThat(admin.get(NETWORK + "/ipaddresses/10.55.0.7").json().at("/spec/parentRef/name").asText()).isEqualTo(
                "in");
        assertThat(why(admin.merge(NETWORK + "/servicecidrs/more", "{\"spec\":{\"cidrs\":[\"10.56.0.0/24\"]}}")))
                .isEqualTo("ServiceCIDR.networking.k8s.io \"more\" is invalid: spec.cidrs[0]: Invalid value: "
                        + "\"10.56.0.0/24\": field is immutable");
        assertThat(admin.merge(NETWORK + "/servicecidrs/more/status",
                "{\"status\":{\"conditions\":[{\"type\":\"Ready\","
                        + "\"status\":\"False\",\"reason\":\"Terminating\",\"message\":\"\",\"lastTransitionTime\":"
                        + "\"2026-01-01T00:00:00Z\"}]}}")
                .code()).isEqualTo(200);
        assertThat(why(admin.post(services, asks.formatted("after", 8)))).contains(
                "the provided network does not match the current range");
    }

    private static void quota(String name, String scope) {
        made(admin.post("/api/v1/namespaces/scoped/resourcequotas", "{\"metadata\":{\"name\":\"" + name
                + "\"},\"spec\":{\"hard\":{\"pods\":\"1\"}," + scope + "}}"));
    }

    private static Answer made(Answer answer) {
        assertThat(answer.code()).as(answer.json().toString()).isEqualTo(201);
        return answer;
    }

    private static String why(Answer refused) {
        assertThat(refused.code()).as(refused.text()).isBetween(400, 499);
        return refused.json().path("message").asText();
    }

    private static String pod(String name, String metadata, String bound) {
        return "{\"metadata\":{\"name\":\"" + name + "\"" + (metadata.isEmpty() ? "" : "," + metadata) + "},\"spec\":{"
                + (bound.isEmpty() ? "" : "\"nodeName\":\"" + bound + "\",")
                + "\"automountServiceAccountToken\":false,\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}";
    }

    private static String requested(String expression) {
        return "{'name':'r','deviceClassName':'gpu','selectors':[{'cel':{'expression':\"" + expression + "\"}}]}";
    }

    private static Answer devices(String resource, String spec) {
        return admin.post("/apis/resource.k8s.io/v1/" + resource, "{'metadata':{'name':'d'},'spec':"
                .replace('\'', '"') + spec.replace("'", "\"").replace('`', '\'') + "}");
    }

    @Test
    void devices_are_selected_by_expressions_that_can_be_run() {
        String good = "device.attributes[`gpu.example.com`].cores > 4 && device.capacity[`gpu.example.com`].memory"
                + ".isGreaterThan(quantity(`16Gi`))";
        String claims = "namespaces/default/resourceclaims";
        String exactly = "{'devices':{'requests':[{'name':'r','exactly':%s}]}}";
        String wanted = requested(good).replace("'name':'r',", "");

        made(devices("deviceclasses", "{'selectors':[{'cel':{'expression':\"" + good + "\"}}]}"));
        made(devices(claims, exactly.formatted(wanted)));
        made(devices(claims.replace("claims", "claimtemplates"), "{'spec':" + exactly.formatted(wanted) + "}"));

        assertThat(why(devices("deviceclasses", "{'selectors':[{'cel':{'expression':'device.driver'}}]}")))
                .isEqualTo("DeviceClass.resource.k8s.io \"d\" is invalid: spec.selectors[0].cel.expression: Invalid "
                        + "value: \"device.driver\": must evaluate to bool or the unknown type, not string");
        assertThat(why(devices(claims, exactly.formatted(wanted.replace(good, "device.x")))))
                .isEqualTo("ResourceClaim.resource.k8s.io \"d\" is invalid: spec.devices.requests[0].exactly."
                        + "selectors[0].cel.expression: Invalid value: \"device.x\": compilation failed: ERROR: "
                        + "<input>:1:7: undefined field 'x'\n | device.x\n | ......^");
        String endless = "device.attributes.all(a, device.attributes.all(b, device.attributes.all(c, device.attributes"
                + ".all(d, a + b + c + d != ``))))";
        assertThat(why(devices(claims.replace("claims", "claimtemplates"), "{'spec':{'devices':{'requests':[{"
                + "'name':'r','firstAvailable':[" + requested("true") + "," + requested(endless).replace("'r'", "'s'")
                + "]}]}}}"))).isEqualTo("ResourceClaimTemplate.resource.k8s.io \"d\" is invalid: spec.spec.devices."
                        + "requests[0].firstAvailable[1].selectors[0].cel.expression: Forbidden: too complex, exceeds "
                        + "cost limit");
        assertThat(why(devices(claims, exactly.formatted(wanted.replace(good, "x".repeat(10 * 1024 + 1))))))
                .contains("spec.devices.requests[0].exactly.selectors[0].cel.expression: Too long: may not be more than"
                        + " 10240 bytes");
    }

    private static String classed(String name, String runtime, String more) {
        return pod(name, "", "").replace("\"spec\":{",
                "\"spec\":{" + more + "\"runtimeClassName\":\"" + runtime + "\",");
    }

    private static String claim(String name, String more) {
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{" + more + "\"accessModes\":[\"ReadWriteOnce\"],"
                + "\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}}";
    }
}
