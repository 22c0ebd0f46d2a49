package io.logplane.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// fabric8: objects written, read, patched, applied, paged, scaled, rolled, evicted and deleted.
class Fabric8ObjectsTest {
    private static final String NAMESPACE = "fabric8-objects";
    private static KubernetesClient client;

    @BeforeAll
    static void open() {
        Clients.namespace(NAMESPACE);
        client = Clients.fabric8().adapt(io.fabric8.kubernetes.client.NamespacedKubernetesClient.class)
                .inNamespace(NAMESPACE);
    }

    @AfterAll
    static void close() {
        client.close();
        Clients.remove(NAMESPACE);
    }

    @Test
    void an_object_is_the_same_typed_and_generic() {
        ConfigMap made = client.configMaps().resource(map("crud", "a", "1")).create();
        GenericKubernetesResource generic = client.genericKubernetesResources("v1", "ConfigMap").withName("crud").get();
        assertThat(generic.getMetadata()).isEqualTo(made.getMetadata());
        assertThat(generic.<Map<String, String>>get("data")).isEqualTo(Map.of("a", "1"));

        generic.setAdditionalProperty("data", Map.of("a", "2"));
        client.genericKubernetesResources("v1", "ConfigMap").resource(generic).update();
        assertThat(client.configMaps().withName("crud").get().getData()).isEqualTo(Map.of("a", "2"));

        ConfigMap edited = client.configMaps().withName("crud").edit(m -> new ConfigMapBuilder(m).addToData("b", "3")
                .build());
        assertThat(edited.getData()).isEqualTo(Map.of("a", "2", "b", "3"));
        assertThatThrownBy(() -> client.configMaps().resource(made).lockResourceVersion().update())
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));

        List<StatusDetails> deleted = client.configMaps().withName("crud").delete();
        assertThat(deleted).extracting(StatusDetails::getName).containsExactly("crud");
        assertThat(client.configMaps().withName("crud").get()).isNull();
        assertThat(client.configMaps().withName("crud").delete()).isEmpty();
    }

    @Test
    void the_three_kinds_of_patch_do_what_their_names_say() {
        client.apps().deployments().resource(deployment("patched", 0)).create();
        var patched = client.apps().deployments().withName("patched");

        Deployment json = patched.patch(PatchContext.of(PatchType.JSON),
                "[{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{\"kind\":\"json\"}}]");
        assertThat(json.getMetadata().getLabels()).isEqualTo(Map.of("kind", "json"));
        Deployment strategic = patched.patch(PatchContext.of(PatchType.STRATEGIC_MERGE), """
                {"spec":{"template":{"spec":{"containers":[{"name":"more","image":"two"}]}}}}""");
        assertThat(strategic.getSpec().getTemplate().getSpec().getContainers()).extracting(c -> c.getName())
                .containsExactlyInAnyOrder("web", "more");
        Deployment merged = patched.patch(PatchContext.of(PatchType.JSON_MERGE), """
                {"spec":{"template":{"spec":{"containers":[{"name":"only","image":"three"}]}}}}""");
        assertThat(merged.getSpec().getTemplate().getSpec().getContainers()).extracting(c -> c.getName())
                .containsExactly("only");
        assertThatThrownBy(() -> patched.patch(PatchContext.of(PatchType.JSON),
                "[{\"op\":\"test\",\"path\":\"/spec/replicas\",\"value\":9}]"))
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(422));
    }

    @Test
    void two_appliers_conflict_until_one_forces() {
        client.resource(map("applied", "owner", "one")).fieldManager("one").serverSideApply();
        assertThatThrownBy(() -> client.resource(map("applied", "owner", "two")).fieldManager("two").serverSideApply())
                .isInstanceOfSatisfying(KubernetesClientException.class, refused -> {
                    assertThat(refused.getCode()).isEqualTo(409);
                    assertThat(refused.getStatus().getDetails().getCauses()).extracting(c -> c.getReason() + " " + c
                            .getField()).containsExactly("FieldManagerConflict .data.owner");
                    assertThat(refused.getMessage()).contains("conflict with \"one\": .data.owner");
                });
        ConfigMap forced = client.resource(map("applied", "owner", "two")).fieldManager("two").forceConflicts()
                .serverSideApply();
        assertThat(forced.getData()).isEqualTo(Map.of("owner", "two"));
        assertThat(forced.getMetadata().getManagedFields()).extracting(f -> f.getManager() + " " + f.getOperation())
                .containsExactly("two Apply");
    }

    @Test
    void a_long_list_comes_in_pages_of_one_moment() {
        for (int i = 0; i < 7; i++) {
            client.configMaps().resource(new ConfigMapBuilder(map("page-" + i, "i", "" + i)).editMetadata()
                    .addToLabels("paged", "yes").endMetadata().build()).create();
        }
        List<String> names = new ArrayList<>();
        List<String> revisions = new ArrayList<>();
        String next = null;
        do {
            ConfigMapList page = client.configMaps().withLabel("paged", "yes").list(new ListOptionsBuilder().withLimit(
                    3L).withContinue(next).build());
            if (next == null) { // whoever deletes between two pages changes neither
                client.configMaps().withName("page-6").delete();
            }
            page.getItems().forEach(m -> names.add(m.getMetadata().getName()));
            revisions.add(page.getMetadata().getResourceVersion());
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());

        assertThat(names).containsExactly("page-0", "page-1", "page-2", "page-3", "page-4", "page-5", "page-6");
        assertThat(revisions).hasSize(3).containsOnly(revisions.getFirst());
    }

    @Test
    void delete_options_are_obeyed() {
        client.configMaps().resource(map("kept", "a", "1")).create();
        assertThatThrownBy(() -> client.configMaps().withName("kept").lockResourceVersion("1").delete())
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
        client.configMaps().withName("kept").dryRun().delete();
        assertThat(client.configMaps().withName("kept").get()).isNotNull();

        client.apps().deployments().resource(deployment("orphaning", 0)).create();
        var sets = client.apps().replicaSets().withLabel("app", "orphaning");
        await().atMost(Clients.SOON).until(() -> sets.list().getItems().size() == 1);
        client.apps().deployments().withName("orphaning").withPropagationPolicy(DeletionPropagation.ORPHAN).delete();
        await().atMost(Clients.SOON).until(() -> client.apps().deployments().withName("orphaning").get() == null);
        assertThat(sets.list().getItems()).singleElement()
                .satisfies(set -> assertThat(set.getMetadata().getOwnerReferences()).isEmpty());

        client.apps().deployments().resource(deployment("cascading", 0)).create();
        var owned = client.apps().replicaSets().withLabel("app", "cascading");
        await().atMost(Clients.SOON).until(() -> owned.list().getItems().size() == 1);
        client.apps().deployments().withName("cascading").withPropagationPolicy(DeletionPropagation.FOREGROUND)
                .delete();
        await().atMost(Clients.SOON).until(() -> client.apps().deployments().withName("cascading").get() == null);
        assertThat(owned.list().getItems()).isEmpty();
    }

    @Test
    void scale_and_status_are_resources_of_their_own() {
        client.apps().deployments().resource(deployment("scaled", 0)).create();
        var scaled = client.apps().deployments().withName("scaled");
        assertThat(scaled.scale().getSpec().getReplicas()).as("upstream leaves 0 out").isIn(null, 0);
        scaled.scale(1);
        assertThat(scaled.get().getSpec().getReplicas()).isEqualTo(1);
        assertThat(scaled.scale().getStatus().getSelector()).isEqualTo("app=scaled");

        client.resource(new PodDisruptionBudgetBuilder().withNewMetadata().withName("budget").endMetadata()
                .withNewSpec().withNewMinAvailable(1).withNewSelector().addToMatchLabels("app", "nobody").endSelector()
                .endSpec().build()).create();
        var budget = client.policy().v1().podDisruptionBudget().withName("budget");
        await().atMost(Clients.SOON).until(() -> budget.get().getStatus().getObservedGeneration() != null); // not at once
        var touched = budget.editStatus(b -> new PodDisruptionBudgetBuilder(b).editSpec().withNewMinAvailable(9)
                .endSpec().editOrNewStatus().addToDisruptedPods("p", "2026-01-01T00:00:00Z").endStatus().build());
        assertThat(touched.getSpec().getMinAvailable().getIntVal()).isEqualTo(1);
        assertThat(touched.getStatus().getDisruptedPods()).containsKey("p");
    }

    @Test
    void a_restart_rolls_new_pods_out() {
        client.apps().deployments().resource(deployment("rolled", 1)).create();
        client.apps().deployments().withName("rolled").waitUntilReady(90, java.util.concurrent.TimeUnit.SECONDS);
        String first = client.pods().withLabel("app", "rolled").list().getItems().getFirst().getMetadata().getName();

        Deployment restarted = client.apps().deployments().withName("rolled").rolling().restart();

        assertThat(restarted.getSpec().getTemplate().getMetadata().getAnnotations()).containsKey(
                "kubectl.kubernetes.io/restartedAt");
        await().atMost(Clients.SOON).until(() -> client.pods().withLabel("app", "rolled").list().getItems().stream()
                .allMatch(p -> !p.getMetadata().getName().equals(first) && "Running".equals(p.getStatus().getPhase())));
    }

    @Test
    void an_eviction_waits_for_the_budget() {
        client.apps().deployments().resource(deployment("guarded", 1)).create();
        client.apps().deployments().withName("guarded").waitUntilReady(90, java.util.concurrent.TimeUnit.SECONDS);
        client.resource(new PodDisruptionBudgetBuilder().withNewMetadata().withName("guard").endMetadata().withNewSpec()
                .withNewMinAvailable(1).withNewSelector().addToMatchLabels("app", "guarded").endSelector().endSpec()
                .build()).create();
        var budget = client.policy().v1().podDisruptionBudget().withName("guard");
        await().atMost(Clients.SOON).until(() -> {
            var status = budget.get().getStatus();
            return status != null && Integer.valueOf(1).equals(status.getCurrentHealthy());
        });
        String pod = client.pods().withLabel("app", "guarded").list().getItems().getFirst().getMetadata().getName();

        assertThat(client.pods().withName(pod).evict()).isFalse();
        budget.delete();
        assertThat(client.pods().withName(pod).evict()).isTrue();
    }

    @Test
    void an_account_gets_a_token_for_an_audience() {
        TokenRequest granted = client.serviceAccounts().withName("default").tokenRequest(new TokenRequestBuilder()
                .withNewSpec().addToAudiences("somebody").withExpirationSeconds(1200L).endSpec().build());
        assertThat(granted.getStatus().getToken()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
        assertThat(granted.getSpec().getAudiences()).containsExactly("somebody");
    }

    private static ConfigMap map(String name, String key, String value) {
        return new ConfigMapBuilder().withNewMetadata().withName(name).endMetadata().addToData(key, value).build();
    }

    private static Deployment deployment(String name, int replicas) {
        return new DeploymentBuilder().withNewMetadata().withName(name).endMetadata().withNewSpec()
                .withReplicas(replicas).withNewSelector().addToMatchLabels("app", name).endSelector().withNewTemplate()
                .withNewMetadata().addToLabels("app", name).endMetadata().withNewSpec()
                .withTerminationGracePeriodSeconds(0L).addNewContainer().withName("web")
                .withImage("logplane.local/busybox:1").withCommand("sleep", "3600").endContainer().endSpec()
                .endTemplate().endSpec().build();
    }
}
