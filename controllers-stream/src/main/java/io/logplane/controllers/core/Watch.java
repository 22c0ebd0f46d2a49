package io.logplane.controllers.core;

/// Which changes concern a controller, and whose: data, so that the shell, the tests and the documentation read the
/// same.
public sealed interface Watch {

    /// A change of an object of this type concerns the object itself.
    record Itself(Type type) implements Watch {
    }

    /// It concerns the object's controller, when that is a `primary`.
    record ControllerOf(Type type, Type primary) implements Watch {
    }

    /// It concerns the controller of the object's controller: a pod's Deployment through its ReplicaSet.
    record GrandControllerOf(Type type, Type between, Type primary) implements Watch {
    }

    /// An object nobody controls concerns every `primary` of its namespace whose spec.selector matches its labels.
    record OrphanSelectedBy(Type type, Type primary) implements Watch {
    }

    /// It concerns every `primary` of its namespace whose spec.selector (a plain map) matches its labels.
    record MemberOf(Type type, Type primary) implements Watch {
    }

    /// Any object of a namespace concerns that namespace.
    record NamespaceOf() implements Watch {
    }

    /// One object by type and name concerns its namespace.
    record NamespaceOfNamed(Type type, String name) implements Watch {
    }

    /// An object of `type` in `namespace` concerns the cluster-scoped `primary` of the same name: a node's lease.
    record SameName(Type type, String namespace, Type primary) implements Watch {
    }

    /// A pod concerns the node it is bound to.
    record NodeOfPod() implements Watch {
    }

    /// A node concerns the pods bound to it, when it comes or goes.
    record PodsOfNode() implements Watch {
    }

    /// An object concerns the service named in its label kubernetes.io/service-name.
    record ServiceOf(Type type) implements Watch {
    }

    /// What a change can mean for owners and dependants: the object itself when its owners or its deletion changed, its
    /// dependants when it goes, its owners when they wait for it.
    record Ownership() implements Watch {
    }

    /// It concerns every `primary` of its namespace whose spec.selector (the object form) matches its labels, whoever
    /// owns it.
    record SelectedBy(Type type, Type primary) implements Watch {
    }

    /// Any object of a namespace that comes, goes, or changes in spec or phase concerns every `primary` in it.
    record Neighbours(Type primary) implements Watch {
    }

    /// An object of `type` concerns every `primary` of its namespace; of the cluster, when it has none.
    record AllOf(Type type, Type primary) implements Watch {
    }

    /// An object concerns the definition of its type, when that is being deleted.
    record DefinitionOf() implements Watch {
    }

    /// A pod concerns the claims its volumes name.
    record ClaimsOfPod() implements Watch {
    }
}
