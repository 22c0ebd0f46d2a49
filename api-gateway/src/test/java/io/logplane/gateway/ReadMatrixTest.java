package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.ApiClient.Answer;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// resourceVersion × resourceVersionMatch × limit × continue × sendInitialEvents, for lists and for watches: every cell has
/// one answer, the same at every gateway. The expectations are written from the rules of
/// apimachinery's internalversion/validation and the table "Semantics for get and list" of the API concepts page, not from
/// our parser.
class ReadMatrixTest {
    private static final String INVALID = "ListOptions.meta.k8s.io \"\" is invalid: ";
    private static final String MATCH = "resourceVersionMatch: ";
    private static final List<String> MATCHES = List.of("", "NotOlderThan", "Exact", "Nonsense");

    @TempDir
    static Path directory;
    private static TwoGateways gateways;
    private static String maps;
    /// Revisions after two objects, and after the third.
    private static long then;
    private static long now;
    private static String token;
    private static String tokenRevision;

    @BeforeAll
    static void start() throws Exception {
        gateways = TwoGateways.start(directory);
        maps = gateways.mapsOf("matrix");
        ApiClient admin = gateways.admin();
        admin.post(maps, TwoGateways.map("a", "1"));
        then = Long.parseLong(admin.post(maps, TwoGateways.map("b", "1")).revision());
        Answer page = admin.get(maps + "?limit=1");
        token = page.json().at("/metadata/continue").asText();
        tokenRevision = page.revision();
        now = Long.parseLong(admin.post(maps, TwoGateways.map("c", "1")).revision());
    }

    @AfterAll
    static void stop() {
        gateways.close();
    }

    /// One list. Shape: `revision` "" for none; `initial` "" for none.
    private record Cell(String revision, String match, boolean limited, boolean continued, String initial) {
        String query() {
            StringBuilder query = new StringBuilder("?x=1");
            add(query, "resourceVersion", revision);
            add(query, "resourceVersionMatch", match);
            add(query, "limit", limited ? "2" : "");
            add(query, "continue", continued ? token : "");
            add(query, "sendInitialEvents", initial);
            return query.toString();
        }

        private static void add(StringBuilder query, String name, String value) {
            if (!value.isEmpty()) {
                query.append('&').append(name).append('=').append(value);
            }
        }

        /// What must come: `422 message` or `200 names [more]`.
        String expected() {
            List<String> errors = new ArrayList<>();
            if (!match.isEmpty()) {
                if (revision.isEmpty()) {
                    errors.add(
                            MATCH + "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided");
                }
                if (continued) {
                    errors.add(MATCH + "Forbidden: resourceVersionMatch is forbidden when continue is provided");
                }
                if (match.equals("Nonsense")) {
                    errors.add(MATCH
                            + "Unsupported value: \"Nonsense\": supported values: \"Exact\", \"NotOlderThan\", \"\"");
                }
                if (match.equals("Exact") && revision.equals("0")) {
                    errors.add(
                            MATCH + "Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
                }
            }
            if (!initial.isEmpty()) {
                errors.add("sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list");
            }
            if (!errors.isEmpty()) {
                return "422 " + INVALID + (errors.size() == 1
                        ? errors.getFirst()
                        : "[" + String.join(", ", errors)
                                + "]");
            }
            return valid();
        }

        private String valid() {
            if (continued) {
                return revision.isEmpty() || revision.equals("0")
                        ? "200 " + tokenRevision + " [b]"
                        : "400 specifying resource version is not allowed when using continue";
            }
            if (revision.equals("bad")) {
                return "400 invalid resource version: resourceVersion: Invalid value: \"bad\": strconv.ParseUint: parsing "
                        + "\"bad\": invalid syntax";
            }
            boolean past = revision.equals(String.valueOf(then)) && (match.equals("Exact") || match.isEmpty()
                    && limited);
            boolean exactlyNow = revision.equals(String.valueOf(now)) && (match.equals("Exact") || match.isEmpty()
                    && limited);
            String at = past ? String.valueOf(then) : exactlyNow ? String.valueOf(now) : "newest";
            boolean paged = limited && !revision.equals("0"); // a cache answers that, which has no pages
            String names = past ? "[a, b]" : paged ? "[a, b] more" : "[a, b, c]";
            return "200 " + at + " " + names;
        }
    }

    private static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (String revision : List.of("", "0", String.valueOf(then), String.valueOf(now), "bad")) {
            for (String match : MATCHES) {
                for (boolean limited : List.of(false, true)) {
                    for (boolean continued : List.of(false, true)) {
                        for (String initial : List.of("", "true", "false")) {
                            cells.add(new Cell(revision, match, limited, continued, initial));
                        }
                    }
                }
            }
        }
        return cells;
    }

    private static String outcome(Answer answer) {
        JsonNode json = answer.json();
        if (answer.code() != 200) {
            return answer.code() + " " + json.path("message").asText();
        }
        long at = json.at("/metadata/resourceVersion").asLong();
        List<String> names = new ArrayList<>(TwoGateways.names(answer));
        names.remove("kube-root-ca.crt");
        return "200 " + (at > now ? "newest" : at) + " " + names + (json.at("/metadata/continue").asText().isEmpty()
                ? ""
                : " more");
    }

    @Test
    void everyCellOfTheListTableHasItsAnswerAtBothGateways() {
        ApiClient admin = gateways.admin();
        ApiClient other = gateways.other();
        // Something of another namespace moves the newest revision beyond `now`.
        admin.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"moves-on\"}}");
        List<String> wrong = new ArrayList<>();
        List<Cell> cells = cells();
        for (Cell cell : cells) {
            for (ApiClient client : List.of(admin, other)) {
                String got = outcome(client.get(maps + cell.query()));
                if (!got.equals(cell.expected())) {
                    wrong.add(cell + "\n  expected " + cell.expected() + "\n  got      " + got);
                }
            }
        }

        assertThat(cells).hasSize(240);
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyCellOfTheWatchTableHasItsAnswer() {
        ApiClient admin = gateways.admin();
        List<String> wrong = new ArrayList<>();
        for (String revision : List.of("", "0", String.valueOf(then), String.valueOf(now))) {
            for (String match : MATCHES) {
                for (String initial : List.of("", "true", "false")) {
                    for (boolean bookmarks : List.of(false, true)) {
                        String query = "?watch=1&timeoutSeconds=1" + parameter("resourceVersion", revision) + parameter(
                                "resourceVersionMatch", match) + parameter("sendInitialEvents", initial)
                                + parameter("allowWatchBookmarks", bookmarks ? "true" : "");
                        String expected = expectedWatch(revision, match, initial, bookmarks);
                        String got = firstFrames(admin, query);
                        if (!got.equals(expected)) {
                            wrong.add(query + "\n  expected " + expected + "\n  got      " + got);
                        }
                    }
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    private static String parameter(String name, String value) {
        return value.isEmpty() ? "" : "&" + name + "=" + value;
    }

    /// Shape: `422 message`, or the frames before the watch waits: `+a +b +c end`.
    private static String expectedWatch(String revision, String match, String initial, boolean bookmarks) {
        List<String> errors = new ArrayList<>();
        if (!initial.isEmpty() && !match.equals("NotOlderThan")) {
            errors.add(MATCH + "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        if (!match.isEmpty() && initial.isEmpty()) {
            errors.add(MATCH
                    + "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }
        if (!match.isEmpty() && !match.equals("NotOlderThan")) {
            errors.add(MATCH + "Unsupported value: \"" + match + "\": supported values: \"NotOlderThan\"");
        }
        if (!errors.isEmpty()) {
            return "422 " + INVALID + (errors.size() == 1 ? errors.getFirst() : "[" + String.join(", ", errors) + "]");
        }
        boolean unset = revision.isEmpty() || revision.equals("0");
        if (initial.equals("true") || initial.isEmpty() && unset) {
            return "+a +b +c" + (bookmarks ? " end" : "");
        }
        return !unset && revision.equals(String.valueOf(then)) ? "+c" : "";
    }

    private static String firstFrames(ApiClient client, String query) {
        BufferedReader watch = client.watch(maps + query);
        List<String> frames = new ArrayList<>();
        Map<String, String> signs = Map.of("ADDED", "+", "MODIFIED", "~", "DELETED", "-");
        for (JsonNode frame = ApiClient.next(watch); !frame.isEmpty(); frame = ApiClient.next(watch)) {
            if (frame.path("kind").asText().equals("Status")) {
                return frame.path("code").asInt() + " " + frame.path("message").asText();
            }
            if (frame.path("type").asText().equals("BOOKMARK")) {
                if (frame.at("/object/metadata/annotations").has("k8s.io/initial-events-end")) {
                    frames.add("end");
                }
            } else if (!frame.at("/object/metadata/name").asText().equals("kube-root-ca.crt")) {
                frames.add(signs.get(frame.path("type").asText()) + frame.at("/object/metadata/name").asText());
            }
        }
        return String.join(" ", frames);
    }

    @Test
    void aRevisionOfTheFutureIsRefusedAfterThreeSecondsWhateverAsksForIt() {
        ApiClient admin = gateways.admin();
        for (String query : List.of("?resourceVersion=999999999", "?resourceVersion=9223372036854775807",
                "?resourceVersion=999999999&resourceVersionMatch=Exact", "?resourceVersion=999999999&limit=1")) {
            Answer refused = admin.get(maps + query);

            assertThat(refused.code()).as(query).isEqualTo(504);
            assertThat(refused.json().path("reason").asText()).isEqualTo("Timeout");
            assertThat(refused.json().at("/details/causes/0/reason").asText()).isEqualTo("ResourceVersionTooLarge");
            assertThat(refused.json().at("/details/retryAfterSeconds").asInt()).isEqualTo(1);
        }
        assertThat(admin.get(maps + "/a?resourceVersion=999999999").code()).isEqualTo(504);
    }

    @Test
    void podsOfANodeAtARevisionAreThoseOfThatRevision() {
        ApiClient admin = gateways.admin();
        String pods = "/api/v1/namespaces/matrix/pods";
        String pod = "{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"nodeName\":\"n1\",\"automountServiceAccountToken\":"
                + "false,\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}";
        admin.post("/api/v1/namespaces/matrix/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        String one = admin.post(pods, pod.formatted("one")).revision();
        admin.post(pods, pod.formatted("two"));
        String onNode = pods + "?fieldSelector=spec.nodeName%3Dn1";

        assertThat(TwoGateways.names(admin.get(onNode))).containsExactly("one", "two");
        assertThat(TwoGateways.names(gateways.other().get(onNode + "&resourceVersionMatch=Exact&resourceVersion="
                + one))).containsExactly("one");
        Answer page = admin.get(onNode + "&limit=1");
        assertThat(TwoGateways.names(page)).containsExactly("one");
        assertThat(TwoGateways.names(admin.get(onNode + "&limit=1&continue=" + page.json().at("/metadata/continue")
                .asText()))).containsExactly("two");
    }
}
