package io.logplane.gateway.request;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The one parser of request paths.
///
/// Shape: takes the raw path as it came over the wire. Segments are percent-decoded once. A segment that is empty,
/// `.`, `..`, or
/// that holds a slash, a backslash or a control character after decoding makes the whole path unacceptable: it is
/// answered 404.
/// Source: k8s.io/apiserver/pkg/endpoints/request/requestinfo.go; CVE-2015-5305, CVE-2019-11247 for the strictness.
public final class RequestPath {
    /// Longest raw path; upstream's limit is that of all headers, no legitimate path comes near this.
    public static final int MAX_PATH = 8 * 1024;

    private RequestPath() {
    }

    /// Empty: no such path can exist (path tricks).
    public static Optional<RequestInfo> parse(String method, String rawPath, Query query) {
        if (rawPath.length() > MAX_PATH || !rawPath.startsWith("/")) {
            return Optional.empty();
        }
        Optional<List<String>> decoded = segments(rawPath);
        if (decoded.isEmpty()) {
            return Optional.empty();
        }
        List<String> parts = decoded.get();
        String path = "/" + String.join("/", parts);
        RequestInfo info = info(method, rawPath.endsWith("/") && !parts.isEmpty() ? path + "/" : path, parts, query);
        // or a role of one namespace would reach all (CVE-2019-11247)
        return Optional.of(info).filter(known -> !known.resource().equals("namespaces") || !(path + "/").contains(
                "/namespaces/" + known.namespace() + "/namespaces/"));
    }

    /// What a path that cannot exist asks for, as upstream reads it: so that who may not ask hears no more than that.
    public static RequestInfo unserved(String method, String rawPath, Query query) {
        String path = decode(rawPath).orElse(rawPath);
        String inner = path.replaceAll("^/+|/+$", "");
        return info(method, path, inner.isEmpty() ? List.of() : List.of(inner.split("/", -1)), query);
    }

    private static RequestInfo info(String method, String path, List<String> parts, Query query) {
        boolean core = parts.size() >= 3 && parts.get(0).equals("api");
        boolean grouped = parts.size() >= 4 && parts.get(0).equals("apis");
        if (!core && !grouped) {
            return RequestInfo.nonResource(path, method);
        }
        String group = core ? "" : parts.get(1);
        String version = parts.get(core ? 1 : 2);
        List<String> rest = parts.subList(core ? 2 : 3, parts.size());
        boolean legacyWatch = rest.get(0).equals("watch") && rest.size() > 1;
        if (legacyWatch) {
            rest = rest.subList(1, rest.size());
        }
        return resource(method, "/" + String.join("/", parts), group, version, rest, legacyWatch, query);
    }

    /// Whether the path ends with a verb of which it does not say what for.
    public static boolean verbAlone(RequestInfo info) {
        return info.resourceRequest() && (info.resource().equals("watch") || info.resource().equals("proxy")) && info
                .path().endsWith("/" + info.version() + "/" + info.resource());
    }

    private static RequestInfo resource(String method, String path, String group, String version, List<String> rest,
            boolean legacyWatch, Query query) {
        String namespace = "";
        if (rest.get(0).equals("namespaces") && rest.size() > 1) {
            namespace = rest.get(1);
            boolean ofNamespace = rest.size() == 3 && (rest.get(2).equals("status") || rest.get(2).equals("finalize"));
            if (rest.size() > 2 && !ofNamespace) {
                rest = rest.subList(2, rest.size());
            }
        }
        String resource = rest.get(0);
        String name = rest.size() > 1 ? rest.get(1) : "";
        String subresource = rest.size() > 2 ? rest.get(2) : "";
        String verb = legacyWatch ? "watch" : verb(method, name.isEmpty(), query.flag("watch"));
        if (name.isEmpty() && (verb.equals("list") || verb.equals("watch"))) {
            name = FieldSelector.nameIn(query.first("fieldSelector")).orElse("");
        }
        return new RequestInfo(true, path, verb, group, version, resource, subresource, namespace, name, legacyWatch);
    }

    private static String verb(String method, boolean collection, boolean watch) {
        return switch (method) {
            case "POST" -> "create";
            case "GET", "HEAD" -> !collection ? "get" : watch ? "watch" : "list";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> collection ? "deletecollection" : "delete";
            default -> "";
        };
    }

    /// One trailing slash is allowed, as upstream allows it for discovery.
    private static Optional<List<String>> segments(String rawPath) {
        List<String> parts = new ArrayList<>();
        if (rawPath.equals("/")) {
            return Optional.of(parts);
        }
        String body = rawPath.endsWith("/") ? rawPath.substring(1, rawPath.length() - 1) : rawPath.substring(1);
        for (String raw : body.split("/", -1)) {
            Optional<String> segment = decode(raw);
            if (segment.isEmpty() || !acceptable(segment.get())) {
                return Optional.empty();
            }
            parts.add(segment.get());
        }
        return Optional.of(parts);
    }

    private static boolean acceptable(String segment) {
        if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
            return false;
        }
        return segment.chars().noneMatch(c -> c == '/' || c == '\\' || c < 0x20 || c == 0x7f);
    }

    private static Optional<String> decode(String raw) {
        if (raw.indexOf('%') < 0) {
            return Optional.of(raw);
        }
        byte[] out = new byte[raw.length() * 3];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return Optional.empty();
                }
                out[length++] = (byte) (high * 16 + low);
                i += 2;
            } else {
                byte[] utf8 = String.valueOf(c).getBytes(StandardCharsets.UTF_8);
                System.arraycopy(utf8, 0, out, length, utf8.length);
                length += utf8.length;
            }
        }
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(out, 0, length))
                    .toString());
        } catch (CharacterCodingException overlong) {
            return Optional.empty();
        }
    }
}
