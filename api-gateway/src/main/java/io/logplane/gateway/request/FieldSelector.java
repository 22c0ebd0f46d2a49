package io.logplane.gateway.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.SelectableField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A set of demands on fields, all of which must hold.
///
/// Source: k8s.io/apimachinery/pkg/fields.
public record FieldSelector(List<Term> terms) {
    public static final FieldSelector EVERYTHING = new FieldSelector(List.of());
    private static final String NAME = "metadata.name";
    private static final String NAMESPACE = "metadata.namespace";

    public record Term(String path, boolean equal, String value) {
    }

    public boolean matchesEverything() {
        return terms.isEmpty();
    }

    /// The one name the selector allows, if it demands one.
    public Optional<String> name() {
        return exact(NAME);
    }

    public Optional<String> exact(String path) {
        return terms.stream().filter(t -> t.equal() && t.path().equals(path)).map(Term::value).findFirst();
    }

    /// True when only metadata.name and metadata.namespace are asked about: the key answers, no parsing needed.
    public boolean keyOnly() {
        return terms.stream().allMatch(t -> t.path().equals(NAME) || t.path().equals(NAMESPACE));
    }

    public boolean matchesKey(String namespace, String name) {
        for (Term term : terms) {
            if (term.path().equals(NAME) && name.equals(term.value()) != term.equal()
                    || term.path().equals(NAMESPACE) && namespace.equals(term.value()) != term.equal()) {
                return false;
            }
        }
        return true;
    }

    /// Errors: none; unknown fields were refused by [#check].
    public boolean matches(ObjectNode object, ResourceType type) {
        ObjectNode metadata = (ObjectNode) object.path("metadata");
        if (!matchesKey(metadata.path("namespace").asText(), metadata.path("name").asText())) {
            return false;
        }
        for (Term term : terms) {
            for (SelectableField field : type.fields()) {
                if (field.path().equals(term.path())
                        && field.value().apply(object).equals(term.value()) != term.equal()) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Errors: 400 for a field the type does not offer.
    public void check(ResourceType type) {
        for (Term term : terms) {
            boolean known = term.path().equals(NAME) || term.path().equals(NAMESPACE)
                    || type.fields().stream().anyMatch(f -> f.path().equals(term.path()));
            if (!known && type.fields().isEmpty()) {
                throw Refusals.badRequest(Refusals.quoted(term.path())
                        + " is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
            }
            if (!known) {
                throw Refusals.badRequest("field label not supported: " + term.path());
            }
        }
    }

    /// For the request path parser: the name demanded by a selector text, if the text is well-formed and demands one.
    static Optional<String> nameIn(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return parse(text).name();
        } catch (io.logplane.schemas.model.Refused malformed) {
            return Optional.empty();
        }
    }

    /// Errors: 400 with upstream's text.
    public static FieldSelector parse(String text) {
        List<Term> terms = new ArrayList<>();
        for (String part : split(text)) {
            if (part.isEmpty()) {
                continue;
            }
            int bang = part.indexOf("!=");
            int equals = part.indexOf('=');
            if (equals < 0) {
                throw Refusals.badRequest("invalid selector: '" + text + "'; can't understand '" + part + "'");
            }
            boolean negated = bang >= 0 && bang < equals;
            int keyEnd = negated ? bang : equals;
            int valueStart = negated ? bang + 2 : part.startsWith("==", equals) ? equals + 2 : equals + 1;
            terms.add(new Term(part.substring(0, keyEnd), !negated, unescape(part.substring(valueStart))));
        }
        return new FieldSelector(terms);
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == ',') {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static String unescape(String value) {
        return value.indexOf('\\') < 0
                ? value
                : value.replaceAll("\\\\([\\\\,=])", "$1");
    }
}
