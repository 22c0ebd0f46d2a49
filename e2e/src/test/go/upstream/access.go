package main

import (
	"context"
	"flag"
	"os"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apiserver/pkg/apis/apiserver"
	apiserverinstall "k8s.io/apiserver/pkg/apis/apiserver/install"
	"k8s.io/apiserver/pkg/apis/apiserver/load"
	"k8s.io/apiserver/pkg/apis/apiserver/validation"
	"k8s.io/apiserver/pkg/authentication/authenticator"
	authenticationcel "k8s.io/apiserver/pkg/authentication/cel"
	"k8s.io/apiserver/pkg/authentication/group"
	"k8s.io/apiserver/pkg/authentication/request/anonymous"
	"k8s.io/apiserver/pkg/authentication/request/bearertoken"
	"k8s.io/apiserver/pkg/authentication/request/headerrequest"
	"k8s.io/apiserver/pkg/authentication/request/union"
	"k8s.io/apiserver/pkg/authentication/request/websocket"
	"k8s.io/apiserver/pkg/authentication/request/x509"
	tokencache "k8s.io/apiserver/pkg/authentication/token/cache"
	tokenunion "k8s.io/apiserver/pkg/authentication/token/union"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	authorizationcel "k8s.io/apiserver/pkg/authorization/cel"
	authorizerunion "k8s.io/apiserver/pkg/authorization/union"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/server/dynamiccertificates"
	"k8s.io/apiserver/pkg/server/options"
	"k8s.io/apiserver/pkg/util/webhook"
	"k8s.io/apiserver/plugin/pkg/authenticator/token/oidc"
	tokenwebhook "k8s.io/apiserver/plugin/pkg/authenticator/token/webhook"
	authorizationwebhook "k8s.io/apiserver/plugin/pkg/authorizer/webhook"
	webhookmetrics "k8s.io/apiserver/plugin/pkg/authorizer/webhook/metrics"
)

var (
	auditPolicy    = flag.String("audit-policy-file", "", "what is recorded of requests")
	auditLog       = flag.String("audit-log-path", "", "where it is recorded")
	authentication = flag.String("authentication-config", "", "an AuthenticationConfiguration")
	authorization  = flag.String("authorization-config", "", "an AuthorizationConfiguration; of its authorizers, "+
		"Webhook, AlwaysAllow and AlwaysDeny; without it everything is allowed")
	tokenReviews = flag.String("authentication-token-webhook-config-file", "", "who is sent TokenReviews")
	proxyCA      = flag.String("requestheader-client-ca-file", "", "who may be a front proxy")
	issuer       = flag.String("service-account-issuer", "https://kubernetes.default.svc", "the audience")
)

func audit(config *genericapiserver.Config) {
	records := options.NewAuditOptions()
	records.PolicyFile, records.LogOptions.Path = *auditPolicy, *auditLog
	must(records.ApplyTo(config))
}

// In the order of kube-apiserver: front proxies, certificates, tokens, nobody.
func authenticate(config *genericapiserver.Config) {
	authority, err := dynamiccertificates.NewDynamicCAContentFromFile("client-ca", *clientCA)
	must(err)
	must(config.Authentication.ApplyClientCert(authority, config.SecureServing))
	config.Authentication.APIAudiences = authenticator.Audiences{*issuer}
	var requests []authenticator.Request
	if *proxyCA != "" {
		proxies, err := (&options.RequestHeaderAuthenticationOptions{ClientCAFile: *proxyCA,
			UsernameHeaders: []string{"X-Remote-User"}, UIDHeaders: []string{"X-Remote-Uid"},
			GroupHeaders: []string{"X-Remote-Group"}, ExtraHeaderPrefixes: []string{"X-Remote-Extra-"},
			AllowedNames: []string{"front-proxy-client"}}).ToAuthenticationRequestHeaderConfig()
		must(err)
		must(config.Authentication.ApplyClientCert(proxies.CAContentProvider, config.SecureServing))
		config.Authentication.RequestHeaderConfig = proxies
		requests = append(requests, headerrequest.NewDynamicVerifyOptionsSecure(proxies.CAContentProvider.VerifyOptions,
			proxies.AllowedClientNames, proxies.UsernameHeaders, proxies.UIDHeaders, proxies.GroupHeaders,
			proxies.ExtraHeaderPrefixes))
	}
	requests = append(requests, x509.NewDynamic(authority.VerifyOptions, x509.CommonNameUserConversion))
	settings := authenticationSettings()
	if tokens := tokenAuthenticators(settings); len(tokens) > 0 {
		cached := tokencache.New(tokenunion.New(tokens...), true, 10*time.Second, 0)
		requests = append(requests, bearertoken.New(cached), websocket.NewProtocolAuthenticator(cached))
	}
	known := group.NewAuthenticatedGroupAdder(union.New(requests...))
	if settings.Anonymous == nil || settings.Anonymous.Enabled {
		var conditions []apiserver.AnonymousAuthCondition
		if settings.Anonymous != nil {
			conditions = settings.Anonymous.Conditions
		}
		known = union.NewFailOnError(known, anonymous.NewAuthenticator(conditions))
	}
	config.Authentication.Authenticator = known
}

func authenticationSettings() *apiserver.AuthenticationConfiguration {
	settings := &apiserver.AuthenticationConfiguration{}
	if *authentication == "" {
		return settings
	}
	text, err := os.ReadFile(*authentication)
	must(err)
	known := runtime.NewScheme()
	apiserverinstall.Install(known)
	must(runtime.DecodeInto(serializer.NewCodecFactory(known, serializer.EnableStrict).UniversalDecoder(), text, settings))
	must(validation.ValidateAuthenticationConfiguration(authenticationcel.NewDefaultCompiler(), settings,
		[]string{*issuer}).ToAggregate())
	return settings
}

func tokenAuthenticators(settings *apiserver.AuthenticationConfiguration) []authenticator.Token {
	var tokens []authenticator.Token
	for _, one := range settings.JWT {
		choices := oidc.Options{JWTAuthenticator: one, SupportedSigningAlgs: oidc.AllValidSigningAlgorithms(),
			DisallowedIssuers: []string{*issuer}}
		if one.Issuer.CertificateAuthority != "" {
			trusted, err := dynamiccertificates.NewStaticCAContent("oidc", []byte(one.Issuer.CertificateAuthority))
			must(err)
			choices.CAContentProvider = trusted
		}
		token, err := oidc.New(context.Background(), choices)
		must(err)
		tokens = append(tokens, token)
	}
	if *tokenReviews != "" {
		client, err := webhook.LoadKubeconfig(*tokenReviews, nil)
		must(err)
		token, err := tokenwebhook.New(client, "v1", authenticator.Audiences{*issuer}, *tokenwebhook.DefaultRetryBackoff())
		must(err)
		tokens = append(tokens, tokencache.New(token, false, 2*time.Minute, 2*time.Minute))
	}
	return tokens
}

func authorize(config *genericapiserver.Config) {
	config.Authorization.Authorizer = authorizerfactory.NewAlwaysAllowAuthorizer()
	if *authorization == "" {
		return
	}
	settings, err := load.LoadFromFile(*authorization)
	must(err)
	compiler := authorizationcel.NewDefaultCompiler()
	must(validation.ValidateAuthorizationConfiguration(compiler, nil, settings,
		sets.New("Webhook", "AlwaysAllow", "AlwaysDeny", "Node", "RBAC"), sets.New("Webhook")).ToAggregate())
	all := []authorizer.Authorizer{authorizerfactory.NewPrivilegedGroups(user.SystemPrivilegedGroup)}
	for _, one := range settings.Authorizers {
		switch one.Type {
		case apiserver.TypeWebhook:
			all = append(all, webhookAuthorizer(one, compiler))
		case "AlwaysAllow":
			all = append(all, authorizerfactory.NewAlwaysAllowAuthorizer())
		case "AlwaysDeny":
			all = append(all, authorizerfactory.NewAlwaysDenyAuthorizer())
		}
	}
	config.Authorization.Authorizer = authorizerunion.New(all...)
}

func webhookAuthorizer(one apiserver.AuthorizerConfiguration, compiler authorizationcel.Compiler) (
	made authorizer.Authorizer) {
	client, err := webhook.LoadKubeconfig(*one.Webhook.ConnectionInfo.KubeConfigFile, nil)
	must(err)
	client.Timeout = one.Webhook.Timeout.Duration
	onError := authorizer.DecisionNoOpinion
	if one.Webhook.FailurePolicy == apiserver.FailurePolicyDeny {
		onError = authorizer.DecisionDeny
	}
	allowed, denied := one.Webhook.AuthorizedTTL.Duration, one.Webhook.UnauthorizedTTL.Duration
	if !one.Webhook.CacheAuthorizedRequests {
		allowed = 0
	}
	if !one.Webhook.CacheUnauthorizedRequests {
		denied = 0
	}
	made, err = authorizationwebhook.New(client, one.Webhook.SubjectAccessReviewVersion, allowed, denied,
		*authorizationwebhook.DefaultRetryBackoff(), onError, one.Webhook.MatchConditions, one.Name,
		webhookmetrics.NoopAuthorizerMetrics{}, compiler)
	must(err)
	return made
}
