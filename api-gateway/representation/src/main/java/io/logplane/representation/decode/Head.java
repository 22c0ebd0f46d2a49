package io.logplane.representation.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/// Kind and apiVersion of a body, which upstream reads before and apart from the rest: names in any case, the last one
/// counts.
///
/// Thread: one reader's.
final class Head {
    private static final String KIND = "kind";
    private static final String API_VERSION = "apiVersion";
    private static final String STRUCT = "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; "
            + "Kind string \"json:\\\"kind,omitempty\\\"\" }";

    private String kind = "";
    private String apiVersion = "";
    private Optional<String> error = Optional.empty();

    String kind() {
        return kind;
    }

    String apiVersion() {
        return apiVersion;
    }

    /// Why it cannot be read, in Go's words.
    Optional<String> error() {
        return error;
    }

    /// A body that is no object.
    void isNo(JsonToken token) {
        error = Optional.of("json: cannot unmarshal " + StructReader.kind(token) + " into Go value of type " + STRUCT);
    }

    /// One member of the body; the parser stands at its value.
    void sees(String name, JsonToken token, JsonParser in) throws IOException {
        boolean isKind = name.equalsIgnoreCase(KIND);
        if (!isKind && !name.equalsIgnoreCase(API_VERSION) || token == JsonToken.VALUE_NULL) {
            return;
        }
        if (token != JsonToken.VALUE_STRING) {
            if (error.isEmpty()) {
                error = Optional.of("json: cannot unmarshal " + StructReader.kind(token) + " into Go struct field ."
                        + (isKind ? KIND : API_VERSION) + " of type string");
            }
        } else if (isKind) {
            kind = in.getText();
        } else {
            apiVersion = in.getText();
        }
    }
}
