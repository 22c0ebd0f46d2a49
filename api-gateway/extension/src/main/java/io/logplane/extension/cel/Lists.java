package io.logplane.extension.cel;

import static io.logplane.extension.cel.Function.member;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import io.logplane.extension.cel.Function.Wrong;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What lists can do beyond CEL's own: sums, extremes, order, positions, what their optionals hold.
///
/// Source: the lists library of k8s.io/apiserver/pkg/cel/library.
final class Lists {
    private static final CelType T = TypeParamType.create("T");
    private static final CelType LIST = ListType.create(T);

    static final List<Function> ALL = List.of(
            member("isSorted", "list_is_sorted_bool", SimpleType.BOOL, in -> isSorted((List<?>) in[0]), LIST),
            member("sum", "list_sum", T, in -> sum((List<?>) in[0]), LIST),
            member("min", "list_min", T, in -> extreme((List<?>) in[0], -1, "min"), LIST),
            member("max", "list_max", T, in -> extreme((List<?>) in[0], 1, "max"), LIST),
            member("indexOf", "list_a_index_of_int", SimpleType.INT, in -> indexOf((List<?>) in[0], in[1]), LIST, T),
            member("lastIndexOf", "list_a_last_index_of_int", SimpleType.INT, in -> lastIndexOf((List<?>) in[0],
                    in[1]), LIST, T),
            member("unwrapOpt", "optional_unwrapOpt_list", LIST, in -> ((List<?>) in[0]).stream().flatMap(
                    one -> ((Optional<?>) one).stream()).toList(), ListType.create(OptionalType.create(T))));

    private Lists() {
    }

    @SuppressWarnings("unchecked")
    static int compare(Object left, Object right) {
        if (left instanceof Number one && right instanceof Number other && left.getClass() != right.getClass()) {
            return Double.compare(one.doubleValue(), other.doubleValue());
        }
        if (!(left instanceof Comparable<?> comparable) || left.getClass() != right.getClass()) {
            throw new Wrong("no such overload");
        }
        return Integer.signum(((Comparable<Object>) comparable).compareTo(right));
    }

    private static boolean isSorted(List<?> list) {
        for (int i = 1; i < list.size(); i++) {
            if (compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object extreme(List<?> list, int sign, String name) {
        if (list.isEmpty()) {
            throw new Wrong(name + " called on empty list");
        }
        Object best = list.getFirst();
        for (Object candidate : list) {
            best = compare(candidate, best) == sign ? candidate : best;
        }
        return best;
    }

    private static Object sum(List<?> list) {
        Object sum = 0L;
        boolean first = true;
        for (Object element : list) {
            sum = first ? plus(zero(element), element) : plus(sum, element);
            first = false;
        }
        return sum;
    }

    private static Object zero(Object like) {
        return switch (like) {
            case Long _ -> 0L;
            case Double _ -> 0.0;
            case UnsignedLong _ -> UnsignedLong.ZERO;
            case Duration _ -> Duration.ZERO;
            default -> throw new Wrong("no such overload");
        };
    }

    private static Object plus(Object left, Object right) {
        try {
            if (left instanceof Long one && right instanceof Long other) {
                return Math.addExact(one, other);
            }
        } catch (ArithmeticException overflow) {
            throw new Wrong("integer overflow");
        }
        if (left instanceof UnsignedLong one && right instanceof UnsignedLong other) {
            return one.plus(other);
        }
        if (left instanceof Duration one && right instanceof Duration other) {
            return one.plus(other);
        }
        if (left instanceof Number one && right instanceof Number other) {
            return one.doubleValue() + other.doubleValue();
        }
        throw new Wrong("no such overload");
    }

    private static boolean same(Object left, Object right) {
        return left instanceof Number one && right instanceof Number other
                ? one.doubleValue() == other.doubleValue()
                : left.equals(right);
    }

    private static long indexOf(List<?> list, Object wanted) {
        for (int i = 0; i < list.size(); i++) {
            if (same(list.get(i), wanted)) {
                return i;
            }
        }
        return -1;
    }

    private static long lastIndexOf(List<?> list, Object wanted) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (same(list.get(i), wanted)) {
                return i;
            }
        }
        return -1;
    }
}
