package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// ResourceSlices: the devices that a driver has, on one node or on many.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/resource-slice-v1/
public record DeviceSliceRules() implements Specified {
    private static final int MAX_DEVICES = 128;
    /// With taints or counters every device is longer.
    private static final int MAX_LONG_DEVICES = 64;
    private static final int MAX_COUNTER_SETS = 8;
    private static final int MAX_TAINTS = 16;
    private static final int MAX_CONSUMPTIONS = 2;
    private static final int MAX_VALUE = 64;
    /// A domain, a slash and an identifier.
    private static final int MAX_NAME = 63 + 1 + 32;
    private static final String ANY_NODE = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, "
            + "`perDeviceNodeSelection` is required";
    private static final String DEVICE_NODE = "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required "
            + "when `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
    private static final String PART = "(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)";
    private static final String BUILD = "[0-9a-zA-Z-]+";
    private static final Pattern SEMANTIC = Pattern.compile("(0|[1-9]\\d*)(\\.(0|[1-9]\\d*)){2}(-" + PART + "(\\."
            + PART + ")*)?(\\+" + BUILD + "(\\." + BUILD + ")*)?");

    @Override
    public void prepareForCreate(ObjectNode object) {
        prepareForUpdate(object, Json.newObject());
    }

    @Override
    public void prepareForUpdate(ObjectNode object, ObjectNode old) {
        DisabledFields.devices(object, old);
    }

    /// Taints tell since when they are there.
    @Override
    public void stamp(String subresource, ObjectNode object, ObjectNode old, String now) {
        for (ObjectNode device : Tree.objects(object, "spec.devices")) {
            Tree.objects(device, "taints").forEach(taint -> Tree.setDefault(taint, "timeAdded", now));
        }
    }

    @Override
    public List<FieldError> validateCreate(ObjectNode object) {
        Problems problems = new Problems();
        head(object.path("spec"), problems);
        body(object.path("spec"), problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        head(object.path("spec"), problems);
        problems.unchanged(object, old, "spec.pool", "name");
        problems.unchanged(object, old, "spec", "driver");
        problems.unchanged(object, old, "spec", "nodeName");
        body(object.path("spec"), problems);
        return problems.list();
    }

    private static void head(JsonNode spec, Problems problems) {
        problems.driverName("spec.driver", Tree.text(spec, "driver"));
        pool(spec.path("pool"), problems);
    }

    private static void body(JsonNode spec, Problems problems) {
        boolean perDevice = Tree.flag(spec, "perDeviceNodeSelection");
        nodes(spec, problems);
        if (spec.path("sharedCounters").isArray() && spec.path("devices").isArray()) {
            problems.invalid("spec", "", "only one of `sharedCounters` or `devices` is allowed");
        }
        boolean isLong = Tree.objects(spec, "devices").stream().anyMatch(d -> !d.path("taints").isEmpty() || !d.path(
                "consumesCounters").isEmpty());
        DeviceRules.set(spec, "spec", "devices", isLong ? MAX_LONG_DEVICES : MAX_DEVICES, DeviceRules.text("name"),
                problems, (device, at) -> device(device, at, perDevice, problems));
        DeviceRules.set(spec, "spec", "sharedCounters", MAX_COUNTER_SETS, DeviceRules.text("name"), problems,
                (set, at) -> counters(set, at, "name", problems));
    }

    @Override
    public List<String> warnings(ObjectNode object) {
        String driver = Tree.text(object, "spec.driver");
        return driver.equals(driver.toLowerCase(Locale.ROOT))
                ? List.of()
                : List.of("spec.driver: driver names should be lowercase; " + Problems.quoted(driver)
                        + " contains uppercase characters");
    }

    private static void pool(JsonNode pool, Problems problems) {
        DeviceRules.poolName("spec.pool.name", Tree.text(pool, "name"), problems);
        if (Tree.number(pool, "resourceSliceCount") <= 0) {
            problems.invalid("spec.pool.resourceSliceCount", Tree.number(pool, "resourceSliceCount"),
                    "must be greater than zero");
        }
        if (Tree.number(pool, "generation") < 0) {
            problems.invalid("spec.pool.generation", Tree.number(pool, "generation"),
                    "must be greater than or equal to zero");
        }
    }

    private static void nodes(JsonNode spec, Problems problems) {
        List<String> set = new ArrayList<>();
        places(spec, "spec", "must be either unset or set to a non-empty string", set, problems);
        JsonNode terms = Tree.at(spec, "nodeSelector.nodeSelectorTerms");
        if (spec.path("nodeSelector").isObject() && terms.size() != 1) {
            problems.invalid("spec.nodeSelector.nodeSelectorTerms", GoStruct.list(terms, "NodeSelectorTerm"),
                    "must have exactly one node selector term");
        }
        flag(spec, "spec", "allNodes", set, problems);
        flag(spec, "spec", "perDeviceNodeSelection", set, problems);
        if (set.isEmpty()) {
            problems.required("spec", ANY_NODE);
        } else if (set.size() > 1) {
            problems.invalid("spec", "{" + String.join(", ", set) + "}", ANY_NODE + ", but multiple fields are set");
        }
    }

    /// Puts into `set` which of the ways to name some nodes are used.
    private static void places(JsonNode holder, String path, String noName, List<String> set, Problems problems) {
        if (Tree.has(holder, "nodeName")) {
            String name = Tree.text(holder, "nodeName");
            if (name.isEmpty()) {
                problems.invalid(path + ".nodeName", name, noName);
            } else {
                set.add("`nodeName`");
                problems.format(NameFormat.SUBDOMAIN, path + ".nodeName", name);
            }
        }
        if (holder.path("nodeSelector").isObject()) {
            set.add("`nodeSelector`");
            SchedulingRules.nodeSelector(holder.path("nodeSelector"), path + ".nodeSelector", problems);
        }
    }

    private static void flag(JsonNode holder, String path, String field, List<String> set, Problems problems) {
        if (Tree.flag(holder, field)) {
            set.add("`" + field + "`");
        } else if (Tree.has(holder, field)) {
            problems.invalid(path + "." + field, holder.path(field), "must be either unset or set to true");
        }
    }

    private static void device(ObjectNode device, String path, boolean perDevice, Problems problems) {
        problems.format(NameFormat.LABEL, path + ".name", Tree.text(device, "name"));
        int size = device.path("attributes").size() + device.path("capacity").size();
        if (size > DeviceRules.MAX_LIST) {
            problems.invalid(path, size, "the total number of attributes and capacities must not exceed "
                    + DeviceRules.MAX_LIST);
        }
        for (Map.Entry<String, JsonNode> entry : device.path("attributes").properties()) {
            DeviceRules.qualifiedName(path + ".attributes", entry.getKey(), problems);
            attribute(entry.getValue(), path + ".attributes[" + shown(entry.getKey()) + "]", problems);
        }
        capacities(device, path, problems);
        DeviceRules.each(device, path, "taints", MAX_TAINTS, problems, (taint, at) -> {
            problems.format(NameFormat.QUALIFIED, at + ".key", Tree.text(taint, "key"));
            problems.formatIfSet(NameFormat.LABEL_VALUE, taint, at, "value");
            problems.oneOf(taint, at, "effect", "NoExecute", "NoSchedule", "None");
        });
        DeviceRules.set(device, path, "consumesCounters", MAX_CONSUMPTIONS, DeviceRules.text("counterSet"), problems,
                (use, at) -> counters(use, at, "counterSet", problems));
        deviceNodes(device, path, perDevice, problems);
        DeviceRules.bindingConditions(device, path, problems);
    }

    private static void deviceNodes(ObjectNode device, String path, boolean perDevice, Problems problems) {
        if (perDevice) {
            List<String> set = new ArrayList<>();
            places(device, path, "must not be empty", set, problems);
            flag(device, path, "allNodes", set, problems);
            if (set.isEmpty()) {
                problems.required(path, DEVICE_NODE);
            } else if (set.size() > 1) {
                problems.invalid(path, "{" + String.join(", ", set) + "}", DEVICE_NODE);
            }
        } else if (Tree.has(device, "nodeName") || Tree.has(device, "nodeSelector") || Tree.has(device, "allNodes")) {
            problems.invalid(path, MissingNode.getInstance(), "`nodeName`, `nodeSelector` and `allNodes` can only be "
                    + "set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec");
        }
    }

    /// A name as paths show it: without its middle when it is longer than any name may be.
    private static String shown(String name) {
        int half = (MAX_NAME - 3) / 2;
        return name.length() <= MAX_NAME
                ? name
                : name.substring(0, MAX_NAME - 3 - half) + "..." + name.substring(name.length() - half);
    }

    private static void attribute(JsonNode attribute, String path, Problems problems) {
        for (String field : List.of("string", "version")) {
            String value = Tree.text(attribute, field);
            if (field.equals("version") && attribute.has(field) && !SEMANTIC.matcher(value).matches()) {
                problems.invalid(path + ".version", value, "must be a string compatible with semver.org spec 2.0.0");
            }
            if (DeviceRules.bytes(value) > MAX_VALUE) {
                problems.tooLong(path + "." + field, MAX_VALUE);
            }
        }
        if (attribute.isEmpty()) {
            problems.invalid(path, "", "exactly one value must be specified");
        } else if (attribute.size() != 1) {
            problems.invalid(path, GoStruct.of(attribute, "DeviceAttribute"), "exactly one value must be specified");
        }
    }

    private static void capacities(ObjectNode device, String path, Problems problems) {
        boolean shared = Tree.flag(device, "allowMultipleAllocations");
        for (Map.Entry<String, JsonNode> entry : device.path("capacity").properties()) {
            String at = path + ".capacity[" + shown(entry.getKey()) + "]";
            DeviceRules.qualifiedName(path + ".capacity", entry.getKey(), problems);
            JsonNode policy = entry.getValue().path("requestPolicy");
            if (policy.isObject() && !shared) {
                problems.forbidden(at + ".requestPolicy", "allowMultipleAllocations must be true");
            } else if (policy.isObject()) {
                DeviceCapacityRules.policy(Tree.text(entry.getValue(), "value"), policy, at + ".requestPolicy",
                        problems);
            }
        }
    }

    private static void counters(ObjectNode set, String path, String name, Problems problems) {
        if (problems.requireText(set, path, name)) {
            problems.formatIfSet(NameFormat.LABEL, set, path, name);
        }
        JsonNode counters = set.path("counters");
        if (counters.isEmpty()) {
            problems.required(path + ".counters");
        } else if (counters.size() > DeviceRules.MAX_LIST) {
            problems.tooMany(path + ".counters", counters.size(), DeviceRules.MAX_LIST);
        } else {
            counters.properties().forEach(c -> problems.format(NameFormat.LABEL, path + ".counters", c.getKey()));
        }
    }
}
