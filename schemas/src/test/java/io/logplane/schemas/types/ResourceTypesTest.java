package io.logplane.schemas.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.schemas.Samples;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Laws of every entry of [ResourceTypes], and that together they are what kube-apiserver 1.36 discovers.
class ResourceTypesTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    static Stream<ResourceType> all() {
        return ResourceTypes.ALL.stream();
    }

    static Stream<ResourceType> stored() {
        return ResourceTypes.ALL.stream().filter(ResourceType::stored).filter(t -> t.conversion().isEmpty());
    }

    @Test
    void theCatalogueIsWhatUpstreamDiscovers() throws IOException {
        List<String> expected = lines("discovery.txt").toList();
        assertThat(ResourceTypes.ALL.stream().map(ResourceTypesTest::discovered)).containsExactlyElementsOf(expected);
    }

    @Test
    void theColumnsOfEveryTypeAreUpstreams() throws IOException {
        for (String line : lines("table-columns.txt").toList()) {
            String name = line.substring(0, line.indexOf(" |"));
            ResourceType type = ResourceTypes.ALL.stream()
                    .filter(t -> (t.apiVersion() + " " + t.plural()).equals(name)).findFirst().orElseThrow();
            assertThat(name + " | " + type.columns().stream()
                    .map(c -> c.name() + ":" + c.type() + ":" + c.format() + ":" + c.priority())
                    .collect(Collectors.joining(" | "))).isEqualTo(line);
        }
    }

    @Test
    void noTwoTypesShareAName() {
        assertThat(all().map(t -> t.apiVersion() + "/" + t.plural())).doesNotHaveDuplicates();
        assertThat(all().map(t -> t.apiVersion() + "/" + t.kind())).doesNotHaveDuplicates();
        assertThat(all().filter(t -> t.conversion().isEmpty()).flatMap(t -> t.shortNames().stream()).toList())
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("all")
    void isFoundByEveryName(ResourceType type) {
        assertThat(ResourceTypes.find(type.group(), type.version(), type.plural())).contains(type);
        assertThat(ResourceTypes.byKind(type.group(), type.version(), type.kind())).contains(type);
        assertThat(ResourceTypes.byKind(type.apiVersion(), type.kind())).contains(type);
        assertThat(ResourceTypes.ofKey(type.key("n", "x"))).contains(type.storage());
        assertThat(ObjectKey.parse(type.key("n", "x").text())).isEqualTo(type.key("n", "x"));
    }

    @ParameterizedTest
    @MethodSource("stored")
    void aMinimalObjectIsValidAndDefaultingTwiceChangesNothing(ResourceType type) {
        var object = Samples.minimal(type);
        type.rules().applyDefaults(object);
        type.rules().prepareForCreate(object);
        assertThat(type.problems(object)).isEmpty();
        var again = Json.object(Json.bytes(object));
        assertThat(again).as("numbers are as the parser reads them").isEqualTo(object);
        type.rules().applyDefaults(again);
        assertThat(again).isEqualTo(object);
    }

    @ParameterizedTest
    @MethodSource("stored")
    void anUpdateWithoutChangeIsValidAndChangesNothing(ResourceType type) {
        var old = Samples.created(type);
        var object = Json.object(Json.bytes(old));
        type.rules().applyDefaults(object);
        type.rules().prepareForUpdate(object, old);
        assertThat(object).isEqualTo(old);
        assertThat(type.problems(object, old)).isEmpty();
        assertThat(type.rules().raisesGeneration(object, old)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("stored")
    void aStatusUpdateKeepsTheSpecAndAMainUpdateKeepsTheStatus(ResourceType type) {
        if (!type.has("status") || type.plural().equals("certificatesigningrequests")) {
            return;
        }
        var old = Samples.created(type);
        var object = Json.object(Json.bytes(old));
        object.putObject("spec").put("bogus", 1);
        object.putObject("status").put("note", "new");
        type.rules().prepareForSubresource("status", object, old);
        assertThat(object.path("spec")).isEqualTo(old.path("spec"));
        assertThat(object.path("status").path("note").asText()).isEqualTo("new");
        var main = Json.object(Json.bytes(old));
        main.putObject("status").put("note", "new");
        type.rules().prepareForUpdate(main, old);
        assertThat(main.path("status")).isEqualTo(old.path("status"));
    }

    @ParameterizedTest
    @MethodSource("stored")
    void everyCellIsThereForAnEmptyAndForAMinimalObject(ResourceType type) {
        for (Column column : type.columns()) {
            assertThat(column.cell().apply(Json.newObject(), NOW)).as(column.name()).isNotNull();
            assertThat(column.cell().apply(Samples.created(type), NOW)).as(column.name())
                    .isInstanceOfAny(String.class, Long.class, Boolean.class);
        }
        for (SelectableField field : type.fields()) {
            assertThat(field.value().apply(Json.newObject())).as(field.path()).isNotNull();
        }
    }

    @ParameterizedTest
    @MethodSource("stored")
    void rulesSurviveAnObjectOfTheWrongShape(ResourceType type) {
        for (String text : List.of("{}", "{\"spec\":7,\"status\":[],\"metadata\":{\"name\":[1]},\"data\":\"x\"}",
                "{\"spec\":{\"template\":[],\"ports\":{\"a\":1},\"containers\":\"x\",\"selector\":[]},"
                        + "\"roleRef\":3,\"rules\":{}}")) {
            var object = Json.object(text.getBytes(StandardCharsets.UTF_8));
            var old = Samples.created(type);
            type.rules().applyDefaults(object);
            type.rules().prepareForCreate(object);
            type.rules().prepareForUpdate(object, old);
            assertThat(type.problems(object, old)).isNotNull();
        }
    }

    private static String discovered(ResourceType type) {
        String subresources = type.subresources().stream()
                .map(s -> " " + s.name() + ":" + s.kind() + ":" + String.join(",", new TreeSet<>(s.verbs())))
                .collect(Collectors.joining());
        return String.join(" ", type.apiVersion(), type.plural(), type.kind(),
                type.namespaced() ? "Namespaced" : "Cluster", type.singular(), dash(type.shortNames()),
                dash(type.categories()), String.join(",", new TreeSet<>(type.verbs()))) + subresources;
    }

    private static String dash(List<String> names) {
        return names.isEmpty() ? "-" : String.join(",", names);
    }

    private static Stream<String> lines(String resource) throws IOException {
        try (InputStream in = ResourceTypesTest.class.getResourceAsStream("/io/logplane/schemas/" + resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(l -> !l.startsWith("#"))
                    .toList().stream();
        }
    }
}
