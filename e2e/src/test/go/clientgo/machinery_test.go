package clientgo

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	certificatesv1 "k8s.io/api/certificates/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/util/httpstream"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/events"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/client-go/tools/portforward"
	clientrecord "k8s.io/client-go/tools/record"
	"k8s.io/client-go/tools/remotecommand"
	watchtools "k8s.io/client-go/tools/watch"
	"k8s.io/client-go/transport/spdy"
	"k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/certificate/csr"
	"k8s.io/client-go/util/exec"
	"k8s.io/client-go/util/keyutil"
	streaming "k8s.io/streaming/pkg/httpstream"
)

func TestLeaderElection(t *testing.T) {
	c, ns := typed(t), namespace(t)
	lead := make(chan string, 10)
	run := func(id string) (context.CancelFunc, chan struct{}) {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		lock, err := resourcelock.New(resourcelock.LeasesResourceLock, ns, "lock", c.CoreV1(), c.CoordinationV1(), resourcelock.ResourceLockConfig{Identity: id})
		must(t, err)
		elector, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{Lock: lock, ReleaseOnCancel: true,
			LeaseDuration: 6 * time.Second, RenewDeadline: 4 * time.Second, RetryPeriod: 500 * time.Millisecond,
			Callbacks: leaderelection.LeaderCallbacks{OnStartedLeading: func(context.Context) { lead <- id }, OnStoppedLeading: func() {}}})
		must(t, err)
		go func() { elector.Run(ctx); close(done) }()
		return cancel, done
	}
	stop, stopped := run("a")
	same(t, "first leader", <-lead, "a")
	next, nextStopped := run("b")
	time.Sleep(8 * time.Second) // longer than the lease: a renews it
	same(t, "others that lead meanwhile", len(lead), 0)
	stop()
	<-stopped
	select {
	case id := <-lead:
		same(t, "second leader", id, "b")
	case <-time.After(limit):
		t.Error("nobody took over")
	}
	next()
	<-nextStopped
	lease, err := c.CoordinationV1().Leases(ns).Get(within(t), "lock", metav1.GetOptions{})
	must(t, err)
	same(t, "transitions", *lease.Spec.LeaseTransitions >= 1, true)
	// A renewal under way when its context ends is written between the read and the write of the release, which then conflicts.
	eventually(t, func() (bool, error) {
		again, stopped := run("c")
		<-lead
		again()
		<-stopped
		lease, err := c.CoordinationV1().Leases(ns).Get(within(t), "lock", metav1.GetOptions{})
		return err == nil && *lease.Spec.HolderIdentity == "", err
	})
}

func TestEvents(t *testing.T) {
	ctx, c, ns := within(t), typed(t), namespace(t)
	about, err := c.CoreV1().ConfigMaps(ns).Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "about"}}, metav1.CreateOptions{})
	must(t, err)
	old := clientrecord.NewBroadcaster(clientrecord.WithContext(ctx))
	old.StartRecordingToSink(&corev1sink{c, ns})
	defer old.Shutdown()
	recorder := old.NewRecorder(scheme.Scheme, corev1.EventSource{Component: "suite"})
	for i := range 3 {
		recorder.Event(about, "Normal", "Repeated", "the same")
		if i == 0 {
			eventually(t, func() (bool, error) { return count(ctx, c, ns, "Repeated") == 1, nil })
		}
	}
	eventually(t, func() (bool, error) { return count(ctx, c, ns, "Repeated") == 3, nil })

	broadcaster := events.NewBroadcaster(&events.EventSinkImpl{Interface: c.EventsV1()})
	must(t, broadcaster.StartRecordingToSinkWithContext(ctx))
	defer broadcaster.Shutdown()
	modern := broadcaster.NewRecorder(scheme.Scheme, "example.com/suite")
	for range 3 {
		modern.Eventf(about, nil, "Warning", "Failed", "Trying", "attempt %d", 1)
	}
	eventually(t, func() (bool, error) {
		list, err := c.EventsV1().Events(ns).List(ctx, metav1.ListOptions{FieldSelector: "reason=Failed"})
		return err == nil && len(list.Items) == 1 && list.Items[0].Series != nil && list.Items[0].Series.Count >= 2, err
	})
	found, err := c.CoreV1().Events(ns).Search(scheme.Scheme, about)
	must(t, err)
	same(t, "found by their object", len(found.Items), 2)
}

type corev1sink struct {
	c  kubernetes.Interface
	ns string
}

func (s *corev1sink) Create(e *corev1.Event) (*corev1.Event, error) {
	return s.c.CoreV1().Events(s.ns).CreateWithEventNamespace(e)
}
func (s *corev1sink) Update(e *corev1.Event) (*corev1.Event, error) {
	return s.c.CoreV1().Events(s.ns).UpdateWithEventNamespace(e)
}
func (s *corev1sink) Patch(e *corev1.Event, data []byte) (*corev1.Event, error) {
	return s.c.CoreV1().Events(s.ns).PatchWithEventNamespace(e, data)
}

func count(ctx context.Context, c kubernetes.Interface, ns, reason string) int32 {
	list, err := c.CoreV1().Events(ns).List(ctx, metav1.ListOptions{FieldSelector: "reason=" + reason})
	if err != nil || len(list.Items) != 1 {
		return 0
	}
	return list.Items[0].Count
}

func TestWatches(t *testing.T) {
	ctx, c, ns := within(t), typed(t), namespace(t)
	maps := c.CoreV1().ConfigMaps(ns)
	lw := cache.NewListWatchFromClient(c.CoreV1().RESTClient(), "configmaps", ns, fields.Everything())
	start, err := maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "w"}, Data: map[string]string{"n": "0"}}, metav1.CreateOptions{})
	must(t, err)
	again, err := watchtools.NewRetryWatcherWithContext(ctx, start.ResourceVersion, lw)
	must(t, err)
	defer again.Stop()
	for i := 1; i <= 5; i++ {
		start.Data["n"] = fmt.Sprint(i)
		start, err = maps.Update(ctx, start, metav1.UpdateOptions{})
		must(t, err)
	}
	must(t, maps.Delete(ctx, "w", metav1.DeleteOptions{}))
	for i := 1; i <= 6; i++ {
		event := <-again.ResultChan()
		want := watch.Modified
		if i == 6 {
			want = watch.Deleted
		}
		same(t, "event", event.Type, want)
		same(t, "n", event.Object.(*corev1.ConfigMap).Data["n"], fmt.Sprint(min(i, 5)))
	}
	// A watch that ends after a second is taken up again without a loss.
	short := &cache.ListWatch{ListFunc: lw.ListFunc, WatchFunc: func(o metav1.ListOptions) (watch.Interface, error) {
		o.TimeoutSeconds = new(int64)
		*o.TimeoutSeconds = 1
		return maps.Watch(ctx, o)
	}}
	resumed, err := watchtools.NewRetryWatcherWithContext(ctx, start.ResourceVersion, cache.ToWatcherWithContext(short))
	must(t, err)
	defer resumed.Stop()
	<-resumed.ResultChan()
	for i := range 4 {
		_, err := maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint("r-", i)}}, metav1.CreateOptions{})
		must(t, err)
		same(t, "resumed", (<-resumed.ResultChan()).Object.(*corev1.ConfigMap).Name, fmt.Sprint("r-", i))
		time.Sleep(700 * time.Millisecond)
	}
	event, err := watchtools.UntilWithSync(ctx, lw, &corev1.ConfigMap{}, nil, func(e watch.Event) (bool, error) {
		return e.Object.(*corev1.ConfigMap).Name == "r-3", nil
	})
	must(t, err)
	same(t, "until", event.Type, watch.Added)
}

func TestCertificates(t *testing.T) {
	ctx, c := within(t), typed(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	request, err := cert.MakeCSR(key, &pkix.Name{CommonName: "suite", Organization: []string{"testers"}}, nil, nil)
	must(t, err)
	year := time.Hour
	name, uid, err := csr.RequestCertificateWithContext(ctx, c, request, "", certificatesv1.KubeAPIServerClientSignerName, &year,
		[]certificatesv1.KeyUsage{certificatesv1.UsageClientAuth, certificatesv1.UsageDigitalSignature}, key)
	must(t, err)
	asked, err := c.CertificatesV1().CertificateSigningRequests().Get(ctx, name, metav1.GetOptions{})
	must(t, err)
	asked.Status.Conditions = append(asked.Status.Conditions, certificatesv1.CertificateSigningRequestCondition{Type: certificatesv1.CertificateApproved, Status: corev1.ConditionTrue, Reason: "Suite"})
	_, err = c.CertificatesV1().CertificateSigningRequests().UpdateApproval(ctx, name, asked, metav1.UpdateOptions{})
	must(t, err)
	signed, err := csr.WaitForCertificate(ctx, c, name, uid)
	must(t, err)
	pem, err := keyutil.MarshalPrivateKeyToPEM(key)
	must(t, err)
	pair, err := tls.X509KeyPair(signed, pem)
	must(t, err)
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	must(t, err)
	same(t, "subject", leaf.Subject.CommonName, "suite")
	as := rest.AnonymousClientConfig(config(t))
	as.CertData, as.KeyData = signed, pem
	_, err = kubernetes.NewForConfigOrDie(as).CoreV1().Secrets("default").List(ctx, metav1.ListOptions{})
	same(t, "forbidden", err != nil && strings.Contains(err.Error(), `User "suite" cannot list resource "secrets"`), true)
}

// Real containers only: pods of simulated nodes run nothing.
func TestStreams(t *testing.T) {
	ctx, c, ns := within(t), typed(t), namespace(t)
	nodes, err := c.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	must(t, err)
	if len(nodes.Items) == 0 || !strings.HasPrefix(nodes.Items[0].Status.NodeInfo.ContainerRuntimeVersion, "containerd://") {
		t.Skip("no containers here")
	}
	_, err = c.CoreV1().Pods(ns).Create(ctx, &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "shell"}, Spec: corev1.PodSpec{
		TerminationGracePeriodSeconds: new(int64), Containers: []corev1.Container{{Name: "c", Image: "logplane.local/busybox:1", Stdin: true,
			Command: []string{"sh", "-c", "mkdir /www; echo welcome > /www/index.html; httpd -p 8080 -h /www; echo ready; cat"}}}}}, metav1.CreateOptions{})
	must(t, err)
	lw := cache.NewListWatchFromClient(c.CoreV1().RESTClient(), "pods", ns, fields.OneTermEqualSelector("metadata.name", "shell"))
	_, err = watchtools.UntilWithSync(ctx, lw, &corev1.Pod{}, nil, func(e watch.Event) (bool, error) {
		for _, condition := range e.Object.(*corev1.Pod).Status.Conditions {
			if condition.Type == corev1.PodReady && condition.Status == corev1.ConditionTrue {
				return true, nil
			}
		}
		return false, nil
	})
	must(t, err)
	request := func(verb string, options any) *url.URL {
		r := c.CoreV1().RESTClient().Post().Resource("pods").Namespace(ns).Name("shell").SubResource(verb)
		switch o := options.(type) {
		case *corev1.PodExecOptions:
			r = r.VersionedParams(o, scheme.ParameterCodec)
		case *corev1.PodAttachOptions:
			r = r.VersionedParams(o, scheme.ParameterCodec)
		}
		return r.URL()
	}
	executors := func(u *url.URL) map[string]remotecommand.Executor {
		web, err := remotecommand.NewWebSocketExecutor(config(t), "GET", u.String())
		must(t, err)
		spdyWay, err := remotecommand.NewSPDYExecutor(config(t), "POST", u)
		must(t, err)
		broken, err := remotecommand.NewWebSocketExecutorForProtocols(config(t), "GET", u.String(), "unknown.k8s.io")
		must(t, err)
		both, err := remotecommand.NewFallbackExecutor(broken, spdyWay, func(err error) bool {
			return streaming.IsUpgradeFailure(err) || streaming.IsHTTPSProxyError(err)
		})
		must(t, err)
		return map[string]remotecommand.Executor{"WebSocket": web, "SPDY": spdyWay, "fallback": both}
	}
	for way, executor := range executors(request("exec", &corev1.PodExecOptions{Stdin: true, Stdout: true, Stderr: true, Command: []string{"sh", "-c", "cat; echo err >&2; exit 7"}})) {
		var out, errOut bytes.Buffer
		in := strings.Repeat("a line\n", 100_000)
		err := executor.StreamWithContext(ctx, remotecommand.StreamOptions{Stdin: strings.NewReader(in), Stdout: &out, Stderr: &errOut})
		code, ok := err.(exec.CodeExitError)
		if !ok || code.Code != 7 {
			t.Errorf("%s: %v", way, err)
		}
		same(t, way+" echoes all", out.String() == in, true)
		same(t, way+" stderr", errOut.String(), "err\n")
	}
	for way, executor := range executors(request("exec", &corev1.PodExecOptions{Stdin: true, Stdout: true, TTY: true, Command: []string{"sh", "-c", "sleep 1; stty size"}})) {
		var out bytes.Buffer
		in, _ := io.Pipe()
		err := executor.StreamWithContext(ctx, remotecommand.StreamOptions{Stdin: in, Stdout: &out, Tty: true, TerminalSizeQueue: &oneSize{}})
		same(t, way+" terminal", fmt.Sprint(err, strings.TrimSpace(out.String())), "<nil>33 101")
	}
	for way, executor := range executors(request("attach", &corev1.PodAttachOptions{Stdin: true, Stdout: true})) {
		in, write := io.Pipe()
		out := make(lines, 100)
		attached, cancel := context.WithCancel(ctx)
		go func() { _ = executor.StreamWithContext(attached, remotecommand.StreamOptions{Stdin: in, Stdout: out}) }()
		go func() { _, _ = io.WriteString(write, way+"\n") }()
		for got := ""; got != way+"\n"; {
			select {
			case more := <-out:
				got += more
			case <-ctx.Done():
				t.Fatalf("%q came back by %s", got, way)
			}
		}
		cancel()
	}
	roundTripper, upgrader, err := spdy.RoundTripperFor(config(t))
	must(t, err)
	u := request("portforward", nil)
	bySpdy := spdy.NewDialer(upgrader, &http.Client{Transport: roundTripper}, "POST", u)
	byWeb, err := portforward.NewSPDYOverWebsocketDialer(u, config(t))
	must(t, err)
	for way, dialer := range map[string]httpstream.Dialer{"SPDY": bySpdy, "WebSocket": byWeb} {
		stop, ready := make(chan struct{}), make(chan struct{})
		forwarder, err := portforward.New(dialer, []string{"0:8080", "0:9"}, stop, ready, io.Discard, io.Discard)
		must(t, err)
		go func() {
			if err := forwarder.ForwardPorts(); err != nil {
				t.Errorf("%s: %v", way, err)
			}
		}()
		<-ready
		ports, err := forwarder.GetPorts()
		must(t, err)
		for range 5 {
			answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/", ports[0].Local))
			must(t, err)
			body, _ := io.ReadAll(answer.Body)
			same(t, way, string(body), "welcome\n")
		}
		close(stop)
	}
	page, err := c.CoreV1().Pods(ns).ProxyGet("http", "shell", "8080", "/", nil).DoRaw(ctx)
	must(t, err)
	same(t, "proxied", string(page), "welcome\n")
	said, err := c.CoreV1().Pods(ns).GetLogs("shell", &corev1.PodLogOptions{Follow: true, LimitBytes: ptrTo(6)}).Stream(ctx)
	must(t, err)
	text, err := io.ReadAll(said)
	must(t, err)
	same(t, "log", string(text), "ready\n")
}

type lines chan string

func (l lines) Write(p []byte) (int, error) { l <- string(p); return len(p), nil }

type oneSize struct{ given bool }

func (s *oneSize) Next() *remotecommand.TerminalSize {
	if s.given {
		return nil
	}
	s.given = true
	return &remotecommand.TerminalSize{Width: 101, Height: 33}
}

func ptrTo(n int64) *int64 { return &n }
