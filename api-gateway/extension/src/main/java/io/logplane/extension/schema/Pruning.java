package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Takes out what a schema does not know. Metadata, of objects inside too, is its reader's.
///
/// Shape: the texts name each field taken out, `unknown field "spec.a[0].b"`, in upstream's order: by path.
/// Limits: [#MAX_TEXTS] texts; what is beyond them is taken out without a word.
/// Source: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning.
final class Pruning {
    /// Upstream stops naming them here.
    static final int MAX_TEXTS = 100;
    /// Fields every resource has, whatever its schema says.
    static final Set<String> META_FIELDS = Set.of("apiVersion", "kind", "metadata");

    private final List<String> paths = new ArrayList<>();

    private Pruning() {
    }

    /// Any value.
    static void pruneValue(JsonNode value, Structural schema, boolean resource) {
        new Pruning().value(value, Optional.of(schema), resource, "");
    }

    static List<String> prune(ObjectNode object, Structural schema) {
        Pruning pruning = new Pruning();
        pruning.value(object, Optional.of(schema), true, "");
        return pruning.paths.stream().sorted().map(path -> "unknown field \"" + path + "\"").toList();
    }

    private void value(JsonNode node, Optional<Structural> schema, boolean resource, String path) {
        if (node instanceof ObjectNode object) {
            members(object, schema, resource, path);
        } else if (node.isArray()) {
            boolean kept = schema.map(Structural::preserving).orElse(false);
            Optional<Structural> items = schema.flatMap(Structural::items);
            for (int i = 0; i < node.size(); i++) {
                String below = path + "[" + i + "]";
                if (kept) {
                    kept(node.get(i), items, below);
                } else {
                    value(node.get(i), items, embedded(items), below);
                }
            }
        }
    }

    /// What lies in a list of which unknown parts are kept: known parts are pruned, others stay.
    private void kept(JsonNode node, Optional<Structural> schema, String path) {
        if (schema.isPresent()) {
            if (node instanceof ObjectNode object) {
                known(object, schema.get(), embedded(schema), path);
            } else {
                for (int i = 0; i < node.size(); i++) {
                    kept(node.get(i), schema.get().items(), path + "[" + i + "]");
                }
            }
        }
    }

    private static boolean embedded(Optional<Structural> schema) {
        return schema.map(Structural::embedded).orElse(false);
    }

    private void members(ObjectNode object, Optional<Structural> schema, boolean resource, String path) {
        if (schema.map(Structural::preserving).orElse(false)) {
            known(object, schema.get(), resource, path);
            return;
        }
        List<String> unknown = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String name = member.getKey();
            if (resource && META_FIELDS.contains(name)) {
                continue;
            }
            if (schema.isPresent() && (schema.get().properties().containsKey(name) || schema.get().open())) {
                Optional<Structural> below = schema.get().member(name);
                value(member.getValue(), below, embedded(below), join(path, name));
            } else {
                unknown.add(name);
            }
        }
        object.remove(unknown);
        unknown.forEach(name -> note(join(path, name)));
    }

    private void known(ObjectNode object, Structural schema, boolean resource, String path) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String name = member.getKey();
            if (resource && META_FIELDS.contains(name)) {
                continue;
            }
            boolean mentioned = schema.properties().containsKey(name) || schema.open();
            if (mentioned) {
                Optional<Structural> below = schema.member(name);
                value(member.getValue(), below, embedded(below), join(path, name));
            }
        }
    }

    private void note(String path) {
        if (paths.size() < MAX_TEXTS) {
            paths.add(path);
        }
    }

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
