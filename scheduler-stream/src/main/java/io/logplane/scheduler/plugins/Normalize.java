package io.logplane.scheduler.plugins;

import io.logplane.scheduler.core.Plugin;

/// Brings raw scores into the range 0 to 100. Source: upstream's helper.DefaultNormalizeScore.
final class Normalize {

    private Normalize() {
    }

    /// The highest becomes 100.
    static void mostBest(long[] scores, int count) {
        long max = max(scores, count);
        for (int i = 0; i < count && max > 0; i++) {
            scores[i] = Plugin.MAX_SCORE * scores[i] / max;
        }
    }

    /// The highest becomes 0; when all are 0 everyone gets 100.
    static void fewestBest(long[] scores, int count) {
        mostBest(scores, count);
        for (int i = 0; i < count; i++) {
            scores[i] = Plugin.MAX_SCORE - scores[i];
        }
    }

    private static long max(long[] scores, int count) {
        long max = 0;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, scores[i]);
        }
        return max;
    }
}
