package io.logplane.gateway.flow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/// A PriorityLevelConfiguration as read.
///
/// Shape: `queuing` is absent where what cannot run at once is refused; `borrowingLimit` absent is no limit.
/// Source: flowcontrol.apiserver.k8s.io/v1.
public record LevelConfig(String name, String uid, boolean exempt, int shares, int lendablePercent,
        Optional<Integer> borrowingPercent, Optional<Queuing> queuing) {
    /// Defaults of the API.
    private static final int SHARES = 30;
    private static final int QUEUES = 64;
    private static final int HAND = 8;
    private static final int QUEUE_LENGTH = 50;
    private static final int PERCENT = 100;
    /// More queues than this are treated as this many: what one object says must not cost the memory of ten million.
    private static final int MAX_QUEUES = 4_096;

    public record Queuing(int queues, int handSize, int queueLength) {
    }

    public static LevelConfig of(JsonNode object) {
        JsonNode spec = object.path("spec");
        boolean exempt = spec.path("type").asText().equals("Exempt");
        JsonNode part = spec.path(exempt ? "exempt" : "limited");
        JsonNode queuing = part.path("limitResponse").path("queuing");
        boolean queues = part.path("limitResponse").path("type").asText().equals("Queue");
        JsonNode borrowing = part.path("borrowingLimitPercent");
        return new LevelConfig(object.path("metadata").path("name").asText(), object.path("metadata").path("uid")
                .asText(), exempt, part.path("nominalConcurrencyShares").asInt(exempt ? 0 : SHARES),
                part.path(
                        "lendablePercent").asInt(0),
                borrowing.isInt()
                        ? Optional.of(borrowing.asInt())
                        : Optional.empty(),
                queues
                        ? Optional.of(new Queuing(Math.clamp(queuing.path("queues").asInt(QUEUES), 1, MAX_QUEUES),
                                Math.max(1, queuing
                                        .path("handSize").asInt(HAND)),
                                Math.max(1,
                                        queuing.path("queueLengthLimit").asInt(
                                                QUEUE_LENGTH))))
                        : Optional.empty());
    }

    /// Seats that others may use while this level does not.
    int lendable(int nominal) {
        return (int) Math.round((double) nominal * lendablePercent / PERCENT);
    }

    /// The most seats this level may have, of `total`.
    int most(int nominal, int total) {
        return borrowingPercent.map(percent -> nominal + (int) Math.round((double) nominal * percent / PERCENT)).orElse(
                total);
    }
}
