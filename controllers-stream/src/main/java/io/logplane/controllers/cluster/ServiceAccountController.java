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

/// Sees that every living namespace has the service account `default`.
///
/// **Reads** namespaces, serviceaccounts. **Writes** serviceaccounts (create).
/// **Never** changes an account that exists. **Source** Kubernetes documentation, "Managing Service Accounts".
public final class ServiceAccountController implements Controller {
    private static final String DEFAULT = "default";

    @Override
    public String name() {
        return "serviceaccount";
    }

    @Override
    public String account() {
        return "service-account-controller";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.Itself(Type.NAMESPACES),
                new Watch.NamespaceOfNamed(Type.SERVICE_ACCOUNTS, DEFAULT));
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> namespace = observed.view().get(primary);
        ObjectKey key = Type.SERVICE_ACCOUNTS.key(primary.name(), DEFAULT);
        if (namespace.isEmpty() || namespace.get().meta().deleting() || observed.view().get(key).isPresent()) {
            return Plan.NOTHING;
        }
        ObjectNode account = Json.newObject().put("kind", "ServiceAccount").put("apiVersion", "v1");
        account.putObject("metadata").put("name", DEFAULT).put("namespace", primary.name());
        return Plan.of(List.of(Action.create(key, account, Notes.NONE)));
    }
}
