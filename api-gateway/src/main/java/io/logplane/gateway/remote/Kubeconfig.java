package io.logplane.gateway.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.identity.SettingsInvalid;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/// Where a webhook is and how this server shows itself there: the current context of a kubeconfig file.
///
/// Shape: PEM texts, "" when absent; `authorization` the header's value, "" for none.
/// Errors: [SettingsInvalid] for a file that cannot be used; what is asked of it and not supported here is refused.
/// Source: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
record Kubeconfig(URI server, String authority, String certificate, String key, Optional<Path> tokenFile,
        String authorization) {

    /// For questions whose answers decide something: only over HTTPS.
    static Kubeconfig read(Path file) {
        Kubeconfig config = readPlain(file);
        if (!"https".equals(config.server.getScheme())) {
            throw new SettingsInvalid(file + ": cluster.server must be an https URL, not \"" + config.server + "\"");
        }
        return config;
    }

    /// For what may be told over HTTP, too, which many a collector beside the server is; credentials never go there.
    static Kubeconfig readPlain(Path file) {
        ObjectNode config = SettingsFile.read(file);
        String current = config.path("current-context").asText();
        JsonNode context = named(config.path("contexts"), current).path("context");
        if (context.isMissingNode()) {
            throw new SettingsInvalid("invalid configuration: no configuration has been provided in " + file);
        }
        JsonNode cluster = named(config.path("clusters"), context.path("cluster").asText()).path("cluster");
        JsonNode user = named(config.path("users"), context.path("user").asText()).path("user");
        for (String field : new String[]{"insecure-skip-tls-verify", "proxy-url", "tls-server-name"}) {
            if (cluster.has(field)) {
                throw new SettingsInvalid(file + ": cluster." + field + " is not supported");
            }
        }
        for (String field : new String[]{"exec", "auth-provider", "as"}) {
            if (user.has(field)) {
                throw new SettingsInvalid(file + ": user." + field + " is not supported");
            }
        }
        Kubeconfig found = new Kubeconfig(server(cluster, file), pem(cluster, "certificate-authority", file), pem(user,
                "client-certificate", file), pem(user, "client-key", file),
                user.has("tokenFile")
                        ? Optional.of(file.resolveSibling(user.path("tokenFile").asText()))
                        : Optional.empty(),
                authorization(user));
        boolean shown = found.tokenFile.isPresent() || !found.authorization.isEmpty();
        if (shown && !"https".equals(found.server.getScheme())) {
            throw new SettingsInvalid(file + ": credentials need an https URL, not \"" + found.server + "\"");
        }
        return found;
    }

    private static URI server(JsonNode cluster, Path file) {
        String server = cluster.path("server").asText();
        try {
            URI uri = URI.create(server);
            if (("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException malformed) {
            throw new SettingsInvalid(file + ": cluster.server: " + malformed.getMessage());
        }
        throw new SettingsInvalid(file + ": cluster.server must be a URL, not \"" + server + "\"");
    }

    private static JsonNode named(JsonNode list, String name) {
        for (JsonNode one : list) {
            if (one.path("name").asText().equals(name)) {
                return one;
            }
        }
        return list.path(-1);
    }

    /// The field itself names a file, relative to this one; with `-data` it holds the text.
    private static String pem(JsonNode node, String field, Path file) {
        try {
            String data = node.path(field + "-data").asText();
            if (!data.isEmpty()) {
                return new String(Base64.getDecoder().decode(data), StandardCharsets.US_ASCII);
            }
            String path = node.path(field).asText();
            return path.isEmpty() ? "" : Files.readString(file.resolveSibling(path));
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new SettingsInvalid(file + ": " + field + ": " + unreadable.getMessage());
        }
    }

    private static String authorization(JsonNode user) {
        String token = user.path("token").asText();
        if (!token.isEmpty()) {
            return "Bearer " + token;
        }
        String name = user.path("username").asText();
        return name.isEmpty()
                ? ""
                : "Basic " + Base64.getEncoder().encodeToString((name + ":" + user.path("password").asText()).getBytes(
                        StandardCharsets.UTF_8));
    }
}
