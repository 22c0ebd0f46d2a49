package io.logplane.gateway.flow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The queues and seats of one level.
///
/// A request takes seats while it runs. When none are free it waits in one of the few queues its flow is dealt
/// (shuffle sharding): a flow that floods fills its own hand and hardly ever all of another's. Queues take turns by
/// virtual time (fair queuing): a queue pays for the seats and the time its requests took, so one that asks for
/// little is served before one that asks for much, whatever the lengths.
/// Units: times in nanoseconds, from any one clock.
/// Limits: the length of a queue, from the configuration.
/// Thread: one at a time; nothing here waits.
/// Source: KEP-1040, "Fair Queuing for Server Requests"; Demers, Keshav, Shenker 1989.
public final class PriorityLevel {
    /// What a request is charged before anybody knows how long it takes; corrected when it ends.
    private static final double GUESS_NANOS = 3e6;

    private List<Deque<Ticket>> queues = List.of();
    /// When, in virtual time, the head of each queue would begin.
    private double[] starts = {};
    private LevelConfig config;
    private int limit;
    private int running;
    private int waiting;
    /// Virtual time: what each busy queue has been given since the beginning, in seat-nanoseconds.
    private double virtual;
    private long virtualAt;
    private int next;
    private int peak;

    public PriorityLevel(LevelConfig config, int limit, long now) {
        this.config = config;
        this.limit = limit;
        this.virtualAt = now;
        deal(config);
    }

    /// What a request holds from its arrival to its end.
    public static final class Ticket {
        private final int seats;
        private final Runnable wake;
        private int queue = -1;
        private long began;
        private boolean runs;

        private Ticket(int seats, Runnable wake) {
            this.seats = seats;
            this.wake = wake;
        }

        public int seats() {
            return seats;
        }

        public boolean runs() {
            return runs;
        }

        /// Tells whoever waits that the request may run now.
        public void wake() {
            wake.run();
        }
    }

    /// What happens to a request.
    public sealed interface Admission {
        record Run(Ticket ticket) implements Admission {
        }

        /// `wake` of the ticket is called when it may run.
        record Wait(Ticket ticket) implements Admission {
        }

        /// Shape: `reason` as in the metrics: `queue-full` or `concurrency-limit`.
        record Reject(String reason) implements Admission {
        }
    }

    /// Follows a changed configuration; who waits keeps waiting. Shape: tickets that must be woken now.
    public List<Ticket> reconfigure(LevelConfig changed, int seats, long now) {
        advance(now);
        boolean same = changed.queuing().equals(config.queuing());
        config = changed;
        limit = seats;
        if (!same && waiting == 0) {
            deal(changed);
        }
        return dispatch(now);
    }

    private void deal(LevelConfig from) {
        int count = from.queuing().map(LevelConfig.Queuing::queues).orElse(0);
        List<Deque<Ticket>> fresh = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            fresh.add(new ArrayDeque<>(0));
        }
        queues = fresh;
        starts = new double[count];
    }

    public Admission enter(long flow, int width, long now, Runnable wake) {
        advance(now);
        int seats = config.exempt() ? width : Math.max(1, Math.min(width, limit));
        Ticket ticket = new Ticket(seats, wake);
        if (config.exempt() || waiting == 0 && fits(seats)) {
            if (!queues.isEmpty()) {
                ticket.queue = choose(flow);
                activate(ticket.queue);
                starts[ticket.queue] += GUESS_NANOS * seats;
            }
            begin(ticket, now);
            return new Admission.Run(ticket);
        }
        if (queues.isEmpty()) {
            return new Admission.Reject("concurrency-limit");
        }
        int queue = choose(flow);
        if (queues.get(queue).size() >= config.queuing().map(LevelConfig.Queuing::queueLength).orElse(0)) {
            return new Admission.Reject("queue-full");
        }
        ticket.queue = queue;
        activate(queue);
        queues.get(queue).add(ticket);
        waiting++;
        peak = Math.max(peak, running + waiting);
        return new Admission.Wait(ticket);
    }

    /// A request ended. Shape: tickets that run now and must be woken.
    public List<Ticket> leave(Ticket ticket, long now) {
        advance(now);
        running -= ticket.seats;
        if (ticket.queue >= 0 && ticket.queue < starts.length) {
            starts[ticket.queue] += (now - ticket.began - GUESS_NANOS) * ticket.seats;
        }
        return dispatch(now);
    }

    /// False: it runs already. True: it does not wait any more.
    public boolean cancel(Ticket ticket) {
        if (ticket.runs || ticket.queue < 0 || ticket.queue >= queues.size() || !queues.get(ticket.queue).remove(
                ticket)) {
            return false;
        }
        waiting--;
        return true;
    }

    private List<Ticket> dispatch(long now) {
        if (waiting == 0) {
            return List.of();
        }
        List<Ticket> woken = new ArrayList<>();
        while (waiting > 0) {
            int queue = turn();
            Ticket head = queues.get(queue).peek();
            if (head == null || !fits(head.seats)) {
                break;
            }
            Ticket unused = queues.get(queue).remove();
            waiting--;
            starts[queue] += GUESS_NANOS * head.seats;
            begin(head, now);
            woken.add(head);
        }
        return woken;
    }

    /// The queue whose head would be done first; after a tie the next one in turn.
    private int turn() {
        int best = 0;
        double done = Double.MAX_VALUE;
        for (int i = 0; i < queues.size(); i++) {
            int at = (next + i) % queues.size();
            Ticket head = queues.get(at).peek();
            if (head != null && starts[at] + GUESS_NANOS * head.seats < done) {
                done = starts[at] + GUESS_NANOS * head.seats;
                best = at;
            }
        }
        next = (best + 1) % queues.size();
        return best;
    }

    private void begin(Ticket ticket, long now) {
        ticket.runs = true;
        ticket.began = now;
        running += ticket.seats;
        peak = Math.max(peak, running + waiting);
    }

    private boolean fits(int seats) {
        return running + seats <= limit || running == 0; // a level lent down to nothing still makes progress
    }

    /// An idle queue has no credit: it begins at the present.
    private void activate(int queue) {
        if (queues.get(queue).isEmpty()) {
            starts[queue] = Math.max(starts[queue], virtual);
        }
    }

    /// Every busy queue is given its part of the seats in use.
    private void advance(long now) {
        if (waiting > 0) {
            int busy = 0;
            for (Deque<Ticket> queue : queues) {
                busy += queue.isEmpty() ? 0 : 1;
            }
            virtual += (double) (now - virtualAt) * Math.min(running, limit) / Math.max(1, busy);
        } else {
            virtual += (double) (now - virtualAt) * running;
        }
        virtualAt = now;
    }

    /// The shortest queue of the flow's hand; of equally short ones the least charged.
    private int choose(long flow) {
        int hand = config.queuing().map(LevelConfig.Queuing::handSize).orElse(1);
        int count = queues.size();
        int[] cards = new int[Math.min(hand, count)];
        long rest = flow;
        int best = 0;
        for (int i = 0; i < cards.length; i++) {
            int card = (int) (rest % (count - i));
            rest /= count - i;
            for (int j = 0; j < i && card >= cards[j]; j++) {
                card++; // the n-th card that is not dealt yet; dealt ones are kept sorted
            }
            card = place(cards, i, card);
            if (i == 0 || better(card, best)) {
                best = card;
            }
        }
        return best;
    }

    /// Puts the card where it belongs among the first `dealt`.
    private static int place(int[] cards, int dealt, int card) {
        int at = dealt;
        while (at > 0 && cards[at - 1] > card) {
            cards[at] = cards[at - 1];
            at--;
        }
        cards[at] = card;
        return card;
    }

    private boolean better(int queue, int than) {
        int here = queues.get(queue).size();
        int there = queues.get(than).size();
        return here < there || here == there && starts[queue] < starts[than];
    }

    public int limit() {
        return limit;
    }

    public int running() {
        return running;
    }

    public int waiting() {
        return waiting;
    }

    /// The most seats asked for at once since the last call.
    public int takePeak() {
        int was = peak;
        peak = running + waiting;
        return was;
    }

    public LevelConfig config() {
        return config;
    }
}
