package io.logplane.representation;

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
