package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.certificates.SigningRequest;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.TreeMap;

/// Certificate requests: who asks is who is authenticated; approved and signed only by those who may for that signer;
/// nobody asks his way to masters.
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
    public void admit(AdmissionRequest request) {
        if (request.type().group().equals(GROUP) && request.is("certificatesigningrequests")
                && request.operation() == Operation.CREATE) {
            asker(request);
        }
    }

    private static void asker(AdmissionRequest request) {
        ObjectNode spec = Tree.object(request.object(), "spec");
        User user = request.user();
        spec.remove(List.of("username", "uid", "groups", "extra"));
        spec.put("username", user.name());
        if (!user.uid().isEmpty()) {
            spec.put("uid", user.uid());
        }
        user.groups().forEach(group -> spec.withArray("/groups").add(group));
        new TreeMap<>(user.extra()).forEach((name, values) -> {
            var list = Tree.object(spec, "extra").putArray(name);
            values.forEach(list::add);
        });
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
        if (signer.equals(CLIENT) && SigningRequest.organisations(request.object()).contains(MASTERS)) {
            throw Refusals.forbidden(request.type(), request.name(), "use of " + CLIENT + " signer with " + MASTERS
                    + " group is not allowed");
        }
    }
}
