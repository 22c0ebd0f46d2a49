package io.logplane.representation.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Map;

/// Numbers as Go keeps those of an untyped object: whole ones that fit 64 bits are exact, all others a `float64`.
///
/// Shape: a `float64` becomes a [DecimalNode] that is written as Go writes it, without a point when it is whole; so it
/// can be told from a whole number until it is written. In place.
/// Errors: [Malformed] for a number that no `float64` holds.
/// Source: k8s.io/apimachinery/pkg/util/json, encoding/json.
final class FloatNumbers {
    private FloatNumbers() {
    }

    /// As [#normalise], of any value. Shape: the value, or another in its place.
    static JsonNode of(JsonNode node) {
        if (floats(node)) {
            return number(node);
        }
        normalise(node);
        return node;
    }

    static void normalise(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                if (floats(member.getValue())) {
                    member.setValue(number(member.getValue()));
                } else {
                    normalise(member.getValue());
                }
            }
        } else if (node instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                if (floats(list.get(i))) {
                    list.set(i, number(list.get(i)));
                } else {
                    normalise(list.get(i));
                }
            }
        }
    }

    private static boolean floats(JsonNode node) {
        return node.isNumber() && !(node.isIntegralNumber() && node.canConvertToLong());
    }

    private static JsonNode number(JsonNode node) {
        double value = node.doubleValue();
        if (Double.isInfinite(value)) {
            throw new Malformed("json: cannot unmarshal number " + written(node.decimalValue())
                    + " into Go value of type float64");
        }
        BigDecimal exact = value == 0 ? BigDecimal.ZERO : new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        return DecimalNode.valueOf(exact.scale() < 0 && exponent < 21 ? exact.setScale(0) : exact);
    }

    private static String written(BigDecimal number) {
        return number.toString().replace("E+", "e").replace('E', 'e');
    }
}
