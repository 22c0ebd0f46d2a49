package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.admission.Lookup;
import io.logplane.schemas.model.LabelSelector;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.ResourceType;
import java.util.List;
import java.util.Optional;

/// Which requests a webhook or a policy is about: rules, scope, operations, selectors, match policy.
///
/// Shape: `exact` is matchPolicy Exact; else another version of the same resource matches too, also in another group,
/// and is what is shown.
/// Source: k8s.io/apiserver/pkg/admission/plugin/webhook/predicates.
record Matching(List<Rule> rules, List<Rule> excluded, LabelSelector namespaces, LabelSelector objects, boolean exact) {

    /// One rule with operations. Shape: `names` empty is any name.
    record Rule(List<String> operations, List<String> groups, List<String> versions, List<String> resources,
            String scope, List<String> names) {
        static Rule of(JsonNode rule) {
            return new Rule(Tree.texts(rule, "operations"), Tree.texts(rule, "apiGroups"), Tree.texts(rule,
                    "apiVersions"), Tree.texts(rule, "resources"), rule.path("scope").asText("*"),
                    Tree.texts(rule,
                            "resourceNames"));
        }

        private boolean matches(HookRequest request, ResourceType type) {
            return hasOrAll(operations, request.operation().name()) && hasOrAll(groups, type.group())
                    && hasOrAll(versions, type.version()) && inScope(request) && resource(type.plural(), request
                            .subresource())
                    && (names.isEmpty() || names.contains(request.name()));
        }

        private boolean inScope(HookRequest request) {
            boolean namespaced = !request.namespace().isEmpty() && !request.isNamespace();
            return scope.equals("*") || scope.equals(namespaced ? "Namespaced" : "Cluster");
        }

        private boolean resource(String plural, String subresource) {
            String whole = subresource.isEmpty() ? plural : plural + "/" + subresource;
            return resources.contains(whole) || resources.contains("*/*")
                    || subresource.isEmpty() && resources.contains("*")
                    || resources.contains(plural + "/*") || !subresource.isEmpty() && resources.contains("*/"
                            + subresource);
        }

        private static boolean hasOrAll(List<String> list, String wanted) {
            return list.contains("*") || list.contains(wanted);
        }
    }

    /// Of one whose selectors cannot be read: everything its rules are about.
    static Matching byRules(JsonNode rules) {
        return new Matching(rules(rules), List.of(), LabelSelector.EVERYTHING, LabelSelector.EVERYTHING, false);
    }

    static Matching ofWebhook(JsonNode hook) {
        return of(hook, hook.path("rules"), List.of());
    }

    /// Shape: matchConstraints or matchResources of a policy or binding; empty rules match everything there only.
    static Matching ofResources(JsonNode constraints) {
        return of(constraints, constraints.path("resourceRules"), rules(constraints.path("excludeResourceRules")));
    }

    private static Matching of(JsonNode from, JsonNode rules, List<Rule> excluded) {
        return new Matching(rules(rules), excluded, selector(from.path("namespaceSelector")), selector(from.path(
                "objectSelector")), from.path("matchPolicy").asText().equals("Exact"));
    }

    private static List<Rule> rules(JsonNode list) {
        return list.valueStream().map(Rule::of).toList();
    }

    private static LabelSelector selector(JsonNode selector) {
        return selector.isObject() ? LabelSelector.ofObject(selector) : LabelSelector.EVERYTHING;
    }

    /// The request as this one is shown it; empty when it does not match. Selectors read what was asked for: nothing is
    /// converted for one that does not match.
    Optional<HookRequest> match(HookRequest request, Lookup lookup) {
        HookRequest asked = request.in(request.asked().type());
        return rules(request, lookup).filter(found -> namespaceMatches(asked, lookup) && objectMatches(asked));
    }

    /// As [#match], but no rules at all are every rule: how bindings narrow a policy.
    boolean narrows(HookRequest request, Lookup lookup) {
        boolean byRule = rules.isEmpty()
                ? first(excluded, request, lookup).isEmpty()
                : rules(request, lookup).isPresent();
        return byRule && namespaceMatches(request, lookup) && objectMatches(request);
    }

    private Optional<HookRequest> rules(HookRequest request, Lookup lookup) {
        return first(excluded, request, lookup).isPresent()
                ? Optional.empty()
                : first(rules, request, lookup).map(request::in);
    }

    /// The version that rules are about: the one asked for, else that of the first rule which names another one.
    private Optional<ResourceType> first(List<Rule> of, HookRequest request, Lookup lookup) {
        ResourceType asked = request.asked().type();
        if (of.stream().anyMatch(rule -> rule.matches(request, asked))) {
            return Optional.of(asked);
        }
        if (exact || of.isEmpty()) {
            return Optional.empty();
        }
        String home = asked.storage().qualifiedName();
        List<ResourceType> types = lookup.types().all();
        return of.stream().flatMap(rule -> types.stream().filter(type -> rule.matches(request, type) && type.storage()
                .qualifiedName().equals(home))).findFirst();
    }

    private boolean namespaceMatches(HookRequest request, Lookup lookup) {
        if (namespaces.isEverything() || request.namespace().isEmpty()) {
            return true;
        }
        return namespaces.matches(namespace(request, lookup).map(found -> found.at("/metadata/labels")).orElse(
                com.fasterxml.jackson.databind.node.MissingNode.getInstance()));
    }

    /// The namespace of a request; of a Namespace that is written, itself.
    static Optional<ObjectNode> namespace(HookRequest request, Lookup lookup) {
        if (request.namespace().isEmpty()) {
            return Optional.empty();
        }
        if (request.isNamespace() && request.operation() != Operation.DELETE) {
            return request.object();
        }
        return lookup.tree(ObjectKey.of("", "namespaces", "", request.namespace()));
    }

    private boolean objectMatches(HookRequest request) {
        return objects.isEverything() || labelled(request.object()) || labelled(request.old());
    }

    private boolean labelled(Optional<ObjectNode> object) {
        return object.isPresent() && objects.matches(object.get().at("/metadata/labels"));
    }
}
