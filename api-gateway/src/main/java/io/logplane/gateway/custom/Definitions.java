package io.logplane.gateway.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
import io.logplane.schemas.model.Tree;
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
    private static final String SERVER = "kube-apiserver";

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
        if (DefinitionNames.settle(object, others, now)) {
            own(object, now);
        }
    }

    /// Enters what the server itself has said in the status as its own.
    private static void own(ObjectNode object, String now) {
        ObjectNode fields = Json.newObject();
        ObjectNode names = fields.putObject("f:acceptedNames");
        Tree.at(object, "status.acceptedNames").fieldNames().forEachRemaining(name -> names.putObject("f:" + name));
        ObjectNode conditions = fields.putObject("f:conditions");
        for (ObjectNode condition : Tree.objects(Tree.at(object, "status"), "conditions")) {
            ObjectNode one = conditions.putObject("k:{\"type\":\"" + Tree.text(condition, "type") + "\"}");
            one.putObject(".");
            condition.fieldNames().forEachRemaining(name -> one.putObject("f:" + name));
        }
        ArrayNode entries = Tree.object(object, "metadata").withArrayProperty("managedFields");
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (Tree.text(entries.get(i), "manager").equals(SERVER)) {
                entries.remove(i);
            }
        }
        int at = 0;
        while (at < entries.size() && before(entries.get(at), now)) {
            at++;
        }
        ObjectNode entry = entries.insertObject(at).put("manager", SERVER).put("operation", "Update").put("apiVersion",
                Definition.GROUP + "/v1").put("time", now).put("fieldsType", "FieldsV1");
        entry.putObject("fieldsV1").set("f:status", fields);
        entry.put("subresource", "status");
    }

    private static boolean before(JsonNode entry, String now) {
        int order = Tree.text(entry, "time").compareTo(now);
        return !Tree.text(entry, "operation").equals("Update") || order < 0 || order == 0 && Tree.text(entry, "manager")
                .compareTo(SERVER) < 0;
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
