package io.logplane.gateway.identity;

import io.logplane.schemas.model.FieldError;
import java.util.List;

/// Settings that cannot be used, in upstream's words. A start ends with it; a reload keeps what was there.
public final class SettingsInvalid extends RuntimeException {
    public SettingsInvalid(String message) {
        super(message);
    }

    static SettingsInvalid of(List<FieldError> errors) {
        List<String> lines = errors.stream().map(error -> error.field() + ": " + error.message()).toList();
        return new SettingsInvalid(lines.size() == 1 ? lines.getFirst() : "[" + String.join(", ", lines) + "]");
    }
}
