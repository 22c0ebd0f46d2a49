package io.logplane.gateway.authn;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A proxy in front that has authenticated the user already and names him in headers.
///
/// Shape: believed only with a client certificate of `authority` whose CN is one of `allowedNames` (none: any). The
/// first user header with a value names the user; all group headers count; extra headers are found by prefix.
/// Thread: any.
/// Source: k8s.io/apiserver/pkg/authentication/request/headerrequest.
public record FrontProxy(ClientCertificates authority, List<String> allowedNames, List<String> userHeaders,
        List<String> uidHeaders, List<String> groupHeaders, List<String> extraPrefixes) {
    public FrontProxy {
        allowedNames = List.copyOf(allowedNames);
        userHeaders = List.copyOf(userHeaders);
        uidHeaders = List.copyOf(uidHeaders);
        groupHeaders = List.copyOf(groupHeaders);
        extraPrefixes = List.copyOf(extraPrefixes);
    }

    /// The headers of a request. Shape: names are compared without regard to case; values in their order.
    public interface Headers {
        List<String> names();

        List<String> values(String name);
    }

    /// Whether the holder of this certificate may name users.
    public boolean trusts(X509Certificate[] chain) {
        return authority.vouchesFor(chain) && (allowedNames.isEmpty() || allowedNames.contains(ClientCertificates
                .commonName(chain[0])));
    }

    /// The user the headers name; empty when they name none. Only for a request of a trusted proxy.
    public Optional<User> user(Headers headers) {
        String name = first(headers, userHeaders);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        List<String> groups = new ArrayList<>();
        for (String header : groupHeaders) {
            headers.values(header).stream().filter(group -> !group.isEmpty()).forEach(groups::add);
        }
        return Optional.of(new User(name, first(headers, uidHeaders), User.withAuthenticated(name, groups), extra(
                headers)));
    }

    private static String first(Headers headers, List<String> names) {
        for (String name : names) {
            List<String> values = headers.values(name);
            if (!values.isEmpty() && !values.getFirst().isEmpty()) {
                return values.getFirst();
            }
        }
        return "";
    }

    private Map<String, List<String>> extra(Headers headers) {
        Map<String, List<String>> extra = new LinkedHashMap<>();
        for (String prefix : extraPrefixes) {
            for (String name : headers.names()) {
                if (name.regionMatches(true, 0, prefix, 0, prefix.length())) {
                    extra.computeIfAbsent(unescaped(name.substring(prefix.length()).toLowerCase(Locale.ROOT)),
                            unused -> new ArrayList<>()).addAll(headers.values(name));
                }
            }
        }
        return extra;
    }

    /// A key that holds what no header name may comes %-escaped; one that is malformed is taken as it is.
    public static String unescaped(String key) {
        try {
            return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return key;
        }
    }
}
