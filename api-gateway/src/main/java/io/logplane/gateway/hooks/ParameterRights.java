package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.logplane.gateway.admission.Admission;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.types.ResourceType;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Refuses a policy or a binding with parameters to those who may not read the parameters: the messages of a policy
/// could tell what is in them.
///
/// Asked only when what is named changes; what is not known costs the right to read everything.
/// Source: k8s.io/kubernetes/pkg/registry/admissionregistration (authz of policies and bindings).
public final class ParameterRights implements Admission.Step {
    private static final String ANY = "*";
    private final Authorizer authorizer;
    private final Lookup lookup;

    public ParameterRights(Authorizer authorizer, Lookup lookup) {
        this.authorizer = authorizer;
        this.lookup = lookup;
    }

    /// What must be read. Shape: `*` for what is not known.
    private record Kind(String group, String version, String resource) {
        static final Kind UNKNOWN = new Kind(ANY, ANY, ANY);
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (!request.type().group().equals(Hooks.GROUP) || request.operation() == Operation.DELETE || !request
                .subresource().isEmpty()) {
            return;
        }
        JsonNode spec = request.object().path("spec");
        JsonNode old = request.old().<JsonNode>map(before -> before.path("spec")).orElse(MissingNode.getInstance());
        Optional<FieldError> missing = switch (request.type().plural()) {
            case "validatingadmissionpolicies", "mutatingadmissionpolicies" -> ofPolicy(spec, old, request.user());
            case "validatingadmissionpolicybindings" -> ofBinding(spec, old, request.user(),
                    "validatingadmissionpolicies");
            case "mutatingadmissionpolicybindings" -> ofBinding(spec, old, request.user(),
                    "mutatingadmissionpolicies");
            default -> Optional.empty();
        };
        missing.ifPresent(error -> {
            throw Refusals.invalid(Hooks.GROUP, request.type().kind(), request.name(), List.of(error));
        });
    }

    private Optional<FieldError> ofPolicy(JsonNode spec, JsonNode old, User user) {
        JsonNode said = spec.path("paramKind");
        if (!said.isObject() || said.equals(old.path("paramKind")) || may(user, "get", kind(said), ANY, ANY)) {
            return Optional.empty();
        }
        return Optional.of(FieldError.forbidden("spec.paramKind", "user " + shown(user)
                + " must have \"get\" permission on all objects of the referenced paramKind (kind=" + said.path("kind")
                        .asText()
                + ", apiVersion=" + said.path("apiVersion").asText() + ")"));
    }

    private Optional<FieldError> ofBinding(JsonNode spec, JsonNode old, User user, String policies) {
        JsonNode said = spec.path("paramRef");
        boolean same = said.equals(old.path("paramRef")) && spec.path("policyName").equals(old.path("policyName"));
        if (!said.isObject() || same) {
            return Optional.empty();
        }
        String policy = spec.path("policyName").asText();
        Optional<JsonNode> found = lookup.tree(ObjectKey.of(Hooks.GROUP, policies, "", policy)).map(object -> object.at(
                "/spec/paramKind"));
        Kind kind = found.filter(JsonNode::isObject).map(this::kind).orElse(Kind.UNKNOWN);
        String name = said.path("name").asText();
        String verb = name.isEmpty() ? "list" : "get";
        if (may(user, verb, kind, said.path("namespace").asText(), name)) {
            return Optional.empty();
        }
        String lacks = "user " + shown(user) + " does not have \"" + verb + "\" permission ";
        String why = found.isEmpty()
                ? "unable to get policy " + policy
                : found.get().isObject() && kind.resource().equals(ANY)
                        ? "unable to resolve paramKind &{" + found.get().path("apiVersion").asText() + " " + found.get()
                                .path("kind").asText() + "}"
                        : "";
        return Optional.of(FieldError.forbidden("spec.paramRef", why.isEmpty()
                ? lacks + "on the object referenced by paramRef"
                : why + " to determine minimum required permissions and " + lacks
                        + "for all groups, versions and resources"));
    }

    private Kind kind(JsonNode said) {
        String apiVersion = said.path("apiVersion").asText();
        int slash = apiVersion.indexOf('/');
        String resource = lookup.types().byKind(apiVersion, said.path("kind").asText()).map(ResourceType::plural)
                .orElse(ANY);
        return new Kind(apiVersion.substring(0, Math.max(0, slash)), apiVersion.substring(slash + 1), resource);
    }

    private boolean may(User user, String verb, Kind kind, String namespace, String name) {
        return user.superuser() || authorizer.allows(user, new RequestInfo(true, "", verb, kind.group(), kind.version(),
                kind.resource(), "", namespace, name, false));
    }

    /// As Go prints a user.
    private static String shown(User user) {
        String extra = new TreeMap<>(user.extra()).entrySet().stream().map(entry -> entry.getKey() + ":[" + String.join(
                " ", entry.getValue()) + "]").collect(Collectors.joining(" "));
        return "&{" + user.name() + " " + user.uid() + " [" + String.join(" ", user.groups()) + "] map[" + extra + "]}";
    }
}
