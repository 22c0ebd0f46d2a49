package io.logplane.gateway.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldSelector.Term;
import io.logplane.schemas.types.FieldQueries;
import io.logplane.schemas.types.ResourceType;
import java.util.Optional;

/// The field selector of a request: that of `schemas`, with refusals instead of exceptions, and what the key of an
/// object alone can answer.
public record FieldSelector(io.logplane.schemas.model.FieldSelector wanted) {
    public static final FieldSelector EVERYTHING = new FieldSelector(
            io.logplane.schemas.model.FieldSelector.EVERYTHING);
    private static final String NAME = "metadata.name";
    private static final String NAMESPACE = "metadata.namespace";

    public boolean matchesEverything() {
        return wanted.terms().isEmpty();
    }

    /// The value a field must have, where one term demands it.
    public Optional<String> exact(String path) {
        return wanted.exactly(path);
    }

    /// True when only metadata.name and metadata.namespace are asked about: the key answers, no parsing needed.
    public boolean keyOnly() {
        return wanted.terms().stream().allMatch(t -> t.path().equals(NAME) || t.path().equals(NAMESPACE));
    }

    public boolean matchesKey(String namespace, String name) {
        for (Term term : wanted.terms()) {
            if (term.path().equals(NAME) && name.equals(term.value()) != term.equal()
                    || term.path().equals(NAMESPACE) && namespace.equals(term.value()) != term.equal()) {
                return false;
            }
        }
        return true;
    }

    /// Errors: none; unknown fields were refused by [#check].
    public boolean matches(ObjectNode object, ResourceType type) {
        return FieldQueries.matches(type, wanted, object);
    }

    /// Errors: 400 for a field the type does not offer.
    public void check(ResourceType type) {
        Optional<String> refusal = FieldQueries.refusal(type, wanted);
        if (refusal.isPresent()) {
            throw Refusals.badRequest(refusal.get());
        }
    }

    /// For the request path parser: the name demanded by a selector text, if the text is well-formed and demands one.
    static Optional<String> nameIn(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return parse(text).exact(NAME);
        } catch (io.logplane.schemas.model.Refused malformed) {
            return Optional.empty();
        }
    }

    /// Errors: 400 with upstream's text.
    public static FieldSelector parse(String text) {
        try {
            return new FieldSelector(io.logplane.schemas.model.FieldSelector.parse(text));
        } catch (IllegalArgumentException malformed) {
            throw Refusals.badRequest(String.valueOf(malformed.getMessage()));
        }
    }
}
