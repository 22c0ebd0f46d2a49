package io.logplane.gateway;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A gateway's settings under the names of kube-apiserver's flags, as `/flagz` shows them: paths and switches, no
/// secrets.
final class GatewayFlags {
    private GatewayFlags() {
    }

    static SortedMap<String, String> of(GatewayConfig config) {
        SortedMap<String, String> flags = new TreeMap<>();
        flags.put("bind-address", config.host());
        flags.put("secure-port", Integer.toString(config.port()));
        flags.put("client-ca-file", config.pki().resolve("ca.crt").toString());
        flags.put("tls-cert-file", config.pki().resolve("gateway.crt").toString());
        flags.put("tls-private-key-file", config.pki().resolve("gateway.key").toString());
        flags.put("kubelet-client-certificate", config.pki().resolve("gateway-kubelet-client.crt").toString());
        flags.put("kubelet-client-key", config.pki().resolve("gateway-kubelet-client.key").toString());
        flags.put("service-cluster-ip-range", config.serviceAddresses());
        flags.put("event-ttl", config.eventAge().toHours() + "h0m0s");
        identity(config.identity(), flags);
        audit(config.audit(), flags);
        return flags;
    }

    private static void identity(IdentityConfig identity, SortedMap<String, String> flags) {
        flags.put("enable-bootstrap-token-auth", Boolean.toString(identity.bootstrapTokens()));
        identity.anonymous().ifPresent(on -> flags.put("anonymous-auth", Boolean.toString(on)));
        identity.authenticationConfig().ifPresent(file -> flags.put("authentication-config", file.toString()));
        identity.authorizationConfig().ifPresentOrElse(file -> flags.put("authorization-config", file.toString()),
                () -> flags.put("authorization-mode", list(List.of("Node", "RBAC"))));
        identity.tokenWebhook().ifPresent(hook -> {
            flags.put("authentication-token-webhook-config-file", hook.kubeconfig().toString());
            flags.put("authentication-token-webhook-version", hook.version());
        });
        identity.requestHeader().ifPresent(proxy -> {
            flags.put("requestheader-client-ca-file", proxy.clientAuthority().toString());
            flags.put("requestheader-allowed-names", list(proxy.allowedNames()));
            flags.put("requestheader-username-headers", list(proxy.usernameHeaders()));
            flags.put("requestheader-uid-headers", list(proxy.uidHeaders()));
            flags.put("requestheader-group-headers", list(proxy.groupHeaders()));
            flags.put("requestheader-extra-headers-prefix", list(proxy.extraHeadersPrefixes()));
        });
    }

    private static void audit(AuditConfig audit, SortedMap<String, String> flags) {
        audit.policyFile().ifPresent(file -> flags.put("audit-policy-file", file.toString()));
        audit.logPath().ifPresent(path -> {
            flags.put("audit-log-path", path);
            flags.put("audit-log-maxage", Integer.toString(audit.limits().maxAgeDays()));
            flags.put("audit-log-maxbackup", Integer.toString(audit.limits().maxBackups()));
            flags.put("audit-log-maxsize", Integer.toString(audit.limits().maxSizeMiB()));
        });
    }

    private static String list(List<String> values) {
        return "[" + String.join(",", values) + "]";
    }
}
