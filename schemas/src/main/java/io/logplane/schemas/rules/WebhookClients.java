package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.List;

/// Where a webhook is: a URL or a service, and by which authority it is trusted.
///
/// Source: k8s.io/apiserver/pkg/util/webhook/validation.go.
public final class WebhookClients {
    private static final String FORM = "; desired format: https://host[/path]";
    private static final int MAX_PORT = 65535;

    private WebhookClients() {
    }

    /// Shape: `at` the path of the client configuration.
    public static void check(JsonNode client, String at, Problems problems) {
        boolean url = client.has("url");
        JsonNode service = client.path("service");
        if (url == service.isObject()) {
            problems.required(at, "exactly one of url or service is required");
        } else if (url) {
            url(Tree.text(client, "url"), at + ".url", problems);
        } else {
            service(service, at + ".service", problems);
        }
        if (client.has("caBundle")) {
            bundle(Tree.text(client, "caBundle"), at + ".caBundle", problems);
        }
    }

    private static void url(String text, String at, Problems problems) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException wrong) {
            problems.required(at, "url must be a valid URL: parse \"" + text + "\": " + wrong.getReason() + FORM);
            return;
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme();
        if (!scheme.equals("https")) {
            problems.invalid(at, scheme, "'https' is the only allowed URL scheme" + FORM);
        }
        if (url.getHost() == null || url.getHost().isEmpty()) {
            problems.invalid(at, "", "host must be specified" + FORM);
        }
        if (url.getRawUserInfo() != null) {
            problems.invalid(at, url.getRawUserInfo(), "user information is not permitted in the URL");
        }
        if (url.getRawFragment() != null && !url.getRawFragment().isEmpty()) {
            problems.invalid(at, url.getRawFragment(), "fragments are not permitted in the URL");
        }
        if (url.getRawQuery() != null && !url.getRawQuery().isEmpty()) {
            problems.invalid(at, url.getRawQuery(), "query parameters are not permitted in the URL");
        }
    }

    private static void service(JsonNode service, String at, Problems problems) {
        for (String field : List.of("name", "namespace")) {
            if (Tree.text(service, field).isEmpty()) {
                problems.required(at + "." + field, "service " + field + " is required");
            }
        }
        long port = service.path("port").asLong(443);
        if (port < 1 || port > MAX_PORT) {
            problems.invalid(at + ".port", port, "port is not valid: must be between 1 and " + MAX_PORT
                    + ", inclusive");
        }
        String path = Tree.text(service, "path");
        if (!path.isEmpty()) {
            path(path, at + ".path", problems);
        }
    }

    private static void path(String path, String at, Problems problems) {
        if (path.equals("/")) {
            return;
        }
        if (path.equals("//")) {
            problems.invalid(at, path, "segment[0] may not be empty");
            return;
        }
        if (!path.startsWith("/")) {
            problems.invalid(at, path, "must start with a '/'");
        }
        String inner = path.substring(1);
        String[] steps = (inner.endsWith("/") ? inner.substring(0, inner.length() - 1) : inner).split("/", -1);
        for (int i = 0; i < steps.length; i++) {
            if (steps[i].isEmpty()) {
                problems.invalid(at, path, "segment[" + i + "] may not be empty");
                continue;
            }
            for (String wrong : NameFormat.SUBDOMAIN.errors(steps[i])) {
                problems.invalid(at, path, "segment[" + i + "]: " + wrong);
            }
        }
    }

    private static void bundle(String base64, String at, Problems problems) {
        try {
            byte[] unused = Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            problems.invalid(at, base64, "must be base64");
        }
    }
}
