package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.ApiClient.Answer;
import io.logplane.representation.proto.ProtobufCodec;
import io.logplane.schemas.model.Json;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lists of several blocks and more bytes than protobuf keeps: every form says the same, also while the objects change.
class LongListsTest {
    private static final int SMALL = 1_100;
    private static final int BIG = 12;
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
    private static final String PARTIAL = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

    @TempDir
    static Path directory;
    private static TwoGateways gateways;
    private static String maps;

    @BeforeAll
    static void start() throws Exception {
        gateways = TwoGateways.start(directory);
        maps = gateways.mapsOf("long");
        ApiClient admin = gateways.admin();
        List<Callable<Integer>> creates = new ArrayList<>();
        for (int i = 0; i < SMALL + BIG; i++) {
            String name = "m" + i;
            String data = i < SMALL ? "x" : "x".repeat(600_000);
            creates.add(() -> admin.post(maps, TwoGateways.map(name, data)).code());
        }
        for (int from = 0; from < creates.size(); from += 50) {
            assertThat(TwoGateways.together(creates.subList(from, Math.min(from + 50, creates.size())))).containsOnly(
                    201);
        }
    }

    @AfterAll
    static void stop() {
        gateways.close();
    }

    private static List<String> seen(JsonNode items) {
        List<String> seen = new ArrayList<>();
        items.forEach(item -> seen.add(item.at("/metadata/name").asText() + "@" + item.at("/metadata/resourceVersion")
                .asText()));
        return seen;
    }

    private static JsonNode decoded(Answer protobuf) {
        assertThat(protobuf.type()).isEqualTo(ProtobufCodec.MEDIA_TYPE);
        return new ProtobufCodec().decode(protobuf.body());
    }

    @Test
    void every_form_lists_the_same_objects() throws Exception {
        ApiClient admin = gateways.admin();
        JsonNode plain = admin.get(maps).json();
        List<String> expected = seen(plain.path("items"));
        assertThat(expected).hasSize(SMALL + BIG);

        assertThat(admin.get(maps + "?pretty=true").json().path("items")).isEqualTo(plain.path("items"));
        assertThat(seen(admin.get(maps, "Accept", PARTIAL).json().path("items"))).isEqualTo(expected);
        List<String> rows = new ArrayList<>();
        admin.get(maps, "Accept", TABLE).json().path("rows").forEach(row -> rows.addAll(seen(row.path("object")
                .isMissingNode()
                        ? row
                        : io.logplane.schemas.model.Json.MAPPER.createArrayNode().add(row.path(
                                "object")))));
        assertThat(rows).isEqualTo(expected);
        JsonNode list = decoded(admin.get(maps, "Accept", ProtobufCodec.MEDIA_TYPE));
        assertThat(seen(list.path("items"))).isEqualTo(expected);
        assertThat(list.findValuesAsText("a")).isEqualTo(plain.findValuesAsText("a"));
    }

    @Test
    void pages_in_protobuf_follow_each_other() throws Exception {
        ApiClient admin = gateways.admin();
        List<String> all = seen(admin.get(maps).json().path("items"));
        List<String> paged = new ArrayList<>();
        String token = "";
        do {
            JsonNode page = decoded(admin.get(maps + "?limit=400" + (token.isEmpty() ? "" : "&continue=" + token),
                    "Accept", ProtobufCodec.MEDIA_TYPE));
            paged.addAll(seen(page.path("items")));
            token = page.at("/metadata/continue").asText();
        } while (!token.isEmpty());
        assertThat(paged).isEqualTo(all);
    }

    @Test
    void long_answers_are_compressed_for_those_who_take_it() throws Exception {
        Answer zipped = gateways.admin().get(maps, "Accept", TABLE, "Accept-Encoding", "gzip");
        if (zipped.raw().headers().firstValue("content-encoding").isPresent()) { // not between processes of one machine
            byte[] inflated = new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes();
            assertThat(Json.object(inflated).path("kind").asText()).isEqualTo("Table");
        } else {
            assertThat(zipped.json().path("kind").asText()).isEqualTo("Table");
        }
    }

    @Test
    void a_list_that_is_read_twice_is_of_one_revision_while_objects_change() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Callable<Integer> writer = () -> {
            ApiClient admin = gateways.admin();
            int writes = 0;
            for (; !done.get(); writes++) {
                admin.merge(maps + "/m" + writes % (SMALL + BIG), "{\"data\":{\"n\":\"" + writes + "\"}}");
            }
            return writes;
        };
        Callable<Integer> reader = () -> {
            ApiClient admin = gateways.admin();
            try {
                for (int round = 0; round < 6; round++) {
                    JsonNode list = decoded(admin.get(maps, "Accept", ProtobufCodec.MEDIA_TYPE));
                    JsonNode same = admin.get(maps + "?resourceVersionMatch=Exact&resourceVersion=" + list
                            .at("/metadata/resourceVersion").asText()).json();
                    assertThat(seen(list.path("items"))).isEqualTo(seen(same.path("items")));
                }
                return 1;
            } finally {
                done.set(true);
            }
        };
        assertThat(TwoGateways.together(List.of(writer, writer, reader)).getLast()).isEqualTo(1);
    }
}
