package io.logplane.state.rocks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.logplane.schemas.model.ObjectKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Finds what an object is indexed by, in one pass over its bytes and no tree: `metadata.ownerReferences[].uid`, and
/// `spec.nodeName` of a pod. Bytes that are not JSON have no terms.
/// Thread: any.
final class IndexTerms {
    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] OWNERS = "\"ownerReferences\"".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NODE = "\"nodeName\"".getBytes(StandardCharsets.UTF_8);

    private IndexTerms() {
    }

    /// Shape: full index keys, sorted, without duplicates.
    static List<byte[]> of(ObjectKey key, byte[] object) {
        boolean pod = key.resource().equals("pods") && key.group().equals(ObjectKey.CORE);
        if (!contains(object, OWNERS) && !(pod && contains(object, NODE))) {
            return List.of();
        }
        TreeSet<String> owners = new TreeSet<>();
        List<byte[]> terms = new ArrayList<>();
        byte[] text = Layout.utf8(key.text());
        try (JsonParser in = JSON.createParser(object)) {
            in.nextToken();
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String field = in.currentName();
                in.nextToken();
                if (field.equals("metadata")) {
                    owners(in, owners);
                } else if (pod && field.equals("spec")) {
                    node(in).ifPresent(node -> terms.add(Layout.concat(Layout.nodeTerm(node), text)));
                } else {
                    in.skipChildren();
                }
            }
        } catch (IOException notJson) {
            return List.of();
        }
        owners.forEach(uid -> terms.add(Layout.concat(Layout.ownerTerm(uid), text)));
        return terms;
    }

    private static void owners(JsonParser in, TreeSet<String> owners) throws IOException {
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            boolean wanted = in.currentName().equals("ownerReferences");
            in.nextToken();
            if (!wanted || in.currentToken() != JsonToken.START_ARRAY) {
                in.skipChildren();
                continue;
            }
            while (in.nextToken() == JsonToken.START_OBJECT) {
                while (in.nextToken() == JsonToken.FIELD_NAME) {
                    boolean uid = in.currentName().equals("uid");
                    if (in.nextToken() == JsonToken.VALUE_STRING && uid) {
                        owners.add(in.getText());
                    }
                    in.skipChildren();
                }
            }
        }
    }

    private static java.util.Optional<String> node(JsonParser in) throws IOException {
        java.util.Optional<String> node = java.util.Optional.empty();
        while (in.currentToken() != null && in.nextToken() == JsonToken.FIELD_NAME) {
            boolean wanted = in.currentName().equals("nodeName");
            if (in.nextToken() == JsonToken.VALUE_STRING && wanted && !in.getText().isEmpty()) {
                node = java.util.Optional.of(in.getText());
            }
            in.skipChildren();
        }
        return node;
    }

    private static boolean contains(byte[] bytes, byte[] wanted) {
        int limit = bytes.length - wanted.length;
        for (int i = 0; i <= limit; i++) {
            if (bytes[i] == '"' && bytes[i + 1] == wanted[1] && bytes[i + 2] == wanted[2]
                    && matches(bytes, i, wanted)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(byte[] bytes, int from, byte[] wanted) {
        for (int i = 3; i < wanted.length; i++) {
            if (bytes[from + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
