package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.ApiClient.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// grace × finalizers × propagation × preconditions × dryRun: what a deletion answers and what is left of the object,
/// cell by cell, written from the rules of apiserver's registry/rest/delete.go and registry/generic/registry/store.go.
class DeleteMatrixTest {
    @TempDir
    static Path directory;
    private static TwoGateways gateways;
    private static String maps;

    @BeforeAll
    static void start() throws Exception {
        gateways = TwoGateways.start(directory);
        maps = gateways.mapsOf("deletes");
    }

    @AfterAll
    static void stop() {
        gateways.close();
    }

    /// Shape: texts "" for absent.
    private record Cell(int number, String finalizer, String cascade, String precondition, String grace, boolean dry) {
        String name() {
            return "cell-" + number;
        }

        /// The body of the request.
        String options(JsonNode made) {
            List<String> fields = new ArrayList<>(List.of("\"kind\":\"DeleteOptions\"", "\"apiVersion\":\"v1\""));
            switch (cascade) {
                case "" -> {
                }
                case "orphans", "no orphans" -> fields.add("\"orphanDependents\":" + cascade.equals("orphans"));
                default -> fields.add("\"propagationPolicy\":\"" + cascade + "\"");
            }
            if (!precondition.isEmpty()) {
                boolean right = precondition.startsWith("right");
                String field = precondition.endsWith("uid") ? "uid" : "resourceVersion";
                String value = right ? made.at("/metadata/" + field).asText() : "12";
                fields.add("\"preconditions\":{\"" + field + "\":\"" + value + "\"}");
            }
            if (!grace.isEmpty()) {
                fields.add("\"gracePeriodSeconds\":" + grace);
            }
            if (dry) {
                fields.add("\"dryRun\":[\"All\"]");
            }
            return "{" + String.join(",", fields) + "}";
        }

        List<String> finalizersAfter() {
            List<String> after = new ArrayList<>(finalizer.isEmpty() ? List.of() : List.of(finalizer));
            if (!cascade.isEmpty()) {
                after.remove("orphan");
            }
            if (cascade.equals("Orphan") || cascade.equals("orphans")) {
                after.add("orphan");
            }
            if (cascade.equals("Foreground")) {
                after.add("foregroundDeletion");
            }
            return after;
        }

        /// Code, what the answer is, and what is there afterwards.
        String expected() {
            if (precondition.startsWith("wrong")) {
                return "409 Conflict, then as it was";
            }
            List<String> after = finalizersAfter();
            if (after.isEmpty()) {
                return "200 Success of configmaps " + name() + ", then " + (dry ? "as it was" : "gone");
            }
            return (cascade.equals("no orphans") ? "202" : "200") + " terminating " + after + ", then " + (dry
                    ? "as it was"
                    : "terminating " + after);
        }
    }

    private static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (String finalizer : List.of("", "example.com/own", "orphan")) {
            for (String cascade : List.of("", "Background", "Foreground", "Orphan", "orphans", "no orphans")) {
                for (String precondition : List.of("", "right uid", "wrong uid", "right rv", "wrong rv")) {
                    for (String grace : List.of("", "0", "30")) {
                        for (boolean dry : List.of(false, true)) {
                            cells.add(new Cell(cells.size(), finalizer, cascade, precondition, grace, dry));
                        }
                    }
                }
            }
        }
        return cells;
    }

    private static String run(Cell cell, ApiClient one, ApiClient other) {
        String finalizers = cell.finalizer().isEmpty() ? "" : ",\"finalizers\":[\"" + cell.finalizer() + "\"]";
        JsonNode made = one.post(maps, "{\"metadata\":{\"name\":\"" + cell.name() + "\"" + finalizers + "}}").json();
        Answer answer = other.send("DELETE", maps + "/" + cell.name(), cell.options(made));
        JsonNode body = answer.json();
        String said = body.path("kind").asText().equals("ConfigMap")
                ? state(body)
                : body.path("status").asText().equals("Success")
                        ? "Success of " + body.at("/details/kind").asText() + " " + body.at("/details/name").asText()
                        : body.path("reason").asText();
        Answer left = one.get(maps + "/" + cell.name());
        String then = left.code() == 404
                ? "gone"
                : left.json().equals(made) ? "as it was" : state(left.json());
        return answer.code() + " " + said + ", then " + then;
    }

    private static String state(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        List<String> finalizers = new ArrayList<>();
        metadata.path("finalizers").forEach(f -> finalizers.add(f.asText()));
        boolean terminating = metadata.has("deletionTimestamp") && metadata.path("deletionGracePeriodSeconds").asInt(
                -1) == 0;
        return (terminating ? "terminating " : "standing ") + finalizers;
    }

    @Test
    void everyCellOfTheDeletionTableHasItsAnswerAndItsOutcome() throws Exception {
        List<Callable<String>> calls = new ArrayList<>();
        ApiClient one = gateways.admin();
        ApiClient other = gateways.other();
        for (Cell cell : cells()) {
            calls.add(() -> {
                String got = run(cell, one, other);
                return got.equals(cell.expected())
                        ? ""
                        : cell + "\n  expected " + cell.expected() + "\n  got      " + got;
            });
        }

        assertThat(calls).hasSize(540);
        List<String> wrong = new ArrayList<>();
        for (int from = 0; from < calls.size(); from += 60) {
            wrong.addAll(TwoGateways.together(calls.subList(from, Math.min(from + 60, calls.size()))));
        }
        assertThat(wrong).containsOnly("");
    }

    @Test
    void aJobLeavesItsPodsBehindUnlessToldOtherwiseAndSaysSo() {
        String jobs = "/apis/batch/v1/namespaces/deletes/jobs";
        String job = "{\"metadata\":{\"name\":\"j\"},\"spec\":{\"template\":{\"spec\":{\"restartPolicy\":\"Never\","
                + "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}}}";
        ApiClient admin = gateways.admin();
        assertThat(admin.post(jobs, job).code()).isEqualTo(201);

        Answer deleted = admin.delete(jobs + "/j");

        assertThat(deleted.json().at("/metadata/finalizers").toString()).isEqualTo("[\"orphan\"]");
        assertThat(deleted.raw().headers().firstValue("warning")).hasValueSatisfying(w -> assertThat(w).contains(
                "child pods are preserved by default when jobs are deleted"));
        admin.merge(jobs + "/j", "{\"metadata\":{\"finalizers\":null}}");
        assertThat(admin.post(jobs, job).code()).isEqualTo(201);
        Answer background = admin.delete(jobs + "/j?propagationPolicy=Background");
        assertThat(background.json().path("status").asText()).isEqualTo("Success");
        assertThat(background.raw().headers().firstValue("warning")).isEmpty();
    }

    @Test
    void theGraceOfABoundPodOnlyEverGetsShorter() {
        String pods = "/api/v1/namespaces/deletes/pods";
        ApiClient admin = gateways.admin();
        admin.post("/api/v1/namespaces/deletes/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        assertThat(admin.post(pods, "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"nodeName\":\"n\",\"containers\":"
                + "[{\"name\":\"c\",\"image\":\"i\"}]}}").code()).isEqualTo(201);

        assertThat(grace(admin.delete(pods + "/p?gracePeriodSeconds=20"))).isEqualTo(20);
        assertThat(grace(admin.delete(pods + "/p?gracePeriodSeconds=25"))).isEqualTo(20);
        assertThat(grace(gateways.other().delete(pods + "/p"))).isEqualTo(20);
        assertThat(grace(gateways.other().delete(pods + "/p?gracePeriodSeconds=5"))).isEqualTo(5);
        assertThat(grace(admin.delete(pods + "/p?gracePeriodSeconds=-1"))).isEqualTo(1);
        assertThat(admin.delete(pods + "/p?gracePeriodSeconds=0&dryRun=All").code()).isEqualTo(200);
        assertThat(admin.get(pods + "/p").code()).isEqualTo(200);
        assertThat(admin.delete(pods + "/p?gracePeriodSeconds=0").code()).isEqualTo(200);
        assertThat(gateways.other().get(pods + "/p").code()).isEqualTo(404);
    }

    private static int grace(Answer answer) {
        return answer.json().at("/metadata/deletionGracePeriodSeconds").asInt(-1);
    }

    @Test
    void aCollectionIsDeletedByItsSelectorsAndAnswersWhatItDeleted() {
        String some = gateways.mapsOf("collection");
        ApiClient admin = gateways.admin();
        for (String name : List.of("a", "b", "c")) {
            admin.post(some, TwoGateways.map(name, "1"));
        }

        Answer deleted = gateways.other().delete(some + "?labelSelector=t+in+(a,b)");

        assertThat(deleted.json().path("kind").asText()).isEqualTo("ConfigMapList");
        assertThat(TwoGateways.names(deleted)).containsExactly("a", "b");
        assertThat(TwoGateways.names(admin.get(some))).contains("c").doesNotContain("a", "b");
        assertThat(admin.delete(some + "?dryRun=All").code()).isEqualTo(200);
        assertThat(TwoGateways.names(admin.get(some))).contains("c");
        assertThat(admin.delete(some + "?fieldSelector=metadata.name%3Dc").code()).isEqualTo(200);
        assertThat(admin.get(some + "/c").code()).isEqualTo(404);
    }
}
