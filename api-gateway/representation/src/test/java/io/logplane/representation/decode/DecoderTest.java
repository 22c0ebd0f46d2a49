package io.logplane.representation.decode;

import static io.logplane.representation.Some.CONFIG_MAP;
import static io.logplane.representation.Some.DEPLOYMENT;
import static io.logplane.representation.Some.POD;
import static io.logplane.representation.Some.SECRET;
import static io.logplane.representation.Some.json;
import static io.logplane.representation.Some.refusal;
import static io.logplane.representation.Some.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.representation.Some;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.types.ResourceType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecoderTest {
    private final Decoder decoder = new Decoder();

    private String normal(ResourceType type, String body) {
        return decoder.decode(utf8(body.replace('\'', '"')), "application/json", type, FieldValidation.STRICT).object()
                .toString()
                .replace('"', '\'');
    }

    private Refusal refused(ResourceType type, String body, FieldValidation mode) {
        return refusal(() -> decoder.decode(utf8(body), "", type, mode));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '¦', quoteCharacter = '§', nullValues = "NIL", textBlock = """
            §§¦couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)
            {¦couldn't get version/kind; json parse error: unexpected end of JSON input ({)
            {"metadata":{"name":"t"}} trailing¦couldn't get version/kind; json parse error: invalid character 't' after top-level value ({"metadata":{"name":"t"}} trai ...)
            []¦couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (5b5d)
            "x"¦couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (227822)
            {bad¦couldn't get version/kind; json parse error: invalid character 'b' looking for beginning of object key string ({bad)
            {"a":1,}¦couldn't get version/kind; json parse error: invalid character '}' looking for beginning of object key string ({"a":1,})
            {"a" 1}¦couldn't get version/kind; json parse error: invalid character '1' after object key ({"a" 1})
            {"apiVersion":"a/b/c"}¦unexpected GroupVersion string: a/b/c ({"apiVersion":"a/b/c"})
            {"metadata":1,"KIND":[]}¦couldn't get version/kind; json parse error: json: cannot unmarshal array into Go struct field .kind of type string ({"metadata":1,"KIND":[]})
            {"kind":7}¦couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string ({"kind":7})
            """)
    void says_why_a_body_is_not_recognised(String body, String text) {
        assertThat(refused(CONFIG_MAP, body, FieldValidation.WARN))
                .isEqualTo(Refusal.of(400, "BadRequest",
                        "the object provided is unrecognized (must be of type ConfigMap): " + text));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '¦', quoteCharacter = '§', textBlock = """
            {"kind":"Secret","apiVersion":"v1"}¦Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion
            {"kind":"ConfigMap","Kind":"Secret","ApiVersion":"v1"}¦Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion
            {"kind":"ConfigMap","apiVersion":"v2"}¦ConfigMap in version "v2" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v2" in scheme "pkg/api/legacyscheme/scheme.go:30"
            {"data":{"a":1}}¦ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string
            {"data":"x"}¦ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal string into Go struct field ConfigMap.data of type map[string]string
            {"metadata":{"name":true}}¦ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.name of type string
            {"binaryData":{"b":[1,"2"]}}¦ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal string into Go struct field ConfigMap.binaryData of type uint8
            {"binaryData":{"b":[256]}}¦ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number 256 into Go struct field ConfigMap.binaryData of type uint8
            {"binaryData":{"b":"!!!"}}¦ConfigMap in version "v1" cannot be handled as a ConfigMap: illegal base64 data at input byte 0
            {"binaryData":{"b":"not base64"}}¦ConfigMap in version "v1" cannot be handled as a ConfigMap: illegal base64 data at input byte 3
            {"metadata":{"creationTimestamp":"x"}}¦ConfigMap in version "v1" cannot be handled as a ConfigMap: parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"
            """)
    void says_what_of_a_config_map_is_wrong(String body, String text) {
        assertThat(refused(CONFIG_MAP, body, FieldValidation.WARN)).isEqualTo(Refusal.of(400, "BadRequest", text));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '¦', quoteCharacter = '§', textBlock = """
            {"spec":{"containers":[{"env":[{"value":1}]}]}}¦json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string
            {"spec":{"containers":["c"]}}¦json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type v1.Container
            {"spec":{"containers":[{"ports":[{"containerPort":1.5}]}]}}¦json: cannot unmarshal number 1.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32
            {"spec":{"restartPolicy":[]}}¦json: cannot unmarshal array into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy
            {"spec":{"volumes":[{"flocker":1}]}}¦json: cannot unmarshal number into Go struct field Volume.spec.volumes.VolumeSource.flocker of type v1.FlockerVolumeSource
            {"spec":{"containers":[{"livenessProbe":{"httpGet":{"port":true}}}]}}¦json: cannot unmarshal bool into Go struct field HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32
            {"spec":{"containers":[{"livenessProbe":{"httpGet":{"port":1.5}}}]}}¦json: cannot unmarshal number 1.5 into Go struct field HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32
            {"metadata":{"name":1},"spec":{"containers":[{"resources":{"requests":{"cpu":"two"}}}]}}¦quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
            {"spec":{"containers":[{"resources":{"requests":{"cpu":"two"}}}]}}¦quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
            """)
    void names_the_field_of_a_wrong_type_as_go_does(String body, String text) {
        assertThat(refused(POD, body, FieldValidation.WARN).message())
                .isEqualTo("Pod in version \"v1\" cannot be handled as a Pod: " + text);
    }

    @Test
    void strict_decoding_names_every_unknown_and_duplicate_field() {
        String body = "{\"spek\":{},\"spec\":{\"replicaz\":3,\"template\":{\"spec\":{\"containers\":[{\"nam\":1}]}}},"
                + "\"metadata\":{\"labels\":{\"a\":\"1\",\"a\":\"2\"}}}";
        assertThat(refused(DEPLOYMENT, body, FieldValidation.STRICT).message())
                .isEqualTo("Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error: "
                        + "unknown field \"spek\", unknown field \"spec.replicaz\", "
                        + "unknown field \"spec.template.spec.containers[0].nam\", duplicate field \"metadata.labels.a\"");
    }

    @Test
    void unknown_fields_are_warned_of_and_dropped() {
        Decoded decoded = decoder.decode(utf8("{\"bogus\":1,\"data\":{\"a\":\"1\",\"a\":\"2\"}}"),
                "application/json; charset=utf-8",
                CONFIG_MAP, FieldValidation.WARN);
        assertThat(decoded)
                .isEqualTo(new Decoded(json("{'kind':'ConfigMap','apiVersion':'v1','metadata':{},'data':{'a':'2'}}"),
                        List.of("unknown field \"bogus\"", "duplicate field \"data.a\"")));
    }

    @Test
    void case_counts_in_field_names() {
        assertThat(refused(CONFIG_MAP, "{\"Data\":{}}", FieldValidation.STRICT).message())
                .endsWith("unknown field \"Data\"");
    }

    @Test
    void null_is_an_empty_object() {
        assertThat(normal(CONFIG_MAP, "null")).isEqualTo("{'kind':'ConfigMap','apiVersion':'v1','metadata':{}}");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '¦', quoteCharacter = '§', textBlock = """
            {'metadata':{'creationTimestamp':null,'name':'a','labels':{}},'data':null}¦{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'a'}}
            {'metadata':{'creationTimestamp':'0001-01-01T00:00:00Z'},'binaryData':{'a':[1,2,null],'b':[]}}¦{'kind':'ConfigMap','apiVersion':'v1','metadata':{},'binaryData':{'a':'AQIA','b':''}}
            {'data':{'a':null},'immutable':false}¦{'kind':'ConfigMap','apiVersion':'v1','metadata':{},'immutable':false,'data':{'a':''}}
            {'metadata':{'creationTimestamp':'2020-01-02T03:04:05.678+01:00'}}¦{'kind':'ConfigMap','apiVersion':'v1','metadata':{'creationTimestamp':'2020-01-02T02:04:05Z'}}
            """)
    void a_config_map_is_what_upstream_would_give_back(String body, String object) {
        assertThat(normal(CONFIG_MAP, body)).isEqualTo(object);
    }

    @Test
    void a_pod_shows_the_zero_values_that_upstream_shows() {
        assertThat(normal(POD,
                "{'spec':{'containers':[{'name':'c','args':[],'resources':{'limits':{'cpu':1,'memory':'1024Mi'}}}]}}"))
                .isEqualTo(
                        "{'kind':'Pod','apiVersion':'v1','metadata':{},'spec':{'containers':[{'name':'c','resources':"
                                + "{'limits':{'cpu':'1','memory':'1Gi'}}}]},'status':{}}");
    }

    @Test
    void a_deployment_keeps_pointers_to_zero() {
        assertThat(normal(DEPLOYMENT,
                "{'spec':{'replicas':0,'minReadySeconds':0,'strategy':{'rollingUpdate':{'maxSurge':'25%'}}}}"))
                .isEqualTo(
                        "{'kind':'Deployment','apiVersion':'apps/v1','metadata':{},'spec':{'replicas':0,'selector':null,"
                                + "'template':{'metadata':{},'spec':{'containers':null}},"
                                + "'strategy':{'rollingUpdate':{'maxSurge':'25%'}}},'status':{}}");
    }

    @Test
    void half_surrogate_pairs_and_broken_utf8_never_reach_the_log() {
        assertThat(normal(CONFIG_MAP, "{'data':{'a':'\\ud800x'}}")).contains("'a':'\uFFFDx'");
        byte[] broken = utf8("{\"data\":{\"a\":\"?\"}}");
        broken[14] = (byte) 0xff;
        assertThat(decoder.decode(broken, "", CONFIG_MAP, FieldValidation.STRICT).object().at("/data/a").asText())
                .isEqualTo("\uFFFD");
    }

    @Test
    void utf16_and_deep_nesting_are_refused() {
        assertThat(
                refusal(() -> decoder.decode("{}".getBytes(java.nio.charset.StandardCharsets.UTF_16BE), "", CONFIG_MAP,
                        FieldValidation.WARN)).code())
                .isEqualTo(400);
        assertThat(refused(SECRET, "[".repeat(100_000), FieldValidation.WARN).message()).contains("exceeded max depth");
    }

    @Test
    void other_media_types_are_not_understood() {
        assertThat(refusal(() -> decoder.decode(utf8("{}"), "text/plain", CONFIG_MAP, FieldValidation.WARN)))
                .isEqualTo(Refusal.of(415, "UnsupportedMediaType",
                        "the body of the request was in an unknown format - accepted media types include: "
                                + "application/json, application/yaml, application/vnd.kubernetes.protobuf"));
    }

    @Test
    void delete_options_are_refused_without_a_frame() {
        assertThat(refusal(() -> decoder.decodeKind(utf8("{bad"), "", "", "v1", "DeleteOptions", FieldValidation.WARN)))
                .isEqualTo(Refusal.of(400, "BadRequest",
                        "couldn't get version/kind; json parse error: invalid character 'b' looking for beginning of object key string"));
        assertThat(decoder.decodeKind(
                utf8("{\"kind\":\"DeleteOptions\",\"apiVersion\":\"apps/v1\",\"gracePeriodSeconds\":0}"), "", "", "v1",
                "DeleteOptions", FieldValidation.WARN).object())
                .isEqualTo(json("{'kind':'DeleteOptions','apiVersion':'v1','gracePeriodSeconds':0}"));
    }

    @Test
    void field_validation_is_read_from_the_query() {
        assertThat(FieldValidation.ofQuery(Optional.empty(), "CreateOptions")).isEqualTo(FieldValidation.WARN);
        assertThat(refusal(() -> FieldValidation.ofQuery(Optional.of("Maybe"), "CreateOptions")).message())
                .isEqualTo("CreateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"Maybe\": "
                        + "supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"");
    }

    @Test
    void a_type_outside_the_table_is_kept_as_it_came() {
        assertThat(
                decoder.decode(utf8("{\"spec\":{\"x\":null}}"), "", Some.type("example.com", "v1", "Thing", "things"),
                        FieldValidation.STRICT).object())
                .isEqualTo(json("{'kind':'Thing','apiVersion':'example.com/v1','spec':{'x':null}}"));
    }

    @Test
    void schemas_inside_of_definitions_are_kept_as_upstream_keeps_them() {
        String body = "{'spec':{'versions':[{'name':'v1','schema':{'openAPIV3Schema':{'nullable':false,'maximum':10.0,"
                + "'additionalProperties':false,'default':false,'items':{'type':'string','odd':1,'nullable':false}}}}]}}";
        Decoded decoded = decoder.decodeKind(utf8(body.replace('\'', '"')), "application/json", "apiextensions.k8s.io",
                "v1", "CustomResourceDefinition", FieldValidation.STRICT);
        assertThat(decoded.object().at("/spec/versions/0/schema/openAPIV3Schema").toString().replace('"', '\''))
                .isEqualTo("{'default':false,'maximum':10,'items':{'type':'string'},'additionalProperties':false}");
    }
}
