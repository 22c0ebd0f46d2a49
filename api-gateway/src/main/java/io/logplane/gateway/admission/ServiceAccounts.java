package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Every pod runs as a service account that exists, with a token volume unless it does not want one.
///
/// Source: kubernetes/plugin/pkg/admission/serviceaccount.
public final class ServiceAccounts implements Admission.Step {
    private static final String MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String VOLUME = "kube-api-access-";
    /// Upstream's figure: an hour and a margin, so that kubelets rotate before an hour is over.
    private static final int TOKEN_SECONDS = 3607;
    private static final int MODE_0644 = 420;
    private static final String MIRROR = "kubernetes.io/config.mirror";

    private final Lookup lookup;
    private final Supplier<String> suffix;

    /// Shape: `suffix` draws the random end of volume names.
    public ServiceAccounts(Lookup lookup, Supplier<String> suffix) {
        this.lookup = lookup;
        this.suffix = suffix;
    }

    @Override
    public void admit(AdmissionRequest request) {
        if (!request.creates("pods") || request.object().path("metadata").path("annotations").has(MIRROR)) {
            return;
        }
        ObjectNode pod = request.object();
        if (!(pod.get("spec") instanceof ObjectNode spec)) {
            return;
        }
        String name = spec.path("serviceAccountName").asText();
        if (name.isEmpty()) {
            name = "default";
            spec.put("serviceAccountName", name);
        }
        spec.put("serviceAccount", name);
        ObjectNode account = account(request, name);
        boolean automount = spec.path("automountServiceAccountToken").asBoolean(account.path(
                "automountServiceAccountToken").asBoolean(true));
        if (automount) {
            mount(spec);
        }
        if (spec.path("imagePullSecrets").isEmpty() && account.path("imagePullSecrets").size() > 0) {
            spec.set("imagePullSecrets", account.get("imagePullSecrets"));
        }
    }

    private ObjectNode account(AdmissionRequest request, String name) {
        Optional<ObjectNode> found = Optional.empty();
        try {
            found = lookup.tree(ObjectKey.of("", "serviceaccounts", request.namespace(), name));
        } catch (IllegalArgumentException notAName) {
            // falls through: no such account
        }
        return found.orElseThrow(() -> Refusals.forbidden(request.type(), request.name(),
                "error looking up service account " + request.namespace() + "/" + name + ": serviceaccount "
                        + Refusals.quoted(name) + " not found"));
    }

    private void mount(ObjectNode spec) {
        boolean wanted = false;
        String name = existing(spec).orElseGet(() -> VOLUME + suffix.get());
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(list)) {
                if (container instanceof ObjectNode node && !mounted(node)) {
                    ArrayNode mounts = node.path("volumeMounts") instanceof ArrayNode found
                            ? found
                            : node.putArray("volumeMounts");
                    ObjectNode mount = mounts.addObject();
                    mount.put("name", name);
                    mount.put("readOnly", true);
                    mount.put("mountPath", MOUNT);
                    wanted = true;
                }
            }
        }
        if (wanted && existing(spec).isEmpty()) {
            ArrayNode volumes = spec.path("volumes") instanceof ArrayNode found ? found : spec.putArray("volumes");
            volumes.add(volume(name));
        }
    }

    private static Optional<String> existing(ObjectNode spec) {
        for (JsonNode volume : spec.path("volumes")) {
            if (volume.path("name").asText().startsWith(VOLUME)) {
                return Optional.of(volume.path("name").asText());
            }
        }
        return Optional.empty();
    }

    private static boolean mounted(ObjectNode container) {
        for (JsonNode mount : container.path("volumeMounts")) {
            if (mount.path("mountPath").asText().equals(MOUNT)) {
                return true;
            }
        }
        return false;
    }

    private static ObjectNode volume(String name) {
        ObjectNode volume = Json.newObject();
        volume.put("name", name);
        ObjectNode projected = volume.putObject("projected");
        ArrayNode sources = projected.putArray("sources");
        ObjectNode token = sources.addObject().putObject("serviceAccountToken");
        token.put("expirationSeconds", TOKEN_SECONDS);
        token.put("path", "token");
        ObjectNode authority = sources.addObject().putObject("configMap");
        authority.put("name", "kube-root-ca.crt");
        ObjectNode item = authority.putArray("items").addObject();
        item.put("key", "ca.crt");
        item.put("path", "ca.crt");
        ObjectNode file = sources.addObject().putObject("downwardAPI").putArray("items").addObject();
        file.put("path", "namespace");
        ObjectNode ref = file.putObject("fieldRef");
        ref.put("apiVersion", "v1");
        ref.put("fieldPath", "metadata.namespace");
        projected.put("defaultMode", MODE_0644);
        return volume;
    }
}
