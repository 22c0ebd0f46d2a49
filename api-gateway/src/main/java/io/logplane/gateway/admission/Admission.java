package io.logplane.gateway.admission;

import io.logplane.schemas.model.FieldError;
import java.util.List;

/// The list of admission steps, in the order they run for every write, whatever way it came.
///
/// Errors: a step refuses with [io.logplane.schemas.model.Refused].
/// Source: the default admission plugins of kube-apiserver 1.36; what is not here yet is not applied.
public final class Admission {

    /// One step, in one phase or in several.
    public interface Step {
        /// May change the object of a create or update in place; runs before the object is validated.
        default void admit(AdmissionRequest request) {
        }

        /// What the type's own validation would say, had it the other objects and the writer's rights before it: told
        /// together with what it says. Shape: the object of a create or update as it would be stored.
        default List<FieldError> judge(AdmissionRequest request) {
            return List.of();
        }

        /// Sees the object as it would be stored; runs after the type's own validation.
        default void validate(AdmissionRequest request) {
        }
    }

    private final List<Step> steps;
    private final List<Step> hooks;

    public Admission(List<Step> steps) {
        this(steps, List.of());
    }

    /// Shape: `hooks` are those among the steps that users define, without the built-in ones between them.
    public Admission(List<Step> steps, List<Step> hooks) {
        this.steps = List.copyOf(steps);
        this.hooks = List.copyOf(hooks);
    }

    /// For what no built-in step judges: connections, and requests in a form of their own. Shape: both phases.
    public void hooks(AdmissionRequest request) {
        hooks.forEach(step -> step.admit(request));
        hooks.forEach(step -> step.validate(request));
    }

    public void admit(AdmissionRequest request) {
        for (Step step : steps) {
            step.admit(request);
        }
    }

    public List<FieldError> judge(AdmissionRequest request) {
        return steps.stream().flatMap(step -> step.judge(request).stream()).toList();
    }

    public void validate(AdmissionRequest request) {
        for (Step step : steps) {
            step.validate(request);
        }
    }
}
