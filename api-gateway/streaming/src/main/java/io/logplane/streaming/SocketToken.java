package io.logplane.streaming;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// The bearer token of clients that cannot set headers (browsers): one of the subprotocols a WebSocket offers.
///
/// Shape: `base64url.bearer.authorization.k8s.io.` and the token in base64url without padding, in the company of at
/// least one other subprotocol, which is what the two ends agree on.
/// Source: k8s.io/apiserver/pkg/authentication/request/websocket/protocol.go.
public final class SocketToken {
    private static final String PREFIX = "base64url.bearer.authorization.k8s.io.";

    private SocketToken() {
    }

    /// The subprotocols offered, without tokens.
    public static List<String> protocols(HttpServletRequest request) {
        return offered(request).stream().filter(each -> !each.startsWith(PREFIX)).toList();
    }

    private static List<String> offered(HttpServletRequest request) {
        List<String> found = new ArrayList<>();
        for (String header : Collections.list(request.getHeaders("Sec-WebSocket-Protocol"))) {
            for (String each : header.split(",")) {
                if (!each.isBlank()) {
                    found.add(each.strip());
                }
            }
        }
        return found;
    }

    /// Empty: no handshake, or no token, or one without a letter; "" for one that cannot be good.
    public static Optional<String> of(HttpServletRequest request) {
        if (!Upgrades.asked(request) || !"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            return Optional.empty();
        }
        List<String> tokens = offered(request).stream().filter(each -> each.startsWith(PREFIX)).toList();
        if (tokens.isEmpty() || tokens.equals(List.of(PREFIX))) {
            return Optional.empty();
        }
        boolean alone = protocols(request).isEmpty();
        return Optional.of(alone || tokens.size() > 1 ? "" : decoded(tokens.getFirst().substring(PREFIX.length())));
    }

    private static String decoded(String text) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Base64.getUrlDecoder().decode(text)))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException noToken) {
            return "";
        }
    }
}
