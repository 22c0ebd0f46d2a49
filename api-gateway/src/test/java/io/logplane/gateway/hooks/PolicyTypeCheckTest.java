package io.logplane.gateway.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.types.Converter;
import io.logplane.extension.types.CustomTypes;
import io.logplane.gateway.hooks.PolicyTypeCheck.Warning;
import io.logplane.schemas.definitions.Definition;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.TypeCatalogue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the types of objects say of the rules of a policy, in upstream's words.
class PolicyTypeCheckTest {

    private static ObjectNode json(String single) {
        return Json.object(single.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /// Shape: `about` is `group/version/resource`.
    private static ObjectNode spec(String more, String... about) {
        ObjectNode spec = json("{" + more + "}");
        var rules = spec.putObject("matchConstraints").putArray("resourceRules");
        for (String one : about) {
            String[] parts = one.split("/", 3);
            ObjectNode rule = rules.addObject();
            rule.putArray("apiGroups").add(parts[0]);
            rule.putArray("apiVersions").add(parts[1]);
            rule.putArray("resources").add(parts[2]);
        }
        return spec;
    }

    private static ObjectNode rule(String expression, String... about) {
        ObjectNode spec = spec("", about);
        spec.putArray("validations").addObject().put("expression", expression);
        return spec;
    }

    private static List<Warning> check(ObjectNode spec) {
        return PolicyTypeCheck.warnings(spec, TypeCatalogue.BUILT_IN);
    }

    @Test
    void every_type_has_its_paragraph_and_every_expression_its_place() {
        ObjectNode spec = spec("'validations':[{'expression':'true'},{'expression':'object.replicas > 1',"
                + "'messageExpression':'object.kind + object.spec.replicas'}]",
                "apps/v1/deployments", "apps/v1/replicasets");

        assertThat(check(spec)).containsExactly(new Warning("spec.validations[1].expression", """
                apps/v1, Kind=Deployment: ERROR: <input>:1:7: undefined field 'replicas'
                 | object.replicas > 1
                 | ......^

                apps/v1, Kind=ReplicaSet: ERROR: <input>:1:7: undefined field 'replicas'
                 | object.replicas > 1
                 | ......^
                """), new Warning("spec.validations[1].messageExpression", """
                apps/v1, Kind=Deployment: ERROR: <input>:1:13: found no matching overload for '_+_' applied to \
                '(string, int)'
                 | object.kind + object.spec.replicas
                 | ............^

                apps/v1, Kind=ReplicaSet: ERROR: <input>:1:13: found no matching overload for '_+_' applied to \
                '(string, int)'
                 | object.kind + object.spec.replicas
                 | ............^
                """));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "object.spec.containers[0].resources.limits.cpu == '1'| undefined field 'limits'",
        "object.spec.activeDeadlineSeconds > '1'| found no matching overload for '_>_' applied to '(int, string)'",
        "object.metadata.creationTimestamp == 'now'| applied to '(timestamp, string)'",
        "object.metadata.labels.x == 1| applied to '(string, int)'",
        "oldObject.metdata.name == ''| undefined field 'metdata'",
        "request.nothing == ''| undefined field 'nothing'",
        "namespaceObject.metadata.managedFields.size() == 0| undefined field 'managedFields'",
        "namespaceObject.metadata.labels + 1 == 2| applied to '(map(string, string), int)'",
        "authorizer.allowed()| found no matching overload for 'allowed' applied to",
        "object.spec.containers.all(c, c.ports.all(p, p.containerPort == 'x'))| applied to '(int, string)'"})
    void what_a_type_does_not_have_is_told(String expression, String problem) {
        List<Warning> found = check(rule(expression, "/v1/pods"));

        assertThat(found).singleElement().satisfies(warning -> {
            assertThat(warning.fieldRef()).isEqualTo("spec.validations[0].expression");
            assertThat(warning.text()).startsWith("/v1, Kind=Pod: ERROR: <input>:1:").contains(problem);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"oldObject == null || object.metadata.name == oldObject.metadata.name",
        "has(object.metadata.labels) && 'a' in object.metadata.labels && object.metadata.labels['a'] != ''",
        "object.spec.containers.all(c, !has(c.securityContext) || c.?securityContext.privileged.orValue(false) == true)",
        "object.spec.containers.all(c, !has(c.livenessProbe) || c.livenessProbe.httpGet.port == 'http' || "
                + "c.livenessProbe.httpGet.port == 80)",
        "object.metadata.creationTimestamp < timestamp('2026-01-01T00:00:00Z')", "namespaceObject.metadata.name != ''",
        "namespaceObject == null || namespaceObject.spec.finalizers.size() == 0",
        "authorizer.path('/x').check('get').allowed()", "request.operation == 'CREATE'",
        "object.metadata.managedFields.all(f, f.fieldsV1 != null)"})
    void what_it_has_is_not(String expression) {
        assertThat(check(rule(expression, "/v1/pods"))).isEmpty();
    }

    @Test
    void the_resource_of_the_request_is_not_known_to_the_check() {
        assertThat(check(rule("authorizer.requestResource.check('get').allowed()", "/v1/pods"))).containsExactly(
                new Warning("spec.validations[0].expression", "/v1, Kind=Pod: ERROR: <input>:1:11: unexpected failed "
                        + "resolution of 'kubernetes.authorization.Authorizer'\n"
                        + " | authorizer.requestResource.check('get').allowed()\n | ..........^\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/v1/deployments", "apps/*/deployments", "apps/v1/*", "apps/v1/deployments/status",
        "apps/v7/deployments", "nobody.example/v1/things"})
    void rules_that_name_no_type_are_not_checked(String about) {
        assertThat(check(rule("object.nope == 1", about))).isEmpty();
        assertThat(check(rule("object.nope == 1", about, "/v1/pods"))).hasSize(1);
    }

    @Test
    void the_group_of_the_core_is_any_group() {
        assertThat(check(rule("object.nope == 1", "/v1/events")).getFirst().text()).contains("/v1, Kind=Event: ",
                "events.k8s.io/v1, Kind=Event: ");
    }

    @Test
    void ten_types_are_enough() {
        ObjectNode many = rule("object.nope == 1", "/v1/pods", "apps/v1/deployments");
        ObjectNode first = (ObjectNode) many.at("/matchConstraints/resourceRules/0");
        for (String more : List.of("configmaps", "secrets", "services", "endpoints", "nodes", "namespaces",
                "serviceaccounts", "limitranges", "resourcequotas", "podtemplates")) {
            first.withArray("resources").add(more);
        }

        String told = check(many).getFirst().text();

        assertThat(told.split("Kind=", -1)).hasSize(11);
        assertThat(told).doesNotContain("Deployment").doesNotContain("Kind=Service:"); // the last by its resource
    }

    @Test
    void variables_have_the_types_of_what_they_say_and_parameters_those_of_their_kind() {
        ObjectNode spec = spec("'paramKind':{'apiVersion':'v1','kind':'ConfigMap'},'variables':["
                + "{'name':'n','expression':'object.spec.replicas'},{'name':'odd','expression':'object.nope'}],"
                + "'validations':[{'expression':'variables.n == params.data.n'},"
                + "{'expression':'variables.odd == 1 || variables.odd == true || params.nope == 2'}]",
                "apps/v1/deployments");

        assertThat(check(spec)).extracting(Warning::text).containsExactly("""
                apps/v1, Kind=Deployment: ERROR: <input>:1:13: found no matching overload for '_==_' applied to \
                '(int, string)'
                 | variables.n == params.data.n
                 | ............^
                """, """
                apps/v1, Kind=Deployment: ERROR: <input>:1:54: undefined field 'nope'
                 | variables.odd == 1 || variables.odd == true || params.nope == 2
                 | .....................................................^
                """);
        spec.withObject("paramKind").put("kind", "Unknown");
        assertThat(check(spec)).isEmpty();
    }

    @Test
    void a_custom_type_has_the_fields_of_its_schema_and_all_metadata() {
        TypeCatalogue types = types("{'type':'object','properties':{'spec':{'type':'object','properties':{"
                + "'size':{'type':'integer'},'port':{'x-kubernetes-int-or-string':true},'until':{'type':'string',"
                + "'format':'duration'},'any':{'x-kubernetes-preserve-unknown-fields':true},'open':{'type':'object',"
                + "'additionalProperties':true},'names':{'type':'array','items':{'type':'string'}},'pod':{"
                + "'type':'object','x-kubernetes-embedded-resource':true,'x-kubernetes-preserve-unknown-fields':true},"
                + "'shares':{'type':'object','additionalProperties':{'type':'number'}}}}}}");
        String fine = "object.spec.size > 1 && object.spec.port == 'http' && object.spec.until < duration('1h')"
                + " && object.spec.names.all(n, n != '') && object.spec.shares.all(k, object.spec.shares[k] > 0.5)"
                + " && object.spec.pod.metadata.labels.x == '' && object.metadata.uid != '' && object.kind != ''"
                + " && has(object.spec.open)";

        assertThat(PolicyTypeCheck.warnings(rule(fine, "example.com/v1/things"), types)).isEmpty();
        for (String wrong : List.of("object.spec.any == 1", "object.spec.open.x == 1", "object.spec.pod.spec == 1",
                "object.spec.size == 'x'", "object.status == 1")) {
            assertThat(PolicyTypeCheck.warnings(rule(wrong, "example.com/v1/things"), types)).as(wrong).singleElement()
                    .satisfies(warning -> assertThat(warning.text()).startsWith(
                            "example.com/v1, Kind=Thing: ERROR: <input>:1:"));
        }
    }

    private static TypeCatalogue types(String schema) {
        String names = "{'plural':'things','singular':'thing','kind':'Thing','listKind':'ThingList'}";
        ObjectNode definition = json("{'metadata':{'name':'things.example.com','generation':1},'spec':{"
                + "'group':'example.com','scope':'Namespaced','names':" + names + ",'versions':[{'name':'v1',"
                + "'served':true,'storage':true,'schema':{'openAPIV3Schema':" + schema + "}}]},'status':{"
                + "'storedVersions':['v1'],'acceptedNames':" + names + ",'conditions':[{'type':'Established',"
                + "'status':'True'}]}}");
        List<ResourceType> served = new ArrayList<>(TypeCatalogue.BUILT_IN.all());
        served.addAll(CustomTypes.of(new Definition(definition), Converter.RENAMING).served());
        return TypeCatalogue.of(1, served, List.of());
    }
}
