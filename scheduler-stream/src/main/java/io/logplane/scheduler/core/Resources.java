package io.logplane.scheduler.core;

import java.util.Map;
import java.util.TreeMap;

/// Amounts of resources: what a pod asks for or a node can give.
///
/// Units: cpu in thousandths of a core, memory and ephemeral storage in bytes, extended resources in units.
/// `extended` holds
/// everything else that can be scheduled (hugepages too) and is sorted, so that messages and totals do not depend on
/// order.
public record Resources(long milliCpu, long memory, long ephemeral, Map<String, Long> extended) {
    public static final Resources NONE = new Resources(0, 0, 0, Map.of());

    public Resources {
        extended = extended.isEmpty() ? Map.of() : java.util.Collections.unmodifiableMap(new TreeMap<>(extended));
    }

    public Resources plus(Resources other) {
        return new Resources(milliCpu + other.milliCpu, memory + other.memory, ephemeral + other.ephemeral,
                merged(extended, other.extended, Long::sum));
    }

    /// The larger of each amount.
    public Resources max(Resources other) {
        return new Resources(Math.max(milliCpu, other.milliCpu), Math.max(memory, other.memory),
                Math.max(ephemeral, other.ephemeral), merged(extended, other.extended, Math::max));
    }

    public boolean isZero() {
        return milliCpu == 0 && memory == 0 && ephemeral == 0
                && extended.values().stream().allMatch(amount -> amount == 0);
    }

    private static Map<String, Long> merged(Map<String, Long> left, Map<String, Long> right,
            java.util.function.BinaryOperator<Long> with) {
        if (right.isEmpty()) {
            return left;
        }
        Map<String, Long> all = new TreeMap<>(left);
        right.forEach((name, amount) -> all.merge(name, amount, with));
        return all;
    }
}
