package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.GoUrl;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.Base64;

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
        boolean url = Tree.has(client, "url");
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
        GoUrl url;
        try {
            url = GoUrl.parse(text);
        } catch (GoUrl.Malformed wrong) {
            problems.required(at, "url must be a valid URL: " + wrong.getMessage() + FORM);
            return;
        }
        if (!url.scheme().equals("https")) {
            problems.invalid(at, url.scheme(), "'https' is the only allowed URL scheme" + FORM);
        }
        if (url.host().isEmpty()) {
            problems.invalid(at, "", "host must be specified" + FORM);
        }
        if (url.hasUser()) {
            problems.invalid(at, url.user(), "user information is not permitted in the URL");
        }
        if (!url.fragment().isEmpty()) {
            problems.invalid(at, url.fragment(), "fragments are not permitted in the URL");
        }
        if (!url.query().isEmpty()) {
            problems.invalid(at, url.query(), "query parameters are not permitted in the URL");
        }
    }

    /// A missing name is told of the namespace and the other way round: upstream hands the two over in the wrong order.
    private static void service(JsonNode service, String at, Problems problems) {
        if (Tree.text(service, "namespace").isEmpty()) {
            problems.required(at + ".name");
        }
        if (Tree.text(service, "name").isEmpty()) {
            problems.required(at + ".namespace");
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
