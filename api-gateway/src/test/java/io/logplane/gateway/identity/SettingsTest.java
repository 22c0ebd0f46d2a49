package io.logplane.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a start says about settings that cannot be used, in upstream's words.
class SettingsTest {
    private static final String GOOD = "{'apiVersion':'apiserver.config.k8s.io/v1','kind':'AuthenticationConfiguration',"
            + "'jwt':[{'issuer':{'url':'https://a','audiences':['x']},'claimMappings':{'username':{'claim':'sub',"
            + "'prefix':''}}}]}";
    private static final String CHAIN = "{'apiVersion':'apiserver.config.k8s.io/v1','kind':"
            + "'AuthorizationConfiguration','authorizers':[{'type':'Node','name':'node'},{'type':'RBAC','name':'rbac'}]}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'https://a' | 'http://a' | jwt[0].issuer.url: Invalid value: \"http://a\": URL scheme must be https",
        "'https://a' | 'https://own' | jwt[0].issuer.url: Invalid value: \"https://own\": URL must not overlap with disallowed issuers: [https://own]",
        "'x' | 'x','y' | jwt[0].issuer.audienceMatchPolicy: Invalid value: \"\": audienceMatchPolicy must be MatchAny for multiple audiences",
        "['x'] | [] | jwt[0].issuer.audiences: Required value: at least one jwt[0].issuer.audiences is required",
        ",'prefix':'' | `` | jwt[0].claimMappings.username.prefix: Required value: prefix is required when claim is set. It can be set to an empty string to disable prefixing",
        "'claim':'sub','prefix':'' | 'expression':'1' | OK",
        "'claim':'sub','prefix':'' | 'expression':'claims.email' | jwt[0].claimMappings.username.expression: Invalid value: \"claims.email\": claims.email_verified must be used in claimMappings.username.expression or claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when claims.email is used in claimMappings.username.expression",
        "'https://a' | 'https://a b' | jwt[0].issuer.url: Invalid value: \"https://a b\": parse \"https://a b\": invalid "
                + "character \" \" in host name",
        "'https://a' | 'https://u:p@a?q#f' | [jwt[0].issuer.url: Invalid value: \"https://u:p@a?q#f\": URL must not contain "
                + "a username or password, jwt[0].issuer.url: Invalid value: \"https://u:p@a?q#f\": URL must not contain a "
                + "query, jwt[0].issuer.url: Invalid value: \"https://u:p@a?q#f\": URL must not contain a fragment]",
        "'audiences' | 'egressSelectorType':'east','audiences' | jwt[0].issuer.egressSelectorType: Invalid value: \"east\": "
                + "egress selector must be either controlplane or cluster",
        "'audiences' | 'certificateAuthority':'-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----','audiences' | "
                + "jwt[0].issuer.certificateAuthority: Invalid value: \"<omitted>\": x509: malformed certificate",
        "'audiences' | 'certificateAuthority':'-----BEGIN CERTIFICATE-----','audiences' | "
                + "jwt[0].issuer.certificateAuthority: Invalid value: \"<omitted>\": data does not contain any valid RSA or "
                + "ECDSA certificates",
        "'claim':'sub','prefix':'' | 'claim':'sub','expression':'1+','prefix':'' | jwt[0].claimMappings.username: Invalid "
                + "value: \"\": claim and expression can't both be set",
        "'claim':'sub','prefix':'' | 'expression':'claims.email','prefix':'' | jwt[0].claimMappings.username.prefix: Invalid "
                + "value: \"\": may not be specified when expression is set",
        "'username' | 'uid':{'claim':'a','expression':'1+'},'username' | jwt[0].claimMappings.uid: Invalid value: \"\": claim "
                + "and expression can't both be set",
        "'username' | 'extra':[{'key':'a.b/c d','valueExpression':'1'}],'username' | jwt[0].claimMappings.extra[0].key: Invalid "
                + "value: \"c d\": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')",
        "'claimMappings' | 'claimValidationRules':[{'expression':'1'},{'expression':'1'}],'claimMappings' | "
                + "[jwt[0].claimValidationRules[0].expression: Invalid value: \"1\": must evaluate to bool, "
                + "jwt[0].claimValidationRules[1].expression: Duplicate value: \"1\"]",
        "'claimMappings' | 'claimValidationRules':[{'expression':'\\'a\\''}],'claimMappings' | "
                + "jwt[0].claimValidationRules[0].expression: Invalid value: \"\\\"a\\\"\": must evaluate to bool",
        "'jwt' | 'anonymous':{'enabled':false,'conditions':[{'path':'/livez'}]},'jwt' | anonymous.conditions: Invalid value: "
                + "[{\"Path\":\"/livez\"}]: enabled should be set to true when conditions are defined",
        "'jwt' | 'jot' | strict decoding error: unknown field \"jot\"",
        "'url' | 'uri' | strict decoding error: unknown field \"jwt[0].issuer.uri\"",
        "AuthenticationConfiguration | Other | no kind \"Other\" is registered for version \"apiserver.config.k8s.io/v1\""})
    void authentication(String part, String other, String wanted) {
        check(() -> AuthenticationSettings.read(Json.object(GOOD.replace(part, other).replace('\'', '"').getBytes(
                StandardCharsets.UTF_8)), List.of("https://own")), wanted);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'RBAC' | 'Node' | authorizers[1].type: Duplicate value: \"Node\"",
        "'rbac' | 'node' | authorizers[1].name: Duplicate value: \"node\"",
        "'RBAC' | 'ABAC' | authorizers[1].type: Unsupported value: \"ABAC\": supported values: \"AlwaysAllow\", \"AlwaysDeny\", \"Node\", \"RBAC\", \"Webhook\"",
        "'RBAC' | 'Webhook' | authorizers[1].webhook: Required value: required when type=Webhook",
        "'rbac' | 'roles' | expected name rbac for authorizer RBAC instead of roles",
        "'RBAC','name':'rbac' | 'Webhook','name':'w','webhook':{'timeout':'90s','authorizedTTL':'-1s','unauthorizedTTL':'0s',"
                + "'subjectAccessReviewVersion':'v2','matchConditionSubjectAccessReviewVersion':'v2','failurePolicy':'x',"
                + "'connectionInfo':{'type':'y'}} | [authorizers[1].timeout: Invalid value: \"1m30s\": must be > 0s and <= 30s,"
                + " authorizers[1].authorizedTTL: Invalid value: \"-1s\": must be > 0s, "
                + "authorizers[1].subjectAccessReviewVersion: Unsupported value: \"v2\": supported values: \"v1\", "
                + "\"v1beta1\", authorizers[1].matchConditionSubjectAccessReviewVersion: Unsupported value: \"v2\": supported "
                + "values: \"v1\", authorizers[1].failurePolicy: Unsupported value: \"x\": supported values: \"NoOpinion\", "
                + "\"Deny\", authorizers[1].connectionInfo.type: Unsupported value: {\"Type\":\"y\",\"KubeConfigFile\":null}: "
                + "supported values: \"InClusterConfig\", \"KubeConfigFile\"]",
        "'RBAC','name':'rbac' | 'Webhook','name':'w','webhook':{'timeout':'1s','subjectAccessReviewVersion':'v1',"
                + "'failurePolicy':'Deny','connectionInfo':{'type':'KubeConfigFile','kubeConfigFile':'/none'},"
                + "'matchConditionSubjectAccessReviewVersion':'v1','matchConditions':[{'expression':'request.user'}]} | "
                + "[authorizers[1].connectionInfo.kubeConfigFile: Invalid value: \"/none\": trouble with /none, "
                + "authorizers[1].matchConditions[0].expression: Invalid value: \"request.user\": must evaluate to bool but got"
                + " string]",
        "'RBAC','name':'rbac' | 'Webhook','name':'w','webhook':{'timeout':'1s','subjectAccessReviewVersion':'v1',"
                + "'failurePolicy':'Deny','connectionInfo':{'type':'InClusterConfig','kubeConfigFile':'/k'}} | "
                + "authorizers[1].connectionInfo.kubeConfigFile: Invalid value: \"/k\": can only be set when "
                + "type=KubeConfigFile",
        "{'type':'Node','name':'node'},{'type':'RBAC','name':'rbac'} | `` | authorizers: Required value: at least one authorization mode must be defined"})
    void authorization(String part, String other, String wanted) {
        check(() -> chain(part, other), wanted);
    }

    private static AuthorizationSettings chain(String part, String other) {
        return AuthorizationSettings.read(Json.object(CHAIN.replace(part, other).replace('\'', '"').getBytes(
                StandardCharsets.UTF_8)), path -> "trouble with " + path);
    }

    @Test
    void a_running_server_keeps_the_authorizers_it_has() {
        AuthorizationSettings one = chain("{'type':'Node','name':'node'},", "");
        chain("", "").require(one);
        check(() -> one.require(chain("", "")), "missing required types: [Node]");
    }

    @ParameterizedTest
    @CsvSource({"PT90S,1m30s", "PT1H,1h0m0s", "PT-1S,-1s", "PT1.5S,1.5s", "PT0.1S,100ms", "PT0.0000015S,1.5µs",
        "PT0S,0s",
        "PT0.000000001S,1ns"})
    void durations_are_shown_as_upstream_shows_them(Duration duration, String shown) {
        assertThat(Section.shown(duration)).isEqualTo(shown);
    }

    private static void check(org.assertj.core.api.ThrowableAssert.ThrowingCallable read, String wanted) {
        if (wanted.equals("OK")) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(read)).isNull();
        } else {
            assertThatThrownBy(read).isInstanceOf(SettingsInvalid.class).hasMessage(wanted);
        }
    }
}
