package io.logplane.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.broker.pki.ClusterPki;
import io.logplane.broker.pki.KafkaPki;
import io.logplane.broker.pki.Kubeconfig;
import io.logplane.broker.pki.PemPair;
import io.logplane.schemas.topics.Component;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterPkiTest {
    @TempDir
    Path directory;

    @Test
    void theGatewaysCertificateIsGoodForEveryNameClientsUse() throws Exception {
        ClusterPki pki = ClusterPki.ensure(directory, List.of("cluster.example", "192.0.2.7"));

        X509Certificate gateway = read(pki.gateway());
        assertThat(gateway.getSubjectAlternativeNames()).extracting(name -> (Object) name.get(1)).contains("localhost",
                "127.0.0.1", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "10.96.0.1",
                "cluster.example", "192.0.2.7");
        gateway.verify(read(new PemPair(pki.authorityCertificate(), pki.serviceAccountKey())).getPublicKey());
    }

    @Test
    void subjectsAreTheIdentitiesKubernetesKnows() throws Exception {
        ClusterPki pki = ClusterPki.ensure(directory, List.of());

        assertThat(subject(pki.admin())).isEqualTo("CN=logplane:admin,O=system:masters");
        assertThat(subject(pki.node("node-1"))).isEqualTo("CN=system:node:node-1,O=system:nodes");
        assertThat(subject(pki.nodeServing("node-1", List.of("192.0.2.9"))))
                .isEqualTo("CN=system:node:node-1,O=system:nodes");
        assertThat(subject(pki.kubeletClient()))
                .isEqualTo("CN=logplane-kubelet-client,O=system:kubelet-api-admin");
        assertThat(subject(PemPair.in(directory, "front-proxy-client"))).isEqualTo("CN=front-proxy-client");
        read(PemPair.in(directory, "front-proxy-client")).verify(read(PemPair.in(directory, "front-proxy-ca"))
                .getPublicKey());
        assertThat(read(pki.node("node-1")).getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    }

    @Test
    void aSecondStartChangesNoFileAndANewHostNameOnlyTheServersCertificate() throws Exception {
        everything(List.of());
        Map<Path, FileTime> first = times();
        everything(List.of());
        assertThat(times()).isEqualTo(first);

        ClusterPki pki = everything(List.of("other.example"));
        Map<Path, FileTime> changed = times();
        changed.entrySet().removeIf(each -> each.getValue().equals(first.get(each.getKey())));
        assertThat(changed.keySet()).extracting(Path::toString).contains("gateway.crt", "gateway.key",
                "kafka/logplane-broker.p12", "kafka/logplane-schema-registry.p12").hasSize(4);
        assertThat(read(pki.gateway()).getSubjectAlternativeNames()).hasSize(8);
    }

    @Test
    void nobodyButTheOwnerCanReadAKey() throws Exception {
        everything(List.of());
        Kubeconfig.write(directory.resolve("admin.kubeconfig"), "https://127.0.0.1:6443", "a", "b", "c", "admin");

        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                String name = file.getFileName().toString();
                boolean open = name.endsWith(".crt") || name.endsWith(".pub");
                assertThat(mode).as(file.toString())
                        .isEqualTo(Files.isDirectory(file) ? "rwx------" : open ? "rw-r--r--" : "rw-------");
            }
        }
    }

    private ClusterPki everything(List<String> hosts) {
        List<String> all = Stream.concat(Stream.of("localhost"), hosts.stream()).toList();
        KafkaPki.ensure(directory.resolve("kafka"), all).sslContext(Component.GATEWAY);
        ClusterPki pki = ClusterPki.ensure(directory, hosts);
        pki.node("node-1");
        pki.nodeServing("node-1", List.of());
        return pki;
    }

    private Map<Path, FileTime> times() throws IOException {
        Map<Path, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                times.put(directory.relativize(file), Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    private static String subject(PemPair pair) throws Exception {
        return read(pair).getSubjectX500Principal().getName();
    }

    private static X509Certificate read(PemPair pair) throws Exception {
        try (var in = Files.newInputStream(pair.certificate())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
