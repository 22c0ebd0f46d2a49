package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Tree;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What flow control cannot do without and nobody may change, and the conditions of its objects.
///
/// Source: k8s.io/kubernetes/pkg/apis/flowcontrol/validation and internalbootstrap.
final class FlowFixtures {
    private static final String EVERYTHING = "'nonResourceRules':[{'verbs':['*'],'nonResourceURLs':['*']}],"
            + "'resourceRules':[{'verbs':['*'],'apiGroups':['*'],'resources':['*'],'clusterScope':true,"
            + "'namespaces':['*']}]}]}";
    private static final JsonNode EXEMPT_SCHEMA = json("{'matchingPrecedence':1,"
            + "'priorityLevelConfiguration':{'name':'exempt'},'rules':[{'subjects':[{'kind':'Group','group':{"
            + "'name':'system:masters'}}]," + EVERYTHING);
    private static final JsonNode CATCH_ALL_SCHEMA = json("{'matchingPrecedence':10000,"
            + "'priorityLevelConfiguration':{'name':'catch-all'},'distinguisherMethod':{'type':'ByUser'},"
            + "'rules':[{'subjects':[{'kind':'Group','group':{'name':'system:unauthenticated'}},{"
            + "'kind':'Group','group':{'name':'system:authenticated'}}]," + EVERYTHING);
    private static final Map<String, JsonNode> SCHEMAS = Map.of("exempt", EXEMPT_SCHEMA, "catch-all",
            CATCH_ALL_SCHEMA);
    private static final String LEVEL_SPEC = "PriorityLevelConfigurationSpec";
    private static final JsonNode CATCH_ALL = json("{'type':'Limited','limited':{'nominalConcurrencyShares':5,"
            + "'lendablePercent':0,'limitResponse':{'type':'Reject'}}}");

    private FlowFixtures() {
    }

    static void schema(ObjectNode object, Problems problems) {
        String name = Tree.text(object, "metadata.name");
        JsonNode fixed = SCHEMAS.get(name);
        if (fixed != null) {
            unchanged(object, fixed, "FlowSchemaSpec", problems);
        }
    }

    /// Of the exempt level only the shares are free.
    static void level(ObjectNode object, Problems problems) {
        switch (Tree.text(object, "metadata.name")) {
            case "catch-all" -> unchanged(object, CATCH_ALL, LEVEL_SPEC, problems);
            case "exempt" -> {
                JsonNode spec = object.path("spec");
                if (!Tree.text(spec, "type").equals("Exempt") || Tree.has(spec, "limited")) {
                    problems.invalid("spec", GoStruct.struct(spec, LEVEL_SPEC),
                            "spec of 'exempt' except the 'spec.exempt' field must equal the fixed value");
                }
            }
            default -> {
            }
        }
    }

    static void conditions(ObjectNode object, Problems problems) {
        List<ObjectNode> conditions = Tree.objects(object, "status.conditions");
        Set<String> types = new HashSet<>();
        for (int i = 0; i < conditions.size(); i++) {
            String at = "status.conditions[" + i + "].type";
            String type = Tree.text(conditions.get(i), "type");
            if (!types.add(type)) {
                problems.duplicate(at, type);
            }
            if (type.isEmpty()) {
                problems.required(at);
            }
        }
    }

    private static void unchanged(ObjectNode object, JsonNode fixed, String type, Problems problems) {
        if (!Problems.same(object.path("spec"), fixed)) {
            problems.invalid("spec", GoStruct.struct(object.path("spec"), type),
                    "spec of '" + Tree.text(object, "metadata.name") + "' must equal the fixed value");
        }
    }

    private static JsonNode json(String singleQuoted) {
        return Json.object(singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
