package io.logplane.gateway.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.discovery.Priorities;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import io.logplane.schemas.types.TypeCatalogue;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The APIServices of group versions served here: built-in ones are made once at each start, those of definitions
/// follow their definitions.
///
/// Shape: the label `kube-aggregator.kubernetes.io/automanaged` is `onstart` or `true`; without it an APIService is
/// somebody else's and stays as it is. Thread: the keeper's.
/// Source: kube-aggregator/pkg/controllers/autoregister; pkg/controlplane/controller/crdregistration.
final class Registrations {
    static final String LABEL = "kube-aggregator.kubernetes.io/automanaged";
    static final String ON_START = "onstart";
    static final String ALWAYS = "true";
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final ApiServices services;
    private final ApiServiceWrites writes;
    private final Supplier<TypeCatalogue> fresh;
    private final Set<String> done = new HashSet<>();
    private long seenTypes = -1;
    private long seenServices = -1;

    Registrations(ApiServices services, ApiServiceWrites writes, Supplier<TypeCatalogue> fresh) {
        this.services = services;
        this.writes = writes;
        this.fresh = fresh;
    }

    /// Errors: Refused when the log is away; what was not done is done the next time.
    void keep(TypeCatalogue types) {
        long generation = services.generation();
        if (types.generation() == seenTypes && generation == seenServices) {
            return;
        }
        Map<String, ObjectNode> wanted = wanted(types);
        for (Map.Entry<String, ObjectNode> entry : wanted.entrySet()) {
            if (!done.contains(entry.getKey())) {
                attempt(() -> ensure(entry.getKey(), entry.getValue()));
            }
            if (label(entry.getValue()).equals(ON_START)) {
                done.add(entry.getKey());
            }
        }
        for (ApiServices.Entry entry : services.all()) {
            String name = entry.service().name();
            if (!wanted.containsKey(name) && entry.service().service().isEmpty()) {
                attempt(() -> drop(name));
            }
        }
        seenTypes = types.generation();
        seenServices = generation;
    }

    private void ensure(String name, ObjectNode wanted) {
        Optional<ObjectNode> present = writes.get(name);
        if (present.isEmpty()) {
            writes.create(wanted);
            return;
        }
        ObjectNode object = present.get();
        boolean ours = label(object).equals(ON_START) || label(object).equals(ALWAYS);
        if (ours && !object.path("spec").equals(wanted.path("spec"))) {
            object.set("spec", wanted.path("spec"));
            writes.update(object);
        }
    }

    /// A definition acknowledged at another gateway may not have been seen here: types are read behind a barrier.
    private void drop(String name) {
        Optional<ObjectNode> present = writes.get(name);
        if (present.isPresent() && label(present.get()).equals(ALWAYS) && !wanted(fresh.get()).containsKey(name)) {
            writes.delete(name);
        }
    }

    private static void attempt(Runnable write) {
        try {
            write.run();
        } catch (Refused refused) {
            if (refused.refusal().code() != CONFLICT && refused.refusal().code() != NOT_FOUND) {
                throw refused;
            }
        }
    }

    private static String label(ObjectNode object) {
        return object.path("metadata").path("labels").path(LABEL).asText();
    }

    /// By name, in the order of discovery.
    static Map<String, ObjectNode> wanted(TypeCatalogue types) {
        Set<String> builtIn = new HashSet<>();
        ResourceTypes.ALL.forEach(type -> builtIn.add(type.group()));
        Map<String, ObjectNode> wanted = new LinkedHashMap<>();
        for (ResourceType type : types.all()) {
            if (!type.group().equals(ApiService.GROUP)) {
                wanted.computeIfAbsent(type.version() + "." + type.group(), name -> object(name, type, builtIn.contains(
                        type.group()) ? ON_START : ALWAYS));
            }
        }
        return wanted;
    }

    private static ObjectNode object(String name, ResourceType type, String managed) {
        ObjectNode object = Json.newObject();
        object.put("kind", "APIService");
        object.put("apiVersion", ApiService.GROUP + "/v1");
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("name", name);
        metadata.putObject("labels").put(LABEL, managed);
        ObjectNode spec = object.putObject("spec");
        if (!type.group().isEmpty()) {
            spec.put("group", type.group());
        }
        spec.put("version", type.version());
        spec.put("groupPriorityMinimum", Priorities.group(type.group()));
        spec.put("versionPriority", Priorities.version(type.group(), type.version()));
        return object;
    }
}
