package io.logplane.controllers;

import io.logplane.controllers.cluster.CertificateCleaner;
import io.logplane.controllers.cluster.ClaimProtection;
import io.logplane.controllers.cluster.DefinitionController;
import io.logplane.controllers.cluster.GarbageCollector;
import io.logplane.controllers.cluster.RoleAggregation;
import io.logplane.controllers.cluster.VolumeProtection;
import io.logplane.controllers.cluster.NamespaceController;
import io.logplane.controllers.cluster.RootCaController;
import io.logplane.controllers.cluster.ServiceAccountController;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.network.EndpointSliceController;
import io.logplane.controllers.network.ServiceRangeController;
import io.logplane.controllers.node.NodeLifecycle;
import io.logplane.controllers.node.PodGarbage;
import io.logplane.controllers.node.TaintEviction;
import io.logplane.controllers.workload.DeploymentController;
import io.logplane.controllers.policy.DisruptionController;
import io.logplane.controllers.policy.QuotaController;
import io.logplane.controllers.workload.ReplicaSetController;
import java.util.List;

/// The list of all controllers. Adding one here runs it, and runs the laws of controllers on it.
public final class Controllers {
    public static final List<Controller> ALL = List.of(new DeploymentController(), new ReplicaSetController(),
            new NamespaceController(), new ServiceAccountController(), new RootCaController(), new GarbageCollector(),
            new NodeLifecycle(), new TaintEviction(), new PodGarbage(),
            new EndpointSliceController(), new QuotaController(), new DisruptionController(),
            new RoleAggregation(), new ClaimProtection(), new VolumeProtection(), new CertificateCleaner(),
            new DefinitionController(), new ServiceRangeController());

    private Controllers() {
    }
}
