package io.logplane.state.watch;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.Event;
import io.logplane.state.Watch;
import io.logplane.state.rocks.LogStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Distributes the accepted changes of one log to its watchers.
///
/// Recent events are in memory, in one ring; every watched prefix has a [Channel] over it, found by the at most three
/// prefixes
/// a key has, so publishing costs nothing for a watcher of something else. Whoever is further back reads a [Past].
/// Limits: [#RING_BYTES]. Thread: `publish` the log's reader; everything else any.
public final class WatchHub {
    /// Bytes of recent events kept for watchers; an object counts three times (itself, what it replaced, one encoding).
    public static final long RING_BYTES = 32L << 20;
    private static final int EVENT_OVERHEAD = 512;

    private final ReentrantLock lock = new ReentrantLock();
    private final ConcurrentHashMap<String, Channel> channels = new ConcurrentHashMap<>();
    private final ArrayDeque<Event> ring = new ArrayDeque<>();
    private final long ringBytes;
    private final Past past;
    private boolean reminding;
    private long used;
    private long floor;
    private volatile long published;

    /// Where events older than the ring come from. Errors: RevisionGone.
    public interface Past {

        /// Thread: the watcher's; `close` frees what it needed, when the watcher has caught up or ends.
        Cursor open(String prefix);

        interface Cursor extends AutoCloseable {
            LogStore.HistoryPage events(long after, int limit);

            @Override
            void close();
        }
    }

    public WatchHub(long revision, long ringBytes, Past past) {
        this.ringBytes = ringBytes;
        this.past = past;
        floor = revision;
        published = revision;
    }

    /// All events of one batch and the revision they lead to; watchers see both together.
    public void publish(List<Event> events, long revision) {
        Collection<Channel> touched = new LinkedHashSet<>();
        lock.lock();
        try {
            for (Event event : events) {
                ring.addLast(event);
                used += weight(event);
                for (Channel channel : channelsOf(event)) {
                    channel.add(event);
                    touched.add(channel);
                }
            }
            published = revision;
            while (used > ringBytes && !ring.isEmpty()) {
                evict(ring.removeFirst());
            }
        } finally {
            lock.unlock();
        }
        touched.forEach(Channel::wake);
    }

    /// A store was built anew at a later revision: events in between were not seen.
    public void restart(long revision) {
        lock.lock();
        try {
            while (!ring.isEmpty()) {
                evict(ring.removeFirst());
            }
            floor = revision;
            channels.values().forEach(channel -> channel.reset(revision));
            published = revision;
        } finally {
            lock.unlock();
        }
    }

    /// Everything up to this revision is visible to watchers.
    public long published() {
        return published;
    }

    public Watch watch(String prefix, long after) {
        lock.lock();
        try {
            Optional<Channel> known = Optional.ofNullable(channels.get(prefix));
            Channel channel = known.orElseGet(() -> fill(new Channel(prefix, floor)));
            channel.join();
            channels.put(prefix, channel);
            if (!reminding) {
                reminding = true;
                Thread.ofVirtual().name("watch-reminder").start(this::remind);
            }
            return new HubWatch(this, channel, past, after);
        } finally {
            lock.unlock();
        }
    }

    /// Lives while anybody watches.
    private void remind() {
        while (watched()) {
            LockSupport.parkNanos(Channel.ALARM_NANOS / 2);
            channels.values().forEach(Channel::remind);
        }
    }

    private boolean watched() {
        lock.lock();
        try {
            reminding = !channels.isEmpty();
            return reminding;
        } finally {
            lock.unlock();
        }
    }

    /// Prefixes being watched, for metrics.
    public int channels() {
        return channels.size();
    }

    void leave(Channel channel) {
        lock.lock();
        try {
            if (channel.leave()) {
                channels.remove(channel.prefix);
            }
        } finally {
            lock.unlock();
        }
    }

    private Channel fill(Channel channel) {
        for (Event event : ring) {
            if (LogStore.matches(channel.prefix, event.object().key().text())) {
                channel.add(event);
            }
        }
        return channel;
    }

    private void evict(Event event) {
        used -= weight(event);
        floor = event.revision();
        channelsOf(event).forEach(channel -> channel.dropThrough(event.revision()));
    }

    private List<Channel> channelsOf(Event event) {
        if (channels.isEmpty()) {
            return List.of();
        }
        ObjectKey key = event.object().key();
        List<Channel> found = new ArrayList<>(3);
        for (String prefix : List.of(ObjectKey.prefix(key.apiGroup(), key.resource()),
                ObjectKey.prefix(key.apiGroup(), key.resource(), key.namespace()), key.text())) {
            Optional.ofNullable(channels.get(prefix)).ifPresent(found::add);
        }
        return found;
    }

    private static long weight(Event event) {
        return EVENT_OVERHEAD + 2L * event.object().json().length
                + event.previous().map(previous -> previous.json().length).orElse(0);
    }
}
