package io.logplane.gateway.certificates;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.gateway.write.Pipeline;
import io.logplane.gateway.write.WriteContext;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import io.logplane.state.Event;
import io.logplane.state.Registry;
import io.logplane.state.RevisionGone;
import io.logplane.state.StoredObject;
import io.logplane.state.Watch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Approves nodes' requests for client certificates and signs what has been approved.
///
/// The authority's key never leaves the gateways: signing is no stream processor's business. Every gateway with the
/// key may sign; each write carries the revision read, so the second is refused. Everything runs as
/// `certificate-controller`, under the roles and the admission of that account.
/// Thread: one virtual thread; close ends it. Source: kubernetes/pkg/controller/certificates (approver, signer).
public final class CertificateSigner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateSigner.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final User SELF = User.named("system:serviceaccount:kube-system:certificate-controller");
    private static final ResourceType TYPE = ResourceTypes.require("certificates.k8s.io",
            "certificatesigningrequests");
    private static final String PREFIX = ObjectKey.prefix("certificates.k8s.io", "certificatesigningrequests");

    private final Registry registry;
    private final Pipeline pipeline;
    private final Authorizer authorizer;
    private final SigningKey key;
    private final InstantSource clock;
    private final Thread thread;

    public CertificateSigner(Registry registry, Pipeline pipeline, Authorizer authorizer, SigningKey key,
            InstantSource clock) {
        this.registry = registry;
        this.pipeline = pipeline;
        this.authorizer = authorizer;
        this.key = key;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("certificate-signer").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            long revision = registry.revision(Topics.REGISTRY);
            List<StoredObject> present = new ArrayList<>();
            try (Registry.Scan scan = registry.scan(PREFIX, revision, "")) {
                scan.forEachRemaining(present::add);
            }
            present.forEach(this::attend);
            try (Watch watch = registry.watch(PREFIX, revision)) {
                while (true) {
                    for (Event event : watch.next(PATIENCE)) {
                        if (event.type() != Event.Type.DELETED) {
                            attend(event.object());
                        }
                    }
                }
            } catch (RevisionGone lagging) {
                LOG.info("reading all certificate requests again: {}", lagging.getMessage());
            } catch (InterruptedException stopping) {
                return;
            }
        }
    }

    private void attend(StoredObject stored) {
        ObjectNode object = ObjectJson.parse(stored.json(), stored.revision());
        try {
            step(object);
        } catch (Refused refused) {
            if (refused.refusal().code() != 409 && refused.refusal().code() != 404) {
                LOG.warn("certificate request {} waits: {}", stored.key().name(), refused.refusal().message());
            }
        }
    }

    private void step(ObjectNode object) {
        boolean over = has(object, "Denied") || has(object, "Failed") || !Tree.text(object, "status.certificate")
                .isEmpty();
        Optional<SigningRequest> request = SigningRequest.of(object);
        if (over || request.isEmpty()) {
            return;
        }
        if (has(object, "Approved")) {
            sign(object, request.get());
        } else if (request.get().nodeClient()) {
            approve(object, request.get());
        }
    }

    private static boolean has(ObjectNode object, String condition) {
        return Tree.objects(object, "status.conditions").stream().anyMatch(one -> Tree.text(one, "type").equals(
                condition));
    }

    private void approve(ObjectNode object, SigningRequest request) {
        User asker = new User(Tree.text(object, "spec.username"), Tree.text(object, "spec.uid"), Tree.texts(object,
                "spec.groups"), Map.of());
        boolean self = asker.name().equals(request.commonName());
        RequestInfo right = new RequestInfo(true, "", "create", TYPE.group(), TYPE.version(), TYPE.plural(), self
                ? "selfnodeclient"
                : "nodeclient", "", "", false);
        if (authorizer.allows(asker, right)) {
            condition(object, "Approved", "AutoApproved", self
                    ? "Auto approving self kubelet client certificate after SubjectAccessReview."
                    : "Auto approving kubelet client certificate after SubjectAccessReview.");
            write(object, "approval");
        }
    }

    private void sign(ObjectNode object, SigningRequest request) {
        if (!List.of(SigningRequest.CLIENT, SigningRequest.KUBELET_CLIENT, SigningRequest.KUBELET_SERVING).contains(
                request.signer())) {
            return; // somebody else's
        }
        try {
            Optional<String> objection = request.objection();
            if (objection.isPresent()) {
                throw new IllegalArgumentException(objection.get());
            }
            Duration asked = Tree.has(object, "spec.expirationSeconds")
                    ? Duration.ofSeconds(Tree.number(object, "spec.expirationSeconds"))
                    : SigningKey.LONGEST;
            String pem = key.sign(request, asked, clock.instant());
            Tree.object(object, "status").put("certificate", Base64.getEncoder().encodeToString(pem.getBytes(
                    StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException unfit) {
            condition(object, "Failed", "SignerValidationFailure", String.valueOf(unfit.getMessage()));
        }
        write(object, "status");
    }

    private void condition(ObjectNode object, String type, String reason, String message) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode status = Tree.object(object, "status");
        ObjectNode condition = status.withArray("/conditions").addObject();
        condition.put("lastTransitionTime", now);
        condition.put("lastUpdateTime", now);
        condition.put("message", message);
        condition.put("reason", reason);
        condition.put("status", "True");
        condition.put("type", type);
    }

    private void write(ObjectNode object, String subresource) {
        RequestInfo info = new RequestInfo(true, "", "update", TYPE.group(), TYPE.version(), TYPE.plural(),
                subresource, "", Tree.text(object, "metadata.name"), false);
        authorizer.require(SELF, info);
        WriteContext context = WriteContext.own(SELF, info, TYPE, "certificate-controller");
        var unused = pipeline.put(context, Json.bytes(object), "application/json");
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
