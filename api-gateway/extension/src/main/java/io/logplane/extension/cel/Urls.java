package io.logplane.extension.cel;

import static io.logplane.extension.cel.Function.URL;
import static io.logplane.extension.cel.Function.global;
import static io.logplane.extension.cel.Function.member;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Absolute URLs and paths: `url('https://x:8443/p?q=1').getPort() == '8443'`.
///
/// Source: the URL library of k8s.io/apiserver/pkg/cel/library.
final class Urls {
    private static final CelType TEXT = SimpleType.STRING;

    static final List<Function> ALL = List.of(
            global("url", "string_to_url", URL, in -> parse((String) in[0]), TEXT),
            global("isURL", "is_url_string", SimpleType.BOOL, in -> tryParse((String) in[0]).isPresent(), TEXT),
            member("getScheme", "url_get_scheme", TEXT, in -> orEmpty(((URI) in[0]).getScheme()), URL),
            member("getHost", "url_get_host", TEXT, in -> host((URI) in[0]), URL),
            member("getHostname", "url_get_hostname", TEXT, in -> hostname((URI) in[0]), URL),
            member("getPort", "url_get_port", TEXT, in -> port((URI) in[0]), URL),
            member("getEscapedPath", "url_get_escaped_path", TEXT, in -> orEmpty(((URI) in[0]).getRawPath()), URL),
            member("getQuery", "url_get_query", MapType.create(TEXT, ListType.create(TEXT)), in -> query((URI) in[0]),
                    URL));

    private Urls() {
    }

    private static URI parse(String text) {
        return tryParse(text).orElseThrow(() -> new Function.Wrong("URL parse error during conversion from string: "
                + "parse \"" + text + "\": invalid URI for request"));
    }

    private static Optional<URI> tryParse(String text) {
        try {
            URI uri = new URI(text);
            boolean absolute = uri.isAbsolute() || text.startsWith("/");
            return absolute && !text.isEmpty() ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException notAUrl) {
            return Optional.empty();
        }
    }

    private static String orEmpty(@org.jspecify.annotations.Nullable String part) {
        return part == null ? "" : part;
    }

    private static String host(URI uri) {
        String authority = orEmpty(uri.getRawAuthority());
        return authority.substring(authority.indexOf('@') + 1);
    }

    private static String hostname(URI uri) {
        String host = host(uri);
        if (host.startsWith("[")) {
            return host.substring(1, Math.max(1, host.indexOf(']')));
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    private static String port(URI uri) {
        String host = host(uri);
        int colon = host.lastIndexOf(':');
        return colon > host.indexOf(']') ? host.substring(colon + 1) : "";
    }

    private static Map<String, List<String>> query(URI uri) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : orEmpty(uri.getRawQuery()).split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                values.computeIfAbsent(decoded(name), unused -> new ArrayList<>()).add(equals < 0
                        ? ""
                        : decoded(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }
}
