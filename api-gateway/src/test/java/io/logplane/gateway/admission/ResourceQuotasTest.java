package io.logplane.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.authn.User;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.types.ResourceTypes;
import io.logplane.state.Proposal;
import io.logplane.state.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Reservations and counts on a state of one's own.
class ResourceQuotasTest {
    private static final ObjectKey QUOTA = ObjectKey.of("", "resourcequotas", "a", "q");
    private static final ObjectKey EPOCH = ObjectKey.of("logplane.io", "quotaepochs", "", "u1");

    private final State state = new State();
    private final ResourceQuotas step = new ResourceQuotas(state, state);

    /// A log of one gateway.
    private static final class State implements Lookup, Ledger {
        private final TreeMap<String, StoredObject> objects = new TreeMap<>();
        private long revision = 10;

        @Override
        public Optional<StoredObject> here(ObjectKey key) {
            return Optional.ofNullable(objects.get(key.text()));
        }

        @Override
        public Optional<StoredObject> newest(ObjectKey key) {
            return here(key);
        }

        @Override
        public List<StoredObject> list(String prefix) {
            return new ArrayList<>(objects.subMap(prefix, prefix + Character.MAX_VALUE).values());
        }

        @Override
        public OptionalLong write(ObjectKey key, ObjectNode object, long expected, List<Proposal.Read> reads) {
            boolean holds = revision(key) == expected && reads.stream().allMatch(read -> revision(read
                    .key()) == read.revision());
            if (!holds) {
                return OptionalLong.empty();
            }
            objects.put(key.text(), new StoredObject(key, ++revision, revision, Json.bytes(object)));
            return OptionalLong.of(revision);
        }

        @Override
        public long bump(ObjectKey key) {
            return write(key, Json.newObject(), revision(key), List.of()).orElseThrow();
        }

        @Override
        public long revision(ObjectKey key) {
            return here(key).map(StoredObject::revision).orElse(0L);
        }

        @Override
        public void remove(ObjectKey key) {
            objects.remove(key.text());
        }

        ObjectNode get(ObjectKey key) {
            return Json.object(here(key).orElseThrow().json());
        }
    }

    private static ObjectNode json(String text) {
        return Json.object(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private AdmissionRequest request(String plural, Operation operation, String subresource, ObjectNode object) {
        return new AdmissionRequest(User.named("u"), ResourceTypes.require("", plural), operation, subresource, object,
                operation == Operation.CREATE ? Optional.empty() : Optional.of(object.deepCopy()), false);
    }

    private AdmissionRequest configMap(String name) {
        AdmissionRequest request = request("configmaps", Operation.CREATE, "", json("{'metadata':{'name':'" + name
                + "','namespace':'a'}}"));
        step.validate(request);
        return request;
    }

    private void quota(int limit) {
        state.write(QUOTA, json("{'metadata':{'name':'q','namespace':'a','uid':'u1'},'spec':{'hard':{'configmaps':'"
                + limit + "'}}}"), 0, List.of());
    }

    private String used() {
        return state.get(QUOTA).at("/status/used").toString();
    }

    private void count() {
        ObjectNode quota = state.get(QUOTA);
        long at = state.revision(QUOTA);
        step.admit(request("resourcequotas", Operation.UPDATE, "status", quota));
        assertThat(state.write(QUOTA, quota, at, List.of())).isPresent();
    }

    @Test
    void anObjectWhoseReservationACountDidNotSeeIsRefusedByTheLog() {
        quota(1);
        AdmissionRequest first = configMap("first");
        assertThat(used()).isEqualTo("{\"configmaps\":\"1\"}");
        assertThat(first.reads()).containsExactly(new Proposal.Read(EPOCH, state.revision(EPOCH)));

        count();

        assertThat(used()).isEqualTo("{\"configmaps\":\"0\"}");
        assertThat(state.write(ObjectKey.of("", "configmaps", "a", "first"), first.object(), 0, first.reads()))
                .isEmpty();
    }

    @Test
    void aReservationIsGivenBackOnce() {
        quota(2);
        AdmissionRequest kept = configMap("kept");
        AdmissionRequest lost = configMap("lost");
        lost.undo();
        assertThat(used()).isEqualTo("{\"configmaps\":\"1\"}");
        count(); // forgets what was kept, too: it has not been written
        kept.undo();
        assertThat(used()).isEqualTo("{\"configmaps\":\"0\"}");
    }

    @Test
    void aReservationBetweenBumpAndWriteMakesTheCountAConflict() {
        quota(2);
        count();
        ObjectNode quota = state.get(QUOTA);
        long at = state.revision(QUOTA);
        step.admit(request("resourcequotas", Operation.UPDATE, "status", quota));
        AdmissionRequest between = configMap("between");

        assertThat(state.write(QUOTA, quota, at, List.of())).isEmpty();
        assertThat(state.write(ObjectKey.of("", "configmaps", "a", "between"), between.object(), 0, between.reads()))
                .isPresent();
    }
}
