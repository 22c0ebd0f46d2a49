package io.logplane.controllers.stream;

import io.logplane.controllers.core.Change;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.View;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.StateEntry;
import io.logplane.schemas.record.Watermark;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.RecordCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// Puts records of the topic `state` into the view.
///
/// Shape: see docs/contracts.md, "Topic `state`". Errors: none; what cannot be read is [Poison].
final class StateRecords {
    private static final String WATERMARK = "/~watermark/";

    private final RecordCodec codec;

    StateRecords(RecordCodec codec) {
        this.codec = codec;
    }

    sealed interface Applied {
    }

    /// Shape: `revision` of the log `registry`; 0 for another log or an unknown one.
    record Moved(Change change, long revision) implements Applied {
    }

    record Passed(String log, long revision) implements Applied {
    }

    record Poison(String why) implements Applied {
    }

    Applied apply(byte[] keyBytes, byte @Nullable [] value, long removedAt, View view, Instant now) {
        String text = new String(keyBytes, StandardCharsets.UTF_8);
        try {
            if (text.startsWith(WATERMARK)) {
                return watermark(text, value);
            }
            Optional<ObjectKey> key = ObjectKey.tryParse(text);
            if (key.isEmpty()) {
                return new Poison("not an object key: " + text);
            }
            if (value == null) {
                return new Moved(view.remove(key.get(), now), registry(key.get()) ? removedAt : 0);
            }
            SpecificRecord decoded = codec.decode(value);
            if (!(decoded instanceof StateEntry entry)) {
                return new Poison(text + " holds a " + decoded.getSchema().getName());
            }
            Entry put = Entry.of(key.get(), entry.getRevision(), bytes(entry.getObject()), now);
            return new Moved(view.put(put), registry(key.get()) ? entry.getRevision() : 0);
        } catch (RecordCodec.PoisonRecord | IllegalArgumentException unreadable) {
            return new Poison(text + ": " + unreadable.getMessage());
        }
    }

    private Applied watermark(String text, byte @Nullable [] value) {
        if (value == null) {
            return new Passed(text.substring(WATERMARK.length()), 0);
        }
        return codec.decode(value) instanceof Watermark mark
                ? new Passed(mark.getLog(), mark.getRevision())
                : new Poison(text + " holds no watermark");
    }

    private static boolean registry(ObjectKey key) {
        return Topics.logOf(key.group(), key.resource()).equals(Topics.REGISTRY);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
