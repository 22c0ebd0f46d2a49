package io.logplane.schemas.types;

import io.logplane.schemas.columns.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Collects the declaration of one type; defaults are those of an ordinary stored type.
final class TypeBuilder {
    private static final Set<String> ALL_VERBS = Set.of("create", "delete", "deletecollection", "get", "list", "patch",
            "update", "watch");
    private static final String[] CHANGE = {"get", "patch", "update"};

    private final String group;
    private final String version;
    private final String kind;
    private final String plural;
    private final boolean namespaced;
    private final List<Subresource> subresources = new ArrayList<>();
    private List<String> shortNames = List.of();
    private List<String> categories = List.of();
    private Set<String> verbs = ALL_VERBS;
    private List<Column> columns = Columns.GENERIC;
    private List<SelectableField> fields = List.of();
    private Rules rules = Rules.NONE;

    private TypeBuilder(String group, String version, String kind, String plural, boolean namespaced) {
        this.group = group;
        this.version = version;
        this.kind = kind;
        this.plural = plural;
        this.namespaced = namespaced;
    }

    static TypeBuilder namespaced(String group, String version, String kind, String plural) {
        return new TypeBuilder(group, version, kind, plural, true);
    }

    static TypeBuilder cluster(String group, String version, String kind, String plural) {
        return new TypeBuilder(group, version, kind, plural, false);
    }

    TypeBuilder shortNames(String... names) {
        shortNames = List.of(names);
        return this;
    }

    TypeBuilder categories(String... names) {
        categories = List.of(names);
        return this;
    }

    TypeBuilder verbs(String... names) {
        verbs = Set.of(names);
        return this;
    }

    /// A subresource of the type's own kind with get, patch and update.
    TypeBuilder status() {
        return own("status", CHANGE);
    }

    TypeBuilder scale() {
        return sub("scale", "autoscaling", "v1", "Scale", CHANGE);
    }

    TypeBuilder own(String name, String... subVerbs) {
        return sub(name, "", "", kind, subVerbs);
    }

    /// Shape: group and version are empty where they are the type's own, as in discovery.
    TypeBuilder sub(String name, String subGroup, String subVersion, String subKind, String... subVerbs) {
        subresources.add(new Subresource(name, subGroup.isEmpty() ? group : subGroup,
                subVersion.isEmpty() ? version : subVersion, subKind, Set.of(subVerbs)));
        return this;
    }

    TypeBuilder columns(List<Column> list) {
        columns = list;
        return this;
    }

    TypeBuilder fields(List<SelectableField> list) {
        fields = list;
        return this;
    }

    TypeBuilder rules(Rules theRules) {
        rules = theRules;
        return this;
    }

    ResourceType build() {
        return new ResourceType(group, version, kind, plural, kind.toLowerCase(Locale.ROOT), shortNames, categories,
                namespaced, verbs, subresources, columns, fields, rules);
    }
}
