package io.logplane.scheduler.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the topic `bindings` holds compared with what it should hold.
///
/// While catching up, old states of pods pass by that must not reach a node again (a deleted pod would start for a
/// moment). So until
/// [#caughtUp] the ledger only collects; then it answers the difference, and from there on every change as it comes.
/// Shape: keys are `<node>/<namespace>/<name>`. Thread: one owner at a time.
public final class Ledger {

    /// One record to publish. Shape: an empty `pod` is a tombstone.
    public record Entry(String key, String node, String podKey, String uid, long revision, byte[] pod) {
        public boolean tombstone() {
            return pod.length == 0;
        }
    }

    private record Published(String uid, long revision) {
    }

    private static final byte[] NOTHING = new byte[0];

    private final Map<String, Published> published = new HashMap<>();
    private final Map<String, Entry> pending = new HashMap<>();
    private final Map<String, String> keyOfPod = new HashMap<>();
    private boolean live;

    /// One record found in the topic at start; a later one of the same key replaces it.
    public void found(String key, String uid, long revision) {
        published.put(key, new Published(uid, revision));
    }

    /// A tombstone found in the topic at start.
    public void foundTombstone(String key) {
        published.remove(key);
    }

    public static String key(PodInfo pod) {
        return pod.node() + "/" + pod.namespace() + "/" + pod.name();
    }

    /// A pod's new state; answers what to publish now.
    public List<Entry> put(PodInfo pod, byte[] json) {
        String key = pod.node().isEmpty() ? "" : key(pod);
        List<Entry> now = new ArrayList<>(2);
        String before = keyOfPod.getOrDefault(pod.key(), "");
        if (!before.isEmpty() && !before.equals(key)) {
            now.addAll(removed(pod.key()));
        }
        if (key.isEmpty()) {
            return now;
        }
        keyOfPod.put(pod.key(), key);
        if (new Published(pod.uid(), pod.revision()).equals(published.get(key))) {
            pending.remove(key);
            return now;
        }
        now.addAll(offer(new Entry(key, pod.node(), pod.key(), pod.uid(), pod.revision(), json)));
        return now;
    }

    /// A pod is gone from the state; answers what to publish now.
    public List<Entry> removed(String podKey) {
        String key = keyOfPod.remove(podKey);
        if (key == null) {
            return List.of();
        }
        pending.remove(key);
        return live ? offer(tombstone(key)) : List.of();
    }

    /// The state is complete: answers everything the topic lacks or has too much. Order: tombstones first, both by key.
    public List<Entry> caughtUp() {
        if (live) {
            return List.of();
        }
        live = true;
        Set<String> wanted = new HashSet<>(keyOfPod.values());
        List<Entry> now = new ArrayList<>();
        published.keySet().stream().filter(key -> !wanted.contains(key)).sorted()
                .forEach(key -> now.add(tombstone(key)));
        pending.keySet().stream().sorted().forEach(key -> now.add(pending.get(key)));
        now.forEach(this::remember);
        pending.clear();
        return now;
    }

    private List<Entry> offer(Entry entry) {
        if (!live) {
            pending.put(entry.key(), entry);
            return List.of();
        }
        remember(entry);
        return List.of(entry);
    }

    private void remember(Entry entry) {
        if (entry.tombstone()) {
            published.remove(entry.key());
        } else {
            published.put(entry.key(), new Published(entry.uid(), entry.revision()));
        }
    }

    private static Entry tombstone(String key) {
        return new Entry(key, key.substring(0, Math.max(0, key.indexOf('/'))), "", "", 0, NOTHING);
    }
}
