package io.logplane.state.watch;

import io.logplane.state.Event;
import io.logplane.state.Watch;
import io.logplane.state.rocks.LogStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One watcher: a revision, and where to read on from it. Thread: one reader; `close` from any.
final class HubWatch implements Watch {
    /// Events handed out at once: a few hundred kilobytes, so that a slow socket is noticed between two batches.
    private static final int MAX_EVENTS = 500;

    private final WatchHub hub;
    private final Channel channel;
    private final WatchHub.Past past;
    private Optional<WatchHub.Past.Cursor> cursor = Optional.empty();
    private long position;
    private boolean open = true;

    HubWatch(WatchHub hub, Channel channel, WatchHub.Past past, long after) {
        this.hub = hub;
        this.channel = channel;
        this.past = past;
        position = after;
    }

    @Override
    public List<Event> next(Duration patience) throws InterruptedException {
        long left = Channel.nanos(patience);
        while (true) {
            List<Event> events = ready();
            if (!events.isEmpty() || left <= 0) {
                return events;
            }
            if (caughtUp()) {
                left = channel.await(position, left);
            }
        }
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            closeCursor();
            hub.leave(channel);
        }
    }

    private boolean caughtUp() {
        return position >= hub.published();
    }

    private List<Event> ready() {
        if (!channel.covers(position)) {
            return fromPast();
        }
        closeCursor();
        // In this order: everything up to `visible` was in the channel before it became visible.
        long visible = hub.published();
        List<Event> events = channel.after(position, MAX_EVENTS);
        if (!channel.covers(position)) {
            return fromPast();
        }
        if (events.size() == MAX_EVENTS) {
            position = events.getLast().revision();
        } else {
            long last = events.isEmpty() ? position : events.getLast().revision();
            position = Math.max(position, Math.max(visible, last));
        }
        return events;
    }

    private List<Event> fromPast() {
        if (cursor.isEmpty()) {
            cursor = Optional.of(past.open(channel.prefix));
        }
        LogStore.HistoryPage page = cursor.get().events(position, MAX_EVENTS);
        position = Math.max(position, page.reached());
        return page.events();
    }

    private void closeCursor() {
        cursor.ifPresent(WatchHub.Past.Cursor::close);
        cursor = Optional.empty();
    }
}
