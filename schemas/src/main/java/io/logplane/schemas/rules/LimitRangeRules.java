package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Rules;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// LimitRanges: least, most and default of what one container, pod or claim may ask for.
///
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (ValidateLimitRange).
public final class LimitRangeRules implements Rules {
    private static final List<String> KINDS = List.of("max", "min", "default", "defaultRequest",
            "maxLimitRequestRatio");
    private static final Set<String> TYPES = Set.of("Pod", "Container", "PersistentVolumeClaim");
    private static final Quantity ONE = Quantity.of(1);
    private static final long MAX_MILLI = Long.MAX_VALUE / 1000;
    private static final double MILLE = 1000;

    @Override
    public boolean allowsCreateOnUpdate() {
        return true;
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        for (ObjectNode limit : Tree.objects(object, "spec.limits")) {
            for (String kind : KINDS) {
                if (limit.path(kind) instanceof ObjectNode amounts) {
                    QuantityDefaults.canonical(amounts);
                }
            }
            if (Tree.text(limit, "type").equals("Container")) {
                containerDefaults(limit);
            }
        }
    }

    /// One without a name gets one, as from upstream, that nobody can guess.
    @Override
    public void prepareForCreate(ObjectNode object) {
        ObjectNode metadata = Tree.object(object, "metadata");
        Tree.setDefault(metadata, "name", Tree.text(metadata, "uid"));
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Problems problems = new Problems();
        List<ObjectNode> limits = Tree.objects(object, "spec.limits");
        Set<String> types = new HashSet<>();
        for (int i = 0; i < limits.size(); i++) {
            String at = "spec.limits[" + i + "]";
            String type = Tree.text(limits.get(i), "type");
            typeName(type, at + ".type", problems);
            if (!types.add(type)) {
                problems.duplicate(at + ".type", type);
            }
            names(limits.get(i), type, at, problems);
            Set<String> names = new TreeSet<>();
            for (String kind : KINDS) {
                if (!type.equals("Pod") || !kind.startsWith("default")) {
                    limits.get(i).path(kind).properties().forEach(amount -> names.add(amount.getKey()));
                }
            }
            for (String name : names) {
                new Item(limits.get(i), name, at, problems).check();
            }
        }
        return problems.list();
    }

    private static void typeName(String type, String path, Problems problems) {
        problems.format(NameFormat.QUALIFIED, path, type);
        if (NameFormat.QUALIFIED.accepts(type) && !type.contains("/") && !TYPES.contains(type)) {
            problems.invalid(path, type, "must be a standard limit type or fully qualified");
        }
    }

    private static void names(ObjectNode limit, String type, String at, Problems problems) {
        boolean running = type.equals("Pod") || type.equals("Container");
        for (String kind : KINDS) {
            if (kind.equals("maxLimitRequestRatio") && type.equals("PersistentVolumeClaim")
                    && !limit.path("min").has("storage") && !limit.path("max").has("storage")) {
                problems.required(at + ".limits",
                        "either minimum or maximum storage value is required, but neither was provided");
            }
            if (type.equals("Pod") && kind.startsWith("default")) {
                if (!limit.path(kind).isEmpty()) {
                    problems.forbidden(at + "." + kind, "may not be specified when `type` is 'Pod'");
                }
                continue;
            }
            for (Map.Entry<String, JsonNode> amount : limit.path(kind).properties()) {
                String path = at + "." + kind + "[" + amount.getKey() + "]";
                if (running) {
                    ResourceNames.container(amount.getKey(), path, problems);
                } else {
                    ResourceNames.any(amount.getKey(), path, problems);
                }
            }
        }
    }

    /// What is missing follows from what is there: the limit from the maximum, the request from limit or minimum.
    private static void containerDefaults(ObjectNode limit) {
        fill(limit, "default", limit.path("max"));
        fill(limit, "defaultRequest", limit.path("default"));
        fill(limit, "defaultRequest", limit.path("min"));
    }

    private static void fill(ObjectNode limit, String kind, JsonNode from) {
        for (Map.Entry<String, JsonNode> amount : List.copyOf(from.properties())) {
            ObjectNode target = Tree.object(limit, kind);
            if (!target.has(amount.getKey())) {
                target.set(amount.getKey(), amount.getValue());
            }
        }
    }

    /// The amounts of one resource in one limit, against each other.
    private record Item(ObjectNode limit, String name, String at, Problems problems) {

        void check() {
            order("min", "max", "min", "min", "min value %s is greater than max value %s");
            order("min", "defaultRequest", "defaultRequest", "defaultRequest",
                    "min value %s is greater than default request value %s");
            order("defaultRequest", "max", "defaultRequest", "defaultRequest",
                    "default request value %s is greater than max value %s");
            order("defaultRequest", "default", "defaultRequest", "defaultRequest",
                    "default request value %s is greater than default limit value %s");
            order("min", "default", "default", "min", "min value %s is greater than default value %s");
            order("default", "max", "default", "max", "default value %s is greater than max value %s");
            amount("maxLimitRequestRatio").ifPresent(this::ratio);
            Optional<Quantity> standing = amount("default");
            Optional<Quantity> request = amount("defaultRequest");
            if (!ResourceNames.mayBeOvercommitted(name) && standing.isPresent() && request.isPresent()
                    && !standing.equals(request)) {
                invalid("defaultRequest", request.get(), "default value " + standing.get()
                        + " must equal to defaultRequest value " + request.get() + " in " + name);
            }
        }

        /// The first of two amounts may not be the greater one.
        private void order(String low, String high, String field, String shown, String message) {
            Optional<Quantity> less = amount(low);
            Optional<Quantity> more = amount(high);
            if (less.isPresent() && more.isPresent() && less.get().compareTo(more.get()) > 0) {
                invalid(field, amount(shown).orElseThrow(), message.formatted(less.get(), more.get()));
            }
        }

        private void ratio(Quantity ratio) {
            if (ratio.compareTo(ONE) < 0) {
                invalid("maxLimitRequestRatio", ratio, "ratio " + ratio + " is less than 1");
            }
            Optional<Quantity> min = amount("min");
            Optional<Quantity> max = amount("max");
            if (min.isEmpty() || max.isEmpty()) {
                return;
            }
            boolean small = ratio.value() < MAX_MILLI && min.get().value() < MAX_MILLI && max.get().value() < MAX_MILLI;
            double least = small ? min.get().milliValue() : min.get().value();
            double bound = (small ? max.get().milliValue() : max.get().value()) / least;
            if ((small ? ratio.milliValue() / MILLE : ratio.value()) > bound) {
                invalid("maxLimitRequestRatio", ratio, String.format(Locale.ROOT,
                        "ratio %s is greater than max/min = %f", ratio, bound));
            }
        }

        private void invalid(String field, Quantity shown, String detail) {
            problems.invalid(at + "." + field + "[" + name + "]", shown.toString(), detail);
        }

        /// Pods have no defaults.
        private Optional<Quantity> amount(String kind) {
            boolean none = kind.startsWith("default") && Tree.text(limit, "type").equals("Pod");
            return none ? Optional.empty() : Quantity.tryParse(limit.path(kind).path(name).asText());
        }
    }
}
