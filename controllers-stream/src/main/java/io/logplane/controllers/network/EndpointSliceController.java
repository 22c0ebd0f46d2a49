package io.logplane.controllers.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Names;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.OwnerRef;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Same;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.View;
import io.logplane.controllers.core.Watch;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Lists the pods that answer for a service.
///
/// **Reads** services, pods, endpointslices. **Writes** endpointslices that carry its mark.
/// **Never** touches a slice of another manager, nor services without a selector; leaves an endpoint in the slice it
/// is in.
/// **Source** Kubernetes documentation, "EndpointSlices"; KEP-752.
public final class EndpointSliceController implements Controller {
    /// Endpoints of one slice. Source: kube-controller-manager --max-endpoints-per-slice.
    static final int MAX_ENDPOINTS = 100;
    private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    private static final String MANAGER = "endpointslice-controller.k8s.io";
    private static final String SERVICE = "kubernetes.io/service-name";

    @Override
    public String name() {
        return "endpointslice";
    }

    @Override
    public String account() {
        return "endpointslice-controller";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.Itself(Type.SERVICES), new Watch.MemberOf(Type.PODS, Type.SERVICES),
                new Watch.ServiceOf(Type.ENDPOINT_SLICES));
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> found = observed.view().get(primary);
        if (found.isEmpty() || found.get().meta().deleting() || found.get().spec().path("selector").isEmpty()
                || found.get().spec().path("type").asText().equals("ExternalName")) {
            return Plan.NOTHING;
        }
        Entry service = found.get();
        Map<String, Endpoints.Group> groups = new LinkedHashMap<>(Endpoints.of(service, observed.view()).groups());
        if (groups.isEmpty()) {
            groups.put("", new Endpoints.Group(Json.MAPPER.createArrayNode(), "IPv4", new LinkedHashMap<>()));
        }
        List<Action> actions = new ArrayList<>();
        List<Draft> drafts = keep(mine(service, observed.view()), groups);
        fill(drafts, groups);
        boolean placeholder = groups.containsKey("");
        for (Draft draft : drafts) {
            if (draft.endpoints.isEmpty() && !placeholder) {
                actions.add(Action.delete(draft.slice, Notes.NONE));
            } else {
                placeholder = false;
                update(service, draft).ifPresent(actions::add);
            }
        }
        actions.addAll(create(service, groups, placeholder, observed.view()));
        return Plan.of(actions);
    }

    /// A slice that exists and what it shall hold.
    private static final class Draft {
        private final Entry slice;
        private final List<ObjectNode> endpoints = new ArrayList<>();
        private JsonNode ports;

        Draft(Entry slice) {
            this.slice = slice;
            this.ports = slice.json().path("ports");
        }

        boolean suits(Endpoints.Group group) {
            return slice.json().path("addressType").asText().equals(group.addressType())
                    && (endpoints.isEmpty() || Same.json(ports, group.ports()));
        }
    }

    private static List<Entry> mine(Entry service, View view) {
        return view.controlled(service.uid(), Type.ENDPOINT_SLICES).stream()
                .filter(slice -> MANAGER.equals(slice.meta().labels().get(MANAGED_BY)) && !slice.meta().deleting())
                .toList();
    }

    /// Endpoints stay where they are; what is kept leaves its group.
    private static List<Draft> keep(List<Entry> slices, Map<String, Endpoints.Group> groups) {
        List<Draft> drafts = new ArrayList<>();
        for (Entry slice : slices) {
            Draft draft = new Draft(slice);
            Endpoints.Group group = groups.get(Endpoints.groupOf(slice));
            if (group != null) {
                for (JsonNode present : slice.json().path("endpoints")) {
                    ObjectNode endpoint = group.byPod().remove(present.path("targetRef").path("uid").asText());
                    if (endpoint != null) {
                        draft.endpoints.add(endpoint);
                    }
                }
            }
            drafts.add(draft);
        }
        return drafts;
    }

    /// New endpoints go where there is room; a slice that has become empty takes any ports.
    private static void fill(List<Draft> drafts, Map<String, Endpoints.Group> groups) {
        for (Endpoints.Group group : groups.values()) {
            for (Draft draft : drafts) {
                if (group.byPod().isEmpty() || !draft.suits(group)) {
                    continue;
                }
                draft.ports = group.ports();
                Iterator<ObjectNode> waiting = group.byPod().values().iterator();
                while (draft.endpoints.size() < MAX_ENDPOINTS && waiting.hasNext()) {
                    draft.endpoints.add(waiting.next());
                    waiting.remove();
                }
            }
        }
    }

    private static Optional<Action> update(Entry service, Draft draft) {
        Entry slice = draft.slice;
        ObjectNode changed = slice.copy();
        ArrayNode list = changed.putArray("endpoints");
        draft.endpoints.forEach(list::add);
        changed.set("ports", draft.ports);
        changed.withObject("/metadata").set("labels", labels(service));
        boolean same = Same.json(draft.ports, slice.json().path("ports"))
                && (Same.json(list, slice.json().path("endpoints"))
                        || list.isEmpty() && slice.json().path("endpoints").isEmpty());
        boolean labelled = slice.meta().labels().entrySet().containsAll(textOf(labels(service)).entrySet());
        return same && labelled ? Optional.empty() : Optional.of(Action.replace(slice, "", changed, Notes.NONE));
    }

    private static List<Action> create(Entry service, Map<String, Endpoints.Group> groups, boolean placeholder,
            View view) {
        List<Action> creates = new ArrayList<>();
        Set<ObjectKey> taken = new HashSet<>();
        for (Endpoints.Group group : groups.values()) {
            List<ObjectNode> waiting = new ArrayList<>(group.byPod().values());
            boolean empty = placeholder && waiting.isEmpty();
            for (int from = 0; from < waiting.size() || empty; from += MAX_ENDPOINTS) {
                ObjectKey key = free(service, taken, view);
                List<ObjectNode> part = waiting.subList(from, Math.min(waiting.size(), from + MAX_ENDPOINTS));
                creates.add(Action.create(key, slice(service, key, group, part), Notes.NONE));
                empty = false;
            }
        }
        return creates;
    }

    private static ObjectKey free(Entry service, Set<ObjectKey> taken, View view) {
        for (int index = 0;; index++) {
            ObjectKey key = Type.ENDPOINT_SLICES.key(service.key().apiNamespace(),
                    Names.child(service.key().name(), service.uid(), index));
            if (view.get(key).isEmpty() && taken.add(key)) {
                return key;
            }
        }
    }

    private static ObjectNode slice(Entry service, ObjectKey key, Endpoints.Group group, List<ObjectNode> endpoints) {
        ObjectNode slice = Json.newObject().put("kind", "EndpointSlice").put("apiVersion", "discovery.k8s.io/v1");
        ObjectNode metadata = slice.putObject("metadata").put("name", key.name())
                .put("generateName", service.key().name() + "-").put("namespace", key.apiNamespace());
        metadata.set("labels", labels(service));
        metadata.putArray("ownerReferences").add(OwnerRef.controllerOf(service).json());
        slice.put("addressType", group.addressType());
        ArrayNode list = slice.putArray("endpoints");
        endpoints.forEach(list::add);
        slice.set("ports", group.ports());
        return slice;
    }

    private static ObjectNode labels(Entry service) {
        ObjectNode labels = Json.newObject();
        service.meta().labels().forEach(labels::put);
        return labels.put(MANAGED_BY, MANAGER).put(SERVICE, service.key().name());
    }

    private static Map<String, String> textOf(ObjectNode labels) {
        Map<String, String> text = new LinkedHashMap<>();
        labels.properties().forEach(label -> text.put(label.getKey(), label.getValue().asText()));
        return text;
    }
}
