package io.logplane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.cli.core.JsonDifference;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonDifferenceTest {

    @Test
    void names_changed_added_and_removed_fields_by_their_paths() {
        assertThat(differences("{'a':{'b':1,'c':2},'l':[1,2]}", "{'a':{'b':5,'d':3},'l':[1,2,4]}"))
                .containsExactly("a.b 1 5", "a.c 2 ", "a.d  3", "l[2]  4");
    }

    @Test
    void leaves_out_managed_fields_and_quotes_dotted_names() {
        assertThat(differences("{'metadata':{'managedFields':[1]}}",
                "{'metadata':{'managedFields':[2],'labels':{'k8s.io/x':'y'}}}"))
                .containsExactly("metadata.labels['k8s.io/x']  \"y\"");
    }

    @Test
    void says_nothing_when_nothing_changed() {
        assertThat(differences("{'a':1}", "{'a':1}")).isEmpty();
    }

    private static List<String> differences(String before, String after) {
        return JsonDifference.between(json(before), json(after)).stream()
                .map(d -> d.path() + " " + d.before() + " " + d.after()).toList();
    }

    private static com.fasterxml.jackson.databind.node.ObjectNode json(String text) {
        return Json.object(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
