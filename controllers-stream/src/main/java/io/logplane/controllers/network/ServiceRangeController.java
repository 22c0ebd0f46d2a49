package io.logplane.controllers.network;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Conditions;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Meta;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.View;
import io.logplane.controllers.core.Watch;
import io.logplane.schemas.model.IpAddresses;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Keeps a range of addresses as long as Services have addresses of it that no other range holds.
///
/// **Reads** servicecidrs, ipaddresses. **Writes** a servicecidr's finalizer and its condition Ready. **Never** deletes
/// an address. **Source** kubernetes/pkg/controller/servicecidrs.
public final class ServiceRangeController implements Controller {
    static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";
    /// By then every gateway has seen that the range goes, and gives no more addresses of it.
    static final Duration GRACE = Duration.ofSeconds(10);
    private static final String READY = "Ready";
    private static final String MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
    private static final String ALLOCATOR = "ipallocator.k8s.io";

    @Override
    public String name() {
        return "service-cidr";
    }

    @Override
    public String account() {
        return "service-cidrs-controller";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.AllOf(Type.SERVICE_RANGES, Type.SERVICE_RANGES), new Watch.AllOf(Type.IP_ADDRESSES,
                Type.SERVICE_RANGES));
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> found = observed.view().get(primary);
        if (found.isEmpty()) {
            return Plan.NOTHING;
        }
        return found.get().meta().deleting() ? going(found.get(), observed.view(), now) : staying(found.get(), now);
    }

    private static Plan staying(Entry range, Instant now) {
        Plan.Draft plan = new Plan.Draft();
        if (!range.meta().finalizers().contains(FINALIZER)) {
            ObjectNode patch = Json.newObject();
            ArrayNode all = patch.putObject("metadata").putArray("finalizers");
            range.meta().finalizers().forEach(all::add);
            all.add(FINALIZER);
            plan.add(Action.patch(range, "", patch, Notes.NONE));
        }
        if (!Conditions.status(range.status(), READY).equals("True")) {
            plan.add(ready(range, "True", "", "Kubernetes Service CIDR is ready", now));
        }
        return plan.done();
    }

    private static Plan going(Entry range, View view, Instant now) {
        if (!range.meta().finalizers().contains(FINALIZER)) {
            return Plan.NOTHING;
        }
        if (!mayGo(range, view)) {
            return Conditions.status(range.status(), READY).equals("False")
                    ? Plan.NOTHING
                    : Plan.of(List.of(ready(range, "False", "Terminating", "There are still IPAddresses referencing "
                            + "the ServiceCIDR, please remove them or create a new ServiceCIDR", now)));
        }
        Instant end = Meta.time(Tree.at(range.json(), "metadata.deletionTimestamp")).orElse(now).plus(GRACE);
        if (now.isBefore(end)) {
            return Plan.recheck(end);
        }
        ObjectNode patch = Json.newObject();
        ArrayNode kept = patch.putObject("metadata").putArray("finalizers");
        range.meta().finalizers().stream().filter(one -> !one.equals(FINALIZER)).forEach(kept::add);
        return Plan.of(List.of(Action.patch(range, "", patch, Notes.NONE)));
    }

    /// Every address in use, or the whole range, is in another range that stays.
    private static boolean mayGo(Entry range, View view) {
        List<String> others = view.list(Type.SERVICE_RANGES).stream().filter(other -> !other.key().equals(range.key())
                && !other.meta().deleting()).flatMap(other -> ranges(other).stream()).toList();
        if (ranges(range).stream().allMatch(mine -> others.stream().anyMatch(other -> IpAddresses.containsRange(other,
                mine)))) {
            return true;
        }
        return view.list(Type.IP_ADDRESSES).stream().filter(address -> ALLOCATOR.equals(address.meta().labels().get(
                MANAGED_BY))).map(address -> address.key().name()).noneMatch(address -> holds(ranges(range), address)
                        && !holds(others, address));
    }

    private static boolean holds(List<String> ranges, String address) {
        return ranges.stream().anyMatch(range -> IpAddresses.contains(range, address));
    }

    private static List<String> ranges(Entry range) {
        return Tree.texts(range.json(), "spec.cidrs");
    }

    private static Action ready(Entry range, String status, String reason, String message, Instant now) {
        ObjectNode patch = Json.newObject();
        ObjectNode whole = range.status().isObject() ? (ObjectNode) range.status().deepCopy() : Json.newObject();
        ObjectNode condition = Json.newObject().put("type", READY).put("status", status);
        condition.put("lastTransitionTime", Conditions.time(now)).put("reason", reason).put("message", message);
        Conditions.put(whole, condition);
        patch.set("status", whole);
        return Action.patch(range, "status", patch, Notes.NONE);
    }
}
