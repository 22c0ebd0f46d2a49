package io.logplane.gateway.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.schema.SchemaChecks;
import io.logplane.gateway.admission.Admission;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.read.StateFeed;
import io.logplane.gateway.write.Appender;
import io.logplane.gateway.write.LogLedger;
import io.logplane.gateway.write.StoreLookup;
import io.logplane.schemas.definitions.Definition;
import io.logplane.schemas.definitions.DefinitionRules;
import io.logplane.schemas.definitions.DefinitionRules.SchemaProblems;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import io.logplane.schemas.types.TypeCatalogue;
import io.logplane.state.Registry;
import java.util.List;
import java.util.Optional;

/// Wires custom types together. Shape: `lookup` knows them; `step` belongs at the end of admission.
public record CustomModule(Catalogue catalogue, Lookup lookup, Admission.Step step, StateFeed feed) {

    /// Returns when every definition there is has been read.
    public static CustomModule start(Registry registry, Appender appender) throws InterruptedException {
        Lookup plain = new StoreLookup(appender, () -> TypeCatalogue.BUILT_IN);
        Catalogue catalogue = new Catalogue(plain, definition -> WebhookConverter.of(definition, plain), definitions());
        Lookup lookup = new StoreLookup(appender, catalogue::current);
        StateFeed feed = new StateFeed(registry, Definition.GROUP, Catalogue.RESOURCES, catalogue);
        feed.start();
        return new CustomModule(catalogue, lookup, new Definitions(lookup, new LogLedger(appender), appender.clock()),
                feed);
    }

    private static final class Schemas implements DefinitionRules.Schemas {
        @Override
        public SchemaProblems problems(ObjectNode definition, ObjectNode old) {
            return SchemaChecks.problems(definition.path("spec"), old.has("spec")
                    ? Optional.of(old.path("spec"))
                    : Optional.empty());
        }

        @Override
        public List<String> unknownFormats(ObjectNode definition) {
            return SchemaChecks.unknownFormats(definition.path("spec"));
        }
    }

    /// The type of definitions, with rules that understand schemas.
    private static ResourceType definitions() {
        ResourceType plain = ResourceTypes.require(Definition.GROUP, Definition.PLURAL);
        return new ResourceType(plain.group(), plain.version(), plain.kind(), plain.plural(), plain.singular(), plain
                .shortNames(), plain.categories(), plain.namespaced(), plain.verbs(), plain.subresources(),
                plain
                        .columns(),
                plain.fields(), new DefinitionRules(new Schemas()));
    }
}
