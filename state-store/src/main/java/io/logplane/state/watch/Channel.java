package io.logplane.state.watch;

import io.logplane.state.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// The recent events of one watched prefix, shared by all its watchers.
///
/// Shape: holds every event of the prefix with a revision above `floor`. Watchers keep revisions, not references, so
/// a slow one
/// keeps no memory alive. Thread: any.
final class Channel {
    /// Rests longer than this have no alarm of their own.
    static final long ALARM_NANOS = TimeUnit.SECONDS.toNanos(2);

    final String prefix;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private Set<Waiting> waiting = new LinkedHashSet<>();
    private long floor;
    private volatile long newest;
    private int watchers;

    /// A watcher at rest. Woken by name and not by a condition of the lock, which would let a thousand of them through
    /// one by one.
    private static final class Waiting {
        private final Thread watcher = Thread.currentThread();
        private final long end;
        private volatile boolean woken;

        Waiting(long end) {
            this.end = end;
        }

        /// A long rest is ended by [#remind]: an alarm of its own, set and cancelled at every event, costs more than
        /// the event (counted: it wakes a thread).
        void rest(Object channel) {
            long left = end - System.nanoTime();
            if (left > ALARM_NANOS) {
                LockSupport.park(channel);
            } else {
                LockSupport.parkNanos(channel, left);
            }
        }
    }

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
        Set<Waiting> all;
        lock.lock();
        try {
            all = waiting;
            waiting = new LinkedHashSet<>();
        } finally {
            lock.unlock();
        }
        for (Waiting each : all) {
            each.woken = true;
            LockSupport.unpark(each.watcher);
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
        } finally {
            lock.unlock();
        }
        wake();
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
        Waiting me = new Waiting(System.nanoTime() + nanos);
        lock.lock();
        try {
            if (newest > revision) {
                return nanos;
            }
            waiting.add(me);
        } finally {
            lock.unlock();
        }
        try {
            while (!me.woken && me.end - System.nanoTime() > 0) {
                me.rest(this);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        } finally {
            forget(me);
        }
        return me.end - System.nanoTime();
    }

    /// Lets those whose rest ends soon set their own alarm.
    void remind() {
        long soon = System.nanoTime() + ALARM_NANOS;
        lock.lock();
        try {
            for (Waiting each : waiting) {
                if (each.end - soon <= 0) {
                    LockSupport.unpark(each.watcher);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(Waiting me) {
        if (!me.woken) {
            lock.lock();
            try {
                waiting.remove(me);
            } finally {
                lock.unlock();
            }
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
