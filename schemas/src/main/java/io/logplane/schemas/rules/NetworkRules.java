package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Rules;
import java.util.List;
import java.util.Optional;

/// Ingresses, NetworkPolicies, Endpoints and EndpointSlices.
public final class NetworkRules {

    private NetworkRules() {
    }

    /// Ingresses.
    public record Ingresses() implements SpecRules {

        @Override
        public String zeroStatus() {
            return "{\"loadBalancer\":{}}";
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            Tree.object(object, "spec");
            SpecRules.fillStatus(object, zeroStatus());
        }

        @Override
        public List<FieldError> validateCreate(ObjectNode object) {
            Problems problems = new Problems();
            IngressRules.validate(object.path("spec"), Json.newObject(), problems);
            IngressRules.oneClass(object, problems);
            return problems.list();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            IngressRules.validate(object.path("spec"), old.path("spec"), problems);
            return problems.list();
        }

        @Override
        public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            if (subresource.equals("status")) {
                LoadBalancerRules.ingress(object, old, problems);
            }
            return problems.list();
        }

        @Override
        public List<String> warningsOnCreate(ObjectNode object) {
            return NetworkWarnings.newIngress(object);
        }

        @Override
        public List<String> warningsOnUpdate(String subresource, ObjectNode object, ObjectNode old) {
            return NetworkWarnings.balancer(subresource, object);
        }
    }

    /// NetworkPolicies.
    public record Policies() implements SpecRules {

        @Override
        public void applyDefaults(ObjectNode object) {
            ObjectNode spec = Tree.object(object, "spec");
            Tree.object(spec, "podSelector");
            for (String direction : List.of("ingress", "egress")) {
                for (ObjectNode rule : Tree.objects(spec, direction)) {
                    Tree.objects(rule, "ports").forEach(port -> Tree.setDefault(port, "protocol", "TCP"));
                }
            }
            if (spec.path("policyTypes").isEmpty()) {
                ArrayNode types = spec.putArray("policyTypes").add("Ingress");
                if (!spec.path("egress").isEmpty()) {
                    types.add("Egress");
                }
            }
        }

        @Override
        public void prepareForCreate(ObjectNode object) {
            object.remove("status");
        }

        @Override
        public List<FieldError> validateCreate(ObjectNode object) {
            return validateUpdate(object, Json.newObject());
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            PolicyPeerRules.validate(object.path("spec"), old.path("spec"), problems);
            return problems.list();
        }

        @Override
        public List<String> warnings(ObjectNode object) {
            return NetworkWarnings.policy(object);
        }
    }

    /// Endpoints.
    public record Endpoints() implements Rules {

        @Override
        public Optional<String> deprecation() {
            return Optional.of("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
        }

        @Override
        public List<String> warnings(ObjectNode object) {
            return NetworkWarnings.endpoints(object);
        }

        @Override
        public boolean allowsCreateOnUpdate() {
            return true;
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            for (ObjectNode subset : Tree.objects(object, "subsets")) {
                Tree.objects(subset, "ports").forEach(port -> Tree.setDefault(port, "protocol", "TCP"));
            }
        }

        @Override
        public List<FieldError> validateCreate(ObjectNode object) {
            Problems problems = new Problems();
            EndpointRules.subsets(object, problems);
            return problems.list();
        }

        /// What does not change is not looked at: older rules let more through.
        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            return Problems.same(object.path("subsets"), old.path("subsets")) ? List.of() : validateCreate(object);
        }
    }

    /// EndpointSlices.
    public record Slices() implements Rules {

        @Override
        public void applyDefaults(ObjectNode object) {
            for (ObjectNode port : Tree.objects(object, "ports")) {
                Tree.setDefault(port, "name", "");
                Tree.setDefault(port, "protocol", "TCP");
            }
            for (String list : List.of("endpoints", "ports")) {
                if (!object.has(list)) {
                    object.putNull(list);
                }
            }
        }

        @Override
        public List<FieldError> validateCreate(ObjectNode object) {
            Problems problems = new Problems();
            all(object, true, problems);
            return problems.list();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            all(object, !Problems.same(object.path("endpoints"), old.path("endpoints")), problems);
            if (!Tree.text(object, "addressType").equals(Tree.text(old, "addressType"))) {
                problems.invalid("addressType", Tree.text(object, "addressType"), Problems.IMMUTABLE);
            }
            return problems.list();
        }

        @Override
        public List<String> warnings(ObjectNode object) {
            return NetworkWarnings.slice(object);
        }

        private static void all(ObjectNode object, boolean changed, Problems problems) {
            EndpointRules.addressType(object, problems);
            if (changed) {
                EndpointRules.endpoints(object, problems);
            }
            EndpointRules.ports(object, problems);
        }

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public boolean raisesGeneration(ObjectNode object, ObjectNode old) {
            return !object.deepCopy().without("metadata").equals(old.deepCopy().without("metadata"));
        }
    }
}
