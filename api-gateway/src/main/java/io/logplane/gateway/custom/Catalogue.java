package io.logplane.gateway.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.types.Converter;
import io.logplane.extension.types.CustomTypes;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.read.StateFeed;
import io.logplane.schemas.definitions.Definition;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import io.logplane.schemas.types.TypeCatalogue;
import io.logplane.state.StoredObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The types this gateway knows now, as one snapshot.
///
/// A feed keeps it at the state. Who asks for a type by name is ahead of the feed: the definition's revision in the
/// state is compared on every request for a custom type, and a name unknown here is looked up behind a barrier, so that
/// a client that was told of a definition is served by any gateway at once.
/// Thread: any; one lock for writers, none for readers.
public final class Catalogue implements StateFeed.Sink {
    /// What the feed follows.
    public static final List<String> RESOURCES = List.of(Definition.PLURAL);
    private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

    /// One definition as it was compiled.
    private record Compiled(long revision, CustomTypes types) {
    }

    private final Lookup lookup;
    private final Function<ObjectNode, Converter> converters;
    private final List<ResourceType> builtIn;
    private final Map<String, Compiled> known = new TreeMap<>();
    private volatile TypeCatalogue current;

    /// Shape: `builtIn` are the types that come with the server, with rules that understand schemas.
    public Catalogue(Lookup lookup, Function<ObjectNode, Converter> converters, List<ResourceType> builtIn) {
        this.lookup = lookup;
        this.converters = converters;
        this.builtIn = List.copyOf(builtIn);
        this.current = TypeCatalogue.of(0, builtIn, List.of());
    }

    public TypeCatalogue current() {
        return current;
    }

    /// The type a request names. Shape: `writing` waits for definitions acknowledged elsewhere even when the type is
    /// known: an object must not be judged by a schema that has been replaced.
    public Optional<ResourceType> find(String group, String version, String plural, boolean writing) {
        Optional<ResourceType> found = current.find(group, version, plural);
        if (found.isPresent() && ResourceTypes.find(group, version, plural).isPresent() || !group.contains(".")) {
            return found;
        }
        refresh(plural + "." + group, writing || found.isEmpty());
        return current.find(group, version, plural);
    }

    /// As [#find], for the stored version of whatever a key names.
    public Optional<ResourceType> ofKey(ObjectKey key) {
        Optional<ResourceType> found = current.ofKey(key);
        if (found.isPresent() || !key.apiGroup().contains(".")) {
            return found;
        }
        refresh(key.resource() + "." + key.apiGroup(), true);
        return current.ofKey(key);
    }

    /// The catalogue with every definition acknowledged before now, for discovery; what there is when the log is away.
    public TypeCatalogue fresh() {
        try {
            Optional<StoredObject> unused = lookup.newest(Definition.key("settle"));
        } catch (Refused away) {
            LOG.debug("types are told as they were last known", away);
            return current;
        }
        Set<String> there = new HashSet<>();
        for (StoredObject stored : lookup.list(ObjectKey.prefix(Definition.GROUP, Definition.PLURAL))) {
            there.add(stored.key().name());
            put(stored);
        }
        forgetBut(there);
        return current;
    }

    private void refresh(String name, boolean newest) {
        ObjectKey key;
        try {
            key = Definition.key(name);
        } catch (IllegalArgumentException notAName) {
            return;
        }
        Optional<StoredObject> stored = newest ? lookup.newest(key) : lookup.here(key);
        if (stored.isPresent()) {
            put(stored.get());
        } else {
            remove(Definition.PLURAL, "", name);
        }
    }

    @Override
    public void put(String resource, ObjectNode object) {
        throw new UnsupportedOperationException("definitions come with their revision");
    }

    @Override
    public void put(String resource, StoredObject stored) {
        put(stored);
    }

    private synchronized void put(StoredObject stored) {
        Compiled before = known.get(stored.key().name());
        if (before != null && before.revision >= stored.revision()) {
            return;
        }
        CustomTypes types = CustomTypes.NONE;
        try {
            ObjectNode object = Json.object(stored.json());
            types = CustomTypes.of(new Definition(object), converters.apply(object));
        } catch (IllegalArgumentException broken) {
            LOG.error("the definition {} at {} cannot be served: {}", stored.key(), stored.revision(), broken
                    .getMessage());
        }
        known.put(stored.key().name(), new Compiled(stored.revision(), types));
        rebuild();
    }

    @Override
    public synchronized void remove(String resource, String namespace, String name) {
        boolean gone = known.containsKey(name) && lookup.here(Definition.key(name)).isEmpty();
        if (gone) {
            known.remove(name);
            rebuild();
        }
    }

    private synchronized void forgetBut(Set<String> there) {
        for (String name : List.copyOf(known.keySet())) {
            if (!there.contains(name)) {
                remove(Definition.PLURAL, "", name);
            }
        }
    }

    private void rebuild() {
        List<ResourceType> custom = new ArrayList<>();
        List<ResourceType> hidden = new ArrayList<>();
        for (Compiled compiled : known.values()) {
            custom.addAll(compiled.types.served());
            hidden.addAll(compiled.types.hidden());
        }
        custom.sort(Comparator.comparing(ResourceType::group)); // stable: versions stay newest first within one
        List<ResourceType> all = new ArrayList<>(builtIn);
        all.addAll(custom);
        current = TypeCatalogue.of(current.generation() + 1, all, hidden);
    }
}
