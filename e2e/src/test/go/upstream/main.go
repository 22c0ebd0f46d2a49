// Program upstream serves what can be had of Kubernetes' own API server as a library, to compare Logplane with: every
// part of k8s.io/apiserver (requests, negotiation, lists and watches, patches, server-side apply, field validation,
// webhooks and policies) and k8s.io/apiextensions-apiserver (definitions and custom objects), behind etcd. The types of
// k8s.io/kubernetes are stored without its defaults, validation, columns and controllers: those are not libraries.
package main

import (
	"flag"
	"log"
	"net"
	"os"
	"path/filepath"
	"time"

	"go.opentelemetry.io/otel/trace/noop"
	extensions "k8s.io/apiextensions-apiserver/pkg/apiserver"
	extensionoptions "k8s.io/apiextensions-apiserver/pkg/cmd/server/options"
	extensionopenapi "k8s.io/apiextensions-apiserver/pkg/generated/openapi"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/admission"
	webhookinit "k8s.io/apiserver/pkg/admission/plugin/webhook/initializer"
	openapinamer "k8s.io/apiserver/pkg/endpoints/openapi"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/server/options"
	"k8s.io/apiserver/pkg/storage/storagebackend"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/apiserver/pkg/util/openapi"
	"k8s.io/apiserver/pkg/util/webhook"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
	basecompatibility "k8s.io/component-base/compatibility"
)

var (
	etcd     = flag.String("etcd", "http://127.0.0.1:2379", "where etcd listens")
	port     = flag.Int("port", 7443, "where to listen on 127.0.0.1")
	clientCA = flag.String("client-ca-file", "", "who may be a client")
	swagger  = flag.String("openapi", "", "the OpenAPI v2 document that a kube-apiserver of this version publishes")
	certs    = flag.String("cert-dir", os.TempDir(), "where the server's certificate is kept")
)

func main() {
	flag.Parse()
	definitions := published(*swagger)
	listener := options.NewSecureServingOptions().WithLoopback()
	listener.BindAddress, listener.BindPort = net.IPv4(127, 0, 0, 1), *port
	listener.ServerCert.CertDirectory, listener.ServerCert.PairName = *certs, "upstream"
	must(listener.MaybeDefaultWithSelfSignedCerts("localhost", nil, []net.IP{net.IPv4(127, 0, 0, 1)}))

	storage := options.NewEtcdOptions(storagebackend.NewDefaultConfig("/registry", codecs.LegacyCodec(versions...)))
	storage.StorageConfig.Transport.ServerList = []string{*etcd}
	storage.SkipHealthEndpoints = true

	core := config(codecs)
	must(listener.ApplyToConfig(&core.Config))
	must(storage.ApplyTo(&core.Config))
	authenticate(&core.Config)
	authorize(&core.Config)
	audit(&core.Config)
	namer := openapinamer.NewDefinitionNamer(scheme, extensions.Scheme, clientscheme.Scheme)
	all := merge(extensionopenapi.GetOpenAPIDefinitions, definitions)
	core.OpenAPIConfig = genericapiserver.DefaultOpenAPIConfig(all, namer)
	core.OpenAPIV3Config = genericapiserver.DefaultOpenAPIV3Config(all, namer)
	clients(core)

	custom := config(extensions.Codecs)
	custom.SecureServing, custom.LoopbackClientConfig = core.SecureServing, core.LoopbackClientConfig
	custom.ClientConfig, custom.SharedInformerFactory = core.ClientConfig, core.SharedInformerFactory
	custom.AdmissionControl = core.AdmissionControl
	custom.Authentication, custom.Authorization = core.Authentication, core.Authorization
	stored := *storage
	stored.StorageConfig.Codec = extensions.Codecs.LegacyCodec(extensionVersions...)
	must(stored.ApplyTo(&custom.Config))
	custom.OpenAPIConfig = genericapiserver.DefaultOpenAPIConfig(openapi.GetOpenAPIDefinitionsWithoutDisabledFeatures(
		extensionopenapi.GetOpenAPIDefinitions), namer)
	custom.OpenAPIV3Config = genericapiserver.DefaultOpenAPIV3Config(openapi.
		GetOpenAPIDefinitionsWithoutDisabledFeatures(extensionopenapi.GetOpenAPIDefinitions), namer)
	custom.MergedResourceConfig = extensions.DefaultAPIResourceConfigSource()
	extension, err := (&extensions.Config{GenericConfig: custom, ExtraConfig: extensions.ExtraConfig{
		CRDRESTOptionsGetter: extensionoptions.NewCRDRESTOptionsGetter(stored, nil, nil),
		ServiceResolver:      webhook.NewDefaultServiceResolver(),
		AuthResolverWrapper: webhook.NewDefaultAuthenticationInfoResolverWrapper(nil, nil, core.LoopbackClientConfig,
			noop.NewTracerProvider()),
		MasterCount: 1,
	}}).Complete().New(genericapiserver.NewEmptyDelegate())
	must(err)

	server, err := core.Complete().New("upstream", extension.GenericAPIServer)
	must(err)
	install(server, core.RESTOptionsGetter)
	must(server.AddPostStartHook("custom-informers", func(context genericapiserver.PostStartHookContext) error {
		extension.Informers.Start(context.Done())
		return nil
	}))
	log.Printf("listening on 127.0.0.1:%d, certificate in %s", *port, filepath.Join(*certs, "upstream.crt"))
	must(server.PrepareRun().RunWithContext(genericapiserver.SetupSignalContext()))
}

func config(codecs serializer.CodecFactory) *genericapiserver.RecommendedConfig {
	config := genericapiserver.NewRecommendedConfig(codecs)
	config.EffectiveVersion = basecompatibility.NewEffectiveVersionFromString("1.36", "1.36", "1.35")
	config.RequestTimeout = time.Minute
	config.LongRunningFunc = longRunning
	return config
}

// The clients that admission asks, of the server itself.
func clients(config *genericapiserver.RecommendedConfig) {
	client, err := kubernetes.NewForConfig(config.LoopbackClientConfig)
	must(err)
	unknown, err := dynamic.NewForConfig(config.LoopbackClientConfig)
	must(err)
	config.ClientConfig = config.LoopbackClientConfig
	config.SharedInformerFactory = informers.NewSharedInformerFactory(client, 10*time.Minute)
	resolver := webhook.NewDefaultAuthenticationInfoResolverWrapper(nil, nil, config.LoopbackClientConfig,
		noop.NewTracerProvider())
	must(options.NewAdmissionOptions().ApplyTo(&config.Config, config.SharedInformerFactory, client, unknown,
		utilfeature.DefaultFeatureGate, config.EffectiveVersion, []admission.PluginInitializer{
			webhookinit.NewPluginInitializer(resolver, webhook.NewDefaultServiceResolver())}...))
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
