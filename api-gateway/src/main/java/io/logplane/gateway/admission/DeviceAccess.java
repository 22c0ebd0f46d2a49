package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.authz.Decision;
import io.logplane.gateway.authz.Question;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.rules.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Devices: in namespaces that are labelled for it alone may a claim reach devices that others use, and the status of a
/// claim is written by those who may bind claims and by the drivers of its devices.
///
/// Source: kubernetes/pkg/registry/resource (AuthorizedForAdmin, AuthorizedForBinding, AuthorizedForDeviceStatus).
public final class DeviceAccess implements Admission.Step {
    private static final String GROUP = "resource.k8s.io";
    private static final String CLAIMS = "resourceclaims";
    private static final String LABEL = "resource.kubernetes.io/admin-access";
    private static final String ADMIN = "adminAccess";
    private static final String NODE = "authentication.kubernetes.io/node-name";
    private static final String ACCOUNT = "system:serviceaccount:";

    private final Lookup lookup;
    private final Authorizer.Link authorizer;

    public DeviceAccess(Lookup lookup, Authorizer.Link authorizer) {
        this.lookup = lookup;
        this.authorizer = authorizer;
    }

    @Override
    public List<FieldError> judge(AdmissionRequest request) {
        if (!request.type().group().equals(GROUP)) {
            return List.of();
        }
        JsonNode object = request.object();
        if (request.creates(CLAIMS)) {
            return inUse(request, wanted(object.path("spec")));
        }
        if (request.creates("resourceclaimtemplates")) {
            return inUse(request, wanted(Tree.at(object, "spec.spec")));
        }
        if (!request.is(CLAIMS) || request.operation() != Operation.UPDATE || !request.subresource().equals("status")) {
            return List.of();
        }
        JsonNode status = object.path("status");
        JsonNode before = request.old().<JsonNode>map(old -> old.path("status")).orElse(MissingNode.getInstance());
        List<FieldError> errors = new ArrayList<>();
        if (granted(before).isEmpty()) {
            errors.addAll(inUse(request, granted(status)));
        }
        errors.addAll(binding(request, status, before));
        errors.addAll(drivers(request, status, before));
        return errors;
    }

    /// Where a claim asks for devices that others use.
    private static Optional<String> wanted(JsonNode spec) {
        return first(Tree.objects(spec, "devices.requests").stream().map(one -> one.path("exactly")).toList(),
                "spec.devices.requests");
    }

    private static Optional<String> granted(JsonNode status) {
        return first(List.copyOf(Tree.objects(status, "allocation.devices.results")),
                "status.allocation.devices.results");
    }

    private static Optional<String> first(List<? extends JsonNode> holders, String path) {
        for (int i = 0; i < holders.size(); i++) {
            if (Tree.flag(holders.get(i), ADMIN)) {
                return Optional.of(path + "[" + i + "]." + ADMIN);
            }
        }
        return Optional.empty();
    }

    private List<FieldError> inUse(AdmissionRequest request, Optional<String> path) {
        if (path.isEmpty()) {
            return List.of();
        }
        Optional<ObjectNode> namespace = lookup.tree(ObjectKey.of("", "namespaces", "", request.namespace()));
        boolean labelled = namespace.map(found -> found.path("metadata").path("labels").path(LABEL).asText()).orElse("")
                .equals("true");
        return labelled
                ? List.of()
                : List.of(FieldError.forbidden(path.get(), "admin access to devices requires the `" + LABEL
                        + ": true` label on the containing namespace"));
    }

    /// Who may give devices to claims and claims to pods may do it for all claims.
    private List<FieldError> binding(AdmissionRequest request, JsonNode status, JsonNode before) {
        if (Problems.same(status.path("allocation"), before.path("allocation"))
                && Problems.same(status.path("reservedFor"), before.path("reservedFor"))) {
            return List.of();
        }
        String verb = verb(request);
        return refusal(request, verb, "binding", "", "").map(why -> FieldError.forbidden("status",
                "changing status.allocation or status.reservedFor requires resource=\"resourceclaims/binding\", verb=\""
                        + verb + "\" permission: " + why))
                .stream().toList();
    }

    /// Each driver whose devices say something else now has to be the writer's.
    private List<FieldError> drivers(AdmissionRequest request, JsonNode status, JsonNode before) {
        List<FieldError> errors = new ArrayList<>();
        List<String> verbs = new ArrayList<>();
        if (isThere(request.user(), node(status.path("allocation")))) {
            verbs.add("associated-node:" + verb(request));
        }
        verbs.add("arbitrary-node:" + verb(request));
        for (String driver : changed(status, before)) {
            List<Optional<String>> answers = verbs.stream().map(verb -> refusal(request, verb, "driver", request
                    .namespace(), driver)).toList();
            if (answers.stream().allMatch(Optional::isPresent)) {
                errors.add(FieldError.forbidden("status.devices", "changing status.devices requires resource=\""
                        + "resourceclaims/driver\", verb=\"[" + String.join(" ", verbs) + "]\" permission: " + answers
                                .getFirst().orElse("")));
            }
        }
        return errors;
    }

    private static TreeSet<String> changed(JsonNode status, JsonNode before) {
        Map<List<String>, JsonNode> left = new HashMap<>();
        Tree.objects(before, "devices").forEach(device -> left.put(key(device), device));
        TreeSet<String> drivers = new TreeSet<>();
        for (ObjectNode device : Tree.objects(status, "devices")) {
            JsonNode old = left.remove(key(device));
            if (old == null || !Problems.same(device, old)) {
                drivers.add(Tree.text(device, "driver"));
            }
        }
        left.values().forEach(device -> drivers.add(Tree.text(device, "driver")));
        return drivers;
    }

    private static List<String> key(JsonNode device) {
        return List.of(Tree.text(device, "driver"), Tree.text(device, "pool"), Tree.text(device, "device"), Tree.text(
                device, "shareID"));
    }

    /// The one node that a claim's devices are on; "" when they are on several or it is not said so.
    private static String node(JsonNode allocation) {
        List<ObjectNode> terms = Tree.objects(allocation, "nodeSelector.nodeSelectorTerms");
        if (terms.size() != 1 || !terms.getFirst().path("matchExpressions").isEmpty()) {
            return "";
        }
        List<ObjectNode> fields = Tree.objects(terms.getFirst(), "matchFields");
        boolean named = fields.size() == 1 && Tree.text(fields.getFirst(), "key").equals("metadata.name")
                && Tree.text(fields.getFirst(), "operator").equals("In");
        List<String> names = named ? Tree.texts(fields.getFirst(), "values") : List.of();
        return names.size() == 1 ? names.getFirst() : "";
    }

    /// True for a service account whose token says that it is used on this node.
    private static boolean isThere(User user, String node) {
        return !node.isEmpty() && user.name().startsWith(ACCOUNT) && NameFormat.SUBDOMAIN.errors(node).isEmpty()
                && user.extra().getOrDefault(NODE, List.of()).equals(List.of(node));
    }

    private static String verb(AdmissionRequest request) {
        return request.asked().map(asked -> asked.info().verb()).orElse("update");
    }

    /// Why the writer may not; empty when he may.
    private Optional<String> refusal(AdmissionRequest request, String verb, String subresource, String namespace,
            String name) {
        RequestInfo info = new RequestInfo(true, "", verb, GROUP, request.type().version(), CLAIMS, subresource,
                namespace, name, false);
        Decision decision = authorizer.decide(Question.of(request.user(), info));
        if (decision.allowed()) {
            return Optional.empty();
        }
        String why = Stream.of(decision.error(), decision.reason()).filter(text -> !text.isEmpty()).collect(Collectors
                .joining(": "));
        return Optional.of(Authorizer.refusal(request.user(), info, Decision.noOpinion(why)).refusal().message());
    }
}
