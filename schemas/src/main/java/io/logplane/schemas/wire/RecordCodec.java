package io.logplane.schemas.wire;

import io.logplane.schemas.record.Change;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;

/// Records to bytes and back, in the Confluent wire format, subject `<topic>-<record full name>`
/// (TopicRecordNameStrategy, because a registry log holds several record types).
///
/// Errors: [PoisonRecord] for bytes that are not a record of ours, always for the same bytes; UncheckedIOException
/// when the schema registry cannot be reached.
/// Thread: any.
/// Source:
/// https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
public final class RecordCodec {
    private static final int HEADER = 5;
    /// Room for a small object with its envelope, so that most records are not copied while they grow.
    private static final int FIRST_BYTES = 2048;

    static {
        // Avro instantiates only classes it was told to trust: ours, named by package.
        String ours = Change.class.getPackageName();
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(ClassSecurityValidator.getGlobal(),
                type -> type.getPackageName().equals(ours)));
    }

    private final SchemaIds ids;
    private final Map<String, Writing> writingBySubject = new ConcurrentHashMap<>();
    private final Map<Integer, Known> knownById = new ConcurrentHashMap<>();

    /// The schema a record was written with, and what reads it into this build's class. Resolving the two schemas is
    /// most of the work, so it is done once; the reader keeps nothing between records.
    private record Known(Schema writer, DatumReader<SpecificRecord> reader) {
    }

    /// What writes records of one subject; finding it takes reflection, so it is done once.
    private record Writing(int id, DatumWriter<SpecificRecord> writer) {
    }

    public RecordCodec(SchemaIds ids) {
        this.ids = ids;
    }

    public byte[] encode(String topic, SpecificRecord record) {
        Schema schema = record.getSchema();
        String subject = Subjects.name(topic, schema);
        Writing known = writingBySubject.get(subject);
        Writing writing = known != null ? known : register(subject, schema);
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream(FIRST_BYTES);
            out.write(0);
            out.writeBytes(ByteBuffer.allocate(4).putInt(writing.id()).array());
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            writing.writer().write(record, encoder);
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
        Known known = knownById.get(id);
        return read(bytes, known != null ? known : learn(id), id);
    }

    /// A pure function of the bytes once the schema is known: whatever goes wrong here goes wrong for everyone, always.
    private static SpecificRecord read(byte[] bytes, Known schemas, int id) {
        BoundedDecoder decoder = new BoundedDecoder(bytes, HEADER);
        SpecificRecord record;
        try {
            record = schemas.reader().read(null, decoder);
        } catch (RuntimeException | IOException unreadable) {
            throw new PoisonRecord("not a record of schema " + id + ": " + unreadable.getMessage());
        }
        if (!decoder.isEnd()) {
            throw new PoisonRecord("bytes left over behind a " + schemas.writer().getName());
        }
        return record;
    }

    private Known learn(int id) {
        try {
            Schema writer = ids.byId(id);
            Schema reader = SpecificData.get().getSchema(classOf(writer));
            Known known = new Known(writer, reader(writer, reader, id));
            knownById.put(id, known);
            return known;
        } catch (SchemaIds.SchemaUnknown unknown) {
            throw new PoisonRecord(String.valueOf(unknown.getMessage()));
        }
    }

    private static DatumReader<SpecificRecord> reader(Schema writer, Schema reader, int id) {
        try {
            return SpecificData.getForSchema(reader).getFastReaderBuilder().createDatumReader(writer, reader);
        } catch (RuntimeException | IOException unreadable) {
            throw new PoisonRecord("not a record of schema " + id + ": " + unreadable.getMessage());
        }
    }

    private Writing register(String subject, Schema schema) {
        Writing writing = new Writing(ids.idOf(subject, schema),
                new SpecificDatumWriter<>(schema, SpecificData.getForSchema(schema)));
        writingBySubject.put(subject, writing);
        return writing;
    }

    private static Class<?> classOf(Schema writer) {
        if (writer.getType() != Schema.Type.RECORD) {
            throw new PoisonRecord("a bare " + writer.getType().getName() + " is no record");
        }
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
