package io.logplane.controllers.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.plane.Given;
import io.logplane.controllers.plane.Objects;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// Slices follow pods, and are left alone when they say what they should.
final class EndpointSliceControllerTest {
    private static final EndpointSliceController CONTROLLER = new EndpointSliceController();
    private static final ObjectKey SERVICE = Type.SERVICES.key("default", "web");
    private static final Instant NOW = Given.START.plusSeconds(60);

    /// A gateway writes fields in the order of the type: with a comparison of texts this was rewritten for ever.
    @Test
    void aSliceWhoseFieldsStandInAnotherOrderIsLeftAlone() {
        Given given = given();
        ObjectNode slice = ((Action.Create) given.plan(CONTROLLER, SERVICE, NOW).actions().getFirst()).object()
                .deepCopy();
        slice.set("endpoints", json("""
                [{"addresses":["10.1.0.2"],"conditions":{"ready":true,"serving":true,"terminating":false},"targetRef":
                {"kind":"Pod","namespace":"default","name":"web-1","uid":"u-web-1"},"nodeName":"n"}]"""));
        slice.set("ports", json("[{\"name\":\"\",\"protocol\":\"TCP\",\"port\":8080}]"));
        given.with("discovery.k8s.io", "endpointslices", slice);
        assertThat(given.plan(CONTROLLER, SERVICE, NOW).actions()).isEmpty();
    }

    @Test
    void aSliceWithAnotherAddressIsRewritten() {
        Given given = given();
        ObjectNode slice = ((Action.Create) given.plan(CONTROLLER, SERVICE, NOW).actions().getFirst()).object()
                .deepCopy();
        ((ObjectNode) slice.at("/endpoints/0")).putArray("addresses").add("10.1.0.3");
        given.with("discovery.k8s.io", "endpointslices", slice);
        assertThat(given.plan(CONTROLLER, SERVICE, NOW).actions()).singleElement().isInstanceOf(Action.Replace.class);
    }

    private static Given given() {
        ObjectNode service = Objects.object("v1", "Service", "default", "web");
        service.set("spec", json("{\"type\":\"ClusterIP\",\"selector\":{\"app\":\"web\"},\"ports\":[{\"port\":80,"
                + "\"targetPort\":8080,\"protocol\":\"TCP\"}]}"));
        ObjectNode pod = Objects.pod("web-1", "web", "n");
        pod.set("status", json("{\"phase\":\"Running\",\"podIP\":\"10.1.0.2\",\"conditions\":[{\"type\":\"Ready\","
                + "\"status\":\"True\"}]}"));
        return new Given().with("", "services", service).with("", "pods", pod);
    }

    private static JsonNode json(String text) {
        return Json.object(("{\"it\":" + text + "}").getBytes(StandardCharsets.UTF_8)).path("it");
    }
}
