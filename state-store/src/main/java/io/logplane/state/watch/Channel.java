package io.logplane.state.watch;

import io.logplane.state.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The recent events of one watched prefix, shared by all its watchers.
///
/// Shape: holds every event of the prefix with a revision above `floor`. Watchers keep revisions, not references, so
/// a slow one
/// keeps no memory alive. Thread: any.
final class Channel {
    final String prefix;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private long floor;
    private volatile long newest;
    private int watchers;

    Channel(String prefix, long floor) {
        this.prefix = prefix;
        this.floor = floor;
        newest = floor;
    }

    /// Without waking anybody: the publisher wakes once a batch, when its revision is visible.
    void add(Event event) {
        lock.lock();
        try {
            events.addLast(event);
            newest = event.revision();
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        lock.lock();
        try {
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void dropThrough(long revision) {
        lock.lock();
        try {
            while (!events.isEmpty() && events.peekFirst().revision() <= revision) {
                floor = events.removeFirst().revision();
            }
        } finally {
            lock.unlock();
        }
    }

    void reset(long revision) {
        lock.lock();
        try {
            events.clear();
            floor = revision;
            newest = revision;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean covers(long after) {
        lock.lock();
        try {
            return after >= floor;
        } finally {
            lock.unlock();
        }
    }

    /// Events after a revision, at most `limit`; only meaningful when the channel covers it.
    List<Event> after(long revision, int limit) {
        if (newest <= revision) {
            return List.of();
        }
        lock.lock();
        try {
            List<Event> found = new ArrayList<>();
            for (Iterator<Event> back = events.descendingIterator(); back.hasNext();) {
                Event event = back.next();
                if (event.revision() <= revision) {
                    break;
                }
                found.add(event);
            }
            List<Event> forward = found.reversed();
            return forward.size() > limit ? List.copyOf(forward.subList(0, limit)) : forward;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for an event after `revision`. Shape: the nanoseconds left.
    long await(long revision, long nanos) throws InterruptedException {
        lock.lock();
        try {
            return newest > revision ? nanos : arrived.awaitNanos(nanos);
        } finally {
            lock.unlock();
        }
    }

    static long nanos(java.time.Duration patience) {
        return TimeUnit.MILLISECONDS.toNanos(patience.toMillis());
    }

    void join() {
        watchers++;
    }

    /// Shape: true when nobody is left. Under the hub's lock.
    boolean leave() {
        return --watchers == 0;
    }
}
