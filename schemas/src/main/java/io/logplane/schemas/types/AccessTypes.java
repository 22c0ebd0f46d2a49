package io.logplane.schemas.types;

import io.logplane.schemas.columns.Columns;
import io.logplane.schemas.columns.ConfigColumns;
import io.logplane.schemas.columns.ExtensionColumns;
import io.logplane.schemas.rules.RoleRules;
import io.logplane.schemas.rules.SigningRules;
import java.util.List;

/// Who may do what: authentication, authorization, certificates, roles. One entry per type; order as in discovery.
final class AccessTypes {
    static final List<ResourceType> AUTHENTICATION = List.of(
            TypeBuilder.cluster("authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews")
                    .verbs("create").build(),
            TypeBuilder.cluster("authentication.k8s.io", "v1", "TokenReview", "tokenreviews")
                    .verbs("create").build());

    static final List<ResourceType> AUTHORIZATION = List.of(
            TypeBuilder
                    .namespaced("authorization.k8s.io", "v1", "LocalSubjectAccessReview", "localsubjectaccessreviews")
                    .verbs("create").build(),
            TypeBuilder.cluster("authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews")
                    .verbs("create").build(),
            TypeBuilder.cluster("authorization.k8s.io", "v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews")
                    .verbs("create").build(),
            TypeBuilder.cluster("authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews")
                    .verbs("create").build());

    static final List<ResourceType> CERTIFICATES = List.of(
            TypeBuilder.cluster("certificates.k8s.io", "v1", "CertificateSigningRequest", "certificatesigningrequests")
                    .shortNames("csr")
                    .own("approval", "get", "patch", "update").status()
                    .columns(ExtensionColumns.SIGNING_REQUESTS)
                    .fields(FieldLists.SIGNING_REQUESTS)
                    .rules(new SigningRules()).build());

    static final List<ResourceType> RBAC = List.of(
            TypeBuilder.cluster("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings")
                    .columns(ConfigColumns.BINDINGS)
                    .rules(new RoleRules.Bindings(false)).build(),
            TypeBuilder.cluster("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles")
                    .columns(Columns.CREATED_AT)
                    .rules(new RoleRules.Roles(false)).build(),
            TypeBuilder.namespaced("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings")
                    .columns(ConfigColumns.BINDINGS)
                    .rules(new RoleRules.Bindings(true)).build(),
            TypeBuilder.namespaced("rbac.authorization.k8s.io", "v1", "Role", "roles")
                    .columns(Columns.CREATED_AT)
                    .rules(new RoleRules.Roles(true)).build());

    private AccessTypes() {
    }
}
