package io.logplane.gateway.custom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What converters may answer, and in which words they are refused.
class ConversionAnswersTest {
    private static final ObjectNode SENT = object("{'apiVersion':'x.io/v1','kind':'Foo','metadata':{'name':'a',"
            + "'namespace':'n','uid':'u','generation':3,'labels':{'l':'1'},'annotations':{'a':'1'}},'spec':{'s':1}}");

    private static ObjectNode object(String json) {
        return Json.object(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode converted(String answered) {
        return ConvertedObject.of("conversion webhook for x.io/v1, Kind=Foo", SENT, object("{'o':" + answered + "}")
                .path("o")).checked("x.io/v2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "v1|{}|expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got /, Kind=",
        "v1|{'kind':'ConversionReview','response':{}}|expected webhook response of apiextensions.k8s.io/v1, "
                + "Kind=ConversionReview, got /, Kind=ConversionReview",
        "v1|{'apiVersion':'apiextensions.k8s.io/v1beta1','kind':'ConversionReview','response':{}}|expected webhook "
                + "response of apiextensions.k8s.io/v1, Kind=ConversionReview, got /, Kind=",
        "v1|{'apiVersion':'apiextensions.k8s.io/v1','kind':'ConversionReview'}|no response provided",
        "v1|{'apiVersion':'apiextensions.k8s.io/v1','kind':'ConversionReview','response':{'uid':'2'}}|expected "
                + "response.uid=\"1\", got \"2\"",
        "v1|{'apiVersion':'apiextensions.k8s.io/v1','kind':'ConversionReview','response':{'uid':'1'}}|"
                + "response.result.status was '', not 'Success'",
        "v1beta1|{'apiVersion':'apiextensions.k8s.io/v1','kind':'ConversionReview','response':{}}|no response provided",
        "v1beta1|{'response':{'result':{'status':'Failure','message':'not that'}}}|not that"})
    void an_answer_to_another_question_is_refused(String version, String answer, String words) {
        assertThatThrownBy(() -> new ConversionReview(version).converted(object(answer), "1")).hasMessage(words);
    }

    @Test
    void an_old_review_needs_no_proof() {
        assertThat(new ConversionReview("v1beta1").converted(object("{'response':{'uid':'2','result':{'status':"
                + "'Success'},'convertedObjects':[1]}}"), "1")).hasSize(1);
        assertThat(new ConversionReview("v1beta1").request(List.of(SENT), "x.io/v2", "1")).isEqualTo(object(
                "{'kind':'ConversionReview','apiVersion':'apiextensions.k8s.io/v1beta1','request':{'uid':'1',"
                        + "'desiredAPIVersion':'x.io/v2','objects':[" + SENT + "]}}"));
    }

    @Test
    void labels_and_annotations_are_taken_over_and_nothing_else_of_metadata() {
        String head = "{'apiVersion':'x.io/v2','kind':'Foo','metadata':{'name':'a','namespace':'n','uid':'u'";
        assertThat(converted(head + ",'generation':9,'labels':{'l':'2'},'annotations':null},'spec':{'t':1}}"))
                .isEqualTo(
                        object(head + ",'generation':3,'labels':{'l':'2'}},'spec':{'t':1}}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"null|unexpected end of JSON input",
        "7|json: cannot unmarshal number into Go value of type unstructured.detector",
        "{'a':1}|Object 'Kind' is missing in '{\"a\":1}'",
        "{'kind':'Foo','apiVersion':'x.io/v3'}|WEBHOOK returned invalid object at index 0: invalid groupVersion "
                + "(expected x.io/v2, received x.io/v3)",
        "{'kind':'Bar','apiVersion':'x.io/v2'}|WEBHOOK returned invalid object at index 0: invalid kind (expected Foo, "
                + "received Bar)",
        "{'kind':'Foo','apiVersion':'x.io/v2','metadata':{'name':'b'}}|WEBHOOK returned invalid object: must have the "
                + "same name: a != b",
        "{'kind':'Foo','apiVersion':'x.io/v2','metadata':{'name':'a'}}|WEBHOOK returned invalid object: must have the "
                + "same namespace: n != ",
        "{'kind':'Foo','apiVersion':'x.io/v2','metadata':{'name':'a','namespace':'n','uid':'v'}}|WEBHOOK returned "
                + "invalid object: must have the same UID: u != v",
        "{META,'labels':'x'}}|WEBHOOK returned invalid metadata: invalid metadata.labels of type string in converted "
                + "object",
        "{META,'annotations':{'k':1}}}|WEBHOOK returned invalid metadata: metadata.annotations[k] must be a string, "
                + "but is int64 in converted object",
        "{META,'annotations':{'/':'','//':''}}}|WEBHOOK returned invalid metadata: [metadata.annotation: Invalid "
                + "value: \"/\": prefix part must be non-empty"})
    void an_object_that_is_not_the_one_sent_is_refused(String answered, String words) {
        String meta = "'kind':'Foo','apiVersion':'x.io/v2','metadata':{'name':'a','namespace':'n','uid':'u'";
        assertThatThrownBy(() -> converted(answered.replace("META", meta))).hasMessageStartingWith(words.replace(
                "WEBHOOK", "conversion webhook for x.io/v1, Kind=Foo"));
    }
}
