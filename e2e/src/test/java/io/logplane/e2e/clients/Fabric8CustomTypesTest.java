package io.logplane.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// fabric8: a definition, its objects typed and generic, and a watch that lives through the definition's change.
class Fabric8CustomTypesTest {
    private static final String NAMESPACE = "fabric8-custom";
    private static final String DEFINITION = """
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
            "metadata":{"name":"pumps.fabric8.example.com"},"spec":{"group":"fabric8.example.com","scope":"Namespaced",
            "names":{"plural":"pumps","singular":"pump","kind":"Pump"},
            "versions":[{"name":"v1","served":true,"storage":true,
            "subresources":{"status":{},"scale":{"specReplicasPath":".spec.size","statusReplicasPath":".status.size"}},
            "schema":{"openAPIV3Schema":{"type":"object","properties":{
            "spec":{"type":"object","properties":{"size":{"type":"integer","minimum":0}}},
            "status":{"type":"object","properties":{"size":{"type":"integer"}}}}}}}]}}""";
    private static KubernetesClient client;

    /// Bound by field, as people write them; whoever adds a field to the definition does not ask us.
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static final class Size {
        public Integer size;
    }

    @Group("fabric8.example.com")
    @Version("v1")
    public static final class Pump extends CustomResource<Size, Size> implements Namespaced {
        private static final long serialVersionUID = 1;
    }

    @BeforeAll
    static void open() {
        Clients.namespace(NAMESPACE);
        client = Clients.fabric8();
        CustomResourceDefinition made = client.apiextensions().v1().customResourceDefinitions().load(
                new java.io.ByteArrayInputStream(DEFINITION.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .create();
        await().atMost(Clients.SOON).until(() -> client.apiextensions().v1().customResourceDefinitions().withName(made
                .getMetadata().getName()).get().getStatus().getConditions().stream().anyMatch(c -> "Established".equals(
                        c.getType()) && "True".equals(c.getStatus())));
    }

    @AfterAll
    static void close() {
        client.apiextensions().v1().customResourceDefinitions().withName("pumps.fabric8.example.com").delete();
        client.close();
        Clients.remove(NAMESPACE);
    }

    @Test
    void custom_objects_are_typed_generic_scaled_and_have_a_status() {
        var pumps = client.resources(Pump.class).inNamespace(NAMESPACE);
        Pump made = pumps.resource(pump("one", 2)).create();
        assertThat(made.getMetadata().getGeneration()).isEqualTo(1);

        var generic = client.genericKubernetesResources("fabric8.example.com/v1", "Pump").inNamespace(NAMESPACE);
        GenericKubernetesResource read = generic.withName("one").get();
        assertThat(read.<Integer>get("spec", "size")).isEqualTo(2);
        generic.withName("one").patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"size\":3}}");
        Pump status = pumps.withName("one").editStatus(p -> {
            Size size = new Size();
            size.size = 1;
            p.setStatus(size);
            p.getSpec().size = 9;
            return p;
        });
        assertThat(status.getSpec().size).isEqualTo(3);
        assertThat(status.getStatus().size).isEqualTo(1);
        assertThat(status.getMetadata().getGeneration()).isEqualTo(2);

        assertThat(pumps.withName("one").scale(5).getSpec().size).isEqualTo(5);
        assertThat(pumps.withName("one").scale().getStatus().getReplicas()).isEqualTo(1);
        assertThatThrownBy(() -> pumps.resource(pump("two", -1)).create()).isInstanceOfSatisfying(
                KubernetesClientException.class, refused -> {
                    assertThat(refused.getCode()).isEqualTo(422);
                    assertThat(refused.getMessage()).contains(
                            "spec.size: Invalid value: -1: spec.size in body should be greater than or equal to 0");
                });
        assertThat(pumps.list().getItems()).extracting(p -> p.getMetadata().getName()).containsExactly("one");
        pumps.withName("one").delete();
        assertThat(pumps.list().getItems()).isEmpty();
    }

    @Test
    void a_watch_lives_through_a_change_of_its_definition() {
        List<String> seen = new CopyOnWriteArrayList<>();
        var pumps = client.genericKubernetesResources("fabric8.example.com/v1", "Pump").inNamespace(NAMESPACE);
        try (Watch watch = pumps.withLabel("watched", "yes").watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, GenericKubernetesResource pump) {
                seen.add(action + " " + pump.getMetadata().getName() + " " + pump.get("spec"));
            }

            @Override
            public void onClose(WatcherException cause) {
                seen.add("closed");
            }
        })) {
            assertThat(watch).isNotNull();
            client.apiextensions().v1().customResourceDefinitions().withName("pumps.fabric8.example.com").patch(
                    PatchContext.of(PatchType.JSON),
                    "[{\"op\":\"add\",\"path\":\"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/"
                            + "colour\",\"value\":{\"type\":\"string\",\"default\":\"red\"}}]");
            await().atMost(Clients.SOON).until(() -> {
                GenericKubernetesResource probe = pumps.resource(generic("probe")).create();
                boolean defaulted = "red".equals(probe.get("spec", "colour"));
                pumps.withName("probe").delete();
                return defaulted;
            });
            GenericKubernetesResource watched = generic("seen");
            watched.getMetadata().setLabels(java.util.Map.of("watched", "yes"));
            pumps.resource(watched).create();
            await().atMost(Clients.SOON).until(() -> !seen.isEmpty());
        }
        assertThat(seen.getFirst()).isEqualTo("ADDED seen {size=1, colour=red}");
        pumps.withName("seen").delete();
    }

    private static Pump pump(String name, int size) {
        Pump pump = new Pump();
        pump.setMetadata(new ObjectMetaBuilder().withName(name).build());
        Size spec = new Size();
        spec.size = size;
        pump.setSpec(spec);
        return pump;
    }

    private static GenericKubernetesResource generic(String name) {
        GenericKubernetesResource pump = new GenericKubernetesResource();
        pump.setApiVersion("fabric8.example.com/v1");
        pump.setKind("Pump");
        pump.setMetadata(new ObjectMetaBuilder().withName(name).build());
        pump.setAdditionalProperty("spec", new java.util.LinkedHashMap<>(java.util.Map.of("size", 1)));
        return pump;
    }
}
