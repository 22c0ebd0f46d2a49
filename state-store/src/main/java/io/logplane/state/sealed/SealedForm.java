package io.logplane.state.sealed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// How an encrypted object stands in the log, in `state`, in RocksDB and in checkpoints: canonical JSON with what
/// processors need in the clear and the whole object behind it.
///
/// | part | content |
/// |---|---|
/// | `kind`, `apiVersion` | as in the object |
/// | `metadata` | the fields of [#CLEAR] that the object has: names, owners, finalizers, labels; no annotations (kubectl keeps the whole object in one), no managedFields |
/// | `sealed` | base64 (RFC 4648) of the encrypted canonical JSON of the whole object, see [SealingKey] |
/// | `sealedBy` | `<provider>:v1:<name of the key>:`, always last, so that a look at the end tells a sealed object |
///
/// Shape: immutable. Upstream hides all of the object from etcd; here replay, garbage collection and quota work without
/// a key.
record SealedForm(String by, byte[] box) {
    private static final List<String> CLEAR = List.of("name", "generateName", "namespace", "uid", "generation",
            "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "labels", "ownerReferences",
            "finalizers");
    private static final String SEALED = "sealed";
    private static final String BY = "sealedBy";
    private static final byte[] MARK = (",\"" + BY + "\":\"").getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = ":\"}".getBytes(StandardCharsets.US_ASCII);
    /// Longest text behind the mark: provider, version and the longest name of a key.
    private static final int MAX_BY = 128;

    /// True when the bytes end as a sealed object does. Shape: the part `from` to `to` of a buffer.
    static boolean looksSo(byte[] buffer, int from, int to) {
        if (to - from < MARK.length + END.length || !at(buffer, to - END.length, END)) {
            return false;
        }
        int limit = Math.max(from, to - END.length - MAX_BY);
        for (int i = to - END.length - MARK.length; i >= limit; i--) {
            if (at(buffer, i, MARK)) {
                return true;
            }
            if (buffer[i + MARK.length] == '"') {
                return false; // another text ends here
            }
        }
        return false;
    }

    static boolean looksSo(byte[] json) {
        return looksSo(json, 0, json.length);
    }

    /// Empty when it is no sealed object after all.
    static Optional<SealedForm> read(byte[] json) {
        ObjectNode object = Json.object(json);
        JsonNode text = object.path(SEALED);
        if (!text.isTextual() || !object.path(BY).isTextual()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SealedForm(object.path(BY).asText(), Base64.getDecoder().decode(text.asText())));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /// Shape: `plain` is the canonical JSON that the box holds.
    byte[] write(byte[] plain) {
        ObjectNode object = Json.object(plain);
        ObjectNode out = Json.newObject();
        out.set("kind", object.get("kind"));
        out.set("apiVersion", object.get("apiVersion"));
        ObjectNode metadata = out.putObject("metadata");
        for (String field : CLEAR) {
            if (object.path("metadata").has(field)) {
                metadata.set(field, object.path("metadata").get(field));
            }
        }
        out.put(SEALED, Base64.getEncoder().encodeToString(box));
        out.put(BY, by);
        return ObjectJson.canonical(out);
    }

    private static boolean at(byte[] buffer, int from, byte[] wanted) {
        return Arrays.equals(buffer, from, from + wanted.length, wanted, 0, wanted.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SealedForm form && form.by.equals(by) && Arrays.equals(form.box, box);
    }

    @Override
    public int hashCode() {
        return 31 * by.hashCode() + Arrays.hashCode(box);
    }
}
