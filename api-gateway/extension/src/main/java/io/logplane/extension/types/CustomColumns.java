package io.logplane.extension.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.schema.ColumnPath;
import io.logplane.schemas.columns.MetadataTexts;
import io.logplane.schemas.model.HumanDuration;
import io.logplane.schemas.model.GoValue;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Column;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The columns a version declares, after the name; an age when it declares none.
///
/// Source: k8s.io/apiextensions-apiserver/pkg/registry/customresource/tableconvertor.
final class CustomColumns {
    private static final ColumnPath CREATED = ColumnPath.of(".metadata.creationTimestamp");

    private static final Pattern TIME = Pattern.compile(
            "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}([.,]\\d+)?(Z|[+-]\\d{2}:\\d{2})");

    private CustomColumns() {
    }

    static List<Column> of(ObjectNode version) {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("Name", "string", "name", 0, (object, now) -> Tree.text(object, "metadata.name"),
                Optional.of(MetadataTexts.NAME)));
        List<ObjectNode> declared = Tree.objects(version, "additionalPrinterColumns");
        declared.stream().map(CustomColumns::column).takeWhile(Optional::isPresent).forEach(column -> columns.add(column
                .get()));
        if (declared.isEmpty()) {
            columns.add(new Column("Age", "date", "", 0, (object, now) -> cell(CREATED.first(object), "date", now),
                    Optional.of(MetadataTexts.CREATED)));
        }
        return columns;
    }

    /// Empty for a path that cannot be read; upstream shows neither it nor what follows.
    private static Optional<Column> column(ObjectNode declared) {
        String path = Tree.text(declared, "jsonPath");
        String type = Tree.text(declared, "type");
        String said = Tree.text(declared, "description");
        String description = said.isEmpty()
                ? "Custom resource definition column (in JSONPath format): " + path
                : said;
        ColumnPath read;
        try {
            read = ColumnPath.of(path);
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
        return Optional.of(new Column(Tree.text(declared, "name"), type, Tree.text(declared, "format"), (int) Tree
                .number(declared, "priority"), (object, now) -> cell(read.find(object).stream().findFirst(), type, now),
                Optional.of(description)));
    }

    /// A value as its column's type shows it; null where there is none or it is of another type.
    private static Object cell(Optional<JsonNode> found, String type, Instant now) {
        if (found.isEmpty() || found.get().isNull() && !type.equals("string")) {
            return NullNode.getInstance();
        }
        JsonNode value = found.get();
        return switch (type) {
            case "integer" -> value.isNumber() ? (Object) value.asLong() : NullNode.getInstance();
            case "number" -> value.isIntegralNumber()
                    ? (Object) value.asLong()
                    : value.isNumber() ? (Object) value.asDouble() : NullNode.getInstance();
            case "boolean" -> value.isBoolean() ? (Object) value.asBoolean() : NullNode.getInstance();
            case "date" -> value.isTextual() ? age(value.asText(), now) : NullNode.getInstance();
            default ->
                value.isNull() ? "<no value>" : value.isContainerNode() ? GoValue.json(value) : GoValue.text(value);
        };
    }

    private static String age(String time, Instant now) {
        boolean none = time.isEmpty() || time.equals("null");
        return none || TIME.matcher(time).matches() ? HumanDuration.since(none ? "" : time, now) : "<invalid>";
    }
}
