package io.logplane.extension.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.schema.ColumnPath;
import io.logplane.extension.schema.CustomSchema;
import io.logplane.schemas.definitions.Definition;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Conversion;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ScalePaths;
import io.logplane.schemas.types.SelectableField;
import io.logplane.schemas.types.Subresource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// From a definition to its types, one for each version.
///
/// A definition whose objects all are of the stored version and which was never changed has a stored type without
/// conversion: its objects are copied as bytes. Any other reads every object against the schema of today.
/// Shape: `served` the newest version first; `hidden` the stored version when it is not served; both empty as long as
/// the definition is not established. Thread: any; immutable.
/// Source: k8s.io/apiextensions-apiserver/pkg/apiserver.
public record CustomTypes(List<ResourceType> served, List<ResourceType> hidden) {
    public static final CustomTypes NONE = new CustomTypes(List.of(), List.of());
    private static final Set<String> VERBS = Set.of("create", "delete", "deletecollection", "get", "list", "patch",
            "update", "watch");
    private static final Set<String> CHANGE = Set.of("get", "patch", "update");

    public CustomTypes {
        served = List.copyOf(served);
        hidden = List.copyOf(hidden);
    }

    /// Shape: `converter` is who converts between versions of this definition.
    public static CustomTypes of(Definition definition, Converter converter) {
        Optional<ObjectNode> storage = definition.storage();
        if (!definition.is(Definition.ESTABLISHED) || storage.isEmpty()) {
            return NONE;
        }
        Maker maker = new Maker(definition, converter, storage.get());
        List<ResourceType> served = new ArrayList<>();
        List<ResourceType> hidden = new ArrayList<>();
        for (ObjectNode version : definition.versions()) {
            (Tree.flag(version, "served")
                    ? served
                    : Tree.flag(version, "storage") ? hidden : new ArrayList<ResourceType>()).add(maker.type(version));
        }
        served.sort(Comparator.comparing(ResourceType::version, VersionOrder.NEWEST_FIRST));
        return new CustomTypes(served, hidden);
    }

    /// Makes the types of one definition. Thread: one; what it made is immutable.
    private static final class Maker {
        private final Definition definition;
        private final Converter converter;
        private final boolean moved;
        private final CustomSchema storageSchema;
        private final String storageName;
        private final Map<String, ResourceType> made = new HashMap<>();
        private final Map<String, CustomSchema> schemas = new HashMap<>();

        Maker(Definition definition, Converter converter, ObjectNode storage) {
            this.definition = definition;
            this.converter = converter;
            this.storageName = Tree.text(storage, "name");
            this.storageSchema = schema(storage);
            definition.versions().forEach(version -> schemas.put(definition.group() + "/" + Tree.text(version, "name"),
                    schema(version)));
            boolean changed = Tree.number(definition.object(), "metadata.generation") > 1;
            this.moved = changed || Tree.texts(definition.object(), "status.storedVersions").size() > 1;
        }

        private static CustomSchema schema(ObjectNode version) {
            return CustomSchema.of(Tree.at(version, "schema.openAPIV3Schema"));
        }

        private ResourceType storage() {
            ResourceType found = made.get(definition.group() + "/" + storageName);
            if (found == null) {
                throw new IllegalStateException("the stored version " + storageName + " has not been made");
            }
            return found;
        }

        ResourceType type(ObjectNode version) {
            JsonNode names = definition.acceptedNames();
            String name = Tree.text(version, "name");
            String kind = Tree.text(names, "kind");
            CustomSchema schema = name.equals(storageName) ? storageSchema : schema(version);
            String apiVersion = definition.group() + "/" + name;
            Supplier<ResourceType> storage = this::storage;
            Optional<Conversion> conversion = name.equals(storageName) && !moved
                    ? Optional.empty()
                    : Optional.of(new VersionConversion(storage, () -> storageSchema, apiVersion, schema, schemas,
                            converter));
            CustomRules rules = new CustomRules(schema, storageSchema, conversion, facts(version, names, kind,
                    apiVersion), wanted -> Optional.ofNullable(made.get(wanted)));
            ResourceType type = new ResourceType(definition.group(), name, kind, Tree.text(names, "plural"), Tree.text(
                    names, "singular"), Tree.texts(names, "shortNames"), Tree.texts(names, "categories"),
                    definition
                            .namespaced(),
                    VERBS, subresources(version, kind), CustomColumns.of(version), fields(version), rules);
            made.put(apiVersion, type);
            return type;
        }

        private CustomRules.Facts facts(ObjectNode version, JsonNode names, String kind, String apiVersion) {
            JsonNode scale = Tree.at(version, "subresources.scale");
            Optional<ScalePaths> paths = scale.isObject()
                    ? Optional.of(new ScalePaths(dotted(scale, "specReplicasPath"), dotted(scale,
                            "statusReplicasPath"), dotted(scale, "labelSelectorPath")))
                    : Optional.empty();
            String warning = !Tree.flag(version, "deprecated")
                    ? ""
                    : version.has("deprecationWarning")
                            ? Tree.text(version, "deprecationWarning")
                            : apiVersion + " " + kind + " is deprecated";
            return new CustomRules.Facts(Tree.has(version, "subresources.status"), paths, Tree.text(names, "listKind"),
                    warning, definition.is(Definition.TERMINATING), storageName, List.of(Tree.at(definition.object(),
                            "metadata.uid"), definition.object().path("spec"), names));
        }

        private static String dotted(JsonNode scale, String field) {
            String path = Tree.text(scale, field);
            return path.startsWith(".") ? path.substring(1) : path;
        }

        private List<Subresource> subresources(ObjectNode version, String kind) {
            List<Subresource> all = new ArrayList<>();
            if (Tree.has(version, "subresources.status")) {
                all.add(new Subresource("status", definition.group(), Tree.text(version, "name"), kind, CHANGE));
            }
            if (Tree.has(version, "subresources.scale")) {
                all.add(new Subresource("scale", "autoscaling", "v1", "Scale", CHANGE));
            }
            return all;
        }

        private static List<SelectableField> fields(ObjectNode version) {
            return Tree.objects(version, "selectableFields").stream().map(field -> field(Tree.text(field, "jsonPath")))
                    .toList();
        }

        private static SelectableField field(String path) {
            ColumnPath read = ColumnPath.of(path);
            return new SelectableField(path.startsWith(".") ? path.substring(1) : path, object -> read.first(object)
                    .map(JsonNode::asText).orElse(""));
        }
    }
}
