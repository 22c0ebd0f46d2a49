package io.logplane.gateway.admission;

import java.util.List;

/// The list of admission steps, in the order they run for every write, whatever way it came.
///
/// Errors: a step refuses with [io.logplane.schemas.model.Refused].
/// Source: the default admission plugins of kube-apiserver 1.36; what is not here yet is not applied.
public final class Admission {

    /// One step, in one phase or in both.
    public interface Step {
        /// May change the object of a create or update in place; runs before the object is validated.
        default void admit(AdmissionRequest request) {
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

    public void validate(AdmissionRequest request) {
        for (Step step : steps) {
            step.validate(request);
        }
    }
}
