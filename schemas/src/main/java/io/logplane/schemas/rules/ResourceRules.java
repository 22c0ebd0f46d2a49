package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Requests and limits: which resources a container may name, and that a request stays within its limit.
final class ResourceRules {
    private ResourceRules() {
    }

    /// `claims` are the names of the pod's resource claims.
    static void container(JsonNode resources, String path, Set<String> claims, Problems problems) {
        requirements(resources, path, ResourceNames::container, problems);
        claims(resources, path + ".claims", claims, problems);
    }

    /// What a pod may use as a whole: no less than its containers ask for together, no less than any may use.
    static void pod(JsonNode spec, String path, Problems problems) {
        JsonNode resources = spec.path("resources");
        if (!resources.isObject()) {
            return;
        }
        if (Tree.text(spec, "os.name").equals("windows")) {
            problems.forbidden(path, "may not be set for a windows pod");
            return;
        }
        if (Tree.has(resources, "claims")) {
            problems.forbidden(path + ".claims", "claims may not be set for Resources at pod-level");
        }
        requirements(resources, path, ResourceNames::pod, problems);
        together(spec, path, "requests", name -> true, problems);
        together(spec, path, "limits", ResourceNames::isHugePages, problems);
        List<ObjectNode> containers = Tree.objects(spec, "containers");
        for (int i = 0; i < containers.size(); i++) {
            for (Map.Entry<String, JsonNode> limit : containers.get(i).path("resources").path("limits").properties()) {
                Quantity own = Quantity.tryParse(limit.getValue().asText()).orElse(Quantity.ZERO);
                Quantity whole = amountOf(resources.path("limits"), limit.getKey());
                if (resources.path("limits").has(limit.getKey()) && own.compareTo(whole) > 0) {
                    problems.invalid(path + ".containers[" + i + "][" + limit.getKey() + "].limits", own.toString(),
                            "must be less than or equal to pod limits of " + whole);
                }
            }
        }
    }

    private static void together(JsonNode spec, String path, String list, Predicate<String> names,
            Problems problems) {
        JsonNode amounts = spec.path("resources").path(list);
        for (Map.Entry<String, JsonNode> amount : amounts.properties()) {
            Quantity all = PodResourceDefaults.containers(spec, list, amount.getKey()).orElse(Quantity.ZERO);
            Quantity whole = amountOf(amounts, amount.getKey());
            if (names.test(amount.getKey()) && all.compareTo(whole) > 0) {
                problems.invalid(path + "." + list + "[" + amount.getKey() + "]", whole.toString(),
                        "must be greater than or equal to aggregate container " + list + " of " + all);
            }
        }
    }

    /// What running a pod costs beside its containers.
    static void overhead(JsonNode overhead, String path, Problems problems) {
        requirements(Json.newObject().set("limits", overhead), path, ResourceNames::container, problems);
    }

    private static void requirements(JsonNode resources, String path, ResourceNames.Check names, Problems problems) {
        boolean computing = false;
        boolean hugePages = false;
        for (String list : List.of("limits", "requests")) {
            for (Map.Entry<String, JsonNode> entry : resources.path(list).properties()) {
                amount(entry, path + "." + list, names, problems);
                if (list.equals("requests")) {
                    againstLimit(resources, entry.getKey(), path, problems);
                }
                hugePage(entry, path + "." + list, problems);
                computing |= Set.of("cpu", "memory").contains(entry.getKey());
                hugePages |= ResourceNames.isHugePages(entry.getKey());
            }
        }
        if (hugePages && !computing) {
            problems.forbidden(path, "HugePages require cpu or memory");
        }
    }

    /// Claims a container uses, whole or one request of theirs: each once, each one of the pod's.
    private static void claims(JsonNode resources, String path, Set<String> known, Problems problems) {
        Set<String> used = new TreeSet<>();
        List<ObjectNode> claims = Tree.objects(resources, "claims");
        for (int i = 0; i < claims.size(); i++) {
            String at = path + "[" + i + "]";
            String name = Tree.text(claims.get(i), "name");
            String request = Tree.text(claims.get(i), "request");
            if (name.isEmpty()) {
                problems.required(at);
                continue;
            }
            if (used.contains(name)) {
                problems.duplicate(at, name);
            } else {
                problems.formatIfSet(NameFormat.LABEL, claims.get(i), at, "request");
                String key = request.isEmpty() ? name : name + "/" + request;
                if (used.contains(key)) {
                    problems.duplicate(at, key);
                } else if (request.isEmpty()) {
                    used.stream().filter(other -> other.startsWith(name + "/"))
                            .forEach(other -> problems.duplicate(at, name));
                }
                used.add(key);
            }
            if (!known.contains(name)) {
                problems.notFound(at, name, "must be one of the names in pod.spec.resourceClaims"
                        + (known.isEmpty() ? " which is empty" : ": " + String.join(", ", new TreeSet<>(known))));
            }
        }
    }

    /// Amounts under names that are checked, such as a quota's.
    static void amounts(JsonNode amounts, String path, ResourceNames.Check names, Problems problems) {
        amounts.properties().forEach(entry -> amount(entry, path, names, problems));
    }

    private static void amount(Map.Entry<String, JsonNode> entry, String path, ResourceNames.Check names,
            Problems problems) {
        String at = path + "[" + entry.getKey() + "]";
        names.check(entry.getKey(), at, problems);
        amount(entry.getKey(), entry.getValue(), at, problems);
    }

    /// An amount of a resource: not negative, and whole when the resource is counted.
    static void amount(String name, JsonNode value, String at, Problems problems) {
        Optional<Quantity> quantity = Quantity.tryParse(value.asText());
        if (quantity.isPresent() && quantity.get().signum() < 0) {
            problems.invalid(at, quantity.get().toString(), Problems.NOT_NEGATIVE);
        }
        if (quantity.isPresent() && ResourceNames.isInteger(name) && quantity.get().isFraction()) {
            problems.invalid(at, quantity.get().toString(), "must be an integer");
        }
    }

    private static void hugePage(Map.Entry<String, JsonNode> entry, String path, Problems problems) {
        String name = entry.getKey();
        Optional<Quantity> quantity = Quantity.tryParse(entry.getValue().asText());
        if (!ResourceNames.isHugePages(name) || quantity.isEmpty()) {
            return;
        }
        Optional<Quantity> page = Quantity.tryParse(name.substring(ResourceNames.HUGE_PAGES.length()))
                .filter(size -> size.signum() > 0 && !size.isFraction());
        if (page.isEmpty() || quantity.get().value() % page.get().value() != 0) {
            problems.invalid(path + "[" + name + "]", quantity.get().toString(),
                    quantity.get() + " is not positive integer multiple of " + name);
        }
    }

    private static Quantity amountOf(JsonNode amounts, String name) {
        return Quantity.tryParse(amounts.path(name).asText()).orElse(Quantity.ZERO);
    }

    private static void againstLimit(JsonNode resources, String name, String path, Problems problems) {
        Quantity request = Quantity.tryParse(resources.path("requests").path(name).asText()).orElse(Quantity.ZERO);
        boolean overcommit = ResourceNames.mayBeOvercommitted(name);
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
}
