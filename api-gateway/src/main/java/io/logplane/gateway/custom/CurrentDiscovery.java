package io.logplane.gateway.custom;

import io.logplane.gateway.discovery.Discovery;
import io.logplane.gateway.discovery.Guest;
import io.logplane.gateway.discovery.MergedDiscovery;
import io.logplane.schemas.types.TypeCatalogue;
import java.util.List;
import java.util.function.Supplier;

/// Discovery of the catalogue as it is now, made once for each generation of it, and of what other servers answer.
/// Thread: any.
public final class CurrentDiscovery {
    private final Catalogue catalogue;
    private final Supplier<List<Guest>> guests;
    /// Two at once may make two, one of which is forgotten.
    private volatile Made made;

    private record Made(long generation, Discovery discovery) {
    }

    public CurrentDiscovery(Catalogue catalogue, Supplier<List<Guest>> guests) {
        this.catalogue = catalogue;
        this.guests = guests;
        this.made = make(catalogue.current());
    }

    /// Whether a group has types that no definition brought.
    public boolean builtIn(String group) {
        return catalogue.current().all().stream().anyMatch(type -> type.group().equals(group) && !type.rules()
                .itemsNameTheirKind());
    }

    /// As last known here.
    public MergedDiscovery known() {
        return of(catalogue.current());
    }

    /// With everything acknowledged before now.
    public MergedDiscovery fresh() {
        return of(catalogue.fresh());
    }

    private MergedDiscovery of(TypeCatalogue types) {
        Made last = made;
        if (last.generation != types.generation()) {
            last = make(types);
            made = last;
        }
        return new MergedDiscovery(last.discovery, guests.get());
    }

    private static Made make(TypeCatalogue types) {
        return new Made(types.generation(), new Discovery(types.all()));
    }
}
