package io.logplane.representation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Optional;

/// The type of a value: a scalar, a list, a map with string keys, or a struct.
///
/// `goName` is the name error texts carry, as in `of type map[string]string`.
public sealed interface ValueType permits ValueType.Scalar, ValueType.ListOf, ValueType.MapOf, StructType {

    String goName();

    /// Values that are one JSON token or are kept as they come.
    enum Scalar implements ValueType {
        STRING("string"), INT32("int32"), INT64("int64"), BOOL("bool"), DOUBLE("float64"), BYTES("[]uint8"), TIME(
                "v1.Time"), MICRO_TIME("v1.MicroTime"), DURATION("v1.Duration"), QUANTITY(
                        "resource.Quantity"), INT_OR_STRING("intstr.IntOrString"), RAW("runtime.RawExtension"), JSON(
                                "v1.JSON"), FIELDS("v1.FieldsV1");

        private final String goName;

        Scalar(String goName) {
            this.goName = goName;
        }

        @Override
        public String goName() {
            return goName;
        }

        /// Go's zero value, where it is one JSON value that says nothing.
        public Optional<JsonNode> zero() {
            return switch (this) {
                case STRING -> Optional.of(TextNode.valueOf(""));
                case INT32, INT64, DOUBLE -> Optional.of(IntNode.valueOf(0));
                case BOOL -> Optional.of(BooleanNode.FALSE);
                case BYTES, TIME, MICRO_TIME, DURATION, QUANTITY, INT_OR_STRING, RAW, FIELDS, JSON -> Optional.empty();
            };
        }
    }

    record ListOf(ValueType element) implements ValueType {
        @Override
        public String goName() {
            return "[]" + element.goName();
        }
    }

    record MapOf(ValueType value) implements ValueType {
        @Override
        public String goName() {
            return "map[string]" + value.goName();
        }
    }
}
