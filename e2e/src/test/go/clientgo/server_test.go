// Package clientgo asks one server what the programs built on client-go ask theirs: kube-controller-manager,
// kube-scheduler, kubelet, operators. Each test is one part of the library.
package clientgo

import (
	"context"
	"fmt"
	"math/rand"
	"net/http"
	"os"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

const limit = 60 * time.Second

// config points at the server that KUBECONFIG names, without the client's own limit on requests.
func config(t *testing.T) *rest.Config {
	t.Helper()
	if os.Getenv("KUBECONFIG") == "" {
		t.Skip("KUBECONFIG names no server")
	}
	c, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	must(t, err)
	c.QPS = -1
	c.UserAgent = "client-go-suite"
	return c
}

func typed(t *testing.T) *kubernetes.Clientset {
	t.Helper()
	return kubernetes.NewForConfigOrDie(config(t))
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

// namespace is a new one for this test, gone after it, with its service account already there.
func namespace(t *testing.T) string {
	t.Helper()
	c, ctx := typed(t), within(t)
	ns, err := c.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "client-go-"}},
		metav1.CreateOptions{})
	must(t, err)
	t.Cleanup(func() {
		if err := c.CoreV1().Namespaces().Delete(context.Background(), ns.Name, metav1.DeleteOptions{}); err != nil {
			t.Errorf("cannot delete %s: %v", ns.Name, err)
		}
	})
	eventually(t, func() (bool, error) {
		_, err := c.CoreV1().ServiceAccounts(ns.Name).Get(ctx, "default", metav1.GetOptions{})
		return err == nil, nil
	})
	return ns.Name
}

// listable is every resource that can be listed and watched, in every version served.
func listable(t *testing.T) []schema.GroupVersionResource {
	t.Helper()
	_, lists, err := discovery.NewDiscoveryClientForConfigOrDie(config(t)).ServerGroupsAndResources()
	must(t, err)
	found, err := discovery.GroupVersionResources(discovery.FilteredBy(discovery.SupportsAllVerbs{Verbs: []string{"list", "watch"}}, lists))
	must(t, err)
	var all []schema.GroupVersionResource
	for gvr := range found {
		all = append(all, gvr)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].String() < all[j].String() })
	return all
}

// must stops the test at an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func eventually(t *testing.T, done func() (bool, error)) {
	t.Helper()
	if err := wait.PollUntilContextTimeout(context.Background(), 50*time.Millisecond, limit, true,
		func(context.Context) (bool, error) { return done() }); err != nil {
		t.Fatal(err)
	}
}

func word() string {
	return fmt.Sprintf("%06x", rand.Intn(1<<24))
}

// wire counts what went over it: "GET /path?query → 200 media/type" with what differs from run to run taken out.
type wire struct {
	mu   sync.Mutex
	seen map[string]int
}

func (w *wire) record(c *rest.Config) {
	c.Wrap(func(next http.RoundTripper) http.RoundTripper { return recorder{w, next} })
}

type recorder struct {
	wire *wire
	next http.RoundTripper
}

func (r recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	answer, err := r.next.RoundTrip(request)
	line := request.Method + " " + request.URL.Path
	for _, flag := range []string{"watch", "sendInitialEvents", "limit", "resourceVersionMatch"} {
		if v := request.URL.Query().Get(flag); v != "" {
			line += " " + flag + "=" + v
		}
	}
	if sent := request.Header.Get("Content-Type"); sent != "" {
		line += " sends " + sent
	}
	if err != nil {
		line += " failed: " + err.Error()
	} else {
		line += fmt.Sprintf(" gets %d %s", answer.StatusCode, answer.Header.Get("Content-Type"))
	}
	r.wire.mu.Lock()
	defer r.wire.mu.Unlock()
	r.wire.seen[line]++
	return answer, err
}

func (w *wire) lines(part string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []string
	for line, times := range w.seen {
		if strings.Contains(line, part) {
			all = append(all, fmt.Sprintf("%d× %s", times, line))
		}
	}
	sort.Strings(all)
	return all
}
