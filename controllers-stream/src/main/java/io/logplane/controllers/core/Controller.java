package io.logplane.controllers.core;

import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import java.util.List;

/// A controller: a pure function from what is true now to what shall be done.
///
/// Laws, run for every entry of the list: converges; quiet at rest; same plan for same input; order and duplication of
/// changes do not matter; foreign objects stay untouched; a crash between any two commands still converges.
/// Thread: any; holds nothing.
public interface Controller {

    /// Short name, in causes and metrics: `deployment`.
    String name();

    /// Service account in kube-system as which its commands run, and the source of its Events.
    String account();

    /// Which changes lead to which primaries.
    List<Watch> watches();

    /// Errors: none expected; a throwable is a bug and costs this key a back-off.
    Plan reconcile(ObjectKey primary, Observed observed, Instant now);
}
