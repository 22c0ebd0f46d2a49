package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.authn.ServiceAccountTokens;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.gateway.write.Representations;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.types.ResourceTypes;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// `serviceaccounts/token`: tokens for an audience, for a time, bound to an object. Never stored.
///
/// Source: KEP-1205; kubernetes/pkg/registry/core/serviceaccount/storage/token.go.
final class TokenRequests {
    /// Kinds of the core group a token may die with, and their resources.
    private static final Map<String, String> BINDABLE = Map.of("Pod", "pods", "Secret", "secrets", "Node", "nodes");
    private static final String GROUP = "authentication.k8s.io";
    private static final long MIN_SECONDS = 600;
    private static final long DEFAULT_SECONDS = 3600;
    private static final long MAX_SECONDS = 1L << 32;
    /// What kubelets ask for of a pod whose volume says nothing; such tokens may be read once and never again.
    private static final long UNSPOKEN_SECONDS = 3607;
    private static final long YEAR_SECONDS = 365L * 24 * 3600;

    private final Representations representations;
    private final Lookup lookup;
    private final ServiceAccountTokens tokens;
    private final Authorizer authorizer;
    private final InstantSource clock;

    TokenRequests(Representations representations, Lookup lookup, ServiceAccountTokens tokens, Authorizer authorizer,
            InstantSource clock) {
        this.authorizer = authorizer;
        this.representations = representations;
        this.lookup = lookup;
        this.tokens = tokens;
        this.clock = clock;
    }

    /// Errors: 403 for a node that asks for more than a token of one of its pods, 400, 404, 409 and 422 as upstream.
    ObjectNode issue(RequestInfo info, User user, byte[] body, String contentType) {
        ObjectNode request = representations.decodeKind(body, contentType, GROUP, "v1", "TokenRequest");
        matches(request, info, "name", info.name());
        matches(request, info, "namespace", info.namespace());
        ObjectNode account = find("serviceaccounts", info.namespace(), info.name());
        ObjectNode spec = request.path("spec") instanceof ObjectNode found ? found : request.putObject("spec");
        long seconds = spec.path("expirationSeconds").asLong(DEFAULT_SECONDS);
        check(seconds);
        List<String> audiences = new ArrayList<>();
        spec.path("audiences").forEach(a -> audiences.add(a.asText()));
        Instant now = clock.instant();
        user.node().ifPresent(node -> restrict(node, user, info, spec));
        if (audiences.isEmpty()) {
            audiences.add(ServiceAccountTokens.ISSUER);
        }
        ServiceAccountTokens.Claims claims = claims(info, account, spec.path("boundObjectRef"), audiences, now,
                seconds);
        ArrayNode shown = spec.putArray("audiences");
        audiences.forEach(shown::add);
        spec.put("expirationSeconds", seconds);
        if (!spec.has("boundObjectRef")) {
            spec.putNull("boundObjectRef");
        }
        ObjectNode out = Json.newObject();
        out.put("kind", "TokenRequest");
        out.put("apiVersion", GROUP + "/v1");
        ObjectNode metadata = out.putObject("metadata");
        metadata.put("name", info.name());
        metadata.put("namespace", info.namespace());
        metadata.set("uid", account.path("metadata").path("uid"));
        metadata.put("creationTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
        out.set("spec", spec);
        ObjectNode status = out.putObject("status");
        status.put("token", tokens.sign(claims));
        status.put("expirationTimestamp", now.plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS).toString());
        return out;
    }

    /// A node may have tokens of its own pods only, so that they die with them, and for no audience but those its pods
    /// name.
    /// Source: kubernetes/plugin/pkg/admission/noderestriction; KEP-4412.
    private void restrict(String node, User user, RequestInfo info, JsonNode spec) {
        JsonNode ref = spec.path("boundObjectRef");
        String why = "";
        if (!ref.path("apiVersion").asText().equals("v1") || !ref.path("kind").asText().equals("Pod")
                || ref.path("name")
                        .asText().isEmpty()) {
            why = "node requested token not bound to a pod";
        } else if (ref.path("uid").asText().isEmpty()) {
            why = "node requested token with a pod binding without a uid";
        } else {
            ObjectNode pod = find("pods", info.namespace(), ref.path("name").asText());
            String differs = differs(ref, pod);
            why = !differs.isEmpty()
                    ? differs
                    : pod.path("spec").path("nodeName").asText().equals(node)
                            ? audience(user, info, spec.path("audiences"), pod)
                            : "node requested token bound to a pod scheduled on a different node";
        }
        if (!why.isEmpty()) {
            throw Refusals.forbidden(ResourceTypes.require("", "serviceaccounts"), info.name(), why);
        }
    }

    /// "" when the audience is one that a volume of the pod asks for, or that the node may ask for by role.
    private String audience(User user, RequestInfo info, JsonNode audiences, ObjectNode pod) {
        if (audiences.size() > 1) {
            return "node may only request 0 or 1 audiences";
        }
        String wanted = audiences.path(0).asText();
        RequestInfo byRole = new RequestInfo(true, "", "request-serviceaccounts-token-audience", "", "", wanted, "",
                info
                        .namespace(),
                info.name(), false);
        return NodeAudiences.named(pod, wanted, lookup) || authorizer.allows(user, byRole)
                ? ""
                : "audience " + Refusals.quoted(wanted) + " not found in pod spec volume";
    }

    private ServiceAccountTokens.Claims claims(RequestInfo info, ObjectNode account, JsonNode ref,
            List<String> audiences, Instant now, long seconds) {
        String kind = ref.path("kind").asText();
        String name = ref.path("name").asText();
        String uid = "";
        String node = "";
        String nodeUid = "";
        if (!ref.isEmpty()) {
            ObjectNode bound = bound(info, ref, kind, name);
            uid = bound.path("metadata").path("uid").asText();
            if (kind.equals("Pod")) {
                if (!bound.path("spec").path("serviceAccountName").asText().equals(info.name())) {
                    throw Refusals.badRequest("cannot bind token for serviceaccount " + Refusals.quoted(info.name())
                            + " to pod running with different serviceaccount name.");
                }
                node = bound.path("spec").path("nodeName").asText();
                nodeUid = node.isEmpty() ? "" : uidOfNode(node);
            }
        }
        long issued = now.getEpochSecond();
        boolean pod = kind.equals("Pod");
        boolean longer = pod && seconds == UNSPOKEN_SECONDS && audiences.equals(List.of(ServiceAccountTokens.ISSUER));
        boolean secret = kind.equals("Secret");
        boolean isNode = kind.equals("Node");
        return new ServiceAccountTokens.Claims(info.namespace(), info.name(), account.path("metadata").path("uid")
                .asText(), pod ? name : "", pod ? uid : "", isNode ? name : node, isNode ? uid : nodeUid,
                secret
                        ? name
                        : "",
                secret ? uid : "", audiences, UUID.randomUUID().toString(), issued, issued, issued + (longer
                        ? YEAR_SECONDS
                        : seconds),
                longer ? issued + seconds : 0);
    }

    private ObjectNode bound(RequestInfo info, JsonNode ref, String kind, String name) {
        String version = ref.path("apiVersion").asText();
        String resource = version.contains("/") ? "" : BINDABLE.getOrDefault(kind, "");
        if (resource.isEmpty()) {
            throw Refusals.badRequest("cannot bind token to object of type " + (version.contains("/") ? "" : "/")
                    + version + ", Kind=" + kind);
        }
        ObjectNode bound = find(resource, kind.equals("Node") ? "" : info.namespace(), name);
        String differs = differs(ref, bound);
        if (!differs.isEmpty()) {
            throw Refusals.conflict("", kind, name, differs);
        }
        return bound;
    }

    /// "" when the reference says no uid or the object's own.
    private static String differs(JsonNode ref, JsonNode object) {
        String wanted = ref.path("uid").asText();
        String uid = object.path("metadata").path("uid").asText();
        return wanted.isEmpty() || wanted.equals(uid)
                ? ""
                : "the UID in the bound object reference (" + wanted
                        + ") does not match the UID in record. The object might have been deleted and then recreated";
    }

    private String uidOfNode(String name) {
        return lookup.tree(ObjectKey.of("", "nodes", "", name)).map(n -> n.path("metadata").path("uid").asText())
                .orElse("");
    }

    private ObjectNode find(String resource, String namespace, String name) {
        try {
            return lookup.tree(ObjectKey.of("", resource, namespace, name)).orElseThrow(() -> Refusals.notFound("",
                    resource, name));
        } catch (IllegalArgumentException notAName) {
            throw Refusals.notFound("", resource, name);
        }
    }

    /// What the body says of its own name is what the path says.
    private static void matches(ObjectNode request, RequestInfo info, String field, String wanted) {
        String found = request.path("metadata").path(field).asText();
        if (!found.isEmpty() && !found.equals(wanted)) {
            throw Refusals.invalid(GROUP, "TokenRequest", info.name(), List.of(FieldError.invalid("metadata." + field,
                    Refusals.quoted(found), "must match the service account " + field + " if specified")));
        }
    }

    private static void check(long seconds) {
        if (seconds < MIN_SECONDS) {
            throw Refusals.invalid(GROUP, "TokenRequest", "", List.of(FieldError.invalid("spec.expirationSeconds", Long
                    .toString(seconds), "may not specify a duration less than 10 minutes")));
        }
        if (seconds > MAX_SECONDS) {
            throw Refusals.invalid(GROUP, "TokenRequest", "", List.of(FieldError.invalid("spec.expirationSeconds", Long
                    .toString(seconds), "may not specify a duration larger than 2^32 seconds")));
        }
    }
}
