package io.logplane.controllers.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.plane.Given;
import io.logplane.controllers.plane.Objects;
import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// Cases from the documentation of namespaces.
final class NamespaceControllerTest {
    private static final NamespaceController CONTROLLER = new NamespaceController();
    private static final Instant NOW = Given.START.plusSeconds(100);
    private static final ObjectKey DEFAULT = ObjectKey.of("", "namespaces", "", "default");

    private static Given namespace(boolean leaving) {
        ObjectNode namespace = Objects.namespace("default");
        namespace.putObject("spec").putArray("finalizers").add("kubernetes").add("example.com/more");
        namespace.putObject("status").put("phase", leaving ? "Terminating" : "Active");
        if (leaving) {
            namespace.withObject("/metadata").put("deletionTimestamp", NOW.toString());
        }
        return new Given().with("", "namespaces", namespace);
    }

    @Test
    void aLivingNamespaceIsLeftAlone() {
        assertThat(namespace(false).with("", "pods", Objects.pod("a", "a", "")).plan(CONTROLLER, DEFAULT, NOW))
                .isEqualTo(Plan.NOTHING);
    }

    @Test
    void podsGoBeforeEverythingElse() {
        Given given = namespace(true).with("", "pods", Objects.pod("pod", "a", ""))
                .with("", "configmaps", Objects.object("v1", "ConfigMap", "default", "map"))
                .with("example.com", "widgets", Objects.object("example.com/v1", "Widget", "default", "widget"));
        assertThat(Given.deletes(given.plan(CONTROLLER, DEFAULT, NOW))).containsExactly("pod");
        given.view().remove(ObjectKey.of("", "pods", "default", "pod"), NOW);
        assertThat(Given.deletes(given.plan(CONTROLLER, DEFAULT, NOW))).containsExactlyInAnyOrder("map", "widget");
    }

    @Test
    void whatIsAlreadyLeavingIsWaitedFor() {
        Given given = namespace(true).with("", "configmaps", Objects.object("v1", "ConfigMap", "default", "map"),
                map -> map.withObject("/metadata").put("deletionTimestamp", NOW.toString()));
        assertThat(given.plan(CONTROLLER, DEFAULT, NOW)).isEqualTo(Plan.NOTHING);
    }

    @Test
    void anEmptyOneLosesTheFinalizerKubernetesAndNoOther() {
        Action.Replace finalize = (Action.Replace) namespace(true).plan(CONTROLLER, DEFAULT, NOW).actions().getFirst();
        assertThat(finalize.subresource()).isEqualTo("finalize");
        assertThat(finalize.object().at("/spec/finalizers").toString()).isEqualTo("[\"example.com/more\"]");
    }
}
