package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.representation.MergeType;
import io.logplane.representation.MergeType.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A place in an object of a custom type.
record CustomTree(MergeType merge) implements TypedTree {
    private static final CustomTree OPEN = new CustomTree(MergeType.map(Map.of(), Optional.of(MergeType.DEDUCED),
            false));

    @Override
    public boolean atomic() {
        return merge.atomic();
    }

    @Override
    public List<String> keys() {
        return merge.keys();
    }

    @Override
    public boolean isList() {
        return merge.kind() == Kind.LIST;
    }

    @Override
    public boolean isMap() {
        return merge.kind() == Kind.MAP;
    }

    @Override
    public Leaf leaf() {
        return switch (merge.kind()) {
            case STRING -> Leaf.TEXT;
            case NUMBER -> Leaf.NUMBER;
            case BOOLEAN -> Leaf.BOOLEAN;
            case LIST, MAP, DEDUCED -> Leaf.ANY;
        };
    }

    @Override
    public Optional<TypedTree> member(String name) {
        if (merge.kind() == Kind.DEDUCED) {
            return Optional.of(this);
        }
        return Optional.ofNullable(merge.fields().get(name)).or(merge::others).map(CustomTree::new);
    }

    @Override
    public TypedTree item() {
        return merge.item().<TypedTree>map(CustomTree::new).orElse(TableTree.UNKNOWN);
    }

    @Override
    public boolean declares(String name) {
        return merge.fields().containsKey(name);
    }

    @Override
    public Optional<JsonNode> defaultOf(String key) {
        return merge.item().flatMap(item -> Optional.ofNullable(item.fields().get(key))).flatMap(
                MergeType::defaultValue);
    }

    @Override
    public TypedTree seen(@Nullable JsonNode... values) {
        if (merge.kind() != Kind.DEDUCED) {
            return this;
        }
        boolean objects = false;
        for (JsonNode value : values) {
            if (value != null && !value.isNull()) {
                if (!value.isObject()) {
                    return TableTree.UNKNOWN;
                }
                objects = true;
            }
        }
        return objects ? OPEN : TableTree.UNKNOWN;
    }
}
