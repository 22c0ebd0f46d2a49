package io.logplane.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logplane.schemas.record.Barrier;
import io.logplane.schemas.record.Change;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
    private static final long SEED = 20_261_120L;
    private static final int ROUNDS = 50;

    private final LocalSchemaIds ids = new LocalSchemaIds();
    private final RecordCodec codec = new RecordCodec(ids);

    @Test
    void everyRecordComesBackEqual() {
        for (Subjects.Subject subject : Subjects.ALL) {
            for (SpecificRecord record : random(subject.schema())) {
                byte[] bytes = codec.encode(topicOf(subject), record);

                assertThat(bytes[0]).isZero();
                assertThat(ids.byId(ByteBuffer.wrap(bytes, 1, 4).getInt())).isEqualTo(subject.schema());
                assertThat(codec.decode(bytes)).as(subject.name()).isEqualTo(record);
            }
        }
    }

    @Test
    void equalRecordsHaveEqualBytesInEveryProcess() {
        SpecificRecord record = new Barrier("gateway-1", 7L, 42L);

        assertThat(codec.encode("registry", record))
                .isEqualTo(new RecordCodec(new LocalSchemaIds()).encode("registry", record))
                .isEqualTo(bytes(0, 0, 0, 0, 1, 18, 'g', 'a', 't', 'e', 'w', 'a', 'y', '-', '1', 14, 84));
    }

    @Test
    void bytesThatAreNoRecordArePoisonAndAlwaysTheSamePoison() {
        codec.encode("registry", new Barrier("g", 1L, 1L));
        for (byte[] poison : new byte[][]{bytes(), bytes(0, 0, 0, 0), bytes(1, 0, 0, 0, 1, 2, 'g', 2, 2),
            bytes(0, 0, 0, 0, 99, 2, 'g', 2, 2), bytes(0, -1, -1, -1, -1), bytes(0, 0, 0, 0, 1),
            bytes(0, 0, 0, 0, 1, 2, 'g', 2, 2, 7), bytes(0, 0, 0, 0, 1, 1),
            bytes(0, 0, 0, 0, 1, -2, -1, -1, -1, 15, 'g')}) {
            String first = poisonIn(poison);
            assertThat(poisonIn(poison)).isEqualTo(first);
        }
    }

    @Test
    void aRecordOfSomebodyElsesSchemaIsPoison() {
        Schema foreign = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Foreign\",\"namespace\":\"x\",\"fields\":[]}");
        int id = ids.idOf("registry-x.Foreign", foreign);
        int number = ids.idOf("registry-int", Schema.create(Schema.Type.INT));

        assertThat(poisonIn(bytes(0, 0, 0, 0, id))).contains("no record x.Foreign");
        poisonIn(bytes(0, 0, 0, 0, number, 2));
    }

    @Test
    void aRecordOfAnOlderSchemaIsReadWithDefaults() throws Exception {
        Schema old = new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"StateEntry\","
                + "\"namespace\":\"io.logplane.schemas.record\",\"fields\":[{\"name\":\"log\",\"type\":\"string\"},"
                + "{\"name\":\"revision\",\"type\":\"long\"},{\"name\":\"object\",\"type\":\"bytes\"}]}");
        GenericRecord entry = new GenericRecordBuilder(old).set("log", "registry").set("revision", 5L)
                .set("object", ByteBuffer.wrap(bytes('{', '}'))).build();

        assertThat(codec.decode(written(entry, ids.idOf("state-old", old))))
                .isEqualTo(new io.logplane.schemas.record.StateEntry("registry", 5L, 0L,
                        ByteBuffer.wrap(bytes('{', '}')), "", ""));
    }

    /// Cut short, one bit turned, or bytes put in: either another record or poison, and quickly, never anything else.
    @Test
    void damagedBytesAreARecordOrPoisonButNeverAFault() {
        Random random = new Random(SEED);
        for (Subjects.Subject subject : Subjects.ALL) {
            for (SpecificRecord record : random(subject.schema())) {
                byte[] damaged = damage(codec.encode(topicOf(subject), record), random);
                try {
                    assertThat(codec.decode(damaged)).isNotNull();
                } catch (RecordCodec.PoisonRecord poison) {
                    assertThat(poison.getMessage()).isNotBlank();
                }
            }
        }
    }

    @Test
    void aLengthThatPromisesGigabytesCostsNothing() {
        Change change = (Change) random(Change.getClassSchema()).getFirst();
        byte[] whole = codec.encode("registry", change);
        // A key of 2^31-3 bytes, a map or array of 2^62 entries: the bytes behind are not there.
        byte[] huge = Arrays.copyOf(whole, 5 + 6);
        System.arraycopy(bytes(-6, -1, -1, -1, 15, 'k'), 0, huge, 5, 6);

        assertThat(poisonIn(huge)).isNotBlank();
    }

    private String poisonIn(byte[] bytes) {
        String[] message = {""};
        assertThatThrownBy(() -> codec.decode(bytes)).isInstanceOf(RecordCodec.PoisonRecord.class)
                .satisfies(poison -> message[0] = poison.getMessage());
        return message[0];
    }

    private static byte[] damage(byte[] bytes, Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> {
                byte[] turned = bytes.clone();
                turned[random.nextInt(turned.length)] ^= (byte) (1 << random.nextInt(8));
                yield turned;
            }
            default -> {
                byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9));
                int at = 5 + random.nextInt(bytes.length - 5);
                byte[] noise = new byte[longer.length - at];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, longer, at, noise.length);
                yield longer;
            }
        };
    }

    private static List<SpecificRecord> random(Schema schema) {
        List<SpecificRecord> records = new ArrayList<>();
        for (Object generic : new RandomData(SpecificData.getForSchema(schema), schema, ROUNDS, SEED, false)) {
            records.add((SpecificRecord) SpecificData.getForSchema(schema).deepCopy(schema, generic));
        }
        return records;
    }

    private static byte[] written(GenericRecord record, int id) throws Exception {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(record.getSchema(), GenericData.get()).write(record, encoder);
        return out.toByteArray();
    }

    private static String topicOf(Subjects.Subject subject) {
        return subject.name().substring(0, subject.name().length() - subject.schema().getFullName().length() - 1);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
