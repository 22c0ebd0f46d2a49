package io.logplane.schemas.types;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.rules.ObjectMetaRules;
import java.util.List;
import java.util.Optional;
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

    private static final Set<String> RETURN_DELETED = Set.of("persistentvolumeclaims", "persistentvolumes", "pods",
            "podtemplates", "resourcequotas", "serviceaccounts", "services", "csidrivers.storage.k8s.io",
            "csinodes.storage.k8s.io", "storageclasses.storage.k8s.io", "volumeattachments.storage.k8s.io",
            "volumeattributesclasses.storage.k8s.io", "deviceclasses.resource.k8s.io",
            "resourceclaims.resource.k8s.io", "resourceclaimtemplates.resource.k8s.io",
            "resourceslices.resource.k8s.io");

    public ResourceType {
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        verbs = Set.copyOf(verbs);
        subresources = List.copyOf(subresources);
        columns = List.copyOf(columns);
        fields = List.copyOf(fields);
    }

    /// The same type with other rules.
    public ResourceType with(Rules others) {
        return new ResourceType(group, version, kind, plural, singular, shortNames, categories, namespaced, verbs,
                subresources, columns, fields, others);
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /// A stored object as this version shows it; the object itself when this is the stored version.
    public ObjectNode served(ObjectNode stored) {
        return rules.conversion().map(conversion -> conversion.fromStorage(stored)).orElse(stored);
    }

    /// As [#served], for a whole list.
    public List<ObjectNode> served(List<ObjectNode> stored) {
        return rules.conversion().map(conversion -> conversion.allFromStorage(stored)).orElse(stored);
    }

    /// A stored object in the form objects are stored in today.
    public ObjectNode present(ObjectNode stored) {
        return rules.conversion().map(conversion -> conversion.present(stored)).orElse(stored);
    }

    /// As columns and field selectors of this type read it.
    public ObjectNode read(ObjectNode stored) {
        return rules.readsServedForm() ? served(stored) : stored;
    }

    public String listKind() {
        return rules.listKind().orElse(kind + "List");
    }

    /// `pods` or `deployments.apps`: how refusals and RBAC messages name it.
    public String qualifiedName() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /// Shape: the same key whatever the version asked for.
    public ObjectKey key(String namespace, String name) {
        ResourceType home = storage();
        return ObjectKey.of(home.group, home.plural, namespaced ? namespace : "", name);
    }

    /// How objects of this version become stored ones and back; empty: this version is the stored one.
    public Optional<Conversion> conversion() {
        return rules.conversion();
    }

    /// The version in whose form objects are stored: this one, or that which the conversion names.
    public ResourceType storage() {
        return rules.conversion().map(Conversion::storage).orElse(this);
    }

    /// True for types whose deletion answers the object even when it is gone; all others then answer a Status.
    /// Source: the API description of kube-apiserver 1.36.
    public boolean returnsDeleted() {
        return RETURN_DELETED.contains(qualifiedName());
    }

    /// False for virtual types (reviews, bindings): they answer but nothing is kept.
    public boolean stored() {
        return verbs.contains("create") && verbs.contains("list");
    }

    /// Everything wrong with an object about to be created: metadata and the type's own rules.
    public List<FieldError> problems(ObjectNode object) {
        List<FieldError> metadata = ObjectMetaRules.validateCreate(this, object);
        return Stream.of(metadata, rules.validate(object), rules.validateCreate(object, metadata)).flatMap(List::stream)
                .toList();
    }

    /// Everything wrong with an object about to replace `old`.
    public List<FieldError> problems(ObjectNode object, ObjectNode old) {
        return judge(object, old).errors();
    }

    /// As [#problems], with what is only to be warned of.
    public Rules.Judgement judge(ObjectNode object, ObjectNode old) {
        return judge("", object, old);
    }

    /// As [#judge], of an update of a subresource where one is named.
    public Rules.Judgement judge(String subresource, ObjectNode object, ObjectNode old) {
        return Ratchet.judge(this, object, old, before -> {
            List<FieldError> metadata = ObjectMetaRules.validateUpdate(this, object, before);
            List<FieldError> whole = subresource.isEmpty() ? rules.validate(object) : List.of();
            Rules.Judgement own = rules.judgeUpdate(subresource, object, before, metadata);
            return new Rules.Judgement(Stream.of(metadata, whole, own.errors()).flatMap(List::stream).toList(), own
                    .warnings());
        });
    }

    /// What is wrong with the metadata alone, where an update touches nothing else.
    public Rules.Judgement judgeMetadata(ObjectNode object, ObjectNode old) {
        return Ratchet.judge(this, object, old,
                before -> new Rules.Judgement(ObjectMetaRules.validateUpdate(this, object,
                        before), List.of()));
    }

    public boolean has(String subresource) {
        return subresources.stream().anyMatch(s -> s.name().equals(subresource));
    }
}
