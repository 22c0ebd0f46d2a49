package io.logplane.extension.cel;

import static io.logplane.extension.cel.Function.QUANTITY;
import static io.logplane.extension.cel.Function.global;
import static io.logplane.extension.cel.Function.member;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import io.logplane.schemas.model.Quantity;
import java.util.List;

/// Amounts of resources: `quantity('1Gi').isGreaterThan(quantity('500Mi'))`.
///
/// Source: the quantity library of k8s.io/apiserver/pkg/cel/library.
final class Quantities {
    private static final CelType TEXT = SimpleType.STRING;
    private static final CelType BOOL = SimpleType.BOOL;
    private static final CelType INT = SimpleType.INT;

    static final List<Function> ALL = List.of(
            global("quantity", "string_to_quantity", QUANTITY, in -> parse((String) in[0]), TEXT),
            global("isQuantity", "is_quantity_string", BOOL, in -> Quantity.tryParse((String) in[0]).isPresent(), TEXT),
            global("sign", "quantity_sign", INT, in -> (long) of(in[0]).signum(), QUANTITY),
            member("isGreaterThan", "quantity_is_greater_than", BOOL, in -> of(in[0]).compareTo(of(in[1])) > 0,
                    QUANTITY, QUANTITY),
            member("isLessThan", "quantity_is_less_than", BOOL, in -> of(in[0]).compareTo(of(in[1])) < 0, QUANTITY,
                    QUANTITY),
            member("compareTo", "quantity_compare_to", INT, in -> (long) of(in[0]).compareTo(of(in[1])), QUANTITY,
                    QUANTITY),
            member("asApproximateFloat", "quantity_get_float", SimpleType.DOUBLE, in -> of(in[0]).approximate(),
                    QUANTITY),
            member("asInteger", "quantity_get_int", INT, in -> integer(of(in[0])), QUANTITY),
            member("isInteger", "quantity_is_integer", BOOL, in -> of(in[0]).asLong().isPresent(), QUANTITY),
            member("add", "quantity_add", QUANTITY, in -> of(in[0]).plus(of(in[1])), QUANTITY, QUANTITY),
            member("add", "quantity_add_int", QUANTITY, in -> of(in[0]).plus(Quantity.of((Long) in[1])), QUANTITY, INT),
            member("sub", "quantity_sub", QUANTITY, in -> of(in[0]).minus(of(in[1])), QUANTITY, QUANTITY),
            member("sub", "quantity_sub_int", QUANTITY, in -> of(in[0]).minus(Quantity.of((Long) in[1])), QUANTITY,
                    INT));

    private Quantities() {
    }

    private static Quantity of(Object value) {
        return (Quantity) value;
    }

    private static Quantity parse(String text) {
        try {
            return Quantity.parse(text);
        } catch (IllegalArgumentException notAQuantity) {
            throw new Function.Wrong(String.valueOf(notAQuantity.getMessage()));
        }
    }

    private static long integer(Quantity quantity) {
        return quantity.asLong().orElseThrow(() -> new Function.Wrong("cannot convert value to integer"));
    }
}
