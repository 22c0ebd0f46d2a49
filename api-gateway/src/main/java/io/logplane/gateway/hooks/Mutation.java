package io.logplane.gateway.hooks;

import io.logplane.gateway.admission.Admission;
import io.logplane.gateway.admission.AdmissionRequest;
import java.util.List;

/// The hooks that change an object: policies, then webhooks; and both once more, after built-in admission, when one of
/// them changed it.
///
/// What others added must pass built-in admission too: a container a webhook puts into a pod gets its limits there.
/// Source: k8s.io/apiserver/pkg/admission (reinvocation).
public final class Mutation implements Admission.Step {
    private final List<Admission.Step> builtIn;
    private final MutatingPolicies policies;
    private final MutatingWebhooks webhooks;

    /// Shape: `builtIn` are the steps before this one; they stand on their own result.
    public Mutation(List<Admission.Step> builtIn, MutatingPolicies policies, MutatingWebhooks webhooks) {
        this.builtIn = List.copyOf(builtIn);
        this.policies = policies;
        this.webhooks = webhooks;
    }

    @Override
    public void admit(AdmissionRequest request) {
        if (policies.any() || webhooks.any()) {
            request.undecided(() -> mutate(request));
        }
    }

    private void mutate(AdmissionRequest request) {
        Reinvocation ofPolicies = new Reinvocation();
        Reinvocation ofWebhooks = new Reinvocation();
        policies.admit(request, ofPolicies);
        webhooks.admit(request, ofWebhooks);
        if (!ofPolicies.wanted() && !ofWebhooks.wanted()) {
            return;
        }
        builtIn.forEach(step -> step.admit(request));
        ofPolicies.secondPass(request.object());
        policies.admit(request, ofPolicies);
        ofWebhooks.secondPass(request.object());
        webhooks.admit(request, ofWebhooks);
    }
}
