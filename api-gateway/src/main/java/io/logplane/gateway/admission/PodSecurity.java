package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.podsecurity.Finding;
import io.logplane.gateway.podsecurity.Level;
import io.logplane.gateway.podsecurity.Policy;
import io.logplane.gateway.podsecurity.Standards;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Tree;
import io.logplane.state.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A namespace's labels say which pods may be in it; workloads whose pods would not be let in are warned about.
///
/// Limits: the first [#MAX_PODS] pods of a namespace are looked at when its level changes.
/// Source: k8s.io/pod-security-admission/admission.
public final class PodSecurity implements Admission.Step {
    /// Upstream's figure.
    private static final int MAX_PODS = 3_000;
    private static final String PREFIX = "pod-security.kubernetes.io/";
    private static final Map<String, String> TEMPLATES = Map.of("deployments", "spec.template", "replicasets",
            "spec.template", "statefulsets", "spec.template", "daemonsets", "spec.template", "jobs", "spec.template",
            "replicationcontrollers", "spec.template", "podtemplates", "template", "cronjobs",
            "spec.jobTemplate.spec.template");
    private final Lookup lookup;

    public PodSecurity(Lookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (request.operation() == Operation.DELETE) {
            return;
        }
        boolean core = request.type().group().isEmpty();
        boolean main = request.subresource().isEmpty();
        if (core && request.is("namespaces") && main) {
            namespace(request);
        } else if (core && request.is("pods") && (main || request.subresource().equals("ephemeralcontainers"))) {
            pod(request);
        } else if (main) {
            String template = TEMPLATES.getOrDefault(request.type().plural(), "");
            if (!template.isEmpty()) {
                workload(request, template);
            }
        }
    }

    private void pod(AdmissionRequest request) {
        JsonNode spec = request.object().path("spec");
        boolean same = request.old().isPresent() && containersOf(request.old().get()).equals(containersOf(request
                .object()));
        if (same) {
            return;
        }
        JsonNode labels = labelsOf(request.namespace());
        Policy enforced = policy(labels, "enforce", Policy.OPEN);
        request.annotate(PREFIX + "enforce-policy", enforced.toString());
        audit(request, labels, request.object());
        List<Finding> wrong = Standards.check(request.object().path("metadata"), spec, enforced);
        if (!wrong.isEmpty()) {
            throw Refusals.forbidden(request.type(), request.name(), "violates PodSecurity \"" + enforced + "\": "
                    + Standards.text(wrong));
        }
        warn(request, labels, request.object());
    }

    private static List<JsonNode> containersOf(ObjectNode pod) {
        JsonNode spec = pod.path("spec");
        return List.of(spec.path("containers"), spec.path("initContainers"), spec.path("ephemeralContainers"));
    }

    private void workload(AdmissionRequest request, String path) {
        JsonNode template = Tree.at(request.object(), path);
        boolean same = request.old().isPresent() && Tree.at(request.old().get(), path).equals(template);
        if (template.isObject() && !same) {
            JsonNode labels = labelsOf(request.namespace());
            audit(request, labels, template);
            warn(request, labels, template);
        }
    }

    private static void audit(AdmissionRequest request, JsonNode labels, JsonNode pod) {
        Policy wished = policy(labels, "audit", Policy.OPEN);
        List<Finding> wrong = Standards.check(pod.path("metadata"), pod.path("spec"), wished);
        if (!wrong.isEmpty()) {
            request.annotate(PREFIX + "audit-violations", "would violate PodSecurity \"" + wished + "\": "
                    + Standards.text(wrong));
        }
    }

    private static void warn(AdmissionRequest request, JsonNode labels, JsonNode pod) {
        Policy wished = policy(labels, "warn", Policy.OPEN);
        List<Finding> wrong = Standards.check(pod.path("metadata"), pod.path("spec"), wished);
        if (!wrong.isEmpty()) {
            request.warn("would violate PodSecurity \"" + wished + "\": " + Standards.text(wrong));
        }
    }

    private JsonNode labelsOf(String namespace) {
        try {
            return lookup.tree(ObjectKey.of("", "namespaces", "", namespace)).map(found -> Tree.at(found,
                    "metadata.labels")).orElse(Json.newObject());
        } catch (IllegalArgumentException notAName) {
            return Json.newObject();
        }
    }

    /// What cannot be read counts as restricted, as upstream: a namespace with a wrong label is not an open one.
    private static Policy policy(JsonNode labels, String mode, Policy otherwise) {
        JsonNode level = labels.path(PREFIX + mode);
        JsonNode version = labels.path(PREFIX + mode + "-version");
        if (level.isMissingNode()) {
            return otherwise;
        }
        int minor = version.isMissingNode() ? Policy.LATEST : Policy.version(version.asText()).orElse(Policy.LATEST);
        return new Policy(Level.parse(level.asText()).orElse(Level.RESTRICTED), minor);
    }

    private void namespace(AdmissionRequest request) {
        JsonNode labels = Tree.at(request.object(), "metadata.labels");
        List<FieldError> errors = problems(labels);
        Optional<JsonNode> before = request.old().map(old -> Tree.at(old, "metadata.labels"));
        if (!errors.isEmpty() && (before.isEmpty() || problems(before.get()).size() < errors.size())) {
            throw Refusals.invalid("", "Namespace", request.name(), errors);
        }
        if (before.isEmpty()) {
            return;
        }
        Policy was = policy(before.get(), "enforce", Policy.OPEN);
        Policy now = policy(labels, "enforce", Policy.OPEN);
        if (!now.equals(was) && now.level() != Level.PRIVILEGED && now.level().compareTo(was.level()) >= 0) {
            tellOfPods(request, now);
        }
    }

    private void tellOfPods(AdmissionRequest request, Policy now) {
        Map<String, List<String>> pods = new TreeMap<>();
        int seen = 0;
        for (StoredObject stored : lookup.list(ObjectKey.prefix("", "pods", request.name()))) {
            if (seen++ == MAX_PODS) {
                break;
            }
            ObjectNode pod = Json.object(stored.json());
            List<Finding> wrong = Standards.check(pod.path("metadata"), pod.path("spec"), now);
            if (!wrong.isEmpty()) {
                pods.computeIfAbsent(String.join(", ", wrong.stream().map(Finding::reason).toList()),
                        unused -> new ArrayList<>()).add(stored.key().name());
            }
        }
        if (!pods.isEmpty()) {
            request.warn("existing pods in namespace \"" + request.name()
                    + "\" violate the new PodSecurity enforce level \"" + now + "\"");
            pods.forEach((why, names) -> request.warn(names.getFirst() + switch (names.size()) {
                case 1 -> "";
                case 2 -> " (and 1 other pod)";
                default -> " (and " + (names.size() - 1) + " other pods)";
            } + ": " + why));
        }
    }

    private static List<FieldError> problems(JsonNode labels) {
        List<FieldError> errors = new ArrayList<>();
        for (String mode : List.of("enforce", "audit", "warn")) {
            String level = labels.path(PREFIX + mode).asText();
            if (labels.has(PREFIX + mode) && Level.parse(level).isEmpty()) {
                errors.add(FieldError.invalid("metadata.labels[" + PREFIX + mode + "]", Refusals.quoted(level),
                        "must be one of privileged, baseline, restricted"));
            }
            String field = PREFIX + mode + "-version";
            if (labels.has(field) && Policy.version(labels.path(field).asText()).isEmpty()) {
                errors.add(FieldError.invalid("metadata.labels[" + field + "]", Refusals.quoted(labels.path(field)
                        .asText()), "must be \"latest\" or \"v1.x\""));
            }
        }
        return errors;
    }
}
