package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.extension.cel.CelEnvironment;
import io.logplane.extension.cel.CompileFailed;
import io.logplane.extension.cel.DeclaredType;
import io.logplane.extension.cel.DeclaredType.Scalar;
import io.logplane.extension.types.ExpressionTypes;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.TypeCatalogue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Checks the rules of a validating policy against the types of the objects they are about.
///
/// It changes nothing about what the policy does. Rules for all groups or versions name no type, nor do resources with
/// a star or a slash; a variable that does not compile may be anything. As upstream's check, it does not know
/// `authorizer.requestResource`, which is known to the rules when they run: they are warned of it.
/// Limits: [#MAX_TYPES] types of one rule. Source: k8s.io/apiserver/pkg/admission/plugin/policy/validating
/// (typechecking).
public final class PolicyTypeCheck {
    /// Upstream's figure: every expression is compiled once for each.
    private static final int MAX_TYPES = 10;
    private static final Comparator<ResourceType> ORDER = Comparator.comparing(ResourceType::group).thenComparing(
            ResourceType::version).thenComparing(ResourceType::kind);

    /// What would go wrong in one expression. Shape: `text` has one paragraph for each type.
    public record Warning(String fieldRef, String text) {
    }

    /// What expressions may name when they are about this kind.
    private record Checked(String kind, CelEnvironment names) {
    }

    private PolicyTypeCheck() {
    }

    /// Shape: in the order of the rules; a rule's expression before that of its message.
    public static List<Warning> warnings(JsonNode spec, TypeCatalogue types) {
        List<Checked> all = new ArrayList<>();
        for (ResourceType type : matched(spec, types)) {
            ExpressionTypes.of(type).ifPresent(object -> all.add(new Checked(type.group() + "/" + type.version()
                    + ", Kind=" + type.kind(), names(spec, object, types))));
        }
        List<Warning> warnings = new ArrayList<>();
        int number = 0;
        for (JsonNode rule : spec.path("validations")) {
            for (String field : List.of("expression", "messageExpression")) {
                String said = problems(rule.path(field).asText(), all);
                if (!said.isEmpty()) {
                    warnings.add(new Warning("spec.validations[" + number + "]." + field, said));
                }
            }
            number++;
        }
        return warnings;
    }

    private static String problems(String source, List<Checked> all) {
        List<String> said = new ArrayList<>();
        for (Checked one : source.isEmpty() ? List.<Checked>of() : all) {
            problem(one.names(), source).ifPresent(problem -> said.add(one.kind() + ": " + problem + "\n"));
        }
        return String.join("\n", said);
    }

    private static Optional<String> problem(CelEnvironment names, String source) {
        try {
            names.compile(source);
            return Optional.empty();
        } catch (CompileFailed wrong) {
            return Optional.of(wrong.problems());
        }
    }

    private static CelEnvironment names(JsonNode spec, DeclaredType object, TypeCatalogue types) {
        CelEnvironment.Builder names = Policy.names(spec).without("authorizer.requestResource").variable("object",
                object).variable("oldObject", object);
        parameters(spec, types).ifPresent(params -> names.variable("params", params));
        names.composes(HookExpressions.VARIABLES);
        for (JsonNode variable : spec.path(HookExpressions.VARIABLES)) {
            String name = variable.path("name").asText();
            try {
                names.composed(HookExpressions.VARIABLES, name,
                        names.build().compile(variable.path("expression").asText()));
            } catch (CompileFailed wrong) {
                names.composed(HookExpressions.VARIABLES, name, Scalar.DYN);
            }
        }
        return names.build();
    }

    private static Optional<DeclaredType> parameters(JsonNode spec, TypeCatalogue types) {
        JsonNode kind = spec.path("paramKind");
        return types.byKind(kind.path("apiVersion").asText(), kind.path("kind").asText()).flatMap(ExpressionTypes::of);
    }

    /// The types the rules name. Shape: by group, version and kind; a rule that names too many ends the list.
    private static Set<ResourceType> matched(JsonNode spec, TypeCatalogue types) {
        Set<ResourceType> found = new TreeSet<>(ORDER);
        for (JsonNode rule : spec.path("matchConstraints").path("resourceRules")) {
            List<ResourceType> named = named(rule, types).toList();
            found.addAll(named.subList(0, Math.min(named.size(), MAX_TYPES)));
            if (named.size() >= MAX_TYPES) {
                break;
            }
        }
        return found;
    }

    private static Stream<ResourceType> named(JsonNode rule, TypeCatalogue types) {
        List<String> groups = whole(Tree.texts(rule, "apiGroups"));
        List<String> versions = whole(Tree.texts(rule, "apiVersions"));
        List<String> resources = Tree.texts(rule, "resources").stream().filter(resource -> !resource.contains("*")
                && !resource.contains("/")).sorted().toList();
        return groups.stream().flatMap(group -> versions.stream().flatMap(version -> resources.stream().flatMap(
                resource -> types.all().stream().filter(type -> is(type, group, version, resource)))));
    }

    /// Nothing when a star is among them.
    private static List<String> whole(List<String> names) {
        return names.stream().anyMatch(name -> name.contains("*")) ? List.of() : names.stream().sorted().toList();
    }

    /// The group "" is any, as to upstream's mapper: `events` of `v1` are those of both groups.
    private static boolean is(ResourceType type, String group, String version, String resource) {
        String name = resource.toLowerCase(Locale.ROOT);
        return (group.isEmpty() || type.group().equals(group)) && type.version().equals(version) && (type.plural()
                .equals(name) || type.singular().equals(name));
    }
}
