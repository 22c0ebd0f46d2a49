package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.types.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Priority levels. A row: name, spec, all the causes joined by "; " ("-" for none).
class FlowValidationTest {
    private static final ResourceType LEVELS = Samples.type(
            "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io");
    private static final String ONLY_SHARES = "spec of 'exempt' except the 'spec.exempt' field must equal the fixed "
            + "value";
    private static final String FORTY_TWO = "\"Limited\":{\"NominalConcurrencyShares\":42,\"LimitResponse\":{\"Type\":"
            + "\"Reject\",\"Queuing\":null},\"LendablePercent\":0,\"BorrowingLimitPercent\":null}";

    private static ObjectNode level(String name, String spec) {
        ObjectNode level = Samples.json("{'metadata':{'name':'" + name + "'},'spec':" + spec + "}");
        return Samples.created(LEVELS, level);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "exempt|{'type':'Exempt'}|-", "exempt|{'type':'Exempt','exempt':{'nominalConcurrencyShares':10}}|-",
        "exempt|{'type':'Exempt','exempt':{'nominalConcurrencyShares':-1,'lendablePercent':101}}|"
                + "spec.exempt.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer; "
                + "spec.exempt.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive",
        "exempt|{'type':'Limited','exempt':{},'limited':{'nominalConcurrencyShares':42,'limitResponse':{'type':'Reject'"
                + "}}}|spec.type: Invalid value: \"Limited\": must be 'Exempt' if and only if `name` is 'exempt'; "
                + "spec.exempt: Forbidden: must be nil if the type is Limited; spec: Invalid value: {\"Type\":"
                + "\"Limited\"," + FORTY_TWO + ",\"Exempt\":{\"NominalConcurrencyShares\":0,\"LendablePercent\":0}}: "
                + ONLY_SHARES,
        "exempt|{'type':'Exempt','limited':{'nominalConcurrencyShares':42,'limitResponse':{'type':'Reject'}}}|"
                + "spec.limited: Forbidden: must be nil if the type is not Limited; spec: Invalid value: {\"Type\":"
                + "\"Exempt\"," + FORTY_TWO + ",\"Exempt\":null}: " + ONLY_SHARES,
        "other|{'type':'Exempt'}|spec.type: Invalid value: \"Exempt\": must be 'Exempt' if and only if `name` is "
                + "'exempt'",
        "a|{'type':'Limited','limited':{'nominalConcurrencyShares':-1,'lendablePercent':101,'borrowingLimitPercent':-1,"
                + "'limitResponse':{'type':'x'}}}|spec.limited.nominalConcurrencyShares: Invalid value: -1: must be a "
                + "non-negative integer; spec.limited.limitResponse.type: Unsupported value: \"x\": supported values: "
                + "\"Queue\", \"Reject\"; spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, "
                + "inclusive; spec.limited.borrowingLimitPercent: Invalid value: -1: if specified, must be a "
                + "non-negative integer"})
    void a_level_is_checked(String name, String spec, String expected) {
        assertThat(Samples.told(LEVELS.problems(level(name, spec)))).isEqualTo(expected);
    }

    @Test
    void no_level_keeps_the_mark_of_an_older_version() {
        String mark = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares";
        ObjectNode level = level("a", "{'type':'Limited','limited':{'limitResponse':{'type':'Reject'}}}");
        level.withObject("/metadata/annotations").put(mark, "");
        assertThat(Samples.told(LEVELS.problems(level)))
                .isEqualTo("metadata.annotations: Forbidden: annotation '" + mark
                        + "' is forbidden");
    }

    @Test
    void what_is_zero_was_not_said_where_no_zero_is_allowed() {
        ObjectNode level = level("a", "{'type':'Limited','limited':{'nominalConcurrencyShares':0,'limitResponse':{"
                + "'type':'Queue','queuing':{'queues':0,'handSize':0,'queueLengthLimit':0}}}}");
        assertThat(level.path("spec").path("limited")).isEqualTo(Samples.json("{'nominalConcurrencyShares':0,"
                + "'limitResponse':{'type':'Queue','queuing':{'queues':64,'handSize':8,'queueLengthLimit':50}},"
                + "'lendablePercent':0}"));
        ResourceType schemas = Samples.type("flowschemas.flowcontrol.apiserver.k8s.io");
        assertThat(Samples.created(schemas, Samples.json("{'spec':{'matchingPrecedence':0}}")).at(
                "/spec/matchingPrecedence").asInt()).isEqualTo(1000);
    }

    @Test
    void a_level_without_exempt_part_gets_none() {
        assertThat(level("exempt", "{'type':'Exempt'}").path("spec")).isEqualTo(Samples.json("{'type':'Exempt'}"));
    }
}
