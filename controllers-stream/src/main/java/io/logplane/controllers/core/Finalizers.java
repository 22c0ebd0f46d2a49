package io.logplane.controllers.core;

/// Finalizers with a meaning of their own. Source: metav1.FinalizerOrphanDependents, metav1.FinalizerDeleteDependents.
public final class Finalizers {
    public static final String FOREGROUND = "foregroundDeletion";
    public static final String ORPHAN = "orphan";

    private Finalizers() {
    }
}
