package io.logplane.extension.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.values.CelValueProvider;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The types mutations are made of.
///
/// | type | fields |
/// |---|---|
/// | `Object`, `Object.spec`, `Object.spec.containers`, … | any, each of any type |
/// | `JSONPatch` | `op`, `path`, `from` texts, `value` anything |
///
/// The compiler asks a type for the names of its fields; as these have every name, an `Object` is given those that
/// its expression uses. Source: k8s.io/apiserver/pkg/cel/mutation (dynamic type resolver).
final class PatchTypes {
    static final String OBJECT = "Object";
    static final String JSON_PATCH = "JSONPatch";
    static final String VALUE = "value";
    private static final StructType JSON_PATCH_TYPE = StructType.create(JSON_PATCH, ImmutableSet.of("op", "path",
            "from", VALUE), name -> Optional.of(name.equals(VALUE) ? SimpleType.DYN : SimpleType.STRING));

    /// Makes values of these types when an expression runs.
    static final CelValueProvider VALUES = (type, fields) -> isObject(type) || type.equals(JSON_PATCH)
            ? Optional.of(new Constructed(type, fields))
            : Optional.empty();

    private PatchTypes() {
    }

    private static boolean isObject(String type) {
        return type.equals(OBJECT) || type.startsWith(OBJECT + ".");
    }

    /// Adds these types to others. Shape: `names` are the fields an `Object` is to have.
    static CelTypeProvider with(CelTypeProvider others, Set<String> names) {
        ImmutableSet<String> fields = ImmutableSet.copyOf(names);
        return new CelTypeProvider() {
            @Override
            public ImmutableCollection<CelType> types() {
                return ImmutableList.<CelType>builder().addAll(others.types()).add(JSON_PATCH_TYPE).build();
            }

            @Override
            public Optional<CelType> findType(String name) {
                if (name.equals(JSON_PATCH)) {
                    return Optional.of(JSON_PATCH_TYPE);
                }
                return isObject(name)
                        ? Optional.of(StructType.create(name, fields, field -> Optional.of(SimpleType.DYN)))
                        : others.findType(name);
            }
        };
    }

    /// Every name an expression uses for a field.
    static Set<String> fieldNames(CelAbstractSyntaxTree parsed) {
        Set<String> names = new TreeSet<>();
        CelNavigableAst.fromAst(parsed).getRoot().allNodes().forEach(node -> {
            CelExpr expr = node.expr();
            switch (expr.getKind()) {
                case SELECT -> names.add(expr.select().field());
                case STRUCT -> expr.struct().entries().forEach(entry -> names.add(entry.fieldKey()));
                case CALL -> expr.call().args().forEach(argument -> optionalField(argument).ifPresent(names::add));
                default -> {
                }
            }
        });
        return names;
    }

    /// The field of `object.?field` is a text among the arguments of a call.
    private static Optional<String> optionalField(CelExpr argument) {
        return argument.getKind() == Kind.CONSTANT
                && argument.constant().getKind() == CelConstant.Kind.STRING_VALUE
                        ? Optional.of(argument.constant().stringValue())
                        : Optional.empty();
    }
}
