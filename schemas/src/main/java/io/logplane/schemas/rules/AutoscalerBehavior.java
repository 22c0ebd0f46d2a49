package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// How fast autoscalers may move, in the form of autoscaling/v2. Pure.
///
/// Source: the page "Horizontal Pod Autoscaling" of kubernetes.io, section "Configurable scaling behavior".
final class AutoscalerBehavior {
    private static final int MAX_WINDOW_SECONDS = 3600;
    private static final int MAX_PERIOD_SECONDS = 1800;
    private static final int PERIOD = 15;
    private static final int PODS = 4;
    private static final int PERCENT = 100;

    private AutoscalerBehavior() {
    }

    /// Once somebody says anything about behavior, everything is said.
    static void applyDefaults(ObjectNode spec) {
        if (!(spec.path("behavior") instanceof ObjectNode behavior)) {
            return;
        }
        ObjectNode up = Tree.object(behavior, "scaleUp");
        Tree.setDefault(up, "stabilizationWindowSeconds", 0);
        Tree.setDefault(up, "selectPolicy", "Max");
        if (!Tree.has(up, "policies")) {
            ArrayNode policies = up.putArray("policies");
            policy(policies, "Pods", PODS);
            policy(policies, "Percent", PERCENT);
        }
        ObjectNode down = Tree.object(behavior, "scaleDown");
        Tree.setDefault(down, "selectPolicy", "Max");
        if (!Tree.has(down, "policies")) {
            policy(down.putArray("policies"), "Percent", PERCENT);
        }
    }

    private static void policy(ArrayNode policies, String type, int value) {
        policies.addObject().put("type", type).put("value", value).put("periodSeconds", PERIOD);
    }

    static void validate(JsonNode behavior, Problems problems) {
        for (String direction : List.of("scaleUp", "scaleDown")) {
            if (behavior.path(direction).isObject()) {
                rules(behavior.path(direction), "spec.behavior." + direction, problems);
            }
        }
    }

    private static void rules(JsonNode rules, String path, Problems problems) {
        long window = Tree.number(rules, "stabilizationWindowSeconds");
        if (window < 0) {
            problems.invalid(path + ".stabilizationWindowSeconds", window, "must be greater than or equal to zero");
        } else if (window > MAX_WINDOW_SECONDS) {
            problems.invalid(path + ".stabilizationWindowSeconds", window,
                    "must be less than or equal to " + MAX_WINDOW_SECONDS);
        }
        problems.oneOfIfSet(rules, path, "selectPolicy", "Disabled", "Max", "Min");
        List<ObjectNode> policies = Tree.objects(rules, "policies");
        if (policies.isEmpty()) {
            problems.required(path + ".policies", "must specify at least one Policy");
        }
        for (int i = 0; i < policies.size(); i++) {
            policy(policies.get(i), path + ".policies[" + i + "]", problems);
        }
        JsonNode tolerance = rules.path("tolerance");
        if (Tree.has(rules, "tolerance")
                && Quantity.tryParse(tolerance.asText()).filter(q -> q.signum() < 0).isPresent()) {
            problems.invalid(path + ".tolerance", tolerance, Problems.NOT_NEGATIVE);
        }
    }

    private static void policy(ObjectNode policy, String path, Problems problems) {
        String type = Tree.text(policy, "type");
        if (!type.equals("Pods") && !type.equals("Percent")) {
            problems.notSupported(path + ".type", type, "Percent", "Pods");
        }
        long value = Tree.number(policy, "value");
        if (value <= 0) {
            problems.invalid(path + ".value", value, "must be greater than zero");
        }
        long period = Tree.number(policy, "periodSeconds");
        if (period <= 0) {
            problems.invalid(path + ".periodSeconds", period, "must be greater than zero");
        } else if (period > MAX_PERIOD_SECONDS) {
            problems.invalid(path + ".periodSeconds", period, "must be less than or equal to " + MAX_PERIOD_SECONDS);
        }
    }
}
