package io.logplane.extension.cel;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.RandomAccess;

/// A list of type `set` or `map` as an expression sees it: equal in any order, and a sum merges.
///
/// Shape: an item of a set is its own key, that of a map is known by the values of `keys`. A sum is such a list again:
/// what is on the left keeps its place, of a map it takes the value of the right, what is new follows.
/// Source: "Merge strategy" of the CEL rules of custom resources in the Kubernetes documentation.
final class MergedList extends AbstractList<Object> implements RandomAccess {
    private final List<Object> items;
    private final List<String> keys;

    /// Shape: no `keys` for a set.
    MergedList(List<Object> items, List<String> keys) {
        this.items = items;
        this.keys = keys;
    }

    @Override
    public Object get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }

    private Object key(Object item) {
        if (keys.isEmpty() || !(item instanceof Map<?, ?> object)) {
            return item;
        }
        return keys.stream().map(name -> Optional.<Object>ofNullable(object.get(name))).toList();
    }

    /// True when every item has an equal one with its key on the other side.
    boolean sameAs(List<?> other) {
        if (size() != other.size()) {
            return false;
        }
        Map<Object, Object> mine = new HashMap<>();
        items.forEach(item -> mine.put(key(item), item));
        Map<Object, Object> met = new HashMap<>();
        for (Object item : other) {
            Object found = mine.get(key(item));
            if (found == null || !Equality.same(found, item)) {
                return false;
            }
            met.put(key(item), item);
        }
        return met.size() == mine.size();
    }

    MergedList plus(List<?> other) {
        List<Object> sum = new ArrayList<>(items);
        Map<Object, Integer> places = new HashMap<>();
        for (int i = 0; i < sum.size(); i++) {
            places.put(key(sum.get(i)), i);
        }
        for (Object item : other) {
            Integer place = places.putIfAbsent(key(item), sum.size());
            if (place == null) {
                sum.add(item);
            } else if (!keys.isEmpty()) {
                sum.set(place, item);
            }
        }
        return new MergedList(sum, keys);
    }
}
