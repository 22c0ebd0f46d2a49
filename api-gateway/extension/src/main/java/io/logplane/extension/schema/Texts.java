package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.Tree;

/// What a schema demands of texts: length in code points, pattern, format.
final class Texts {
    private Texts() {
    }

    static void check(String text, Structural schema, String path, Values.Outcome outcome) {
        length(text, schema, path, outcome);
        schema.pattern().ifPresent(pattern -> {
            if (!pattern.matcher(text).find()) {
                outcome.add(Problems.invalid(path, text, path + " in body should match '" + Tree.text(schema.raw(),
                        "pattern") + "'"));
            }
        });
        String format = Formats.of(schema);
        if (!format.isEmpty() && !Formats.fits(format, text)) {
            outcome.add(Problems.typeInvalid(path, GoText.quote(text), path + " in body must be of type " + format
                    + ": " + GoText.quote(text)));
        }
    }

    private static void length(String text, Structural schema, String path, Values.Outcome outcome) {
        long found = text.codePointCount(0, text.length());
        JsonNode most = schema.raw().path("maxLength");
        if (most.isNumber() && found > most.asLong()) {
            outcome.add(Problems.tooLong(path, most.asLong()));
        }
        JsonNode least = schema.raw().path("minLength");
        if (least.isNumber() && found < least.asLong()) {
            outcome.add(Problems.invalid(path, text, path + " in body should be at least " + least.asLong()
                    + " chars long"));
        }
    }
}
