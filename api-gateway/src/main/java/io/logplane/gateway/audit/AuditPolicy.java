package io.logplane.gateway.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.RequestInfo;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which requests are recorded, and how much of them: the first rule that covers a request decides.
///
/// Errors: IllegalArgumentException names every field of a policy that cannot be used.
/// Source: audit.k8s.io/v1 Policy; k8s.io/apiserver/pkg/audit/policy.
public final class AuditPolicy {
    private static final Set<String> FIELDS = Set.of("apiVersion", "kind", "metadata", "rules", "omitStages",
            "omitManagedFields");
    private static final Set<String> RULE_FIELDS = Set.of("level", "users", "userGroups", "verbs", "resources",
            "namespaces", "nonResourceURLs", "omitStages", "omitManagedFields");
    private static final Decision NOTHING = new Decision(AuditLevel.NONE, Set.of(), false);

    private final List<AuditRule> rules;
    private final Set<Stage> omitStages;
    private final boolean omitManagedFields;

    private AuditPolicy(List<AuditRule> rules, Set<Stage> omitStages, boolean omitManagedFields) {
        this.rules = List.copyOf(rules);
        this.omitStages = omitStages;
        this.omitManagedFields = omitManagedFields;
    }

    /// What holds for one request.
    public record Decision(AuditLevel level, Set<Stage> omitStages, boolean omitManagedFields) {
    }

    /// Records nothing.
    public static AuditPolicy none() {
        return new AuditPolicy(List.of(), Set.of(), false);
    }

    public static AuditPolicy parse(JsonNode policy) {
        List<String> problems = new ArrayList<>();
        if (!policy.path("apiVersion").asText().equals("audit.k8s.io/v1") || !policy.path("kind").asText().equals(
                "Policy")) {
            problems.add("kind: must be Policy of audit.k8s.io/v1");
        }
        unknown(policy, FIELDS, "", problems);
        List<AuditRule> rules = new ArrayList<>();
        for (JsonNode rule : policy.path("rules")) {
            String at = "rules[" + rules.size() + "]";
            unknown(rule, RULE_FIELDS, at + ".", problems);
            rules.add(AuditRule.parse(rule, at, problems));
        }
        if (rules.isEmpty()) {
            problems.add("rules: at least one is needed");
        }
        Set<Stage> omitted = AuditRule.stages(policy, "policy", problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("this audit policy cannot be used: " + String.join("; ", problems));
        }
        return new AuditPolicy(rules, omitted, AuditRule.flag(policy).orElse(false));
    }

    private static void unknown(JsonNode object, Set<String> known, String at, List<String> problems) {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problems.add(at + name + ": unknown field");
            }
        });
    }

    public boolean recordsNothing() {
        return rules.stream().allMatch(rule -> rule.level() == AuditLevel.NONE);
    }

    public Decision decide(User user, RequestInfo info) {
        Optional<AuditRule> first = rules.stream().filter(rule -> rule.covers(user, info)).findFirst();
        if (first.isEmpty() || first.get().level() == AuditLevel.NONE) {
            return NOTHING;
        }
        Set<Stage> omitted = EnumSet.noneOf(Stage.class);
        omitted.addAll(omitStages);
        omitted.addAll(first.get().omitStages());
        return new Decision(first.get().level(), omitted, first.get().omitManagedFields().orElse(omitManagedFields));
    }
}
