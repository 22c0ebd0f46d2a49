package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.rules.Expressions.Place;
import io.logplane.schemas.rules.Expressions.Scope;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Admission policies and their bindings.
///
/// Source: k8s.io/kubernetes/pkg/apis/admissionregistration (defaults, validation).
public final class PolicyRules {
    private static final Pattern IDENTIFIER = Pattern.compile("[_a-zA-Z][_a-zA-Z0-9]*");
    private static final Set<String> RESERVED = Set.of("true", "false", "null", "in", "as", "break", "const",
            "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return",
            "var", "void", "while");
    private static final List<String> MUTABLE = List.of("*", "CONNECT", "CREATE", "UPDATE");
    private static final int MAX_ANNOTATIONS = 20;
    /// Less than a value may have: an expression that joins texts says more than it is long.
    private static final int MAX_ANNOTATION_EXPRESSION = 5 * 1024;

    private PolicyRules() {
    }

    /// Policies: on update, match conditions that stand as they stood are not judged anew, unless there are other
    /// parameters for them to speak of.
    private interface Judged extends Specified, AdmissionRules, ExpressionRules {
        Expressions expressions();

        List<FieldError> check(ObjectNode object, boolean conditionsKept, Expressions judges);

        @Override
        default List<FieldError> validateCreate(ObjectNode object) {
            return check(object, false, expressions());
        }

        /// Shape: without what is wrong with expressions, which every update answers for.
        @Override
        default List<FieldError> known(ObjectNode old) {
            return check(old, false, Expressions.NONE);
        }

        @Override
        default List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            JsonNode spec = object.path("spec");
            JsonNode before = old.path("spec");
            return check(object, HookRules.sameConditions(spec, before) && Problems.same(spec.path("paramKind"), before
                    .path("paramKind")), expressions());
        }
    }

    /// MutatingAdmissionPolicies.
    public record Mutating(Expressions expressions) implements Judged {
        @Override
        public Mutating judgedBy(Expressions judges) {
            return new Mutating(judges);
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            policyDefaults(object);
        }

        @Override
        public List<FieldError> check(ObjectNode object, boolean conditionsKept, Expressions judges) {
            Problems problems = new Problems();
            JsonNode spec = object.path("spec");
            Scope scope = judges.of(spec, true);
            policy(spec, true, conditionsKept, scope, problems);
            List<ObjectNode> mutations = Tree.objects(spec, "mutations");
            if (mutations.isEmpty()) {
                problems.required("spec.mutations", "mutations must contain at least one item");
            }
            for (int i = 0; i < mutations.size(); i++) {
                mutation(mutations.get(i), "spec.mutations[" + i + "]", scope, problems);
            }
            problems.oneOf(spec, "spec", "reinvocationPolicy", "IfNeeded", "Never");
            return problems.list();
        }

        private static void mutation(ObjectNode mutation, String at, Scope scope, Problems problems) {
            switch (Tree.text(mutation, "patchType")) {
                case "" -> problems.required(at + ".patchType");
                case "ApplyConfiguration" -> {
                    patch(mutation, at, "applyConfiguration", Place.CONFIGURATION, scope, problems);
                    alone(mutation, at, "jsonPatch", problems);
                }
                case "JSONPatch" -> {
                    patch(mutation, at, "jsonPatch", Place.PATCH, scope, problems);
                    alone(mutation, at, "applyConfiguration", problems);
                }
                default -> problems.notSupported(at + ".patchType", Tree.text(mutation, "patchType"),
                        "ApplyConfiguration", "JSONPatch");
            }
        }

        private static void patch(ObjectNode mutation, String at, String field, Place place, Scope scope,
                Problems problems) {
            String expression = Tree.text(mutation.path(field), "expression").strip();
            if (!mutation.path(field).isObject()) {
                problems.required(at + "." + field, "must be specified when patchType is " + Tree.text(mutation,
                        "patchType"));
            } else if (expression.isEmpty()) {
                problems.required(at + "." + field + ".expression");
            } else {
                Expressions.check(scope, place, expression, at + "." + field + ".expression", problems);
            }
        }

        private static void alone(ObjectNode mutation, String at, String other, Problems problems) {
            if (Tree.has(mutation, other)) {
                problems.invalid(at + "." + other, "{" + other + "}", "must not be specified when patchType is "
                        + Tree.text(mutation, "patchType"));
            }
        }
    }

    /// ValidatingAdmissionPolicies.
    public record Validating(Expressions expressions) implements SpecRules, Judged {
        @Override
        public Validating judgedBy(Expressions judges) {
            return new Validating(judges);
        }

        @Override
        public List<String> keepsOfMetadata(String subresource) {
            return METADATA;
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            policyDefaults(object);
        }

        @Override
        public List<FieldError> check(ObjectNode object, boolean conditionsKept, Expressions judges) {
            Problems problems = new Problems();
            JsonNode spec = object.path("spec");
            Scope scope = judges.of(spec, false);
            policy(spec, false, conditionsKept, scope, problems);
            List<ObjectNode> validations = Tree.objects(spec, "validations");
            List<ObjectNode> annotations = Tree.objects(spec, "auditAnnotations");
            if (validations.isEmpty() && annotations.isEmpty()) {
                for (String list : List.of("validations", "auditAnnotations")) {
                    problems.required("spec." + list,
                            "validations or auditAnnotations must contain at least one item");
                }
            }
            for (int i = 0; i < validations.size(); i++) {
                validation(validations.get(i), "spec.validations[" + i + "]", scope, problems);
            }
            annotations(Tree.text(object, "metadata.name"), spec, scope, problems);
            return problems.list();
        }

        @Override
        public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            if (subresource.equals("status")) {
                JsonNode status = object.path("status");
                List<ObjectNode> warnings = Tree.objects(status, "typeChecking.expressionWarnings");
                for (int i = 0; i < warnings.size(); i++) {
                    String at = "status.typeChecking.expressionWarnings[" + i + "]";
                    problems.requireText(warnings.get(i), at, "warning");
                    if (Tree.text(warnings.get(i), "fieldRef").isBlank()) {
                        problems.required(at + ".fieldRef");
                    }
                }
                ConditionRules.check(status.path("conditions"), "status.conditions", problems);
            }
            return problems.list();
        }

        private static void validation(ObjectNode rule, String at, Scope scope, Problems problems) {
            String expression = Tree.text(rule, "expression");
            if (expression.isBlank()) {
                problems.required(at + ".expression", "expression is not specified");
            } else {
                Expressions.check(scope, Place.VALIDATION, expression, at + ".expression", problems);
            }
            String told = Tree.text(rule, "messageExpression");
            if (!told.isEmpty() && told.isBlank()) {
                problems.invalid(at + ".messageExpression", told, "must be non-empty if specified");
            } else if (!told.isEmpty()) {
                Expressions.check(scope, Place.MESSAGE, told, at + ".messageExpression", problems);
            }
            String message = Tree.text(rule, "message");
            if (!message.isEmpty() && message.isBlank()) {
                problems.invalid(at + ".message", message, "message must be non-empty if specified");
            } else if (message.strip().contains("\n") || message.strip().contains("\r")) {
                problems.invalid(at + ".message", message, "message must not contain line breaks");
            }
            if (Tree.has(rule, "reason")) {
                HookRules.oneOf(rule, at, "reason", problems, "Forbidden", "Invalid", "RequestEntityTooLarge");
            }
        }

        private static void annotations(String policy, JsonNode spec, Scope scope, Problems problems) {
            String list = "spec.auditAnnotations";
            List<ObjectNode> annotations = Tree.objects(spec, "auditAnnotations");
            if (annotations.size() > MAX_ANNOTATIONS) {
                problems.invalid(list, GoStruct.list(spec.path("auditAnnotations"), "AuditAnnotation"),
                        "must not have more than " + MAX_ANNOTATIONS + " auditAnnotations");
            }
            Set<String> keys = new HashSet<>();
            for (int i = 0; i < annotations.size(); i++) {
                String at = list + "[" + i + "]";
                String key = Tree.text(annotations.get(i), "key");
                problems.format(NameFormat.QUALIFIED, at + ".key", policy + "/" + key);
                value(annotations.get(i), at + ".valueExpression", scope, problems);
                if (!keys.add(key)) {
                    problems.duplicate(at + ".key", key);
                }
            }
        }

        /// Shown with the blanks around it, and judged without.
        private static void value(ObjectNode annotation, String at, Scope scope, Problems problems) {
            String shown = Tree.text(annotation, "valueExpression");
            String expression = shown.strip();
            if (expression.isEmpty()) {
                problems.required(at, "valueExpression is not specified");
            } else if (expression.getBytes(StandardCharsets.UTF_8).length > MAX_ANNOTATION_EXPRESSION) {
                problems.required(at, "must not exceed " + MAX_ANNOTATION_EXPRESSION + " bytes in length");
            } else {
                scope.judge(Place.ANNOTATION, expression).ifPresent(wrong -> problems.invalid(at, shown, wrong));
            }
        }
    }

    /// Bindings of either kind. Shape: only those of validating policies have actions.
    public record Bindings(boolean validating) implements Specified, AdmissionRules {
        private static final Set<String> ACTIONS = Set.of("Audit", "Deny", "Warn");

        @Override
        public void applyDefaults(ObjectNode object) {
            HookRules.applyDefaults(object.path("spec").path("matchResources"));
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            JsonNode spec = object.path("spec");
            if (problems.requireText(spec, "spec", "policyName")) {
                problems.format(NameFormat.SUBDOMAIN, "spec.policyName", Tree.text(spec, "policyName"));
            }
            if (spec.path("paramRef").isObject()) {
                reference(spec.path("paramRef"), "spec.paramRef", problems);
            }
            if (spec.path("matchResources").isObject()) {
                HookRules.matchResources(spec.path("matchResources"), "spec.matchResources", problems);
            }
            if (validating) {
                actions(spec, "spec.validationActions", problems);
            } else {
                mutable(spec.path("matchResources"), "spec.matchResources", problems);
            }
            return problems.list();
        }

        private static void reference(JsonNode reference, String at, Problems problems) {
            String name = Tree.text(reference, "name");
            boolean selects = reference.path("selector").isObject();
            if (!name.isEmpty()) {
                problems.format(NameFormat.PATH_SEGMENT, at + ".name", name);
            }
            if (!name.isEmpty() && selects) {
                problems.forbidden(at + ".name", "name and selector are mutually exclusive");
            }
            if (selects) {
                SelectorRules.selector(reference.path("selector"), at + ".selector", problems);
            }
            if (!name.isEmpty() && selects) {
                problems.forbidden(at + ".selector", "name and selector are mutually exclusive");
            }
            if (name.isEmpty() && !selects) {
                problems.required(at, "one of name or selector must be specified");
            }
            problems.oneOf(reference, at, "parameterNotFoundAction", "Deny", "Allow");
        }

        private static void actions(JsonNode spec, String at, Problems problems) {
            List<String> actions = Tree.texts(spec, "validationActions");
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < actions.size(); i++) {
                if (!ACTIONS.contains(actions.get(i))) {
                    problems.notSupported(at + "[" + i + "]", actions.get(i), "Audit", "Deny", "Warn");
                }
                if (!seen.add(actions.get(i))) {
                    problems.duplicate(at + "[" + i + "]", actions.get(i));
                }
            }
            if (seen.contains("Deny") && seen.contains("Warn")) {
                problems.invalid(at, spec.path("validationActions"),
                        "must not contain both Deny and Warn (repeating the same validation failure information in "
                                + "the API response and headers serves no purpose)");
            }
            if (seen.isEmpty()) {
                problems.required(at, "at least one validation action is required");
            }
        }
    }

    private static void policyDefaults(ObjectNode object) {
        ObjectNode spec = Tree.object(object, "spec");
        HookRules.fill(spec, "failurePolicy", "Fail");
        HookRules.applyDefaults(spec.path("matchConstraints"));
    }

    /// What both kinds of policy have.
    private static void policy(JsonNode spec, boolean mutating, boolean conditionsKept, Scope scope,
            Problems problems) {
        HookRules.oneOf(spec, "spec", "failurePolicy", problems, "Fail", "Ignore");
        if (spec.path("paramKind").isObject()) {
            parameterKind(spec.path("paramKind"), "spec.paramKind", problems);
        }
        JsonNode match = spec.path("matchConstraints");
        if (!match.isObject()) {
            problems.required("spec.matchConstraints");
        } else {
            HookRules.matchResources(match, "spec.matchConstraints", problems);
            if (match.path("resourceRules").isEmpty()) {
                problems.required("spec.matchConstraints.resourceRules");
            }
            if (mutating) {
                mutable(match, "spec.matchConstraints", problems);
            }
        }
        if (!conditionsKept) {
            HookRules.conditions(spec.path("matchConditions"), "spec.matchConditions", scope, problems);
        }
        List<ObjectNode> variables = Tree.objects(spec, "variables");
        for (int i = 0; i < variables.size(); i++) {
            variable(variables.get(i), "spec.variables[" + i + "]", scope, problems);
        }
    }

    /// What is deleted cannot be changed.
    private static void mutable(JsonNode match, String at, Problems problems) {
        for (ObjectNode rule : Tree.objects(match, "resourceRules")) {
            Tree.texts(rule, "operations").stream().filter(operation -> !MUTABLE.contains(operation)).forEach(
                    operation -> problems.notSupported(at + ".resourceRules.operations", operation, MUTABLE.toArray(
                            String[]::new)));
        }
    }

    private static void variable(ObjectNode variable, String at, Scope scope, Problems problems) {
        String name = Tree.text(variable, "name");
        if (name.isBlank()) {
            problems.required(at + ".name", "name is not specified");
        } else if (!IDENTIFIER.matcher(name).matches() || RESERVED.contains(name)) {
            problems.invalid(at + ".name", name, "name is not a valid CEL identifier");
        }
        String expression = Tree.text(variable, "expression");
        if (expression.isBlank()) {
            problems.required(at + ".expression", "expression is not specified");
        } else {
            scope.declare(name, expression).ifPresent(wrong -> problems.invalid(at + ".expression", expression, wrong));
        }
    }

    private static void parameterKind(JsonNode kind, String at, Problems problems) {
        String whole = Tree.text(kind, "apiVersion");
        int slash = whole.indexOf('/');
        String version = whole.substring(slash + 1);
        if (whole.isEmpty()) {
            problems.required(at + ".apiVersion");
        } else if (slash != whole.lastIndexOf('/')) {
            problems.invalid(at + ".apiVersion", whole, "unexpected GroupVersion string: " + whole);
        } else {
            if (slash > 0) {
                joined(NameFormat.SUBDOMAIN, at + ".apiVersion", whole.substring(0, slash), problems);
            }
            if (version.isEmpty()) {
                problems.invalid(at + ".apiVersion", whole, "version must be specified");
            } else {
                joined(NameFormat.LABEL_1035, at + ".apiVersion", version, problems);
            }
        }
        String name = Tree.text(kind, "kind");
        if (name.isEmpty()) {
            problems.required(at + ".kind");
        } else {
            List<String> wrong = NameFormat.LABEL_1035.errors(name.toLowerCase(Locale.ROOT));
            if (!wrong.isEmpty()) {
                problems.invalid(at + ".kind", name, "may have mixed case, but should otherwise match: " + String.join(
                        ",", wrong));
            }
        }
    }

    private static void joined(NameFormat format, String at, String value, Problems problems) {
        List<String> wrong = format.errors(value);
        if (!wrong.isEmpty()) {
            problems.invalid(at, value, String.join(",", wrong));
        }
    }
}
