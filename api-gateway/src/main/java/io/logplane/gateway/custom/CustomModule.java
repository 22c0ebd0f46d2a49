package io.logplane.gateway.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.schema.SchemaChecks;
import io.logplane.gateway.admission.Admission;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.hooks.HookExpressions;
import io.logplane.gateway.read.StateFeed;
import io.logplane.gateway.write.Appender;
import io.logplane.gateway.write.LogLedger;
import io.logplane.gateway.write.StoreLookup;
import io.logplane.schemas.definitions.Definition;
import io.logplane.schemas.definitions.DefinitionRules;
import io.logplane.schemas.definitions.DefinitionRules.SchemaProblems;
import io.logplane.schemas.rules.ExpressionRules;
import io.logplane.schemas.rules.Expressions;
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
        Catalogue catalogue = new Catalogue(plain, definition -> WebhookConverter.of(definition, plain), builtIn());
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

    /// The types that come with the server, with rules that understand schemas and expressions.
    private static List<ResourceType> builtIn() {
        Expressions expressions = new HookExpressions();
        return ResourceTypes.ALL.stream().map(type -> switch (type.rules()) {
            case DefinitionRules _ -> type.with(new DefinitionRules(new Schemas()));
            case ExpressionRules rules -> type.with(rules.judgedBy(expressions));
            default -> type;
        }).toList();
    }
}
