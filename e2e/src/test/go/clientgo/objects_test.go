package clientgo

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	policyv1beta1 "k8s.io/api/policy/v1beta1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/resourceversion"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/util/wait"
	appsapply "k8s.io/client-go/applyconfigurations/apps/v1"
	autoscalingapply "k8s.io/client-go/applyconfigurations/autoscaling/v1"
	coreapply "k8s.io/client-go/applyconfigurations/core/v1"
	metaapply "k8s.io/client-go/applyconfigurations/meta/v1"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/openapi3"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/scale"
	"k8s.io/client-go/tools/pager"
	"k8s.io/client-go/util/csaupgrade"
	"k8s.io/client-go/util/retry"
	"k8s.io/utils/ptr"
)

func deployment(name string, replicas int32) *appsv1.Deployment {
	labels := map[string]string{"app": name}
	return &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: appsv1.DeploymentSpec{Replicas: &replicas,
		Selector: &metav1.LabelSelector{MatchLabels: labels}, Template: corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: corev1.PodSpec{TerminationGracePeriodSeconds: new(int64), Containers: []corev1.Container{
				{Name: "c", Image: "logplane.local/busybox:1", Command: []string{"sleep", "3600"}}}}}}}
}

func TestDiscovery(t *testing.T) {
	c := config(t)
	w := &wire{seen: map[string]int{}}
	w.record(c)
	d := discovery.NewDiscoveryClientForConfigOrDie(c)
	version, err := d.ServerVersion()
	must(t, err)
	same(t, "minor", version.Minor, "36")
	cached := memory.NewMemCacheClient(d)
	mapper := restmapper.NewShortcutExpander(restmapper.NewDeferredDiscoveryRESTMapper(cached), cached, nil)
	for kind, want := range map[string]schema.GroupVersionResource{
		"deploy": appsv1.SchemeGroupVersion.WithResource("deployments"), "po": corev1.SchemeGroupVersion.WithResource("pods"),
		"pdb": policyv1.SchemeGroupVersion.WithResource("poddisruptionbudgets")} {
		got, err := mapper.ResourceFor(schema.GroupVersionResource{Resource: kind})
		must(t, err)
		same(t, kind, got, want)
	}
	mapping, err := mapper.RESTMapping(schema.GroupKind{Group: "rbac.authorization.k8s.io", Kind: "ClusterRole"})
	must(t, err)
	same(t, "scope", mapping.Scope.Name(), "root")
	for _, line := range w.lines("/api") {
		if !strings.Contains(line, "g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList") {
			t.Errorf("not aggregated: %s", line)
		}
	}
	// Without aggregation: a request for each group and version.
	old := discovery.NewDiscoveryClientForConfigOrDie(config(t))
	old.UseLegacyDiscovery = true
	_, plain, err := old.ServerGroupsAndResources()
	must(t, err)
	_, aggregated, err := d.ServerGroupsAndResources()
	must(t, err)
	flat := func(lists []*metav1.APIResourceList) sets.Set[string] {
		all := sets.New[string]()
		for _, list := range lists {
			for _, r := range list.APIResources {
				all.Insert(list.GroupVersion + "/" + r.Name + " " + r.Kind + " " + r.Verbs.String() + strings.Join(r.ShortNames, ","))
			}
		}
		return all
	}
	if diff := flat(plain).SymmetricDifference(flat(aggregated)); diff.Len() > 0 {
		t.Errorf("aggregated and plain discovery differ: %v", sets.List(diff))
	}
	preferred, err := d.ServerPreferredResources()
	must(t, err)
	same(t, "some are preferred", len(preferred) > 15, true)

	paths, err := d.OpenAPIV3().Paths()
	must(t, err)
	for path, gv := range paths {
		for _, media := range []string{"application/json", "application/com.github.proto-openapi.spec.v3@v1.0+protobuf"} {
			body, err := gv.Schema(media)
			if err != nil || len(body) == 0 {
				t.Errorf("%s as %s: %d bytes, %v", path, media, len(body), err)
			}
		}
	}
	spec, err := openapi3.NewRoot(d.OpenAPIV3()).GVSpec(appsv1.SchemeGroupVersion)
	must(t, err)
	same(t, "schema of apps/v1", spec.Components.Schemas["io.k8s.api.apps.v1.Deployment"] != nil, true)
	document, err := d.OpenAPISchema()
	must(t, err)
	same(t, "swagger", document.GetSwagger(), "2.0")
}

func TestApply(t *testing.T) {
	ctx, c, ns := within(t), typed(t), namespace(t)
	deployments := c.AppsV1().Deployments(ns)
	labels := map[string]string{"app": "web"}
	desired := appsapply.Deployment("web", ns).WithSpec(appsapply.DeploymentSpec().WithReplicas(1).
		WithSelector(metaapply.LabelSelector().WithMatchLabels(labels)).
		WithTemplate(coreapply.PodTemplateSpec().WithLabels(labels).WithSpec(coreapply.PodSpec().
			WithContainers(coreapply.Container().WithName("c").WithImage("a:1").
				WithPorts(coreapply.ContainerPort().WithContainerPort(80))))))
	first, err := deployments.Apply(ctx, desired, metav1.ApplyOptions{FieldManager: "one"})
	must(t, err)
	again, err := deployments.Apply(ctx, desired, metav1.ApplyOptions{FieldManager: "one"})
	must(t, err)
	same(t, "generation of the same applied again", again.Generation, first.Generation)

	extracted, err := appsapply.ExtractDeployment(again, "one")
	must(t, err)
	want, _ := json.Marshal(desired)
	got, _ := json.Marshal(extracted)
	same(t, "extracted", string(got), string(want))

	_, err = deployments.Apply(ctx, appsapply.Deployment("web", ns).WithSpec(appsapply.DeploymentSpec().WithReplicas(3)),
		metav1.ApplyOptions{FieldManager: "two"})
	same(t, "conflict", apierrors.IsConflict(err), true)
	same(t, "cause", apierrors.HasStatusCause(err, metav1.CauseTypeFieldManagerConflict), true)
	forced, err := deployments.Apply(ctx, appsapply.Deployment("web", ns).WithSpec(appsapply.DeploymentSpec().WithReplicas(3)),
		metav1.ApplyOptions{FieldManager: "two", Force: true})
	must(t, err)
	extracted, err = appsapply.ExtractDeployment(forced, "one")
	must(t, err)
	same(t, "one no longer owns the replicas", extracted.Spec.Replicas == nil, true)
	_, err = deployments.ApplyStatus(ctx, appsapply.Deployment("web", ns).WithStatus(appsapply.DeploymentStatus().
		WithConditions(appsapply.DeploymentCondition().WithType("Mine").WithStatus("True"))),
		metav1.ApplyOptions{FieldManager: "status"})
	must(t, err)
	live, err := deployments.Get(ctx, "web", metav1.GetOptions{})
	must(t, err)
	status, err := appsapply.ExtractDeploymentStatus(live, "status")
	must(t, err)
	same(t, "conditions of the status manager", len(status.Status.Conditions), 1)
	scaled, err := deployments.ApplyScale(ctx, "web", autoscalingapply.Scale().WithSpec(autoscalingapply.ScaleSpec().WithReplicas(2)), metav1.ApplyOptions{FieldManager: "scaler", Force: true})
	must(t, err)
	same(t, "scaled", scaled.Spec.Replicas, 2)

	// From client-side apply: what it owned becomes what the applier owns, and what is left out goes.
	maps := c.CoreV1().ConfigMaps(ns)
	made, err := maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "old"}, Data: map[string]string{"a": "1", "b": "2"}},
		metav1.CreateOptions{FieldManager: "kubectl-client-side-apply"})
	must(t, err)
	patch, err := csaupgrade.UpgradeManagedFieldsPatch(made, sets.New("kubectl-client-side-apply"), "kubectl")
	must(t, err)
	_, err = maps.Patch(ctx, "old", types.JSONPatchType, patch, metav1.PatchOptions{})
	must(t, err)
	after, err := maps.Apply(ctx, coreapply.ConfigMap("old", ns).WithData(map[string]string{"a": "1"}), metav1.ApplyOptions{FieldManager: "kubectl"})
	must(t, err)
	same(t, "keys left", len(after.Data), 1)
}

func TestWritesAndTheirErrors(t *testing.T) {
	ctx, c, ns := within(t), typed(t), namespace(t)
	maps := c.CoreV1().ConfigMaps(ns)
	made, err := maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{GenerateName: "n-"}, Data: map[string]string{"n": ""},
		BinaryData: map[string][]byte{"b": {0, 255}}}, metav1.CreateOptions{})
	must(t, err)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := retry.RetryOnConflict(wait.Backoff{Steps: 100, Duration: 20 * time.Millisecond, Factor: 1, Jitter: 1}, func() error {
				live, err := maps.Get(ctx, made.Name, metav1.GetOptions{})
				if err != nil {
					return err
				}
				live.Data["n"] += "x"
				_, err = maps.Update(ctx, live, metav1.UpdateOptions{})
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	live, err := maps.Get(ctx, made.Name, metav1.GetOptions{})
	must(t, err)
	same(t, "updates", live.Data["n"], "xxxxxxxx")
	order, err := resourceversion.CompareResourceVersion(made.ResourceVersion, live.ResourceVersion)
	must(t, err)
	same(t, "order of revisions", order, -1)

	_, err = maps.Update(ctx, made, metav1.UpdateOptions{})
	same(t, "stale: conflict", apierrors.IsConflict(err), true)
	_, err = maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: made.Name}}, metav1.CreateOptions{})
	same(t, "exists", apierrors.IsAlreadyExists(err), true)
	_, err = maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "UPPER"}}, metav1.CreateOptions{})
	same(t, "invalid", apierrors.IsInvalid(err), true)
	_, err = maps.Get(ctx, "nobody", metav1.GetOptions{})
	same(t, "not found", apierrors.IsNotFound(err), true)
	err = maps.Delete(ctx, made.Name, metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: ptr.To(types.UID("other"))}})
	same(t, "precondition", apierrors.IsConflict(err), true)
	_, err = c.CoreV1().ConfigMaps("no-such").Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "a"}}, metav1.CreateOptions{})
	same(t, "namespace not found", apierrors.IsNotFound(err), true)
	_, err = maps.List(ctx, metav1.ListOptions{ResourceVersion: "nonsense"})
	same(t, "bad request", apierrors.IsBadRequest(err) || apierrors.IsInvalid(err), true)
	err = c.CoreV1().RESTClient().Get().Namespace(ns).Resource("configmaps").Param("resourceVersion", "999999999999").
		Param("resourceVersionMatch", "NotOlderThan").MaxRetries(0).Do(ctx).Error()
	same(t, "too large", apierrors.HasStatusCause(err, metav1.CauseTypeResourceVersionTooLarge), true)

	for kind, body := range map[types.PatchType]string{
		types.JSONPatchType:           `[{"op":"test","path":"/data/n","value":"xxxxxxxx"},{"op":"replace","path":"/data/n","value":"j"}]`,
		types.MergePatchType:          `{"data":{"n":null,"m":"merged"}}`,
		types.StrategicMergePatchType: `{"metadata":{"finalizers":["a.b/c"]}}`,
	} {
		_, err = maps.Patch(ctx, made.Name, kind, []byte(body), metav1.PatchOptions{DryRun: []string{"All"}, FieldValidation: "Strict"})
		if err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	_, err = maps.Patch(ctx, made.Name, types.MergePatchType, []byte(`{"spec":{}}`), metav1.PatchOptions{FieldValidation: "Strict"})
	same(t, "strict", apierrors.IsInvalid(err), true)
	_, err = maps.Patch(ctx, made.Name, "application/nonsense", []byte(`{}`), metav1.PatchOptions{})
	same(t, "media type", apierrors.IsUnsupportedMediaType(err), true)

	var warned warnings
	cfg := config(t)
	cfg.WarningHandler = &warned
	loud := kubernetes.NewForConfigOrDie(cfg)
	_, err = loud.CoreV1().Endpoints(ns).List(ctx, metav1.ListOptions{})
	must(t, err)
	same(t, "warning", strings.Contains(strings.Join(warned, ""), "v1 Endpoints is deprecated"), true)

	must(t, maps.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{FieldSelector: "metadata.name=" + made.Name}))
	_, err = maps.Get(ctx, made.Name, metav1.GetOptions{})
	same(t, "gone", apierrors.IsNotFound(err), true)
}

type warnings []string

func (w *warnings) HandleWarningHeader(_ int, _ string, text string) { *w = append(*w, text) }

func TestPages(t *testing.T) {
	ctx, c, ns := within(t), typed(t), namespace(t)
	for range 25 {
		_, err := c.CoreV1().Secrets(ns).Create(ctx, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{GenerateName: "s-"}}, metav1.CreateOptions{})
		must(t, err)
	}
	secrets := pager.New(pager.SimplePageFunc(func(o metav1.ListOptions) (runtime.Object, error) { return c.CoreV1().Secrets(ns).List(ctx, o) }))
	secrets.PageSize = 10
	seen := sets.New[string]()
	must(t, secrets.EachListItem(ctx, metav1.ListOptions{}, func(o runtime.Object) error {
		seen.Insert(o.(*corev1.Secret).Name)
		return nil
	}))
	same(t, "seen", seen.Len(), 25)
	list, paginated, err := secrets.List(ctx, metav1.ListOptions{})
	must(t, err)
	same(t, "paginated", paginated, true)
	same(t, "listed", meta.LenList(list), 25)
}

func TestTokens(t *testing.T) {
	ctx, c, ns := within(t), typed(t), namespace(t)
	asked, err := c.CoreV1().ServiceAccounts(ns).CreateToken(ctx, "default", &authenticationv1.TokenRequest{
		Spec: authenticationv1.TokenRequestSpec{Audiences: []string{"https://kubernetes.default.svc"}, ExpirationSeconds: ptr.To(int64(600))}}, metav1.CreateOptions{})
	must(t, err)
	review, err := c.AuthenticationV1().TokenReviews().Create(ctx, &authenticationv1.TokenReview{
		Spec: authenticationv1.TokenReviewSpec{Token: asked.Status.Token, Audiences: []string{"https://kubernetes.default.svc"}}}, metav1.CreateOptions{})
	must(t, err)
	same(t, "reviewed", review.Status.User.Username, "system:serviceaccount:"+ns+":default")

	cfg := rest.AnonymousClientConfig(config(t))
	cfg.BearerToken = asked.Status.Token
	it := kubernetes.NewForConfigOrDie(cfg)
	self, err := it.AuthenticationV1().SelfSubjectReviews().Create(ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	must(t, err)
	same(t, "self", self.Status.UserInfo.Username, "system:serviceaccount:"+ns+":default")
	_, err = it.CoreV1().Pods(ns).List(ctx, metav1.ListOptions{})
	same(t, "forbidden", apierrors.IsForbidden(err), true)
	may, err := c.AuthorizationV1().SubjectAccessReviews().Create(ctx, &authorizationv1.SubjectAccessReview{Spec: authorizationv1.SubjectAccessReviewSpec{
		User: "jane", ResourceAttributes: &authorizationv1.ResourceAttributes{Verb: "get", Resource: "pods", Namespace: ns}}}, metav1.CreateOptions{})
	must(t, err)
	same(t, "allowed", may.Status.Allowed, false)
	_, err = c.RbacV1().RoleBindings(ns).Create(ctx, &rbacv1.RoleBinding{ObjectMeta: metav1.ObjectMeta{Name: "view"},
		RoleRef:  rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "view"},
		Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Name: "default", Namespace: ns}}}, metav1.CreateOptions{})
	must(t, err)
	eventually(t, func() (bool, error) {
		_, err = it.CoreV1().Pods(ns).List(ctx, metav1.ListOptions{})
		return err == nil, nil
	})
	cfg.BearerToken += "x"
	_, err = kubernetes.NewForConfigOrDie(cfg).CoreV1().Pods(ns).List(ctx, metav1.ListOptions{})
	same(t, "unauthorized", apierrors.IsUnauthorized(err), true)
	as := config(t)
	as.Impersonate = rest.ImpersonationConfig{UserName: "jane", Groups: []string{"a"}, Extra: map[string][]string{"Some/Thing": {"x"}}}
	self, err = kubernetes.NewForConfigOrDie(as).AuthenticationV1().SelfSubjectReviews().Create(ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	must(t, err)
	same(t, "impersonated", self.Status.UserInfo.Username+" "+self.Status.UserInfo.Extra["some/thing"].String(), "jane [x]")
}

func TestScaleAndEviction(t *testing.T) {
	ctx, c, ns := within(t), typed(t), namespace(t)
	_, err := c.AppsV1().Deployments(ns).Create(ctx, deployment("web", 2), metav1.CreateOptions{})
	must(t, err)
	d := memory.NewMemCacheClient(discovery.NewDiscoveryClientForConfigOrDie(config(t)))
	scales, err := scale.NewForConfig(config(t), restmapper.NewDeferredDiscoveryRESTMapper(d), dynamic.LegacyAPIPathResolverFunc,
		scale.NewDiscoveryScaleKindResolver(d))
	must(t, err)
	gr := schema.GroupResource{Group: "apps", Resource: "deployments"}
	s, err := scales.Scales(ns).Get(ctx, gr, "web", metav1.GetOptions{})
	must(t, err)
	same(t, "selector", s.Status.Selector, "app=web")
	must(t, retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		if s, err = scales.Scales(ns).Get(ctx, gr, "web", metav1.GetOptions{}); err != nil {
			return err
		}
		s.Spec.Replicas = 3
		s, err = scales.Scales(ns).Update(ctx, gr, s, metav1.UpdateOptions{})
		return err
	}))
	same(t, "replicas", s.Spec.Replicas, 3)
	s, err = scales.Scales(ns).Patch(ctx, appsv1.SchemeGroupVersion.WithResource("deployments"), "web", types.MergePatchType, []byte(`{"spec":{"replicas":2}}`), metav1.PatchOptions{})
	must(t, err)
	same(t, "patched", s.Spec.Replicas, 2)
	stale := &autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: ns, ResourceVersion: "1"}, Spec: autoscalingv1.ScaleSpec{Replicas: 7}}
	_, err = c.AppsV1().Deployments(ns).UpdateScale(ctx, "web", stale, metav1.UpdateOptions{})
	same(t, "stale scale", apierrors.IsConflict(err), true)

	one := intstr.FromInt32(1)
	_, err = c.PolicyV1().PodDisruptionBudgets(ns).Create(ctx, &policyv1.PodDisruptionBudget{ObjectMeta: metav1.ObjectMeta{Name: "web"},
		Spec: policyv1.PodDisruptionBudgetSpec{MinAvailable: &one, Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}}}, metav1.CreateOptions{})
	must(t, err)
	var pods *corev1.PodList
	eventually(t, func() (bool, error) {
		budget, err := c.PolicyV1().PodDisruptionBudgets(ns).Get(ctx, "web", metav1.GetOptions{})
		if err != nil || budget.Status.DisruptionsAllowed != 1 || budget.Status.ExpectedPods != 2 {
			return false, err
		}
		pods, err = c.CoreV1().Pods(ns).List(ctx, metav1.ListOptions{LabelSelector: "app=web", FieldSelector: "status.phase=Running"})
		return err == nil && len(pods.Items) == 2, err
	})
	must(t, c.CoreV1().Pods(ns).EvictV1(ctx, &policyv1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: pods.Items[0].Name, Namespace: ns}}))
	err = c.CoreV1().Pods(ns).EvictV1beta1(ctx, &policyv1beta1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: pods.Items[1].Name, Namespace: ns}})
	same(t, "too many", apierrors.IsTooManyRequests(err), true)
	same(t, "budget", apierrors.HasStatusCause(err, policyv1.DisruptionBudgetCause), true)
	must(t, c.AppsV1().Deployments(ns).Delete(ctx, "web", metav1.DeleteOptions{PropagationPolicy: ptr.To(metav1.DeletePropagationForeground)}))
	eventually(t, func() (bool, error) {
		pods, err := c.CoreV1().Pods(ns).List(ctx, metav1.ListOptions{})
		return len(pods.Items) == 0, err
	})
}

func TestMetadataAndDynamicClients(t *testing.T) {
	ctx, ns := within(t), namespace(t)
	gvr := corev1.SchemeGroupVersion.WithResource("configmaps")
	dyn := dynamic.NewForConfigOrDie(config(t)).Resource(gvr).Namespace(ns)
	sent := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{"name": "dyn", "labels": map[string]any{"a": "b"}}, "data": map[string]any{"k": "v"}}}
	made, err := dyn.Create(ctx, sent, metav1.CreateOptions{})
	must(t, err)
	applied, err := dyn.Apply(ctx, "dyn", &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{"name": "dyn"}, "data": map[string]any{"l": "w"}}}, metav1.ApplyOptions{FieldManager: "dyn", Force: true})
	must(t, err)
	same(t, "data", len(applied.Object["data"].(map[string]any)), 2)
	same(t, "uid", applied.GetUID(), made.GetUID())
	_, err = dyn.Get(ctx, "none", metav1.GetOptions{})
	same(t, "not found", apierrors.IsNotFound(err), true)

	partial := metadata.NewForConfigOrDie(config(t)).Resource(gvr).Namespace(ns)
	got, err := partial.Get(ctx, "dyn", metav1.GetOptions{})
	must(t, err)
	same(t, "labels", equality.Semantic.DeepEqual(got.Labels, map[string]string{"a": "b"}), true)
	got, err = partial.Patch(ctx, "dyn", types.MergePatchType, []byte(`{"metadata":{"finalizers":["example.com/hold"]}}`), metav1.PatchOptions{})
	must(t, err)
	must(t, partial.Delete(ctx, "dyn", metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &got.UID, ResourceVersion: &got.ResourceVersion}}))
	got, err = partial.Get(ctx, "dyn", metav1.GetOptions{})
	must(t, err)
	same(t, "being deleted", got.DeletionTimestamp != nil, true)
	_, err = partial.Patch(ctx, "dyn", types.JSONPatchType, []byte(`[{"op":"remove","path":"/metadata/finalizers"}]`), metav1.PatchOptions{})
	must(t, err)
	list, err := partial.List(ctx, metav1.ListOptions{})
	must(t, err)
	for _, item := range list.Items {
		same(t, "gone", item.Name != "dyn", true)
	}
}

func TestCustomTypes(t *testing.T) {
	ctx, ns, group := within(t), namespace(t), "g"+word()+".example.com"
	dyn := dynamic.NewForConfigOrDie(config(t))
	crds := dyn.Resource(schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"})
	crd := &unstructured.Unstructured{}
	must(t, json.Unmarshal([]byte(`{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
	"metadata":{"name":"ponds.`+group+`"},"spec":{"group":"`+group+`","scope":"Namespaced","names":{"plural":"ponds","singular":"pond","kind":"Pond","shortNames":["pn"]},
	"versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{},"scale":{"specReplicasPath":".spec.replicas","statusReplicasPath":".status.replicas"}},
	"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"replicas":{"type":"integer"},"depth":{"type":"number"},"name":{"type":"string","default":"deep"}}},
	"status":{"type":"object","properties":{"replicas":{"type":"integer"}}}}}}}]}}`), &crd.Object))
	_, err := crds.Create(ctx, crd, metav1.CreateOptions{})
	must(t, err)
	t.Cleanup(func() { // others ask for every type there is: it is gone before they begin
		must(t, crds.Delete(context.Background(), crd.GetName(), metav1.DeleteOptions{}))
		eventually(t, func() (bool, error) {
			_, err := crds.Get(context.Background(), crd.GetName(), metav1.GetOptions{})
			return apierrors.IsNotFound(err), nil
		})
	})
	eventually(t, func() (bool, error) {
		live, err := crds.Get(ctx, crd.GetName(), metav1.GetOptions{})
		if err != nil {
			return false, err
		}
		conditions, _, err := unstructured.NestedSlice(live.Object, "status", "conditions")
		for _, c := range conditions {
			if c.(map[string]any)["type"] == "Established" && c.(map[string]any)["status"] == "True" {
				return true, nil
			}
		}
		return false, err
	})
	gvr := schema.GroupVersionResource{Group: group, Version: "v1", Resource: "ponds"}
	ponds := dyn.Resource(gvr).Namespace(ns)
	made, err := ponds.Apply(ctx, "one", &unstructured.Unstructured{Object: map[string]any{"apiVersion": group + "/v1", "kind": "Pond",
		"metadata": map[string]any{"name": "one"}, "spec": map[string]any{"replicas": int64(2), "depth": 2.5}}}, metav1.ApplyOptions{FieldManager: "me"})
	must(t, err)
	same(t, "spec", equality.Semantic.DeepEqual(made.Object["spec"], map[string]any{"replicas": int64(2), "depth": 2.5, "name": "deep"}), true)
	d := memory.NewMemCacheClient(discovery.NewDiscoveryClientForConfigOrDie(config(t)))
	scales, err := scale.NewForConfig(config(t), restmapper.NewDeferredDiscoveryRESTMapper(d), dynamic.LegacyAPIPathResolverFunc, scale.NewDiscoveryScaleKindResolver(d))
	must(t, err)
	s, err := scales.Scales(ns).Get(ctx, gvr.GroupResource(), "one", metav1.GetOptions{})
	must(t, err)
	same(t, "replicas", s.Spec.Replicas, 2)
	partial, err := metadata.NewForConfigOrDie(config(t)).Resource(gvr).Namespace(ns).List(ctx, metav1.ListOptions{})
	must(t, err)
	same(t, "listed as metadata", len(partial.Items), 1)
	made.Object["status"] = map[string]any{"replicas": int64(1)}
	made, err = ponds.UpdateStatus(ctx, made, metav1.UpdateOptions{})
	must(t, err)
	replicas, _, _ := unstructured.NestedInt64(made.Object, "status", "replicas")
	same(t, "status", replicas, 1)
}

// A server that does not speak CBOR: the first body of a client is refused, from then on it sends JSON (but when it
// applies).
func TestClientsThatPreferCBOR(t *testing.T) {
	if os.Getenv("KUBE_FEATURE_ClientsPreferCBOR") == "" {
		t.Skip("not preferred")
	}
	ctx, ns := within(t), namespace(t)
	object := func(name string) *unstructured.Unstructured {
		return &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": name}}}
	}
	maps := func() dynamic.ResourceInterface {
		return dynamic.NewForConfigOrDie(config(t)).Resource(corev1.SchemeGroupVersion.WithResource("configmaps")).Namespace(ns)
	}
	creates := maps()
	_, err := creates.Create(ctx, object("a"), metav1.CreateOptions{})
	same(t, "first create is refused for its type", apierrors.IsUnsupportedMediaType(err), true)
	_, err = creates.Create(ctx, object("a"), metav1.CreateOptions{})
	must(t, err)
	list, err := maps().List(ctx, metav1.ListOptions{})
	must(t, err)
	same(t, "listed", len(list.Items) > 0, true)
}
