package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How much of a shared device one request may take: some amounts, or a range with steps.
final class DeviceCapacityRules {
    private static final int MAX_VALUES = 10;

    private DeviceCapacityRules() {
    }

    static void policy(String capacity, JsonNode policy, String path, Problems problems) {
        Optional<Quantity> most = Quantity.tryParse(capacity);
        Optional<Quantity> usual = Quantity.tryParse(Tree.text(policy, "default"));
        boolean values = !policy.path("validValues").isEmpty();
        boolean range = policy.path("validRange").isObject();
        if (values && range) {
            problems.forbidden(path, "exactly one policy can be specified, cannot specify \"validValues\" and "
                    + "\"validRange\" at the same time");
        } else if ((values || range) && usual.isEmpty()) {
            problems.required(path + ".default", "required when " + (values ? "validValues" : "validRange")
                    + " is defined");
        } else if (values && most.isPresent()) {
            values(usual.get(), most.get(), Tree.texts(policy, "validValues"), path + ".validValues", problems);
        } else if (range && most.isPresent()) {
            range(usual.get(), most.get(), policy.path("validRange"), path + ".validRange", problems);
        }
    }

    private static void values(Quantity usual, Quantity most, List<String> texts, String path, Problems problems) {
        List<Quantity> values = new ArrayList<>();
        texts.forEach(t -> Quantity.tryParse(t).ifPresent(values::add));
        for (int i = 1; i < values.size(); i++) {
            if (values.get(i - 1).compareTo(values.get(i)) > 0) {
                problems.invalid(path + "[" + i + "]", values.get(i).toString(),
                        "values must be sorted in ascending order");
            }
        }
        boolean tooMany = values.size() > MAX_VALUES;
        if (tooMany) {
            problems.tooMany(path, values.size(), MAX_VALUES);
        } else {
            for (int i = 0; i < values.size(); i++) {
                notAbove(values.get(i), most, path + "[" + i + "]", "option", problems);
            }
            Set<Long> seen = new HashSet<>();
            for (int i = 0; i < values.size(); i++) {
                if (!seen.add(values.get(i).value())) {
                    problems.duplicate(path + "[" + i + "]", Long.toString(values.get(i).value()));
                }
            }
        }
        if (tooMany || values.stream().noneMatch(v -> v.compareTo(usual) == 0)) {
            problems.invalid(path, usual.toString(), "default value is not valid according to the requestPolicy");
        }
    }

    private static void range(Quantity usual, Quantity most, JsonNode range, String path, Problems problems) {
        Optional<Quantity> min = Quantity.tryParse(Tree.text(range, "min"));
        Optional<Quantity> max = Quantity.tryParse(Tree.text(range, "max"));
        if (min.isEmpty()) {
            problems.required(path + ".min", "required when validRange is defined");
            return;
        }
        notAbove(min.get(), most, path + ".min", "min", problems);
        if (usual.compareTo(min.get()) < 0) {
            problems.invalid(path + ".min", usual.toString(), "default is less than min: " + min.get());
        }
        if (max.isPresent()) {
            if (min.get().compareTo(max.get()) > 0) {
                problems.invalid(path + ".max", min.get().toString(), "min is larger than max: " + max.get());
            }
            notAbove(max.get(), most, path + ".max", "max", problems);
            if (usual.compareTo(max.get()) > 0) {
                problems.invalid(path + ".max", usual.toString(), "default is more than max: " + max.get());
            }
        }
        Optional<Quantity> step = Quantity.tryParse(Tree.text(range, "step"));
        if (step.isPresent()) {
            steps(min.get(), step.get(), most, path + ".step", problems);
            onStep(usual, min.get(), step.get(), path + ".step", problems);
            max.ifPresent(last -> onStep(last, min.get(), step.get(), path + ".step", problems));
        }
    }

    private static void steps(Quantity min, Quantity step, Quantity most, String path, Problems problems) {
        Quantity second = min.plus(step);
        if (step.signum() <= 0) {
            problems.invalid(path, step.toString(), "must be greater than zero");
        } else if (second.compareTo(most) > 0) {
            problems.invalid(path, step.toString(), "one step " + second + " is larger than capacity value: " + most);
        }
    }

    private static void onStep(Quantity value, Quantity min, Quantity step, String path, Problems problems) {
        if (step.signum() > 0 && (value.value() - min.value()) % step.value() != 0) {
            problems.invalid(path, value.toString(), "value is not a multiple of a given step (" + step + ") from ("
                    + min + ")");
        }
    }

    private static void notAbove(Quantity value, Quantity most, String path, String name, Problems problems) {
        if (value.compareTo(most) > 0) {
            problems.invalid(path, value.toString(), name + " is larger than capacity value: " + most);
        }
    }
}
