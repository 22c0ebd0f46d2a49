package io.logplane.gateway.hooks;

import io.logplane.gateway.admission.Admission;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.outbound.WebhookClient;
import io.logplane.gateway.outbound.WebhookClient.CallFailed;
import io.logplane.schemas.model.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks every validating webhook that wants the request, all at once; the first in order that refuses decides.
///
/// Source: k8s.io/apiserver/pkg/admission/plugin/webhook/validating.
public final class ValidatingWebhooks implements Admission.Step {
    private static final Logger LOG = LoggerFactory.getLogger(ValidatingWebhooks.class);
    private final Hooks hooks;
    private final Lookup lookup;
    private final Authorizer authorizer;

    public ValidatingWebhooks(Hooks hooks, Lookup lookup, Authorizer authorizer) {
        this.hooks = hooks;
        this.lookup = lookup;
        this.authorizer = authorizer;
    }

    @Override
    public void validate(AdmissionRequest admission) {
        List<Webhook> all = hooks.snapshot().validatingWebhooks();
        if (all.isEmpty()) {
            return;
        }
        HookRequest request = HookRequest.of(admission);
        if (request.unseenByWebhooks()) {
            return;
        }
        List<Callable<Optional<Refused>>> calls = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Webhook hook = all.get(i);
            WebhookAudit.Place place = new WebhookAudit.Place(0, i);
            hook.wants(request, lookup, authorizer).ifPresent(wanted -> calls.add(() -> call(hook, wanted, place)));
        }
        if (calls.size() == 1) {
            refuse(ask(calls.getFirst()));
        } else if (!calls.isEmpty()) {
            together(calls);
        }
    }

    private static void together(List<Callable<Optional<Refused>>> calls) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<Refused>>> answers = calls.stream().map(threads::submit).toList();
            for (Future<Optional<Refused>> answer : answers) {
                refuse(ask(answer::get));
            }
        }
    }

    private static Optional<Refused> ask(Callable<Optional<Refused>> call) {
        try {
            return call.call();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopping);
        } catch (ExecutionException wrapped) {
            throw new IllegalStateException(wrapped.getCause());
        } catch (RuntimeException own) {
            throw own;
        } catch (Exception never) {
            throw new IllegalStateException(never);
        }
    }

    private static void refuse(Optional<Refused> refused) {
        if (refused.isPresent()) {
            throw refused.get();
        }
    }

    private static Optional<Refused> call(Webhook hook, HookRequest request,
            WebhookAudit.Place place) {
        try {
            Reviews.Answer answer = Reviews.ask(hook, request, false);
            return answer.allowed() ? Optional.empty() : Optional.of(Reviews.denied(hook, answer.status()));
        } catch (CallFailed failed) {
            if (hook.ignoresFailure()) {
                WebhookAudit.passedOver(request.admission(), hook, place, "validating");
                LOG.warn("webhook {} of {} failed and is passed over: {}", hook.name(), hook.configuration(), failed
                        .getMessage());
                return Optional.empty();
            }
            return Optional.of(Reviews.failed(hook, failed));
        }
    }
}
