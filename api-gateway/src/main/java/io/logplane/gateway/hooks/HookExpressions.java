package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.extension.cel.CelEnvironment;
import io.logplane.extension.cel.CompileFailed;
import io.logplane.extension.cel.DeclaredType.Scalar;
import io.logplane.extension.cel.DeviceSelector;
import io.logplane.extension.cel.Expression;
import io.logplane.schemas.rules.Expressions;
import java.util.Optional;
import java.util.regex.Pattern;

/// Whether the expressions of webhooks, policies and selectors of devices compile and give what their place wants.
///
/// Source: kubernetes/pkg/apis/admissionregistration/validation; k8s.io/apiserver/pkg/admission/plugin/cel;
/// kubernetes/pkg/apis/resource/validation.
public final class HookExpressions implements Expressions {
    static final String VARIABLES = "variables";
    private static final Pattern NAME = Pattern.compile("[_a-zA-Z][_a-zA-Z0-9]*");

    @Override
    public Scope of(JsonNode spec, boolean composes) {
        return new Names(spec, composes || !spec.path(VARIABLES).isEmpty());
    }

    @Override
    public Optional<String> judgeSelector(String source) {
        return switch (DeviceSelector.judge(source)) {
            case DeviceSelector.Fine _ -> Optional.empty();
            case DeviceSelector.Wrong wrong -> Optional.of(wrong.why());
            case DeviceSelector.TooExpensive _ -> Optional.of(TOO_EXPENSIVE);
        };
    }

    /// What the expressions of one policy may name, more with every variable.
    private static final class Names implements Scope {
        private final CelEnvironment.Builder builder;
        private final CelEnvironment forConditions;
        private Optional<CelEnvironment> known = Optional.empty();

        Names(JsonNode spec, boolean composes) {
            this.builder = Policy.names(spec);
            this.forConditions = spec.path("paramKind").isObject() ? builder.build() : Webhook.environment();
            if (composes) {
                builder.composes(VARIABLES);
            }
        }

        @Override
        public Optional<String> judge(Place place, String source) {
            return switch (place) {
                case CONDITION -> problem(source, forConditions, "bool");
                case VALIDATION -> problem(source, environment(), "bool");
                case MESSAGE -> problem(source, builder.buildWithoutAuthorizer(), "string");
                case ANNOTATION -> problem(source, environment(), "string", "null_type");
                case CONFIGURATION -> problem(source, builder.buildForPatches(), "Object");
                case PATCH -> problem(source, builder.buildForPatches(), "list(JSONPatch)");
            };
        }

        @Override
        public Optional<String> declare(String variable, String source) {
            boolean named = NAME.matcher(variable).matches();
            CelEnvironment before = environment();
            known = Optional.empty();
            try {
                Expression expression = before.compile(source);
                if (named) {
                    builder.composed(VARIABLES, variable, expression);
                }
                return Optional.empty();
            } catch (CompileFailed wrong) {
                if (named) {
                    builder.composed(VARIABLES, variable, Scalar.DYN);
                }
                return Optional.of("compilation failed: " + wrong.problems());
            }
        }

        private CelEnvironment environment() {
            CelEnvironment environment = known.orElseGet(builder::build);
            known = Optional.of(environment);
            return environment;
        }

        private static Optional<String> problem(String source, CelEnvironment environment, String... results) {
            try {
                environment.compile(source, results);
                return Optional.empty();
            } catch (CompileFailed wrong) {
                return Optional.of(wrong.problems().startsWith("must evaluate")
                        ? wrong.problems()
                        : "compilation failed: " + wrong.problems());
            }
        }
    }
}
