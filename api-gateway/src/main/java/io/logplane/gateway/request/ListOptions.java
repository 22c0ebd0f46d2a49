package io.logplane.gateway.request;

import io.logplane.schemas.model.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The query of a list or a watch.
///
/// Shape: `revision` empty: most recent; 0: any. `limit` 0: no limit. `match` "" when not given.
/// Source: k8s.io/apimachinery/pkg/apis/meta/internalversion/validation.
public record ListOptions(LabelSelector labels, FieldSelector fields, OptionalLong revision, String match, long limit,
        String continueText, Optional<Boolean> sendInitialEvents, boolean bookmarks, OptionalLong timeoutSeconds) {
    private static final String NOT_OLDER = "NotOlderThan";
    private static final String EXACT = "Exact";
    private static final String MATCH = "resourceVersionMatch";

    public boolean exact() {
        return match.equals(EXACT);
    }

    public boolean any() {
        return revision.isPresent() && revision.getAsLong() == 0;
    }

    /// The same without pages.
    public ListOptions whole() {
        return new ListOptions(labels, fields, revision, match, 0, continueText, sendInitialEvents, bookmarks,
                timeoutSeconds);
    }

    /// Errors: 400 and 422 in upstream's words.
    public static ListOptions parse(Query query, boolean watch) {
        long limit = Math.max(0, query.number("limit").orElse(0L));
        Optional<Long> timeout = query.number("timeoutSeconds");
        String revisionText = query.first("resourceVersion");
        String match = query.first(MATCH);
        Optional<Boolean> initial = query.has("sendInitialEvents")
                ? Optional.of(query.flag("sendInitialEvents"))
                : Optional.empty();
        if (watch && initial.isEmpty() && match.isEmpty() && (revisionText.isEmpty() || revisionText.equals("0"))) {
            initial = Optional.of(true); // such watches always began with what there is, and now say where that ends
            match = NOT_OLDER;
        }
        String continueText = query.first("continue");
        LabelSelector labels = LabelSelector.parse(query.first("labelSelector"));
        FieldSelector fields = FieldSelector.parse(query.first("fieldSelector"));
        List<FieldError> errors = watch
                ? watchErrors(match, continueText, initial)
                : listErrors(revisionText, match, continueText, initial);
        if (!errors.isEmpty()) {
            throw Refusals.invalid("meta.k8s.io", "ListOptions", "", errors);
        }
        if (!watch && !continueText.isEmpty() && !revisionText.isEmpty() && !revisionText.equals("0")) {
            ContinueToken unused = ContinueToken.parse(continueText); // what is no token is said first
            throw Refusals.badRequest("specifying resource version is not allowed when using continue");
        }
        OptionalLong revision = revision(revisionText, watch);
        return new ListOptions(labels, fields, revision, match, limit, continueText, initial,
                query.flag("allowWatchBookmarks"), timeout.map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    /// Errors: 400 of a list; 500 of one object and of a watch, as upstream does.
    public static OptionalLong revision(String text, boolean watch) {
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!text.chars().allMatch(c -> c >= '0' && c <= '9') || text.length() > 20) {
            String why = "resourceVersion: Invalid value: " + Refusals.quoted(text) + ": strconv.ParseUint: parsing "
                    + Refusals.quoted(text) + ": invalid syntax";
            throw watch ? Refusals.unclassified(why) : Refusals.badRequest("invalid resource version: " + why);
        }
        return OptionalLong.of(new java.math.BigInteger(text).min(java.math.BigInteger.valueOf(Long.MAX_VALUE))
                .longValue());
    }

    private static List<FieldError> watchErrors(String match, String continueText, Optional<Boolean> initial) {
        List<FieldError> errors = new ArrayList<>();
        if (initial.isPresent() && !match.equals(NOT_OLDER)) {
            errors.add(FieldError.forbidden(MATCH, "sendInitialEvents requires setting resourceVersionMatch to "
                    + NOT_OLDER));
        }
        if (match.isEmpty()) {
            return errors;
        }
        if (initial.isEmpty()) {
            errors.add(FieldError.forbidden(MATCH,
                    "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
        }
        if (!match.equals(NOT_OLDER)) {
            errors.add(FieldError.notSupported(MATCH, Refusals.quoted(match), "supported values: \"NotOlderThan\""));
        }
        if (!continueText.isEmpty()) {
            errors.add(FieldError.forbidden(MATCH, "resourceVersionMatch is forbidden when continue is provided"));
        }
        return errors;
    }

    private static List<FieldError> listErrors(String revision, String match, String continueText,
            Optional<Boolean> initial) {
        List<FieldError> errors = matchErrors(revision, match, continueText);
        if (initial.isPresent()) {
            errors.add(FieldError.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
        }
        return errors;
    }

    private static List<FieldError> matchErrors(String revision, String match, String continueText) {
        List<FieldError> errors = new ArrayList<>();
        if (match.isEmpty()) {
            return errors;
        }
        if (revision.isEmpty()) {
            errors.add(FieldError.forbidden(MATCH,
                    "resourceVersionMatch is forbidden unless resourceVersion is provided"));
        }
        if (!continueText.isEmpty()) {
            errors.add(FieldError.forbidden(MATCH, "resourceVersionMatch is forbidden when continue is provided"));
        }
        if (!match.equals(EXACT) && !match.equals(NOT_OLDER)) {
            errors.add(FieldError.notSupported(MATCH, Refusals.quoted(match),
                    "supported values: \"Exact\", \"NotOlderThan\", \"\""));
        }
        if (match.equals(EXACT) && revision.equals("0")) {
            errors.add(FieldError.forbidden(MATCH,
                    "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
        }
        return errors;
    }
}
