package io.logplane.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logplane.gateway.request.Representation.As;
import io.logplane.gateway.request.Representation.Format;
import io.logplane.schemas.model.Refused;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
        "application/yaml;q=0.1,application/json|JSON|OBJECT",
        "application/yaml;q=x,application/json;q=0.4|JSON|OBJECT"})
    void theFirstAcceptableClauseWins(String accept, Format format, As as) {
        Representation chosen = Representation.negotiate(accept, Query.EMPTY, "", false);

        assertThat(chosen.format()).isEqualTo(format);
        assertThat(chosen.as()).isEqualTo(as);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"text/html|406: Not Acceptable", "application/*|406: Not Acceptable",
        "APPLICATION/JSON|406: Not Acceptable", "application/json;v=v1|only the following",
        "application/json;as=Table|only the following", "application/json;as=Foo;g=meta.k8s.io;v=v1|only the following",
        "application/json;stream=other|only the following", "application/yaml;stream=watch|only the following",
        "application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1,text/plain|only the following"})
    void nothingAcceptableIs406(String accept, String text) {
        assertThatThrownBy(() -> Representation.negotiate(accept, Query.EMPTY, "", true)).isInstanceOfSatisfying(
                Refused.class, refused -> {
                    assertThat(refused.refusal().code()).isEqualTo(406);
                    assertThat(refused.refusal().message()).startsWith(text);
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {"''|JSON", "application/yaml|YAML",
        "application/yaml;as=Table;v=v1;g=meta.k8s.io|-", "APPLICATION/JSON|-",
        "application/json;as=Table;v=v1;g=meta.k8s.io,application/yaml|YAML",
        "application/json;AS=Table;V=v1;G=meta.k8s.io|JSON"})
    void aStatusIsNeverATable(String accept, @Nullable Format format) {
        assertThat(Representation.negotiateStatus(accept, Query.EMPTY, "").map(Representation::format)).isEqualTo(
                Optional.ofNullable(format));
    }

    @Test
    void routesOfCollectionsNameTheirStreams() {
        assertThatThrownBy(() -> Representation.negotiate("text/html", Query.EMPTY, "", true)).hasMessageContaining(
                "application/json;stream=watch");
        assertThatThrownBy(() -> Representation.negotiate("text/html", Query.EMPTY, "", false)).hasMessageEndingWith(
                "application/vnd.kubernetes.protobuf");
    }
}
