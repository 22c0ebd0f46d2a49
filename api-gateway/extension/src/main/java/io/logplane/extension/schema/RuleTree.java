package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rules of a schema in the shape of the schema, without the parts that have none.
///
/// Shape: `type` is what its rules know of the value.
record RuleTree(Structural schema, SizedType type, List<Rule> rules, Map<String, RuleTree> properties,
        Optional<RuleTree> items, Optional<RuleTree> additional) {

    static final String WORD = "x-kubernetes-validations";

    /// Empty when there is no rule anywhere.
    static Optional<RuleTree> of(Structural schema) {
        return of(schema, true, "object");
    }

    static Optional<RuleTree> of(Structural schema, boolean resource) {
        return of(schema, resource, "object");
    }

    private static Optional<RuleTree> of(Structural schema, boolean resource, String name) {
        Map<String, RuleTree> properties = new LinkedHashMap<>();
        schema.properties().forEach((property, below) -> of(below, below.embedded(), name + "." + property).ifPresent(
                tree -> properties.put(property, tree)));
        Optional<RuleTree> items = schema.items().flatMap(below -> of(below, below.embedded(), name + ".@idx"));
        Optional<RuleTree> additional = schema.additional().flatMap(below -> of(below, below.embedded(), name
                + ".@elem"));
        JsonNode said = schema.raw().path(WORD);
        if (said.isEmpty() && properties.isEmpty() && items.isEmpty() && additional.isEmpty()) {
            return Optional.empty();
        }
        return SizedType.of(schema, resource, name)
                .map(type -> new RuleTree(schema, type, Rule.all(said, type, schema), properties, items, additional));
    }
}
