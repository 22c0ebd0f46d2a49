package io.logplane.schemas.wire;

import io.logplane.schemas.record.Change;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;

/// Records to bytes and back, in the Confluent wire format, subject `<topic>-<record full name>`
/// (TopicRecordNameStrategy, because a registry log holds several record types).
///
/// Errors: [PoisonRecord] for bytes that are not a record of ours, always for the same bytes; UncheckedIOException
/// when the schema registry cannot be reached.
/// Thread: any.
/// Source: https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
public final class RecordCodec {
    private static final int HEADER = 5;

    static {
        // Avro instantiates only classes it was told to trust: ours, named by package.
        String ours = Change.class.getPackageName();
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(ClassSecurityValidator.getGlobal(),
                type -> type.getPackageName().equals(ours)));
    }

    private final SchemaIds ids;
    private final Map<String, Integer> idBySubject = new ConcurrentHashMap<>();
    private final Map<Integer, Class<?>> classById = new ConcurrentHashMap<>();

    public RecordCodec(SchemaIds ids) {
        this.ids = ids;
    }

    public byte[] encode(String topic, SpecificRecord record) {
        Schema schema = record.getSchema();
        String subject = Subjects.name(topic, schema);
        Integer known = idBySubject.get(subject);
        int id = known != null ? known : register(subject, schema);
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream(512);
            out.write(0);
            out.writeBytes(ByteBuffer.allocate(4).putInt(id).array());
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new SpecificDatumWriter<SpecificRecord>(schema, SpecificData.getForSchema(schema)).write(record, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// Shape: a record of one of the classes generated in this module; switch over it with `instanceof` patterns.
    public SpecificRecord decode(byte[] bytes) {
        if (bytes.length < HEADER || bytes[0] != 0) {
            throw new PoisonRecord("not in the Confluent wire format: " + bytes.length + " bytes");
        }
        int id = ByteBuffer.wrap(bytes, 1, 4).getInt();
        try {
            Schema writer = ids.byId(id);
            Schema reader = SpecificData.get().getSchema(classById.computeIfAbsent(id, unused -> classOf(writer)));
            BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, null);
            SpecificRecord record = new SpecificDatumReader<SpecificRecord>(writer, reader).read(null, decoder);
            if (!decoder.isEnd()) {
                throw new PoisonRecord("bytes left over behind a " + writer.getName());
            }
            return record;
        } catch (SchemaIds.SchemaUnknown | AvroRuntimeException | IOException | IndexOutOfBoundsException
                | NegativeArraySizeException unreadable) {
            throw new PoisonRecord("schema " + id + ": " + unreadable.getMessage());
        }
    }

    private int register(String subject, Schema schema) {
        int id = ids.idOf(subject, schema);
        idBySubject.put(subject, id);
        return id;
    }

    private static Class<?> classOf(Schema writer) {
        Class<?> type = SpecificData.get().getClass(writer);
        if (type == null || !SpecificRecord.class.isAssignableFrom(type)) {
            throw new PoisonRecord("this build has no record " + writer.getFullName());
        }
        return type;
    }

    /// The bytes can never be decoded by this build. Replay answers with a refusal, never by skipping silently.
    public static final class PoisonRecord extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public PoisonRecord(String message) {
            super(message);
        }
    }
}
