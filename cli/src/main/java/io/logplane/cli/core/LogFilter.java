package io.logplane.cli.core;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Change;
import java.util.Optional;
import java.util.function.Predicate;

/// Which entries of the log to show. Empty parts match everything; the parts must all match.
///
/// Shape: `resource` is the plural with or without group (`pods`, `deployments.apps`); `own` true also shows the
/// log's own
/// records (genesis, hellos, barriers).
public record LogFilter(Optional<String> resource, Optional<String> namespace, Optional<String> name,
        Optional<String> actor,
        Optional<String> verb, boolean refusedOnly, boolean own) implements Predicate<LogEntry> {

    @Override
    public boolean test(LogEntry entry) {
        if (entry.change().isEmpty()) {
            return own && resource.isEmpty() && namespace.isEmpty() && name.isEmpty() && actor.isEmpty()
                    && verb.isEmpty();
        }
        Change change = entry.change().get();
        Optional<ObjectKey> key = ObjectKey.tryParse(change.getKey());
        return key.isPresent() && matchesKey(key.get())
                && actor.map(a -> a.equals(change.getActor().getUser()) || a.equals(change.getActor()
                        .getImpersonator())).orElse(true)
                && verb.map(v -> v.equals(change.getVerb())).orElse(true) && (!refusedOnly || !entry.accepted());
    }

    private boolean matchesKey(ObjectKey key) {
        return resource.map(r -> r.equals(key.resource()) || r.equals(key.resource() + "." + key.apiGroup()))
                .orElse(true)
                && namespace.map(n -> n.equals(key.apiNamespace())).orElse(true)
                && name.map(n -> n.equals(key.name())).orElse(true);
    }
}
