package io.logplane.schemas.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionNamesTest {
    private static final String NAMES = "'plural':'as','singular':'a','shortNames':['x','y'],'kind':'A',"
            + "'listKind':'AList'";

    private static ObjectNode definition(String group, String annotations, String names) {
        return Samples.json("{'metadata':{'annotations':{" + annotations + "}},'spec':{'group':'" + group
                + "','names':{" + names + "}}}");
    }

    private static String told(ObjectNode definition) {
        return Tree.objects(definition, "status.conditions").stream()
                .map(condition -> Tree.text(condition, "type") + "="
                        + Tree.text(condition, "status") + " " + Tree.text(condition, "reason") + ": "
                        + Tree.text(condition,
                                "message"))
                .collect(Collectors.joining("; "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'kind':'B'|True NoConflicts: no conflicts found; Established=True InitialNamesAccepted: the initial names "
                + "have been accepted",
        "'plural':'a','kind':'AList'|False ListKindConflict: \"AList\" is already in use; Established=False "
                + "NotAccepted: not all names are accepted",
        "'shortNames':['y','as','x']|False ShortNamesConflict: [\"x\" is already in use, \"y\" is already in use]; "
                + "Established=False NotAccepted: not all names are accepted"})
    void names_that_others_have_are_not_given_and_the_last_conflict_is_told(String others, String conditions) {
        ObjectNode other = Samples.json("{'status':{'acceptedNames':{" + others + "}}}");
        ObjectNode definition = definition("x.io", "", NAMES);
        assertThat(DefinitionNames.settle(definition, List.of(other), "t")).isTrue();
        assertThat(told(definition)).isEqualTo("NamesAccepted=" + conditions);
        assertThat(DefinitionNames.settle(definition, List.of(other), "u")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "``|False MissingAnnotation: protected groups must have approval annotation \"api-approved.kubernetes.io\", "
                + "see https://github.com/kubernetes/enhancements/pull/1111",
        "'api-approved.kubernetes.io':'unapproved, \\\\a'|False UnapprovedAnnotation: not approved: \"unapproved, "
                + "\\\\a\"",
        "'api-approved.kubernetes.io':'https://h/1'|True ApprovedAnnotation: approved in https://h/1"})
    void a_group_of_the_community_is_told_whether_it_approved(String annotations, String condition) {
        ObjectNode definition = definition("x.k8s.io", annotations, NAMES);
        assertThat(DefinitionNames.settle(definition, List.of(), "t")).isTrue();
        assertThat(told(definition)).endsWith("; KubernetesAPIApprovalPolicyConformant=" + condition);
        assertThat(DefinitionNames.open(definition)).isFalse();
    }

    @Test
    void another_approval_is_told_anew() {
        ObjectNode definition = definition("x.k8s.io", "'api-approved.kubernetes.io':'unapproved'", NAMES);
        DefinitionNames.settle(definition, List.of(), "t");
        definition.withObject("/metadata/annotations").put("api-approved.kubernetes.io", "https://h/1");
        assertThat(DefinitionNames.open(definition)).isTrue();
        assertThat(DefinitionNames.settle(definition, List.of(), "u")).isTrue();
        assertThat(new Definition(definition).is(Definition.API_APPROVED)).isTrue();
        assertThat(DefinitionNames.open(definition)).isFalse();
    }
}
