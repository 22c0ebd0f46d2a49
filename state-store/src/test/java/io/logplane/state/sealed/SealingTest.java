package io.logplane.state.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SealingTest {
    private static final ObjectKey KEY = ObjectKey.of("", "secrets", "default", "token");
    private static final byte[] PLAIN = ObjectJson.canonical(Json.object(("{\"kind\":\"Secret\",\"apiVersion\":\"v1\","
            + "\"metadata\":{\"name\":\"token\",\"namespace\":\"default\",\"uid\":\"u\",\"labels\":{\"a\":\"b\"},"
            + "\"annotations\":{\"last\":\"canary\"},\"ownerReferences\":[{\"uid\":\"o\"}],\"finalizers\":[\"f\"],"
            + "\"managedFields\":[{\"manager\":\"canary\"}]},\"data\":{\"p\":\"canary\"},\"type\":\"canary:\"}")
            .getBytes(StandardCharsets.UTF_8)));
    private static final String ONE = "{\"aesgcm\":{\"keys\":[{\"name\":\"one\",\"secret\":\"" + "A".repeat(43)
            + "=\"}]}}";
    private static final String TWO = "{\"aesgcm\":{\"keys\":[{\"name\":\"two\",\"secret\":\"" + "B".repeat(42)
            + "A=\"}]}}";
    private static final String IDENTITY = "{\"identity\":{}}";

    private static Sealing of(String resources, String... providers) {
        return Sealing.parse(Json.object(("{\"kind\":\"EncryptionConfiguration\",\"apiVersion\":"
                + "\"apiserver.config.k8s.io/v1\",\"resources\":[{\"resources\":[" + resources + "],\"providers\":["
                + String.join(",", providers) + "]}]}").getBytes(StandardCharsets.UTF_8)));
    }

    private static Sealing secrets(String... providers) {
        return of("\"secrets\"", providers);
    }

    @Test
    void what_processors_need_stays_readable_and_nothing_else() {
        byte[] stored = secrets(ONE).seal(KEY, PLAIN);
        String text = new String(stored, StandardCharsets.UTF_8);

        assertThat(text).startsWith("{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"token\"")
                .contains("\"labels\":{\"a\":\"b\"}", "\"uid\":\"o\"", "\"finalizers\":[\"f\"]")
                .endsWith("\"sealedBy\":\"aesgcm:v1:one:\"}").doesNotContain("canary");
        assertThat(secrets(ONE).open(KEY, stored)).isEqualTo(PLAIN);
        assertThat(secrets(ONE).seal(KEY, PLAIN)).as("a salt of its own each time").isNotEqualTo(stored);
    }

    @Test
    void no_other_key_and_no_other_object_opens_it() {
        byte[] stored = secrets(ONE).seal(KEY, PLAIN);
        ObjectKey other = ObjectKey.of("", "secrets", "default", "other");
        String renamed = TWO.replace("two", "one");
        byte[] damaged = new String(stored, StandardCharsets.UTF_8).replaceFirst("\"sealed\":\"....",
                "\"sealed\":\"AAAA").getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> secrets(ONE).open(other, stored)).isInstanceOf(Refused.class).hasMessage(
                "Internal error occurred: unable to transform key \"/core/secrets/default/other\": no matching prefix "
                        + "found");
        assertThatThrownBy(() -> secrets(TWO).open(KEY, stored)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> secrets(renamed).open(KEY, stored)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> secrets(ONE).open(KEY, damaged)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> Sealing.NONE.open(KEY, stored)).isInstanceOf(Refused.class);
    }

    @Test
    void the_first_key_writes_all_read_and_another_first_key_makes_stored_objects_stale() {
        byte[] old = secrets(ONE).seal(KEY, PLAIN);
        Sealing rotated = secrets(TWO, ONE, IDENTITY);
        byte[] fresh = rotated.seal(KEY, PLAIN);

        assertThat(rotated.open(KEY, old)).isEqualTo(PLAIN);
        assertThat(rotated.stale(KEY, old)).isTrue();
        assertThat(rotated.stale(KEY, PLAIN)).isTrue();
        assertThat(rotated.stale(KEY, fresh)).isFalse();
        assertThat(secrets(TWO).open(KEY, fresh)).isEqualTo(PLAIN);
        assertThat(secrets(IDENTITY, ONE).stale(KEY, old)).isTrue();
        assertThat(secrets(IDENTITY, ONE).seal(KEY, PLAIN)).isEqualTo(PLAIN);
    }

    @Test
    void plain_objects_are_read_where_identity_is_a_provider_or_the_resource_is_not_named() {
        assertThat(secrets(ONE, IDENTITY).open(KEY, PLAIN)).isEqualTo(PLAIN);
        assertThat(Sealing.NONE.open(KEY, PLAIN)).isEqualTo(PLAIN);
        assertThatThrownBy(() -> secrets(ONE).open(KEY, PLAIN)).isInstanceOf(Refused.class);
    }

    @Test
    void resources_are_named_with_groups_and_stars() {
        ObjectKey map = ObjectKey.of("", "configmaps", "d", "x");
        ObjectKey lease = ObjectKey.of("coordination.k8s.io", "leases", "d", "x");

        for (String named : List.of("\"*.*\"", "\"*.\"", "\"configmaps\"")) {
            assertThat(of(named, ONE).stale(map, PLAIN)).as(named).isTrue();
        }
        for (String named : List.of("\"*.*\"", "\"*.coordination.k8s.io\"", "\"leases.coordination.k8s.io\"")) {
            assertThat(of(named, ONE).stale(lease, PLAIN)).as(named).isTrue();
        }
        assertThat(of("\"*.\"", ONE).stale(lease, PLAIN)).isFalse();
        assertThat(of("\"leases\"", ONE).stale(lease, PLAIN)).isFalse();
        assertThat(of("\"configmaps\"", ONE).covers(ObjectKey.prefix("", "configmaps", "d"))).isTrue();
        assertThat(of("\"configmaps\"", ONE).covers(ObjectKey.prefix("", "secrets"))).isFalse();
    }

    @Test
    void a_plain_object_that_looks_sealed_is_refused_and_one_that_nearly_does_is_not() {
        byte[] trick = "{\"kind\":\"C\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"x\"},\"sealed\":\"AA==\",\"sealedBy\":\"aesgcm:v1:one:\"}"
                .getBytes(StandardCharsets.UTF_8);
        byte[] near = "{\"kind\":\"C\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"x\"},\"sealedBy\":\"a\",\"b\":\"c:\"}"
                .getBytes(StandardCharsets.UTF_8);
        ObjectKey key = ObjectKey.of("g", "cs", "d", "x");

        assertThatThrownBy(() -> secrets(ONE).seal(key, trick)).isInstanceOf(Refused.class).hasMessageContaining(
                "reserved");
        assertThat(secrets(ONE).seal(key, near)).isSameAs(near);
        assertThat(SealedForm.looksSo(PLAIN)).isFalse();
    }

    @Test
    void a_wrong_configuration_is_named_by_its_field() {
        assertThatThrownBy(() -> secrets("{\"kms\":{\"name\":\"x\"}}")).hasMessage(
                "resources[0].providers[0]: provider \"kms\" is not supported: use aesgcm or identity");
        assertThatThrownBy(() -> secrets(ONE, ONE)).hasMessage(
                "resources[0].providers[1].aesgcm.keys[0].name: Duplicate value: \"one\"");
        assertThatThrownBy(() -> secrets(ONE.replace("A".repeat(43) + "=", "AAAA"))).hasMessageContaining(
                "keys[0].secret: Invalid value: expected key length is one of 16, 24, 32 bytes, got 3");
        assertThatThrownBy(() -> secrets(ONE.replace("A".repeat(43) + "=", "!"))).hasMessageContaining(
                "secrets must be base64 encoded");
        assertThatThrownBy(() -> secrets()).hasMessageContaining("at least one provider is required");
        assertThatThrownBy(() -> of("", ONE)).hasMessageContaining("at least one resource is required");
    }
}
