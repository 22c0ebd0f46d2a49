package io.logplane.gateway.custom;

import io.logplane.gateway.discovery.Discovery;
import io.logplane.schemas.types.TypeCatalogue;

/// Discovery of the catalogue as it is now, made once for each generation of it. Thread: any.
public final class CurrentDiscovery {
    private final Catalogue catalogue;
    /// Two at once may make two, one of which is forgotten.
    private volatile Made made;

    private record Made(long generation, Discovery discovery) {
    }

    public CurrentDiscovery(Catalogue catalogue) {
        this.catalogue = catalogue;
        this.made = make(catalogue.current());
    }

    /// As last known here.
    public Discovery known() {
        return of(catalogue.current());
    }

    /// With everything acknowledged before now.
    public Discovery fresh() {
        return of(catalogue.fresh());
    }

    private Discovery of(TypeCatalogue types) {
        Made last = made;
        if (last.generation != types.generation()) {
            last = make(types);
            made = last;
        }
        return last.discovery;
    }

    private static Made make(TypeCatalogue types) {
        return new Made(types.generation(), new Discovery(types.all()));
    }
}
