package io.logplane.schemas.wire;

import io.logplane.schemas.record.Barrier;
import io.logplane.schemas.record.Binding;
import io.logplane.schemas.record.Change;
import io.logplane.schemas.record.Checkpoint;
import io.logplane.schemas.record.Command;
import io.logplane.schemas.record.Decision;
import io.logplane.schemas.record.FeatureLevel;
import io.logplane.schemas.record.Genesis;
import io.logplane.schemas.record.Outcome;
import io.logplane.schemas.record.StateEntry;
import io.logplane.schemas.record.Watermark;
import io.logplane.schemas.record.WriterHello;
import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.topics.Topics;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/// The list of all subjects: which records may be on which topic.
///
/// Shape: the order is that of registration at the first start, so that ids are the same in every installation; add
/// at the
/// end only. Values only.
public final class Subjects {

    /// A schema under its name in the registry: `<topic>-<record full name>`.
    public record Subject(String name, Schema schema) {
    }

    /// Records of a registry log.
    private static final List<Schema> LOG_RECORDS = List.of(Genesis.getClassSchema(), WriterHello.getClassSchema(),
            Barrier.getClassSchema(), FeatureLevel.getClassSchema(), Checkpoint.getClassSchema(),
            Change.getClassSchema());

    public static final List<Subject> ALL = all();

    private Subjects() {
    }

    public static String name(String topic, Schema schema) {
        return topic + "-" + schema.getFullName();
    }

    /// Whether the subject belongs to a topic of ours, by its name.
    public static boolean ours(String subject) {
        return ALL.stream().anyMatch(known -> known.name().equals(subject));
    }

    private static List<Subject> all() {
        List<Subject> subjects = new ArrayList<>();
        for (Topic log : Topics.LOGS) {
            LOG_RECORDS.forEach(schema -> add(subjects, log, schema));
        }
        add(subjects, Topics.STATE, StateEntry.getClassSchema());
        add(subjects, Topics.STATE, Watermark.getClassSchema());
        add(subjects, Topics.COMMANDS, Command.getClassSchema());
        add(subjects, Topics.OUTCOMES, Outcome.getClassSchema());
        add(subjects, Topics.BINDINGS, Binding.getClassSchema());
        add(subjects, Topics.DECISIONS, Decision.getClassSchema());
        add(subjects, Topics.CHECKPOINTS, Checkpoint.getClassSchema());
        return List.copyOf(subjects);
    }

    private static void add(List<Subject> subjects, Topic topic, Schema schema) {
        subjects.add(new Subject(name(topic.name(), schema), schema));
    }
}
