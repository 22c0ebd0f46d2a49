package io.logplane.extension.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.logplane.extension.cel.DeclaredType.ListOf;
import io.logplane.extension.cel.DeclaredType.MapOf;
import io.logplane.extension.cel.DeclaredType.Scalar;
import io.logplane.extension.cel.DeclaredType.Struct;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The CEL environment of Kubernetes 1.36 with some declared variables: compiles expressions.
///
/// Shape: build once with [#builder], compile many. Errors: [CompileFailed].
/// Limits: 100,000 characters of source, which is more than any field for an expression admits, and 250 levels.
/// Source: k8s.io/apiserver/pkg/cel/environment.
public final class CelEnvironment {
    private static final CelOptions OPTIONS = options();
    private static final List<Function> FUNCTIONS = Stream.of(Lists.ALL, Texts.ALL, Urls.ALL, Quantities.ALL,
            Network.ALL, Semver.ALL, NamedFormat.functions(), AccessFunctions.ALL).flatMap(List::stream).toList();
    private static final List<Function> PATCH_FUNCTIONS = List.of(Function.global("jsonpatch.escapeKey",
            "string_jsonpatch_escapeKey_string", SimpleType.STRING, in -> ((String) in[0]).replace("~", "~0").replace(
                    "/", "~1"),
            SimpleType.STRING));
    private static final Pattern OVERLOADS = Pattern.compile(" \\(candidates: .*\\)$", Pattern.MULTILINE);
    private static final String AUTHORIZER = "authorizer";
    private static final Set<String> AUTHORIZERS = Set.of(AUTHORIZER, AUTHORIZER + ".requestResource");
    private static final CelTypeProvider NO_TYPES = provider(Map.of());
    private static final CelRuntime RUNTIME = CelRuntimeFactory.plannerRuntimeBuilder().setOptions(OPTIONS)
            .addLibraries(CelExtensions.optional(), CelExtensions.strings(), CelExtensions.lists(),
                    CelExtensions.sets(OPTIONS), CelExtensions.comprehensions(), CelExtensions.math(),
                    CelExtensions.encoders(OPTIONS))
            .setTypeProvider(PatchTypes.with(NO_TYPES, Set.of())).setValueProvider(PatchTypes.VALUES)
            .setStandardFunctions(Equality.REST).addFunctionBindings(Equality.bindings(OPTIONS))
            .addFunctionBindings(Function.bindings(FUNCTIONS)).addFunctionBindings(Function.bindings(PATCH_FUNCTIONS))
            .build();

    private final CelCompiler compiler;
    private final Optional<Builder> patching;

    private CelEnvironment(CelCompiler compiler, Optional<Builder> patching) {
        this.compiler = compiler;
        this.patching = patching;
    }

    @SuppressWarnings("deprecation") // literals of one kind, as upstream requires, have no newer switch
    private static CelOptions options() {
        return CelOptions.current().enableHeterogeneousNumericComparisons(true).enableHomogeneousLiterals(true)
                .enableOptionalSyntax(true).enableRegexPartialMatch(true).enableQuotedIdentifierSyntax(true)
                .comprehensionMaxIterations(-1).maxParseRecursionDepth(250).maxExpressionCodePointSize(100_000)
                .build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /// Declares the variables of an environment.
    public static final class Builder {
        private final Map<String, CelType> variables = new LinkedHashMap<>();
        private final Map<String, StructType> structs = new LinkedHashMap<>();
        private boolean patches;
        private boolean bindings;

        public Builder variable(String name, DeclaredType type) {
            variables.put(name, celType(type));
            return this;
        }

        /// A variable that may hold nothing: an optional of CEL.
        public Builder optional(String name, DeclaredType type) {
            variables.put(name, OptionalType.create(celType(type)));
            return this;
        }

        /// A variable that holds what `source` gives: how composed variables get their types.
        public Builder variable(String name, Expression source) {
            variables.put(name, source.type());
            return this;
        }

        /// `name.field` holds what an expression gave: the `variables` of a policy. Nothing is evaluated until it is
        /// named.
        public Builder composed(String name, String field, Expression source) {
            variables.put(name + "." + field, source.type());
            return this;
        }

        /// `authorizer` and `authorizer.requestResource`.
        public Builder authorizer() {
            variables.put(AUTHORIZER, Function.AUTHORIZER);
            variables.put(AUTHORIZER + ".requestResource", Function.RESOURCE_CHECK);
            return this;
        }

        /// All of it but `authorizer`. Shape: another environment; this builder keeps it.
        public CelEnvironment buildWithoutAuthorizer() {
            Builder other = new Builder();
            other.variables.putAll(variables);
            other.variables.keySet().removeAll(AUTHORIZERS);
            other.structs.putAll(structs);
            return other.build();
        }

        /// `cel.bind(name, value, expression)`.
        public Builder bindings() {
            bindings = true;
            return this;
        }

        /// What an expression that says a mutation may name besides: `Object{…}`, `JSONPatch{…}`,
        /// `jsonpatch.escapeKey`. Shape: another environment; this builder stays without.
        public CelEnvironment buildForPatches() {
            Builder other = new Builder();
            other.variables.putAll(variables);
            other.structs.putAll(structs);
            other.patches = true;
            return new CelEnvironment(other.compiler(provider(structs)), Optional.of(other));
        }

        public CelEnvironment build() {
            return new CelEnvironment(compiler(provider(structs)), Optional.empty());
        }

        private CelCompiler compiler(CelTypeProvider types) {
            CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder().setOptions(OPTIONS)
                    .setStandardMacros(CelStandardMacro.STANDARD_MACROS).setTypeProvider(types)
                    .addLibraries(CelExtensions.optional(), CelExtensions.strings(), CelExtensions.lists(),
                            CelExtensions.sets(OPTIONS), CelExtensions.comprehensions(), CelExtensions.math(),
                            CelExtensions.encoders(OPTIONS))
                    .addFunctionDeclarations(Function.declarations(FUNCTIONS));
            if (patches) {
                builder.addFunctionDeclarations(Function.declarations(PATCH_FUNCTIONS));
            }
            if (bindings) {
                builder.addLibraries(CelExtensions.bindings());
            }
            variables.forEach(builder::addVar);
            return builder.build();
        }

        private CelType celType(DeclaredType type) {
            return switch (type) {
                case ListOf list -> ListType.create(celType(list.element()));
                case MapOf map -> MapType.create(SimpleType.STRING, celType(map.value()));
                case Struct declared -> {
                    Map<String, CelType> types = new LinkedHashMap<>();
                    declared.fields().forEach((property, of) -> (declared.escaped()
                            ? FieldNames.escape(property)
                            : Optional.of(property)).ifPresent(field -> types.put(field, celType(of))));
                    yield struct(declared.name(), types);
                }
                case Scalar scalar -> switch (scalar) {
                    case STRING -> SimpleType.STRING;
                    case INT -> SimpleType.INT;
                    case DOUBLE -> SimpleType.DOUBLE;
                    case BOOL -> SimpleType.BOOL;
                    case BYTES -> SimpleType.BYTES;
                    case TIMESTAMP -> SimpleType.TIMESTAMP;
                    case DURATION -> SimpleType.DURATION;
                    case QUANTITY -> Function.QUANTITY;
                    case ANY -> SimpleType.ANY;
                    case DYN -> SimpleType.DYN;
                };
            };
        }

        /// A prefix, so that the name of no type can hide a field of a variable.
        private StructType struct(String declared, Map<String, CelType> fields) {
            String name = "kubernetes." + declared;
            Set<String> names = new HashSet<>(fields.keySet());
            fields.keySet().forEach(field -> names.add(FieldNames.keyword(field)));
            StructType type = StructType.create(name, ImmutableSet.copyOf(names), field -> Optional.ofNullable(
                    fields.get(field)).or(
                            () -> Optional.ofNullable(fields.get("__" + field + "__")).filter(
                                    known -> FieldNames.reserved(field))));
            structs.put(name, type);
            return type;
        }
    }

    private static CelTypeProvider provider(Map<String, StructType> structs) {
        Map<String, StructType> known = Map.copyOf(structs);
        return new CelTypeProvider() {
            @Override
            public ImmutableCollection<CelType> types() {
                return ImmutableList.copyOf(known.values());
            }

            @Override
            public Optional<CelType> findType(String name) {
                return Optional.ofNullable(known.get(name));
            }
        };
    }

    /// A compiler that knows the fields this expression gives its objects.
    private CelCompiler compiler(CelAbstractSyntaxTree parsed) {
        return patching.map(builder -> builder.compiler(PatchTypes.with(provider(builder.structs), PatchTypes
                .fieldNames(parsed)))).orElse(compiler);
    }

    /// Any result.
    public Expression compile(String source) {
        CelValidationResult parsed = compiler.parse(source);
        if (parsed.hasError()) {
            throw new CompileFailed(problems(parsed, "Syntax error: "));
        }
        try {
            CelValidationResult checked = compiler(parsed.getAst()).check(parsed.getAst());
            if (checked.hasError()) {
                throw new CompileFailed(problems(checked, ""));
            }
            CelAbstractSyntaxTree ast = checked.getAst();
            return new Expression(source, RUNTIME.createProgram(ast), ast);
        } catch (CelValidationException | CelEvaluationException unplannable) {
            throw new CompileFailed("ERROR: <input>:1:1: " + unplannable.getMessage());
        }
    }

    /// Errors: also when it gives another type than one of these (`bool`, `list(JSONPatch)`, …); `dyn` is a type of
    /// its own. Source: k8s.io/apiserver/pkg/admission/plugin/cel (compile).
    public Expression compile(String source, String... results) {
        Expression expression = compile(source);
        String type = expression.typeName();
        if (!List.of(results).contains(type)) {
            throw new CompileFailed("must evaluate to " + (results.length == 1
                    ? results[0]
                    : "one of [" + String.join(" ", results) + "]") + " but got " + type);
        }
        return expression;
    }

    private static String problems(CelValidationResult result, String prefix) {
        return result.getErrors().stream().map(issue -> display(issue, result, prefix)).collect(Collectors.joining(
                "\n"));
    }

    /// The checker says more than upstream's, and has longer names for two types.
    private static String display(CelIssue issue, CelValidationResult result, String prefix) {
        String shown = OVERLOADS.matcher(issue.toDisplayString(result.getSource())).replaceFirst("").replace(
                "google.protobuf.Timestamp", "timestamp").replace("google.protobuf.Duration", "duration");
        return prefix.isEmpty() ? shown : shown.replaceFirst("^(ERROR: <input>:\\d+:\\d+: )", "$1" + prefix);
    }
}
