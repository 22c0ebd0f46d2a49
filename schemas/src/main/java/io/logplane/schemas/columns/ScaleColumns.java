package io.logplane.schemas.columns;

import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Column;
import java.util.List;
import java.util.Optional;

/// What a Table of one Scale shows.
///
/// Source: k8s.io/kubernetes/pkg/printers/internalversion; k8s.io/apiextensions-apiserver/pkg/apiserver (helpers).
public final class ScaleColumns {
    public static final List<Column> BUILT_IN = of(
            "replicas is the desired number of instances for the scaled object.",
            "replicas is the actual number of observed instances of the scaled object.", "string");
    public static final List<Column> CUSTOM = of("Number of desired replicas", "Number of actual replicas", "date");

    private ScaleColumns() {
    }

    private static List<Column> of(String desired, String available, String age) {
        Column aged = Columns.age();
        return List.of(described(Columns.name(), MetadataTexts.NAME),
                described(Columns.integer("Desired", scale -> Tree.number(scale,
                        "spec.replicas")), desired),
                described(Columns.integer("Available",
                        scale -> Tree.number(scale,
                                "status.replicas")),
                        available),
                described(new Column("Age", age, "", 0, aged.cell()), MetadataTexts.CREATED));
    }

    private static Column described(Column column, String text) {
        return new Column(column.name(), column.type(), column.format(), column.priority(), column.cell(), Optional.of(
                text));
    }
}
