package io.logplane.controllers.core;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Evaluates watches: from a change to the primaries it concerns.
public final class Watches {
    static final String SERVICE_NAME = "kubernetes.io/service-name";
    private static final Set<String> WAITING = Set.of(Finalizers.FOREGROUND, Finalizers.ORPHAN);

    private Watches() {
    }

    /// Gives every key concerned to `found`; some may come twice.
    public static void concerned(Watch watch, Change change, View view, Consumer<ObjectKey> found) {
        switch (watch) {
            case Watch.Itself w -> {
                if (w.type().is(change.key())) {
                    found.accept(change.key());
                }
            }
            case Watch.ControllerOf w -> {
                if (w.type().is(change.key())) {
                    change.versions().forEach(seen -> controller(seen, w.primary(), view)
                            .ifPresent(owner -> found.accept(owner.key())));
                }
            }
            case Watch.GrandControllerOf w -> {
                if (w.type().is(change.key())) {
                    change.versions().forEach(seen -> controller(seen, w.between(), view)
                            .flatMap(between -> controller(between, w.primary(), view))
                            .ifPresent(owner -> found.accept(owner.key())));
                }
            }
            case Watch.OrphanSelectedBy w -> orphanSelectedBy(w, change, view, found);
            case Watch.MemberOf w -> memberOf(w, change, view, found);
            case Watch.NamespaceOf() -> namespace(change.key(), found);
            case Watch.NamespaceOfNamed w -> {
                if (w.type().is(change.key()) && w.name().equals(change.key().name())) {
                    namespace(change.key(), found);
                }
            }
            case Watch.SameName w -> {
                if (w.type().is(change.key()) && w.namespace().equals(change.key().namespace())) {
                    found.accept(w.primary().key("", change.key().name()));
                }
            }
            case Watch.NodeOfPod() -> {
                change.versions().filter(seen -> !seen.node().isEmpty())
                        .forEach(seen -> found.accept(Type.NODES.key("", seen.node())));
            }
            case Watch.PodsOfNode() -> {
                if (Type.NODES.is(change.key()) && change.differsIn(Entry::uid)) {
                    view.podsOn(change.key().name()).forEach(pod -> found.accept(pod.key()));
                }
            }
            case Watch.ServiceOf w -> {
                if (w.type().is(change.key())) {
                    change.versions().map(seen -> seen.meta().labels().get(SERVICE_NAME)).forEach(name -> {
                        if (name != null && !name.isEmpty()) {
                            found.accept(Type.SERVICES.key(change.key().apiNamespace(), name));
                        }
                    });
                }
            }
            case Watch.Ownership() -> ownership(change, view, found);
            case Watch.SelectedBy w -> selectedBy(w, change, view, found);
            case Watch.Neighbours w -> neighbours(w, change, view, found);
            case Watch.AllOf w -> allOf(w, change, view, found);
            case Watch.DefinitionOf() -> definition(change, view, found);
            case Watch.ClaimsOfPod() -> {
                if (Type.PODS.is(change.key())) {
                    change.versions().flatMap(seen -> claims(seen).stream()).forEach(found);
                }
            }
        }
    }

    private static void namespace(ObjectKey key, Consumer<ObjectKey> found) {
        if (!key.apiNamespace().isEmpty()) {
            found.accept(Type.NAMESPACES.key("", key.namespace()));
        }
    }

    private static Optional<Entry> controller(Entry child, Type type, View view) {
        return child.meta().controller().flatMap(owner -> view.byUid(owner.uid()))
                .filter(owner -> type.is(owner.key()) && owner.key().namespace().equals(child.key().namespace()));
    }

    private static void orphanSelectedBy(Watch.OrphanSelectedBy watch, Change change, View view,
            Consumer<ObjectKey> found) {
        if (!watch.type().is(change.key())) {
            return;
        }
        change.after().filter(seen -> seen.meta().controller().isEmpty()).ifPresent(orphan -> {
            for (Entry primary : view.list(watch.primary(), change.key().namespace())) {
                if (Selector.matches(primary.spec().path("selector"), orphan.meta().labels())) {
                    found.accept(primary.key());
                }
            }
        });
    }

    private static void memberOf(Watch.MemberOf watch, Change change, View view, Consumer<ObjectKey> found) {
        if (!watch.type().is(change.key())) {
            return;
        }
        for (Entry primary : view.list(watch.primary(), change.key().namespace())) {
            boolean member = change.versions().anyMatch(
                    seen -> Selector.matchesMap(primary.spec().path("selector"), seen.meta().labels()));
            if (member) {
                found.accept(primary.key());
            }
        }
    }

    private static void neighbours(Watch.Neighbours watch, Change change, View view, Consumer<ObjectKey> found) {
        boolean moved = change.differsIn(Entry::uid) || change.differsIn(Entry::spec)
                || change.differsIn(seen -> seen.status().path("phase"));
        if (moved && !change.key().apiNamespace().isEmpty()) {
            view.list(watch.primary(), change.key().namespace()).forEach(one -> found.accept(one.key()));
        }
    }

    private static void allOf(Watch.AllOf watch, Change change, View view, Consumer<ObjectKey> found) {
        if (watch.type().is(change.key())) {
            Collection<Entry> all = change.key().apiNamespace().isEmpty()
                    ? view.list(watch.primary())
                    : view.list(watch.primary(), change.key().namespace());
            all.forEach(one -> found.accept(one.key()));
        }
    }

    private static void selectedBy(Watch.SelectedBy watch, Change change, View view, Consumer<ObjectKey> found) {
        if (!watch.type().is(change.key())) {
            return;
        }
        for (Entry primary : view.list(watch.primary(), change.key().namespace())) {
            boolean selected = change.versions().anyMatch(
                    seen -> Selector.matches(primary.spec().path("selector"), seen.meta().labels()));
            if (selected) {
                found.accept(primary.key());
            }
        }
    }

    private static void definition(Change change, View view, Consumer<ObjectKey> found) {
        if (change.key().apiGroup().contains(".") && change.differsIn(Entry::uid)) {
            ObjectKey definition = Type.DEFINITIONS.key("", change.key().resource() + "." + change.key().apiGroup());
            view.get(definition).filter(seen -> seen.meta().deleting()).ifPresent(seen -> found.accept(definition));
        }
    }

    /// The claims a pod's volumes name, those made for it included.
    public static List<ObjectKey> claims(Entry pod) {
        List<ObjectKey> claims = new ArrayList<>();
        for (JsonNode volume : pod.spec().path("volumes")) {
            String name = volume.has("ephemeral")
                    ? pod.key().name() + "-" + volume.path("name").asText()
                    : volume.path("persistentVolumeClaim").path("claimName").asText("");
            if (!name.isEmpty()) {
                claims.add(Type.CLAIMS.key(pod.key().apiNamespace(), name));
            }
        }
        return claims;
    }

    private static void ownership(Change change, View view, Consumer<ObjectKey> found) {
        boolean moved = change.differsIn(seen -> seen.meta().owners())
                || change.differsIn(seen -> seen.meta().deletedAt())
                || change.differsIn(seen -> seen.meta().finalizers()) || change.differsIn(Entry::uid);
        if (!moved) {
            return;
        }
        change.after().filter(Watches::hasWork).ifPresent(seen -> found.accept(seen.key()));
        boolean leaving = change.after().isEmpty() || change.after().get().meta().deleting()
                || change.before().isPresent() && change.differsIn(Entry::uid);
        if (leaving) {
            change.versions().map(Entry::uid).distinct()
                    .forEach(uid -> view.dependants(uid).forEach(dependant -> found.accept(dependant.key())));
        }
        change.versions().flatMap(seen -> seen.meta().owners().stream()).map(OwnerRef::uid).distinct()
                .flatMap(uid -> view.byUid(uid).stream()).filter(owner -> owner.meta().deleting())
                .forEach(owner -> found.accept(owner.key()));
    }

    private static boolean hasWork(Entry seen) {
        return !seen.meta().owners().isEmpty()
                || seen.meta().deleting() && seen.meta().finalizers().stream().anyMatch(WAITING::contains);
    }
}
