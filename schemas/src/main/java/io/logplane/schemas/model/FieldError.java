package io.logplane.schemas.model;

/// One reason why an object is not valid, in upstream's words.
///
/// Shape: `message` is the whole text as upstream's `field.Error.ErrorBody()` gives it, e.g.
/// `Required value: must provide a name`; `field` the path, e.g. `spec.containers[0].name`.
/// Source: k8s.io/apimachinery/pkg/util/validation/field.
public record FieldError(Type type, String field, String message) {

    /// `reason` is the cause's reason in metav1.Status.
    public enum Type {
        NOT_FOUND("FieldValueNotFound", "Not found"), REQUIRED("FieldValueRequired", "Required value"), DUPLICATE(
                "FieldValueDuplicate", "Duplicate value"), INVALID("FieldValueInvalid", "Invalid value"), NOT_SUPPORTED(
                        "FieldValueNotSupported", "Unsupported value"), FORBIDDEN("FieldValueForbidden",
                                "Forbidden"), TOO_LONG("FieldValueTooLong", "Too long"), TOO_MANY("FieldValueTooMany",
                                        "Too many"), TYPE_INVALID("FieldValueTypeInvalid", "Invalid value"), INTERNAL(
                                                "InternalError", "Internal error");

        private final String reason;
        private final String label;

        Type(String reason, String label) {
            this.reason = reason;
            this.label = label;
        }

        public String reason() {
            return reason;
        }

        public String label() {
            return label;
        }
    }

    public static FieldError required(String field, String detail) {
        return new FieldError(Type.REQUIRED, field, withDetail(Type.REQUIRED.label(), detail));
    }

    public static FieldError forbidden(String field, String detail) {
        return new FieldError(Type.FORBIDDEN, field, withDetail(Type.FORBIDDEN.label(), detail));
    }

    /// `shown` is the bad value as upstream prints it: strings quoted, objects as JSON, numbers plain.
    public static FieldError invalid(String field, String shown, String detail) {
        return new FieldError(Type.INVALID, field, withDetail(Type.INVALID.label() + ": " + shown, detail));
    }

    public static FieldError duplicate(String field, String shown) {
        return new FieldError(Type.DUPLICATE, field, Type.DUPLICATE.label() + ": " + shown);
    }

    public static FieldError notSupported(String field, String shown, String detail) {
        return new FieldError(Type.NOT_SUPPORTED, field, withDetail(Type.NOT_SUPPORTED.label() + ": " + shown, detail));
    }

    public static FieldError tooLong(String field, int maxBytes) {
        return new FieldError(Type.TOO_LONG, field,
                Type.TOO_LONG.label() + ": may not be more than " + maxBytes + " bytes");
    }

    public static FieldError tooMany(String field, int actual, int max) {
        return new FieldError(Type.TOO_MANY, field, withDetail(Type.TOO_MANY.label() + ": " + actual,
                "must have at most " + max + " items"));
    }

    private static String withDetail(String head, String detail) {
        return detail.isEmpty() ? head : head + ": " + detail;
    }
}
