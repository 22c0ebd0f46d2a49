package io.logplane.schemas.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.schemas.Samples;
import io.logplane.schemas.model.FieldSelector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldQueriesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "configmaps|data.a=1|\"data.a\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"",
        "pods|spec.image=x|field label not supported: spec.image",
        "jobs.batch|spec.x=1|field label \"spec.x\" not supported for batchv1.Job",
        "pods|metadata.name=a,metadata.namespace=b,spec.nodeName=n|-"})
    void anUnknownFieldIsRefusedInUpstreamsWords(String type, String query, String expected) {
        assertThat(FieldQueries.refusal(Samples.type(type), FieldSelector.parse(query)).orElse("-"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"metadata.name=x|true", "metadata.name!=x|false",
        "metadata.namespace=ns|true", "spec.nodeName=|true", "spec.nodeName=n|false", "spec.hostNetwork=false|true",
        "status.phase=Pending,spec.restartPolicy=Always|true", "status.podIP=1.2.3.4|false"})
    void aPodMatchesByItsFields(String query, boolean matches) {
        ResourceType type = Samples.type("pods");
        assertThat(FieldQueries.matches(type, FieldSelector.parse(query), Samples.created(type))).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({"jobs.batch,status.successful=0", "replicasets.apps,status.replicas=0",
        "nodes,spec.unschedulable=false",
        "namespaces,status.phase=Active", "secrets,type=Opaque", "events,involvedObject.name=p",
        "events,involvedObject.kind=Pod", "services,spec.type=ClusterIP"})
    void othersMatchByTheirs(String typeName, String query) {
        ResourceType type = Samples.type(typeName);
        assertThat(FieldQueries.matches(type, FieldSelector.parse(query), Samples.created(type))).isTrue();
    }
}
