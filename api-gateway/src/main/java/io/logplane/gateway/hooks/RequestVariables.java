package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.cel.Access;
import io.logplane.extension.cel.CelEnvironment;
import io.logplane.extension.cel.DeclaredType;
import io.logplane.extension.cel.DeclaredType.ListOf;
import io.logplane.extension.cel.DeclaredType.MapOf;
import io.logplane.extension.cel.DeclaredType.Scalar;
import io.logplane.extension.cel.DeclaredType.Struct;
import io.logplane.extension.cel.JsonValues;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.request.RequestInfo;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What every expression of a hook may name: object, oldObject, request, namespaceObject, authorizer; policies add
/// params and variables.
///
/// Source: k8s.io/apiserver/pkg/admission/plugin/cel.
final class RequestVariables {
    private static final Struct KIND = new Struct("GroupVersionKind", fields("group", "version", "kind"));
    private static final Struct RESOURCE = new Struct("GroupVersionResource", fields("group", "version", "resource"));
    private static final Struct REQUEST = request();
    private static final Struct NAMESPACE = namespace();
    /// What expressions are not shown of a namespace.
    private static final List<String> UNSHOWN = List.of("managedFields", "ownerReferences", "selfLink");

    private RequestVariables() {
    }

    private static Map<String, DeclaredType> fields(String... texts) {
        Map<String, DeclaredType> fields = new LinkedHashMap<>();
        for (String text : texts) {
            fields.put(text, Scalar.STRING);
        }
        return fields;
    }

    private static Struct request() {
        Map<String, DeclaredType> user = fields("username", "uid");
        user.put("groups", new ListOf(Scalar.STRING));
        user.put("extra", new MapOf(new ListOf(Scalar.STRING)));
        Map<String, DeclaredType> fields = fields("subResource", "requestSubResource", "name", "namespace",
                "operation");
        fields.put("kind", KIND);
        fields.put("resource", RESOURCE);
        fields.put("requestKind", KIND);
        fields.put("requestResource", RESOURCE);
        fields.put("userInfo", new Struct("UserInfo", user));
        fields.put("dryRun", Scalar.BOOL);
        fields.put("options", Scalar.DYN);
        return new Struct("AdmissionRequest", fields, false);
    }

    /// Shape: `UID` as upstream spells it in the type, which finds nothing; times are texts when it comes to running.
    private static Struct namespace() {
        Map<String, DeclaredType> metadata = fields("name", "generateName", "namespace", "UID", "resourceVersion");
        metadata.put("labels", new MapOf(Scalar.STRING));
        metadata.put("annotations", new MapOf(Scalar.STRING));
        metadata.put("finalizers", new ListOf(Scalar.STRING));
        for (String time : List.of("creationTimestamp", "deletionTimestamp")) {
            metadata.put(time, Scalar.TIMESTAMP);
        }
        for (String number : List.of("deletionGracePeriodSeconds", "generation")) {
            metadata.put(number, Scalar.INT);
        }
        Map<String, DeclaredType> condition = fields("status", "type", "message", "reason");
        condition.put("lastTransitionTime", Scalar.TIMESTAMP);
        Map<String, DeclaredType> status = fields("phase");
        status.put("conditions", new ListOf(new Struct("NamespaceCondition", condition, false)));
        Struct spec = new Struct("NamespaceSpec", Map.of("finalizers", new ListOf(Scalar.STRING)), false);
        return new Struct("Namespace", Map.of("metadata", new Struct("NamespaceMetadata", metadata, false), "spec",
                spec, "status", new Struct("NamespaceStatus", status, false)), false);
    }

    /// What match conditions may name.
    static CelEnvironment.Builder environment() {
        return CelEnvironment.builder().variable("object", Scalar.DYN).variable("oldObject", Scalar.DYN).variable(
                "request", REQUEST).variable("namespaceObject", NAMESPACE).authorizer();
    }

    /// Shape: a map that may be added to; `namespaceObject` is null: conditions may name it and are not shown it.
    static Map<String, Object> of(HookRequest request, Authorizer authorizer) {
        Map<String, Object> variables = new HashMap<>();
        ObjectNode described = request.describe("");
        described.remove("uid");
        described.set("options", request.asked().options());
        variables.put("object", JsonValues.of(HookRequest.orNull(request.object())));
        variables.put("oldObject", JsonValues.of(HookRequest.orNull(request.old())));
        variables.put("namespaceObject", JsonValues.of(null));
        variables.put("request", JsonValues.of(described, REQUEST));
        Access access = new Access(decider(authorizer, request.admission().user()), (namespace, name) -> decider(
                authorizer, User.named("system:serviceaccount:" + namespace + ":" + name)));
        variables.put("authorizer", access);
        variables.put("authorizer.requestResource", access.resource(request.type().group(), request.type().plural(),
                request.subresource(), request.namespace(), request.name()));
        return variables;
    }

    private static Function<Access.Question, Access.Decision> decider(Authorizer authorizer, User user) {
        return question -> {
            RequestInfo info = question.path().isEmpty()
                    ? new RequestInfo(true, "", question.verb(), question.group(), "*", question.resource(), question
                            .subresource(), question.namespace(), question.name(), false)
                    : RequestInfo.nonResource(question.path(), question.verb());
            return new Access.Decision(authorizer.allows(user, info), "", "");
        };
    }

    /// For what is not a condition. Shape: null for what lies in no namespace; a Namespace does not lie in itself here.
    static void namespaceObject(Map<String, Object> variables, HookRequest request, Lookup lookup) {
        Optional<ObjectNode> shown = request.isNamespace()
                ? Optional.empty()
                : Matching.namespace(request, lookup).map(found -> {
                    ObjectNode copy = found.deepCopy();
                    copy.retain("metadata", "spec", "status");
                    copy.withObjectProperty("metadata").remove(UNSHOWN);
                    return copy;
                });
        variables.put("namespaceObject", JsonValues.of(HookRequest.orNull(shown)));
    }
}
