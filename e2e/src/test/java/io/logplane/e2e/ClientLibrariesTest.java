package io.logplane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.util.CallGeneratorParams;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.Reader;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// The two Java clients people use list, watch, create, patch and delete without noticing whom they talk to.
class ClientLibrariesTest {

    @Test
    void fabric8_lists_informs_creates_patches_and_deletes() throws Exception {
        Config config = Config.fromKubeconfig(Files.readString(Plane.shared().kubeconfig()));
        try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
            client.namespaces()
                    .resource(new NamespaceBuilder().withNewMetadata().withName("fabric8").endMetadata().build())
                    .create();
            List<String> seen = new CopyOnWriteArrayList<>();
            var maps = client.configMaps().inNamespace("fabric8");
            try (var informer = maps.inform(new ResourceEventHandler<ConfigMap>() {
                @Override
                public void onAdd(ConfigMap added) {
                    seen.add("add " + added.getMetadata().getName());
                }

                @Override
                public void onUpdate(ConfigMap before, ConfigMap after) {
                    seen.add("update " + after.getMetadata().getName() + " " + after.getData());
                }

                @Override
                public void onDelete(ConfigMap deleted, boolean unknown) {
                    seen.add("delete " + deleted.getMetadata().getName());
                }
            })) {
                maps.resource(new ConfigMapBuilder().withNewMetadata().withName("one").endMetadata().addToData("a", "1")
                        .build()).create();
                await().atMost(Duration.ofSeconds(10)).until(() -> seen.contains("add one"));
                maps.withName("one").patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"a\":\"2\"}}");
                await().atMost(Duration.ofSeconds(10)).until(() -> seen.contains("update one {a=2}"));
                assertThat(maps.list().getItems()).extracting(m -> m.getMetadata().getName()).contains("one");
                assertThat(maps.withName("one").get().getData()).isEqualTo(Map.of("a", "2"));
                maps.withName("one").delete();
                await().atMost(Duration.ofSeconds(10)).until(() -> seen.contains("delete one"));
            }
            client.namespaces().withName("fabric8").delete();
        }
    }

    @Test
    void the_official_java_client_lists_informs_creates_replaces_and_deletes() throws Exception {
        ApiClient client;
        try (Reader reader = Files.newBufferedReader(Plane.shared().kubeconfig())) {
            client = ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(reader)).build();
        }
        client.setReadTimeout(0);
        CoreV1Api api = new CoreV1Api(client);
        api.createNamespace(new V1Namespace().metadata(new V1ObjectMeta().name("official"))).execute();
        SharedInformerFactory factory = new SharedInformerFactory(client);
        SharedIndexInformer<V1ConfigMap> informer = factory.sharedIndexInformerFor(
                (CallGeneratorParams p) -> api.listNamespacedConfigMap("official").resourceVersion(p.resourceVersion)
                        .timeoutSeconds(p.timeoutSeconds).watch(p.watch).buildCall(null),
                V1ConfigMap.class, V1ConfigMapList.class);
        factory.startAllRegisteredInformers();
        try {
            await().atMost(Duration.ofSeconds(20)).until(informer::hasSynced);
            V1ConfigMap made = api.createNamespacedConfigMap("official",
                    new V1ConfigMap().metadata(new V1ObjectMeta().name("two")).data(Map.of("k", "v"))).execute();
            await().atMost(Duration.ofSeconds(10)).until(() -> informer.getIndexer().getByKey("official/two") != null);
            api.replaceNamespacedConfigMap("two", "official", made.data(Map.of("k", "w"))).execute();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> Map.of("k", "w").equals(informer.getIndexer().getByKey("official/two").getData()));
            assertThat(api.listNamespacedConfigMap("official").execute().getItems())
                    .extracting(m -> m.getMetadata().getName())
                    .contains("two");
            api.deleteNamespacedConfigMap("two", "official").execute();
            await().atMost(Duration.ofSeconds(10)).until(() -> informer.getIndexer().getByKey("official/two") == null);
        } finally {
            factory.stopAllRegisteredInformers();
        }
        api.deleteNamespace("official").execute();
    }
}
