package io.logplane.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonParser;
import com.google.gson.reflect.TypeToken;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.ApiextensionsV1Api;
import io.kubernetes.client.openapi.apis.CoordinationV1Api;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.apis.CustomObjectsApi;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;
import io.kubernetes.client.openapi.models.V1CustomResourceDefinition;
import io.kubernetes.client.openapi.models.V1Lease;
import io.kubernetes.client.openapi.models.V1LeaseSpec;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.util.Watch;
import io.kubernetes.client.util.generic.GenericKubernetesApi;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesApi;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The official Java client: informers, watch-list, the lock under its leader election, and custom types.
class OfficialWatchesTest {
    private static final String NAMESPACE = "official-watches";
    private static final String DEFINITION = """
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
            "metadata":{"name":"valves.official.example.com"},"spec":{"group":"official.example.com",
            "scope":"Namespaced","names":{"plural":"valves","singular":"valve","kind":"Valve"},
            "versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{}},
            "schema":{"openAPIV3Schema":{"type":"object","properties":{
            "spec":{"type":"object","properties":{"size":{"type":"integer"}}},
            "status":{"type":"object","properties":{"open":{"type":"boolean"}}}}}}}]}}""";
    private static ApiClient client;
    private static CoreV1Api core;

    @BeforeAll
    static void open() {
        Clients.namespace(NAMESPACE);
        client = Clients.official();
        core = new CoreV1Api(client);
    }

    @AfterAll
    static void close() {
        Clients.remove(NAMESPACE);
    }

    @Test
    void an_informer_follows_and_resyncs() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        SharedInformerFactory factory = new SharedInformerFactory(client);
        SharedIndexInformer<V1ConfigMap> informer = factory.sharedIndexInformerFor(new GenericKubernetesApi<>(
                V1ConfigMap.class, V1ConfigMapList.class, "", "v1", "configmaps", client), V1ConfigMap.class, 1_000,
                NAMESPACE);
        informer.addEventHandlerWithResyncPeriod(new Seen(seen), 1_000);
        factory.startAllRegisteredInformers();
        try {
            await().atMost(Clients.SOON).until(informer::hasSynced);
            V1ConfigMap made = core.createNamespacedConfigMap(NAMESPACE, new V1ConfigMap().metadata(new V1ObjectMeta()
                    .name("followed"))).execute();
            await().atMost(Clients.SOON).until(() -> seen.contains("add followed"));
            await().atMost(Clients.SOON).until(() -> seen.contains("resync followed"));
            core.replaceNamespacedConfigMap("followed", NAMESPACE, made.putDataItem("k", "w")).execute();
            await().atMost(Clients.SOON).until(() -> seen.contains("update followed"));
            core.deleteNamespacedConfigMap("followed", NAMESPACE).execute();
            await().atMost(Clients.SOON).until(() -> seen.contains("delete followed"));
            assertThat(informer.getIndexer().getByKey(NAMESPACE + "/followed")).isNull();
        } finally {
            factory.stopAllRegisteredInformers();
        }
    }

    @Test
    void a_watch_starts_with_what_there_is_when_asked_to() throws Exception {
        core.createNamespacedConfigMap(NAMESPACE, new V1ConfigMap().metadata(new V1ObjectMeta().name("listed")
                .putLabelsItem("watched", "list"))).execute();
        List<String> seen = new ArrayList<>();
        try (Watch<V1ConfigMap> watch = Watch.createWatch(client, core.listNamespacedConfigMap(NAMESPACE).watch(true)
                .labelSelector("watched=list").sendInitialEvents(true).allowWatchBookmarks(true).resourceVersionMatch(
                        "NotOlderThan")
                .buildCall(null), new TypeToken<Watch.Response<V1ConfigMap>>() {
                }.getType())) {
            for (Watch.Response<V1ConfigMap> event : watch) {
                V1ObjectMeta meta = event.object.getMetadata();
                seen.add(event.type + " " + (meta.getName() == null ? meta.getAnnotations() : meta.getName()));
                if ("BOOKMARK".equals(event.type)) {
                    core.deleteNamespacedConfigMap("listed", NAMESPACE).execute();
                } else if ("DELETED".equals(event.type)) {
                    break;
                }
            }
        }
        assertThat(seen).containsExactly("ADDED listed", "BOOKMARK {k8s.io/initial-events-end=true}", "DELETED listed");
    }

    @Test
    void only_one_of_two_candidates_takes_a_lease() throws Exception {
        CoordinationV1Api coordination = new CoordinationV1Api(client);
        V1Lease free = coordination.createNamespacedLease(NAMESPACE, new V1Lease().metadata(new V1ObjectMeta().name(
                "chair")).spec(new V1LeaseSpec().leaseDurationSeconds(5))).execute();
        free.getSpec().setHolderIdentity("first");
        coordination.replaceNamespacedLease("chair", NAMESPACE, free).execute();
        free.getSpec().setHolderIdentity("second");
        assertThatThrownBy(() -> coordination.replaceNamespacedLease("chair", NAMESPACE, free).execute())
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.getCode()).isEqualTo(409));
        assertThatThrownBy(() -> coordination.createNamespacedLease(NAMESPACE, new V1Lease().metadata(
                new V1ObjectMeta().name("chair"))).execute()).isInstanceOfSatisfying(ApiException.class,
                        e -> assertThat(e.getResponseBody()).contains("AlreadyExists"));
        assertThat(coordination.readNamespacedLease("chair", NAMESPACE).execute().getSpec().getHolderIdentity())
                .isEqualTo("first");
    }

    @Test
    void custom_objects_are_made_given_a_status_and_informed_of() throws Exception {
        ApiextensionsV1Api extensions = new ApiextensionsV1Api(client);
        extensions.createCustomResourceDefinition(V1CustomResourceDefinition.fromJson(DEFINITION)).execute();
        DynamicKubernetesApi valves = new DynamicKubernetesApi("official.example.com", "v1", "valves", client);
        try {
            await().atMost(Clients.SOON).until(() -> valves.list(NAMESPACE).isSuccess());
            DynamicKubernetesObject made = valves.create(valve("one")).throwsApiException().getObject();
            assertThat(made.getMetadata().getGeneration()).isEqualTo(1L);
            made.getRaw().add("status", JsonParser.parseString("{\"open\":true}"));
            new CustomObjectsApi(client).replaceNamespacedCustomObjectStatus("official.example.com", "v1", NAMESPACE,
                    "valves", "one", made.getRaw()).execute();
            DynamicKubernetesObject status = valves.get(NAMESPACE, "one").throwsApiException().getObject();
            assertThat(status.getRaw().get("status")).hasToString("{\"open\":true}");
            assertThat(status.getMetadata().getGeneration()).isEqualTo(1L);
            try (var watch = valves.watch(NAMESPACE, new io.kubernetes.client.util.generic.options.ListOptions()
                    .resourceVersion(status.getMetadata().getResourceVersion()))) {
                valves.delete(NAMESPACE, "one").throwsApiException();
                assertThat(watch.next().type).isEqualTo("DELETED");
            }
        } finally {
            extensions.deleteCustomResourceDefinition("valves.official.example.com").execute();
        }
    }

    private static DynamicKubernetesObject valve(String name) {
        return new DynamicKubernetesObject(JsonParser.parseString("{\"apiVersion\":\"official.example.com/v1\","
                + "\"kind\":\"Valve\",\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"" + NAMESPACE
                + "\"},\"spec\":{\"size\":1}}").getAsJsonObject());
    }

    /// What an informer told, in words; a resync is an update to the same revision.
    private record Seen(List<String> said) implements ResourceEventHandler<V1ConfigMap> {
        @Override
        public void onAdd(V1ConfigMap added) {
            said.add("add " + added.getMetadata().getName());
        }

        @Override
        public void onUpdate(V1ConfigMap before, V1ConfigMap after) {
            boolean same = before.getMetadata().getResourceVersion().equals(after.getMetadata().getResourceVersion());
            said.add((same ? "resync " : "update ") + after.getMetadata().getName());
        }

        @Override
        public void onDelete(V1ConfigMap deleted, boolean unknown) {
            said.add("delete " + deleted.getMetadata().getName());
        }
    }
}
