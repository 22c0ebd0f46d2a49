package io.logplane.state.core;

import java.nio.charset.StandardCharsets;

/// The part of canonical form that every reader relies on and replay therefore insists on: the object starts with its
/// kind
/// and `"metadata":{` followed by a member comes within the first [#HEAD] bytes. Frozen: deliberately not shared with
/// the code that writes
/// canonical form, which may change.
final class Canonical {
    /// Kind and apiVersion come before metadata; Kubernetes limits both far below this.
    private static final int HEAD = 1024;
    private static final byte[] START = "{\"kind\":\"".getBytes(StandardCharsets.UTF_8);
    private static final byte[] METADATA = ",\"metadata\":{\"".getBytes(StandardCharsets.UTF_8);

    private Canonical() {
    }

    static boolean looksSo(byte[] object) {
        if (object.length < START.length || object[object.length - 1] != '}' || !at(object, 0, START)) {
            return false;
        }
        int limit = Math.min(object.length - METADATA.length, HEAD);
        for (int i = START.length; i <= limit; i++) {
            if (object[i] == ',' && at(object, i, METADATA)) {
                return true;
            }
        }
        return false;
    }

    private static boolean at(byte[] bytes, int from, byte[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[from + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
