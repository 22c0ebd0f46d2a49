package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.Tree;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/// Certificate requests: approved and signed only by those who may for that signer; nobody asks his way to masters.
///
/// Source: kubernetes/plugin/pkg/admission/certificates (approval, signing, subjectrestriction).
public final class Certificates implements Admission.Step {
    private static final String GROUP = "certificates.k8s.io";
    private static final String CLIENT = "kubernetes.io/kube-apiserver-client";
    private static final String MASTERS = "system:masters";
    private final Authorizer authorizer;

    public Certificates(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (!request.type().group().equals(GROUP) || !request.is("certificatesigningrequests")) {
            return;
        }
        String signer = Tree.text(request.object(), "spec.signerName");
        if (request.operation() == Operation.CREATE) {
            subject(request, signer);
        } else if (request.operation() == Operation.UPDATE && request.old().isPresent()) {
            JsonNode before = request.old().get().path("status");
            JsonNode after = request.object().path("status");
            if (request.subresource().equals("approval")) {
                require(request, "approve", "approve", signer);
            } else if (request.subresource().equals("status") && !before.equals(after)) {
                require(request, "sign", "sign", signer);
            }
        }
    }

    private void require(AdmissionRequest request, String verb, String word, String signer) {
        String domain = signer.contains("/") ? signer.substring(0, signer.indexOf('/')) + "/*" : signer;
        if (!may(request, verb, signer) && !may(request, verb, domain)) {
            throw Refusals.forbidden(request.type(), request.name(), "user not permitted to " + word
                    + " requests with signerName " + Refusals.quoted(signer));
        }
    }

    private boolean may(AdmissionRequest request, String verb, String name) {
        return authorizer.allows(request.user(), new RequestInfo(true, "", verb, GROUP, "*", "signers", "", "", name,
                false));
    }

    private static void subject(AdmissionRequest request, String signer) {
        if (signer.equals(CLIENT) && organisations(Tree.text(request.object(), "spec.request")).contains(MASTERS)) {
            throw Refusals.forbidden(request.type(), request.name(), "use of " + CLIENT + " signer with " + MASTERS
                    + " group is not allowed");
        }
    }

    /// Empty for what is no request; the type's validation says so.
    private static List<String> organisations(String base64) {
        List<String> found = new ArrayList<>();
        try (PEMParser pem = new PEMParser(new StringReader(new String(java.util.Base64.getDecoder().decode(base64),
                java.nio.charset.StandardCharsets.US_ASCII)))) {
            if (pem.readObject() instanceof PKCS10CertificationRequest asked) {
                for (var names : asked.getSubject().getRDNs(BCStyle.O)) {
                    for (var one : names.getTypesAndValues()) {
                        found.add(one.getValue().toString());
                    }
                }
            }
        } catch (IOException | IllegalArgumentException notARequest) {
            return List.of();
        }
        return found;
    }
}
