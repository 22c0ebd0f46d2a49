package io.logplane.controllers.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Meta;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.Watch;
import io.logplane.schemas.model.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Takes certificate requests away that are done with, or that nobody answers.
///
/// **Reads** certificatesigningrequests. **Writes** deletions of them. **Never** deletes one that is younger than its
/// time. **Source** kubernetes/pkg/controller/certificates/cleaner.
public final class CertificateCleaner implements Controller {
    /// Upstream's figures.
    static final Duration ANSWERED = Duration.ofHours(1);
    static final Duration PENDING = Duration.ofHours(24);

    @Override
    public String name() {
        return "csr-cleaner";
    }

    @Override
    public String account() {
        return "certificate-controller";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.Itself(Type.CERTIFICATE_REQUESTS));
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> found = observed.view().get(primary);
        if (found.isEmpty() || found.get().meta().deleting()) {
            return Plan.NOTHING;
        }
        Entry asked = found.get();
        Instant due = asked.meta().createdAt().plus(PENDING);
        for (JsonNode condition : asked.status().path("conditions")) {
            Optional<Instant> at = Meta.time(condition.path("lastUpdateTime"));
            if (at.isPresent()) {
                due = at.get().plus(ANSWERED);
            }
        }
        return due.isAfter(now) ? Plan.recheck(due) : Plan.of(List.of(Action.delete(asked, Notes.NONE)));
    }
}
