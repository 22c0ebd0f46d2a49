package io.logplane.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
        "{'type':'Node','name':'node'},{'type':'RBAC','name':'rbac'} | `` | authorizers: Required value: at least one authorization mode must be defined"})
    void authorization(String part, String other, String wanted) {
        check(() -> AuthorizationSettings.read(Json.object(CHAIN.replace(part, other).replace('\'', '"').getBytes(
                StandardCharsets.UTF_8))), wanted);
    }

    private static void check(org.assertj.core.api.ThrowableAssert.ThrowingCallable read, String wanted) {
        if (wanted.equals("OK")) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(read)).isNull();
        } else {
            assertThatThrownBy(read).isInstanceOf(SettingsInvalid.class).hasMessage(wanted);
        }
    }
}
