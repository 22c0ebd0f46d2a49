package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Where a policy holds, with which parameters, and what happens when it is broken.
///
/// Source: ValidatingAdmissionPolicyBinding of admissionregistration.k8s.io/v1.
record PolicyBinding(String name, String policy, Matching matching, JsonNode paramRef, List<String> actions) {
    static PolicyBinding of(JsonNode binding) {
        return of(binding, Matching.ofResources(binding.path("spec").path("matchResources")));
    }

    /// One whose selectors cannot be read: it narrows nothing.
    static PolicyBinding unusable(JsonNode binding) {
        return of(binding, Matching.byRules(MissingNode.getInstance()));
    }

    private static PolicyBinding of(JsonNode binding, Matching matching) {
        JsonNode spec = binding.path("spec");
        return new PolicyBinding(binding.at("/metadata/name").asText(), spec.path("policyName").asText(), matching, spec
                .path("paramRef"), Tree.texts(spec, "validationActions"));
    }
}
