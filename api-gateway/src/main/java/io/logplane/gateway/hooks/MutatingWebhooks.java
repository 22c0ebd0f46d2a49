package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.outbound.WebhookClient;
import io.logplane.gateway.outbound.WebhookClient.CallFailed;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.write.Scales;
import io.logplane.representation.MutationFailed;
import io.logplane.representation.patch.Patches;
import io.logplane.schemas.model.FieldError;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks every mutating webhook that wants the request, one after the other, each on what the one before made of it.
///
/// A webhook that wants it so is asked once more when somebody changed the object after it was asked: [Mutation].
/// Source: k8s.io/apiserver/pkg/admission/plugin/webhook/mutating.
public final class MutatingWebhooks {
    private static final Logger LOG = LoggerFactory.getLogger(MutatingWebhooks.class);
    private final Hooks hooks;
    private final Lookup lookup;
    private final Authorizer authorizer;
    private final Patches patches = new Patches();

    public MutatingWebhooks(Hooks hooks, Lookup lookup, Authorizer authorizer) {
        this.hooks = hooks;
        this.lookup = lookup;
        this.authorizer = authorizer;
    }

    boolean any() {
        return !hooks.snapshot().mutatingWebhooks().isEmpty();
    }

    private static ArrayNode operations(byte[] patch) {
        try {
            return Patches.operations(patch);
        } catch (MutationFailed undecodable) {
            throw new CallFailed("received undecodable patch in webhook response: " + undecodable.text());
        }
    }

    /// Custom objects keep whatever kind a patch gives them until they are validated. Errors: 422.
    private static void sameKind(ObjectNode before, ObjectNode after, HookRequest request) {
        String kind = after.path("kind").asText();
        if (!kind.equals(before.path("kind").asText())) {
            throw Refusals.invalid(request.type().group(), kind, request.name(), List.of(FieldError.invalid("kind",
                    Refusals.quoted(kind), "must be " + before.path("kind").asText())));
        }
    }

    void admit(AdmissionRequest admission, Reinvocation reinvocation) {
        List<Webhook> all = hooks.snapshot().mutatingWebhooks();
        if (all.isEmpty()) {
            return;
        }
        HookRequest request = HookRequest.of(admission);
        if (request.unseenByWebhooks()) {
            return;
        }
        for (int i = 0; i < all.size(); i++) {
            Webhook hook = all.get(i);
            WebhookAudit.Place place = new WebhookAudit.Place(reinvocation.round(), i);
            if (reinvocation.runs(hook.key())) {
                hook.wants(request, lookup, authorizer).ifPresent(wanted -> reinvocation.ran(hook.key(), changes(hook,
                        wanted, place), hook.again()));
            }
        }
        reinvocation.leaves(admission.object());
    }

    /// True when the webhook changed the object.
    private boolean changes(Webhook hook, HookRequest request, WebhookAudit.Place place) {
        try {
            Reviews.Answer answer = Reviews.ask(hook, request, true);
            boolean changed = answer.allowed() && answer.patch().isPresent() && patched(hook, request, answer);
            WebhookAudit.answered(request.admission(), hook, place, changed);
            if (changed) {
                WebhookAudit.patched(request.admission(), hook, place, answer.patch().get());
            }
            if (!answer.allowed()) {
                throw Reviews.denied(hook, answer.status());
            }
            return changed;
        } catch (CallFailed failed) {
            if (!hook.ignoresFailure()) {
                throw Reviews.failed(hook, failed);
            }
            WebhookAudit.passedOver(request.admission(), hook, place, "mutating");
            LOG.warn("webhook {} of {} failed and is passed over: {}", hook.name(), hook.configuration(), failed
                    .getMessage());
            return false;
        }
    }

    private boolean patched(Webhook hook, HookRequest request, Reviews.Answer answer) {
        ArrayNode operations = operations(answer.patch().orElseThrow());
        if (operations.isEmpty()) {
            return false;
        }
        Optional<ObjectNode> before = request.object();
        if (request.operation() == Operation.DELETE || before.isEmpty()) {
            throw Refusals.internal("admission webhook " + Refusals.quoted(hook.name())
                    + " attempted to modify the object, which is not supported for this operation");
        }
        if (!answer.patchType().equals("JSONPatch")) {
            throw new CallFailed("unsupported patch type " + Refusals.quoted(answer.patchType()));
        }
        ObjectNode after;
        try {
            after = patches.hooked(before.get(), operations, request.isScale() ? Scales.TYPE : request.type());
        } catch (MutationFailed wrong) {
            throw Refusals.internal(wrong.text());
        }
        sameKind(before.get(), after, request);
        if (after.equals(before.get())) {
            return false;
        }
        request.replace(after);
        request.admission().reshape();
        return true;
    }
}
