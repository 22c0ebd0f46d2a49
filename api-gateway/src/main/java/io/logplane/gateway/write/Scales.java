package io.logplane.gateway.write;

import io.logplane.schemas.types.ScalePaths;
import io.logplane.schemas.model.Tree;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.LabelSelector;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.columns.ScaleColumns;
import io.logplane.schemas.types.Column;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.Rules;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The Scale of autoscaling/v1 as a view of a workload.
public final class Scales {
    public static final String GROUP = "autoscaling";
    public static final String VERSION = "v1";
    /// Scale as a type, for patching it.
    public static final ResourceType TYPE = type(GROUP, VERSION, "Scale", "scale", ScaleColumns.BUILT_IN);
    /// Of a custom object.
    public static final ResourceType CUSTOM = type(GROUP, VERSION, "Scale", "scale", ScaleColumns.CUSTOM);

    /// Upstream's mark too.
    private static final int UNSAID = Integer.MIN_VALUE;

    private Scales() {
    }

    /// Of what is sent to a subresource and never stored. Shape: only its kind and apiVersion are of use.
    public static ResourceType typeOf(ObjectNode object) {
        String version = object.path("apiVersion").asText();
        String kind = object.path("kind").asText();
        int slash = version.indexOf('/');
        return type(version.substring(0, Math.max(0, slash)), version.substring(slash + 1), kind, kind.toLowerCase(
                Locale.ROOT), List.of());
    }

    private static ResourceType type(String group, String version, String kind, String singular,
            List<Column> columns) {
        return new ResourceType(group, version, kind, singular + "s", singular, List.of(), List.of(), true, Set.of(),
                List.of(), columns, List.of(), Rules.NONE);
    }

    /// The Scale of an object of the type, as answers show it.
    public static ResourceType shown(ResourceType type) {
        return type.rules().itemsNameTheirKind() ? CUSTOM : TYPE;
    }

    /// True for subresources whose rules the type itself has; scale and finalize are the pipeline's own.
    static boolean generic(String subresource) {
        return !subresource.equals("scale") && !subresource.equals("finalize") && !subresource.equals("binding")
                && !subresource.equals("eviction");
    }

    /// The object with another number. Shape: both in the stored form; the argument may be changed.
    static ObjectNode with(ObjectNode object, int replicas, ResourceType type) {
        ObjectNode served = type.read(object);
        String[] path = type.rules().scale().specReplicas().split("\\.");
        ObjectNode at = served;
        for (int i = 0; i < path.length - 1; i++) {
            at = Tree.object(at, path[i]);
        }
        at.put(path[path.length - 1], replicas);
        return type.rules().readsServedForm()
                ? type.conversion().map(conversion -> conversion.toStorage(served)).orElse(served)
                : served;
    }

    private static String selector(ObjectNode workload, ResourceType type, ScalePaths paths) {
        JsonNode selector = paths.selector().isEmpty()
                ? MissingNode.getInstance()
                : Tree.at(workload, paths.selector());
        if (paths != ScalePaths.USUAL) {
            return selector.asText("");
        }
        return type.plural().equals("replicationcontrollers")
                ? plainSelector(selector)
                : LabelSelector.ofObject(selector).toString();
    }

    /// Shape: a workload with its resourceVersion, in the stored form.
    public static ObjectNode of(ObjectNode stored, ResourceType type) {
        return of(stored, type, true);
    }

    /// Of an object that is to be scaled: a custom one that says no number must be told one.
    static ObjectNode before(ObjectNode stored, ResourceType type) {
        ObjectNode scale = of(stored, type, false);
        if (type.rules().scale() != ScalePaths.USUAL && Tree.at(type.read(stored), type.rules().scale()
                .specReplicas()).isMissingNode()) {
            Tree.object(scale, "spec").put("replicas", UNSAID);
        }
        return scale;
    }

    private static ObjectNode of(ObjectNode stored, ResourceType type, boolean reading) {
        ObjectNode workload = type.read(stored);
        ObjectNode scale = Json.newObject();
        scale.put("kind", "Scale");
        scale.put("apiVersion", GROUP + "/" + VERSION);
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            JsonNode value = workload.path("metadata").get(field);
            if (value != null) {
                metadata.set(field, value);
            }
        }
        ObjectNode spec = scale.putObject("spec");
        ScalePaths paths = type.rules().scale();
        JsonNode wanted = Tree.at(workload, paths.specReplicas());
        if (reading && wanted.isMissingNode() && paths != ScalePaths.USUAL) {
            throw Refusals.internal("the spec replicas field \"." + paths.specReplicas() + "\" does not exist");
        }
        if (wanted.asInt() != 0) {
            spec.put("replicas", wanted.asInt());
        }
        ObjectNode status = scale.putObject("status");
        status.put("replicas", Tree.at(workload, paths.statusReplicas()).asInt());
        String selector = selector(workload, type, paths);
        if (!selector.isEmpty()) {
            status.put("selector", selector);
        }
        return scale;
    }

    /// Errors: 400 when no number is said still; 422.
    static void check(ObjectNode scale, ResourceType type) {
        int replicas = scale.path("spec").path("replicas").asInt();
        if (replicas == UNSAID && type.rules().itemsNameTheirKind()) {
            throw Refusals.badRequest("the spec replicas field " + Refusals.quoted("." + type.rules().scale()
                    .specReplicas()) + " cannot be empty");
        }
        if (replicas < 0 && type.rules().itemsNameTheirKind()) {
            throw Refusals.invalid(type.group(), type.kind(), scale.path("metadata").path("name").asText(), List.of(
                    FieldError.invalid("." + type.rules().scale().specReplicas(), Integer.toString(replicas),
                            "should be a non-negative integer")));
        }
        if (replicas < 0) {
            throw Refusals.invalid(GROUP, "Scale", scale.path("metadata").path("name").asText(), List.of(FieldError
                    .invalid("spec.replicas", Integer.toString(replicas), "must be greater than or equal to 0")));
        }
    }

    private static String plainSelector(JsonNode labels) {
        return String.join(",", labels.properties().stream().map(e -> e.getKey() + "=" + e.getValue().asText())
                .sorted().toList());
    }
}
