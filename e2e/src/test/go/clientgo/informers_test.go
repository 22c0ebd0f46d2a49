package clientgo

import (
	"context"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/resourceversion"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/tools/cache"
)

type factory interface {
	ForResource(gvr schema.GroupVersionResource) (informers.GenericInformer, error)
	Start(stop <-chan struct{})
}

type unfailing struct {
	for_  func(schema.GroupVersionResource) informers.GenericInformer
	start func(<-chan struct{})
}

func (u unfailing) ForResource(gvr schema.GroupVersionResource) (informers.GenericInformer, error) {
	return u.for_(gvr), nil
}
func (u unfailing) Start(stop <-chan struct{}) { u.start(stop) }

// Every type has an informer that is filled by one watch, sees what is created after it and knows the revision.
func TestInformersOfEveryType(t *testing.T) {
	for name, build := range map[string]func(*testing.T, *wire) (factory, string){
		"typed": func(t *testing.T, w *wire) (factory, string) {
			c := config(t)
			w.record(c)
			return informers.NewSharedInformerFactory(kubernetes.NewForConfigOrDie(c), 0), "application/vnd.kubernetes.protobuf;stream=watch"
		},
		"metadata": func(t *testing.T, w *wire) (factory, string) {
			c := config(t)
			w.record(c)
			f := metadatainformer.NewSharedInformerFactory(metadata.NewForConfigOrDie(c), 0)
			return unfailing{f.ForResource, f.Start}, "application/vnd.kubernetes.protobuf;stream=watch"
		},
		"dynamic": func(t *testing.T, w *wire) (factory, string) {
			c := config(t)
			w.record(c)
			f := dynamicinformer.NewDynamicSharedInformerFactory(dynamic.NewForConfigOrDie(c), 0)
			return unfailing{f.ForResource, f.Start}, "application/json"
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := &wire{seen: map[string]int{}}
			f, media := build(t, w)
			syncs(t, f, w, media)
		})
	}
}

func syncs(t *testing.T, f factory, w *wire, media string) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	all := map[schema.GroupVersionResource]cache.SharedIndexInformer{}
	for _, gvr := range listable(t) {
		informer, err := f.ForResource(gvr)
		if err != nil {
			if gvr.Group != "apiextensions.k8s.io" && gvr.Group != "apiregistration.k8s.io" { // in libraries of their own
				t.Errorf("no informer of %v: %v", gvr, err)
			}
			continue
		}
		all[gvr] = informer.Informer()
		must(t, informer.Informer().SetWatchErrorHandlerWithContext(func(_ context.Context, _ *cache.Reflector, err error) {
			if ctx.Err() == nil {
				t.Errorf("%v: %v", gvr, err)
			}
		}))
	}
	began := time.Now()
	f.Start(ctx.Done())
	for gvr, informer := range all {
		if !cache.WaitForCacheSync(within(t).Done(), informer.HasSynced) {
			t.Errorf("%v has not synced", gvr)
		} else if informer.LastSyncResourceVersion() == "" {
			t.Errorf("%v has no revision", gvr)
		}
	}
	t.Logf("%d informers in %v", len(all), time.Since(began))
	for _, line := range w.lines(" ") {
		if !expected(line, media) || !strings.HasPrefix(line, "1× ") {
			t.Errorf("unexpected: %s", line)
		}
	}
	maps := all[corev1.SchemeGroupVersion.WithResource("configmaps")]
	ns, name := namespace(t), "seen-"+word()
	made, err := typed(t).CoreV1().ConfigMaps(ns).Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}}, metav1.CreateOptions{})
	must(t, err)
	eventually(t, func() (bool, error) {
		_, found, err := maps.GetStore().GetByKey(ns + "/" + name)
		return found, err
	})
	if order, err := resourceversion.CompareResourceVersion(maps.LastSyncResourceVersion(), made.ResourceVersion); err != nil || order < 0 {
		t.Errorf("at %s after an object of %s", maps.LastSyncResourceVersion(), made.ResourceVersion)
	}
}

// expected is a watch that begins with what there is; with that switched off, a list and a watch after it. A list of
// the same revision may follow, to compare.
func expected(line, media string) bool {
	set := func(name string, otherwise bool) bool {
		if value, err := strconv.ParseBool(os.Getenv(name)); err == nil {
			return value
		}
		return otherwise
	}
	if !set("KUBE_FEATURE_WatchListClient", true) {
		return strings.Contains(line, " watch=true gets 200 "+media) || strings.Contains(line, " limit=500 gets 200 ")
	}
	return strings.Contains(line, " watch=true sendInitialEvents=true resourceVersionMatch=NotOlderThan gets 200 "+media) ||
		set("KUBE_WATCHLIST_INCONSISTENCY_DETECTOR", false) && strings.Contains(line, " resourceVersionMatch=Exact gets 200 ")
}
