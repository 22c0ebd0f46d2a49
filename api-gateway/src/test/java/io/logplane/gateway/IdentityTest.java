package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.broker.pki.PemPair;
import io.logplane.gateway.ApiClient.Answer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may do what, over HTTPS with a real broker; and what happens while the broker is away.
class IdentityTest {
    private static final String SA = "/api/v1/namespaces/default/serviceaccounts";
    private static final String CM = "/api/v1/namespaces/default/configmaps";

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;

    @BeforeAll
    static void start() throws Exception {
        plane = DevPlane.start(directory, 0);
        admin = client(plane.pki().admin());
        org.awaitility.Awaitility.await().atMost(java.time.Duration.ofSeconds(60))
                .until(() -> admin.get("/readyz").code() == 200);
        admin.post(SA, "{\"metadata\":{\"name\":\"default\"}}");
    }

    @AfterAll
    static void stop() {
        plane.close();
    }

    private static ApiClient client(PemPair identity) {
        return new ApiClient(plane.port(), plane.pki().authorityCertificate(), identity);
    }

    /// A certificate of another authority: as good as none.
    private static ApiClient stranger() {
        Path elsewhere = directory.resolve("elsewhere");
        var pki = io.logplane.broker.pki.ClusterPki.ensure(elsewhere, java.util.List.of());
        return client(pki.admin());
    }

    private static String[] bearer(String token, String... more) {
        String[] headers = {"Authorization", "Bearer " + token};
        String[] all = Arrays.copyOf(headers, 2 + more.length);
        System.arraycopy(more, 0, all, 2, more.length);
        return all;
    }

    private static String token(String account, String spec) {
        Answer issued = admin.post(SA + "/" + account + "/token", "{\"spec\":" + spec + "}");
        assertThat(issued.code()).isEqualTo(201);
        return issued.json().at("/status/token").asText();
    }

    @Test
    void aStrangersCertificateAndAGarbageTokenAreRefused401() {
        ApiClient stranger = stranger();

        assertThat(stranger.get("/api/v1/namespaces").code()).isEqualTo(401);
        assertThat(stranger.get("/livez").code()).isEqualTo(401);
        assertThat(stranger.get("/api", bearer("garbage")).code()).isEqualTo(401);
        assertThat(stranger.get("/api", bearer("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.")).code()).isEqualTo(401);
    }

    @Test
    void anAggregationRuleNeedsEverythingItCouldGather() {
        String rbac = "/apis/rbac.authorization.k8s.io/v1/";
        admin.post(rbac + "clusterroles", "{\"metadata\":{\"name\":\"role-maker\"},\"rules\":[{\"apiGroups\":"
                + "[\"rbac.authorization.k8s.io\"],\"resources\":[\"clusterroles\"],\"verbs\":[\"get\",\"create\",\"update\"]}]}");
        admin.post(rbac + "clusterrolebindings", "{\"metadata\":{\"name\":\"role-maker\"},\"roleRef\":{\"apiGroup\":"
                + "\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"role-maker\"},\"subjects\":"
                + "[{\"kind\":\"User\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"maker\"}]}");
        admin.post(rbac + "clusterroles", "{\"metadata\":{\"name\":\"plain\"},\"rules\":[]}");
        ApiClient maker = client(plane.pki().client("maker", "maker", "dev"));
        String gathering = "{\"metadata\":{\"name\":\"NAME\"},\"aggregationRule\":{\"clusterRoleSelectors\":"
                + "[{\"matchLabels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"}}]},\"rules\":[]}";

        org.awaitility.Awaitility.await().until(() -> maker.get(rbac + "clusterroles/plain").code() == 200);
        assertThat(admin.post(rbac + "clusterroles", gathering.replace("NAME", "of-admin")).code()).isEqualTo(201);
        assertThat(client(plane.pki().client("plain-maker", "maker", "dev")).post(rbac + "clusterroles", gathering
                .replace("NAME", "own")).json().path("message").asText()).contains(
                        "must have cluster-admin privileges to use the aggregationRule");
    }

    @Test
    void aTokenIsBoundOnlyToAPodOfItsServiceAccount() {
        admin.post(SA, "{\"metadata\":{\"name\":\"other\"}}");
        admin.post("/api/v1/namespaces/default/pods", "{\"metadata\":{\"name\":\"other-pod\"},\"spec\":{"
                + "\"serviceAccountName\":\"other\",\"containers\":[{\"name\":\"c\",\"image\":\"x\"}]}}");

        Answer refused = admin.post(SA + "/default/token",
                "{\"spec\":{\"boundObjectRef\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"name\":\"other-pod\"}}}");

        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.json().path("message").asText()).isEqualTo(
                "cannot bind token for serviceaccount \"default\" to pod running with different serviceaccount name.");
    }

    @Test
    void aNodeHasTokensOfItsOwnPodsOnly() {
        ApiClient node = client(plane.pki().node("token-node"));
        admin.post("/api/v1/nodes", "{\"metadata\":{\"name\":\"token-node\"}}");
        admin.post("/api/v1/namespaces/default/pods", "{\"metadata\":{\"name\":\"token-pod\"},\"spec\":{"
                + "\"nodeName\":\"token-node\",\"containers\":[{\"name\":\"c\",\"image\":\"x\"}]}}");
        String uid = admin.get("/api/v1/namespaces/default/pods/token-pod").json().at("/metadata/uid").asText();
        String bound = "{\"spec\":{\"boundObjectRef\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"name\":\"token-pod\"UID}}}";

        Answer unbound = node.post(SA + "/default/token", "{\"spec\":{}}");
        assertThat(unbound.code()).isEqualTo(403);
        assertThat(unbound.json().path("message").asText()).isEqualTo(
                "serviceaccounts \"default\" is forbidden: node requested token not bound to a pod");
        assertThat(node.post(SA + "/default/token", bound.replace("UID", "")).json().path("message").asText()).endsWith(
                "node requested token with a pod binding without a uid");
        assertThat(node.post(SA + "/default/token", bound.replace("UID", ",\"uid\":\"" + uid + "\"")).code()).isEqualTo(
                201);

        Answer another = node.post(SA + "/default/token", bound.replace("UID", ",\"uid\":\"gone\""));
        assertThat(another.code()).isEqualTo(403);
        assertThat(another.json().path("message").asText()).contains("reference (gone) does not match the UID");
        assertThat(node.post(SA + "/default/token", bound.replace("\"v1\"", "\"v2\"").replace("UID", ",\"uid\":\""
                + uid + "\"")).json().path("message").asText()).endsWith("node requested token not bound to a pod");
    }

    @Test
    void aTokenIsBoundToWhatItsReferenceNamesOrIsNotIssued() {
        String request = "{\"spec\":{\"boundObjectRef\":{%s}}}";
        String secret = "\"name\":\"bound-to\"";
        admin.post("/api/v1/namespaces/default/secrets", "{\"metadata\":{\"name\":\"bound-to\"}}");

        for (String[] refused : new String[][]{{"\"apiVersion\":\"v1\",", "/v1, Kind="}, {
            "\"apiVersion\":\"apps/v1\",\"kind\":\"Secret\",", "apps/v1, Kind=Secret"},
            {
                "\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",", "/v1, Kind=ConfigMap"}}) {
            Answer answer = admin.post(SA + "/default/token", request.formatted(refused[0] + secret));
            assertThat(answer.code()).as(refused[1]).isEqualTo(400);
            assertThat(answer.json().path("message").asText()).isEqualTo("cannot bind token to object of type "
                    + refused[1]);
        }
        Answer another = admin.post(SA + "/default/token",
                request.formatted("\"apiVersion\":\"v1\",\"kind\":\"Secret\","
                        + secret + ",\"uid\":\"gone\""));
        assertThat(another.code()).isEqualTo(409);
        assertThat(another.json().path("message").asText()).startsWith(
                "Operation cannot be fulfilled on Secret \"bound-to\": the UID in the bound object reference (gone)");
        assertThat(admin.post(SA + "/default/token", request.formatted("\"apiVersion\":\"v1\",\"kind\":\"Secret\","
                + secret)).code()).isEqualTo(201);
    }

    @Test
    void aUserHoldsWhatHisBindingsGiveAndNoMore() {
        ApiClient jane = client(plane.pki().client("jane", "jane", "dev"));
        assertThat(jane.get(CM).code()).isEqualTo(403);
        assertThat(jane.get(CM).json().path("message").asText()).isEqualTo(
                "configmaps is forbidden: User \"jane\" cannot list resource \"configmaps\" in API group \"\" in the namespace \"default\"");

        admin.post("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
                """
                        {"metadata":{"name":"jane"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"edit"},
                         "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"jane"}]}""");

        org.awaitility.Awaitility.await().until(() -> jane.get(CM).code() == 200);
        assertThat(jane.get("/api/v1/namespaces/kube-system/configmaps").code()).isEqualTo(403);
        assertThat(jane.get("/api/v1/nodes").code()).isEqualTo(403);
        Answer grab = jane.post("/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles", """
                {"metadata":{"name":"more"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}""");
        assertThat(grab.code()).isEqualTo(403);
    }

    @Test
    void whoMayWriteRolesGrantsOnlyWhatHeHolds() {
        admin.post("/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles",
                """
                        {"metadata":{"name":"granter"},"rules":[{"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles","rolebindings"],
                         "verbs":["get","list","create","update"]},{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}""");
        admin.post("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
                """
                        {"metadata":{"name":"granter"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"granter"},
                         "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"gus"}]}""");
        String roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles";
        String role = "{\"metadata\":{\"name\":\"%s\"},\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"%s\"],\"verbs\":[\"get\"]}]}";
        ApiClient granter = client(plane.pki().client("gus", "gus", "dev"));
        org.awaitility.Awaitility.await().until(() -> granter.get(roles).code() == 200);

        Answer refused = granter.post(roles, role.formatted("g1", "secrets"));

        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.json().path("message").asText()).contains(
                "is attempting to grant RBAC permissions not currently held:\n{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\"]}");
        assertThat(granter.post(roles, role.formatted("g2", "pods")).code()).isEqualTo(201);
    }

    @Test
    void aTokenWorksUntilWhatItIsBoundToIsGone() {
        admin.post(SA, "{\"metadata\":{\"name\":\"bot\"}}");
        admin.post("/api/v1/namespaces/default/pods",
                "{\"metadata\":{\"name\":\"carrier\"},\"spec\":{\"serviceAccountName\":\"bot\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
        String token = token("bot",
                "{\"boundObjectRef\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"name\":\"carrier\"}}");
        ApiClient nobody = stranger();
        String self = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

        Answer me = nobody.post(self, "{}", bearer(token));
        assertThat(me.json().at("/status/userInfo/username").asText()).isEqualTo(
                "system:serviceaccount:default:bot");
        assertThat(nobody.get(CM, bearer(token)).code()).isEqualTo(403);
        admin.delete("/api/v1/namespaces/default/pods/carrier");
        assertThat(nobody.post(self, "{}", bearer(token)).code()).isEqualTo(401);
    }

    @Test
    void aTokenForAnotherAudienceIsNotForThisServer() {
        admin.post(SA, "{\"metadata\":{\"name\":\"aud\"}}");
        String token = token("aud", "{\"audiences\":[\"vault\"]}");

        assertThat(stranger().get("/api", bearer(token)).code()).isEqualTo(401);
        Answer review = admin.post("/apis/authentication.k8s.io/v1/tokenreviews",
                "{\"spec\":{\"token\":\"" + token + "\",\"audiences\":[\"vault\"]}}");
        assertThat(review.json().at("/status/authenticated").asBoolean()).isTrue();
    }

    @Test
    void anImpersonatedUserIsAskedAbout() {
        assertThat(admin.get(CM, "Impersonate-User", "nobody").code()).isEqualTo(403);
        ApiClient jim = client(plane.pki().client("jim", "jim", "dev"));
        assertThat(jim.get(CM, "Impersonate-User", "logplane:admin", "Impersonate-Group", "system:masters").code())
                .isEqualTo(403);
    }

    @Test
    void aNodeReadsOnlyWhatItsPodsNeedAndWritesOnlyItself() {
        ApiClient node = client(plane.pki().node("n1"));
        String secrets = "/api/v1/namespaces/default/secrets";
        admin.post(secrets, "{\"metadata\":{\"name\":\"mine\"}}");
        admin.post(secrets, "{\"metadata\":{\"name\":\"others\"}}");
        admin.post("/api/v1/namespaces/default/pods", """
                {"metadata":{"name":"user"},"spec":{"nodeName":"n1","containers":[{"name":"c","image":"i"}],
                 "volumes":[{"name":"v","secret":{"secretName":"mine"}}]}}""");

        assertThat(node.post("/api/v1/nodes", "{\"metadata\":{\"name\":\"n1\"}}").code()).isEqualTo(201);
        assertThat(node.post("/api/v1/nodes", "{\"metadata\":{\"name\":\"n2\"}}").code()).isEqualTo(403);
        assertThat(node.get(secrets + "/mine").code()).isEqualTo(200);
        assertThat(node.get(secrets + "/others").code()).isEqualTo(403);
        assertThat(node.get(secrets).code()).isEqualTo(403);
        assertThat(node.get("/api/v1/pods").code()).isEqualTo(403);
        assertThat(node.get("/api/v1/pods?fieldSelector=spec.nodeName%3Dn1").code()).isEqualTo(200);
        assertThat(node
                .merge("/api/v1/nodes/n1", "{\"metadata\":{\"labels\":{\"node-restriction.kubernetes.io/x\":\"y\"}}}")
                .code()).isEqualTo(403);
        assertThat(node.merge("/api/v1/namespaces/default/pods/user/status", "{\"status\":{\"phase\":\"Running\"}}")
                .code()).isEqualTo(200);
    }

    @Test
    void withoutTheBrokerReadsOfAnyRevisionGoOnAndEverythingRecovers() {
        admin.post(CM, "{\"metadata\":{\"name\":\"kept\"}}");
        plane.kafka().stop();
        try {
            Answer write = admin.post(CM, "{\"metadata\":{\"name\":\"lost\"}}");
            assertThat(write.code()).isIn(503, 504);
            assertThat(write.raw().headers().firstValue("retry-after")).isPresent();
            assertThat(admin.get(CM + "/kept?resourceVersion=0").code()).isEqualTo(200);
            assertThat(admin.get(CM + "?resourceVersion=0").code()).isEqualTo(200);
            org.awaitility.Awaitility.await().atMost(java.time.Duration.ofSeconds(30)).until(() -> admin.get("/readyz")
                    .code() == 500);
            assertThat(admin.get("/livez").code()).isEqualTo(200);
        } finally {
            plane.kafka().resume();
        }
        org.awaitility.Awaitility.await().atMost(java.time.Duration.ofSeconds(60)).until(() -> admin.get("/readyz")
                .code() == 200);
        assertThat(admin.post(CM, "{\"metadata\":{\"name\":\"after\"}}").code()).isEqualTo(201);
    }
}
