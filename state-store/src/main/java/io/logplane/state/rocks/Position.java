package io.logplane.state.rocks;

import io.logplane.state.core.LogState;
import io.logplane.state.core.WriterPosition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/// Where a store stands: the value under `position`, written in the same batch as the data it describes.
///
/// | part | form |
/// |---|---|
/// | format | u8, 1 |
/// | cluster id, topic id | Java modified UTF-8 with u16 length |
/// | leader epoch | i32 |
/// | last record hash | u8 length, bytes |
/// | log, incarnation | text as above |
/// | base, feature level, position, logical time, assumed below | u64, i32, u64, u64, u64 |
/// | chain hash, state digest | 32 bytes each |
/// | writers | i32 count; each: text, u64 epoch, u64 sequence |
public record Position(Identity identity, LogState state) {
    private static final int FORMAT = 1;

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeUTF(identity.clusterId());
            out.writeUTF(identity.topicId());
            out.writeInt(identity.leaderEpoch());
            out.writeByte(identity.lastRecord().length);
            out.write(identity.lastRecord());
            out.writeUTF(state.log());
            out.writeUTF(state.incarnation());
            out.writeLong(state.base());
            out.writeInt(state.featureLevel());
            out.writeLong(state.position());
            out.writeLong(state.logicalTime());
            out.writeLong(state.assumedBelow());
            out.write(state.chainHash());
            out.write(state.stateDigest());
            out.writeInt(state.writers().size());
            for (Map.Entry<String, WriterPosition> writer : state.writers().entrySet()) {
                out.writeUTF(writer.getKey());
                out.writeLong(writer.getValue().epoch());
                out.writeLong(writer.getValue().sequence());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    static Position decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int format = in.readUnsignedByte();
            if (format != FORMAT) {
                throw new StoreFailed("local state has format " + format + ", this build reads " + FORMAT);
            }
            String cluster = in.readUTF();
            String topic = in.readUTF();
            int epoch = in.readInt();
            Identity identity = new Identity(cluster, topic, epoch, in.readNBytes(in.readUnsignedByte()));
            return new Position(identity, state(in));
        } catch (IOException torn) {
            throw new StoreFailed("local state has an unreadable position", torn);
        }
    }

    private static LogState state(DataInputStream in) throws IOException {
        String log = in.readUTF();
        String incarnation = in.readUTF();
        long base = in.readLong();
        int level = in.readInt();
        long position = in.readLong();
        long time = in.readLong();
        long assumed = in.readLong();
        byte[] chain = in.readNBytes(32);
        byte[] digest = in.readNBytes(32);
        TreeMap<String, WriterPosition> writers = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String writer = in.readUTF();
            writers.put(writer, new WriterPosition(in.readLong(), in.readLong()));
        }
        return new LogState(log, incarnation, base, level, position, time, chain, digest, writers, assumed);
    }
}
