package io.logplane.controllers.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.Watch;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Publishes the API server's CA in every living namespace, so that pods can trust it.
///
/// **Reads** namespaces, configmaps named kube-root-ca.crt. **Writes** those (create, update).
/// **Never** touches another ConfigMap. **Source** Kubernetes documentation, "Managing Service Accounts" (bound
/// tokens).
public final class RootCaController implements Controller {
    private static final String NAME = "kube-root-ca.crt";
    private static final String FIELD = "ca.crt";
    private static final String DESCRIPTION = "kubernetes.io/description";
    private static final String WHAT = "Contains a CA bundle that can be used to verify the kube-apiserver when using"
            + " internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is"
            + " guaranteed across distributions of Kubernetes clusters.";

    @Override
    public String name() {
        return "root-ca";
    }

    @Override
    public String account() {
        return "root-ca-cert-publisher";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.Itself(Type.NAMESPACES), new Watch.NamespaceOfNamed(Type.CONFIG_MAPS, NAME));
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> namespace = observed.view().get(primary);
        if (namespace.isEmpty() || namespace.get().meta().deleting()) {
            return Plan.NOTHING;
        }
        ObjectKey key = Type.CONFIG_MAPS.key(primary.name(), NAME);
        Optional<Entry> present = observed.view().get(key);
        String pem = observed.settings().rootCaPem();
        if (present.isEmpty()) {
            return Plan.of(List.of(Action.create(key, bundle(primary.name(), pem), Notes.NONE)));
        }
        Entry map = present.get();
        boolean right = map.json().path("data").size() == 1 && map.json().path("data").path(FIELD).asText().equals(pem)
                && !map.annotation(DESCRIPTION).isEmpty();
        if (right || map.meta().deleting()) {
            return Plan.NOTHING;
        }
        ObjectNode changed = map.copy();
        changed.putObject("data").put(FIELD, pem);
        changed.withObject("/metadata").withObject("/annotations").put(DESCRIPTION, WHAT);
        return Plan.of(List.of(Action.replace(map, "", changed, Notes.NONE)));
    }

    private static ObjectNode bundle(String namespace, String pem) {
        ObjectNode map = Json.newObject().put("kind", "ConfigMap").put("apiVersion", "v1");
        ObjectNode metadata = map.putObject("metadata").put("name", NAME).put("namespace", namespace);
        metadata.putObject("annotations").put(DESCRIPTION, WHAT);
        map.putObject("data").put(FIELD, pem);
        return map;
    }
}
