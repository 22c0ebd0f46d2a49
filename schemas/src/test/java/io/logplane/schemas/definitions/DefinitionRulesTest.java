package io.logplane.schemas.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.definitions.DefinitionRules.SchemaProblems;
import io.logplane.schemas.model.FieldError;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is refused of definitions outside their schemas. A row: a text of a sound definition, what stands there
/// instead, all the causes joined by "; " ("-" for none).
class DefinitionRulesTest {
    private static final String SOUND = "{'metadata':{'name':'as.x.io','annotations':{'api-approved.kubernetes.io':"
            + "'v://h/1'}},'spec':{'group':'x.io','scope':'Cluster','names':{'plural':'as','kind':'A','shortNames':"
            + "['a1']},'versions':[{'name':'v1','served':true,'storage':true}],'conversion':{'strategy':'None'}},"
            + "'status':{'storedVersions':['v1'],'conditions':[{'type':'Established','status':'True'}]}}";
    private static final String LABEL = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', "
            + "start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or "
            + "'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
    private static final String WEBHOOK = "'strategy':'Webhook','webhook':{'clientConfig':{'url':'https://a/'},";
    private static final String BUNDLE = "'conversionReviewVersions':['v1']}";

    private static ObjectNode read(String json) {
        ObjectNode object = Samples.json(json);
        DefinitionRules.PLAIN.applyDefaults(object);
        return object;
    }

    private static String all(List<FieldError> errors) {
        String all = errors.stream().map(wrong -> wrong.field() + ": " + wrong.message()).collect(Collectors.joining(
                "; ")).replace(LABEL, "LABEL");
        return all.isEmpty() ? "-" : all;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'x.io'|'x.io'|-", "Cluster|Planet|spec.scope: Unsupported value: \"Planet\": supported values: \"Cluster\", "
                + "\"Namespaced\"",
        "'a1'|'A1'|spec.names.shortNames[0]: Invalid value: \"A1\": LABEL",
        "'kind':'A'|'kind':'1'|spec.names.singular: Invalid value: \"1\": LABEL; spec.names.kind: Invalid value: \"1\": "
                + "may have mixed case, but should otherwise match: LABEL; spec.names.listKind: Invalid value: \"1List\": "
                + "may have mixed case, but should otherwise match: LABEL",
        "'kind':'A'|'kind':'A','listKind':'A'|spec.names.listKind: Invalid value: \"A\": kind and listKind may not be "
                + "the same",
        "'storage':true|'storage':true,'deprecationWarning':''|spec.versions[0].deprecationWarning: Invalid value: "
                + "\"\": can only be set for deprecated versions",
        "'storage':true|'storage':true,'deprecated':true,'deprecationWarning':''|spec.versions[0].deprecationWarning: "
                + "Invalid value: \"\": must not be an empty string",
        "'storage':true|'storage':true,'deprecated':true,'deprecationWarning':'é\\u200b'|"
                + "spec.versions[0].deprecationWarning: Invalid value: \"é\\u200b\": must only contain printable UTF-8 "
                + "characters; non-printable character found at index 2",
        "'strategy':'None'|'strategy':'Some','webhook':{'conversionReviewVersions':['v1']}|spec.conversion.strategy: "
                + "Unsupported value: \"Some\": supported values: \"None\", \"Webhook\"; "
                + "spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to "
                + "Webhook",
        "'strategy':'None'|" + WEBHOOK + "'conversionReviewVersions':['v9','v9','9']}|"
                + "spec.conversion.conversionReviewVersions[1]: Invalid value: \"v9\": duplicate version; "
                + "spec.conversion.conversionReviewVersions[2]: Invalid value: \"9\": LABEL; "
                + "spec.conversion.conversionReviewVersions: Invalid value: [\"v9\",\"v9\",\"9\"]: must include at "
                + "least one of v1, v1beta1",
        "'strategy':'None'|'strategy':'Webhook'|spec.conversion.webhookClientConfig: Required value: required when "
                + "strategy is set to Webhook; spec.conversion.conversionReviewVersions: Required value"})
    void what_is_wrong_is_told(String there, String instead, String expected) {
        assertThat(all(DefinitionRules.PLAIN.validateCreate(read(SOUND.replace(there, instead))))).isEqualTo(expected);
    }

    @Test
    void causes_come_in_the_order_of_upstream() {
        DefinitionRules rules = new DefinitionRules(new DefinitionRules.Schemas() {
            @Override
            public SchemaProblems problems(ObjectNode definition, ObjectNode old) {
                return new SchemaProblems(List.of(FieldError.required("first", "")),
                        List.of(List.of(FieldError.required(
                                "version", ""))),
                        List.of(FieldError.required("whole", "")));
            }

            @Override
            public List<String> unknownFormats(ObjectNode definition) {
                return List.of();
            }
        });
        ObjectNode object = read(SOUND.replace("'as.x.io'", "'bs.x.k8s.io'").replace("'x.io'", "'x.k8s.io'").replace(
                "Cluster", "Planet").replace("'name':'v1'", "'name':'1'").replace("'plural':'as'", "'plural':''")
                .replace(
                        "'a1'", "'A1'")
                .replace("'strategy':'None'", "'strategy':'Webhook'").replace("'v://h/1'", "''")
                .replace("'scope'", "'preserveUnknownFields':true,'scope'").replace("'status':{",
                        "'status':{'acceptedNames':{'kind':'1'},")
                .replace("['v1']", "[]"));
        assertThat(rules.validateCreate(object)).extracting(FieldError::field).containsExactly("metadata.name",
                "spec.scope", "first", "spec.versions[0].name", "version", "spec.version", "spec.names.plural",
                "spec.names.shortNames[0]", "whole", "spec.conversion.strategy", "spec.conversion.webhookClientConfig",
                "spec.conversion.conversionReviewVersions", "status.acceptedNames.kind", "status.storedVersions",
                "metadata.annotations[api-approved.kubernetes.io]", "spec.preserveUnknownFields");
        assertThat(rules.validateUpdate(object, read(SOUND))).extracting(FieldError::field).containsExactly(
                "spec.scope",
                "first", "spec.versions[0].name", "version", "spec.version", "spec.names.plural",
                "spec.names.shortNames[0]", "whole",
                "spec.conversion.strategy", "spec.conversion.webhookClientConfig",
                "spec.conversion.conversionReviewVersions", "spec.scope", "spec.group", "spec.names.plural",
                "status.acceptedNames.kind", "status.storedVersions",
                "metadata.annotations[api-approved.kubernetes.io]",
                "spec.preserveUnknownFields");
    }

    @Test
    void versions_are_shown_in_the_internal_form_without_what_they_say_alike() {
        String schema = "'schema':{'openAPIV3Schema':{'type':'object','maximum':5.50,'default':{'b':1,'a':2e3}}}";
        ObjectNode object = read(SOUND.replace("{'name':'v1','served':true,'storage':true}",
                "{'name':'v1','served':true,'storage':true,'subresources':{'status':{}}," + schema + "},{'name':'v1',"
                        + "'storage':true,'subresources':{'status':{}},'selectableFields':[{'jsonPath':'.a'}]}"));
        String one = "{\"Name\":\"v1\",\"Served\":true,\"Storage\":true,\"Deprecated\":false,\"DeprecationWarning\":null,"
                + "\"Schema\":{\"OpenAPIV3Schema\":{\"ID\":\"\",\"Schema\":\"\",\"Ref\":null,\"Description\":\"\","
                + "\"Type\":\"object\",\"Nullable\":false,\"Format\":\"\",\"Title\":\"\",\"Default\":{\"a\":2000,"
                + "\"b\":1},\"Maximum\":5.5,\"ExclusiveMaximum\":false,\"Minimum\":null,\"ExclusiveMinimum\":false,"
                + "\"MaxLength\":null,\"MinLength\":null,\"Pattern\":\"\",\"MaxItems\":null,\"MinItems\":null,"
                + "\"UniqueItems\":false,\"MultipleOf\":null,\"Enum\":null,\"MaxProperties\":null,"
                + "\"MinProperties\":null,\"Required\":null,\"Items\":null,\"AllOf\":null,\"OneOf\":null,"
                + "\"AnyOf\":null,\"Not\":null,\"Properties\":null,\"AdditionalProperties\":null,"
                + "\"PatternProperties\":null,\"Dependencies\":null,\"AdditionalItems\":null,\"Definitions\":null,"
                + "\"ExternalDocs\":null,\"Example\":null,\"XPreserveUnknownFields\":null,\"XEmbeddedResource\":false,"
                + "\"XIntOrString\":false,\"XListMapKeys\":null,\"XListType\":null,\"XMapType\":null,"
                + "\"XValidations\":null}},\"Subresources\":null,\"AdditionalPrinterColumns\":null,"
                + "\"SelectableFields\":null}";
        String two = "{\"Name\":\"v1\",\"Served\":false,\"Storage\":true,\"Deprecated\":false,\"DeprecationWarning\":null,"
                + "\"Schema\":null,\"Subresources\":null,\"AdditionalPrinterColumns\":null,\"SelectableFields\":"
                + "[{\"JSONPath\":\".a\"}]}";
        String shown = "spec.versions: Invalid value: [" + one + "," + two + "]: must ";
        assertThat(all(DefinitionRules.PLAIN.validateCreate(object))).isEqualTo(shown + "contain unique version names; "
                + shown + "have exactly one version marked as storage version; status.storedVersions: Invalid value: "
                + "[\"v1\"]: must have the storage version v1");
        object.withObject("/spec").remove("versions");
        object.withObject("/status").removeAll();
        assertThat(all(DefinitionRules.PLAIN.validateCreate(object)))
                .isEqualTo("spec.versions: Invalid value: null: must "
                        + "have exactly one version marked as storage version; status.storedVersions: Invalid value: null: must "
                        + "have at least one stored version");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"'v1'|'v1'|-",
        "'scope':'Cluster'|'scope':'Namespaced'|spec.scope: Invalid value: \"Namespaced\": field is immutable",
        "'kind':'A'|'kind':'B'|spec.names.kind: Invalid value: \"B\": field is immutable",
        "'storedVersions':['v1']|'storedVersions':['v0']|status.storedVersions: Invalid value: [\"v0\"]: must have the "
                + "storage version v1; status.storedVersions[0]: Invalid value: \"v0\": missing from spec.versions; v0 "
                + "was previously a storage version, and must remain in spec.versions until a storage migration "
                + "ensures no data remains persisted in v0 and removes v0 from status.storedVersions",
        "'scope'|'preserveUnknownFields':true,'scope'|spec.preserveUnknownFields: Invalid value: true: cannot set to "
                + "true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
        "'strategy':'None'|" + WEBHOOK + BUNDLE + "|-",
        "'strategy':'None'|'strategy':'Webhook','webhook':{'clientConfig':{'url':'https://a/','caBundle':'eA=='},"
                + "'conversionReviewVersions':['v1']}|"
                + "spec.conversion.webhookClientConfig.caBundle: Invalid value: \"eA==\": unable to load root "
                + "certificates: data does not contain any valid RSA or ECDSA certificates"})
    void what_an_update_may_not_do_is_told(String there, String instead, String expected) {
        ObjectNode old = read(SOUND);
        assertThat(all(DefinitionRules.PLAIN.validateUpdate(read(SOUND.replace(there, instead)), old))).isEqualTo(
                expected);
        String young = "'status':'False'";
        String lax = expected.startsWith("spec.scope") || expected.startsWith("spec.names.kind") || expected.contains(
                "caBundle") ? "-" : expected;
        assertThat(all(DefinitionRules.PLAIN.validateUpdate(read(SOUND.replace("'status':'True'", young).replace(there,
                instead)), read(SOUND.replace("'status':'True'", young))))).isEqualTo(lax);
    }

    @Test
    void a_bundle_that_cannot_be_read_is_kept() {
        ObjectNode old = read(SOUND.replace("'strategy':'None'",
                "'strategy':'Webhook','webhook':{'clientConfig':{'url':'https://a/','caBundle':'eA=='},"
                        + "'conversionReviewVersions':['v1']}"));
        assertThat(all(DefinitionRules.PLAIN.validateUpdate(old.deepCopy(), old))).isEqualTo("-");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"v://h/1|-", "unapproved, for tests|-",
        "EMPTY|metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval "
                + "annotation \"api-approved.kubernetes.io\", see https://github.com/kubernetes/enhancements/pull/1111",
        "yes|metadata.annotations[api-approved.kubernetes.io]: Invalid value: \"yes\": protected groups must have "
                + "approval annotation \"api-approved.kubernetes.io\" with either a URL or a reason starting with "
                + "\"unapproved\", see https://github.com/kubernetes/enhancements/pull/1111"})
    void groups_of_the_community_need_its_approval(String said, String expected) {
        String own = SOUND.replace("x.io", "x.k8s.io");
        ObjectNode object = read(own.replace("v://h/1", said.equals("EMPTY") ? "" : said));
        assertThat(all(DefinitionRules.PLAIN.validateCreate(object))).isEqualTo(expected);
        assertThat(all(DefinitionRules.PLAIN.validateUpdate(object, object))).isEqualTo("-");
        assertThat(all(DefinitionRules.PLAIN.validateUpdate(object, read(own.replace("v://h/1", "no"))))).isEqualTo(
                said.equals("yes") ? "-" : expected);
    }

    @Test
    void names_that_a_status_says_are_checked_but_not_its_stored_versions() {
        ObjectNode object = read(SOUND.replace("'storedVersions':['v1']",
                "'storedVersions':[],'acceptedNames':{'plural':'As'}"));
        assertThat(all(DefinitionRules.PLAIN.validateSubresource("status", object, object))).isEqualTo(
                "status.acceptedNames.plural: Invalid value: \"As\": LABEL");
    }
}
