package io.logplane.controllers.cluster;

import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.Watch;
import io.logplane.controllers.core.Watches;
import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Lets a claim that is being deleted go when no pod uses it any more.
///
/// **Reads** persistentvolumeclaims, pods. **Writes** the finalizer `kubernetes.io/pvc-protection`. **Never** touches
/// another finalizer. **Source** kubernetes/pkg/controller/volume/pvcprotection.
public final class ClaimProtection implements Controller {
    private static final String FINALIZER = "kubernetes.io/pvc-protection";

    @Override
    public String name() {
        return "pvc-protection";
    }

    @Override
    public String account() {
        return "pvc-protection-controller";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.Itself(Type.CLAIMS), new Watch.ClaimsOfPod());
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> found = observed.view().get(primary);
        if (found.isEmpty() || !found.get().meta().deleting()) {
            return Plan.NOTHING;
        }
        for (Entry pod : observed.view().list(Type.PODS, primary.namespace())) {
            String phase = pod.status().path("phase").asText();
            boolean over = phase.equals("Succeeded") || phase.equals("Failed");
            if (!over && Watches.claims(pod).contains(primary)) {
                return Plan.NOTHING;
            }
        }
        return Protection.release(found.get(), FINALIZER);
    }
}
