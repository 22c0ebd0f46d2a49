package io.logplane.gateway.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Where the next page of a list starts; valid on every gateway, because it names a key and a revision and nothing of
/// a process.
///
/// | field | meaning |
/// |---|---|
/// | v | `meta.k8s.io/v1` |
/// | rv | revision of the snapshot; below 0: newest (an inconsistent continuation) |
/// | start | rest of the first key behind the prefix of the list |
/// | left | objects from `start` on, as counted at the first page; below 0: not counted |
///
/// The text is unpadded base64url of that JSON. The start is relative to the prefix of the request's own list and may
/// not leave it.
/// Source: k8s.io/apiserver/pkg/storage/continue.go.
public record ContinueToken(long revision, String start, long left) {
    private static final String VERSION = "meta.k8s.io/v1";

    public String text() {
        ObjectNode token = Json.newObject();
        token.put("v", VERSION);
        token.put("rv", revision);
        token.put("start", start);
        token.put("left", left);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(token));
    }

    /// Errors: 400.
    public static ContinueToken parse(String text) {
        int wrong = firstWrong(text);
        if (wrong < text.length()) {
            throw invalid("continue key is not valid: illegal base64 data at input byte " + wrong);
        }
        byte[] json = Base64.getUrlDecoder().decode(text);
        JsonNode token;
        try {
            token = Json.MAPPER.readTree(json);
        } catch (JsonProcessingException malformed) {
            throw invalid("continue key is not valid: " + firstBad(json));
        } catch (IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
        if (!token.path("v").asText().equals(VERSION)) {
            throw invalid("continue key is not valid: server does not recognize this encoded version "
                    + token.path("v").asText());
        }
        long revision = token.path("rv").asLong();
        String start = token.path("start").asText();
        if (revision == 0) {
            throw invalid(
                    "continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
        }
        if (start.isEmpty()) {
            throw invalid("continue key is not valid: encoded start key empty (version meta.k8s.io/v1)");
        }
        if (start.startsWith("/") || ("/" + start + "/").contains("/../")
                || ("/" + start + "/").contains("/./") || start.chars().anyMatch(c -> c < 0x20)) {
            throw invalid("continue key is not valid: " + start);
        }
        return new ContinueToken(revision, start, token.path("left").asLong(-1));
    }

    private static io.logplane.schemas.model.Refused invalid(String why) {
        return Refusals.badRequest("invalid continue token: " + why);
    }

    /// Where the first character is that base64url has not (padding, too), or a last one that stands alone. Shape: the
    /// length when there is none.
    private static int firstWrong(String text) {
        int at = 0;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) && text.charAt(at) < 0x80
                || text.charAt(at) == '-' || text.charAt(at) == '_')) {
            at++;
        }
        return at == text.length() && at % 4 == 1 ? at - 1 : at;
    }

    private static String firstBad(byte[] json) {
        String text = new String(json, StandardCharsets.ISO_8859_1);
        if (text.isEmpty()) {
            return "unexpected end of JSON input";
        }
        char c = text.charAt(0);
        String shown = c < 0x20 || c >= 0x7f
                ? String.format(java.util.Locale.ROOT, "\\u%04x", (int) c)
                : String.valueOf(c);
        return "invalid character '" + shown + "' looking for beginning of value";
    }
}
