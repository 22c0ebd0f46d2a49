package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.logplane.gateway.admission.Lookup;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.LabelSelector;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.types.ResourceType;
import io.logplane.state.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The parameters a binding names for a policy.
///
/// Source: k8s.io/apiserver/pkg/admission/plugin/policy/generic (CollectParams).
record PolicyParams(JsonNode kind, JsonNode ref) {

    /// A binding that cannot be used. Shape: the message is upstream's.
    static final class Unusable extends RuntimeException {
        Unusable(String message) {
            super(message);
        }
    }

    /// Shape: one null when the policy or the binding takes none; empty when there are none and that allows it.
    /// Errors: [Unusable].
    List<JsonNode> of(HookRequest request, Lookup lookup) {
        if (!kind.isObject() || !ref.isObject()) {
            return List.of(NullNode.getInstance());
        }
        ResourceType type = type(kind, lookup).orElseThrow(() -> new Unusable("paramKind kind `" + named(kind)
                + "` not known"));
        String namespace = namespace(type, request);
        List<JsonNode> found = ref.path("name").asText().isEmpty()
                ? selected(type, namespace, lookup)
                : named(type, namespace, lookup);
        if (found.isEmpty() && !ref.path("parameterNotFoundAction").asText().equals("Allow")) {
            throw new Unusable("no params found for policy binding with `Deny` parameterNotFoundAction");
        }
        return found;
    }

    /// True when there is no such kind at all.
    static boolean unknown(JsonNode kind, Lookup lookup) {
        return kind.isObject() && type(kind, lookup).isEmpty();
    }

    private static Optional<ResourceType> type(JsonNode kind, Lookup lookup) {
        return lookup.types().byKind(kind.path("apiVersion").asText(), kind.path("kind").asText());
    }

    /// As Go prints it.
    static String named(JsonNode kind) {
        String version = kind.path("apiVersion").asText();
        return (version.contains("/") ? version : "/" + version) + ", Kind=" + kind.path("kind").asText();
    }

    private String namespace(ResourceType type, HookRequest request) {
        String said = ref.path("namespace").asText();
        if (!type.namespaced()) {
            if (!said.isEmpty()) {
                throw new Unusable("paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
            }
            return "";
        }
        String namespace = said.isEmpty() ? request.namespace() : said;
        if (namespace.isEmpty()) {
            throw new Unusable(
                    "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
        }
        return namespace;
    }

    private List<JsonNode> named(ResourceType type, String namespace, Lookup lookup) {
        Optional<StoredObject> found = lookup.find(type.key(namespace, ref.path("name").asText()));
        return found.<List<JsonNode>>map(object -> List.of(Json.object(object.json()))).orElse(List.of());
    }

    private List<JsonNode> selected(ResourceType type, String namespace, Lookup lookup) {
        LabelSelector selector = LabelSelector.ofObject(ref.path("selector"));
        String prefix = namespace.isEmpty()
                ? ObjectKey.prefix(type.group(), type.plural())
                : ObjectKey.prefix(type.group(), type.plural(), namespace);
        List<JsonNode> found = new ArrayList<>();
        for (StoredObject stored : lookup.list(prefix)) {
            JsonNode object = Json.object(stored.json());
            if (selector.matches(object.at("/metadata/labels"))) {
                found.add(object);
            }
        }
        return found;
    }
}
