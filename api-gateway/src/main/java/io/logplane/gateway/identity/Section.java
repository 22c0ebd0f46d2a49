package io.logplane.gateway.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.cel.GoDuration;
import io.logplane.schemas.model.FieldError;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One object of a settings file: what is asked of it is what it may hold.
///
/// Shape: absent fields read as empty; a field nobody asked for, or one of another type, is an error of the file.
/// Thread: one, while reading.
final class Section {
    private final JsonNode node;
    private final String path;
    private final Problems problems;
    private final Set<String> known = new HashSet<>();

    /// What is wrong with a file: `strict` its shape, `fields` its values.
    static final class Problems {
        private final List<String> strict = new ArrayList<>();
        private final List<FieldError> fields = new ArrayList<>();
        private final List<Section> sections = new ArrayList<>();

        void add(FieldError error) {
            fields.add(error);
        }

        /// Errors: [SettingsInvalid] when anything was found.
        void check() {
            sections.forEach(Section::unknown);
            if (!strict.isEmpty()) {
                throw new SettingsInvalid("strict decoding error: " + String.join(", ", strict));
            }
            if (!fields.isEmpty()) {
                throw SettingsInvalid.of(fields);
            }
        }
    }

    private Section(JsonNode node, String path, Problems problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
        problems.sections.add(this);
    }

    static Section root(ObjectNode file, Problems problems) {
        Section root = new Section(file, "", problems);
        root.known.add("apiVersion");
        root.known.add("kind");
        return root;
    }

    boolean present() {
        return node.isObject();
    }

    String path() {
        return path;
    }

    String path(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    String text(String field) {
        return optionalText(field).orElse("");
    }

    Optional<String> optionalText(String field) {
        JsonNode found = found(field);
        if (!found.isMissingNode() && !found.isTextual()) {
            wrongType(field, "string");
            return Optional.empty();
        }
        return found.isTextual() ? Optional.of(found.textValue()) : Optional.empty();
    }

    Optional<Boolean> flag(String field) {
        JsonNode found = found(field);
        if (!found.isMissingNode() && !found.isBoolean()) {
            wrongType(field, "bool");
            return Optional.empty();
        }
        return found.isBoolean() ? Optional.of(found.booleanValue()) : Optional.empty();
    }

    /// Empty: absent. A text that is no duration is an error of the file.
    Optional<Duration> duration(String field) {
        String text = text(field);
        Optional<Duration> parsed = GoDuration.parse(text);
        if (!text.isEmpty() && parsed.isEmpty()) {
            problems.strict.add("time: invalid duration \"" + text + "\" in " + path(field));
        }
        return text.isEmpty() ? Optional.empty() : parsed;
    }

    /// As upstream shows a duration: `1m30s`, `-1s`, `1.5s`.
    static String shown(Duration duration) {
        Duration size = duration.abs();
        String sign = duration.isNegative() ? "-" : "";
        BigDecimal seconds = BigDecimal.valueOf(size.toNanosPart(), 9).add(BigDecimal.valueOf(size.toSecondsPart()))
                .stripTrailingZeros();
        if (size.toMinutes() > 0 || size.toSeconds() > 0) {
            return sign + (size.toHours() > 0 ? size.toHours() + "h" : "") + (size.toMinutes() > 0
                    ? size.toMinutesPart() + "m"
                    : "") + seconds.toPlainString() + "s";
        }
        BigDecimal nanos = BigDecimal.valueOf(size.toNanosPart());
        int thousands = size.isZero() ? 3 : (nanos.precision() - 1) / 3;
        return sign + nanos.movePointLeft(3 * thousands).stripTrailingZeros().toPlainString() + List.of("ns", "µs",
                "ms", "s").get(thousands);
    }

    List<String> texts(String field) {
        List<String> all = new ArrayList<>();
        for (JsonNode one : list(field)) {
            if (one.isTextual()) {
                all.add(one.textValue());
            } else {
                wrongType(field, "string");
            }
        }
        return all;
    }

    Section section(String field) {
        JsonNode found = found(field);
        if (!found.isMissingNode() && !found.isObject()) {
            wrongType(field, "object");
        }
        return new Section(found, path(field), problems);
    }

    List<Section> sections(String field) {
        List<Section> all = new ArrayList<>();
        int number = 0;
        for (JsonNode one : list(field)) {
            String at = path(field) + "[" + number++ + "]";
            if (!one.isObject()) {
                problems.strict.add("json: cannot unmarshal value into field " + at + " of type object");
            }
            all.add(new Section(one, at, problems));
        }
        return all;
    }

    private JsonNode list(String field) {
        JsonNode found = found(field);
        if (!found.isMissingNode() && !found.isArray()) {
            wrongType(field, "array");
            return MissingNode.getInstance();
        }
        return found;
    }

    private JsonNode found(String field) {
        known.add(field);
        JsonNode found = node.path(field);
        return found.isNull() ? MissingNode.getInstance() : found;
    }

    private void wrongType(String field, String wanted) {
        problems.strict.add("json: cannot unmarshal value into field " + path(field) + " of type " + wanted);
    }

    private void unknown() {
        node.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                problems.strict.add("unknown field \"" + path(field) + "\"");
            }
        });
    }
}
