package io.logplane.representation.decode;

import io.logplane.representation.StructType;
import io.logplane.representation.StructType.Gvk;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which kind a request needs, and what is said when a body is of another.
///
/// Source: k8s.io/apiserver/pkg/endpoints/handlers, k8s.io/apimachinery/pkg/runtime/serializer/json.
final class Expected {
    /// Where upstream registers its types; part of the text clients see.
    private static final String SCHEME = "pkg/api/legacyscheme/scheme.go:30";
    /// Internal packages whose name is not the first part of the group.
    private static final Map<String, String> INTERNAL = Map.of("", "core", "events.k8s.io", "core", "meta.k8s.io",
            "internalversion");
    /// Kinds whose refusals carry no frame, because upstream decodes them outside the object path.
    private static final List<String> BARE = List.of("DeleteOptions");

    private final Gvk gvk;

    Expected(Gvk gvk) {
        this.gvk = gvk;
    }

    Gvk gvk() {
        return gvk;
    }

    /// The kind a body names, with absent parts taken from what is expected. Errors: [Malformed].
    Gvk actual(String apiVersion, String kind) {
        String[] parts = apiVersion.split("/", -1);
        if (parts.length > 2) {
            throw new Malformed("unexpected GroupVersion string: " + apiVersion);
        }
        String group = parts.length == 2 ? parts[0] : "";
        String version = parts.length == 2 ? parts[1] : parts[0];
        if (version.isEmpty() && (group.isEmpty() || group.equals(gvk.group()))) {
            return new Gvk(gvk.group(), gvk.version(), kind.isEmpty() ? gvk.kind() : kind);
        }
        return new Gvk(group, version, kind.isEmpty() ? gvk.kind() : kind);
    }

    boolean accepts(Gvk actual) {
        return actual.equals(gvk) || BARE.contains(gvk.kind()) && actual.kind().equals(gvk.kind());
    }

    /// For a body of another kind that is known.
    Refused unconvertible(Gvk actual, StructType struct) {
        if (BARE.contains(gvk.kind())) {
            return bare("decoded object cannot be converted to " + gvk.kind());
        }
        if (actual.kind().equals(gvk.kind()) && internal(actual.group()).equals(internal(gvk.group()))) {
            return bare("the API version in the data (" + actual.apiVersion()
                    + ") does not match the expected API version (" + gvk.apiVersion() + ")");
        }
        return handled(actual, conversion(struct));
    }

    /// That there is no way from one type to the one that is needed.
    String conversion(StructType struct) {
        return "converting (" + struct.goName() + ") to (" + internal(gvk.group()) + "." + gvk.kind()
                + "): unknown conversion";
    }

    Refused unregistered(Gvk actual) {
        return handled(actual, noKind(actual));
    }

    static String noKind(Gvk actual) {
        return "no kind " + GoText.quote(actual.kind()) + " is registered for version " + GoText.quote(actual
                .apiVersion()) + " in scheme " + GoText.quote(SCHEME);
    }

    /// For a body whose kind was understood.
    Refused handled(Gvk actual, String text) {
        return BARE.contains(gvk.kind())
                ? bare(text)
                : bare(actual.kind() + " in version " + GoText.quote(actual.version()) + " cannot be handled as a "
                        + gvk.kind() + ": " + text);
    }

    /// For a body whose kind could not be read.
    Refused unrecognised(String text, byte[] body) {
        return BARE.contains(gvk.kind())
                ? bare(text)
                : bare("the object provided is unrecognized (must be of type " + gvk.kind() + "): " + text + " ("
                        + GoText.summary(body) + ")");
    }

    static Refused bare(String text) {
        return new Refused(Refusal.of(400, "BadRequest", text));
    }

    static String internal(String group) {
        return Optional.ofNullable(INTERNAL.get(group))
                .orElseGet(() -> group.contains(".") ? group.substring(0, group.indexOf('.')) : group);
    }
}
