package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Quantity;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Requests and limits: which resources a container may name, and that a request stays within its limit.
final class ResourceRules {
    private static final Set<String> STANDARD = Set.of("cpu", "memory", "ephemeral-storage");
    private static final String HUGE_PAGES = "hugepages-";

    private ResourceRules() {
    }

    static void container(JsonNode resources, String path, Problems problems) {
        for (Map.Entry<String, JsonNode> limit : resources.path("limits").properties()) {
            amount(limit, path + ".limits", problems);
        }
        for (Map.Entry<String, JsonNode> request : resources.path("requests").properties()) {
            amount(request, path + ".requests", problems);
            againstLimit(resources, request.getKey(), path, problems);
        }
    }

    /// A map of amounts that need no limit, such as a node's capacity or a quota.
    static void amounts(JsonNode amounts, String path, Problems problems) {
        for (Map.Entry<String, JsonNode> entry : amounts.properties()) {
            notNegative(entry, path, problems);
        }
    }

    private static void amount(Map.Entry<String, JsonNode> entry, String path, Problems problems) {
        String name = entry.getKey();
        String at = path + "[" + name + "]";
        problems.format(NameFormat.QUALIFIED, at, name);
        if (!name.contains("/") && !STANDARD.contains(name) && !name.startsWith(HUGE_PAGES)) {
            problems.invalid(at, name, "must be a standard resource for containers");
        }
        notNegative(entry, path, problems);
        Optional<Quantity> quantity = Quantity.tryParse(entry.getValue().asText());
        if (isWhole(name) && quantity.isPresent() && quantity.get().isFraction()) {
            problems.invalid(at, quantity.get().toString(), "must be an integer");
        }
    }

    private static void notNegative(Map.Entry<String, JsonNode> entry, String path, Problems problems) {
        Quantity.tryParse(entry.getValue().asText()).filter(q -> q.signum() < 0).ifPresent(
                q -> problems.invalid(path + "[" + entry.getKey() + "]", q.toString(), Problems.NOT_NEGATIVE));
    }

    private static void againstLimit(JsonNode resources, String name, String path, Problems problems) {
        Quantity request = Quantity.tryParse(resources.path("requests").path(name).asText()).orElse(Quantity.ZERO);
        boolean overcommit = !isWhole(name);
        if (!resources.path("limits").has(name)) {
            if (!overcommit) {
                problems.required(path + ".limits", "Limit must be set for non overcommitable resources");
            }
            return;
        }
        Optional<Quantity> limit = Quantity.tryParse(resources.path("limits").path(name).asText());
        if (limit.isEmpty()) {
            return;
        }
        if (!overcommit && !request.equals(limit.get())) {
            problems.invalid(path + ".requests", request.toString(),
                    "must be equal to " + name + " limit of " + limit.get());
        } else if (overcommit && request.compareTo(limit.get()) > 0) {
            problems.invalid(path + ".requests", request.toString(),
                    "must be less than or equal to " + name + " limit of " + limit.get());
        }
    }

    /// Devices and huge pages come whole and cannot be promised twice.
    private static boolean isWhole(String name) {
        return name.startsWith(HUGE_PAGES) || name.contains("/") && !name.contains("kubernetes.io/");
    }
}
