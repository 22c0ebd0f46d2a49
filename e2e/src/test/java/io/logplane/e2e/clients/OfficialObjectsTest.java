package io.logplane.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonParser;
import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.AppsV1Api;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.apis.PolicyV1Api;
import io.kubernetes.client.openapi.models.AuthenticationV1TokenRequest;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;
import io.kubernetes.client.openapi.models.V1DeleteOptions;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1DeploymentStatus;
import io.kubernetes.client.openapi.models.V1Eviction;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Preconditions;
import io.kubernetes.client.openapi.models.V1TokenRequestSpec;
import io.kubernetes.client.util.PatchUtils;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesApi;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The official Java client: objects written, read, patched, applied, paged, scaled, evicted and deleted.
class OfficialObjectsTest {
    private static final String NAMESPACE = "official-objects";
    private static ApiClient client;
    private static CoreV1Api core;
    private static AppsV1Api apps;

    @BeforeAll
    static void open() {
        Clients.namespace(NAMESPACE);
        client = Clients.official();
        core = new CoreV1Api(client);
        apps = new AppsV1Api(client);
    }

    @AfterAll
    static void close() {
        Clients.remove(NAMESPACE);
    }

    @Test
    void an_object_is_the_same_typed_and_dynamic() throws Exception {
        V1ConfigMap made = core.createNamespacedConfigMap(NAMESPACE, map("crud", "a", "1")).execute();
        DynamicKubernetesApi dynamic = new DynamicKubernetesApi("", "v1", "configmaps", client);
        DynamicKubernetesObject read = dynamic.get(NAMESPACE, "crud").throwsApiException().getObject();
        assertThat(read.getMetadata().managedFields(List.of())).isEqualTo(made.getMetadata().managedFields(List.of()));

        read.getRaw().add("data", JsonParser.parseString("{\"a\":\"2\"}"));
        dynamic.update(read).throwsApiException();
        assertThat(core.readNamespacedConfigMap("crud", NAMESPACE).execute().getData()).isEqualTo(Map.of("a", "2"));
        assertThatThrownBy(() -> core.replaceNamespacedConfigMap("crud", NAMESPACE, made).execute())
                .isInstanceOfSatisfying(ApiException.class, refused -> {
                    assertThat(refused.getCode()).isEqualTo(409);
                    assertThat(refused.getResponseBody()).contains("the object has been modified");
                });
        assertThat(dynamic.delete(NAMESPACE, "crud").isSuccess()).isTrue();
        assertThat(dynamic.get(NAMESPACE, "crud").getHttpStatusCode()).isEqualTo(404);
    }

    @Test
    void the_three_kinds_of_patch_do_what_their_names_say() throws Exception {
        apps.createNamespacedDeployment(NAMESPACE, deployment("patched", 0)).execute();
        V1Deployment json = patch("patched", V1Patch.PATCH_FORMAT_JSON_PATCH,
                "[{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{\"kind\":\"json\"}}]");
        assertThat(json.getMetadata().getLabels()).isEqualTo(Map.of("kind", "json"));
        V1Deployment strategic = patch("patched", V1Patch.PATCH_FORMAT_STRATEGIC_MERGE_PATCH, """
                {"spec":{"template":{"spec":{"containers":[{"name":"more","image":"two"}]}}}}""");
        assertThat(strategic.getSpec().getTemplate().getSpec().getContainers()).extracting(c -> c.getName())
                .containsExactlyInAnyOrder("web", "more");
        V1Deployment merged = patch("patched", V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH, """
                {"spec":{"template":{"spec":{"containers":[{"name":"only","image":"three"}]}}}}""");
        assertThat(merged.getSpec().getTemplate().getSpec().getContainers()).extracting(c -> c.getName())
                .containsExactly("only");
        V1Deployment restarted = patch("patched", V1Patch.PATCH_FORMAT_STRATEGIC_MERGE_PATCH, """
                {"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"now"}}}}}""");
        await().atMost(Clients.SOON).until(() -> observed("patched") >= restarted.getMetadata().getGeneration());
    }

    @Test
    void two_appliers_conflict_until_one_forces() throws Exception {
        apply("one", "one", false);
        assertThatThrownBy(() -> apply("two", "two", false)).isInstanceOfSatisfying(ApiException.class, refused -> {
            assertThat(refused.getCode()).isEqualTo(409);
            assertThat(refused.getResponseBody()).contains("FieldManagerConflict", "conflict with \\\"one\\\"");
        });
        V1ConfigMap forced = apply("two", "two", true);
        assertThat(forced.getData()).isEqualTo(Map.of("owner", "two"));
    }

    @Test
    void a_long_list_comes_in_pages_of_one_moment() throws Exception {
        for (int i = 0; i < 5; i++) {
            core.createNamespacedConfigMap(NAMESPACE, new V1ConfigMap().metadata(new V1ObjectMeta().name("page-" + i)
                    .putLabelsItem("paged", "yes"))).execute();
        }
        List<String> names = new ArrayList<>();
        List<String> revisions = new ArrayList<>();
        String next = null;
        do {
            V1ConfigMapList page = core.listNamespacedConfigMap(NAMESPACE).labelSelector("paged=yes").limit(2)
                    ._continue(
                            next)
                    .execute();
            if (next == null) {
                core.deleteNamespacedConfigMap("page-4", NAMESPACE).execute();
            }
            page.getItems().forEach(m -> names.add(m.getMetadata().getName()));
            revisions.add(page.getMetadata().getResourceVersion());
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        assertThat(names).containsExactly("page-0", "page-1", "page-2", "page-3", "page-4");
        assertThat(revisions).hasSize(3).containsOnly(revisions.getFirst());
    }

    @Test
    void delete_options_are_obeyed() throws Exception {
        core.createNamespacedConfigMap(NAMESPACE, map("kept", "a", "1")).execute();
        assertThatThrownBy(() -> core.deleteNamespacedConfigMap("kept", NAMESPACE).body(new V1DeleteOptions()
                .preconditions(new V1Preconditions().uid("another"))).execute()).isInstanceOfSatisfying(
                        ApiException.class, refused -> assertThat(refused.getCode()).isEqualTo(409));
        core.deleteNamespacedConfigMap("kept", NAMESPACE).dryRun("All").execute();
        assertThat(core.readNamespacedConfigMap("kept", NAMESPACE).execute()).isNotNull();

        apps.createNamespacedDeployment(NAMESPACE, deployment("orphaning", 0)).execute();
        await().atMost(Clients.SOON).until(() -> sets("orphaning") == 1);
        apps.deleteNamespacedDeployment("orphaning", NAMESPACE).propagationPolicy("Orphan").execute();
        await().atMost(Clients.SOON).until(() -> gone("orphaning"));
        assertThat(sets("orphaning")).isEqualTo(1);

        apps.createNamespacedDeployment(NAMESPACE, deployment("cascading", 0)).execute();
        await().atMost(Clients.SOON).until(() -> sets("cascading") == 1);
        apps.deleteNamespacedDeployment("cascading", NAMESPACE).propagationPolicy("Foreground").execute();
        await().atMost(Clients.SOON).until(() -> gone("cascading"));
        assertThat(sets("cascading")).isZero();
    }

    @Test
    void scale_is_a_resource_of_its_own_and_an_eviction_waits_for_the_budget() throws Exception {
        apps.createNamespacedDeployment(NAMESPACE, deployment("scaled", 0)).execute();
        await().ignoreExceptionsInstanceOf(ApiException.class).atMost(Clients.SOON).until(() -> { // 409: read again
            var scale = apps.readNamespacedDeploymentScale("scaled", NAMESPACE).execute();
            scale.getSpec().setReplicas(1);
            return apps.replaceNamespacedDeploymentScale("scaled", NAMESPACE, scale).execute().getSpec()
                    .getReplicas() == 1;
        });
        await().atMost(Clients.SOON).until(() -> Integer.valueOf(1).equals(apps.readNamespacedDeployment("scaled",
                NAMESPACE).execute().getStatus().getReadyReplicas()));

        PolicyV1Api policy = new PolicyV1Api(client);
        policy.createNamespacedPodDisruptionBudget(NAMESPACE, V1PodDisruptionBudget.fromJson("""
                {"metadata":{"name":"guard"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"scaled"}}}}"""))
                .execute();
        await().ignoreExceptions().atMost(Clients.SOON).until(() -> Integer.valueOf(1).equals(policy
                .readNamespacedPodDisruptionBudgetStatus("guard", NAMESPACE).execute().getStatus()
                .getCurrentHealthy()));
        String pod = core.listNamespacedPod(NAMESPACE).labelSelector("app=scaled").execute().getItems().getFirst()
                .getMetadata().getName();
        V1Eviction eviction = new V1Eviction().metadata(new V1ObjectMeta().name(pod).namespace(NAMESPACE));
        assertThatThrownBy(() -> core.createNamespacedPodEviction(pod, NAMESPACE, eviction).execute())
                .isInstanceOfSatisfying(ApiException.class, refused -> {
                    assertThat(refused.getCode()).isEqualTo(429);
                    assertThat(refused.getResponseBody()).contains("disruption budget", "DisruptionBudget");
                });
        policy.deleteNamespacedPodDisruptionBudget("guard", NAMESPACE).execute();
        try (var granted = core.createNamespacedPodEviction(pod, NAMESPACE, eviction).buildCall(null).execute()) {
            assertThat(granted.code()).as("a Status, which this client takes for an Eviction").isEqualTo(201);
        }
    }

    @Test
    void an_account_gets_a_token_for_an_audience() throws Exception {
        AuthenticationV1TokenRequest granted = core.createNamespacedServiceAccountToken("default", NAMESPACE,
                new AuthenticationV1TokenRequest().spec(new V1TokenRequestSpec().addAudiencesItem("somebody")
                        .expirationSeconds(1200L)))
                .execute();
        assertThat(granted.getStatus().getToken()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
    }

    private static V1ConfigMap apply(String manager, String owner, boolean force) throws ApiException {
        V1Patch body = new V1Patch("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"applied\"},"
                + "\"data\":{\"owner\":\"" + owner + "\"}}");
        return PatchUtils.patch(V1ConfigMap.class, () -> core.patchNamespacedConfigMap("applied", NAMESPACE, body)
                .fieldManager(manager).force(force).buildCall(null), V1Patch.PATCH_FORMAT_APPLY_YAML, client);
    }

    private static V1Deployment patch(String name, String format, String body) throws ApiException {
        return PatchUtils.patch(V1Deployment.class, () -> apps.patchNamespacedDeployment(name, NAMESPACE, new V1Patch(
                body)).buildCall(null), format, client);
    }

    /// The generation the controller has seen, 0 before it has seen any.
    private static long observed(String name) throws ApiException {
        V1DeploymentStatus status = apps.readNamespacedDeployment(name, NAMESPACE).execute().getStatus();
        return status == null || status.getObservedGeneration() == null ? 0 : status.getObservedGeneration();
    }

    private static int sets(String app) throws ApiException {
        return apps.listNamespacedReplicaSet(NAMESPACE).labelSelector("app=" + app).execute().getItems().size();
    }

    private static boolean gone(String deployment) throws ApiException {
        return apps.listNamespacedDeployment(NAMESPACE).fieldSelector("metadata.name=" + deployment).execute()
                .getItems().isEmpty();
    }

    private static V1ConfigMap map(String name, String key, String value) {
        return new V1ConfigMap().metadata(new V1ObjectMeta().name(name).namespace(NAMESPACE)).putDataItem(key, value);
    }

    private static V1Deployment deployment(String name, int replicas) throws java.io.IOException {
        return V1Deployment.fromJson("""
                {"metadata":{"name":"NAME"},"spec":{"replicas":COUNT,"selector":{"matchLabels":{"app":"NAME"}},
                "template":{"metadata":{"labels":{"app":"NAME"}},"spec":{"terminationGracePeriodSeconds":0,
                "containers":[{"name":"web","image":"logplane.local/busybox:1","command":["sleep","3600"]}]}}}}"""
                .replace("NAME", name).replace("COUNT", Integer.toString(replicas)));
    }
}
