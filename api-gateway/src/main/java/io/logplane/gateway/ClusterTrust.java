package io.logplane.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The data of `kube-system/extension-apiserver-authentication`: what an extension server, a scheduler or a controller
/// manager needs to recognise whom this gateway would.
///
/// Shape: certificates of other gateways that are there already stay beside ours.
/// Source: k8s.io/kubernetes/pkg/controlplane/controller/clusterauthenticationtrust.
final class ClusterTrust {
    private static final String END = "-----END CERTIFICATE-----";

    private ClusterTrust() {
    }

    static Map<String, String> of(GatewayConfig config) {
        Map<String, String> data = new TreeMap<>();
        data.put("client-ca-file", authority(config));
        config.identity().requestHeader().ifPresent(proxies -> {
            data.put("requestheader-client-ca-file", read(proxies.clientAuthority()));
            data.put("requestheader-allowed-names", list(proxies.allowedNames()));
            data.put("requestheader-username-headers", list(proxies.usernameHeaders()));
            data.put("requestheader-uid-headers", list(proxies.uidHeaders()));
            data.put("requestheader-group-headers", list(proxies.groupHeaders()));
            data.put("requestheader-extra-headers-prefix", list(proxies.extraHeadersPrefixes()));
        });
        return data;
    }

    /// The certificate of the authority that pods and nodes trust, in PEM.
    static String authority(GatewayConfig config) {
        return read(config.pki().resolve("ca.crt"));
    }

    /// Adds what the present data lacks. True: something changed.
    static boolean grow(ObjectNode present, Map<String, String> wanted) {
        boolean grown = false;
        for (Map.Entry<String, String> entry : wanted.entrySet()) {
            String before = present.path(entry.getKey()).asText();
            String after = entry.getKey().endsWith("-ca-file") ? joined(before, entry.getValue()) : entry.getValue();
            if (!after.equals(before)) {
                present.put(entry.getKey(), after);
                grown = true;
            }
        }
        return grown;
    }

    private static String joined(String before, String ours) {
        StringBuilder all = new StringBuilder(before);
        for (String certificate : ours.split(END, -1)) {
            String whole = certificate.strip();
            if (!whole.isEmpty() && !before.contains(whole)) {
                all.append(all.isEmpty() || all.charAt(all.length() - 1) == '\n' ? "" : "\n").append(whole).append('\n')
                        .append(END).append('\n');
            }
        }
        return all.toString();
    }

    private static String list(List<String> values) {
        ArrayNode array = Json.MAPPER.createArrayNode();
        values.forEach(array::add);
        return array.toString();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
