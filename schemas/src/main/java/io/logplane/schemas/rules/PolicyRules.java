package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
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
    private interface Judged extends Specified, AdmissionRules {
        List<FieldError> check(ObjectNode object, boolean conditionsKept);

        @Override
        default List<FieldError> validateCreate(ObjectNode object) {
            return check(object, false);
        }

        @Override
        default List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            JsonNode spec = object.path("spec");
            JsonNode before = old.path("spec");
            return check(object, HookRules.sameConditions(spec, before) && Problems.same(spec.path("paramKind"), before
                    .path("paramKind")));
        }
    }

    /// MutatingAdmissionPolicies.
    public record Mutating() implements Judged {
        @Override
        public void applyDefaults(ObjectNode object) {
            policyDefaults(object);
        }

        @Override
        public List<FieldError> check(ObjectNode object, boolean conditionsKept) {
            Problems problems = new Problems();
            JsonNode spec = object.path("spec");
            policy(spec, true, conditionsKept, problems);
            List<ObjectNode> mutations = Tree.objects(spec, "mutations");
            if (mutations.isEmpty()) {
                problems.required("spec.mutations", "mutations must contain at least one item");
            }
            for (int i = 0; i < mutations.size(); i++) {
                mutation(mutations.get(i), "spec.mutations[" + i + "]", problems);
            }
            problems.oneOf(spec, "spec", "reinvocationPolicy", "IfNeeded", "Never");
            return problems.list();
        }

        private static void mutation(ObjectNode mutation, String at, Problems problems) {
            switch (Tree.text(mutation, "patchType")) {
                case "" -> problems.required(at + ".patchType");
                case "ApplyConfiguration" -> patch(mutation, at, "applyConfiguration", "jsonPatch", problems);
                case "JSONPatch" -> patch(mutation, at, "jsonPatch", "applyConfiguration", problems);
                default -> problems.notSupported(at + ".patchType", Tree.text(mutation, "patchType"),
                        "ApplyConfiguration", "JSONPatch");
            }
        }

        private static void patch(ObjectNode mutation, String at, String field, String other, Problems problems) {
            String type = Tree.text(mutation, "patchType");
            if (!mutation.path(field).isObject()) {
                problems.required(at + "." + field, "must be specified when patchType is " + type);
            } else if (Tree.text(mutation.path(field), "expression").isBlank()) {
                problems.required(at + "." + field + ".expression");
            }
            if (Tree.has(mutation, other)) {
                problems.invalid(at + "." + other, "{" + other + "}", "must not be specified when patchType is "
                        + type);
            }
        }
    }

    /// ValidatingAdmissionPolicies.
    public record Validating() implements SpecRules, Judged {
        @Override
        public List<String> keepsOfMetadata(String subresource) {
            return METADATA;
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            policyDefaults(object);
        }

        @Override
        public List<FieldError> check(ObjectNode object, boolean conditionsKept) {
            Problems problems = new Problems();
            JsonNode spec = object.path("spec");
            policy(spec, false, conditionsKept, problems);
            List<ObjectNode> validations = Tree.objects(spec, "validations");
            List<ObjectNode> annotations = Tree.objects(spec, "auditAnnotations");
            if (validations.isEmpty() && annotations.isEmpty()) {
                for (String list : List.of("validations", "auditAnnotations")) {
                    problems.required("spec." + list,
                            "validations or auditAnnotations must contain at least one item");
                }
            }
            for (int i = 0; i < validations.size(); i++) {
                validation(validations.get(i), "spec.validations[" + i + "]", problems);
            }
            annotations(Tree.text(object, "metadata.name"), spec, annotations, problems);
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

        private static void validation(ObjectNode rule, String at, Problems problems) {
            if (Tree.text(rule, "expression").isBlank()) {
                problems.required(at + ".expression", "expression is not specified");
            }
            String told = Tree.text(rule, "messageExpression");
            if (!told.isEmpty() && told.isBlank()) {
                problems.invalid(at + ".messageExpression", told, "must be non-empty if specified");
            }
            String message = Tree.text(rule, "message");
            if (!message.isEmpty() && message.isBlank()) {
                problems.invalid(at + ".message", message, "message must be non-empty if specified");
            } else if (message.strip().contains("\n") || message.strip().contains("\r")) {
                problems.invalid(at + ".message", message, "message must not contain line breaks");
            }
            problems.oneOfIfSet(rule, at, "reason", "Forbidden", "Invalid", "RequestEntityTooLarge");
        }

        private static void annotations(String policy, JsonNode spec, List<ObjectNode> annotations,
                Problems problems) {
            String list = "spec.auditAnnotations";
            if (annotations.size() > MAX_ANNOTATIONS) {
                problems.invalid(list, GoStruct.list(spec.path("auditAnnotations"), "AuditAnnotation"),
                        "must not have more than " + MAX_ANNOTATIONS + " auditAnnotations");
            }
            Set<String> keys = new HashSet<>();
            for (int i = 0; i < annotations.size(); i++) {
                String at = list + "[" + i + "]";
                String key = Tree.text(annotations.get(i), "key");
                problems.format(NameFormat.QUALIFIED, at + ".key", policy + "/" + key);
                String expression = Tree.text(annotations.get(i), "valueExpression").strip();
                if (expression.isEmpty()) {
                    problems.required(at + ".valueExpression", "valueExpression is not specified");
                } else if (expression.length() > MAX_ANNOTATION_EXPRESSION) {
                    problems.required(at + ".valueExpression", "must not exceed " + MAX_ANNOTATION_EXPRESSION
                            + " bytes in length");
                }
                if (!keys.add(key)) {
                    problems.duplicate(at + ".key", key);
                }
            }
        }
    }

    /// Bindings of either kind. Shape: only those of validating policies have actions.
    public record Bindings(boolean validating) implements Specified, AdmissionRules {
        private static final Set<String> ACTIONS = Set.of("Audit", "Deny", "Warn");

        @Override
        public void applyDefaults(ObjectNode object) {
            JsonNode spec = object.path("spec");
            HookRules.applyDefaults(spec.path("matchResources"));
            if (spec.path("paramRef") instanceof ObjectNode reference) {
                Tree.setDefault(reference, "parameterNotFoundAction", "Deny");
            }
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
        Tree.setDefault(spec, "failurePolicy", "Fail");
        HookRules.applyDefaults(spec.path("matchConstraints"));
    }

    /// What both kinds of policy have.
    private static void policy(JsonNode spec, boolean mutating, boolean conditionsKept, Problems problems) {
        problems.oneOf(spec, "spec", "failurePolicy", "Fail", "Ignore");
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
            HookRules.conditions(spec.path("matchConditions"), "spec.matchConditions", problems);
        }
        List<ObjectNode> variables = Tree.objects(spec, "variables");
        for (int i = 0; i < variables.size(); i++) {
            variable(variables.get(i), "spec.variables[" + i + "]", problems);
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

    private static void variable(ObjectNode variable, String at, Problems problems) {
        String name = Tree.text(variable, "name");
        if (name.isBlank()) {
            problems.required(at + ".name", "name is not specified");
        } else if (!IDENTIFIER.matcher(name).matches() || RESERVED.contains(name)) {
            problems.invalid(at + ".name", name, "name is not a valid CEL identifier");
        }
        if (Tree.text(variable, "expression").isBlank()) {
            problems.required(at + ".expression", "expression is not specified");
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
