package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
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

    /// As [#each] for a list no two objects of which may have the same key. Shape: the key as it is shown.
    static void set(JsonNode parent, String path, String field, int max, Function<ObjectNode, JsonNode> key,
            Problems problems, BiConsumer<ObjectNode, String> check) {
        each(parent, path, field, max, problems, check);
        List<ObjectNode> items = Tree.objects(parent, field);
        Set<JsonNode> seen = new HashSet<>();
        for (int i = 0; i < items.size() && items.size() <= max; i++) {
            JsonNode shown = key.apply(items.get(i));
            if (!seen.add(shown)) {
                problems.duplicate(path + "." + field + "[" + i + "]", shown);
            }
        }
    }

    /// The key of objects that have a text of their own in this field.
    static Function<ObjectNode, JsonNode> text(String field) {
        return object -> TextNode.valueOf(Tree.text(object, field));
    }

    /// As [#each] for texts, no two of which may be the same.
    static void names(JsonNode parent, String path, String field, int max, Problems problems,
            BiConsumer<String, String> check) {
        List<String> names = Tree.texts(parent, field);
        String at = path + "." + field;
        if (names.size() > max) {
            problems.tooMany(at, names.size(), max);
            return;
        }
        eachText(names, at, check);
        distinct(names, at, problems);
    }

    private static void eachText(List<String> texts, String at, BiConsumer<String, String> check) {
        for (int i = 0; i < texts.size(); i++) {
            check.accept(texts.get(i), at + "[" + i + "]");
        }
    }

    private static void distinct(List<String> texts, String at, Problems problems) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < texts.size(); i++) {
            if (!seen.add(texts.get(i))) {
                problems.duplicate(at + "[" + i + "]", texts.get(i));
            }
        }
    }

    /// Which devices will do: expressions over `device`. One that is too long is not looked into.
    static void selectors(JsonNode parent, String path, Expressions expressions, Problems problems) {
        each(parent, path, "selectors", MAX_LIST, problems, (selector, at) -> {
            String source = Tree.text(selector, "cel.expression");
            if (!selector.path("cel").isObject()) {
                problems.required(at + ".cel");
            } else if (bytes(source) > MAX_EXPRESSION_BYTES) {
                problems.tooLong(at + ".cel.expression", MAX_EXPRESSION_BYTES);
            } else {
                expressions.judgeSelector(source).ifPresent(wrong -> {
                    if (wrong.equals(Expressions.TOO_EXPENSIVE)) {
                        problems.forbidden(at + ".cel.expression", wrong);
                    } else {
                        problems.invalid(at + ".cel.expression", source, wrong);
                    }
                });
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
        List<String> ready = labels(device, path, "bindingConditions", problems);
        List<String> failed = labels(device, path, "bindingFailureConditions", problems);
        distinct(ready, path + ".bindingConditions", problems);
        Set<String> seen = new HashSet<>();
        eachText(failed, path + ".bindingFailureConditions", (name, at) -> {
            if (!seen.add(name)) {
                problems.duplicate(at, name);
            }
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

    /// Shape: all of them, those of a list that is too long too.
    private static List<String> labels(JsonNode device, String path, String field, Problems problems) {
        List<String> names = Tree.texts(device, field);
        if (names.size() > MAX_BINDING_CONDITIONS) {
            problems.tooMany(path + "." + field, names.size(), MAX_BINDING_CONDITIONS);
        } else {
            eachText(names, path + "." + field, (name, at) -> problems.format(NameFormat.QUALIFIED, at, name));
        }
        return names;
    }

    /// Domains divided by slashes.
    static void poolName(String path, String name, Problems problems) {
        if (name.isEmpty()) {
            problems.required(path);
            return;
        }
        if (bytes(name) > NameFormat.SUBDOMAIN_LENGTH) {
            problems.tooLong(path, NameFormat.SUBDOMAIN_LENGTH);
        }
        for (String part : name.split("/", -1)) {
            NameFormat.SUBDOMAIN.errors(part).forEach(wrong -> problems.invalid(path, part, wrong));
        }
    }

    /// An identifier, perhaps behind a domain and a slash. Upstream looks into no name with more slashes, so it takes
    /// each of them.
    static void qualifiedName(String path, String name, Problems problems) {
        String[] parts = name.split("/", -1);
        if (parts.length > 2) {
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
        if (bytes(id) > MAX_ID) {
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

    static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
