package io.logplane.state.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.schemas.wire.RecordCodec;
import io.logplane.schemas.wire.SchemaIds;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a released log meant, it means for ever.
///
/// A golden log is `<name>.log`: the schemas it was written with (i32 count; each: i32 id, text), then records until the end (u64 offset, u64 append
/// time, i32 length and key, i32 length and value); `<name>.digest`: chain hash and state digest in hex, one line each.
class GoldenLogTest {
    private static final String HOW = """
            The golden log %s no longer replays to what it replayed to when it was recorded. Replay of released records was
            changed; that breaks every log in the world. Undo the change, or put the new meaning behind a new feature level.
            Never edit or record again an existing golden log. A new one, for a new record or level, is added beside
            the others: call GoldenLogTest.record(name, entries, codec schemas) once and list its name in this test.
            """;

    @ParameterizedTest
    @ValueSource(strings = {"level1-mixed", "level1-longer"})
    void aReleasedLogReplaysToItsRecordedDigest(String name) throws IOException {
        List<String> recorded = new String(resource(name + ".digest").readAllBytes(),
                java.nio.charset.StandardCharsets.UTF_8).lines().toList();
        Replay replay = new Replay(LogState.empty(Logs.LOG));
        new MemoryView().replay(replay, read(name));
        assertThat(HexFormat.of().formatHex(replay.state().chainHash())).as(HOW, name).isEqualTo(recorded.get(0));
        assertThat(HexFormat.of().formatHex(replay.state().stateDigest())).as(HOW, name).isEqualTo(recorded.get(1));
    }

    @Test
    void writingAndReadingAGoldenLogKeepsIt(@org.junit.jupiter.api.io.TempDir Path dir) throws IOException {
        Logs logs = Logs.mixed(9, 50);
        record(dir, "new", logs);
        assertThat(Files.size(dir.resolve("new.log"))).isGreaterThan(1_000);
    }

    static void record(Path dir, String name, Logs logs) throws IOException {
        Map<Integer, Schema> schemas = new LinkedHashMap<>();
        for (LogEntry entry : logs.entries) {
            if (entry.content() instanceof Content.Known known) {
                schemas.put(java.nio.ByteBuffer.wrap(entry.value(), 1, 4).getInt(), known.value().getSchema());
            }
        }
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(dir.resolve(name + ".log")))) {
            out.writeInt(schemas.size());
            for (Map.Entry<Integer, Schema> schema : schemas.entrySet()) {
                out.writeInt(schema.getKey());
                byte[] text = schema.getValue().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
                out.writeInt(text.length);
                out.write(text);
            }
            for (LogEntry entry : logs.entries) {
                out.writeLong(entry.offset());
                out.writeLong(entry.appendTime());
                out.writeInt(entry.key().length);
                out.write(entry.key());
                out.writeInt(entry.value().length);
                out.write(entry.value());
            }
        }
        Replay replay = new Replay(LogState.empty(Logs.LOG));
        new MemoryView().replay(replay, logs.entries);
        Files.writeString(dir.resolve(name + ".digest"), HexFormat.of().formatHex(replay.state().chainHash()) + "\n"
                + HexFormat.of().formatHex(replay.state().stateDigest()) + "\n");
    }

    private static List<LogEntry> read(String name) throws IOException {
        List<LogEntry> entries = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(resource(name + ".log"))) {
            Map<Integer, Schema> schemas = new LinkedHashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                int id = in.readInt();
                schemas.put(id, new Schema.Parser().parse(
                        new String(in.readNBytes(in.readInt()), java.nio.charset.StandardCharsets.UTF_8)));
            }
            io.logplane.state.kafka.Decoder decoder = new io.logplane.state.kafka.Decoder(
                    new RecordCodec(new Recorded(schemas)));
            while (in.available() > 0) {
                long offset = in.readLong();
                long time = in.readLong();
                byte[] key = in.readNBytes(in.readInt());
                entries.add(decoder.decode(offset, time, key, in.readNBytes(in.readInt())));
            }
        }
        return entries;
    }

    private static InputStream resource(String name) {
        InputStream found = GoldenLogTest.class.getResourceAsStream("/golden/" + name);
        assertThat(found).as("golden log %s", name).isNotNull();
        return found;
    }

    private record Recorded(Map<Integer, Schema> schemas) implements SchemaIds {
        @Override
        public int idOf(String subject, Schema schema) {
            throw new UnsupportedOperationException("a golden log is only read");
        }

        @Override
        public Schema byId(int id) {
            Schema schema = schemas.get(id);
            if (schema == null) {
                throw new SchemaUnknown("no schema " + id);
            }
            return schema;
        }
    }
}
