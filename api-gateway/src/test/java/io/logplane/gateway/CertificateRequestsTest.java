package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.awaitility.Awaitility;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Certificate requests from the asking to the certificate, over HTTPS.
class CertificateRequestsTest {
    private static final String REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    private static final String KUBELET = "kubernetes.io/kube-apiserver-client-kubelet";

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;

    @BeforeAll
    static void start() throws Exception {
        plane = DevPlane.start(directory, 0);
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> admin.get("/readyz").code() == 200);
    }

    @AfterAll
    static void stop() {
        plane.close();
    }

    private static String request(String name, String signer, String subject, String usages) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), pair.getPublic()).build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())).getEncoded();
        String pem = "-----BEGIN CERTIFICATE REQUEST-----\n" + Base64.getMimeEncoder(64, new byte[]{'\n'})
                .encodeToString(der) + "\n-----END CERTIFICATE REQUEST-----\n";
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"signerName\":\"" + signer
                + "\",\"username\":\"somebody-else\",\"expirationSeconds\":3600,\"usages\":[" + usages
                + "],\"request\":\"" + Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII))
                + "\"}}";
    }

    private static JsonNode signed(String name) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> admin.get(REQUESTS + "/" + name).json().at(
                "/status/certificate").isTextual());
        return admin.get(REQUESTS + "/" + name).json();
    }

    private static X509Certificate certificate(JsonNode request) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(
                Base64.getDecoder().decode(request.at("/status/certificate").asText())));
    }

    @Test
    void aNodeGetsItsCertificateWithoutAPerson() throws Exception {
        assertThat(admin.post(REQUESTS, request("node", KUBELET, "CN=system:node:n9,O=system:nodes",
                "\"client auth\",\"digital signature\"")).json().at("/spec/username").asText()).isEqualTo(
                        "logplane:admin");

        JsonNode signed = signed("node");
        X509Certificate made = certificate(signed);

        made.verify(io.logplane.gateway.http.Tls.certificates(plane.pki().authorityCertificate()).getFirst()
                .getPublicKey());
        assertThat(made.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(Duration.between(made.getNotBefore().toInstant(), made.getNotAfter().toInstant())).isEqualTo(Duration
                .ofMinutes(65));
        assertThat(signed.at("/status/conditions/0/reason").asText()).isEqualTo("AutoApproved");
    }

    @Test
    void aPersonApprovesAClientAndNobodyAsksForMasters() throws Exception {
        assertThat(admin.post(REQUESTS, request("masters", "kubernetes.io/kube-apiserver-client",
                "CN=me,O=system:masters", "\"client auth\"")).json().path("message").asText()).isEqualTo(
                        "certificatesigningrequests.certificates.k8s.io \"masters\" is forbidden: use of "
                                + "kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed");
        JsonNode asked = admin.post(REQUESTS, request("me", "kubernetes.io/kube-apiserver-client", "CN=me,O=devs",
                "\"client auth\"")).json();
        ((com.fasterxml.jackson.databind.node.ObjectNode) asked).putObject("status").putArray("conditions").addObject()
                .put("type", "Approved").put("status", "True").put("reason", "KubectlApprove").put("message", "yes");

        JsonNode approved = admin.put(REQUESTS + "/me/approval", asked.toString()).json().at("/status/conditions/0");
        assertThat(List.of(approved.path("lastUpdateTime").asText(), approved.path("lastTransitionTime").asText()))
                .allMatch(time -> time.matches("20\\d\\d-.*Z"));

        assertThat(certificate(signed("me")).getSubjectX500Principal().getName()).isEqualTo("O=devs,CN=me");
    }

    @Test
    void aRequestThatIsNotANodesFails() throws Exception {
        JsonNode asked = admin.post(REQUESTS, request("wrong", KUBELET, "CN=me,O=system:nodes", "\"client auth\""))
                .json();
        ((com.fasterxml.jackson.databind.node.ObjectNode) asked).putObject("status").putArray("conditions").addObject()
                .put("type", "Approved").put("status", "True").put("reason", "Hand").put("message", "yes");
        admin.put(REQUESTS + "/wrong/approval", asked.toString());

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> admin.get(REQUESTS + "/wrong").json().at(
                "/status/conditions").size() == 2);
        assertThat(admin.get(REQUESTS + "/wrong").json().at("/status/conditions/1/message").asText()).isEqualTo(
                "subject common name does not begin with system:node:");
    }
}
