package io.logplane.schemas.columns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.HumanDuration;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Column;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// What extends or guards the API itself.
public final class ExtensionColumns {
    public static final List<Column> WEBHOOKS = List.of(Columns.name(),
            Columns.integer("Webhooks", o -> (long) o.path("webhooks").size()), Columns.age());
    public static final List<Column> MUTATING_POLICIES = policies("Mutations", "spec.mutations");
    public static final List<Column> VALIDATING_POLICIES = policies("Validations", "spec.validations");
    public static final List<Column> POLICY_BINDINGS = List.of(Columns.name(),
            Columns.path("PolicyName", "spec.policyName"), Columns.text("ParamRef", ExtensionColumns::paramRef),
            Columns.age());
    public static final List<Column> API_SERVICES = List.of(Columns.name(),
            Columns.text("Service", ExtensionColumns::service),
            Columns.text("Available", ExtensionColumns::available), Columns.age());
    public static final List<Column> FLOW_SCHEMAS = List.of(Columns.name(),
            Columns.text("PriorityLevel", o -> Columns.orNone(Tree.text(o, "spec.priorityLevelConfiguration.name"))),
            Columns.numberAsText("MatchingPrecedence", o -> Tree.number(o, "spec.matchingPrecedence")),
            Columns.text("DistinguisherMethod", o -> Columns.orNone(Tree.text(o, "spec.distinguisherMethod.type"))),
            Columns.age(), Columns.text("MissingPL", o -> condition(o, "Dangling")));
    public static final List<Column> PRIORITY_LEVELS = List.of(Columns.name(), Columns.path("Type", "spec.type"),
            Columns.text("NominalConcurrencyShares", ExtensionColumns::shares), queuing("Queues", "queues"),
            queuing("HandSize", "handSize"), queuing("QueueLengthLimit", "queueLengthLimit"), Columns.age());
    public static final List<Column> SIGNING_REQUESTS = List.of(Columns.name(), Columns.age(),
            Columns.path("SignerName", "spec.signerName"), Columns.path("Requestor", "spec.username"),
            Columns.text("RequestedDuration", ExtensionColumns::duration),
            Columns.text("Condition", ExtensionColumns::signing));

    private ExtensionColumns() {
    }

    private static List<Column> policies(String count, String path) {
        return List.of(Columns.name(), Columns.integer(count, o -> (long) Tree.at(o, path).size()),
                Columns.text("ParamKind", ExtensionColumns::paramKind), Columns.age());
    }

    private static String paramKind(ObjectNode policy) {
        JsonNode kind = Tree.at(policy, "spec.paramKind");
        return kind.isObject() ? Tree.text(kind, "apiVersion") + "/" + Tree.text(kind, "kind") : Columns.UNSET;
    }

    private static String paramRef(ObjectNode binding) {
        JsonNode ref = Tree.at(binding, "spec.paramRef");
        if (!ref.isObject()) {
            return Columns.UNSET;
        }
        String namespace = Columns.orElse(Tree.text(ref, "namespace"), "*");
        String name = Tree.text(ref, "name");
        return name.isEmpty() ? "*/" + namespace : namespace + "/" + name;
    }

    private static String service(ObjectNode apiService) {
        JsonNode service = Tree.at(apiService, "spec.service");
        return service.isObject() ? Tree.text(service, "namespace") + "/" + Tree.text(service, "name") : "Local";
    }

    private static String available(ObjectNode apiService) {
        for (ObjectNode condition : Tree.objects(apiService, "status.conditions")) {
            if (Tree.text(condition, "type").equals("Available")) {
                String status = Tree.text(condition, "status");
                return status.equals("True") ? status : status + " (" + Tree.text(condition, "reason") + ")";
            }
        }
        return "Unknown";
    }

    private static String condition(ObjectNode object, String type) {
        return Tree.objects(object, "status.conditions").stream().filter(c -> Tree.text(c, "type").equals(type))
                .map(c -> Tree.text(c, "status")).findFirst().orElse("?");
    }

    private static String shares(ObjectNode level) {
        String limited = Tree.text(level, "spec.limited.nominalConcurrencyShares");
        return Columns.orElse(limited, Columns.orNone(Tree.text(level, "spec.exempt.nominalConcurrencyShares")));
    }

    private static Column queuing(String name, String field) {
        return Columns.text(name, o -> Columns.orNone(Tree.text(o, "spec.limited.limitResponse.queuing." + field)));
    }

    private static String duration(ObjectNode request) {
        return Tree.has(request, "spec.expirationSeconds")
                ? HumanDuration.of(Duration.ofSeconds(Tree.number(request, "spec.expirationSeconds")))
                : Columns.NONE;
    }

    private static String signing(ObjectNode request) {
        List<String> types = Tree.objects(request, "status.conditions").stream().map(c -> Tree.text(c, "type"))
                .toList();
        String known = List.of("Denied", "Approved", "Failed").stream().filter(types::contains)
                .collect(Collectors.joining(","));
        String state = known.isEmpty() ? "Pending" : known.startsWith("Denied") ? "Denied" : known;
        return Tree.text(request, "status.certificate").isEmpty() ? state : state + ",Issued";
    }
}
