package io.logplane.gateway.flow;

import java.util.Map;
import java.util.TreeMap;

/// Lends seats of levels that do not use them to levels that ask for more.
///
/// A level keeps what it does not lend; what is left is shared in proportion to what is asked for, between the least
/// and the most each may have.
/// Source: KEP-1040, "Dispatching: borrowing"; k8s.io/apiserver/pkg/util/flowcontrol (updateBorrowing).
public final class Borrowing {
    /// A peak is forgotten by half in about this many rounds of 10 s, as upstream's: demand comes in waves.
    private static final double MEMORY = 0.977;
    private static final int STEPS = 60;

    private final Map<String, Double> demands = new TreeMap<>();

    /// Seats for each level. Shape: `peaks` the most seats each asked for since the last round.
    public Map<String, Integer> round(FlowConfig config, int total, Map<String, Integer> peaks) {
        Map<String, Integer> nominal = config.nominal(total);
        Map<String, Share> shares = new TreeMap<>();
        for (LevelConfig level : config.levels()) {
            int given = nominal.getOrDefault(level.name(), 0);
            int peak = peaks.getOrDefault(level.name(), 0);
            double demand = Math.max(peak, MEMORY * demands.getOrDefault(level.name(), 0.0));
            demands.put(level.name(), demand);
            if (!level.exempt()) {
                int least = Math.max(given - level.lendable(given), Math.min(given, peak));
                shares.put(level.name(), new Share(least, Math.max(least, level.most(given, total)), Math.max(least,
                        demand)));
            }
        }
        demands.keySet().retainAll(nominal.keySet());
        int sum = nominal.values().stream().mapToInt(Integer::intValue).sum();
        double factor = factor(shares, sum);
        Map<String, Integer> seats = new TreeMap<>();
        shares.forEach((name, share) -> seats.put(name, Math.max(1, (int) Math.round(share.at(factor)))));
        return seats;
    }

    private record Share(int least, int most, double wanted) {
        double at(double factor) {
            return Math.max(least, Math.min(most, wanted * factor));
        }
    }

    /// The factor at which all seats are given away. Halving is enough: what is given grows with the factor.
    private static double factor(Map<String, Share> shares, int seats) {
        double low = 0;
        double high = Math.max(1, seats);
        for (int i = 0; i < STEPS; i++) {
            double middle = (low + high) / 2;
            double given = 0;
            for (Share share : shares.values()) {
                given += share.at(middle);
            }
            if (given > seats) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }
}
