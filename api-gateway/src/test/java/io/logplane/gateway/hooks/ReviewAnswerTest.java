package io.logplane.gateway.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logplane.gateway.outbound.WebhookClient;
import io.logplane.gateway.outbound.WebhookClient.CallFailed;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReviewAnswerTest {
    private static final String KNOWN = "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\","
            + "\"response\":";
    private static final String SCHEME = " in scheme \"k8s.io/apiserver/pkg/util/webhook/client.go:71\"";
    private static final String TYPE_META = "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; "
            + "Kind string \"json:\\\"kind,omitempty\\\"\" }";

    private static void fails(String body, String words) {
        assertThatThrownBy(() -> ReviewAnswer.read(body.getBytes(StandardCharsets.UTF_8), "v1")).isInstanceOf(
                CallFailed.class).hasMessage("failed to call webhook: " + words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "1|AdmissionReview.response of type v1.AdmissionResponse|number",
        "{\"uid\":1}|AdmissionResponse.response.uid of type types.UID|number",
        "{\"allowed\":\"yes\"}|AdmissionResponse.response.allowed of type bool|string",
        "{\"status\":\"no\"}|AdmissionResponse.response.status of type v1.Status|string",
        "{\"patchType\":[]}|AdmissionResponse.response.patchType of type v1.PatchType|array",
        "{\"auditAnnotations\":{\"a\":1}}|AdmissionResponse.response.auditAnnotations of type string|number",
        "{\"warnings\":\"one\"}|AdmissionResponse.response.warnings of type []string|string",
        "{\"warnings\":[true]}|AdmissionResponse.response.warnings of type string|bool"})
    void a_member_of_another_type_fails_the_call(String response, String field, String type) {
        fails(KNOWN + response + "}", "json: cannot unmarshal " + type + " into Go struct field " + field);
    }

    @Test
    void what_is_no_review_fails_the_call() {
        fails("", "0-length response with status code: 200 and content type: application/json");
        fails("[]", "couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type "
                + TYPE_META);
        fails("garbage", "couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of "
                + "type " + TYPE_META);
        fails("{", "couldn't get version/kind; json parse error: unexpected end of JSON input");
        fails("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\"}",
                "no kind \"ConfigMap\" is registered for version \"v1\"" + SCHEME);
        fails("{\"apiVersion\":\"admission.k8s.io/v1beta1\",\"kind\":\"AdmissionReview\"}",
                "converting (v1beta1.AdmissionReview) to (v1.AdmissionReview): unknown conversion");
        fails("{\"apiVersion\":\"v1\",\"kind\":\"Status\"}",
                "converting (v1.Status) to (v1.AdmissionReview): unknown conversion");
        fails(KNOWN + "{\"patch\":\"W10=*\"}}", "illegal base64 data at input byte 3");
    }

    @Test
    void an_answer_may_be_yaml_whatever_it_says_it_is() {
        String yaml = "---\napiVersion: admission.k8s.io/v1\nkind: AdmissionReview\nresponse: {allowed: yes}\n";
        assertThat(ReviewAnswer.read(yaml.getBytes(StandardCharsets.UTF_8), "v1").at("/response/allowed").asBoolean())
                .isTrue();
        assertThat(ReviewAnswer.read("k8s\0?".getBytes(StandardCharsets.UTF_8), "v1")).as("protobuf of nothing known")
                .isEmpty();
        fails("<html>", "couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of "
                + "type " + TYPE_META);
    }

    @Test
    void null_is_as_if_it_had_not_been_said() {
        String body = KNOWN + "{\"allowed\":true,\"status\":null,\"patchType\":null,\"other\":1}}";

        assertThat(ReviewAnswer.read(body.getBytes(StandardCharsets.UTF_8), "v1").get("response"))
                .isEqualTo(Json.object(
                        "{\"allowed\":true,\"other\":1}".getBytes(StandardCharsets.UTF_8)));
        assertThat(ReviewAnswer.read("null".getBytes(StandardCharsets.UTF_8), "v1")).isEmpty();
    }
}
