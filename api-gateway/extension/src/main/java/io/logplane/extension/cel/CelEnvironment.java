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
import dev.cel.extensions.CelListsExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.logplane.extension.cel.DeclaredType.ListOf;
import io.logplane.extension.cel.DeclaredType.MapOf;
import io.logplane.extension.cel.DeclaredType.Scalar;
import io.logplane.extension.cel.DeclaredType.Struct;
import java.util.EnumSet;
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
            Network.ALL, Semver.ALL, NamedFormat.functions(), AccessFunctions.ALL, List.of(SortBy.FUNCTION))
            .flatMap(List::stream).toList();
    private static final List<Function> PATCH_FUNCTIONS = List.of(Function.global("jsonpatch.escapeKey",
            "string_jsonpatch_escapeKey_string", SimpleType.STRING, in -> ((String) in[0]).replace("~", "~0").replace(
                    "/", "~1"),
            SimpleType.STRING));
    /// As of the second version of the library, which cannot reverse a text.
    private static final CelStringExtensions TEXTS = CelExtensions.strings(EnumSet.complementOf(EnumSet.of(
            CelStringExtensions.Function.REVERSE)));
    private static final CelListsExtensions LISTS = CelExtensions.lists(EnumSet.complementOf(EnumSet.of(
            CelListsExtensions.Function.SORT_BY)));
    private static final Pattern OVERLOADS = Pattern.compile(" \\(candidates: .*\\)$", Pattern.MULTILINE);
    /// Types of Kubernetes' own values are structs without fields to upstream's checker.
    private static final Pattern FIELDLESS = Pattern.compile(
            "type '((?:kubernetes|net)\\.[^']+)' does not support field selection");
    private static final String AUTHORIZER = "authorizer";
    private static final Set<String> AUTHORIZERS = Set.of(AUTHORIZER, AUTHORIZER + ".requestResource");
    private static final CelTypeProvider NO_TYPES = provider(Map.of());
    private static final CelRuntime RUNTIME = CelRuntimeFactory.plannerRuntimeBuilder().setOptions(OPTIONS)
            .addLibraries(CelExtensions.optional(), TEXTS, LISTS, CelExtensions.sets(OPTIONS),
                    CelExtensions.comprehensions())
            .setTypeProvider(PatchTypes.with(NO_TYPES, Set.of())).setValueProvider(PatchTypes.VALUES)
            .setStandardFunctions(Equality.REST).addFunctionBindings(Equality.bindings(OPTIONS))
            .addFunctionBindings(Function.bindings(FUNCTIONS)).addFunctionBindings(Function.bindings(PATCH_FUNCTIONS))
            .build();

    private static final Literals LITERALS = new Literals(OPTIONS, RUNTIME);
    /// What the checker says of `has(name.field)` where `name.field` is a variable itself.
    private static final String NO_FIELD = "expression does not select a field";

    private final CelCompiler compiler;
    private final Optional<Builder> patching;
    private final Optional<Builder> composing;

    /// Shape: `composing` has what is composed as fields alone.
    private CelEnvironment(CelCompiler compiler, Optional<Builder> patching, Optional<Builder> composing) {
        this.compiler = compiler;
        this.patching = patching;
        this.composing = composing;
    }

    private static CelOptions options() {
        return CelOptions.current().enableHeterogeneousNumericComparisons(true)
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
        private final Map<String, Map<String, CelType>> compositions = new LinkedHashMap<>();
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
            return composed(name, field, source.type());
        }

        public Builder composed(String name, String field, DeclaredType type) {
            return composed(name, field, celType(type));
        }

        private Builder composed(String name, String field, CelType type) {
            variables.put(name + "." + field, type);
            Map<String, CelType> fields = compositions.computeIfAbsent(name, unnamed -> new LinkedHashMap<>());
            fields.put(field, type);
            variables.put(name, struct(name, Map.copyOf(fields)));
            return this;
        }

        /// `name` is there, though nothing may be composed.
        public Builder composes(String name) {
            variables.putIfAbsent(name, struct(name, Map.of()));
            return this;
        }

        /// Takes a variable away.
        public Builder without(String name) {
            variables.remove(name);
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
            Builder other = copy();
            other.variables.keySet().removeAll(AUTHORIZERS);
            return other.build();
        }

        private Builder copy() {
            Builder other = new Builder();
            other.variables.putAll(variables);
            other.structs.putAll(structs);
            compositions.forEach((name, fields) -> other.compositions.put(name, new LinkedHashMap<>(fields)));
            other.bindings = bindings;
            return other;
        }

        private Optional<Builder> composing() {
            if (compositions.isEmpty()) {
                return Optional.empty();
            }
            Builder other = copy();
            other.patches = patches;
            compositions.forEach((name, fields) -> fields.keySet().forEach(field -> other.variables.remove(name + "."
                    + field)));
            other.compositions.clear();
            return Optional.of(other);
        }

        /// `cel.bind(name, value, expression)`.
        public Builder bindings() {
            bindings = true;
            return this;
        }

        /// What an expression that says a mutation may name besides: `Object{…}`, `JSONPatch{…}`,
        /// `jsonpatch.escapeKey`. Shape: another environment; this builder stays without.
        public CelEnvironment buildForPatches() {
            Builder other = copy();
            other.patches = true;
            return new CelEnvironment(other.compiler(provider(structs)), Optional.of(other), other.composing());
        }

        public CelEnvironment build() {
            return new CelEnvironment(compiler(provider(structs)), Optional.empty(), composing());
        }

        private CelCompiler compiler(CelTypeProvider types) {
            CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder().setOptions(OPTIONS)
                    .setStandardMacros(CelStandardMacro.STANDARD_MACROS).addMacros(SortBy.MACRO).setTypeProvider(types)
                    .addLibraries(CelExtensions.optional(), TEXTS, LISTS,
                            CelExtensions.sets(OPTIONS), CelExtensions.comprehensions())
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
                String problems = problems(checked, "");
                if (composing.isPresent() && problems.contains(NO_FIELD)) {
                    Builder fields = composing.get();
                    return new CelEnvironment(fields.compiler(provider(fields.structs)), patching.map(unused -> fields),
                            Optional.empty()).compile(source);
                }
                throw new CompileFailed(problems);
            }
            CelAbstractSyntaxTree ast = checked.getAst();
            List<CelIssue> literals = LITERALS.wrong(ast);
            if (!literals.isEmpty()) {
                throw new CompileFailed(literals.stream().map(issue -> display(issue, checked, "")).collect(Collectors
                        .joining("\n")));
            }
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
        String said = OVERLOADS.matcher(issue.toDisplayString(result.getSource())).replaceFirst("");
        String shown = FIELDLESS.matcher(said).replaceFirst("unexpected failed resolution of '$1'").replace(
                "google.protobuf.Timestamp", "timestamp").replace("google.protobuf.Duration", "duration");
        return prefix.isEmpty() ? shown : shown.replaceFirst("^(ERROR: <input>:\\d+:\\d+: )", "$1" + prefix);
    }
}
