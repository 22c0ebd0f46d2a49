package io.logplane.controllers.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.controllers.core.Entry;

/// How a Deployment may move, in pods. Shape: surge and unavailable are 0 for Recreate.
///
/// Percentages count of spec.replicas: surge rounds up, unavailable down; both 0 means unavailable 1.
/// Source: DeploymentSpec.strategy.
record Strategy(boolean rolling, int replicas, int surge, int unavailable) {
    private static final int PERCENT = 100;

    static Strategy of(Entry deployment) {
        JsonNode spec = deployment.spec();
        int replicas = spec.path("replicas").asInt(1);
        if (spec.path("strategy").path("type").asText("RollingUpdate").equals("Recreate")) {
            return new Strategy(false, replicas, 0, 0);
        }
        JsonNode rolling = spec.path("strategy").path("rollingUpdate");
        int surge = pods(rolling.path("maxSurge"), replicas, true);
        int unavailable = pods(rolling.path("maxUnavailable"), replicas, false);
        if (surge == 0 && unavailable == 0) {
            unavailable = 1;
        }
        return new Strategy(true, replicas, surge, Math.min(unavailable, replicas));
    }

    int most() {
        return replicas + surge;
    }

    int leastAvailable() {
        return replicas - unavailable;
    }

    private static int pods(JsonNode value, int replicas, boolean up) {
        if (value.isNumber()) {
            return value.asInt();
        }
        String text = value.asText("25%");
        try {
            long percent = Long.parseLong(text.endsWith("%") ? text.substring(0, text.length() - 1) : text);
            long exact = percent * replicas;
            return (int) (up ? Math.ceilDiv(exact, PERCENT) : exact / PERCENT);
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }
}
