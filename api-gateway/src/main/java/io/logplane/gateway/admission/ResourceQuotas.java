package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.quota.Quota;
import io.logplane.schemas.topics.Topics;
import io.logplane.state.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/// Nothing is created beyond a namespace's quotas, on however many gateways at once.
///
/// Before an object is written, what it uses is added to `status.used` of every quota concerned, under the revision
/// read: of two gateways one decides anew. The object itself is then written with the quota's *epoch* in its read set.
/// `status.used` is lowered only by counting the state anew, and before counting the epoch is bumped: an object whose
/// reservation the count does not see is thereby refused by the log and reserved anew. So used is never below what
/// exists, and a reservation whose object never came is gone at the next count.
/// Source: k8s.io/apiserver/pkg/admission/plugin/resourcequota; kubernetes/pkg/quota/v1.
public final class ResourceQuotas implements Admission.Step {
    /// Reservations tried anew because the quota moved; each lost race means somebody else's went through.
    private static final int MAX_RACES = 200;
    private static final Set<String> GROWING = Set.of("pods", "services", "persistentvolumeclaims");
    /// Writers of one gateway take turns per quota, so that only gateways race. A power of two, enough for the cores.
    private static final int TURNS = 64;
    private final Lookup lookup;
    private final Ledger ledger;
    private final QuotaCount count;
    private final ReentrantLock[] turns = new ReentrantLock[TURNS];

    public ResourceQuotas(Lookup lookup, Ledger ledger) {
        this.lookup = lookup;
        this.ledger = ledger;
        this.count = new QuotaCount(lookup);
        java.util.Arrays.setAll(turns, unused -> new ReentrantLock());
    }

    @Override
    public void admit(AdmissionRequest request) {
        boolean quota = request.type().group().isEmpty() && request.is("resourcequotas");
        if (quota && request.operation() == Operation.UPDATE && request.subresource().equals("status")
                && !request.dryRun()) {
            ObjectNode stored = request.old().orElse(request.object());
            if (right(stored)) {
                request.object().set("status", stored.path("status").deepCopy());
            } else {
                bump(request.object());
                count(request.object());
            }
        } else if (quota && request.operation() == Operation.DELETE) {
            String uid = Tree.text(request.object(), "metadata.uid");
            request.onDone(gone -> {
                if (gone) {
                    ledger.remove(epoch(uid));
                }
            });
        }
    }

    /// Nothing to correct: then nobody's reservation is disturbed.
    private boolean right(ObjectNode stored) {
        Quota quota = new Quota(stored);
        return quota.counted() && Quota.same(quota.used(), count.of(quota, Tree.text(stored, "metadata.namespace")));
    }

    /// Whoever writes the status of a quota gets it counted here and now: the object's revision was read before the
    /// epoch is bumped, so a reservation in between makes the write a conflict.
    private void bump(ObjectNode quota) {
        long unused = ledger.bump(epoch(Tree.text(quota, "metadata.uid")));
    }

    private void count(ObjectNode quota) {
        Quota counted = new Quota(quota);
        ObjectNode status = counted.status(count.of(counted, Tree.text(quota, "metadata.namespace")));
        quota.set("status", status);
    }

    @Override
    public void validate(AdmissionRequest request) {
        boolean creates = request.operation() == Operation.CREATE && request.subresource().isEmpty();
        boolean grows = request.operation() == Operation.UPDATE && request.type().group().isEmpty() && GROWING.contains(
                request.type().plural()) && (request.subresource().isEmpty() || request.subresource().equals("resize"));
        if (!request.type().namespaced() || !creates && !grows || Topics.logOf(request.type().group(), request.type()
                .plural()) != Topics.REGISTRY) {
            return;
        }
        for (StoredObject stored : lookup.list(ObjectKey.prefix("", "resourcequotas", request.namespace()))) {
            reserve(request, stored.key());
        }
    }

    private void reserve(AdmissionRequest request, ObjectKey key) {
        ReentrantLock turn = turns[Math.floorMod(key.hashCode(), turns.length)];
        for (int race = 0; race < MAX_RACES; race++) {
            turn.lock();
            try {
                Optional<StoredObject> found = race == 0 ? lookup.here(key) : lookup.newest(key);
                if (found.isEmpty() || reserved(request, found.get(), race > 0)) {
                    return;
                }
            } finally {
                turn.unlock();
            }
        }
        throw Refusals.tooManyRequests("too many concurrent changes of quota " + key.name() + ", try again");
    }

    /// False: decide anew on the newest state. A refusal rests on the newest state, too.
    private boolean reserved(AdmissionRequest request, StoredObject stored, boolean newest) {
        Quota quota = new Quota(Json.object(stored.json()));
        named(request, quota);
        SortedMap<String, Quantity> delta = delta(request, quota);
        if (delta.isEmpty() || Tree.has(quota.json(), "metadata.deletionTimestamp")) {
            return true;
        }
        ObjectKey epoch = epoch(Tree.text(quota.json(), "metadata.uid"));
        long now = ledger.revision(epoch);
        if (!quota.counted()) {
            if (!quota.used().isEmpty()) { // nobody reserves in a quota never counted: no reservation to be disturbed
                bump(quota.json());
            }
            count(quota.json());
            var unused = ledger.write(stored.key(), quota.json(), stored.revision(), List.of());
            return false;
        }
        Set<String> over = quota.exceeded(delta);
        if (!over.isEmpty()) {
            if (newest) {
                throw exceeded(request, quota, delta, over);
            }
            return false;
        }
        return request.dryRun() || add(request, stored, quota, delta, epoch, now);
    }

    private static SortedMap<String, Quantity> delta(AdmissionRequest request, Quota quota) {
        String group = request.type().group();
        String plural = request.type().plural();
        SortedMap<String, Quantity> before = request.old().map(old -> quota.usage(group, plural, old)).orElseGet(
                TreeMap::new);
        return Quota.growth(quota.usage(group, plural, request.object()), before);
    }

    private static void named(AdmissionRequest request, Quota quota) {
        String unsaid = request.operation() == Operation.CREATE
                ? quota.unsaid(request.type().group(), request.type().plural(), request.object())
                : "";
        if (!unsaid.isEmpty()) {
            throw Refusals.forbidden(request.type(), request.name(), "failed quota: " + name(quota) + ": must specify "
                    + unsaid);
        }
    }

    private static Refused exceeded(AdmissionRequest request, Quota quota, SortedMap<String, Quantity> delta,
            Set<String> over) {
        return Refusals.forbidden(request.type(), request.name(), "exceeded quota: " + name(quota) + ", requested: "
                + Quota.text(delta, over) + ", used: " + Quota.text(quota.used(), over) + ", limited: "
                + Quota.text(quota.hard(), over));
    }

    private static String name(Quota quota) {
        return Tree.text(quota.json(), "metadata.name");
    }

    private boolean add(AdmissionRequest request, StoredObject stored, Quota quota, SortedMap<String, Quantity> delta,
            ObjectKey epoch, long now) {
        SortedMap<String, Quantity> used = quota.used();
        Quota.add(used, delta);
        quota.json().set("status", quota.status(used));
        if (ledger.write(stored.key(), quota.json(), stored.revision(), List.of()).isEmpty()) {
            return false;
        }
        request.dependsOn(epoch, now);
        request.onUndo(() -> giveBack(stored.key(), delta, epoch, now));
        return true;
    }

    /// Takes a reservation back, unless a count has done so already.
    private void giveBack(ObjectKey key, SortedMap<String, Quantity> delta, ObjectKey epoch, long now) {
        for (int race = 0; race < MAX_RACES && ledger.revision(epoch) == now; race++) {
            Optional<StoredObject> found = race == 0 ? lookup.here(key) : lookup.newest(key);
            if (found.isEmpty()) {
                return;
            }
            Quota quota = new Quota(Json.object(found.get().json()));
            SortedMap<String, Quantity> used = new TreeMap<>(quota.used());
            delta.forEach((name, amount) -> used.computeIfPresent(name, (same, total) -> total.minus(amount)));
            quota.json().set("status", quota.status(used));
            if (ledger.write(key, quota.json(), found.get().revision(), List.of(new io.logplane.state.Proposal.Read(
                    epoch, now))).isPresent()) {
                return;
            }
        }
    }

    private static ObjectKey epoch(String quotaUid) {
        return ObjectKey.of("logplane.io", "quotaepochs", "", quotaUid);
    }

    /// Counts what is there.
    private record QuotaCount(Lookup lookup) {
        SortedMap<String, Quantity> of(Quota quota, String namespace) {
            SortedMap<String, Quantity> used = new TreeMap<>();
            for (String[] type : types(quota)) {
                for (StoredObject stored : lookup.list(ObjectKey.prefix(type[0], type[1], namespace))) {
                    JsonNode object = Json.object(stored.json());
                    Quota.add(used, quota.usage(type[0], type[1], object));
                }
            }
            return used;
        }

        /// Shape: group and plural of every type a name of the quota is about.
        private static List<String[]> types(Quota quota) {
            List<String[]> types = new ArrayList<>();
            Set<String> seen = new java.util.TreeSet<>();
            for (String name : quota.hard().keySet()) {
                String resource = Quota.resource(name);
                if (seen.add(resource)) {
                    int dot = resource.indexOf('.');
                    types.add(dot < 0
                            ? new String[]{"", resource}
                            : new String[]{resource.substring(dot + 1), resource.substring(0, dot)});
                }
            }
            return types;
        }
    }
}
