package io.logplane.schemas.types;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.rules.ObjectMetaRules;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// One resource type of the API, whole: names, scope, verbs, subresources, how it is shown and what its rules are.
///
/// Shape: `group` is "" for core; `verbs` are discovery's; `columns` are the Table columns after upstream's;
/// `fields` the selectable fields besides metadata.name and metadata.namespace.
/// Source: aggregated discovery and the Table answers of kube-apiserver 1.36.
public record ResourceType(String group, String version, String kind, String plural, String singular,
        List<String> shortNames, List<String> categories, boolean namespaced, Set<String> verbs,
        List<Subresource> subresources, List<Column> columns, List<SelectableField> fields, Rules rules) {

    public ResourceType {
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        verbs = Set.copyOf(verbs);
        subresources = List.copyOf(subresources);
        columns = List.copyOf(columns);
        fields = List.copyOf(fields);
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    public String listKind() {
        return kind + "List";
    }

    /// `pods` or `deployments.apps`: how refusals and RBAC messages name it.
    public String qualifiedName() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    public ObjectKey key(String namespace, String name) {
        return ObjectKey.of(group, plural, namespaced ? namespace : "", name);
    }

    /// False for virtual types (reviews, bindings): they answer but nothing is kept.
    public boolean stored() {
        return verbs.contains("create") && verbs.contains("list");
    }

    /// Everything wrong with an object about to be created: metadata and the type's own rules.
    public List<FieldError> problems(ObjectNode object) {
        return Stream.concat(ObjectMetaRules.validate(this, object).stream(), rules.validate(object).stream())
                .toList();
    }

    /// Everything wrong with an object about to replace `old`.
    public List<FieldError> problems(ObjectNode object, ObjectNode old) {
        return Stream.of(ObjectMetaRules.validateUpdate(object, old), problems(object),
                rules.validateUpdate(object, old)).flatMap(List::stream).toList();
    }

    public boolean has(String subresource) {
        return subresources.stream().anyMatch(s -> s.name().equals(subresource));
    }
}
