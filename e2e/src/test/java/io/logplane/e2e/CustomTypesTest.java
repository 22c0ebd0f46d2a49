package io.logplane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A type of one's own, as a person uses it: defined, explained, used, scaled, and taken away with all its objects.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CustomTypesTest {
    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: crontabs.GROUP
            spec:
              group: GROUP
              scope: Namespaced
              names: {plural: crontabs, kind: CronTab, shortNames: [SHORT], categories: [all]}
              versions:
              - name: v1
                served: true
                storage: true
                subresources:
                  status: {}
                  scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}
                additionalPrinterColumns:
                - {name: Spec, type: string, jsonPath: .spec.cronSpec}
                - {name: Replicas, type: integer, jsonPath: .spec.replicas}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        required: [cronSpec]
                        x-kubernetes-validations:
                        - {rule: "self.replicas <= 10", message: "too many replicas"}
                        properties:
                          cronSpec: {type: string, description: When it runs.}
                          replicas: {type: integer, default: 1}
                      status:
                        type: object
                        properties:
                          replicas: {type: integer}
            """;
    private static final String OBJECT = """
            apiVersion: GROUP/v1
            kind: CronTab
            metadata: {name: mine}
            spec: {cronSpec: "* * * * */5", replicas: 2}
            """;

    @BeforeAll
    void start() {
        Assumptions.assumeTrue(Plane.canRunContainers(), "the plane of these tests needs root on Debian");
    }

    Stream<Kubectl> kubectls() {
        return Kubectl.oldestAndNewest(Plane.shared().kubeconfig()).stream();
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void a_type_of_ones_own_lives_its_whole_life(Kubectl kubectl) {
        String minor = kubectl.version().replaceAll("\\D", "");
        String group = "g" + minor + ".example.com";
        String object = OBJECT.replace("GROUP", group);
        String plural = "crontabs." + group;

        kubectl.okWithInput(DEFINITION.replace("GROUP", group).replace("SHORT", "ct" + minor), "apply", "-f", "-");
        kubectl.ok("wait", "--for=condition=established", "--timeout=30s", "crd/" + plural);
        assertThat(kubectl.okWithInput(object, "apply", "-f", "-")).contains("created");
        assertThat(kubectl.okWithInput(object, "apply", "-f", "-")).contains("unchanged");

        assertThat(kubectl.ok("api-resources", "--api-group=" + group)).contains("crontabs", "CronTab");
        assertThat(kubectl.ok("explain", plural + ".spec.cronSpec")).contains("When it runs.");
        assertThat(kubectl.ok("get", plural)).contains("SPEC", "REPLICAS", "* * * * */5", "2");
        assertThat(kubectl.ok("get", "ct" + minor, "mine", "-o", "jsonpath={.spec.replicas}")).isEqualTo("2");
        assertThat(kubectl.ok("get", "all")).contains("crontab." + group + "/mine");
        assertThat(kubectl.ok("scale", plural + "/mine", "--replicas=4")).contains("scaled");
        assertThat(kubectl.run("patch", plural, "mine", "--type=merge", "-p", "{\"spec\":{\"replicas\":11}}").all())
                .contains("too many replicas");
        assertThat(kubectl.runWithInput(object.replace("replicas: 2", "replics: 2"), "apply", "-f", "-").all())
                .contains("unknown field \"spec.replics\"");

        assertThat(kubectl.ok("delete", "crd", plural, "--timeout=60s")).contains("deleted");
        await().atMost(Duration.ofSeconds(30)).until(() -> kubectl.run("get", plural).code() != 0);
    }
}
