package io.logplane.schemas.types;

import io.logplane.schemas.columns.Columns;
import io.logplane.schemas.columns.ExtensionColumns;
import io.logplane.schemas.definitions.DefinitionRules;
import io.logplane.schemas.rules.ApiServiceRules;
import io.logplane.schemas.rules.EventRules;
import io.logplane.schemas.rules.Expressions;
import io.logplane.schemas.rules.FlowRules;
import io.logplane.schemas.rules.PolicyRules;
import io.logplane.schemas.rules.WebhookRules;
import io.logplane.schemas.versions.EventVersion;
import java.util.List;
import java.util.Optional;

/// What extends or guards the API itself. One entry per type; order as in discovery.
final class ExtensionTypes {
    static final List<ResourceType> APIREGISTRATION = List.of(
            TypeBuilder.cluster("apiregistration.k8s.io", "v1", "APIService", "apiservices")
                    .categories("api-extensions").status()
                    .columns(ExtensionColumns.API_SERVICES)
                    .rules(new ApiServiceRules()).build());

    static final List<ResourceType> ADMISSIONREGISTRATION = List.of(
            TypeBuilder
                    .cluster("admissionregistration.k8s.io", "v1", "MutatingAdmissionPolicy",
                            "mutatingadmissionpolicies")
                    .categories("api-extensions")
                    .columns(ExtensionColumns.MUTATING_POLICIES)
                    .rules(new PolicyRules.Mutating(Expressions.NONE)).build(),
            TypeBuilder
                    .cluster("admissionregistration.k8s.io", "v1", "MutatingAdmissionPolicyBinding",
                            "mutatingadmissionpolicybindings")
                    .categories("api-extensions")
                    .columns(ExtensionColumns.POLICY_BINDINGS)
                    .rules(new PolicyRules.Bindings(false)).build(),
            TypeBuilder
                    .cluster("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration",
                            "mutatingwebhookconfigurations")
                    .categories("api-extensions")
                    .columns(ExtensionColumns.WEBHOOKS)
                    .rules(new WebhookRules(true, Expressions.NONE)).build(),
            TypeBuilder
                    .cluster("admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy",
                            "validatingadmissionpolicies")
                    .categories("api-extensions").status()
                    .columns(ExtensionColumns.VALIDATING_POLICIES)
                    .rules(new PolicyRules.Validating(Expressions.NONE)).build(),
            TypeBuilder
                    .cluster("admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicyBinding",
                            "validatingadmissionpolicybindings")
                    .categories("api-extensions")
                    .columns(ExtensionColumns.POLICY_BINDINGS)
                    .rules(new PolicyRules.Bindings(true)).build(),
            TypeBuilder
                    .cluster("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration",
                            "validatingwebhookconfigurations")
                    .categories("api-extensions")
                    .columns(ExtensionColumns.WEBHOOKS)
                    .rules(new WebhookRules(false, Expressions.NONE)).build());

    static final List<ResourceType> APIEXTENSIONS = List.of(
            TypeBuilder.cluster("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions")
                    .shortNames("crd", "crds").categories("api-extensions").status()
                    .columns(Columns.CREATED_AT)
                    .rules(DefinitionRules.PLAIN).build());

    static final List<ResourceType> FLOWCONTROL = List.of(
            TypeBuilder.cluster("flowcontrol.apiserver.k8s.io", "v1", "FlowSchema", "flowschemas").status()
                    .columns(ExtensionColumns.FLOW_SCHEMAS)
                    .rules(new FlowRules.Schemas()).build(),
            TypeBuilder
                    .cluster("flowcontrol.apiserver.k8s.io", "v1", "PriorityLevelConfiguration",
                            "prioritylevelconfigurations")
                    .status()
                    .columns(ExtensionColumns.PRIORITY_LEVELS)
                    .rules(new FlowRules.Levels()).build());

    /// The events of the core group under other names: two groups, one set of objects.
    static final List<ResourceType> EVENTS = CoreTypes.CORE.stream().filter(type -> type.plural().equals("events"))
            .map(stored -> TypeBuilder.namespaced("events.k8s.io", "v1", "Event", "events").shortNames("ev")
                    .columns(stored.columns())
                    .fields(FieldLists.NEW_EVENTS)
                    .rules(new EventRules(Optional.of(new EventVersion(stored)))).build())
            .toList();

    private ExtensionTypes() {
    }
}
