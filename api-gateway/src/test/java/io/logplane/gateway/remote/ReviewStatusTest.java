package io.logplane.gateway.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Answers of webhooks that decide who somebody is, and what he may.
class ReviewStatusTest {
    private static final String ACCESS = "\"apiVersion\":\"authorization.k8s.io/v1\",\"kind\":\"SubjectAccessReview\"";

    private static ObjectNode read(String body) {
        return ReviewStatus.read(200, "application/json", body.getBytes(StandardCharsets.UTF_8),
                Json.object(("{" + ACCESS
                        + "}").getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"{\"status\":{\"allowed\":true}}",
        "{" + ACCESS + ",\"status\":{\"allowed\":true,\"authenticated\":1}}"})
    void what_says_its_kind_or_none_is_read(String body) {
        assertThat(read(body).path("status").path("allowed").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "``|0-length response with status code: 200 and content type: application/json",
        "{\"apiVersion\":\"v1\",\"kind\":\"Other\"}|no kind \"Other\" is registered for version \"v1\" in scheme "
                + "\"k8s.io/client-go/kubernetes/scheme/register.go:82\"",
        "{\"apiVersion\":\"authorization.k8s.io/v1beta1\",\"kind\":\"SubjectAccessReview\"}|converting "
                + "(v1beta1.SubjectAccessReview) to (v1.SubjectAccessReview): unknown conversion",
        "{\"status\":{\"allowed\":\"yes\"}}|json: cannot unmarshal string into Go struct field "
                + "SubjectAccessReviewStatus.status.allowed of type bool"})
    void what_is_no_such_review_is_told_in_the_words_of_upstream(String body, String words) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(WebhookServer.CallFailed.class).hasMessage(words);
    }
}
