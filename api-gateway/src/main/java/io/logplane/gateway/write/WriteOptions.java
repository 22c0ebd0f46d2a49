package io.logplane.gateway.write;

import io.logplane.gateway.request.Query;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.rules.ObjectMetaRules;
import java.util.ArrayList;
import java.util.List;

/// CreateOptions, UpdateOptions and PatchOptions of a query.
///
/// Source: k8s.io/apimachinery/pkg/apis/meta/v1/validation.
///
/// Shape: `fieldManager` is who owns the fields, named by the client or by its user agent; `said` what the client said.
public record WriteOptions(boolean dryRun, String fieldManager, Representations.Validation validation, boolean force,
        Said said) {
    /// As the client wrote it. Shape: "" for what it did not write.
    public record Said(String fieldManager, String fieldValidation) {
    }

    public static final WriteOptions PLAIN = new WriteOptions(false, "", Representations.Validation.WARN, false);

    /// Of a write that nobody sent.
    public WriteOptions(boolean dryRun, String fieldManager, Representations.Validation validation, boolean force) {
        this(dryRun, fieldManager, validation, force, new Said(fieldManager, ""));
    }

    /// Shape: `kind` is CreateOptions, UpdateOptions or PatchOptions; `userAgent` names the manager when nobody else
    /// does.
    /// Errors: 422 in upstream's words.
    public static WriteOptions parse(Query query, String kind, String userAgent, boolean apply) {
        List<FieldError> errors = new ArrayList<>(dryRunErrors(query.all("dryRun")));
        String manager = query.first("fieldManager");
        if (apply && manager.isEmpty()) {
            errors.add(FieldError.required("fieldManager", "is required for apply patch"));
        }
        if (!apply && query.has("force") && kind.equals("PatchOptions")) {
            errors.add(FieldError.forbidden("force", "may not be specified for non-apply patch"));
        }
        errors.addAll(ObjectMetaRules.manager(manager, "fieldManager"));
        String validation = query.first("fieldValidation");
        if (!List.of("", "Ignore", "Warn", "Strict").contains(validation)) {
            errors.add(FieldError.notSupported("fieldValidation", Refusals.quoted(validation),
                    "supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""));
        }
        if (!errors.isEmpty()) {
            throw Refusals.invalid("meta.k8s.io", kind, "", errors);
        }
        return new WriteOptions(!query.first("dryRun").isEmpty(), manager.isEmpty() ? managerOf(userAgent) : manager,
                switch (validation) {
                    case "Ignore" -> Representations.Validation.IGNORE;
                    case "Strict" -> Representations.Validation.STRICT;
                    default -> Representations.Validation.WARN;
                }, query.flag("force"), new Said(manager, validation));
    }

    static List<FieldError> dryRunErrors(List<String> values) {
        if (values.stream().allMatch(v -> v.equals("All"))) {
            return List.of();
        }
        String shown = "[" + String.join(",", values.stream().map(Refusals::quoted).toList()) + "]";
        return List.of(FieldError.notSupported("dryRun", shown, "supported values: \"All\""));
    }

    /// The part of a user agent before the first slash, cut to what fits.
    static String managerOf(String userAgent) {
        String name = userAgent.split("/", 2)[0];
        String printable = name.codePoints().filter(c -> c >= 0x20 && c != 0x7f)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        return printable.isEmpty()
                ? "unknown"
                : printable.substring(0, Math.min(printable.length(), ObjectMetaRules.MAX_MANAGER));
    }
}
