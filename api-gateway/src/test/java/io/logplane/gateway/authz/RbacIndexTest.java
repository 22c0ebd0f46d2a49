package io.logplane.gateway.authz;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RbacIndexTest {
    private final RbacIndex index = new RbacIndex();
    private final User jane = new User("jane", "", List.of("dev", User.AUTHENTICATED), Map.of());

    @BeforeEach
    void policy() {
        put("clusterroles",
                """
                        {"metadata":{"name":"reader"},"rules":[{"apiGroups":[""],"resources":["pods","pods/log"],"verbs":["get","list"]},
                         {"apiGroups":["apps"],"resources":["*/scale"],"verbs":["update"]},
                         {"nonResourceURLs":["/metrics","/logs/*"],"verbs":["get"]}]}""");
        put("roles", """
                {"metadata":{"name":"one","namespace":"a"},"rules":[{"apiGroups":[""],"resources":["secrets"],
                 "resourceNames":["s"],"verbs":["get"]}]}""");
        put("clusterrolebindings", """
                {"metadata":{"name":"b"},"roleRef":{"kind":"ClusterRole","name":"reader"},
                 "subjects":[{"kind":"Group","name":"dev"}]}""");
        put("rolebindings", """
                {"metadata":{"name":"b","namespace":"a"},"roleRef":{"kind":"Role","name":"one"},
                 "subjects":[{"kind":"User","name":"jane"},{"kind":"ServiceAccount","name":"bot","namespace":"c"}]}""");
    }

    private void put(String resource, String json) {
        index.put(resource, Json.object(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static RequestInfo ask(String verb, String group, String resource, String namespace, String name) {
        String[] parts = resource.split("/", 2);
        return new RequestInfo(true, "", verb, group, "v1", parts[0], parts.length > 1 ? parts[1] : "", namespace, name,
                false);
    }

    @ParameterizedTest
    @CsvSource({"get,'',pods,a,p,true", "list,'',pods,'','',true", "get,'',pods/log,b,p,true",
        "get,'',pods/exec,b,p,false", "delete,'',pods,a,p,false", "get,'',secrets,a,s,true",
        "get,'',secrets,a,other,false", "list,'',secrets,a,'',false", "get,'',secrets,b,s,false",
        "update,apps,deployments/scale,z,d,true", "update,apps,deployments,z,d,false", "get,apps,pods,a,p,false"})
    void aRuleAllowsWhatItNamesAndNothingElse(String verb, String group, String resource, String namespace, String name,
            boolean allowed) {
        assertThat(index.allows(jane, ask(verb, group, resource, namespace, name))).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"/metrics,get,true", "/metrics/x,get,false", "/logs/a/b,get,true", "/metrics,post,false"})
    void pathsMatchWholeOrByTheirStar(String path, String verb, boolean allowed) {
        assertThat(index.allows(jane, RequestInfo.nonResource(path, verb))).isEqualTo(allowed);
    }

    @Test
    void aServiceAccountIsFoundByItsNamespaceAndName() {
        assertThat(index.allows(User.named("system:serviceaccount:c:bot"), ask("get", "", "secrets", "a", "s")))
                .isTrue();
        assertThat(index.allows(User.named("system:serviceaccount:a:bot"), ask("get", "", "secrets", "a", "s")))
                .isFalse();
    }

    @Test
    void aRemovedBindingGrantsNothingAnyMore() {
        index.remove("clusterrolebindings", "", "b");

        assertThat(index.allows(jane, ask("get", "", "pods", "a", "p"))).isFalse();
    }

    @Test
    void aBindingThatLosesASubjectLosesItInTheIndexToo() {
        put("clusterrolebindings", """
                {"metadata":{"name":"b"},"roleRef":{"kind":"ClusterRole","name":"reader"},
                 "subjects":[{"kind":"Group","name":"ops"}]}""");

        assertThat(index.allows(jane, ask("get", "", "pods", "a", "p"))).isFalse();
    }

    @Test
    void aRuleCoversOnlyAtomsItGrants() {
        PolicyRule rule = new PolicyRule(List.of("get", "list"), List.of(""), List.of("pods"), List.of(), List.of());
        PolicyRule more = new PolicyRule(List.of("get", "delete"), List.of(""), List.of("pods"), List.of(), List.of());

        assertThat(more.atoms()).filteredOn(rule::covers).extracting(PolicyRule::verbs).containsExactly(List.of("get"));
    }
}
