package io.logplane.gateway.outbound;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What a webhook that answers with another code than of success is said to have answered, in the words of upstream's
/// client.
///
/// Limits: [#SHOWN_BYTES] of a body are shown. Source: k8s.io/client-go/rest, k8s.io/apimachinery/pkg/api/errors.
public final class RefusedCalls {
    private static final int SHOWN_BYTES = 2048;
    private static final int FIRST_SUCCESS = 200;
    private static final int LAST_SUCCESS = 206;
    /// Reasons of a Status.
    private static final Set<String> PASSING = Set.of("InternalError", "Timeout", "TooManyRequests", "ServerTimeout");

    private RefusedCalls() {
    }

    public static boolean refused(HttpResponse<byte[]> response) {
        return response.statusCode() < FIRST_SUCCESS || response.statusCode() > LAST_SUCCESS;
    }

    public static String text(HttpResponse<byte[]> response) {
        return status(response.body()).orElseGet(() -> text(response.statusCode(), said(response)));
    }

    /// Whether it may be answered otherwise a moment later. Source: k8s.io/apiserver/pkg/util/webhook.
    public static boolean passing(int code, byte[] body) {
        return failure(body).map(said -> PASSING.contains(said.path("reason").asText()) || said.path("code")
                .asInt() == 429 || said.path("details").path("retryAfterSeconds").asInt() > 0).orElse(code == 429
                        || code >= 500 && code != 503);
    }

    /// The message of a Status that says it is a failure.
    static Optional<String> status(byte[] body) {
        return failure(body).map(said -> said.path("message").asText());
    }

    private static Optional<ObjectNode> failure(byte[] body) {
        try {
            ObjectNode said = Json.object(body);
            String version = said.path("apiVersion").asText("v1");
            boolean failure = said.path("status").asText().equals("Failure") && said.path("kind").asText("Status")
                    .equals("Status") && version.equals("v1");
            return failure ? Optional.of(said) : Optional.empty();
        } catch (IllegalArgumentException notJson) {
            return Optional.empty();
        }
    }

    /// What is wrong with the type of an answer's content.
    public static Optional<String> checkType(HttpResponse<byte[]> response) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        int parameters = type.indexOf(';');
        boolean odd = parameters >= 0 && Stream.of(type.substring(parameters + 1).split(";", -1)).map(String::strip)
                .anyMatch(one -> !one.isEmpty() && !one.contains("="));
        return odd || type.contains(";;")
                ? Optional.of("Internal error occurred: mime: invalid media parameter")
                : Optional.empty();
    }

    /// Shape: `said` is the start of the body, or `unknown`.
    static String text(int code, String said) {
        return switch (code) {
            case 400 -> "the server rejected our request for an unknown reason";
            case 401 -> "the server has asked for the client to provide credentials";
            case 403, 415 -> said;
            case 404 -> "the server could not find the requested resource";
            case 405 -> "the server does not allow this method on the requested resource";
            case 406 -> said.equals("unknown")
                    ? "the server was unable to respond with a content type that the client supports"
                    : said;
            case 409 -> "the server reported a conflict";
            case 422 -> "the server rejected our request due to an error in our request";
            case 429 -> "the server has received too many requests and has asked us to try again later";
            case 503 -> "the server is currently unable to handle the request";
            case 504 -> "the server was unable to return a response in the time allotted, but may still be processing "
                    + "the request";
            default -> code >= 500
                    ? "an error on the server (" + GoText.quote(said) + ") has prevented the request from succeeding"
                    : "the server responded with the status code " + code + " but did not return more information";
        };
    }

    private static String said(HttpResponse<byte[]> response) {
        byte[] body = response.body();
        boolean text = response.headers().firstValue("Content-Type").map(type -> type.startsWith("text/")).orElse(true);
        return text
                ? new String(Arrays.copyOf(body, Math.min(body.length, SHOWN_BYTES)), StandardCharsets.UTF_8).strip()
                : "unknown";
    }
}
