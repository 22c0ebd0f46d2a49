package io.logplane.controllers.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Selector;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.Watch;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A cluster role with an aggregation rule has the rules of all roles the rule selects.
///
/// **Reads** clusterroles. **Writes** rules of those that aggregate. **Never** touches another role.
/// **Source** kubernetes/pkg/controller/clusterroleaggregation.
public final class RoleAggregation implements Controller {

    @Override
    public String name() {
        return "clusterrole-aggregation";
    }

    @Override
    public String account() {
        return "clusterrole-aggregation-controller";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.Itself(Type.CLUSTER_ROLES), new Watch.AllOf(Type.CLUSTER_ROLES, Type.CLUSTER_ROLES));
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> found = observed.view().get(primary);
        if (found.isEmpty() || found.get().meta().deleting() || !found.get().json().path("aggregationRule")
                .isObject()) {
            return Plan.NOTHING;
        }
        Entry role = found.get();
        ArrayNode rules = Json.MAPPER.createArrayNode();
        for (Entry other : observed.view().list(Type.CLUSTER_ROLES)) {
            boolean selected = !other.key().equals(primary) && selects(role, other);
            for (JsonNode rule : selected ? other.json().path("rules") : Json.MAPPER.createArrayNode()) {
                addOnce(rules, rule);
            }
        }
        if (role.json().path("rules").equals(rules) || rules.isEmpty() && role.json().path("rules").isEmpty()) {
            return Plan.NOTHING;
        }
        ObjectNode patch = Json.newObject();
        patch.set("rules", rules);
        return Plan.of(List.of(new Action.Patch(primary, "", patch, role.uid(), OptionalLong.of(role.revision()),
                Notes.NONE)));
    }

    private static boolean selects(Entry role, Entry other) {
        for (JsonNode selector : role.json().path("aggregationRule").path("clusterRoleSelectors")) {
            if (Selector.matches(selector, other.meta().labels())) {
                return true;
            }
        }
        return false;
    }

    private static void addOnce(ArrayNode rules, JsonNode rule) {
        for (JsonNode have : rules) {
            if (have.equals(rule)) {
                return;
            }
        }
        rules.add(rule.deepCopy());
    }
}
