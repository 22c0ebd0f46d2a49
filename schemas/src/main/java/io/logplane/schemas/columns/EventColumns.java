package io.logplane.schemas.columns;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.HumanDuration;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Column;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// Events: what happened to what, when first and last.
public final class EventColumns {
    public static final List<Column> ALL = List.of(Columns.timed("Last Seen", 0, EventColumns::lastSeen),
            Columns.path("Type", "type"), Columns.path("Reason", "reason"),
            Columns.text("Object", EventColumns::object),
            Columns.wide("Subobject", o -> Tree.text(o, "involvedObject.fieldPath")),
            Columns.wide("Source", EventColumns::source),
            Columns.text("Message", o -> Tree.text(o, "message").strip()),
            Columns.timed("First Seen", 1, EventColumns::firstSeen),
            new Column("Count", "string", "", 1, (o, now) -> count(o)),
            new Column("Name", "string", "name", 1, (o, now) -> Tree.text(o, "metadata.name")));

    private EventColumns() {
    }

    private static Object firstSeen(ObjectNode event, Instant now) {
        return HumanDuration.since(first(event), now);
    }

    private static Object lastSeen(ObjectNode event, Instant now) {
        String series = Tree.text(event, "series.lastObservedTime");
        String last = Columns.orElse(Tree.text(event, "lastTimestamp"), first(event));
        return HumanDuration.since(Columns.orElse(series, last), now);
    }

    private static String first(ObjectNode event) {
        return Columns.orElse(Tree.text(event, "firstTimestamp"), Tree.text(event, "eventTime"));
    }

    private static Object count(ObjectNode event) {
        if (Tree.has(event, "series")) {
            return Tree.number(event, "series.count");
        }
        return Math.max(1, Tree.number(event, "count"));
    }

    private static String object(ObjectNode event) {
        String kind = Tree.text(event, "involvedObject.kind").toLowerCase(Locale.ROOT);
        String name = Tree.text(event, "involvedObject.name");
        return name.isEmpty() ? kind : kind + "/" + name;
    }

    private static String source(ObjectNode event) {
        String component = Columns.orElse(Tree.text(event, "source.component"),
                Tree.text(event, "reportingComponent"));
        String host = Columns.orElse(Tree.text(event, "source.host"), Tree.text(event, "reportingInstance"));
        return host.isEmpty() ? component : component + ", " + host;
    }
}
