package io.logplane.schemas.types;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One object under two versions: nothing gets lost on the way there and back.
class VersionsTest {
    private static final String V1 = "{'kind':'HorizontalPodAutoscaler','apiVersion':'autoscaling/v1',";
    private static final String V2 = "{'kind':'HorizontalPodAutoscaler','apiVersion':'autoscaling/v2',";

    private static Conversion of(String group, String version, String plural) {
        return ResourceTypes.find(group, version, plural).flatMap(ResourceType::conversion).orElseThrow();
    }

    private static final Conversion AUTOSCALERS = of("autoscaling", "v1", "horizontalpodautoscalers");
    private static final Conversion EVENTS = of("events.k8s.io", "v1", "events");

    static Stream<ResourceType> converted() {
        return ResourceTypes.ALL.stream().filter(type -> type.conversion().isPresent());
    }

    @Test
    void cpuUtilizationIsAFieldOfV1() {
        assertThat(AUTOSCALERS.toStorage(Samples.json(V1 + "'metadata':{'name':'a','resourceVersion':'7'},"
                + "'spec':{'maxReplicas':3,'targetCPUUtilizationPercentage':50,'scaleTargetRef':{'kind':'D'}}}")))
                .isEqualTo(Samples.json(V2 + "'metadata':{'name':'a','resourceVersion':'7'},"
                        + "'spec':{'scaleTargetRef':{'kind':'D'},'maxReplicas':3,'metrics':[{'type':'Resource',"
                        + "'resource':{'name':'cpu','target':{'averageUtilization':50,'type':'Utilization'}}}]}}"));
    }

    @Test
    void whatV1HasNoFieldsForTravelsInAnnotations() {
        ObjectNode stored = Samples.json(V2 + "'metadata':{'name':'a','annotations':{'mine':'x'}},'spec':{"
                + "'scaleTargetRef':{'kind':'D'},'maxReplicas':3,'metrics':["
                + "{'type':'Pods','pods':{'metric':{'name':'m'},'target':{'type':'AverageValue','averageValue':'5'}}},"
                + "{'type':'Object','object':{'describedObject':{'kind':'S','name':'s'},'metric':{'name':'q'},"
                + "'target':{'type':'Value','value':'10'}}},"
                + "{'type':'Resource','resource':{'name':'cpu','target':{'type':'Utilization',"
                + "'averageUtilization':60}}}],"
                + "'behavior':{'scaleDown':{'selectPolicy':'Min','policies':[{'type':'Pods','value':1,"
                + "'periodSeconds':60}]}}},"
                + "'status':{'currentReplicas':1,'desiredReplicas':2,'conditions':[{'type':'AbleToScale',"
                + "'status':'True'}]}}");
        ObjectNode served = AUTOSCALERS.fromStorage(stored);
        assertThat(served.path("spec")).isEqualTo(Samples.json(
                "{'scaleTargetRef':{'kind':'D'},'maxReplicas':3,'targetCPUUtilizationPercentage':60}"));
        String prefix = "autoscaling.alpha.kubernetes.io/";
        var annotations = served.path("metadata").path("annotations");
        assertThat(annotations.path(prefix + "metrics").asText().replace('"', '\''))
                .isEqualTo("[{'type':'Pods','pods':{'metricName':'m','targetAverageValue':'5'}},{'type':'Object',"
                        + "'object':{'target':{'kind':'S','name':'s'},'metricName':'q','targetValue':'10'}}]");
        assertThat(annotations.path(prefix + "behavior").asText().replace('"', '\''))
                .isEqualTo("{'ScaleUp':null,'ScaleDown':{'StabilizationWindowSeconds':null,'SelectPolicy':'Min',"
                        + "'Policies':[{'Type':'Pods','Value':1,'PeriodSeconds':60}],'Tolerance':null}}");
        assertThat(annotations.path(prefix + "conditions").asText()).contains("AbleToScale");
        assertThat(annotations.path("mine").asText()).isEqualTo("x");
        assertThat(AUTOSCALERS.toStorage(served)).isEqualTo(stored);
    }

    @Test
    void anAnnotationThatIsNoListOfMetricsIsIgnored() {
        for (String held : new String[]{"{", "7", "[7]", "null"}) {
            ObjectNode served = Samples.json(V1 + "'metadata':{'annotations':{"
                    + "'autoscaling.alpha.kubernetes.io/metrics':'" + held + "'}},'spec':{'maxReplicas':3}}");
            assertThat(AUTOSCALERS.toStorage(served))
                    .isEqualTo(Samples.json(V2 + "'metadata':{},'spec':{'maxReplicas':3}}"));
        }
    }

    @Test
    void anEventHasOtherNamesForTheSameFields() {
        ObjectNode stored = Samples.json("{'kind':'Event','apiVersion':'v1','metadata':{'name':'e'},"
                + "'involvedObject':{'kind':'Pod'},'reason':'r','message':'m','source':{'component':'c'},"
                + "'firstTimestamp':null,'lastTimestamp':null,'count':3,'type':'Normal','eventTime':null,"
                + "'reportingComponent':'k','reportingInstance':'i'}");
        ObjectNode served = EVENTS.fromStorage(stored);
        assertThat(served).isEqualTo(Samples.json("{'kind':'Event','apiVersion':'events.k8s.io/v1',"
                + "'metadata':{'name':'e'},'eventTime':null,'reportingController':'k','reportingInstance':'i',"
                + "'reason':'r','regarding':{'kind':'Pod'},'note':'m','type':'Normal',"
                + "'deprecatedSource':{'component':'c'},'deprecatedFirstTimestamp':null,"
                + "'deprecatedLastTimestamp':null,'deprecatedCount':3}"));
        assertThat(EVENTS.toStorage(served)).isEqualTo(stored);
    }

    @ParameterizedTest
    @MethodSource("converted")
    void thereAndBackIsWhereItWas(ResourceType type) {
        ObjectNode stored = Samples.created(type.storage());
        ObjectNode back = type.conversion().orElseThrow().toStorage(type.served(stored));
        type.rules().applyDefaults(back);
        assertThat(back).isEqualTo(stored);
        assertThat(type.key("n", "x")).isEqualTo(type.storage().key("n", "x"));
    }
}
