package io.logplane.extension.cel;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The `authorizer` of an expression: a chain that ends in `check(verb)`.
///
/// Shape: `decide` answers one question; it is asked when the expression calls `check`. `serviceAccount` gives the
/// decider of another user.
/// Source: the authorizer library of k8s.io/apiserver/pkg/cel/library.
public record Access(Function<Question, Decision> decide, ServiceAccounts serviceAccounts) {

    /// Who decides for a service account.
    public interface ServiceAccounts {
        Function<Question, Decision> of(String namespace, String name);
    }

    /// What is asked. Shape: `path` is empty for a resource.
    public record Question(String verb, String path, String group, String resource, String subresource,
            String namespace, String name) {
    }

    /// The answer. Shape: `error` is empty when there was none.
    public record Decision(boolean allowed, String reason, String error) {
    }

    /// A non-resource path to be checked.
    record PathCheck(Access access, String path) {
        Decision check(String verb) {
            return access.decide.apply(new Question(verb, path, "", "", "", "", ""));
        }
    }

    /// An API group of which a resource is to be named.
    record GroupCheck(Access access, String group) {
    }

    /// A resource to be checked. Shape: what is not said is "".
    public record ResourceCheck(Access access, String group, Map<String, String> parts) {
        ResourceCheck with(String part, String value) {
            Map<String, String> more = new java.util.TreeMap<>(parts);
            more.put(part, value);
            return new ResourceCheck(access, group, more);
        }

        private String part(String name) {
            @Nullable
            String found = parts.get(name);
            return found == null ? "" : found;
        }

        Decision check(String verb) {
            return access.decide.apply(new Question(verb, "", group, part("resource"), part("subresource"), part(
                    "namespace"), part("name")));
        }
    }

    /// The resource of a request, for `authorizer.requestResource`.
    public ResourceCheck resource(String group, String resource, String subresource, String namespace, String name) {
        return new ResourceCheck(this, group, Map.of("resource", resource, "subresource", subresource, "namespace",
                namespace, "name", name));
    }

}
