package io.logplane.controllers.cluster;

import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.Watch;
import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Lets a volume that is being deleted go when it is not bound any more.
///
/// **Reads** persistentvolumes. **Writes** the finalizer `kubernetes.io/pv-protection`. **Never** touches another
/// finalizer. **Source** kubernetes/pkg/controller/volume/pvprotection.
public final class VolumeProtection implements Controller {
    private static final String FINALIZER = "kubernetes.io/pv-protection";

    @Override
    public String name() {
        return "pv-protection";
    }

    @Override
    public String account() {
        return "pv-protection-controller";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.Itself(Type.VOLUMES));
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> found = observed.view().get(primary);
        boolean going = found.isPresent() && found.get().meta().deleting()
                && !found.get().status().path("phase").asText().equals("Bound");
        return going ? Protection.release(found.get(), FINALIZER) : Plan.NOTHING;
    }
}
