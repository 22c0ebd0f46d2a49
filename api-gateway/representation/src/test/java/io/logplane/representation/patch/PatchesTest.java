package io.logplane.representation.patch;

import static io.logplane.representation.Some.CONFIG_MAP;
import static io.logplane.representation.Some.json;
import static io.logplane.representation.Some.refusal;
import static io.logplane.representation.Some.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.decode.FieldValidation;
import io.logplane.schemas.model.Refusal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchesTest {
    private static final ObjectNode ORIGINAL = json(
            "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'p','uid':'u'},"
                    + "'data':{'a':'1','b':'2'}}");
    private final Patches patches = new Patches();

    private String data(PatchType type, String patch) {
        return patches.apply(type, ORIGINAL, utf8(patch.replace('\'', '"')), CONFIG_MAP).path("data").toString()
                .replace('"', '\'');
    }

    private Refusal refused(PatchType type, String patch) {
        return refusal(() -> patches.apply(type, ORIGINAL, utf8(patch.replace('\'', '"')), CONFIG_MAP,
                FieldValidation.STRICT));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '¦', quoteCharacter = '§', textBlock = """
            MERGE¦{'data':{'a':null,'c':'3'}}¦{'b':'2','c':'3'}
            STRATEGIC¦{'data':{'a':null,'d':'4'}}¦{'b':'2','d':'4'}
            STRATEGIC¦{'data':{'$patch':'replace','d':'4'}}¦{'d':'4'}
            JSON¦[{'op':'replace','path':'/data/b','value':'9'}]¦{'a':'1','b':'9'}
            JSON¦[{'op':'add','path':'/data/x~1y','value':'9'},{'op':'move','from':'/data/a','path':'/data/z'}]¦{'b':'2','x/y':'9','z':'1'}
            JSON¦[{'op':'copy','from':'/data/a','path':'/data/c'},{'op':'test','path':'/data/c','value':'1'},{'op':'remove','path':'/data/a'}]¦{'b':'2','c':'1'}
            JSON¦[{'op':'test','path':'/data/none','value':null}]¦{'a':'1','b':'2'}
            JSON¦[]¦{'a':'1','b':'2'}
            MERGE¦{}¦{'a':'1','b':'2'}
            """)
    void changes_data(PatchType type, String patch, String data) {
        assertThat(data(type, patch)).isEqualTo(data);
        assertThat(ORIGINAL.path("data").size()).isEqualTo(2);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '¦', quoteCharacter = '§', textBlock = """
            JSON¦{'not':'a list'}¦error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp
            MERGE¦{¦error decoding patch: unexpected end of JSON input
            MERGE¦[]¦error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}
            STRATEGIC¦{¦unexpected end of JSON input
            """)
    void is_a_bad_request_when_it_cannot_be_read(PatchType type, String patch, String text) {
        assertThat(refused(type, patch)).isEqualTo(Refusal.of(400, "BadRequest", text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '§', textBlock = """
            [{'op':'test','path':'/data/b','value':'no'}]
            [{'op':'remove','path':'/data/none'}]
            [{'op':'frob','path':'/data'}]
            [{'op':'add','path':'/none/x','value':1}]
            [{'op':'add','path':'x','value':1}]
            [{'op':'remove','path':''}]
            """)
    void is_unprocessable_when_it_does_not_fit(String patch) {
        assertThat(refused(PatchType.JSON, patch)).isEqualTo(new Refusal(422, "Invalid",
                "the server rejected our request due to an error in our request",
                Optional.of(Refusal.Details.of("", "", ""))));
    }

    @Test
    void a_wrong_type_shows_the_whole_patched_object() {
        assertThat(refused(PatchType.MERGE, "{'data':'x'}").message()).isEqualTo(
                " \"\" is invalid: patch: Invalid value: \"{\\\"apiVersion\\\":\\\"v1\\\",\\\"data\\\":\\\"x\\\",\\\"kind\\\":\\\"ConfigMap\\\","
                        + "\\\"metadata\\\":{\\\"name\\\":\\\"p\\\",\\\"uid\\\":\\\"u\\\"}}\": json: cannot unmarshal string into Go struct "
                        + "field ConfigMap.data of type map[string]string");
    }

    @Test
    void unknown_fields_are_refused_or_warned_of() {
        assertThat(refused(PatchType.MERGE, "{'bogus':1}").message())
                .endsWith("strict decoding error: unknown field \"bogus\"");
        assertThat(patches
                .apply(PatchType.MERGE, ORIGINAL, utf8("{\"bogus\":1,\"data\":{},\"data\":{}}"), CONFIG_MAP,
                        FieldValidation.WARN)
                .warnings()).isEqualTo(List.of("duplicate field \"data\"", "unknown field \"bogus\""));
        assertThat(patches.apply(PatchType.JSON, ORIGINAL, utf8(
                "[{\"op\":\"add\",\"op\":\"replace\",\"path\":\"/data/none\",\"value\":\"1\",\"odd\":2}]"), CONFIG_MAP,
                FieldValidation.WARN).warnings()).isEqualTo(List.of("json patch duplicate field \"[0].op\"",
                        "json patch unknown field \"[0].odd\""));
    }

    @Test
    void ten_thousand_operations_are_enough() {
        String operation = "{'op':'test','path':'/data/a','value':'1'},";
        assertThat(
                refused(PatchType.JSON, "[" + operation.repeat(10_000) + "{'op':'test','path':'/data/a','value':'1'}]"))
                .isEqualTo(Refusal.of(413, "RequestEntityTooLarge",
                        "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001"));
    }

    @Test
    void media_types_name_the_kinds_of_patch() {
        assertThat(PatchType.ofContentType("application/merge-patch+json; charset=utf-8")).contains(PatchType.MERGE);
        assertThat(PatchType.ofContentType("application/json")).isEmpty();
    }
}
