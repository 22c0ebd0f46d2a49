package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;

/// Numbers of JSON as upstream has them: 64-bit integers, everything else double.
final class Numbers {
    /// Beyond it a double no longer tells neighbouring integers apart.
    private static final double LARGEST_EXACT = 9007199254740991d;
    private static final double CLOSE = 1e-9;

    private Numbers() {
    }

    /// True for a number written without fraction that fits 64 bits.
    static boolean isLong(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong();
    }

    /// True for a double that an integer could stand for.
    static boolean isWhole(double value) {
        if (Double.isNaN(value) || Math.abs(value) > LARGEST_EXACT) {
            return false;
        }
        double near = (long) value;
        return value == near || value != 0 && near != 0 && Math.abs(value - near)
                / Math.min(Math.abs(value) + Math.abs(near), Double.MAX_VALUE) < CLOSE;
    }

    /// Equal values, whatever form their numbers have.
    static boolean equal(JsonNode one, JsonNode other) {
        return one.equals((a, b) -> a.equals(b) || a.isNumber() && b.isNumber()
                && a.decimalValue().compareTo(b.decimalValue()) == 0 ? 0 : 1, other);
    }

    /// A number in one of two forms, whole or double, so that equal ones have equal hashes; other values as they are.
    static JsonNode canonical(JsonNode value) {
        if (!value.isNumber()) {
            return value;
        }
        return isLong(value) ? LongNode.valueOf(value.longValue()) : DoubleNode.valueOf(value.doubleValue());
    }
}
