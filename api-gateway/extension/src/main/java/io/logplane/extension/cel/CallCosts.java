package io.logplane.extension.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one call may cost and how large its result may be, by its function.
///
/// Shape: `own` includes the cost of the arguments, not that of the target.
final class CallCosts {
    private static final double BY_TEXT = 0.1;
    private static final double BY_PATTERN = 0.25;
    private static final CostRange AUTHORIZATION = CostRange.of(350_000);
    private static final CostRange ADDRESS = new CostRange(4, 16);
    private static final Set<String> WALKED_LISTS = Set.of("isSorted", "sum", "max", "min", "indexOf", "lastIndexOf");
    private static final Set<String> SAME_TEXT = Set.of("lowerAscii", "upperAscii", "substring", "trim");
    private static final Set<String> COMPARISONS = Set.of("_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_");
    private static final Set<String> PARSED = Set.of("url", "quantity", "isQuantity", "semver", "isSemver", "ip",
            "isIP",
            "cidr", "isCIDR");

    private final CostEstimate estimate;
    private final CelExpr step;
    private final String function;
    private final Optional<CelExpr> target;
    private final List<CelExpr> arguments;
    private final List<CostRange> costs;
    private Optional<CostRange> resultSize = Optional.empty();

    CallCosts(CostEstimate estimate, CelExpr step, List<CostRange> costs) {
        this.estimate = estimate;
        this.step = step;
        this.function = step.call().function();
        this.target = step.call().target();
        this.arguments = step.call().args();
        this.costs = costs;
    }

    Optional<CostRange> resultSize() {
        return resultSize;
    }

    CostRange own() {
        if (function.equals("_&&_") || function.equals("_||_")) {
            return new CostRange(costs.getFirst().min(), costs.get(0).plus(costs.get(1)).max());
        }
        if (function.equals("_?_:_")) {
            CostRange size = size(arguments.get(1)).or(size(arguments.get(2)));
            resultSize = Optional.of(size);
            joinEntries(arguments.get(1), arguments.get(2));
            return costs.getFirst().plus(costs.get(1).or(costs.get(2)));
        }
        CostRange sum = CostRange.NONE;
        for (CostRange cost : costs) {
            sum = sum.plus(cost);
        }
        CostRange body = body();
        return sum.plus(body == null ? CostRange.ONE : body);
    }

    private CostRange size(CelExpr part) {
        return estimate.size(part).orElse(CostRange.UNKNOWN);
    }

    private void joinEntries(CelExpr one, CelExpr other) {
        Optional<CostRange> first = estimate.entry(one);
        Optional<CostRange> second = estimate.entry(other);
        if (first.isPresent() && second.isPresent()) {
            estimate.setEntry(step, first.get().or(second.get()));
        }
    }

    /// Null for a call that costs one, whatever its arguments.
    private @Nullable CostRange body() {
        if (function.equals("check")) {
            return AUTHORIZATION;
        }
        if (COMPARISONS.contains(function) && arguments.size() == 2) {
            return comparison();
        }
        if (target.isPresent()) {
            CostRange member = member(target.get());
            if (member != null) {
                return member;
            }
        }
        List<CelExpr> all = new ArrayList<>(target.map(List::of).orElse(List.of()));
        all.addAll(arguments);
        if (all.isEmpty()) {
            return null;
        }
        return switch (function) {
            case "url" -> size(all.getFirst()).times(BY_TEXT);
            case "@in" -> all.size() == 2 && estimate.type(all.get(1)).kind() == CelKind.LIST
                    ? size(all.get(1))
                    : null;
            case "_+_" -> concatenation();
            case "bytes" -> sized(size(all.getFirst()).times(BY_TEXT), new CostRange(size(all.getFirst()).min(),
                    CostRange.times(size(all.getFirst()).max(), 4)));
            case "string" -> estimate.type(all.getFirst()).kind() == CelKind.BYTES
                    ? sized(size(all.getFirst()).times(BY_TEXT), size(all.getFirst()))
                    : null;
            case "strings.quote" -> sized(size(all.getFirst()).times(BY_TEXT), size(all.getFirst()).times(
                    CostRange.of(2)).plus(CostRange.of(2)));
            default -> PARSED.contains(function) ? size(all.getFirst()).times(BY_TEXT) : null;
        };
    }

    private CostRange sized(CostRange cost, CostRange size) {
        resultSize = Optional.of(size);
        return cost;
    }

    private CostRange comparison() {
        CelKind kind = estimate.type(arguments.getFirst()).kind();
        boolean ordered = !function.equals("_==_") && !function.equals("_!=_");
        if (ordered && kind != CelKind.STRING && kind != CelKind.BYTES) {
            return CostRange.ONE;
        }
        long most = Math.min(size(arguments.get(0)).max(), size(arguments.get(1)).max());
        return new CostRange(most > 0 ? 1 : 0, most).times(BY_TEXT);
    }

    private @Nullable CostRange concatenation() {
        CelKind kind = estimate.type(step).kind();
        if (kind != CelKind.STRING && kind != CelKind.BYTES && kind != CelKind.LIST) {
            return null;
        }
        CostRange size = size(arguments.get(0)).plus(size(arguments.get(1)));
        joinEntries(arguments.get(0), arguments.get(1));
        return sized(kind == CelKind.LIST ? CostRange.ONE : size.times(BY_TEXT), size);
    }

    private @Nullable CostRange member(CelExpr on) {
        CostRange size = size(on);
        if (WALKED_LISTS.contains(function)) {
            return walked(on, size);
        }
        if (SAME_TEXT.contains(function)) {
            return sized(size.times(BY_TEXT), size);
        }
        return switch (function) {
            case "replace" -> arguments.size() >= 2 ? replaced(size) : null;
            case "split" -> sized(size.times(2 * BY_TEXT), new CostRange(0, size.max()));
            case "join" -> joined(on, size);
            case "find", "findAll" -> sized(pattern(size), new CostRange(0, size.max()));
            case "matches" -> pattern(size);
            case "contains" -> size.times(BY_TEXT).times(size(arguments.getFirst()).times(BY_TEXT));
            case "startsWith", "endsWith" -> size(arguments.getFirst()).times(BY_TEXT);
            case "format" -> sized(size.times(BY_TEXT), size.plus(size(arguments.getFirst())));
            case "containsIP" -> ADDRESS.plus(ADDRESS).times(BY_TEXT).plus(text(arguments.getFirst()));
            case "containsCIDR" -> ADDRESS.plus(ADDRESS).times(BY_TEXT).plus(ADDRESS.times(BY_TEXT)).plus(
                    CostRange.ONE).plus(text(arguments.getFirst()));
            case "ip" -> CostRange.ONE;
            default -> null;
        };
    }

    private CostRange text(CelExpr part) {
        return estimate.type(part).kind() == CelKind.STRING ? size(part).times(BY_TEXT) : CostRange.NONE;
    }

    /// One for each item, and a tenth of each when they are texts; texts themselves are walked through.
    private CostRange walked(CelExpr on, CostRange size) {
        CelType type = estimate.type(on);
        if (type.kind() != CelKind.LIST || type.parameters().isEmpty()) {
            return size.times(BY_TEXT);
        }
        CelKind element = type.parameters().getFirst().kind();
        return element == CelKind.STRING || element == CelKind.BYTES
                ? size.times(CostRange.ONE.plus(items(on).times(BY_TEXT)))
                : size;
    }

    private CostRange items(CelExpr list) {
        List<String> path = estimate.path(list);
        if (path.isEmpty()) {
            return CostRange.UNKNOWN;
        }
        List<String> below = new ArrayList<>(path);
        below.add("@items");
        return estimate.declared(below).orElse(CostRange.UNKNOWN);
    }

    private CostRange pattern(CostRange size) {
        return size.plus(CostRange.ONE).times(BY_TEXT).times(size(arguments.getFirst()).times(BY_PATTERN));
    }

    private CostRange joined(CelExpr on, CostRange size) {
        CostRange whole = size.times(items(on));
        if (!arguments.isEmpty()) {
            CostRange gaps = new CostRange(Math.max(0, size.min() - 1), Math.max(0, size.max() - 1));
            whole = whole.plus(size(arguments.getFirst()).times(gaps));
        }
        return sized(whole.times(BY_TEXT), whole);
    }

    private CostRange replaced(CostRange size) {
        CostRange from = size(arguments.get(0));
        CostRange to = size(arguments.get(1));
        long kept = 0;
        long times = 0;
        if (from.min() == 0) {
            times = CostRange.plus(size.max(), 1);
            kept = size.max();
        } else if (to.max() <= from.min()) {
            kept = size.max();
        } else {
            times = size.max() == CostRange.MOST ? CostRange.MOST : Math.ceilDiv(size.max(), from.min());
        }
        return sized(size.times(2 * BY_TEXT), new CostRange(0, CostRange.plus(CostRange.times(times, to.max()), kept)));
    }
}
