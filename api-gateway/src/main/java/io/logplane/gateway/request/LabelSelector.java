package io.logplane.gateway.request;

import com.fasterxml.jackson.databind.JsonNode;

/// The label selector of a request: the grammar of `schemas`, within limits and with refusals instead of exceptions.
///
/// Shape: `labels` given to [#matches] is the `metadata.labels` node, possibly missing.
/// Limits: [#MAX_LENGTH] characters, [#MAX_REQUIREMENTS] requirements: nobody writes more, and each is evaluated per
/// object.
public record LabelSelector(io.logplane.schemas.model.LabelSelector wanted) {
    public static final int MAX_LENGTH = 64 * 1024;
    public static final int MAX_REQUIREMENTS = 1000;

    public boolean matchesEverything() {
        return wanted.isEverything();
    }

    public boolean matches(JsonNode labels) {
        return wanted.matches(labels);
    }

    /// Errors: 400 with upstream's text.
    public static LabelSelector parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw Refusals.badRequest("label selector is longer than " + MAX_LENGTH + " characters");
        }
        io.logplane.schemas.model.LabelSelector wanted;
        try {
            wanted = io.logplane.schemas.model.LabelSelector.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw Refusals.badRequest(String.valueOf(malformed.getMessage()));
        }
        if (wanted.requirements().size() > MAX_REQUIREMENTS) {
            throw Refusals.badRequest("more than " + MAX_REQUIREMENTS + " requirements in a label selector");
        }
        return new LabelSelector(wanted);
    }
}
