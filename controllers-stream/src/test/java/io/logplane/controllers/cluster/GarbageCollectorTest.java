package io.logplane.controllers.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.plane.Given;
import io.logplane.controllers.plane.Objects;
import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Cases from the documentation of garbage collection.
final class GarbageCollectorTest {
    private static final GarbageCollector CONTROLLER = new GarbageCollector();
    private static final Instant NOW = Given.START.plusSeconds(100);
    private static final ObjectKey CHILD = key("child");

    private static ObjectKey key(String name) {
        return ObjectKey.of("", "configmaps", "default", name);
    }

    private static ObjectNode map(String name, String... owners) {
        ObjectNode map = Objects.object("v1", "ConfigMap", "default", name);
        for (String owner : owners) {
            map.withObject("/metadata").withArray("ownerReferences").addObject().put("apiVersion", "v1")
                    .put("kind", "ConfigMap").put("name", owner).put("uid", "u-" + owner)
                    .put("blockOwnerDeletion", true);
        }
        return map;
    }

    private static Consumer<ObjectNode> leaving(String finalizer) {
        return object -> {
            object.withObject("/metadata").put("deletionTimestamp", NOW.toString());
            if (!finalizer.isEmpty()) {
                object.withObject("/metadata").putArray("finalizers").add("example.com/own").add(finalizer);
            }
        };
    }

    private static Action.Delete deletion(Plan plan) {
        return (Action.Delete) plan.actions().getFirst();
    }

    @Test
    void anObjectOfLivingOwnersStays() {
        Plan plan = new Given().with("", "configmaps", map("owner")).with("", "configmaps", map("child", "owner"))
                .plan(CONTROLLER, CHILD, NOW);
        assertThat(plan).isEqualTo(Plan.NOTHING);
    }

    @Test
    void anObjectWhoseOwnersAreAllGoneGoesInTheBackground() {
        Plan plan = new Given().with("", "configmaps", map("child", "a", "b")).plan(CONTROLLER, CHILD, NOW);
        assertThat(deletion(plan).uid()).isEqualTo("u-child");
        assertThat(deletion(plan).propagation()).contains(Action.Propagation.BACKGROUND);
    }

    @Test
    void anOwnerOfTheSameNameButAnotherUidIsNotTheOwner() {
        Plan plan = new Given().with("", "configmaps", map("owner"), owner -> owner.withObject("/metadata").put("uid",
                "another")).with("", "configmaps", map("child", "owner")).plan(CONTROLLER, CHILD, NOW);
        assertThat(Given.deletes(plan)).containsExactly("child");
    }

    @Test
    void oneOfTwoOwnersGoneOnlyDropsTheReference() {
        Plan plan = new Given().with("", "configmaps", map("owner"))
                .with("", "configmaps", map("child", "owner", "gone"))
                .plan(CONTROLLER, CHILD, NOW);
        Action.Patch patch = Given.patches(plan).getFirst();
        assertThat(patch.patch().at("/metadata/ownerReferences").size()).isEqualTo(1);
        assertThat(patch.patch().at("/metadata/ownerReferences/0/name").asText()).isEqualTo("owner");
        assertThat(patch.revision()).isPresent();
    }

    @Test
    void anOwnerInAnotherNamespaceCountsAsGone() {
        Plan plan = new Given().with("", "configmaps", map("owner"), owner -> owner.withObject("/metadata").put(
                "namespace", "elsewhere")).with("", "configmaps", map("child", "owner")).plan(CONTROLLER, CHILD, NOW);
        assertThat(Given.deletes(plan)).containsExactly("child");
    }

    @Test
    void aClusterScopedObjectWithANamespacedOwnerStays() {
        ObjectNode role = map("role", "owner");
        role.withObject("/metadata").remove("namespace");
        Plan plan = new Given().with("", "configmaps", map("owner"))
                .with("rbac.authorization.k8s.io", "clusterroles", role)
                .plan(CONTROLLER, ObjectKey.of("rbac.authorization.k8s.io", "clusterroles", "", "role"), NOW);
        assertThat(plan).isEqualTo(Plan.NOTHING);
    }

    @Test
    void aForegroundOwnerWaitsForBlockingDependantsThenGoes() {
        Given given = new Given().with("", "configmaps", map("owner"), leaving("foregroundDeletion"))
                .with("", "configmaps", map("child", "owner"));
        assertThat(given.plan(CONTROLLER, key("owner"), NOW)).isEqualTo(Plan.NOTHING);
        assertThat(deletion(given.plan(CONTROLLER, CHILD, NOW)).propagation())
                .contains(Action.Propagation.BACKGROUND);
        given.with("", "configmaps", map("grandchild", "child"));
        assertThat(deletion(given.plan(CONTROLLER, CHILD, NOW)).propagation())
                .contains(Action.Propagation.FOREGROUND);
        given.view().remove(CHILD, NOW);
        assertThat(Given.patches(given.plan(CONTROLLER, key("owner"), NOW)).getFirst().patch().toString())
                .isEqualTo("{\"metadata\":{\"finalizers\":[\"example.com/own\"]}}");
    }

    @Test
    void anOrphaningOwnerLetsItsDependantsGoFirst() {
        Given given = new Given().with("", "configmaps", map("owner"), leaving("orphan"))
                .with("", "configmaps", map("child", "owner"));
        Action.Patch freed = Given.patches(given.plan(CONTROLLER, key("owner"), NOW)).getFirst();
        assertThat(freed.key()).isEqualTo(CHILD);
        assertThat(freed.patch().toString()).isEqualTo("{\"metadata\":{\"ownerReferences\":null}}");
        given.with("", "configmaps", map("child"));
        assertThat(Given.patches(given.plan(CONTROLLER, key("owner"), NOW)).getFirst().key()).isEqualTo(key("owner"));
    }

    @Test
    void aCircleOfForegroundDeletionsIsBroken() {
        Given given = new Given().with("", "configmaps", map("a", "b"), leaving("foregroundDeletion"))
                .with("", "configmaps", map("b", "a"), leaving("foregroundDeletion"));
        Action.Patch patch = Given.patches(given.plan(CONTROLLER, key("a"), NOW)).getFirst();
        assertThat(patch.patch().at("/metadata/ownerReferences/0").has("blockOwnerDeletion")).isFalse();
    }

    @Test
    void aFreshLeaseWaitsForItsOwnerWhoseLogIsAnother() {
        ObjectNode lease = Objects.object("coordination.k8s.io/v1", "Lease", "kube-node-lease", "n1");
        lease.withObject("/metadata").putArray("ownerReferences").addObject().put("apiVersion", "v1")
                .put("kind", "Node")
                .put("name", "n1").put("uid", "u-node");
        Given given = new Given().with("coordination.k8s.io", "leases", lease);
        ObjectKey key = ObjectKey.of("coordination.k8s.io", "leases", "kube-node-lease", "n1");
        Plan early = given.plan(CONTROLLER, key, Given.START.plusSeconds(5));
        assertThat(early.actions()).isEmpty();
        assertThat(early.recheckAt()).isEqualTo(Optional.of(Given.START.plus(GarbageCollector.SIBLING_GRACE)));
        assertThat(Given.deletes(given.plan(CONTROLLER, key, NOW))).containsExactly("n1");
    }
}
