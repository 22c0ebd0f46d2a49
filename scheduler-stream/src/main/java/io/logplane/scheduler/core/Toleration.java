package io.logplane.scheduler.core;

import java.util.List;

/// A pod's toleration; empty key or effect means any.
/// Source: v1.Toleration, `ToleratesTaint`; Gt and Lt compare integers (KEP-5471).
public record Toleration(String key, String operator, String value, String effect) {

    public boolean tolerates(Taint taint) {
        if (!effect.isEmpty() && !effect.equals(taint.effect())) {
            return false;
        }
        if (!key.isEmpty() && !key.equals(taint.key())) {
            return false;
        }
        return switch (operator) {
            case "", "Equal" -> value.equals(taint.value());
            case "Exists" -> true;
            case "Gt", "Lt" -> compares(taint.value());
            default -> false;
        };
    }

    public static boolean anyTolerates(List<Toleration> tolerations, Taint taint) {
        for (int i = 0; i < tolerations.size(); i++) {
            if (tolerations.get(i).tolerates(taint)) {
                return true;
            }
        }
        return false;
    }

    private boolean compares(String taintValue) {
        try {
            int order = Long.compare(Long.parseLong(taintValue), Long.parseLong(value));
            return operator.equals("Gt") ? order > 0 : order < 0;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }
}
