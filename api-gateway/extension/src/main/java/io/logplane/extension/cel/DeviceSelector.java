package io.logplane.extension.cel;

import io.logplane.extension.cel.DeclaredType.MapOf;
import io.logplane.extension.cel.DeclaredType.Scalar;
import io.logplane.extension.cel.DeclaredType.Struct;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Expressions by which a claim selects devices: what they may speak of and what they may cost.
///
/// | variable | type | at most |
/// |---|---|---|
/// | `device.driver` | string | 63 |
/// | `device.allowMultipleAllocations` | bool | |
/// | `device.attributes[domain][name]` | bool, int, string or semver, told apart only when it runs | 32 of 64 |
/// | `device.capacity[domain][name]` | quantity | 32 |
///
/// Units: CEL cost, characters and entries. Thread: any; pure.
/// Source: k8s.io/dynamic-resource-allocation/cel; limits of resource.k8s.io/v1.
public final class DeviceSelector {
    /// Like one call of an admission policy.
    private static final long MOST_COST = 1_000_000;
    private static final long DRIVER = 63;
    private static final long DOMAIN = 63;
    private static final long NAME = 32;
    private static final long VALUE = 64;
    private static final long ENTRIES = 32;
    private static final String DEVICE = "device";
    private static final CelEnvironment ENVIRONMENT = CelEnvironment.builder().variable(DEVICE, device()).bindings()
            .build();

    private DeviceSelector() {
    }

    private static Struct device() {
        Map<String, DeclaredType> fields = new LinkedHashMap<>();
        fields.put("driver", Scalar.STRING);
        fields.put("allowMultipleAllocations", Scalar.BOOL);
        fields.put("attributes", new MapOf(new MapOf(Scalar.ANY)));
        fields.put("capacity", new MapOf(new MapOf(Scalar.QUANTITY)));
        return new Struct("DRADevice", fields);
    }

    /// What came of an expression.
    public sealed interface Verdict {
    }

    /// It can be used.
    public record Fine() implements Verdict {
    }

    /// It says nothing that could be run. Shape: `why` as upstream says it.
    public record Wrong(String why) implements Verdict {
    }

    /// It may cost more than a scheduler can spend on one device.
    public record TooExpensive() implements Verdict {
    }

    public static Verdict judge(String source) {
        Expression expression;
        try {
            expression = ENVIRONMENT.compile(source);
        } catch (CompileFailed failed) {
            return new Wrong("compilation failed: " + failed.problems());
        }
        String type = expression.typeName();
        if (!type.equals("bool") && !type.equals("google.protobuf.Any")) {
            return new Wrong("must evaluate to bool or the unknown type, not " + type);
        }
        return expression.mostCost(DeviceSelector::most) > MOST_COST ? new TooExpensive() : new Fine();
    }

    /// How large a part of a device may be. Shape: any name below a map of attributes or capacities is one of theirs.
    private static OptionalLong most(List<String> path) {
        if (!path.getFirst().equals(DEVICE)) {
            return OptionalLong.empty();
        }
        String field = path.size() > 1 ? path.get(1) : "";
        Optional<Long> most = switch (field) {
            case "" -> Optional.of(0L);
            case "driver" -> path.size() == 2 ? Optional.of(DRIVER) : Optional.empty();
            case "allowMultipleAllocations" -> path.size() == 2 ? Optional.of(1L) : Optional.empty();
            case "attributes" -> entries(path, Optional.of(VALUE));
            case "capacity" -> entries(path, Optional.empty());
            default -> Optional.empty();
        };
        return most.map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    private static Optional<Long> entries(List<String> path, Optional<Long> value) {
        return switch (path.size()) {
            case 2 -> Optional.of(ENTRIES);
            case 3 -> path.get(2).equals("@keys") ? Optional.of(DOMAIN) : Optional.of(ENTRIES);
            case 4 -> path.get(3).equals("@keys") ? Optional.of(NAME) : value;
            default -> Optional.empty();
        };
    }
}
