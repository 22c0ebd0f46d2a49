package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.gateway.ApiClient.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Admission over HTTPS, with two gateways on one log.
class AdmissionTest {
    private static final String RESTRICTED = "pod-security.kubernetes.io/enforce";

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static DevPlane second;
    private static ApiClient admin;
    private static ApiClient other;

    @BeforeAll
    static void start() throws Exception {
        plane = DevPlane.start(directory, 0);
        second = plane.another(directory.resolve("second"));
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        other = new ApiClient(second.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        org.awaitility.Awaitility.await().atMost(java.time.Duration.ofSeconds(60))
                .until(() -> admin.get("/readyz").code() == 200 && other.get("/readyz")
                        .code() == 200);
    }

    @AfterAll
    static void stop() {
        second.closeGateway();
        plane.close();
    }

    private static void namespace(String name, String labels) {
        assertThat(admin.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{" + labels
                + "}}}").code()).isEqualTo(201);
        admin.post("/api/v1/namespaces/" + name + "/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
    }

    private static String pod(String name, String container) {
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"automountServiceAccountToken\":false,"
                + "\"containers\":[{\"name\":\"c\",\"image\":\"i\"" + container + "}]}}";
    }

    private static String quota(String hard) {
        return "{\"metadata\":{\"name\":\"q\"},\"spec\":{\"hard\":{" + hard + "}}}";
    }

    private static String message(Answer answer) {
        return answer.json().path("message").asText();
    }

    @Test
    void aQuotaIsReachedExactlyByTwoGatewaysRacing() throws Exception {
        namespace("race", "");
        admin.post("/api/v1/namespaces/race/resourcequotas", quota("\"pods\":\"10\",\"count/configmaps\":\"7\""));
        List<Callable<Integer>> writers = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            ApiClient through = i % 2 == 0 ? admin : other;
            String name = "p" + i;
            writers.add(() -> through.post("/api/v1/namespaces/race/pods", pod(name, "")).code());
            writers.add(() -> through.post("/api/v1/namespaces/race/configmaps", "{\"metadata\":{\"name\":\"" + name
                    + "\"}}").code());
        }

        List<Integer> codes = together(writers);

        assertThat(codes.stream().distinct()).containsOnly(201, 403);
        long made = codes.stream().filter(code -> code == 201).count();
        assertThat(made).isEqualTo(17);
        assertThat(admin.get("/api/v1/namespaces/race/pods").json().path("items")).hasSize(10);
        assertThat(other.get("/api/v1/namespaces/race/resourcequotas/q").json().at("/status/used").toString())
                .isEqualTo("{\"count/configmaps\":\"7\",\"pods\":\"10\"}");
    }

    @Test
    void aQuotaIsNotPassedWhileItIsCountedAnew() throws Exception {
        namespace("recount", "");
        String quota = "/api/v1/namespaces/recount/resourcequotas/q";
        admin.post("/api/v1/namespaces/recount/resourcequotas", quota("\"count/configmaps\":\"5\""));
        List<Callable<Integer>> writers = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            ApiClient through = i % 2 == 0 ? admin : other;
            String body = "{\"metadata\":{\"name\":\"c" + i + "\"}}";
            writers.add(() -> untilDecided(() -> through.post("/api/v1/namespaces/recount/configmaps", body).code()));
        }
        writers.add(() -> {
            for (int i = 0; i < 15; i++) {
                Answer counted = other.merge(quota + "/status", "{\"status\":{\"used\":{\"count/configmaps\":\"" + i
                        + "\"}}}");
                assertThat(counted.code()).isIn(200, 429);
            }
            return 0;
        });

        List<Integer> codes = together(writers);

        // A refusal may rest on a reservation whose object the count in between kept out: never more than five, and
        // after a count in peace exactly five.
        long made = codes.stream().filter(code -> code == 201).count();
        assertThat(made).isBetween(1L, 5L);
        admin.merge(quota + "/status", "{\"status\":{\"used\":{\"count/configmaps\":\"1\"}}}");
        for (long i = made; i < 5; i++) {
            assertThat(other.post("/api/v1/namespaces/recount/configmaps", "{\"metadata\":{\"name\":\"late" + i
                    + "\"}}").code()).isEqualTo(201);
        }
        assertThat(other.post("/api/v1/namespaces/recount/configmaps", "{\"metadata\":{\"name\":\"sixth\"}}").code())
                .isEqualTo(403);
        assertThat(admin.get("/api/v1/namespaces/recount/configmaps").json().path("items")).hasSize(5);
        assertThat(admin.merge(quota + "/status", "{\"status\":{\"used\":{\"count/configmaps\":\"1\"}}}").json().at(
                "/status/used").toString()).isEqualTo("{\"count/configmaps\":\"5\"}");
    }

    @Test
    void aQuotaIsCountedAnewAfterDeletions() {
        namespace("freed", "");
        admin.post("/api/v1/namespaces/freed/resourcequotas", quota("\"secrets\":\"1\""));
        String secrets = "/api/v1/namespaces/freed/secrets";
        assertThat(admin.post(secrets, "{\"metadata\":{\"name\":\"a\"}}").code()).isEqualTo(201);
        assertThat(message(other.post(secrets, "{\"metadata\":{\"name\":\"b\"}}"))).isEqualTo(
                "secrets \"b\" is forbidden: exceeded quota: q, requested: secrets=1, used: secrets=1, limited: secrets=1");
        assertThat(admin.delete(secrets + "/a").code()).isEqualTo(200);
        admin.merge("/api/v1/namespaces/freed/resourcequotas/q/status", "{\"status\":{\"used\":{\"secrets\":\"0\"}}}");

        assertThat(other.post(secrets, "{\"metadata\":{\"name\":\"b\"}}").code()).isEqualTo(201);
        assertThat(other.post(secrets, "{\"metadata\":{\"name\":\"b\"}}").code()).isIn(403, 409);
    }

    @Test
    void aPodNamesWhatItsQuotaLimits() {
        namespace("named", "");
        admin.post("/api/v1/namespaces/named/resourcequotas",
                quota("\"limits.cpu\":\"1\",\"requests.memory\":\"1Gi\""));

        assertThat(message(admin.post("/api/v1/namespaces/named/pods", pod("p", "")))).isEqualTo(
                "pods \"p\" is forbidden: failed quota: q: must specify limits.cpu for: c; requests.memory for: c");
        assertThat(admin.post("/api/v1/namespaces/named/pods", pod("p",
                ",\"resources\":{\"limits\":{\"cpu\":\"600m\",\"memory\":\"1Gi\"}}")).code()).isEqualTo(201);
        assertThat(message(admin.post("/api/v1/namespaces/named/pods", pod("p2",
                ",\"resources\":{\"limits\":{\"cpu\":\"600m\",\"memory\":\"1Gi\"}}")))).isEqualTo(
                        "pods \"p2\" is forbidden: exceeded quota: q, requested: limits.cpu=600m,requests.memory=1Gi, "
                                + "used: limits.cpu=600m,requests.memory=1Gi, limited: limits.cpu=1,requests.memory=1Gi");
    }

    @Test
    void aLimitRangeFillsAndRefuses() {
        namespace("limits", "");
        admin.post("/api/v1/namespaces/limits/limitranges",
                "{\"metadata\":{\"name\":\"l\"},\"spec\":{\"limits\":[{\"type\":\"Container\","
                        + "\"default\":{\"cpu\":\"200m\"},\"defaultRequest\":{\"cpu\":\"100m\"},\"max\":{\"cpu\":\"1\"}}]}}");

        Answer filled = admin.post("/api/v1/namespaces/limits/pods", pod("p", ""));

        assertThat(filled.json().at("/spec/containers/0/resources").toString()).isEqualTo(
                "{\"limits\":{\"cpu\":\"200m\"},\"requests\":{\"cpu\":\"100m\"}}");
        assertThat(filled.json().at("/metadata/annotations/kubernetes.io~1limit-ranger").asText()).isEqualTo(
                "LimitRanger plugin set: cpu request for container c; cpu limit for container c");
        assertThat(message(admin.post("/api/v1/namespaces/limits/pods", pod("q",
                ",\"resources\":{\"limits\":{\"cpu\":\"2\"}}")))).isEqualTo(
                        "pods \"q\" is forbidden: maximum cpu usage per Container is 1, but limit is 2");
        String path = "/api/v1/namespaces/limits/limitranges";
        assertThat(admin.get(path + "/" + admin.post(path, "{}").json().at("/metadata/name").asText()).code()).as(
                "one without a name").isEqualTo(200);
    }

    @Test
    void aRestrictedNamespaceTellsWhatIsMissing() {
        namespace("safe", "\"" + RESTRICTED + "\":\"restricted\"");
        String why = "allowPrivilegeEscalation != false (container \"c\" must set "
                + "securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container \"c\" must set "
                + "securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot != true (pod or container \"c\" must set "
                + "securityContext.runAsNonRoot=true), seccompProfile (pod or container \"c\" must set "
                + "securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")";

        Answer refused = admin.post("/api/v1/namespaces/safe/pods", pod("p", ""));
        assertThat(refused.code()).isEqualTo(403);
        assertThat(message(refused)).isEqualTo("pods \"p\" is forbidden: violates PodSecurity \"restricted:latest\": "
                + why);

        namespace("warned", "\"pod-security.kubernetes.io/warn\":\"restricted\"");
        Answer warned = admin.post("/api/v1/namespaces/warned/pods", pod("p", ""));
        assertThat(warned.code()).isEqualTo(201);
        assertThat(warned.raw().headers().firstValue("Warning").orElse("")).isEqualTo(
                "299 - \"would violate PodSecurity \\\"restricted:latest\\\": " + why.replace("\"", "\\\"") + "\"");
        Answer labelled = admin.merge("/api/v1/namespaces/warned", "{\"metadata\":{\"labels\":{\"" + RESTRICTED
                + "\":\"restricted\"}}}");
        assertThat(labelled.raw().headers().allValues("Warning")).containsExactly(
                "299 - \"existing pods in namespace \\\"warned\\\" violate the new PodSecurity enforce level "
                        + "\\\"restricted:latest\\\"\"",
                "299 - \"p: allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, "
                        + "seccompProfile\"");
        assertThat(message(admin.merge("/api/v1/namespaces/warned", "{\"metadata\":{\"labels\":{\"" + RESTRICTED
                + "\":\"tight\"}}}"))).isEqualTo("Namespace \"warned\" is invalid: metadata.labels[" + RESTRICTED
                        + "]: Invalid value: \"tight\": must be one of privileged, baseline, restricted");
    }

    @Test
    void aPriorityClassGivesThePodItsNumberOnce() {
        String classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
        namespace("prio", "");
        assertThat(
                admin.post(classes, "{\"metadata\":{\"name\":\"high\"},\"value\":1000,\"preemptionPolicy\":\"Never\"}")
                        .code())
                .isEqualTo(201);
        Answer high = admin.post("/api/v1/namespaces/prio/pods", pod("h", "").replace("\"containers\"",
                "\"priorityClassName\":\"high\",\"containers\""));
        assertThat(high.json().at("/spec/priority").asInt()).isEqualTo(1000);
        assertThat(high.json().at("/spec/preemptionPolicy").asText()).isEqualTo("Never");
        assertThat(message(admin.post("/api/v1/namespaces/prio/pods", pod("h2", "").replace("\"containers\"",
                "\"priorityClassName\":\"none\",\"containers\"")))).isEqualTo(
                        "pods \"h2\" is forbidden: no PriorityClass with name none was found");
    }

    @Test
    void ofManyEvictionsOnlyWhatTheBudgetAllowsGoesThrough() throws Exception {
        namespace("drain", "");
        String pods = "/api/v1/namespaces/drain/pods";
        String budgets = "/apis/policy/v1/namespaces/drain/poddisruptionbudgets";
        List<Callable<Integer>> evictions = new ArrayList<>();
        for (String name : names("p", 6)) {
            String labelled = pod(name, "").replace("\"metadata\":{", "\"metadata\":{\"labels\":{\"app\":\"w\"},");
            assertThat(admin.post(pods, labelled).code()).isEqualTo(201);
            admin.send("PATCH", pods + "/" + name + "/status", "{\"status\":{\"phase\":\"Running\",\"conditions\":[{"
                    + "\"type\":\"Ready\",\"status\":\"True\"}]}}", "Content-Type", "application/merge-patch+json");
            ApiClient through = evictions.size() % 2 == 0 ? admin : other;
            evictions.add(() -> through.post(pods + "/" + name + "/eviction", eviction(name)).code());
        }
        admin.post(budgets,
                "{\"metadata\":{\"name\":\"b\"},\"spec\":{\"minAvailable\":4,\"selector\":{\"matchLabels\":{"
                        + "\"app\":\"w\"}}}}");
        Answer processing = admin.post(pods + "/p-0/eviction", eviction("p-0"));
        assertThat(processing.code()).isEqualTo(429);
        assertThat(processing.json().at("/details/causes/0/message").asText()).isEqualTo(
                "The disruption budget b is still being processed by the server.");
        admin.merge(budgets + "/b/status", "{\"status\":{\"observedGeneration\":1,\"disruptionsAllowed\":2,"
                + "\"currentHealthy\":6,\"desiredHealthy\":4,\"expectedPods\":6}}");

        assertThat(together(evictions).stream().filter(code -> code == 201).count()).isEqualTo(2);
        assertThat(admin.get(pods).json().path("items")).hasSize(4);
        var status = other.get(budgets + "/b").json().path("status");
        assertThat(status.path("disruptionsAllowed").asInt()).isZero();
        assertThat(status.path("disruptedPods")).hasSize(2);
        String left = admin.get(pods).json().at("/items/0/metadata/name").asText();
        Answer blocked = other.post(pods + "/" + left + "/eviction", eviction(left));
        assertThat(blocked.json().toString()).isEqualTo("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},"
                + "\"status\":\"Failure\",\"message\":\"Cannot evict pod as it would violate the pod's disruption budget."
                + "\",\"reason\":\"TooManyRequests\",\"details\":{\"causes\":[{\"reason\":\"DisruptionBudget\",\"message\":"
                + "\"The disruption budget b needs 4 healthy pods and has 6 currently\"}]},\"code\":429}");
    }

    @Test
    void anAddressAskedForByManyIsGivenToOne() throws Exception {
        List<Callable<Integer>> writers = new ArrayList<>();
        for (String name : names("svc", 12)) {
            ApiClient through = writers.size() % 2 == 0 ? admin : other;
            writers.add(() -> through.post("/api/v1/namespaces/default/services", service(name,
                    "\"clusterIP\":\"10.96.7.7\",\"type\":\"NodePort\",", ",\"nodePort\":30777")).code());
        }

        assertThat(together(writers)).containsOnlyOnce(201).containsOnly(201, 422);
        var claim = other.get("/apis/networking.k8s.io/v1/ipaddresses/10.96.7.7").json();
        String winner = claim.at("/spec/parentRef/name").asText();
        assertThat(claim.path("metadata").path("labels").toString()).isEqualTo("{\"ipaddress.kubernetes.io/ip-family\":"
                + "\"IPv4\",\"ipaddress.kubernetes.io/managed-by\":\"ipallocator.k8s.io\"}");
        assertThat(message(other.post("/api/v1/namespaces/default/services", service("late",
                "\"clusterIP\":\"10.96.7.7\",", ""))))
                .isEqualTo("Service \"late\" is invalid: spec.clusterIPs: Invalid "
                        + "value: [\"10.96.7.7\"]: failed to allocate IP 10.96.7.7: provided IP is already allocated");
        assertThat(message(other.post("/api/v1/namespaces/default/services", service("late", "\"type\":\"NodePort\",",
                ",\"nodePort\":30777"))))
                .isEqualTo("Service \"late\" is invalid: spec.ports[0].nodePort: Invalid value: "
                        + "30777: provided port is already allocated");

        admin.merge("/api/v1/namespaces/default/services/" + winner, "{\"spec\":{\"type\":\"ClusterIP\",\"ports\":[{"
                + "\"port\":80,\"nodePort\":null}]}}");
        assertThat(other.post("/api/v1/namespaces/default/services", service("port", "\"type\":\"NodePort\",",
                ",\"nodePort\":30777")).code()).isEqualTo(201);
        admin.delete("/api/v1/namespaces/default/services/" + winner);
        assertThat(other.get("/apis/networking.k8s.io/v1/ipaddresses/10.96.7.7").code()).isEqualTo(404);
        assertThat(admin.get("/apis/networking.k8s.io/v1/servicecidrs/kubernetes").json().at("/spec/cidrs").toString())
                .isEqualTo("[\"10.96.0.0/16\"]");
    }

    @Test
    void aClaimNobodyUsesIsFreeAfterTwoRounds() {
        var appender = new io.logplane.gateway.write.Appender(plane.registry(), java.time.InstantSource.system());
        var repair = new io.logplane.gateway.write.AddressRepair(appender);
        var key = io.logplane.gateway.admission.ServiceAddresses.key("10.96.9.9");
        new io.logplane.gateway.write.LogClaims(appender).claim(key, "IPAddress", "networking.k8s.io/v1",
                io.logplane.gateway.admission.ServiceAddresses.addressClaim("default", "never-was"));

        int unused = repair.sweep();
        assertThat(other.get("/apis/networking.k8s.io/v1/ipaddresses/10.96.9.9").code()).isEqualTo(200);
        assertThat(repair.sweep()).isEqualTo(1);
        assertThat(other.get("/apis/networking.k8s.io/v1/ipaddresses/10.96.9.9").code()).isEqualTo(404);
        assertThat(admin.get("/apis/networking.k8s.io/v1/ipaddresses/10.96.0.1").code()).isEqualTo(200);
    }

    private static String service(String name, String spec, String port) {
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{" + spec + "\"ports\":[{\"port\":80" + port
                + "}]}}";
    }

    private static String eviction(String name) {
        return "{\"kind\":\"Eviction\",\"apiVersion\":\"policy/v1\",\"metadata\":{\"name\":\"" + name
                + "\",\"namespace\":\"drain\"}}";
    }

    static List<Integer> together(List<Callable<Integer>> writers) throws Exception {
        List<Integer> codes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> done : threads.invokeAll(writers)) {
                codes.add(done.get());
            }
        }
        return codes;
    }

    /// A client that does as 429 tells it.
    private static int untilDecided(Callable<Integer> write) throws Exception {
        int code = 429;
        for (int i = 0; i < 50 && code == 429; i++) {
            code = write.call();
        }
        return code;
    }

    /// Names `prefix-0` to `prefix-(count-1)`.
    static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + "-" + i).toList();
    }
}
