package io.logplane.gateway.authz;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Whether a user holds what he is about to grant.
public final class Escalation {
    private static final List<PolicyRule> ALL = PolicyRule.listOf(Json.object(("{\"rules\":["
            + "{\"apiGroups\":[\"*\"],\"resources\":[\"*\"],\"verbs\":[\"*\"]},"
            + "{\"nonResourceURLs\":[\"*\"],\"verbs\":[\"*\"]}]}").getBytes(StandardCharsets.UTF_8)).path("rules"));
    private final Authorizer authorizer;

    public Escalation(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    /// Errors: 403 unless the user may `escalate` or holds every rule.
    public void checkRole(User user, ResourceType type, String namespace, String name, List<PolicyRule> rules) {
        if (authorizer.allows(user, info("escalate", type.plural(), namespace, name))) {
            return;
        }
        covered(user, type, namespace, name, rules);
    }

    /// An aggregation rule can gather anything, now and later. Errors: 403 unless the user may `escalate` or holds all.
    public void checkAggregation(User user, ResourceType type, String name) {
        if (authorizer.allows(user, info("escalate", type.plural(), "", name))) {
            return;
        }
        List<PolicyRule> held = authorizer.rbac().rulesOf(user, "");
        boolean everything = ALL.stream().flatMap(rule -> rule.atoms().stream()).allMatch(atom -> held.stream()
                .anyMatch(rule -> rule.covers(atom)));
        if (!everything) {
            throw Refusals.forbidden(type, name, "must have cluster-admin privileges to use the aggregationRule");
        }
    }

    /// Errors: 404 for a role that is not there, 403 unless the user may `bind` or holds every rule of it.
    public void checkBinding(User user, ResourceType type, String namespace, String name, JsonNode ref) {
        boolean cluster = !ref.path("kind").asText().equals("Role");
        String role = ref.path("name").asText();
        String resource = cluster ? "clusterroles" : "roles";
        if (authorizer.allows(user, info("bind", resource, namespace, role))) {
            return;
        }
        List<PolicyRule> rules = authorizer.rbac().role(cluster ? "" : namespace, role).orElseThrow(() -> Refusals
                .notFound(RbacIndex.GROUP, resource, role));
        covered(user, type, namespace, name, rules);
    }

    private void covered(User user, ResourceType type, String namespace, String name, List<PolicyRule> rules) {
        List<PolicyRule> held = authorizer.rbac().rulesOf(user, namespace);
        List<String> missing = new ArrayList<>();
        for (PolicyRule rule : rules) {
            for (PolicyRule atom : rule.atoms()) {
                if (held.stream().noneMatch(h -> h.covers(atom))) {
                    missing.add(atom.text());
                }
            }
        }
        if (!missing.isEmpty()) {
            throw Refusals.forbidden(type, name, "user " + Refusals.quoted(user.name()) + " (groups=["
                    + String.join(" ", user.groups().stream().map(Refusals::quoted).toList())
                    + "]) is attempting to grant RBAC permissions not currently held:\n" + String.join("\n", missing));
        }
    }

    private static RequestInfo info(String verb, String resource, String namespace, String name) {
        return new RequestInfo(true, "", verb, RbacIndex.GROUP, "v1", resource, "", namespace, name, false);
    }
}
