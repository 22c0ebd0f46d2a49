package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.broker.pki.PemPair;
import io.logplane.gateway.ApiClient.Answer;
import io.logplane.gateway.http.Tls;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A chain of authorizers from a file: a webhook first, then nodes by what leads to them, then roles.
class AuthorizationTest {
    private static final String CM = "/api/v1/namespaces/default/configmaps";
    private static final String SECRETS = "/api/v1/namespaces/default/secrets";
    private static final String PODS = "/api/v1/namespaces/default/pods";

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;
    private static TrustedServer server;
    private static Path settings;

    @BeforeAll
    static void start() throws Exception {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
        server = new TrustedServer(directory.resolve("trusted"));
        server.on("/access", spec -> Json.newObject().put("allowed", false));
        Path kubeconfig = server.kubeconfig(directory.resolve("access.kubeconfig"), "/access").toAbsolutePath();
        settings = Files.writeString(directory.resolve("authorization.yaml"), settings(kubeconfig, "NoOpinion"));
        plane = DevPlane.start(directory, 0, config -> {
            IdentityConfig plain = config.identity();
            return config.with(new IdentityConfig(plain.requestHeader(), true, Optional.empty(), Optional.empty(),
                    Optional.empty(), Optional.of(settings)));
        });
        admin = client(plane.pki().admin());
        Awaitility.await().atMost(java.time.Duration.ofSeconds(60)).until(() -> admin.get("/readyz").code() == 200);
        admin.post("/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
    }

    @AfterAll
    static void stop() {
        Awaitility.reset();
        plane.close();
        server.close();
    }

    private static String settings(Path kubeconfig, String policy) {
        return """
                apiVersion: apiserver.config.k8s.io/v1
                kind: AuthorizationConfiguration
                authorizers:
                - type: Webhook
                  name: remote
                  webhook:
                    timeout: 3s
                    authorizedTTL: 30s
                    unauthorizedTTL: 30s
                    subjectAccessReviewVersion: v1
                    matchConditionSubjectAccessReviewVersion: v1
                    failurePolicy: %s
                    connectionInfo: {type: KubeConfigFile, kubeConfigFile: %s}
                    matchConditions:
                    - expression: has(request.resourceAttributes) && request.resourceAttributes.namespace == 'default'
                    - expression: request.user.startsWith('w-')
                - {type: Node, name: node}
                - {type: RBAC, name: rbac}
                """.formatted(policy, kubeconfig);
    }

    private static ApiClient client(PemPair identity) {
        return new ApiClient(plane.port(), plane.pki().authorityCertificate(), identity);
    }

    private static ApiClient user(String name) {
        return client(plane.pki().client(name, name, "dev"));
    }

    private static JsonNode access(String spec) {
        return admin.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", "{\"spec\":" + spec + "}").json().path(
                "status");
    }

    /// As upstream, which has lost the kind by then.
    @Test
    void aQuestionThatAsksNothingIsRefused() {
        JsonNode refused = admin.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", "{}").json();
        assertThat(refused.path("message").asText()).isEqualTo(".authorization.k8s.io \"\" is invalid: "
                + "[spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or "
                + "resourceAttributes must be specified, spec.user: Invalid value: \"\": at least one of user or group "
                + "must be specified]");
        assertThat(refused.path("details").has("kind")).isFalse();
    }

    @Test
    void aRefusalCannotBecomeAPage() {
        ApiClient.Answer refused = user("nobody").get("/%3Cb%3E&");
        assertThat(refused.code() + " " + refused.json().path("message").asText()).isEqualTo(
                "403 forbidden: User \"nobody\" cannot get path \"/&lt;b&gt;&amp;\"");
        assertThat(refused.raw().headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
    }

    @Test
    void aWebhookAllowsDeniesOrLeavesItToTheNext() {
        AtomicReference<JsonNode> seen = new AtomicReference<>(Json.newObject());
        server.on("/access", spec -> {
            seen.set(spec);
            return switch (spec.path("user").asText()) {
                case "w-yes" -> Json.newObject().put("allowed", true);
                case "w-both" -> Json.newObject().put("allowed", true).put("denied", true).put("reason", "what");
                case "w-no" -> Json.newObject().put("allowed", false).put("denied", true).put("reason", "not you");
                default -> Json.newObject().put("allowed", false).put("reason", "who?");
            };
        });
        ApiClient yes = user("w-yes");
        Awaitility.await().until(() -> yes.get(CM).code() == 200); // once the settings lead here again

        assertThat(yes.get(CM + "?labelSelector=a%3Db&fieldSelector=metadata.name%3Dx").code()).isEqualTo(200);
        assertThat(seen.get().path("resourceAttributes").toString()).isEqualTo("{\"namespace\":\"default\",\"verb\":"
                + "\"list\",\"version\":\"v1\",\"resource\":\"configmaps\",\"name\":\"x\",\"fieldSelector\":{"
                + "\"requirements\":[{\"key\":\"metadata.name\",\"operator\":\"In\",\"values\":[\"x\"]}]},"
                + "\"labelSelector\":{\"requirements\":[{\"key\":\"a\",\"operator\":\"In\",\"values\":[\"b\"]}]}}");
        assertThat(seen.get().path("groups").toString()).isEqualTo("[\"dev\",\"system:authenticated\"]");
        long before = server.asked("/access");
        assertThat(yes.get(CM + "?labelSelector=a%3Db&fieldSelector=metadata.name%3Dx").code()).isEqualTo(200);
        assertThat(server.asked("/access")).as("kept").isEqualTo(before);
        assertThat(yes.get("/api/v1/namespaces/kube-system/configmaps").code()).as("not matched").isEqualTo(403);
        assertThat(user("w-no").get(CM).json().path("message").asText()).isEqualTo("configmaps is forbidden: User "
                + "\"w-no\" cannot list resource \"configmaps\" in API group \"\" in the namespace \"default\": not you");
        mayRead("w-both");
        assertThat(user("w-both").get(CM).text()).contains(
                "webhook subject access review returned both allow and deny response");
        assertThat(access("{\"user\":\"w-no\",\"resourceAttributes\":{\"verb\":\"get\",\"resource\":\"pods\","
                + "\"namespace\":\"default\"}}").toString()).isEqualTo(
                        "{\"allowed\":false,\"denied\":true,\"reason\":\"not you\"}");
        assertThat(access("{\"user\":\"w-else\",\"resourceAttributes\":{\"verb\":\"get\",\"resource\":\"pods\","
                + "\"namespace\":\"default\"}}").toString()).isEqualTo("{\"allowed\":false,\"reason\":\"who?\"}");
        JsonNode rules = yes.post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
                "{\"spec\":{\"namespace\":\"default\"}}").json().path("status");
        assertThat(rules.path("incomplete").asBoolean()).isTrue();
        assertThat(rules.path("evaluationError").asText()).isEqualTo(
                "webhook authorizer does not support user rule resolution");
    }

    @Test
    void aNodeReachesWhatItsPodsLeadTo() {
        ApiClient node = client(plane.pki().node("n1"));
        for (String secret : List.of("of-pod", "of-volume", "of-nobody")) {
            admin.post(SECRETS, "{\"metadata\":{\"name\":\"" + secret + "\"}}");
        }
        admin.post("/api/v1/nodes", "{\"metadata\":{\"name\":\"n1\"}}");
        admin.post("/api/v1/persistentvolumes", """
                {"metadata":{"name":"v1"},"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],
                 "claimRef":{"namespace":"default","name":"c1"},"csi":{"driver":"d","volumeHandle":"h",
                 "nodePublishSecretRef":{"name":"of-volume","namespace":"default"}}}}""");
        admin.post("/api/v1/persistentvolumes", """
                {"metadata":{"name":"v2"},"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],
                 "hostPath":{"path":"/x"}}}""");
        admin.post("/api/v1/namespaces/default/persistentvolumeclaims", """
                {"metadata":{"name":"c1"},"spec":{"volumeName":"v1","accessModes":["ReadWriteOnce"],
                 "resources":{"requests":{"storage":"1Gi"}}}}""");
        for (String of : List.of("n1", "n2")) {
            admin.post("/apis/storage.k8s.io/v1/volumeattachments", """
                    {"metadata":{"name":"a-%s"},"spec":{"attacher":"d","nodeName":"%s","source":
                     {"persistentVolumeName":"v1"}}}""".formatted(of, of));
        }
        Answer pod = admin.post(PODS, """
                {"metadata":{"name":"p"},"spec":{"nodeName":"n1","containers":[{"name":"c","image":"i"}],"volumes":[
                 {"name":"a","secret":{"secretName":"of-pod"}},{"name":"b","persistentVolumeClaim":{"claimName":"c1"}},
                 {"name":"t","projected":{"sources":[{"serviceAccountToken":{"path":"t","audience":"vault"}}]}}]}}""");
        assertThat(pod.code()).as(pod.text()).isEqualTo(201);

        for (String open : List.of(SECRETS + "/of-pod", SECRETS + "/of-volume", PODS + "/p", "/api/v1/nodes/n1",
                "/api/v1/namespaces/default/persistentvolumeclaims/c1", "/api/v1/persistentvolumes/v1",
                "/apis/storage.k8s.io/v1/volumeattachments/a-n1",
                "/apis/resource.k8s.io/v1/resourceslices?fieldSelector=spec.nodeName%3Dn1")) {
            assertThat(node.get(open).code()).as(open).isEqualTo(200);
        }
        for (String shut : List.of(SECRETS + "/of-nobody", "/api/v1/persistentvolumes/v2",
                "/apis/storage.k8s.io/v1/volumeattachments/a-n2",
                "/apis/resource.k8s.io/v1/namespaces/default/resourceclaims/x")) {
            Answer refused = node.get(shut);
            assertThat(refused.code()).as(shut).isEqualTo(403);
            assertThat(refused.json().path("message").asText()).endsWith(
                    ": no relationship found between node 'n1' and this object");
        }
        Answer write = node.delete(SECRETS + "/of-pod");
        assertThat(write.code()).isEqualTo(403);
        assertThat(write.json().path("message").asText()).endsWith(": can only read resources of this type");
        assertThat(node.get(SECRETS).code()).as("all secrets").isEqualTo(403);
        assertThat(why(node, "/api/v1/nodes")).isEqualTo("node 'n1' cannot read all nodes, only its own Node object");
        assertThat(why(node, "/api/v1/persistentvolumes")).isEqualTo(
                "can only get individual resources of this type");
        assertThat(why(node, "/apis/resource.k8s.io/v1/resourceslices")).isEqualTo(
                "can only list/watch/deletecollection resourceslices with nodeName field selector");
        assertThat(why(node, "/apis/coordination.k8s.io/v1/namespaces/default/leases/n1")).isEqualTo(
                "can only access leases in the \"kube-node-lease\" system namespace");
        tokens(node, pod.json().at("/metadata/uid").asText());
    }

    /// S-01: each resource and method, as nobody and with a token nobody gave.
    @Test
    void everyRouteIsShutToNobodyAndToGarbage() throws Exception {
        HttpClient nobody = HttpClient.newBuilder().sslContext(Tls.asking(plane.pki().authorityPem(), "", "")).build();
        List<String> open = new ArrayList<>();
        for (ResourceType type : ResourceTypes.ALL) {
            String all = (type.group().isEmpty() ? "/api/" : "/apis/" + type.group() + "/") + type.version() + "/"
                    + (type.namespaced() ? "namespaces/default/" : "") + type.plural();
            for (String asked : List.of("GET " + all, "POST " + all, "DELETE " + all, "GET " + all + "/x", "PUT " + all
                    + "/x", "PATCH " + all + "/x", "DELETE " + all + "/x", "GET " + all + "/x/status")) {
                String[] parts = asked.split(" ");
                HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + plane.port()
                        + parts[1])).method(parts[0], HttpRequest.BodyPublishers.noBody());
                int anonymous = nobody.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
                int garbage = nobody.send(request.header("Authorization", "Bearer garbage").build(),
                        HttpResponse.BodyHandlers.discarding()).statusCode();
                if (anonymous != 403 || garbage != 401) {
                    open.add(asked + " " + anonymous + " " + garbage);
                }
            }
        }
        assertThat(open).isEmpty();
    }

    private static String why(ApiClient client, String path) {
        String message = client.get(path).json().path("message").asText();
        return message.substring(message.indexOf(": ", message.indexOf("User ")) + 2);
    }

    /// A node has tokens for the audiences that volumes of its pods name, and no others.
    private static void tokens(ApiClient node, String uid) {
        String path = "/api/v1/namespaces/default/serviceaccounts/default/token";
        String request = "{\"spec\":{\"audiences\":[%s],\"boundObjectRef\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\","
                + "\"name\":\"p\",\"uid\":\"" + uid + "\"}}}";
        assertThat(node.post(path, request.formatted("\"vault\"")).code()).isEqualTo(201);
        assertThat(node.post(path, request.formatted("")).code()).as("of kube-api-access").isEqualTo(201);
        assertThat(node.post(path, request.formatted("\"bank\"")).json().path("message").asText()).isEqualTo(
                "serviceaccounts \"default\" is forbidden: audience \"bank\" not found in pod spec volume");
        assertThat(node.post(path, request.formatted("\"vault\",\"bank\"")).json().path("message").asText()).endsWith(
                "node may only request 0 or 1 audiences");
    }

    private static void mayRead(String user) {
        assertThat(admin.post("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", """
                {"metadata":{"name":"NAME"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole",
                 "name":"view"},"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"NAME"}]}"""
                .replace("NAME", user)).code()).isEqualTo(201);
    }

    @Test
    void anUnreachableWebhookDeniesWhereTheSettingsSaySo() throws Exception {
        mayRead("w-lost");
        ApiClient lost = user("w-lost");
        Path nowhere = directory.resolve("nowhere.kubeconfig").toAbsolutePath();
        Files.writeString(nowhere, Files.readString(directory.resolve("access.kubeconfig")).replaceAll(":[0-9]+/access",
                ":1/access"));
        Awaitility.await().until(() -> lost.get(CM).code() == 200);

        Files.writeString(settings, settings(nowhere, "Deny"));
        Awaitility.await().until(() -> lost.get(CM).code() == 500);
        assertThat(lost.get(CM).text()).startsWith("Internal Server Error: \"" + CM + "\": Post ")
                .contains(":1: connect: connection refused");
        Files.writeString(settings, settings(nowhere, "NoOpinion"));
        Awaitility.await().until(() -> lost.get(CM).code() == 200);
        Files.writeString(settings, settings(directory.resolve("access.kubeconfig").toAbsolutePath(), "NoOpinion"));
    }
}
