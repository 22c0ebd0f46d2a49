package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.admission.AdmissionRequest.Asked;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.gateway.write.Scales;
import io.logplane.representation.apply.ScaleOwners;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import java.util.Optional;
import java.util.Set;

/// One write as the hooks of users see it, in one version of its resource.
///
/// Shape: `type` is the version shown; `asked` what the client asked for. `object` is empty for a delete, `old` for a
/// create. Source: k8s.io/api/admission/v1 AdmissionRequest.
record HookRequest(AdmissionRequest admission, Asked asked, ResourceType type) {
    private static final Set<String> POLICY_TYPES = Set.of("validatingadmissionpolicies",
            "validatingadmissionpolicybindings", "mutatingadmissionpolicies", "mutatingadmissionpolicybindings");
    private static final Set<String> WEBHOOK_TYPES = Set.of("mutatingwebhookconfigurations",
            "validatingwebhookconfigurations");
    /// Virtual resources no policy sees.
    private static final Set<String> UNSEEN = Set.of("tokenreviews", "selfsubjectreviews", "subjectaccessreviews",
            "selfsubjectaccessreviews", "localsubjectaccessreviews", "selfsubjectrulesreviews");
    private static final String GROUP = "admissionregistration.k8s.io";

    static HookRequest of(AdmissionRequest admission) {
        Asked asked = admission.asked().orElseGet(() -> new Asked(new RequestInfo(true, "", "", admission.type()
                .group(), admission.type().version(), admission.type().plural(), admission.subresource(),
                admission
                        .namespace(),
                admission.name(), false), admission.type(), Json.newObject()));
        return new HookRequest(admission, asked, asked.type());
    }

    HookRequest in(ResourceType other) {
        return new HookRequest(admission, asked, other);
    }

    /// No webhook may lock the door to the configurations of locks.
    boolean unseenByWebhooks() {
        return isWorkOfAnother()
                || type.group().equals(GROUP) && (POLICY_TYPES.contains(type.plural()) || WEBHOOK_TYPES.contains(type
                        .plural()));
    }

    /// Policies do not judge policies; nor may who may ask hang on what is asked.
    boolean unseenByPolicies() {
        return isWorkOfAnother() || type.group().equals(GROUP) && POLICY_TYPES.contains(type.plural())
                || UNSEEN.contains(type.plural());
    }

    /// What a Binding or an Eviction does to its pod: the hooks have seen the Binding or the Eviction.
    private boolean isWorkOfAnother() {
        return !admission.isOfItsOwnKind() && (subresource().equals("binding") || subresource().equals("eviction"));
    }

    Operation operation() {
        return admission.operation();
    }

    String subresource() {
        return admission.subresource();
    }

    /// Shape: "" for what lies in no namespace. A Namespace lies in itself.
    String namespace() {
        if (isNamespace()) {
            return name();
        }
        return type.namespaced() ? asked.info().namespace() : "";
    }

    boolean isNamespace() {
        return type.group().isEmpty() && type.plural().equals("namespaces");
    }

    /// Shape: "" for one of many that are deleted together, and for what has no name yet.
    String name() {
        return asked.info().name().isEmpty() && operation() != Operation.DELETE
                ? admission.name()
                : asked.info().name();
    }

    /// As refusals call it.
    String refusedName() {
        if (!name().isEmpty()) {
            return name();
        }
        String base = object().map(object -> object.at("/metadata/generateName").asText()).orElse("");
        return base.isEmpty() ? "Unknown" : base;
    }

    Optional<ObjectNode> object() {
        return operation() == Operation.DELETE ? Optional.empty() : Optional.of(shown(admission.object()));
    }

    Optional<ObjectNode> old() {
        return admission.old().map(this::shown);
    }

    boolean isScale() {
        return subresource().equals("scale");
    }

    private ObjectNode shown(ObjectNode stored) {
        if (admission.isOfItsOwnKind()) {
            return stored;
        }
        if (isScale()) {
            ObjectNode scale = Scales.of(stored, admission.type());
            ScaleOwners.show(stored, scale, admission.type());
            return scale;
        }
        try {
            return type.served(stored);
        } catch (Refused unconvertible) {
            throw Refusals.internal(String.valueOf(unconvertible.getMessage()));
        }
    }

    /// Puts a changed object where the write takes it from. Shape: in the version shown.
    void replace(ObjectNode changed) {
        ObjectNode target = admission.object();
        if (isScale()) {
            ((ObjectNode) target.get("spec")).put("replicas", changed.path("spec").path("replicas").asInt());
            return;
        }
        ObjectNode stored = admission.isOfItsOwnKind()
                ? changed
                : type.conversion().map(conversion -> conversion.toStorage(changed)).orElse(changed);
        target.removeAll();
        target.setAll(stored);
    }

    /// The AdmissionRequest without its objects. Shape: fields in upstream's order, empty ones left out.
    ObjectNode describe(String uid) {
        ObjectNode request = Json.newObject();
        request.put("uid", uid);
        kind(request.putObject("kind"), type);
        resource(request.putObject("resource"), type);
        text(request, "subResource", subresource());
        kind(request.putObject("requestKind"), asked.type());
        resource(request.putObject("requestResource"), asked.type());
        text(request, "requestSubResource", subresource());
        text(request, "name", name());
        text(request, "namespace", namespace());
        request.put("operation", operation().name());
        user(request.putObject("userInfo"), admission.user());
        request.put("dryRun", admission.dryRun());
        return request;
    }

    private void kind(ObjectNode into, ResourceType of) {
        if (admission.isOfItsOwnKind()) {
            String version = admission.object().path("apiVersion").asText();
            into.put("group", version.contains("/") ? version.substring(0, version.indexOf('/')) : "");
            into.put("version", version.substring(version.indexOf('/') + 1));
            into.put("kind", admission.object().path("kind").asText());
            return;
        }
        into.put("group", isScale() ? Scales.GROUP : of.group());
        into.put("version", isScale() ? Scales.VERSION : of.version());
        into.put("kind", isScale() ? "Scale" : of.kind());
    }

    private static void resource(ObjectNode into, ResourceType of) {
        into.put("group", of.group());
        into.put("version", of.version());
        into.put("resource", of.plural());
    }

    private static void text(ObjectNode into, String field, String value) {
        if (!value.isEmpty()) {
            into.put(field, value);
        }
    }

    private static void user(ObjectNode into, User user) {
        text(into, "username", user.name());
        text(into, "uid", user.uid());
        ArrayNode groups = into.putArray("groups");
        user.groups().forEach(groups::add);
        if (!user.extra().isEmpty()) {
            ObjectNode extra = into.putObject("extra");
            user.extra().forEach((key, values) -> {
                ArrayNode list = extra.putArray(key);
                values.forEach(list::add);
            });
        }
    }

    static JsonNode orNull(Optional<ObjectNode> object) {
        return object.<JsonNode>map(found -> found).orElse(Json.MAPPER.nullNode());
    }
}
