package io.logplane.gateway.identity;

import io.logplane.schemas.model.FieldError;
import java.util.List;

/// Settings that cannot be used, in upstream's words. A start ends with it; a reload keeps what was there.
public final class SettingsInvalid extends RuntimeException {
    public SettingsInvalid(String message) {
        super(message);
    }

    static SettingsInvalid of(List<FieldError> errors) {
        return joined(errors.stream().map(error -> error.field() + ": " + error.message()).toList());
    }

    /// All of them in one, each once.
    static SettingsInvalid joined(List<String> all) {
        List<String> lines = all.stream().distinct().toList();
        return new SettingsInvalid(lines.size() == 1 ? lines.getFirst() : "[" + String.join(", ", lines) + "]");
    }
}
