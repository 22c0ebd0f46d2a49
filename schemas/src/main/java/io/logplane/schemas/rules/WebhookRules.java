package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Webhook configurations.
///
/// Source: k8s.io/kubernetes/pkg/apis/admissionregistration (defaults, validation).
public record WebhookRules(boolean mutating, Expressions expressions)
        implements
            AdmissionRules,
            ExpressionRules {
    private static final int TIMEOUT_SECONDS = 10;
    private static final int MAX_SECONDS = 30;
    private static final List<String> SIDE_EFFECTS = List.of("None", "NoneOnDryRun");
    private static final List<String> REVIEWS = List.of("v1", "v1beta1");

    @Override
    public WebhookRules judgedBy(Expressions judges) {
        return new WebhookRules(mutating, judges);
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        for (ObjectNode hook : Tree.objects(object, "webhooks")) {
            HookRules.fill(hook, "failurePolicy", "Fail");
            HookRules.fill(hook, "matchPolicy", "Equivalent");
            Tree.setDefault(hook, "timeoutSeconds", TIMEOUT_SECONDS);
            Tree.object(hook, "namespaceSelector");
            Tree.object(hook, "objectSelector");
            if (mutating) {
                HookRules.fill(hook, "reinvocationPolicy", "Never");
            }
            Tree.objects(hook, "rules").forEach(rule -> HookRules.fill(rule, "scope", "*"));
            if (hook.path("clientConfig").path("service") instanceof ObjectNode service) {
                Tree.setDefault(service, "port", 443);
            }
        }
    }

    @Override
    public List<FieldError> validateCreate(ObjectNode object) {
        return check(object, false, expressions);
    }

    /// Shape: without what is wrong with expressions, which every update answers for.
    @Override
    public List<FieldError> known(ObjectNode old) {
        return check(old, false, Expressions.NONE);
    }

    /// Match conditions that all stand as they stood are not judged anew.
    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        List<ObjectNode> hooks = Tree.objects(object, "webhooks");
        List<ObjectNode> before = Tree.objects(old, "webhooks");
        return check(object, hooks.size() == before.size() && IntStream.range(0, hooks.size()).allMatch(
                i -> HookRules.sameConditions(hooks.get(i), before.get(i))), expressions);
    }

    private List<FieldError> check(ObjectNode object, boolean conditionsKept, Expressions judges) {
        Problems problems = new Problems();
        List<ObjectNode> hooks = Tree.objects(object, "webhooks");
        Set<String> names = new HashSet<>();
        for (int i = 0; i < hooks.size(); i++) {
            String at = "webhooks[" + i + "]";
            ObjectNode hook = hooks.get(i);
            name(hook, at + ".name", problems);
            List<ObjectNode> rules = Tree.objects(hook, "rules");
            for (int rule = 0; rule < rules.size(); rule++) {
                HookRules.rule(rules.get(rule), at + ".rules[" + rule + "]", problems);
            }
            HookRules.oneOf(hook, at, "failurePolicy", problems, "Fail", "Ignore");
            HookRules.oneOf(hook, at, "matchPolicy", problems, "Equivalent", "Exact");
            if (!SIDE_EFFECTS.contains(Tree.text(hook, "sideEffects"))) {
                sideEffects(hook, at + ".sideEffects", problems);
            }
            long seconds = Tree.number(hook, "timeoutSeconds");
            if (seconds < 1 || seconds > MAX_SECONDS) {
                problems.invalid(at + ".timeoutSeconds", seconds,
                        "the timeout value must be between 1 and 30 seconds");
            }
            SelectorRules.selector(hook.path("namespaceSelector"), at + ".namespaceSelector", problems);
            SelectorRules.selector(hook.path("objectSelector"), at + ".objectSelector", problems);
            if (mutating) {
                HookRules.oneOf(hook, at, "reinvocationPolicy", problems, "IfNeeded", "Never");
            }
            WebhookClients.check(hook.path("clientConfig"), at + ".clientConfig", problems);
            if (!conditionsKept) {
                HookRules.conditions(hook.path("matchConditions"), at + ".matchConditions", judges.of(
                        MissingNode.getInstance(), false), problems);
            }
            reviewVersions(hook, at + ".admissionReviewVersions", problems);
            if (!Tree.text(hook, "name").isEmpty() && !names.add(Tree.text(hook, "name"))) {
                problems.duplicate(at + ".name", Tree.text(hook, "name"));
            }
        }
        return problems.list();
    }

    private static void name(ObjectNode hook, String at, Problems problems) {
        String name = Tree.text(hook, "name");
        List<String> wrong = NameFormat.SUBDOMAIN.errors(name);
        if (name.isEmpty()) {
            problems.required(at);
            return;
        }
        if (!wrong.isEmpty()) {
            problems.invalid(at, name, String.join(",", wrong));
        } else if (name.split("\\.", -1).length < 3) {
            problems.invalid(at, name, "should be a domain with at least three segments separated by dots");
        }
    }

    private static void sideEffects(ObjectNode hook, String at, Problems problems) {
        if (Tree.has(hook, "sideEffects")) {
            problems.notSupported(at, Tree.text(hook, "sideEffects"), "None", "NoneOnDryRun");
        } else {
            problems.required(at, "must specify one of None, NoneOnDryRun");
        }
    }

    private static void reviewVersions(ObjectNode hook, String at, Problems problems) {
        List<String> versions = Tree.texts(hook, "admissionReviewVersions");
        if (versions.isEmpty()) {
            problems.required(at, "must specify one of v1, v1beta1");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < versions.size(); i++) {
            if (!seen.add(versions.get(i))) {
                problems.invalid(at + "[" + i + "]", versions.get(i), "duplicate version");
            } else {
                problems.format(NameFormat.LABEL_1035, at + "[" + i + "]", versions.get(i));
            }
        }
        if (versions.stream().noneMatch(REVIEWS::contains)) {
            problems.invalid(at, hook.path("admissionReviewVersions"), "must include at least one of v1, v1beta1");
        }
    }

    @Override
    public boolean hasGeneration() {
        return true;
    }

    @Override
    public boolean raisesGeneration(ObjectNode object, ObjectNode old) {
        return !Problems.same(object.path("webhooks"), old.path("webhooks"));
    }
}
