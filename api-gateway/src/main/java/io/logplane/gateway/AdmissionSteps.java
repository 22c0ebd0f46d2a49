package io.logplane.gateway;

import io.logplane.gateway.custom.CustomModule;
import io.logplane.gateway.admission.AddressRange;
import io.logplane.gateway.admission.AddressRanges;
import io.logplane.gateway.admission.Admission;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.admission.Volumes;
import io.logplane.gateway.admission.TopologyLabels;
import io.logplane.gateway.admission.ResourceQuotas;
import io.logplane.gateway.admission.RuntimeClasses;
import io.logplane.gateway.admission.LimitRanges;
import io.logplane.gateway.admission.DefaultTolerations;
import io.logplane.gateway.admission.DeviceAccess;
import io.logplane.gateway.admission.DefaultClasses;
import io.logplane.gateway.admission.Certificates;
import io.logplane.gateway.admission.NamespaceLifecycle;
import io.logplane.gateway.admission.NodeRestriction;
import io.logplane.gateway.admission.NodeTaints;
import io.logplane.gateway.admission.PodSecurity;
import io.logplane.gateway.admission.Priority;
import io.logplane.gateway.admission.RbacEscalation;
import io.logplane.gateway.admission.ServiceAccounts;
import io.logplane.gateway.admission.ServiceAddresses;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.authz.Escalation;
import io.logplane.gateway.hooks.Hooks;
import io.logplane.gateway.hooks.MutatingPolicies;
import io.logplane.gateway.hooks.MutatingWebhooks;
import io.logplane.gateway.hooks.Mutation;
import io.logplane.gateway.hooks.ParameterRights;
import io.logplane.gateway.hooks.ValidatingPolicies;
import io.logplane.gateway.hooks.ValidatingWebhooks;
import io.logplane.gateway.write.Appender;
import io.logplane.gateway.write.LogClaims;
import io.logplane.gateway.write.LogLedger;
import io.logplane.gateway.write.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// The list of admission steps of a running gateway, in the order they run. Adding a step touches this list.
///
/// Source: the recommended plugin order of kube-apiserver 1.36.
final class AdmissionSteps {
    private AdmissionSteps() {
    }

    static Admission of(GatewayConfig config, Appender appender, CustomModule custom, Authorizer authorizer,
            Hooks hooks) {
        Lookup lookup = custom.lookup();
        AddressRange range = AddressRange.of(config.serviceAddresses());
        List<Admission.Step> builtIn = List.of(
                new NamespaceLifecycle(lookup),
                new LimitRanges(lookup),
                new ServiceAccounts(lookup, Pipeline::suffix),
                new NodeRestriction(),
                new NodeTaints(),
                new PodSecurity(lookup),
                new Priority(lookup),
                new DefaultTolerations(),
                new DefaultClasses(lookup),
                new Volumes(lookup),
                new RuntimeClasses(lookup),
                new Certificates(authorizer),
                new TopologyLabels(lookup),
                new RbacEscalation(new Escalation(authorizer)),
                new DeviceAccess(lookup, authorizer::decide),
                new ParameterRights(authorizer, lookup));
        List<Admission.Step> steps = new ArrayList<>(builtIn);
        MutatingPolicies policies = new MutatingPolicies(hooks, lookup, authorizer);
        MutatingWebhooks webhooks = new MutatingWebhooks(hooks, lookup, authorizer);
        List<Admission.Step> judges = List.of(new ValidatingPolicies(hooks, lookup, authorizer),
                new ValidatingWebhooks(hooks, lookup, authorizer));
        List<Admission.Step> users = new ArrayList<>(List.of(new Mutation(List.of(), policies, webhooks)));
        users.addAll(judges);
        steps.add(new Mutation(builtIn, policies, webhooks));
        steps.addAll(judges);
        steps.addAll(List.of(
                new ServiceAddresses(new LogClaims(appender), () -> AddressRanges.of(range, lookup),
                        bound -> ThreadLocalRandom.current().nextInt(bound)),
                new ResourceQuotas(lookup, new LogLedger(appender)),
                custom.step()));
        return new Admission(steps, users);
    }
}
