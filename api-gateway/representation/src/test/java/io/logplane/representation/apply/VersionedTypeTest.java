package io.logplane.representation.apply;

import static io.logplane.representation.Some.CONFIG_MAP;
import static io.logplane.representation.Some.json;
import static io.logplane.representation.Some.node;
import static io.logplane.representation.Some.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.apply.ManagedFields.Writer;
import io.logplane.schemas.types.ResourceTypes;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Owners of one object that write in different versions of its type.
class VersionedTypeTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final VersionedType V1 = autoscaler("v1");
    private static final VersionedType V2 = autoscaler("v2");
    /// What v1 calls targetCPUUtilizationPercentage.
    private static final String CPU = "{'type':'Resource','resource':{'name':'cpu','target':{'type':'Utilization',"
            + "'averageUtilization':%d}}}";

    private static VersionedType autoscaler(String version) {
        return VersionedType.of(ResourceTypes.find("autoscaling", version, "horizontalpodautoscalers").orElseThrow());
    }

    private static ObjectNode body(VersionedType type, String spec) {
        return json("{'apiVersion':'" + type.type().apiVersion() + "','kind':'HorizontalPodAutoscaler',"
                + "'metadata':{'name':'h'},'spec':" + spec + "}");
    }

    private static ObjectNode apply(Optional<ObjectNode> live, VersionedType type, String spec, String manager,
            boolean force) {
        return ServerSideApply.apply(live, body(type, spec), new Writer(manager, force, "", NOW), type);
    }

    /// In v2, as it is stored.
    private static ObjectNode stored(ObjectNode object) {
        return object.path("apiVersion").asText().equals("autoscaling/v1") ? V2.show(object, V1) : object;
    }

    private static ObjectNode metrics(int percent) {
        return body(V2, "{'maxReplicas':5,'metrics':[" + CPU.formatted(percent) + "]}");
    }

    private static String fields(ObjectNode object, String manager) {
        for (JsonNode entry : object.at("/metadata/managedFields")) {
            if (entry.path("manager").asText().equals(manager)) {
                return entry.path("apiVersion").asText() + " " + entry.path("fieldsV1").toString().replace('"', '\'');
            }
        }
        return "";
    }

    private final ObjectNode first = stored(apply(Optional.empty(), V1,
            "{'maxReplicas':5,'targetCPUUtilizationPercentage':50}", "m1", false));

    @Test
    void an_update_in_one_version_takes_the_field_from_who_set_it_in_another() {
        ObjectNode updated = metrics(80);
        updated.withObjectProperty("metadata").set("managedFields", first.at("/metadata/managedFields"));
        ManagedFields.update(Optional.of(first), updated, new Writer("u", false, "", NOW), V2);
        assertThat(fields(updated, "m1")).isEqualTo("autoscaling/v1 {'f:spec':{'f:maxReplicas':{}}}");
        assertThat(fields(updated, "u")).isEqualTo("autoscaling/v2 {'f:spec':{'f:metrics':{}}}");
    }

    @Test
    void a_conflict_names_the_field_as_its_owner_knows_it() {
        String other = "{'metrics':[" + CPU.formatted(90) + "]}";
        assertThat(refusal(() -> apply(Optional.of(first), V2, other, "m2", false)).message()).isEqualTo(
                "Apply failed with 1 conflict: conflict with \"m1\": .spec.targetCPUUtilizationPercentage");
        ObjectNode forced = apply(Optional.of(first), V2, other, "m2", true);
        assertThat(fields(forced, "m1")).isEqualTo("autoscaling/v1 {'f:spec':{'f:maxReplicas':{}}}");
        assertThat(fields(forced, "m2")).isEqualTo("autoscaling/v2 {'f:spec':{'f:metrics':{}}}");
    }

    @Test
    void equal_values_are_shared_whatever_the_version_calls_them() {
        ObjectNode shared = apply(Optional.of(first), V2, "{'metrics':[" + CPU.formatted(50) + "]}", "m2", false);
        assertThat(fields(shared, "m1")).contains("'f:targetCPUUtilizationPercentage':{}");
        assertThat(fields(shared, "m2")).isEqualTo("autoscaling/v2 {'f:spec':{'f:metrics':{}}}");
        ObjectNode left = apply(Optional.of(shared), V2, "{'maxReplicas':5}", "m2", false);
        assertThat(left.at("/spec/metrics/0/resource/target/averageUtilization").asInt()).isEqualTo(50);
    }

    @Test
    void an_applier_that_changes_its_version_takes_out_what_it_set_in_the_former() {
        ObjectNode moved = apply(Optional.of(first), V2, "{'maxReplicas':5}", "m1", false);
        assertThat(moved.at("/spec/metrics").isMissingNode()).isTrue();
        assertThat(moved.at("/metadata/managedFields")).hasSize(1);
        assertThat(fields(moved, "m1")).isEqualTo("autoscaling/v2 {'f:spec':{'f:maxReplicas':{}}}");
    }

    @Test
    void the_same_fields_in_another_version_are_another_entry() {
        ObjectNode plain = stored(apply(Optional.empty(), V1, "{'maxReplicas':5}", "m1", false));
        ObjectNode moved = apply(Optional.of(plain), V2, "{'maxReplicas':5}", "m1", false);
        assertThat(fields(moved, "m1")).isEqualTo("autoscaling/v2 {'f:spec':{'f:maxReplicas':{}}}");
    }

    @Test
    void who_set_fields_in_a_version_that_is_gone_owns_nothing() {
        ObjectNode old = json(first.toString().replace("autoscaling/v1", "autoscaling/v2beta2"));
        ObjectNode updated = metrics(80);
        ManagedFields.update(Optional.of(old), updated, new Writer("u", false, "", NOW), V2);
        assertThat(updated.at("/metadata/managedFields")).hasSize(1);
        ObjectNode applied = apply(Optional.of(old), V2, "{'maxReplicas':6}", "m2", false);
        assertThat(applied.at("/metadata/managedFields")).hasSize(1);
        ObjectNode again = apply(Optional.of(old), V2, "{'maxReplicas':5}", "m1", false);
        assertThat(again.at("/spec/metrics")).hasSize(1);
        assertThat(fields(again, "m1")).isEqualTo("autoscaling/v2 {'f:spec':{'f:maxReplicas':{}}}");
    }

    @Test
    void an_update_that_nothing_converts_leaves_the_entries() {
        VersionedType lost = new VersionedType(V2.type(), Optional.empty(), apiVersion -> {
            throw new io.logplane.schemas.model.Refused(io.logplane.schemas.model.Refusal.of(500, "", apiVersion));
        });
        ObjectNode updated = metrics(80);
        ManagedFields.update(Optional.of(first), updated, new Writer("u", false, "", NOW), lost);
        assertThat(updated.at("/metadata/managedFields")).isEqualTo(first.at("/metadata/managedFields"));
        assertThat(refusal(() -> ServerSideApply.apply(Optional.of(first), metrics(80), new Writer("m2", true, "", NOW),
                lost)).message()).isEqualTo("autoscaling/v1");
    }

    private static ObjectNode configMap(String annotations, String data) {
        return json("{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'s'" + annotations + "},'data':" + data
                + "}");
    }

    private static ObjectNode applied(ObjectNode live, String data, String manager) {
        return ServerSideApply.apply(Optional.of(live), configMap("", data), new Writer(manager, false, "", NOW),
                VersionedType.of(CONFIG_MAP));
    }

    @Test
    void kubectl_takes_over_what_its_client_side_apply_set_and_nobody_changed() {
        String said = ",'annotations':{'kubectl.kubernetes.io/last-applied-configuration':'{\\'apiVersion\\':\\'v1\\',"
                + "\\'kind\\':\\'ConfigMap\\',\\'metadata\\':{\\'name\\':\\'s\\'},\\'data\\':{\\'a\\':\\'1\\',"
                + "\\'b\\':\\'1\\'}}\\n'}";
        ObjectNode live = configMap(said, "{'a':'1','b':'2'}");
        ManagedFields.update(Optional.empty(), live, new Writer("client", false, "", NOW), VersionedType.of(
                CONFIG_MAP));

        ObjectNode taken = applied(live, "{'a':'<7>'}", "kubectl");
        assertThat(taken.path("data")).isEqualTo(node("{'a':'<7>','b':'2'}"));
        assertThat(taken.at("/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration").asText())
                .isEqualTo("{\"apiVersion\":\"v1\",\"data\":{\"a\":\"\\u003c7\\u003e\"},\"kind\":\"ConfigMap\","
                        + "\"metadata\":{\"name\":\"s\"}}\n");
        assertThat(refusal(() -> applied(live, "{'a':'7','b':'7'}", "kubectl")).message()).isEqualTo(
                "Apply failed with 1 conflict: conflict with \"client\" using v1: .data.b");
        assertThat(refusal(() -> applied(live, "{'a':'7'}", "somebody")).message()).isEqualTo(
                "Apply failed with 1 conflict: conflict with \"client\" using v1: .data.a");
    }
}
