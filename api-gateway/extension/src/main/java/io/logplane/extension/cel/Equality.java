package io.logplane.extension.cel;

import dev.cel.common.CelOptions;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import dev.cel.runtime.RuntimeEquality;
import dev.cel.runtime.RuntimeHelpers;
import dev.cel.runtime.standard.AddOperator.AddOverload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `==`, `!=`, `in` and `+` where a [MergedList] may take part: the list on the left says how.
///
/// Everything else is compared and added as CEL does it. Source: as [MergedList].
final class Equality {
    private static final RuntimeEquality STANDARD = RuntimeEquality.create(RuntimeHelpers.create(),
            CelOptions.DEFAULT);

    /// CEL's own functions without those that are bound here.
    static final CelStandardFunctions REST = CelStandardFunctions.newBuilder().excludeFunctions(StandardFunction.EQUALS,
            StandardFunction.NOT_EQUALS, StandardFunction.IN, StandardFunction.ADD).build();

    private Equality() {
    }

    static List<CelFunctionBinding> bindings(CelOptions options) {
        List<CelFunctionBinding> all = new ArrayList<>();
        all.addAll(CelFunctionBinding.fromOverloads("_==_", CelFunctionBinding.from("equals", Object.class,
                Object.class, Equality::same)));
        all.addAll(CelFunctionBinding.fromOverloads("_!=_", CelFunctionBinding.from("not_equals", Object.class,
                Object.class, (left, right) -> !same(left, right))));
        all.addAll(CelFunctionBinding.fromOverloads("@in", CelFunctionBinding.from("in_list", Object.class, List.class,
                (item, list) -> contains(list, item)),
                CelFunctionBinding.from("in_map", Object.class, Map.class, (key,
                        map) -> STANDARD.findInMap(map, key).isPresent())));
        List<CelFunctionBinding> sums = new ArrayList<>();
        for (AddOverload overload : AddOverload.values()) {
            sums.add(overload == AddOverload.ADD_LIST
                    ? CelFunctionBinding.from("add_list", List.class, List.class, Equality::plus)
                    : overload.newFunctionBinding(options, STANDARD));
        }
        all.addAll(CelFunctionBinding.fromOverloads("_+_", sums));
        return all;
    }

    /// Shape: `left` decides; what is inside of both is compared the same way.
    static boolean same(Object left, Object right) {
        if (left instanceof MergedList merged && right instanceof List<?> list) {
            return merged.sameAs(list);
        }
        if (left instanceof List<?> one && right instanceof List<?> other) {
            return sameItems(one, other);
        }
        if (left instanceof Map<?, ?> one && right instanceof Map<?, ?> other) {
            return sameMembers(one, other);
        }
        return STANDARD.objectEquals(left, right);
    }

    private static boolean sameItems(List<?> one, List<?> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (!same(one.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameMembers(Map<?, ?> one, Map<?, ?> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (Map.Entry<?, ?> member : one.entrySet()) {
            if (STANDARD.findInMap(other, member.getKey()).filter(found -> same(member.getValue(), found)).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static boolean contains(List<?> list, Object item) {
        for (Object candidate : list) {
            if (same(candidate, item)) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("unchecked") // a sum of lists is only read
    private static List<?> plus(List<?> left, List<?> right) {
        return left instanceof MergedList merged
                ? merged.plus(right)
                : RuntimeHelpers.concat((List<Object>) left, (List<Object>) right);
    }
}
