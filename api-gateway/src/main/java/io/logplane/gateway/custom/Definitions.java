package io.logplane.gateway.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.types.CustomRules;
import io.logplane.gateway.admission.Admission;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.admission.Ledger;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.definitions.Definition;
import io.logplane.schemas.definitions.DefinitionNames;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.StoredObject;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Gives a definition its names in the very write that asks for them, and keeps objects from being made behind the back
/// of a definition that goes.
///
/// Names of one group are decided one after the other: an epoch of the group is raised, then everybody is looked at,
/// and the write holds only if the epoch has not moved since. A new object holds only if its definition has not.
/// Runs last, after everything that may refuse: it writes to the log. Source: ADR 0020.
final class Definitions implements Admission.Step {
    private final Lookup lookup;
    private final Ledger ledger;
    private final InstantSource clock;

    Definitions(Lookup lookup, Ledger ledger, InstantSource clock) {
        this.lookup = lookup;
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public void validate(AdmissionRequest request) {
        boolean definition = request.type().group().equals(Definition.GROUP) && request.is(Definition.PLURAL);
        if (definition && request.operation() != Operation.DELETE) {
            names(request);
        } else if (request.operation() == Operation.CREATE && request.type().rules() instanceof CustomRules) {
            guard(request);
        }
    }

    private void names(AdmissionRequest request) {
        ObjectNode object = request.object();
        if (!DefinitionNames.open(object)) {
            return;
        }
        Definition definition = new Definition(object);
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        if (!request.dryRun()) {
            ObjectKey epoch = ObjectKey.of("logplane.io", "definitiongroups", "", definition.group());
            request.dependsOn(epoch, ledger.bump(epoch));
        }
        List<ObjectNode> others = lookup.list(ObjectKey.prefix(Definition.GROUP, Definition.PLURAL)).stream().filter(
                stored -> !stored.key().name().equals(definition.name())).map(stored -> Json.object(stored.json()))
                .filter(other -> new Definition(other).group().equals(definition.group())).toList();
        boolean unused = DefinitionNames.settle(object, others, now);
    }

    private void guard(AdmissionRequest request) {
        ObjectKey key = Definition.key(request.type().plural() + "." + request.type().group());
        StoredObject stored = lookup.here(key).orElseThrow(Refusals::noSuchResource);
        if (new Definition(Json.object(stored.json())).deleting()) {
            throw Refusals.closing(request.type());
        }
        request.dependsOn(stored);
    }
}
