package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.types.ResourceType;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is refused of hooks and policies. A row: part of the object, all the causes joined by "; " ("-" for none).
class HookRulesTest {
    private static final String RULE = "'operations':['CREATE'],'apiGroups':['a'],'apiVersions':['v1'],"
            + "'resources':['x']";
    private static final String MATCH = "'matchConstraints':{'resourceRules':[{" + RULE + "}]}";

    private static String refusals(String plural, String json) {
        ResourceType type = Samples.type(plural + ".admissionregistration.k8s.io");
        ObjectNode object = Samples.json(json);
        object.putObject("metadata").put("name", "n");
        type.rules().applyDefaults(object);
        String all = type.problems(object).stream().map(wrong -> wrong.field() + ": " + wrong.message()).collect(
                Collectors.joining("; "));
        return all.isEmpty() ? "-" : all;
    }

    private static String webhook(String part) {
        return "{'name':'a.b.c','clientConfig':{'url':'https://a.example'},'sideEffects':'None',"
                + "'admissionReviewVersions':['v1']" + part + "}";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'rules':[{'operations':['CREATE','*'],'apiGroups':['*','a'],'apiVersions':[''],'resources':['a/*','a/x']}]|"
                + "webhooks[0].rules[0].operations: Invalid value: [\"CREATE\",\"*\"]: if '*' is present, must not "
                + "specify other operations; webhooks[0].rules[0].apiGroups: Invalid value: [\"*\",\"a\"]: if '*' is "
                + "present, must not specify other API groups; webhooks[0].rules[0].apiVersions[0]: Required value; "
                + "webhooks[0].rules[0].resources[1]: Invalid value: \"a/x\": if 'a/*' is present, must not specify a/x",
        "'rules':[{}]|webhooks[0].rules[0].operations: Required value; webhooks[0].rules[0].apiGroups: Required value; "
                + "webhooks[0].rules[0].apiVersions: Required value; webhooks[0].rules[0].resources: Required value",
        "'rules':[{'operations':['PATCH'],'apiGroups':['a'],'apiVersions':['v1'],'resources':['*','a'],'scope':'x'}]|"
                + "webhooks[0].rules[0].operations[0]: Unsupported value: \"PATCH\": supported values: \"*\", "
                + "\"CONNECT\", \"CREATE\", \"DELETE\", \"UPDATE\"; webhooks[0].rules[0].resources: Invalid value: "
                + "[\"*\",\"a\"]: if '*' is present, must not specify other resources without subresources; "
                + "webhooks[0].rules[0].scope: Unsupported value: \"x\": supported values: \"*\", \"Cluster\", "
                + "\"Namespaced\"",
        "'rules':[{'operations':['*'],'apiGroups':['a'],'apiVersions':['v1'],'resources':['*','a/b','*/c']}]|-",
        "'failurePolicy':'','matchPolicy':''|webhooks[0].failurePolicy: Unsupported value: \"\": supported values: "
                + "\"Fail\", \"Ignore\"; webhooks[0].matchPolicy: Unsupported value: \"\": supported values: "
                + "\"Equivalent\", \"Exact\"",
        "'timeoutSeconds':31,'matchPolicy':'x'|webhooks[0].matchPolicy: Unsupported value: \"x\": supported values: "
                + "\"Equivalent\", \"Exact\"; webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must "
                + "be between 1 and 30 seconds",
        "'matchConditions':[{'name':'a','expression':'true'},{'name':'a','expression':' '},{'expression':'true'}]|"
                + "webhooks[0].matchConditions[1].expression: Required value; webhooks[0].matchConditions[1].name: "
                + "Duplicate value: \"a\"; webhooks[0].matchConditions[2].name: Required value",
        "'objectSelector':{'matchExpressions':[{'key':'k','operator':'x'}]}|webhooks[0].objectSelector"
                + ".matchExpressions[0].operator: Invalid value: \"x\": not a valid selector operator"})
    void aWebhookIsChecked(String part, String expected) {
        assertThat(refusals("validatingwebhookconfigurations", "{'webhooks':[" + webhook("," + part) + "]}"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'service':{'name':'n'}|.service.name: Required value",
        "'service':{'namespace':'n'}|.service.namespace: Required value",
        "'service':{'name':'n','namespace':'m','port':0,'path':'a//'}|.service.port: Invalid value: 0: port is not "
                + "valid: must be between 1 and 65535, inclusive; .service.path: Invalid value: \"a//\": must start "
                + "with a '/'; .service.path: Invalid value: \"a//\": segment[0] may not be empty; .service.path: Invalid value: \"a//\": "
                + "segment[1] may not be empty",
        "'url':null,'service':{'name':'n','namespace':'m'}|-",
        "'url':'https://under_score/a b'|-", "'url':'https://[::1]:443/x'|-",
        "'url':'https://a b/'|.url: Required value: url must be a valid URL: parse \"https://a b/\": invalid character "
                + "\" \" in host name; desired format: https://host[/path]",
        "'url':'a:b@c#d?e'|.url: Invalid value: \"a\": 'https' is the only allowed URL scheme; desired format: "
                + "https://host[/path]; .url: Invalid value: \"\": host must be specified; desired format: "
                + "https://host[/path]; .url: Invalid value: \"d?e\": fragments are not permitted in the URL",
        "'url':'https://u:p@h?q'|.url: Invalid value: \"u:p\": user information is not permitted in the URL; .url: "
                + "Invalid value: \"q\": query parameters are not permitted in the URL"})
    void whereAWebhookIsIsReadAsGoReadsIt(String client, String expected) {
        String found = refusals("validatingwebhookconfigurations", "{'webhooks':[" + webhook("").replace(
                "'url':'https://a.example'", client) + "]}");
        assertThat(found.replace("webhooks[0].clientConfig", "")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "k8s.io|webhooks[0].name: Invalid value: \"k8s.io\": should be a domain with at least three segments "
                + "separated by dots",
        "``|webhooks[0].name: Required value", "a.b.c|webhooks[1].name: Duplicate value: \"a.b.c\""})
    void aWebhookHasAFullNameOfItsOwn(String name, String expected) {
        String second = "," + webhook("");
        assertThat(refusals("mutatingwebhookconfigurations", "{'webhooks':[" + webhook("").replace("'a.b.c'", "'" + name
                + "'") + second + "]}")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'validations':[{'expression':'true'}]|-",
        "'failurePolicy':'x'|spec.failurePolicy: Unsupported value: \"x\": supported values: \"Fail\", \"Ignore\"; "
                + "spec.validations: Required value: validations or auditAnnotations must contain at least one item; "
                + "spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one "
                + "item",
        "'validations':[{'message':' ','reason':'x','messageExpression':' '}]|spec.validations[0].expression: "
                + "Required value: expression is not specified; spec.validations[0].messageExpression: Invalid value: "
                + "\" \": must be non-empty if specified; spec.validations[0].message: Invalid value: \" \": message "
                + "must be non-empty if specified; spec.validations[0].reason: Unsupported value: \"x\": supported "
                + "values: \"Forbidden\", \"Invalid\", \"RequestEntityTooLarge\"",
        "'validations':[{'expression':'true','reason':''}]|spec.validations[0].reason: Unsupported value: \"\": supported "
                + "values: \"Forbidden\", \"Invalid\", \"RequestEntityTooLarge\"",
        "'auditAnnotations':[{'key':'a','valueExpression':'x'},{'key':'a'}]|spec.auditAnnotations[1].valueExpression: "
                + "Required value: valueExpression is not specified; spec.auditAnnotations[1].key: Duplicate value: "
                + "\"a\"",
        "'validations':[{'expression':'true'}],'paramKind':{'apiVersion':'a/b/c'}|spec.paramKind.apiVersion: Invalid "
                + "value: \"a/b/c\": unexpected GroupVersion string: a/b/c; spec.paramKind.kind: Required value",
        "'validations':[{'expression':'true'}],'variables':[{'name':'in','expression':'1'},{'name':'ok'}]|"
                + "spec.variables[0].name: Invalid value: \"in\": name is not a valid CEL identifier; "
                + "spec.variables[1].expression: Required value: expression is not specified"})
    void aValidatingPolicyIsChecked(String part, String expected) {
        assertThat(refusals("validatingadmissionpolicies", "{'spec':{" + MATCH + "," + part + "}}")).isEqualTo(
                expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'reinvocationPolicy':'Never','mutations':[{'patchType':'JSONPatch','jsonPatch':{'expression':'x'}}]|-",
        "'mutations':[{}]|spec.mutations[0].patchType: Required value; spec.reinvocationPolicy: Required value",
        "'reinvocationPolicy':'x'|spec.mutations: Required value: mutations must contain at least one item; "
                + "spec.reinvocationPolicy: Unsupported value: \"x\": supported values: \"IfNeeded\", \"Never\"",
        "'reinvocationPolicy':'IfNeeded','mutations':[{'patchType':'x'},{'patchType':'JSONPatch',"
                + "'applyConfiguration':{'expression':'x'}},{'patchType':'ApplyConfiguration','applyConfiguration':"
                + "{}}]|spec.mutations[0].patchType: Unsupported value: \"x\": supported values: "
                + "\"ApplyConfiguration\", \"JSONPatch\"; spec.mutations[1].jsonPatch: Required value: must be specified "
                + "when patchType is JSONPatch; spec.mutations[1].applyConfiguration: Invalid value: "
                + "\"{applyConfiguration}\": must not be specified when patchType is JSONPatch; "
                + "spec.mutations[2].applyConfiguration.expression: Required value",
        "'reinvocationPolicy':'Never','mutations':[{'patchType':'JSONPatch','jsonPatch':{'expression':'x'}}],"
                + "'matchConstraints':{'resourceRules':[{'operations':['CONNECT','DELETE'],'apiGroups':['a'],"
                + "'apiVersions':['v1'],'resources':['x']}]}|spec.matchConstraints.resourceRules.operations: "
                + "Unsupported value: \"DELETE\": supported values: \"*\", \"CONNECT\", \"CREATE\", \"UPDATE\""})
    void aMutatingPolicyIsChecked(String part, String expected) {
        assertThat(refusals("mutatingadmissionpolicies", "{'spec':{" + MATCH + "," + part + "}}")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'policyName':'p','validationActions':['Deny','Audit']|-",
        "'policyName':'P','validationActions':[]|spec.policyName: Invalid value: \"P\": a lowercase RFC 1123 subdomain "
                + "must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
                + "alphanumeric character (e.g. 'example.com', regex used for validation is "
                + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'); spec.validationActions: "
                + "Required value: at least one validation action is required",
        "'validationActions':['Deny','Deny','x']|spec.policyName: Required value; spec.validationActions[1]: Duplicate "
                + "value: \"Deny\"; spec.validationActions[2]: Unsupported value: \"x\": supported values: \"Audit\", "
                + "\"Deny\", \"Warn\"",
        "'policyName':'p','validationActions':['Deny','Warn']|spec.validationActions: Invalid value: "
                + "[\"Deny\",\"Warn\"]: must not contain both Deny and Warn (repeating the same validation failure "
                + "information in the API response and headers serves no purpose)",
        "'policyName':'p','validationActions':['Deny'],'paramRef':{'name':'a'}|spec.paramRef.parameterNotFoundAction: "
                + "Required value",
        "'policyName':'p','validationActions':['Deny'],'paramRef':{'name':'a/b','selector':{},"
                + "'parameterNotFoundAction':'Allow'}|spec.paramRef.name: "
                + "Invalid value: \"a/b\": may not contain '/'; spec.paramRef.name: Forbidden: name and selector are "
                + "mutually exclusive; spec.paramRef.selector: Forbidden: name and selector are mutually exclusive",
        "'policyName':'p','validationActions':['Deny'],'paramRef':{'parameterNotFoundAction':'x'}|spec.paramRef: "
                + "Required value: one of name or selector must be specified; spec.paramRef.parameterNotFoundAction: "
                + "Unsupported value: \"x\": supported values: \"Deny\", \"Allow\"",
        "'policyName':'p','validationActions':['Deny'],'matchResources':{'matchPolicy':'x','resourceRules':[{"
                + "'resourceNames':['a','a']," + RULE
                + "}]}|spec.matchResources.matchPolicy: Unsupported value: \"x\": "
                + "supported values: \"Equivalent\", \"Exact\"; spec.matchResources.resourceRules[0].resourceNames[1]: "
                + "Duplicate value: \"a\""})
    void aBindingIsChecked(String part, String expected) {
        assertThat(refusals("validatingadmissionpolicybindings", "{'spec':{" + part + "}}")).isEqualTo(expected);
    }

    @Test
    void aMutatingBindingIsAboutWhatCanBeChanged() {
        String binding = "{'spec':{'policyName':'p','matchResources':{'resourceRules':[{" + RULE.replace("CREATE",
                "DELETE") + "}]}}}";
        assertThat(refusals("mutatingadmissionpolicybindings", binding)).isEqualTo(
                "spec.matchResources.resourceRules.operations: Unsupported value: \"DELETE\": supported values: \"*\", "
                        + "\"CONNECT\", \"CREATE\", \"UPDATE\"");
        assertThat(refusals("mutatingadmissionpolicybindings", binding.replace("DELETE", "*"))).isEqualTo("-");
    }

    @Test
    void theStatusOfAPolicyIsChecked() {
        ResourceType type = Samples.type("validatingadmissionpolicies.admissionregistration.k8s.io");
        ObjectNode object = Samples.json("{'status':{'typeChecking':{'expressionWarnings':[{'fieldRef':' '},"
                + "{'fieldRef':'spec.validations[0].expression','warning':'w'}]},'conditions':[{'type':'A','status':'x',"
                + "'reason':'R','lastTransitionTime':'2026-01-01T00:00:00Z'}]}}");
        assertThat(type.rules().validateSubresource("status", object, object)).extracting(FieldError::field)
                .containsExactly("status.typeChecking.expressionWarnings[0].warning",
                        "status.typeChecking.expressionWarnings[0].fieldRef", "status.conditions[0].status");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "mutatingadmissionpolicies|{'spec':{" + MATCH + "}}|{\"spec\":{\"matchConstraints\":{\"resourceRules\":[{"
                + "\"operations\":[\"CREATE\"],\"apiGroups\":[\"a\"],\"apiVersions\":[\"v1\"],\"resources\":[\"x\"],"
                + "\"scope\":\"*\"}],\"matchPolicy\":\"Equivalent\",\"namespaceSelector\":{},\"objectSelector\":{}},"
                + "\"failurePolicy\":\"Fail\"}}",
        "mutatingadmissionpolicybindings|{'spec':{'policyName':'p','paramRef':{'name':'x'},'matchResources':{}}}|"
                + "{\"spec\":{\"policyName\":\"p\",\"paramRef\":{\"name\":\"x\"},"
                + "\"matchResources\":{\"matchPolicy\":\"Equivalent\",\"namespaceSelector\":{},\"objectSelector\":{}}}}"})
    void whatIsNotSaidIsFilledIn(String plural, String json, String expected) {
        ResourceType type = Samples.type(plural + ".admissionregistration.k8s.io");
        ObjectNode object = Samples.json(json);
        type.rules().applyDefaults(object);
        assertThat(object.toString()).isEqualTo(expected);
    }

    private static String updated(String plural, String json, String old) {
        ResourceType type = Samples.type(plural + ".admissionregistration.k8s.io");
        String all = type.rules().validateUpdate(Samples.json(json), Samples.json(old)).stream().map(
                FieldError::field).filter(field -> field.contains("matchConditions")).collect(Collectors.joining("; "));
        return all.isEmpty() ? "-" : all;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'name':'?','expression':'true'}|{'name':'?','expression':'true'}|-",
        "{'name':'?','expression':'true'}|{'name':'?','expression':'false'}|0.matchConditions[0].name",
        "{'name':'?','expression':'true'}||0.matchConditions[0].name"})
    void conditionsThatStandAsTheyStoodAreNotJudgedAnew(String conditions, String before, String expected) {
        for (String plural : List.of("validatingwebhookconfigurations", "mutatingwebhookconfigurations")) {
            String found = updated(plural, hooks(conditions, ""), hooks(before == null ? "" : before, ""));
            assertThat(found).as(plural).isEqualTo(expected.replace("0.", "webhooks[0]."));
            assertThat(updated(plural, hooks(conditions, "{'name':'a'}"), hooks(conditions, ""))).as(
                    "one of them changed").isEqualTo(
                            "webhooks[0].matchConditions[0].name; webhooks[1].matchConditions[0].expression");
        }
        for (String plural : List.of("validatingadmissionpolicies", "mutatingadmissionpolicies")) {
            String spec = "{'spec':{'matchConditions':[" + conditions + "]}}";
            String old = "{'spec':{'matchConditions':[" + (before == null ? "" : before) + "]}}";
            assertThat(updated(plural, spec, old)).as(plural).isEqualTo(expected.replace("0.", "spec."));
            assertThat(updated(plural, spec, spec.replace("'spec':{", "'spec':{'paramKind':{'apiVersion':'v1','kind':"
                    + "'ConfigMap'},"))).as(plural).isEqualTo("spec.matchConditions[0].name");
        }
    }

    private static String hooks(String first, String second) {
        return "{'webhooks':[" + webhook(",'matchConditions':[" + first + "]") + "," + webhook(
                ",'matchConditions':[" + second + "]") + "]}";
    }
}
