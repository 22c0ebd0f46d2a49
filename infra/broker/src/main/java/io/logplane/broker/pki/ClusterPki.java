package io.logplane.broker.pki;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.List;

/// The certificates of the Kubernetes side, as PEM files in one directory.
///
/// | files | subject | for |
/// |---|---|---|
/// | `ca.crt`, `ca.key` | `CN=logplane-ca` | the root clients and gateways trust |
/// | `gateway.crt`, `.key` | `CN=logplane-gateway` | serving the Kubernetes API |
/// | `gateway-kubelet-client.crt`, `.key` | `O=system:kubelet-api-admin, CN=logplane-kubelet-client` | the gateway asking node agents |
/// | `front-proxy-ca.crt`, `.key` | `CN=logplane-front-proxy-ca` | a root of its own: whom the gateway believes user headers |
/// | `front-proxy-client.crt`, `.key` | `CN=front-proxy-client` | the gateway asking aggregated API servers |
/// | `admin.crt`, `.key` | `O=system:masters, CN=logplane:admin` | the administrator |
/// | `node-<name>.crt`, `.key` | `O=system:nodes, CN=system:node:<name>` | a node asking the gateway |
/// | `node-<name>-serving.crt`, `.key` | the same | a node's kubelet API |
/// | `service-account.key`, `.pub` | – | EC P-256 pair that signs service-account tokens (ES256) |
/// | `checkpoint.key`, `.pub` | – | Ed25519 pair that signs checkpoints of the log |
///
/// Existing files stay as long as they fit; see [CertificateAuthority]. Errors: UncheckedIOException;
/// IllegalStateException for a file that is not what it should be. Thread: one at a time per directory.
/// Source: https://kubernetes.io/docs/setup/best-practices/certificates/
public final class ClusterPki {
    /// First address of upstream's default service range; clients in pods use it.
    private static final String SERVICE_ADDRESS = "10.96.0.1";
    private static final List<String> ALWAYS = List.of("localhost", "127.0.0.1", "kubernetes", "kubernetes.default",
            "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", SERVICE_ADDRESS);

    private final Path directory;
    private final CertificateAuthority authority;
    private final CertificateAuthority proxies;

    private ClusterPki(Path directory, CertificateAuthority authority, CertificateAuthority proxies) {
        this.directory = directory;
        this.authority = authority;
        this.proxies = proxies;
    }

    /// Shape: `hosts` are the further names and addresses clients may use for the gateway.
    public static ClusterPki ensure(Path directory, List<String> hosts) {
        PemFiles.directory(directory);
        ClusterPki pki = new ClusterPki(directory, CertificateAuthority.ensure(directory.resolve("ca.crt"),
                directory.resolve("ca.key"), "logplane-ca"),
                CertificateAuthority.ensure(
                        directory.resolve("front-proxy-ca.crt"), directory.resolve("front-proxy-ca.key"),
                        "logplane-front-proxy-ca"));
        List<String> names = new ArrayList<>(ALWAYS);
        names.addAll(hosts);
        pki.issue("gateway", Purpose.server("logplane-gateway", "", names));
        pki.issue("gateway-kubelet-client", Purpose.client("logplane-kubelet-client", "system:kubelet-api-admin"));
        pki.frontProxy("front-proxy-client", "front-proxy-client");
        pki.issue("admin", Purpose.person("logplane:admin", "system:masters"));
        pki.ensurePair("service-account", CertificateAuthority::newKey);
        pki.ensurePair("checkpoint", () -> KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        return pki;
    }

    public Path authorityCertificate() {
        return directory.resolve("ca.crt");
    }

    public String authorityPem() {
        return PemFiles.pem(authority.certificate());
    }

    public PemPair gateway() {
        return PemPair.in(directory, "gateway");
    }

    public PemPair kubeletClient() {
        return PemPair.in(directory, "gateway-kubelet-client");
    }

    /// A client certificate of the root whose holders may say on whose behalf they ask, named by its file.
    public PemPair frontProxy(String file, String name) {
        return issue(file, Purpose.client(name, ""), proxies);
    }

    public PemPair admin() {
        return PemPair.in(directory, "admin");
    }

    public Path serviceAccountKey() {
        return directory.resolve("service-account.key");
    }

    public Path serviceAccountPublicKey() {
        return directory.resolve("service-account.pub");
    }

    /// Signs checkpoints of the log.
    public PrivateKey checkpointKey() {
        return PemFiles.readKey(directory.resolve("checkpoint.key"), "Ed25519");
    }

    public Path checkpointPublicKey() {
        return directory.resolve("checkpoint.pub");
    }

    /// The certificate a node shows the gateway.
    public PemPair node(String name) {
        return issue("node-" + name, Purpose.client("system:node:" + name, "system:nodes"));
    }

    /// The certificate a node's kubelet API shows the gateway; valid for the node's name and `addresses`.
    public PemPair nodeServing(String name, List<String> addresses) {
        List<String> hosts = new ArrayList<>(List.of(name, "localhost", "127.0.0.1"));
        hosts.addAll(addresses);
        return issue("node-" + name + "-serving", Purpose.server("system:node:" + name, "system:nodes", hosts));
    }

    /// A client certificate for anybody else, named by its file.
    public PemPair client(String file, String user, String group) {
        return issue(file, Purpose.person(user, group));
    }

    private PemPair issue(String file, Purpose purpose) {
        return issue(file, purpose, authority);
    }

    private PemPair issue(String file, Purpose purpose, CertificateAuthority authority) {
        PemPair pair = PemPair.in(directory, file);
        if (Files.exists(pair.certificate()) && Files.exists(pair.key())
                && authority.fits(PemFiles.readCertificate(pair.certificate()), purpose)) {
            return pair;
        }
        Identity identity = authority.issue(purpose);
        PemFiles.writeKey(pair.key(), identity.key());
        PemFiles.writeCertificate(pair.certificate(), identity.certificate());
        return pair;
    }

    /// The key is written last: a crash in between leaves no pair, and the next start makes one.
    private void ensurePair(String file, KeyMaker maker) {
        Path key = directory.resolve(file + ".key");
        Path open = directory.resolve(file + ".pub");
        if (Files.exists(key) && Files.exists(open)) {
            return;
        }
        try {
            KeyPair pair = maker.make();
            PemFiles.writePublicKey(open, pair.getPublic());
            PemFiles.writeKey(key, pair.getPrivate());
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("cannot make " + key, broken);
        }
    }

    private interface KeyMaker {
        KeyPair make() throws GeneralSecurityException;
    }
}
