package io.logplane.controllers.policy;

import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Status;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.View;
import io.logplane.controllers.core.Watch;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.quota.Quota;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Keeps a quota's status at what the namespace uses: after deletions, after changes of the quota, after reservations
/// whose object never came.
///
/// **Reads** resourcequotas, everything in their namespace. **Writes** resourcequotas/status, where the gateway counts
/// once more at the revision of the write. **Never** lowers a status that has just moved: a reservation comes before
/// its object. **Source** Kubernetes resource quota documentation.
public final class QuotaController implements Controller {
    /// How long a reservation may be ahead of its object before it counts as lost; a write takes milliseconds.
    static final Duration AHEAD = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "resourcequota";
    }

    @Override
    public String account() {
        return "resourcequota-controller";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.Itself(Type.QUOTAS), new Watch.Neighbours(Type.QUOTAS));
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> found = observed.view().get(primary);
        if (found.isEmpty() || found.get().meta().deleting()) {
            return Plan.NOTHING;
        }
        Entry entry = found.get();
        Quota quota = new Quota(entry.json());
        Instant due = entry.observedAt().plus(AHEAD);
        if (quota.counted() && due.isAfter(now)) {
            return Plan.recheck(due); // also bounds how often a busy namespace is counted
        }
        SortedMap<String, Quantity> used = count(quota, primary.apiNamespace(), observed.view());
        if (quota.counted() && quota.used().equals(used)) {
            return Plan.NOTHING;
        }
        return Plan.of(Status.write(entry, quota.status(used), Notes.NONE).stream().toList());
    }

    private static SortedMap<String, Quantity> count(Quota quota, String namespace, View view) {
        SortedMap<String, Quantity> used = new TreeMap<>();
        quota.hard().forEach((name, limit) -> used.put(name, Quantity.ZERO));
        for (Entry entry : view.inNamespace(namespace)) {
            Quota.add(used, quota.usage(entry.key().apiGroup(), entry.key().resource(), entry.json()));
        }
        return used;
    }
}
