package io.logplane.schemas.model;

import java.util.Optional;

/// The name of one object in the log and in every store.
///
/// Shape: `/<group>/<resource>/<namespace>/<name>`, always four segments; the core group is written `core`,
/// the namespace of a cluster-scoped object `-` (no Kubernetes name can be either). Byte order of the text is
/// list order: namespace, then name, as upstream.
/// Errors: IllegalArgumentException for a segment that is empty or holds a slash or a control character.
/// Source: DESIGN D8.
public record ObjectKey(String group, String resource, String namespace, String name) implements Comparable<ObjectKey> {

    /// What the core group ("" in Kubernetes) is called in a key.
    public static final String CORE = "core";
    /// What stands for the namespace of a cluster-scoped object.
    public static final String CLUSTER = "-";

    public ObjectKey {
        requireSegment("group", group);
        requireSegment("resource", resource);
        requireSegment("namespace", namespace);
        requireSegment("name", name);
    }

    /// Shape: group as Kubernetes writes it ("" for core); namespace "" for a cluster-scoped object.
    public static ObjectKey of(String group, String resource, String namespace, String name) {
        return new ObjectKey(group.isEmpty() ? CORE : group, resource, namespace.isEmpty() ? CLUSTER : namespace, name);
    }

    /// Errors: IllegalArgumentException when the text is not a key.
    public static ObjectKey parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 5 || !parts[0].isEmpty()) {
            throw new IllegalArgumentException("not an object key: " + text);
        }
        return new ObjectKey(parts[1], parts[2], parts[3], parts[4]);
    }

    /// Same as [#parse], empty instead of an exception: for keys that come from a log and may be poison.
    public static Optional<ObjectKey> tryParse(String text) {
        try {
            return Optional.of(parse(text));
        } catch (IllegalArgumentException notAKey) {
            return Optional.empty();
        }
    }

    public String text() {
        return "/" + group + "/" + resource + "/" + namespace + "/" + name;
    }

    /// Group as Kubernetes writes it: "" for core.
    public String apiGroup() {
        return group.equals(CORE) ? "" : group;
    }

    /// Namespace as Kubernetes writes it: "" for a cluster-scoped object.
    public String apiNamespace() {
        return namespace.equals(CLUSTER) ? "" : namespace;
    }

    /// Prefix of every key of one resource; ends with a slash.
    public static String prefix(String group, String resource) {
        return "/" + (group.isEmpty() ? CORE : group) + "/" + resource + "/";
    }

    /// Prefix of every key of one resource in one namespace; ends with a slash.
    public static String prefix(String group, String resource, String namespace) {
        return prefix(group, resource) + namespace + "/";
    }

    @Override
    public int compareTo(ObjectKey other) {
        return text().compareTo(other.text());
    }

    @Override
    public String toString() {
        return text();
    }

    private static void requireSegment(String what, String segment) {
        if (segment.isEmpty()) {
            throw new IllegalArgumentException("empty " + what + " in an object key");
        }
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '/' || c < 0x20 || c == 0x7f) {
                throw new IllegalArgumentException("illegal character in the " + what + " of an object key");
            }
        }
    }
}
