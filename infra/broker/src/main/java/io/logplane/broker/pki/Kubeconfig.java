package io.logplane.broker.pki;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/// Writes a kubeconfig that needs no other file: root, certificate and key are embedded. Mode 0600. Thread: any.
///
/// Source: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
public final class Kubeconfig {
    private Kubeconfig() {
    }

    public static void write(Path file, String server, String caPem, String certPem, String keyPem, String user) {
        String text = """
                apiVersion: v1
                kind: Config
                clusters:
                - name: logplane
                  cluster:
                    server: "%s"
                    certificate-authority-data: %s
                users:
                - name: "%s"
                  user:
                    client-certificate-data: %s
                    client-key-data: %s
                contexts:
                - name: logplane
                  context:
                    cluster: logplane
                    user: "%s"
                current-context: logplane
                preferences: {}
                """.formatted(server, base64(caPem), user, base64(certPem), base64(keyPem), user);
        PemFiles.writeSecret(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
