package io.logplane.gateway.http;

import io.logplane.gateway.request.Query;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.rules.Problems;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What somebody asks of a log, checked before anything is looked up.
///
/// Shape: `query` for the kubelet with its `?`, "" when nothing is asked.
/// Source: kubernetes/pkg/apis/core/validation ValidatePodLogOptions (PodLogsQuerySplitStreams is off by default),
/// pkg/registry/core/pod LogLocation.
record LogOptions(String query) {
    private static final List<String> FLAGS = List.of("follow", "previous", "timestamps");
    private static final String POSITIVE = "must be greater than 0";

    /// Errors: 400 for what is no number, 422 for what makes no sense.
    static LogOptions of(Query asked, String pod) {
        Optional<Long> tail = asked.number("tailLines");
        Optional<Long> limit = asked.number("limitBytes");
        Optional<Long> seconds = asked.number("sinceSeconds");
        boolean time = !asked.first("sinceTime").isEmpty();
        Problems problems = new Problems();
        tail.filter(lines -> lines < 0).ifPresent(lines -> problems.invalid("tailLines", lines,
                "must be greater than or equal to 0"));
        limit.filter(bytes -> bytes < 1).ifPresent(bytes -> problems.invalid("limitBytes", bytes, POSITIVE));
        if (seconds.isPresent() && time) {
            problems.forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified");
        } else {
            seconds.filter(since -> since < 1).ifPresent(since -> problems.invalid("sinceSeconds", since, POSITIVE));
        }
        if (asked.has("stream")) {
            problems.forbidden("stream", "may not be specified");
        }
        if (!problems.isEmpty()) {
            throw Refusals.invalid("", "PodLogOptions", pod, problems.list());
        }
        List<String> pairs = new ArrayList<>();
        FLAGS.stream().filter(asked::flag).forEach(flag -> pairs.add(flag + "=true"));
        seconds.ifPresent(since -> pairs.add("sinceSeconds=" + since));
        if (time) {
            pairs.add("sinceTime=" + URLEncoder.encode(asked.first("sinceTime"), StandardCharsets.UTF_8));
        }
        tail.ifPresent(lines -> pairs.add("tailLines=" + lines));
        limit.ifPresent(bytes -> pairs.add("limitBytes=" + bytes));
        return new LogOptions(pairs.isEmpty() ? "" : "?" + String.join("&", pairs));
    }
}
