package io.logplane.gateway.certificates;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/// What a CertificateSigningRequest asks for. Pure.
///
/// Shape: `names` the alternative names, empty when there are none.
public record SigningRequest(PKCS10CertificationRequest asked, String signer, Set<String> usages, String commonName,
        List<String> organisations, List<GeneralName> names) {
    static final String CLIENT = "kubernetes.io/kube-apiserver-client";
    static final String KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
    static final String KUBELET_SERVING = "kubernetes.io/kubelet-serving";
    private static final String NODE = "system:node:";
    private static final List<String> NODES = List.of("system:nodes");
    private static final Set<String> CLIENT_USAGES = Set.of("client auth", "digital signature", "key encipherment");
    private static final Set<String> SERVING_USAGES = Set.of("server auth", "digital signature", "key encipherment");

    /// Empty: `spec.request` is not a request in PEM.
    public static Optional<SigningRequest> of(ObjectNode object) {
        try (PEMParser pem = new PEMParser(new StringReader(new String(Base64.getDecoder().decode(Tree.text(object,
                "spec.request")), StandardCharsets.US_ASCII)))) {
            if (pem.readObject() instanceof PKCS10CertificationRequest asked) {
                return Optional.of(new SigningRequest(asked, Tree.text(object, "spec.signerName"), new TreeSet<>(Tree
                        .texts(object, "spec.usages")), first(subject(asked, BCStyle.CN)), subject(asked, BCStyle.O),
                        names(asked)));
            }
            return Optional.empty();
        } catch (IOException | IllegalArgumentException notARequest) {
            return Optional.empty();
        }
    }

    /// Organisations a request names; empty for what is no request.
    public static List<String> organisations(ObjectNode object) {
        return of(object).map(SigningRequest::organisations).orElse(List.of());
    }

    /// What is against signing it. Shape: empty: nothing. Source: kubernetes/pkg/apis/certificates (ValidateKubelet…).
    Optional<String> objection() {
        boolean node = commonName.startsWith(NODE);
        return switch (signer) {
            case CLIENT -> CLIENT_USAGES.containsAll(usages) && usages.contains("client auth")
                    ? Optional.empty()
                    : Optional.of("usages did not match [client auth digital signature key encipherment]");
            case KUBELET_CLIENT -> {
                if (!organisations.equals(NODES)) {
                    yield Optional.of("subject organization is not system:nodes");
                }
                if (!names.isEmpty()) {
                    yield Optional.of("DNS, email, IP and URI subjectAltNames are not allowed");
                }
                if (!node) {
                    yield Optional.of("subject common name does not begin with " + NODE);
                }
                yield client() ? Optional.empty() : Optional.of("usages did not match [digital signature client auth]");
            }
            case KUBELET_SERVING -> {
                if (!organisations.equals(NODES)) {
                    yield Optional.of("subject organization is not system:nodes");
                }
                boolean hosts = names.stream().allMatch(name -> name.getTagNo() == GeneralName.dNSName || name
                        .getTagNo() == GeneralName.iPAddress);
                if (names.isEmpty() || !hosts) {
                    yield Optional.of("at least one DNS or IP subjectAltName is required, and no other");
                }
                if (!node) {
                    yield Optional.of("subject common name does not begin with " + NODE);
                }
                boolean serving = SERVING_USAGES.containsAll(usages) && usages.contains("server auth") && usages
                        .contains("digital signature");
                yield serving ? Optional.empty() : Optional.of("usages did not match [digital signature server auth]");
            }
            default -> Optional.of("not a signer of this server");
        };
    }

    /// A node's request for its client certificate: what can be approved without a person.
    boolean nodeClient() {
        return signer.equals(KUBELET_CLIENT) && objection().isEmpty();
    }

    private boolean client() {
        return CLIENT_USAGES.containsAll(usages) && usages.contains("client auth") && usages.contains(
                "digital signature");
    }

    private static String first(List<String> texts) {
        return texts.isEmpty() ? "" : texts.getFirst();
    }

    private static List<String> subject(PKCS10CertificationRequest asked, ASN1ObjectIdentifier part) {
        List<String> found = new ArrayList<>();
        for (var names : asked.getSubject().getRDNs(part)) {
            for (var one : names.getTypesAndValues()) {
                if (one.getType().equals(part)) {
                    found.add(one.getValue().toString());
                }
            }
        }
        return found;
    }

    private static List<GeneralName> names(PKCS10CertificationRequest asked) {
        List<GeneralName> found = new ArrayList<>();
        for (var attribute : asked.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
            Extensions extensions = Extensions.getInstance(attribute.getAttrValues().getObjectAt(0));
            if (extensions.getExtension(Extension.subjectAlternativeName) != null) {
                found.addAll(List.of(GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName)
                        .getNames()));
            }
        }
        return found;
    }
}
