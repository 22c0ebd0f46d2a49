package io.logplane.state.core;

import io.logplane.schemas.record.Barrier;
import io.logplane.schemas.record.Change;
import io.logplane.schemas.record.Genesis;
import io.logplane.schemas.record.Operation;
import io.logplane.schemas.record.ReadEntry;
import io.logplane.schemas.record.WriterHello;
import io.logplane.schemas.wire.LocalSchemaIds;
import io.logplane.schemas.wire.RecordCodec;
import io.logplane.state.Proposals;
import io.logplane.state.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;

/// Builds logs in memory for tests.
public final class Logs {
    public static final String LOG = "registry";
    public static final String KEY = "/core/configmaps/default/a";
    public static final String OTHER = "/core/configmaps/default/b";
    public final RecordCodec codec = new RecordCodec(new LocalSchemaIds());
    public final List<LogEntry> entries = new ArrayList<>();
    private long time = 1_000;

    public static Logs born() {
        return new Logs().add(new Genesis(LOG, "inc-1", 0L, 1, 5L)).add(hello("w", 1));
    }

    public Logs add(SpecificRecord record) {
        String key = record instanceof Change change ? change.getKey() : "~";
        return raw(key, codec.encode(LOG, record), new Content.Known(record));
    }

    public Logs raw(String key, byte[] value, Content content) {
        time += 10;
        entries.add(new LogEntry(entries.size(), time, key.getBytes(StandardCharsets.UTF_8), value, content));
        return this;
    }

    public long time() {
        return time;
    }

    public static WriterHello hello(String writer, long epoch) {
        return new WriterHello(writer, epoch, "instance", "", 7L);
    }

    public static Change put(long sequence, String key, String data, Long expected) {
        Change change = change(sequence, key, expected);
        change.setObject(ByteBuffer.wrap(Proposals.json(io.logplane.schemas.model.ObjectKey.parse(key), data)));
        return change;
    }

    public static Change remove(long sequence, String key, Long expected) {
        Change change = change(sequence, key, expected);
        change.setOperation(Operation.REMOVE);
        return change;
    }

    private static Change change(long sequence, String key, Long expected) {
        return Change.newBuilder().setKey(key).setOperation(Operation.PUT).setExpectedRevision(expected).setWriter("w")
                .setWriterEpoch(1).setSequence(sequence).setRequestId("r").setTimestamp(9L).setVerb("update")
                .setActor(Proposals.actor()).build();
    }

    /// The verdict of the last record.
    public Verdict last() {
        MemoryView view = new MemoryView();
        return view.replay(new Replay(LogState.empty(LOG)), entries).getLast();
    }

    /// A log of many rules at once, the same for the same seed.
    public static Logs mixed(long seed, int length) {
        Random random = new Random(seed);
        Logs logs = born();
        long sequence = 1;
        long epoch = 1;
        MemoryView view = new MemoryView();
        Replay replay = new Replay(LogState.empty(LOG));
        view.replay(replay, logs.entries);
        for (int i = 0; i < length; i++) {
            String key = "/core/configmaps/ns" + random.nextInt(3) + "/c" + random.nextInt(12);
            long actual = view.held(key).map(StateView.Held::revision).orElse(0L);
            Long expected = random.nextInt(10) == 0 ? Long.valueOf(random.nextInt(50)) : Long.valueOf(actual);
            SpecificRecord record = switch (random.nextInt(12)) {
                case 0 -> new Barrier("w", epoch, (long) i);
                case 1 -> hello("w", random.nextInt(4) == 0 ? epoch : ++epoch);
                case 2, 3 -> remove(sequence++, key, expected == 0 ? Long.valueOf(1) : expected);
                case 4 -> put(random.nextBoolean() ? Math.max(1, sequence - 1) : sequence++, key, "again", null);
                default -> put(sequence++, key, "v" + random.nextInt(3), expected);
            };
            if (record instanceof Change change) {
                change.setWriterEpoch(random.nextInt(15) == 0 ? Math.max(1, epoch - 1) : epoch);
                if (random.nextInt(10) == 0) {
                    change.setDeadline(logs.time + (random.nextBoolean() ? -5 : 500));
                }
                if (random.nextInt(6) == 0) {
                    String read = "/core/configmaps/ns0/c" + random.nextInt(12);
                    change.setReadSet(List.of(new ReadEntry(read,
                            view.held(read).map(StateView.Held::revision).orElse(0L) + random.nextInt(2))));
                }
            }
            if (random.nextInt(40) == 0) {
                byte[] junk = new byte[random.nextInt(20)];
                random.nextBytes(junk);
                logs.raw("junk", junk, new Content.Undecodable("junk"));
            } else {
                logs.add(record);
            }
            view.replay(replay, List.of(logs.entries.getLast()));
        }
        return logs;
    }
}
