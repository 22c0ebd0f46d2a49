package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/// What requests for devices and the devices themselves are checked for alike. Used by one thread.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/
final class DeviceRules {
    static final int MAX_LIST = 32;
    private static final int MAX_EXPRESSION_BYTES = 10 * 1024;
    private static final int MAX_BINDING_CONDITIONS = 4;
    private static final int MAX_ID = 32;
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private DeviceRules() {
    }

    /// Checks each object of a list that has a limit, with its path; a list beyond the limit is not looked into.
    static void each(JsonNode parent, String path, String field, int max, Problems problems,
            BiConsumer<ObjectNode, String> check) {
        List<ObjectNode> items = Tree.objects(parent, field);
        String at = path + "." + field;
        if (items.size() > max) {
            problems.tooMany(at, items.size(), max);
            return;
        }
        for (int i = 0; i < items.size(); i++) {
            check.accept(items.get(i), at + "[" + i + "]");
        }
    }

    /// No two of a list may have the same key.
    static void distinct(JsonNode parent, String path, String field, Function<ObjectNode, String> key,
            Problems problems) {
        Set<String> seen = new HashSet<>();
        List<ObjectNode> items = Tree.objects(parent, field);
        for (int i = 0; i < items.size(); i++) {
            if (!seen.add(key.apply(items.get(i)))) {
                problems.duplicate(path + "." + field + "[" + i + "]", key.apply(items.get(i)));
            }
        }
    }

    static void names(JsonNode parent, String path, String field, int max, Problems problems,
            BiConsumer<String, String> check) {
        List<String> names = Tree.texts(parent, field);
        String at = path + "." + field;
        if (names.size() > max) {
            problems.tooMany(at, names.size(), max);
            return;
        }
        for (int i = 0; i < names.size(); i++) {
            check.accept(names.get(i), at + "[" + i + "]");
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            if (!seen.add(names.get(i))) {
                problems.duplicate(at + "[" + i + "]", names.get(i));
            }
        }
    }

    /// Which devices will do: expressions over `device`.
    static void selectors(JsonNode parent, String path, Problems problems) {
        each(parent, path, "selectors", MAX_LIST, problems, (selector, at) -> {
            if (!selector.path("cel").isObject()) {
                problems.required(at + ".cel");
            } else if (bytes(Tree.text(selector, "cel.expression")) > MAX_EXPRESSION_BYTES) {
                problems.tooLong(at + ".cel.expression", MAX_EXPRESSION_BYTES);
            }
        });
    }

    /// What a driver is told: JSON of its own.
    static void opaque(JsonNode config, String path, Problems problems) {
        JsonNode opaque = config.path("opaque");
        if (!opaque.isObject()) {
            problems.required(path + ".opaque");
            return;
        }
        problems.driverName(path + ".opaque.driver", Tree.text(opaque, "driver"));
        json(opaque, path + ".opaque", "parameters", problems);
    }

    static void json(JsonNode parent, String path, String field, Problems problems) {
        JsonNode value = parent.path(field);
        String at = path + "." + field;
        if (value.isMissingNode() || value.isNull()) {
            problems.required(at);
        } else if (bytes(value.toString()) > MAX_EXPRESSION_BYTES) {
            problems.tooLong(at, MAX_EXPRESSION_BYTES);
        } else if (!value.isObject()) {
            problems.invalid(at, "<value omitted>", "must be a valid JSON object");
        }
    }

    static void tolerations(JsonNode parent, String path, Problems problems) {
        each(parent, path, "tolerations", Integer.MAX_VALUE, problems, (toleration, at) -> {
            problems.formatIfSet(NameFormat.QUALIFIED, toleration, at, "key");
            String operator = Tree.text(toleration, "operator");
            String value = Tree.text(toleration, "value");
            problems.oneOf(toleration, at, "operator", "Equal", "Exists");
            if (operator.equals("Exists") && !value.isEmpty()) {
                problems.invalid(at + ".value", value, "must be empty for operator `Exists`");
            } else if (operator.equals("Equal")) {
                problems.format(NameFormat.LABEL_VALUE, at + ".value", value);
            }
            problems.oneOfIfSet(toleration, at, "effect", "NoExecute", "NoSchedule", "None");
        });
    }

    static void bindingConditions(JsonNode device, String path, Problems problems) {
        List<String> ready = Tree.texts(device, "bindingConditions");
        List<String> failed = Tree.texts(device, "bindingFailureConditions");
        names(device, path, "bindingConditions", MAX_BINDING_CONDITIONS, problems, (name, at) -> problems.format(
                NameFormat.QUALIFIED, at, name));
        names(device, path, "bindingFailureConditions", MAX_BINDING_CONDITIONS, problems, (name, at) -> {
            problems.format(NameFormat.QUALIFIED, at, name);
            if (ready.contains(name)) {
                problems.invalid(at, name, "bindingFailureConditions must not overlap with bindingConditions");
            }
        });
        if (ready.isEmpty() && !failed.isEmpty()) {
            problems.invalid(path + ".bindingConditions", device.path("bindingConditions"),
                    "bindingConditions are required to use bindingFailureConditions");
        } else if (failed.isEmpty() && !ready.isEmpty()) {
            problems.invalid(path + ".bindingFailureConditions", device.path("bindingFailureConditions"),
                    "bindingFailureConditions are required to use bindingConditions");
        }
    }

    /// Domains divided by slashes.
    static void poolName(String path, String name, Problems problems) {
        if (name.isEmpty()) {
            problems.required(path);
            return;
        }
        if (name.length() > NameFormat.SUBDOMAIN_LENGTH) {
            problems.tooLong(path, NameFormat.SUBDOMAIN_LENGTH);
        }
        for (String part : name.split("/", -1)) {
            NameFormat.SUBDOMAIN.errors(part).forEach(wrong -> problems.invalid(path, part, wrong));
        }
    }

    /// An identifier, perhaps behind a domain and a slash.
    static void qualifiedName(String path, String name, Problems problems) {
        String[] parts = name.split("/", -1);
        if (parts.length > 2) {
            problems.invalid(path, name, "must not contain more than one slash");
            return;
        }
        if (parts.length == 2) {
            if (parts[0].isEmpty()) {
                problems.invalid(path, "", "the domain must not be empty");
            } else {
                problems.driverName(path, parts[0]);
            }
            if (parts[1].isEmpty()) {
                problems.invalid(path, "", "the name must not be empty");
                return;
            }
        }
        String id = parts[parts.length - 1];
        if (id.length() > MAX_ID) {
            problems.tooLong(path, MAX_ID);
        }
        if (!IDENTIFIER.matcher(id).matches()) {
            problems.invalid(path, id, "a valid C identifier must start with alphabetic character or '_', followed by "
                    + "a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', "
                    + "regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')");
        }
    }

    static void fullName(String path, String name, Problems problems) {
        qualifiedName(path, name, problems);
        if (!name.contains("/")) {
            problems.invalid(path, name, "a fully qualified name must be a domain and a name separated by a slash");
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
