package io.logplane.representation.apply;

import static io.logplane.representation.Some.CONFIG_MAP;
import static io.logplane.representation.Some.DEPLOYMENT;
import static io.logplane.representation.Some.json;
import static io.logplane.representation.Some.node;
import static io.logplane.representation.Some.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.apply.ManagedFields.Writer;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.types.ResourceType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerSideApplyTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final String DEPLOY = "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'d'},'spec':";

    private static ObjectNode configMap(String data) {
        return json("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'s'},'data':" + data + "}");
    }

    private static ObjectNode apply(Optional<ObjectNode> live, ObjectNode applied, String manager, boolean force,
            ResourceType type) {
        ObjectNode result = ServerSideApply.apply(live, applied, new Writer(manager, force, "", NOW),
                VersionedType.of(type));
        ((ObjectNode) result.get("metadata")).put("uid", "u");
        return result;
    }

    private static ObjectNode apply(ObjectNode live, String data, String manager) {
        return apply(Optional.of(live), configMap(data), manager, false, CONFIG_MAP);
    }

    private static void update(Optional<ObjectNode> live, ObjectNode updated, String manager, ResourceType type,
            Instant now) {
        ManagedFields.update(live, updated, new Writer(manager, false, "", now), VersionedType.of(type));
    }

    private static JsonNode fields(ObjectNode object, int entry) {
        return object.at("/metadata/managedFields/" + entry + "/fieldsV1");
    }

    private final ObjectNode first = apply(Optional.empty(), configMap("{'a':'1'}"), "m1", false, CONFIG_MAP);

    @Test
    void creating_gives_the_applier_its_fields() {
        assertThat(first).isEqualTo(
                json("{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'s','uid':'u','managedFields':"
                        + "[{'manager':'m1','operation':'Apply','apiVersion':'v1','time':'2026-01-02T03:04:05Z','fieldsType':'FieldsV1',"
                        + "'fieldsV1':{'f:data':{'f:a':{}}}}]},'data':{'a':'1'}}"));
    }

    @Test
    void applying_the_same_again_changes_nothing_not_even_the_time() {
        ObjectNode again = ServerSideApply.apply(Optional.of(first), configMap("{'a':'1'}"), new Writer("m1", false,
                "", NOW.plusSeconds(60)), VersionedType.of(CONFIG_MAP));
        assertThat(again).isEqualTo(first);
    }

    @Test
    void a_field_of_another_manager_is_a_conflict() {
        Refusal refusal = refusal(() -> apply(first, "{'a':'2'}", "m2"));
        assertThat(refusal.code()).isEqualTo(409);
        assertThat(refusal.reason()).isEqualTo("Conflict");
        assertThat(refusal.message()).isEqualTo("Apply failed with 1 conflict: conflict with \"m1\": .data.a");
        assertThat(refusal.details().orElseThrow().causes())
                .isEqualTo(List.of(new Refusal.Cause("FieldManagerConflict", "conflict with \"m1\"", ".data.a")));
    }

    @Test
    void several_conflicts_are_listed_by_manager() {
        ObjectNode both = apply(first, "{'b':'2'}", "m2");
        assertThat(refusal(() -> apply(both, "{'a':'x','b':'x'}", "m3")).message()).isEqualTo(
                "Apply failed with 2 conflicts: conflicts with \"m1\":\n- .data.a\nconflicts with \"m2\":\n- .data.b");
    }

    @Test
    void agreeing_values_are_shared_without_conflict() {
        ObjectNode shared = apply(first, "{'a':'1'}", "m2");
        assertThat(fields(shared, 0)).isEqualTo(node("{'f:data':{'f:a':{}}}")).isEqualTo(fields(shared, 1));
    }

    @Test
    void force_takes_the_field_and_empties_its_former_owner() {
        ObjectNode both = apply(first, "{'b':'2'}", "m2");
        ObjectNode forced = apply(Optional.of(both), configMap("{'a':'2','b':'2'}"), "m2", true, CONFIG_MAP);
        assertThat(forced.path("data")).isEqualTo(node("{'a':'2','b':'2'}"));
        assertThat(forced.at("/metadata/managedFields")).hasSize(1);
        assertThat(fields(forced, 0)).isEqualTo(node("{'f:data':{'f:a':{},'f:b':{}}}"));
    }

    @Test
    void what_is_no_longer_applied_goes_unless_somebody_else_owns_it() {
        ObjectNode shared = apply(apply(first, "{'a':'1','b':'2'}", "m2"), "{'c':'3'}", "m1");
        assertThat(shared.path("data")).isEqualTo(node("{'a':'1','b':'2','c':'3'}"));
        assertThat(apply(shared, "{'b':'2'}", "m2").path("data")).isEqualTo(node("{'b':'2','c':'3'}"));
    }

    @Test
    void bodies_that_are_not_of_the_type_are_refused() {
        assertThat(refusal(() -> apply(Optional.of(first), json("{'data':{}}"), "m1", false, CONFIG_MAP)))
                .isEqualTo(Refusal.of(400, "BadRequest", "invalid object type: /, Kind="));
        ObjectNode managed = configMap("{'a':'1'}");
        ((ObjectNode) managed.get("metadata")).putArray("managedFields");
        assertThat(refusal(() -> apply(Optional.of(first), managed, "m1", false, CONFIG_MAP)))
                .isEqualTo(Refusal.of(400, "BadRequest", "metadata.managedFields must be nil"));
        assertThat(refusal(() -> apply(Optional.empty(), json(DEPLOY + "{'replicaz':1}}"), "m1", false, DEPLOYMENT))
                .message())
                .isEqualTo("failed to create typed patch object (/d; apps/v1, Kind=Deployment): .spec.replicaz: "
                        + "field not declared in schema");
    }

    @Test
    void an_update_takes_the_changed_fields_only() {
        ObjectNode updated = configMap("{'a':'7','b':'2'}");
        update(Optional.of(apply(first, "{'b':'2'}", "m2")), updated, "u1", CONFIG_MAP, NOW);
        assertThat(updated.at("/metadata/managedFields")).hasSize(2);
        assertThat(fields(updated, 0)).isEqualTo(node("{'f:data':{'f:b':{}}}"));
        assertThat(updated.at("/metadata/managedFields/1"))
                .isEqualTo(node("{'manager':'u1','operation':'Update','apiVersion':'v1',"
                        + "'time':'2026-01-02T03:04:05Z','fieldsType':'FieldsV1','fieldsV1':{'f:data':{'f:a':{}}}}"));
    }

    @Test
    void creating_owns_containers_too() {
        ObjectNode created = json(
                "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'s','labels':{'l':'1'}},'data':{'a':'1'}}");
        update(Optional.empty(), created, "kubectl-create", CONFIG_MAP, NOW);
        assertThat(fields(created, 0))
                .isEqualTo(node("{'f:data':{'.':{},'f:a':{}},'f:metadata':{'f:labels':{'.':{},'f:l':{}}}}"));
    }

    @Test
    void an_update_that_changes_nothing_keeps_the_entries() {
        ObjectNode same = first.deepCopy();
        update(Optional.of(first), same, "u1", CONFIG_MAP, NOW.plusSeconds(9));
        assertThat(same).isEqualTo(first);
    }

    @Test
    void one_empty_entry_resets() {
        ObjectNode reset = first.deepCopy();
        ((ObjectNode) reset.get("metadata")).putArray("managedFields").addObject();
        update(Optional.of(first), reset, "u1", CONFIG_MAP, NOW);
        assertThat(reset.at("/metadata/managedFields").isMissingNode()).isTrue();
    }

    @Test
    void status_is_not_owned_through_the_main_resource() {
        ObjectNode created = json(DEPLOY + "{'replicas':1},'status':{'replicas':1}}");
        update(Optional.empty(), created, "m", withStatus(), NOW);
        assertThat(fields(created, 0)).isEqualTo(node("{'f:spec':{'f:replicas':{}}}"));
    }

    private static ResourceType withStatus() {
        ResourceType type = DEPLOYMENT;
        return new ResourceType(type.group(), type.version(), type.kind(), type.plural(), type.singular(), List.of(),
                List.of(), true,
                type.verbs(),
                List.of(new io.logplane.schemas.types.Subresource("status", "apps", "v1", "Deployment", type.verbs())),
                List.of(), List.of(), type.rules());
    }

    @Test
    void lists_with_keys_are_shared_item_by_item() {
        ObjectNode applied = json(
                DEPLOY + "{'replicas':0,'paused':true,'selector':{'matchLabels':{'app':'d'}},'template':{'metadata':"
                        + "{'labels':{'app':'d'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}");
        ObjectNode live = apply(Optional.empty(), applied, "m1", false, DEPLOYMENT);
        assertThat(fields(live, 0).toString().replace("\\\"", "*").replace('"', '\''))
                .isEqualTo("{'f:spec':{'f:paused':{},'f:replicas':{},"
                        + "'f:selector':{},'f:template':{'f:metadata':{'f:labels':{'f:app':{}}},'f:spec':{'f:containers':"
                        + "{'k:{*name*:*c*}':{'.':{},'f:image':{},'f:name':{}}}}}}}");
        ObjectNode env = json(
                DEPLOY + "{'template':{'spec':{'containers':[{'name':'c','env':[{'name':'E','value':'v'}]}]}}}}");
        ObjectNode second = apply(Optional.of(live), env, "m2", false, DEPLOYMENT);
        ObjectNode other = json(DEPLOY
                + "{'template':{'spec':{'containers':[{'name':'second','image':'j','ports':[{'containerPort':80}]}]}}}}");
        ObjectNode third = apply(Optional.of(second), other, "m3", false, DEPLOYMENT);
        assertThat(third.at("/spec/template/spec/containers"))
                .isEqualTo(node("[{'name':'c','image':'i','env':[{'name':'E','value':'v'}],"
                        + "'resources':{}},{'name':'second','image':'j','ports':[{'containerPort':80}],'resources':{}}]"));
        assertThat(fields(third, 2).toString())
                .contains(
                        "k:{\\\"containerPort\\\":80,\\\"protocol\\\":\\\"TCP\\\"}\":{\".\":{},\"f:containerPort\":{}}");
        ObjectNode gone = apply(Optional.of(third), json(DEPLOY + "{'paused':true}}"), "m3", false, DEPLOYMENT);
        assertThat(gone.at("/spec/template/spec/containers")).hasSize(1);
        assertThat(refusal(() -> apply(Optional.of(second), json(DEPLOY + "{'replicas':3}}"), "m2", false, DEPLOYMENT))
                .message())
                .isEqualTo("Apply failed with 1 conflict: conflict with \"m1\": .spec.replicas");
    }

    @Test
    void an_object_without_entries_keeps_what_it_had_on_first_apply() {
        ObjectNode live = json(
                "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'s'},'data':{'a':'1','z':'9'}}");
        ObjectNode applied = apply(live, "{'a':'1'}", "m1");
        assertThat(applied.path("data")).isEqualTo(node("{'a':'1','z':'9'}"));
        assertThat(applied.at("/metadata/managedFields/1/manager").asText()).isEqualTo("before-first-apply");
        assertThat(refusal(() -> apply(live, "{'a':'2'}", "m1")).message())
                .isEqualTo("Apply failed with 1 conflict: conflict with \"before-first-apply\" using v1: .data.a");
    }

    @Test
    void duplicates_in_a_keyed_list_are_refused() {
        assertThat(refusal(() -> apply(Optional.empty(),
                json(DEPLOY + "{'template':{'spec':{'containers':[{'name':'c'},{'name':'c'}]}}}}"), "m", false,
                DEPLOYMENT)).message())
                .endsWith(".spec.template.spec.containers: duplicate entries for key [name=\"c\"]");
    }

    @Test
    void updaters_beyond_ten_are_put_together() {
        ObjectNode live = configMap("{'k0':'0'}");
        update(Optional.empty(), live, "u0", CONFIG_MAP, NOW);
        for (int i = 1; i <= 14; i++) {
            ObjectNode next = live.deepCopy();
            ((ObjectNode) next.get("data")).put("k" + i, "1");
            update(Optional.of(live), next, "u" + i, CONFIG_MAP, NOW.plusSeconds(i));
            live = next;
        }
        assertThat(live.at("/metadata/managedFields")).hasSize(10);
        assertThat(live.at("/metadata/managedFields").findValuesAsText("manager")).contains("ancient-changes", "u14");
    }

    /// The rules say later what is wrong with a key that is absent: the schema assumes Go's zero value.
    @Test
    void an_absent_key_is_its_zero_value() {
        ObjectNode made = apply(Optional.empty(),
                json(DEPLOY + "{'template':{'spec':{'containers':[{'image':'x'}]}}}}"),
                "m1", false, DEPLOYMENT);
        assertThat(made.at("/metadata/managedFields/0/fieldsV1/f:spec/f:template/f:spec/f:containers").toString())
                .isEqualTo("{\"k:{\\\"name\\\":\\\"\\\"}\":{\".\":{},\"f:image\":{}}}");
    }
}
