package io.logplane.schemas.types;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// Which fields of which types can be selected by.
///
/// Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/ and the refusals of
/// kube-apiserver 1.36.
final class FieldLists {
    static final List<SelectableField> PODS = List.of(path("spec.nodeName"), path("spec.restartPolicy"),
            path("spec.schedulerName"), path("spec.serviceAccountName"), flag("spec.hostNetwork"),
            path("status.phase"), computed("status.podIP", FieldLists::podIp), path("status.nominatedNodeName"),
            computed("status.podIPs", FieldLists::podIp));
    static final List<SelectableField> NODES = List.of(flag("spec.unschedulable"));
    static final List<SelectableField> SECRETS = List.of(path("type"));
    static final List<SelectableField> NAMESPACES = List.of(path("status.phase"));
    static final List<SelectableField> REPLICAS = List.of(number("status.replicas"));
    static final List<SelectableField> JOBS = List.of(number("status.successful", "status.succeeded"));
    static final List<SelectableField> SERVICES = List.of(path("spec.clusterIP"), path("spec.type"));
    static final List<SelectableField> SIGNING_REQUESTS = List.of(path("spec.signerName"));
    static final List<SelectableField> EVENTS = Stream.concat(
            Stream.of("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
                    .map(f -> path("involvedObject." + f)),
            Stream.of(path("reason"), path("reportingComponent"), computed("source", FieldLists::source),
                    path("type")))
            .toList();
    /// The same fields as events.k8s.io calls them; evaluated on stored objects.
    static final List<SelectableField> NEW_EVENTS = Stream.concat(
            Stream.of("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
                    .map(f -> computed("regarding." + f, event -> Tree.text(event, "involvedObject." + f))),
            Stream.of(path("reason"),
                    computed("reportingController", event -> Tree.text(event, "reportingComponent")), path("type")))
            .toList();
    static final List<SelectableField> SLICES = List.of(path("spec.nodeName"), path("spec.driver"));

    private FieldLists() {
    }

    private static SelectableField path(String path) {
        return new SelectableField(path, object -> Tree.text(object, path));
    }

    /// A flag is "true" or "false", never "".
    private static SelectableField flag(String path) {
        return new SelectableField(path, object -> Boolean.toString(Tree.flag(object, path)));
    }

    private static SelectableField number(String path) {
        return number(path, path);
    }

    private static SelectableField number(String name, String path) {
        return new SelectableField(name, object -> Long.toString(Tree.number(object, path)));
    }

    private static SelectableField computed(String name, Function<ObjectNode, String> value) {
        return new SelectableField(name, value);
    }

    private static String podIp(ObjectNode pod) {
        List<ObjectNode> all = Tree.objects(pod, "status.podIPs");
        return all.isEmpty() ? Tree.text(pod, "status.podIP") : Tree.text(all.getFirst(), "ip");
    }

    private static String source(ObjectNode event) {
        String component = Tree.text(event, "source.component");
        return component.isEmpty() ? Tree.text(event, "reportingComponent") : component;
    }
}
