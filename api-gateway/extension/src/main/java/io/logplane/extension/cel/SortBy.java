package io.logplane.extension.cel;

import com.google.common.collect.ImmutableList;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.TypeParamType;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelMacroExprFactory;
import dev.cel.parser.CelStandardMacro;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// `list.sortBy(item, key)`, of any items: the library's own knows only lists whose items are of the type of their
/// keys.
///
/// Source: cel-go's lists extension.
final class SortBy {
    private static final String KEYED = "@sortByAssociatedKeys";
    private static final String INPUT = "@__sortBy_input__";
    private static final CelType LIST = ListType.create(TypeParamType.create("T"));

    static final CelMacro MACRO = CelMacro.newReceiverMacro("sortBy", 2, SortBy::expand);
    static final Function FUNCTION = Function.member(KEYED, "list_sortByAssociatedKeys", LIST,
            in -> sorted((List<?>) in[0], (List<?>) in[1]), LIST, ListType.create(TypeParamType.create("U")));

    private SortBy() {
    }

    /// The list is bound to a name, since it stands twice in what the macro stands for.
    private static Optional<CelExpr> expand(CelMacroExprFactory factory, CelExpr target,
            ImmutableList<CelExpr> arguments) {
        CelExpr input = factory.newIdentifier(INPUT);
        return CelStandardMacro.MAP.getDefinition().getExpander().expandMacro(factory, factory.newIdentifier(INPUT),
                arguments).map(
                        keys -> factory.fold("#unused", factory.newList(), INPUT, target, factory.newBoolLiteral(
                                false), input, factory.newReceiverCall(KEYED, factory.newIdentifier(INPUT), keys)));
    }

    private static List<?> sorted(List<?> items, List<?> keys) {
        return IntStream.range(0, items.size()).boxed().sorted(Comparator.comparing(i -> keys.get(i),
                Lists::compare)).map(items::get).toList();
    }
}
