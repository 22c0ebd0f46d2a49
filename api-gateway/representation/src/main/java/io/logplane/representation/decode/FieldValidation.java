package io.logplane.representation.decode;

import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What happens to unknown and duplicate fields: refused, warned of, or dropped silently.
public enum FieldValidation {
    IGNORE, WARN, STRICT;

    /// Reads the `fieldValidation` query parameter; absent or empty is WARN.
    ///
    /// Shape: `optionsKind` is the kind the refusal names: `CreateOptions`, `UpdateOptions` or `PatchOptions`.
    /// Errors: 422 for any other value.
    public static FieldValidation ofQuery(Optional<String> value, String optionsKind) {
        return switch (value.orElse("")) {
            case "", "Warn" -> WARN;
            case "Ignore" -> IGNORE;
            case "Strict" -> STRICT;
            default -> throw unsupported(value.orElse(""), optionsKind);
        };
    }

    private static Refused unsupported(String value, String optionsKind) {
        FieldError error = FieldError.notSupported("fieldValidation", GoText.quote(value),
                "supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"");
        var cause = new Refusal.Cause(error.type().reason(), error.message(), error.field());
        var details = new Refusal.Details("", "meta.k8s.io", optionsKind, "", List.of(cause), OptionalInt.empty());
        return new Refused(Refusal.of(422, "Invalid",
                optionsKind + ".meta.k8s.io \"\" is invalid: " + error.field() + ": " + error.message(), details));
    }
}
