package io.logplane.controllers.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.plane.Given;
import io.logplane.controllers.plane.Objects;
import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A range of Service addresses is ready, then goes, and waits for its addresses.
final class ServiceRangeControllerTest {
    private static final String GROUP = "networking.k8s.io";
    private static final ServiceRangeController CONTROLLER = new ServiceRangeController();
    private static final ObjectKey MORE = ObjectKey.of(GROUP, "servicecidrs", "", "more");
    private static final Instant NOW = Given.START.plusSeconds(60);

    @Test
    void aNewRangeIsProtectedAndReady() {
        Plan plan = new Given().with(GROUP, "servicecidrs", range("more", "10.9.0.0/24")).plan(CONTROLLER, MORE, NOW);
        assertThat(patches(plan)).containsExactly(
                "{\"metadata\":{\"finalizers\":[\"networking.k8s.io/service-cidr-finalizer\"]}}",
                "status {\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"lastTransitionTime\":\""
                        + NOW + "\",\"reason\":\"\",\"message\":\"Kubernetes Service CIDR is ready\"}]}}");
    }

    @Test
    void aGoingRangeWaitsForAnAddressThatNoOtherHolds() {
        Given given = going(NOW).with(GROUP, "ipaddresses", address("10.9.0.7"));
        assertThat(patches(given.plan(CONTROLLER, MORE, NOW.plusSeconds(99)))).singleElement().asString().contains(
                "\"status\":\"False\"", "\"reason\":\"Terminating\"",
                "There are still IPAddresses referencing the ServiceCIDR");
        given.with(GROUP, "servicecidrs", range("wide", "10.9.0.0/16"));
        assertThat(patches(given.plan(CONTROLLER, MORE, NOW.plusSeconds(99)))).containsExactly(
                "{\"metadata\":{\"finalizers\":[]}}");
    }

    @Test
    void anAddressElsewhereOrOfSomebodyElseKeepsNoRange() {
        ObjectNode foreign = address("10.9.0.8");
        foreign.withObject("/metadata").remove("labels");
        Given given = going(NOW).with(GROUP, "ipaddresses", address("10.10.0.7")).with(GROUP, "ipaddresses", foreign);
        assertThat(given.plan(CONTROLLER, MORE, NOW.plusSeconds(3))).isEqualTo(Plan.recheck(NOW.plusSeconds(10)));
        assertThat(patches(given.plan(CONTROLLER, MORE, NOW.plusSeconds(10)))).hasSize(1);
    }

    private static Given going(Instant since) {
        return new Given().with(GROUP, "servicecidrs", range("more", "10.9.0.0/24"), more -> more.withObject(
                "/metadata").put("deletionTimestamp", since.toString()).putArray("finalizers").add(
                        ServiceRangeController.FINALIZER));
    }

    private static ObjectNode range(String name, String cidr) {
        ObjectNode range = Objects.object(GROUP + "/v1", "ServiceCIDR", "", name);
        range.putObject("spec").putArray("cidrs").add(cidr);
        return range;
    }

    private static ObjectNode address(String name) {
        ObjectNode address = Objects.object(GROUP + "/v1", "IPAddress", "", name);
        address.withObject("/metadata").putObject("labels").put("ipaddress.kubernetes.io/managed-by",
                "ipallocator.k8s.io");
        return address;
    }

    private static List<String> patches(Plan plan) {
        return plan.actions().stream().map(Action.Patch.class::cast).map(patch -> (patch.subresource() + " " + patch
                .patch()).strip()).toList();
    }
}
