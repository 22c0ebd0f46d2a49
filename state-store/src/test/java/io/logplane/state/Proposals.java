package io.logplane.state;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Actor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Proposals and objects for tests.
public final class Proposals {
    private Proposals() {
    }

    public static ObjectKey configMap(String name) {
        return ObjectKey.of("", "configmaps", "default", name);
    }

    public static byte[] json(ObjectKey key, String data) {
        return ("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + key.name()
                + "\"},\"data\":{\"v\":\"" + data + "\"}}").getBytes(StandardCharsets.UTF_8);
    }

    public static Proposal put(ObjectKey key, String data, long expected) {
        return put(key, json(key, data), OptionalLong.of(expected), OptionalLong.empty());
    }

    public static Proposal put(ObjectKey key, byte[] object, OptionalLong expected, OptionalLong deadline) {
        return new Proposal(key, false, object, expected, List.of(), "request", 1L, deadline, "update", "", actor(),
                Optional.empty());
    }

    public static Proposal remove(ObjectKey key, long expected) {
        return new Proposal(key, true, new byte[0], OptionalLong.of(expected), List.of(), "request", 1L,
                OptionalLong.empty(), "delete", "", actor(), Optional.empty());
    }

    public static Actor actor() {
        return Actor.newBuilder().setUser("test").build();
    }
}
