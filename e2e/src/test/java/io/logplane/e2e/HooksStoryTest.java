package io.logplane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Rules of one's own, as a person sets them up: a webhook on a real server, a policy that forbids, one that changes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HooksStoryTest {
    private static final Pattern UID = Pattern.compile("\"request\":\\{\"uid\":\"([^\"]+)\"");
    private static final String RULES = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: MutatingWebhookConfiguration
            metadata: {name: labels-NAME}
            webhooks:
            - name: labels.NAME.example
              clientConfig: {url: "URL", caBundle: BUNDLE}
              rules: [{operations: [CREATE], apiGroups: [apps], apiVersions: [v1], resources: [deployments]}]
              namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAME}}
              sideEffects: None
              admissionReviewVersions: [v1]
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata: {name: few-NAME}
            spec:
              paramKind: {apiVersion: v1, kind: ConfigMap}
              matchConstraints:
                resourceRules:
                - {operations: [CREATE, UPDATE], apiGroups: [apps], apiVersions: [v1], resources: [deployments]}
              validations:
              - expression: object.spec.replicas <= int(params.data.most)
                messageExpression: "'at most ' + params.data.most + ' replicas in ' + request.namespace"
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata: {name: few-NAME}
            spec:
              policyName: few-NAME
              validationActions: [Deny]
              paramRef: {name: limits, parameterNotFoundAction: Deny}
              matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAME}}}
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: MutatingAdmissionPolicy
            metadata: {name: proxy-NAME}
            spec:
              matchConstraints:
                resourceRules:
                - {operations: [CREATE], apiGroups: [apps], apiVersions: [v1], resources: [deployments]}
              reinvocationPolicy: IfNeeded
              mutations:
              - patchType: ApplyConfiguration
                applyConfiguration:
                  expression: >-
                    Object{spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{
                      containers: [Object.spec.template.spec.containers{
                        name: "proxy",
                        image: has(object.metadata.labels.hooked) ? "proxy:hooked" : "proxy:plain"}]}}}}
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: MutatingAdmissionPolicyBinding
            metadata: {name: proxy-NAME}
            spec:
              policyName: proxy-NAME
              matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAME}}}
            """;

    @TempDir
    static Path folder;
    private OwnServer server;

    @BeforeAll
    void start() throws Exception {
        Assumptions.assumeTrue(Plane.canRunContainers(), "the plane of these tests needs root on Debian");
        server = OwnServer.start(folder, "hooks.example", "", HooksStoryTest::answer);
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    /// Puts a label on whatever it is asked about.
    private static void answer(HttpExchange exchange) throws IOException {
        String review = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Matcher uid = UID.matcher(review);
        String patch = "[{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{\"hooked\":\"yes\"}}]";
        OwnServer.send(exchange, 200,
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"response\":{\"uid\":\""
                        + (uid.find() ? uid.group(1) : "")
                        + "\",\"allowed\":true,\"warnings\":[\"labelled\"],\"patchType\":"
                        + "\"JSONPatch\",\"patch\":\"" + Base64.getEncoder().encodeToString(patch.getBytes(
                                StandardCharsets.UTF_8))
                        + "\"}}");
    }

    Stream<Kubectl> kubectls() {
        return Kubectl.oldestAndNewest(Plane.shared().kubeconfig()).stream();
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void rules_of_ones_own_change_and_forbid(Kubectl kubectl) {
        String name = "rules-" + kubectl.version().replaceAll("\\D", "");
        String rules = RULES.replace("NAME", name).replace("URL", "https://localhost:" + server.port()
                + "/labels").replace("BUNDLE", server.bundle());
        kubectl.ok("create", "namespace", name);
        kubectl.ok("-n", name, "create", "configmap", "limits", "--from-literal=most=3");
        kubectl.okWithInput(rules, "apply", "-f", "-");
        String[] create = {"-n", name, "create", "deployment", "web", "--image=web:1", "--replicas=2"};
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(kubectl.ok("-n", name, "create",
                "deployment", "probe", "--image=web:1", "--dry-run=server", "-o", "yaml")).contains("hooked: \"yes\"",
                        "proxy:hooked"));

        Shell.Result made = kubectl.run(create);

        assertThat(made.code()).as(made.all()).isZero();
        assertThat(made.errors()).contains("Warning: labelled");
        assertThat(kubectl.ok("-n", name, "get", "deployment", "web", "-o",
                "jsonpath={.metadata.labels.hooked} {.spec.template.spec.containers[*].image}")).isEqualTo(
                        "yes web:1 proxy:hooked");
        assertThat(kubectl.run("-n", name, "create", "deployment", "big", "--image=web:1", "--replicas=4").errors())
                .contains("deployments.apps \"big\" is forbidden: ValidatingAdmissionPolicy 'few-" + name
                        + "' with binding 'few-" + name + "' denied request: at most 3 replicas in " + name);
        assertThat(kubectl.run("-n", name, "patch", "deployment", "web", "-p", "{\"spec\":{\"replicas\":5}}").code())
                .isNotZero();
        assertThat(kubectl.ok("get", "validatingadmissionpolicies", "few-" + name)).contains("VALIDATIONS",
                "v1/ConfigMap");
        assertThat(kubectl.runWithInput(rules.replace("reinvocationPolicy: IfNeeded", "reinvocationPolicy: Often"),
                "apply", "-f", "-").errors()).contains("spec.reinvocationPolicy: Unsupported value: \"Often\"");
        kubectl.okWithInput(rules, "delete", "-f", "-");
        kubectl.ok("delete", "namespace", name); // the next test may look at all there is
    }
}
