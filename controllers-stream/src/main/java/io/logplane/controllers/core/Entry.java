package io.logplane.controllers.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.lang.ref.SoftReference;
import java.time.Instant;
import java.util.Objects;

/// One object as the controllers see it: key, revision, metadata, and the bytes a controller may need of it.
///
/// Shape: `json` is what [Kept] keeps of the type; `observedAt` is when this version reached the controllers, an
/// input like
/// any other (a lease counts from when it was *seen* renewed, so an outage of ours never looks like one of the nodes').
/// Thread: one; the parsed tree is a cache that the collector may drop.
public final class Entry {
    private final ObjectKey key;
    private final String at;
    private final long revision;
    private final Meta meta;
    private final byte[] kept;
    private final Instant observedAt;
    private final String node;
    private SoftReference<ObjectNode> tree;

    private Entry(ObjectKey key, long revision, Meta meta, byte[] kept, Instant observedAt, ObjectNode tree) {
        this.key = sharing(key);
        this.at = key.text();
        this.revision = revision;
        this.meta = meta;
        this.kept = kept;
        this.observedAt = observedAt;
        this.node = Type.PODS.is(key) ? tree.path("spec").path("nodeName").asText("") : "";
        this.tree = new SoftReference<>(tree);
    }

    /// Errors: IllegalArgumentException when the bytes are not one JSON object.
    public static Entry of(ObjectKey key, long revision, byte[] canonical, Instant observedAt) {
        ObjectNode whole = Json.object(canonical);
        ObjectNode kept = Kept.of(key, whole);
        byte[] bytes = kept == whole ? canonical : Json.bytes(kept);
        return new Entry(key, revision, Meta.of(whole), bytes, observedAt, kept);
    }

    public ObjectKey key() {
        return key;
    }

    /// The key's text, made once: every index of [View] is sorted by it.
    String at() {
        return at;
    }

    public long revision() {
        return revision;
    }

    public Meta meta() {
        return meta;
    }

    public String uid() {
        return meta.uid();
    }

    public Instant observedAt() {
        return observedAt;
    }

    /// A pod's spec.nodeName; "" for an unbound pod and for everything else.
    public String node() {
        return node;
    }

    /// What is kept of the object. Never changed by anybody: see [#copy].
    public ObjectNode json() {
        ObjectNode known = tree.get();
        if (known != null) {
            return known;
        }
        ObjectNode parsed = Json.object(kept);
        tree = new SoftReference<>(parsed);
        return parsed;
    }

    public ObjectNode copy() {
        return json().deepCopy();
    }

    public JsonNode spec() {
        return json().path("spec");
    }

    public JsonNode status() {
        return json().path("status");
    }

    /// An annotation; "" when absent.
    public String annotation(String name) {
        return json().path("metadata").path("annotations").path(name).asText("");
    }

    /// Same object at the same revision.
    @Override
    public boolean equals(Object other) {
        return other instanceof Entry that && that.revision == revision && that.key.equals(key);
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, revision);
    }

    @Override
    public String toString() {
        return key + "@" + revision;
    }

    /// The same key, its texts shared with those of all other objects of the type and of the namespace.
    private static ObjectKey sharing(ObjectKey key) {
        return new ObjectKey(key.group().intern(), key.resource().intern(), key.namespace().intern(), key.name());
    }
}
