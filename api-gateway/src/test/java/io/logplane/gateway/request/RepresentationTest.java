package io.logplane.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logplane.gateway.request.Representation.As;
import io.logplane.gateway.request.Representation.Format;
import io.logplane.schemas.model.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepresentationTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"''|JSON|OBJECT", "*/*|JSON|OBJECT", "application/yaml|YAML|OBJECT",
        "application/vnd.kubernetes.protobuf,application/json|PROTOBUF|OBJECT",
        "application/json;as=Table;v=v1;g=meta.k8s.io,application/json|JSON|TABLE",
        "application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io,application/json|JSON|OBJECT",
        "application/json;as=Table;v=v9;g=meta.k8s.io,application/json|JSON|OBJECT",
        "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io|JSON|PARTIAL",
        "text/html,application/json;q=0.5|JSON|OBJECT", "; ,;q=1,application/json|JSON|OBJECT",
        "application/yaml;q=0.1,application/json|JSON|OBJECT"})
    void theFirstAcceptableClauseWins(String accept, Format format, As as) {
        Representation chosen = Representation.negotiate(accept, Query.EMPTY, "");

        assertThat(chosen.format()).isEqualTo(format);
        assertThat(chosen.as()).isEqualTo(as);
    }

    @Test
    void nothingAcceptableIs406() {
        assertThatThrownBy(() -> Representation.negotiate("text/html", Query.EMPTY, "")).isInstanceOfSatisfying(
                Refused.class, refused -> assertThat(refused.refusal().code()).isEqualTo(406));
    }
}
