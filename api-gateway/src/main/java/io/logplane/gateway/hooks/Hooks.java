package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.cel.CompileFailed;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.read.StateFeed;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything users hooked into admission, compiled, as one snapshot.
///
/// Shape: configurations in the order of their names, webhooks within one in the order written.
/// Thread: written by the feed, read by everybody.
public final class Hooks implements StateFeed.Sink {
    public static final String GROUP = "admissionregistration.k8s.io";
    /// What the feed follows.
    public static final List<String> RESOURCES = List.of("mutatingwebhookconfigurations",
            "validatingwebhookconfigurations",
            "validatingadmissionpolicies", "validatingadmissionpolicybindings", "mutatingadmissionpolicies",
            "mutatingadmissionpolicybindings");
    private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);

    /// All hooks at one moment.
    record Snapshot(List<Webhook> mutatingWebhooks, List<Webhook> validatingWebhooks,
            List<Policy<Policy.Mutations>> mutatingPolicies, List<Policy<Policy.Validations>> validatingPolicies) {
    }

    private final Lookup lookup;
    private final Map<String, List<Webhook>> mutating = new TreeMap<>();
    private final Map<String, List<Webhook>> validating = new TreeMap<>();
    private final Map<String, Policy<Policy.Mutations>> mutatingPolicies = new TreeMap<>();
    private final Map<String, PolicyBinding> mutatingBindings = new TreeMap<>();
    private final Map<String, Policy<Policy.Validations>> validatingPolicies = new TreeMap<>();
    private final Map<String, PolicyBinding> validatingBindings = new TreeMap<>();
    private volatile Snapshot snapshot = new Snapshot(List.of(), List.of(), List.of(), List.of());

    public Hooks(Lookup lookup) {
        this.lookup = lookup;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    @Override
    public synchronized void put(String resource, ObjectNode object) {
        String name = object.at("/metadata/name").asText();
        switch (resource) {
            case "mutatingwebhookconfigurations" -> mutating.put(name, Webhook.of(object, lookup));
            case "validatingwebhookconfigurations" -> validating.put(name, Webhook.of(object, lookup));
            case "validatingadmissionpolicies" -> validatingPolicies.put(name, usable(resource, name, () -> Policy
                    .validating(object), why -> Policy.unusable(object, why, Policy.Validations.NONE)));
            case "mutatingadmissionpolicies" -> mutatingPolicies.put(name, usable(resource, name, () -> Policy.mutating(
                    object), why -> Policy.unusable(object, why, Policy.Mutations.NONE)));
            case "validatingadmissionpolicybindings" -> validatingBindings.put(name, binding(resource, name, object));
            default -> mutatingBindings.put(name, binding(resource, name, object));
        }
        rebuild();
    }

    private static PolicyBinding binding(String resource, String name, ObjectNode object) {
        return usable(resource, name, () -> PolicyBinding.of(object), why -> PolicyBinding.unusable(object));
    }

    /// What cannot be used stays in force and fails by its failure policy: it must never let requests by in silence.
    private static <T> T usable(String resource, String name, Supplier<T> make, Function<String, T> instead) {
        try {
            return make.get();
        } catch (CompileFailed | IllegalArgumentException broken) {
            LOG.error("{} {} cannot be used; requests it is about fail by its failure policy: {}", resource, name,
                    broken
                            .getMessage());
            return instead.apply(String.valueOf(broken.getMessage()));
        }
    }

    @Override
    public synchronized void remove(String resource, String namespace, String name) {
        forget(resource, name);
        rebuild();
    }

    private void forget(String resource, String name) {
        switch (resource) {
            case "mutatingwebhookconfigurations" -> mutating.remove(name);
            case "validatingwebhookconfigurations" -> validating.remove(name);
            case "validatingadmissionpolicies" -> validatingPolicies.remove(name);
            case "validatingadmissionpolicybindings" -> validatingBindings.remove(name);
            case "mutatingadmissionpolicies" -> mutatingPolicies.remove(name);
            default -> mutatingBindings.remove(name);
        }
    }

    private void rebuild() {
        snapshot = new Snapshot(all(mutating), all(validating), bound(mutatingPolicies, mutatingBindings), bound(
                validatingPolicies, validatingBindings));
    }

    private static List<Webhook> all(Map<String, List<Webhook>> configurations) {
        return configurations.values().stream().flatMap(List::stream).toList();
    }

    /// A policy nobody binds is about nothing.
    private static <B> List<Policy<B>> bound(Map<String, Policy<B>> policies, Map<String, PolicyBinding> bindings) {
        return policies.values().stream().map(policy -> policy.with(bindings.values().stream().filter(
                binding -> binding.policy().equals(policy.name())).toList())).filter(policy -> !policy.bindings()
                        .isEmpty())
                .toList();
    }
}
