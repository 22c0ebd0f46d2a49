package io.logplane.representation.patch;

import java.util.Locale;
import java.util.Optional;

/// The kinds of patch, by media type.
public enum PatchType {
    JSON("application/json-patch+json"), MERGE("application/merge-patch+json"), STRATEGIC(
            "application/strategic-merge-patch+json"), APPLY("application/apply-patch+yaml");

    private final String mediaType;

    PatchType(String mediaType) {
        this.mediaType = mediaType;
    }

    public String mediaType() {
        return mediaType;
    }

    /// Parameters of the content type do not count; empty for a media type that is no patch (the shell answers 415).
    public static Optional<PatchType> ofContentType(String contentType) {
        int end = contentType.indexOf(';');
        String media = (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        for (PatchType type : values()) {
            if (type.mediaType.equals(media)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
