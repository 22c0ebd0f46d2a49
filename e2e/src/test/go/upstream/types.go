package main

import (
	"context"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	extensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metainternal "k8s.io/apimachinery/pkg/apis/meta/internalversion"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/registry/generic"
	"k8s.io/apiserver/pkg/registry/generic/registry"
	"k8s.io/apiserver/pkg/registry/rest"
	genericapiserver "k8s.io/apiserver/pkg/server"
	genericfilters "k8s.io/apiserver/pkg/server/filters"
	"k8s.io/apiserver/pkg/storage/names"
	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// What is served of one type.
type kind struct {
	version    schema.GroupVersion
	resource   string
	singular   string
	namespaced bool
	object     func() runtime.Object
	list       func() runtime.Object
}

var (
	scheme            = runtime.NewScheme()
	codecs            = serializer.NewCodecFactory(scheme)
	versions          []schema.GroupVersion
	extensionVersions = []schema.GroupVersion{extensionsv1.SchemeGroupVersion}
	longRunning       = genericfilters.BasicLongRunningRequestCheck(sets.NewString("watch", "proxy"), sets.NewString())
)

func served[T, L any, PT interface {
	*T
	runtime.Object
}, PL interface {
	*L
	runtime.Object
}](version schema.GroupVersion, resource, singular string, namespaced bool) kind {
	return kind{version, resource, singular, namespaced, func() runtime.Object { return PT(new(T)) },
		func() runtime.Object { return PL(new(L)) }}
}

var kinds = []kind{
	served[corev1.ConfigMap, corev1.ConfigMapList](corev1.SchemeGroupVersion, "configmaps", "configmap", true),
	served[corev1.Secret, corev1.SecretList](corev1.SchemeGroupVersion, "secrets", "secret", true),
	served[corev1.Pod, corev1.PodList](corev1.SchemeGroupVersion, "pods", "pod", true),
	served[corev1.Service, corev1.ServiceList](corev1.SchemeGroupVersion, "services", "service", true),
	served[corev1.ServiceAccount, corev1.ServiceAccountList](corev1.SchemeGroupVersion, "serviceaccounts",
		"serviceaccount", true),
	served[corev1.Endpoints, corev1.EndpointsList](corev1.SchemeGroupVersion, "endpoints", "endpoints", true),
	served[corev1.Event, corev1.EventList](corev1.SchemeGroupVersion, "events", "event", true),
	served[corev1.Namespace, corev1.NamespaceList](corev1.SchemeGroupVersion, "namespaces", "namespace", false),
	served[corev1.Node, corev1.NodeList](corev1.SchemeGroupVersion, "nodes", "node", false),
	served[appsv1.Deployment, appsv1.DeploymentList](appsv1.SchemeGroupVersion, "deployments", "deployment", true),
	served[coordinationv1.Lease, coordinationv1.LeaseList](coordinationv1.SchemeGroupVersion, "leases", "lease", true),
	served[rbacv1.Role, rbacv1.RoleList](rbacv1.SchemeGroupVersion, "roles", "role", true),
	served[rbacv1.ClusterRole, rbacv1.ClusterRoleList](rbacv1.SchemeGroupVersion, "clusterroles", "clusterrole", false),
	served[admissionregistrationv1.ValidatingWebhookConfiguration,
		admissionregistrationv1.ValidatingWebhookConfigurationList](admissionregistrationv1.SchemeGroupVersion,
		"validatingwebhookconfigurations", "validatingwebhookconfiguration", false),
	served[admissionregistrationv1.MutatingWebhookConfiguration,
		admissionregistrationv1.MutatingWebhookConfigurationList](admissionregistrationv1.SchemeGroupVersion,
		"mutatingwebhookconfigurations", "mutatingwebhookconfiguration", false),
	served[admissionregistrationv1.ValidatingAdmissionPolicy,
		admissionregistrationv1.ValidatingAdmissionPolicyList](admissionregistrationv1.SchemeGroupVersion,
		"validatingadmissionpolicies", "validatingadmissionpolicy", false),
	served[admissionregistrationv1.ValidatingAdmissionPolicyBinding,
		admissionregistrationv1.ValidatingAdmissionPolicyBindingList](admissionregistrationv1.SchemeGroupVersion,
		"validatingadmissionpolicybindings", "validatingadmissionpolicybinding", false),
	served[admissionregistrationv1.MutatingAdmissionPolicy,
		admissionregistrationv1.MutatingAdmissionPolicyList](admissionregistrationv1.SchemeGroupVersion,
		"mutatingadmissionpolicies", "mutatingadmissionpolicy", false),
	served[admissionregistrationv1.MutatingAdmissionPolicyBinding,
		admissionregistrationv1.MutatingAdmissionPolicyBindingList](admissionregistrationv1.SchemeGroupVersion,
		"mutatingadmissionpolicybindings", "mutatingadmissionpolicybinding", false),
}

func init() {
	known := sets.New[schema.GroupVersion]()
	for _, kind := range kinds {
		internal := schema.GroupVersion{Group: kind.version.Group, Version: runtime.APIVersionInternal}
		if !known.Has(kind.version) {
			known.Insert(kind.version)
			versions = append(versions, kind.version)
			metav1.AddToGroupVersion(scheme, kind.version)
			must(metainternal.AddToScheme(scheme))
			must(scheme.SetVersionPriority(kind.version))
		}
		scheme.AddKnownTypes(kind.version, kind.object(), kind.list())
		scheme.AddKnownTypes(internal, kind.object(), kind.list())
	}
	must(scheme.AddFieldLabelConversionFunc(corev1.SchemeGroupVersion.WithKind("Pod"), anyLabel))
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	scheme.AddUnversionedTypes(schema.GroupVersion{Version: "v1"}, &metav1.Status{}, &metav1.APIVersions{},
		&metav1.APIGroupList{}, &metav1.APIGroup{}, &metav1.APIResourceList{})
}

func anyLabel(label, value string) (string, string, error) {
	return label, value, nil
}

func install(server *genericapiserver.GenericAPIServer, storage generic.RESTOptionsGetter) {
	groups := map[string]*genericapiserver.APIGroupInfo{}
	for _, kind := range kinds {
		group := groups[kind.version.Group]
		if group == nil {
			info := genericapiserver.NewDefaultAPIGroupInfo(kind.version.Group, scheme, metav1.ParameterCodec, codecs)
			info.VersionedResourcesStorageMap[kind.version.Version] = map[string]rest.Storage{}
			group = &info
			groups[kind.version.Group] = group
		}
		whole, status := stores(kind, storage)
		group.VersionedResourcesStorageMap[kind.version.Version][kind.resource] = whole
		if status != nil {
			group.VersionedResourcesStorageMap[kind.version.Version][kind.resource+"/status"] = status
		}
	}
	for name, group := range groups {
		if name == "" {
			must(server.InstallLegacyAPIGroup("/api", group))
		} else {
			must(server.InstallAPIGroup(group))
		}
	}
}

func stores(kind kind, storage generic.RESTOptionsGetter) (rest.Storage, rest.Storage) {
	strategy := strategy{ObjectTyper: scheme, NameGenerator: names.SimpleNameGenerator, kind: kind}
	resource := schema.GroupResource{Group: kind.version.Group, Resource: kind.resource}
	store := &registry.Store{
		NewFunc: kind.object, NewListFunc: kind.list,
		DefaultQualifiedResource:  resource,
		SingularQualifiedResource: schema.GroupResource{Group: kind.version.Group, Resource: kind.singular},
		CreateStrategy:            strategy, UpdateStrategy: strategy, DeleteStrategy: strategy,
		ResetFieldsStrategy: strategy,
		TableConvertor:      rest.NewDefaultTableConvertor(resource),
	}
	must(store.CompleteWithOptions(&generic.StoreOptions{RESTOptions: storage}))
	if !reflect.ValueOf(kind.object()).Elem().FieldByName("Status").IsValid() {
		return store, nil
	}
	ofStatus := *store
	strategy.status = true
	ofStatus.UpdateStrategy, ofStatus.ResetFieldsStrategy = strategy, strategy
	return store, &subresource{store: &ofStatus}
}

// The status of an object.
type subresource struct {
	store *registry.Store
}

func (r *subresource) New() runtime.Object { return r.store.New() }
func (r *subresource) Destroy()            {}
func (r *subresource) Get(ctx context.Context, name string, options *metav1.GetOptions) (runtime.Object, error) {
	return r.store.Get(ctx, name, options)
}
func (r *subresource) Update(ctx context.Context, name string, object rest.UpdatedObjectInfo,
	create rest.ValidateObjectFunc, update rest.ValidateObjectUpdateFunc, _ bool, options *metav1.UpdateOptions) (
	runtime.Object, bool, error) {
	return r.store.Update(ctx, name, object, create, update, false, options)
}
func (r *subresource) GetResetFields() map[fieldpath.APIVersion]*fieldpath.Set {
	return r.store.GetResetFields()
}
func (r *subresource) ConvertToTable(ctx context.Context, object, options runtime.Object) (*metav1.Table, error) {
	return r.store.ConvertToTable(ctx, object, options)
}

// Stores what comes, without defaults and validation.
type strategy struct {
	runtime.ObjectTyper
	names.NameGenerator
	kind   kind
	status bool
}

func (s strategy) NamespaceScoped() bool { return s.kind.namespaced }
func (s strategy) AllowCreateOnUpdate() bool {
	switch s.kind.resource {
	case "events", "leases", "roles", "clusterroles", "services", "endpoints":
		return true
	}
	return false
}
func (strategy) AllowUnconditionalUpdate() bool                            { return true }
func (strategy) Canonicalize(runtime.Object)                               {}
func (strategy) Validate(context.Context, runtime.Object) field.ErrorList  { return nil }
func (strategy) WarningsOnCreate(context.Context, runtime.Object) []string { return nil }
func (strategy) WarningsOnUpdate(context.Context, runtime.Object, runtime.Object) []string {
	return nil
}
func (strategy) ValidateUpdate(context.Context, runtime.Object, runtime.Object) field.ErrorList {
	return nil
}

func (s strategy) GetResetFields() map[fieldpath.APIVersion]*fieldpath.Set {
	part := "status"
	if s.status {
		part = "spec"
	}
	if !reflect.ValueOf(s.kind.object()).Elem().FieldByName("Status").IsValid() {
		return nil
	}
	return map[fieldpath.APIVersion]*fieldpath.Set{
		fieldpath.APIVersion(s.kind.version.String()): fieldpath.NewSet(fieldpath.MakePathOrDie(part))}
}

func (strategy) PrepareForCreate(_ context.Context, object runtime.Object) {
	part(object, "Status").SetZero()
	generation(object).SetInt(1)
}

func (s strategy) PrepareForUpdate(_ context.Context, object, old runtime.Object) {
	if s.status {
		part(object, "Spec").Set(part(old, "Spec"))
	} else {
		part(object, "Status").Set(part(old, "Status"))
		if !equality.Semantic.DeepEqual(part(object, "Spec").Interface(), part(old, "Spec").Interface()) {
			generation(object).SetInt(generation(old).Int() + 1)
		}
	}
}

func part(object runtime.Object, name string) reflect.Value {
	value := reflect.ValueOf(object).Elem().FieldByName(name)
	if !value.IsValid() {
		var none string
		return reflect.ValueOf(&none).Elem()
	}
	return value
}

func generation(object runtime.Object) reflect.Value {
	if !reflect.ValueOf(object).Elem().FieldByName("Spec").IsValid() {
		var none int64
		return reflect.ValueOf(&none).Elem()
	}
	return reflect.ValueOf(object).Elem().FieldByName("ObjectMeta").FieldByName("Generation")
}

// The definitions of an OpenAPI v2 document.
func published(file string) map[string]spec.Schema {
	var document struct {
		Definitions map[string]spec.Schema `json:"definitions"`
	}
	bytes, err := os.ReadFile(file)
	must(err)
	must(json.Unmarshal(bytes, &document))
	return document.Definitions
}

// Both sets of definitions.
func merge(first common.GetOpenAPIDefinitions, second map[string]spec.Schema) common.GetOpenAPIDefinitions {
	return func(reference common.ReferenceCallback) map[string]common.OpenAPIDefinition {
		all := map[string]common.OpenAPIDefinition{}
		for name, schema := range second {
			var dependencies []string
			copied := schema
			encoded, err := json.Marshal(schema)
			must(err)
			must(json.Unmarshal(encoded, &copied))
			point(&copied, reference, &dependencies)
			if protocol, ok := copied.Properties["protocol"]; ok && strings.HasSuffix(name, "Port") &&
				protocol.Default == nil && slices.Contains([]string{"io.k8s.api.core.v1.ContainerPort",
				"io.k8s.api.core.v1.ServicePort"}, name) { // version 2 of OpenAPI does not say it
				protocol.Default = "TCP"
				copied.Properties["protocol"] = protocol
			}
			all[name] = common.OpenAPIDefinition{Schema: copied, Dependencies: dependencies}
		}
		for name, definition := range first(reference) {
			all[name] = definition
		}
		return all
	}
}

func point(schema *spec.Schema, reference common.ReferenceCallback, dependencies *[]string) {
	if target := schema.Ref.String(); target != "" {
		name := strings.TrimPrefix(target, "#/definitions/")
		schema.Ref = reference(name)
		*dependencies = append(*dependencies, name)
	}
	for name, property := range schema.Properties {
		point(&property, reference, dependencies)
		schema.Properties[name] = property
	}
	if schema.Items != nil && schema.Items.Schema != nil {
		point(schema.Items.Schema, reference, dependencies)
	}
	if schema.AdditionalProperties != nil && schema.AdditionalProperties.Schema != nil {
		point(schema.AdditionalProperties.Schema, reference, dependencies)
	}
}
