package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Tree;
import io.logplane.state.StoredObject;
import java.util.ArrayList;
import java.util.List;

/// The ranges Services get their addresses from: the cluster's own, then those of every ServiceCIDR that is not going.
public final class AddressRanges {
    private AddressRanges() {
    }

    /// Shape: without repetition, the cluster's own first. IPv6 ranges are left out: Services have one IPv4 address.
    public static List<AddressRange> of(AddressRange own, Lookup lookup) {
        List<AddressRange> ranges = new ArrayList<>();
        ranges.add(own);
        for (StoredObject stored : lookup.list(ObjectKey.prefix("networking.k8s.io", "servicecidrs"))) {
            var object = Json.object(stored.json());
            if (Tree.has(object, "metadata.deletionTimestamp") || !ready(object)) {
                continue;
            }
            for (String cidr : Tree.texts(object, "spec.cidrs")) {
                try {
                    AddressRange range = AddressRange.of(cidr);
                    if (!ranges.contains(range)) {
                        ranges.add(range);
                    }
                } catch (IllegalArgumentException notIpv4) {
                    continue;
                }
            }
        }
        return ranges;
    }

    /// A range of which nothing is said is ready.
    private static boolean ready(ObjectNode range) {
        return Tree.objects(range, "status.conditions").stream().filter(c -> Tree.text(c, "type").equals("Ready"))
                .allMatch(c -> Tree.text(c, "status").equals("True"));
    }
}
