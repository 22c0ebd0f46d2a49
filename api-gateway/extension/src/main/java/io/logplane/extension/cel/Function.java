package io.logplane.extension.cel;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import io.logplane.extension.cel.Access.GroupCheck;
import io.logplane.extension.cel.Access.PathCheck;
import io.logplane.extension.cel.Access.ResourceCheck;
import io.logplane.extension.cel.Network.Cidr;
import io.logplane.schemas.model.Quantity;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One overload of a function of a library: how it is declared and what it does.
///
/// Shape: for a member the first parameter is what it is called on. Errors: the body throws [Wrong] for arguments it
/// cannot use.
record Function(String name, String overload, boolean member, CelType result, List<CelType> parameters, Body body) {
    static final OpaqueType QUANTITY = OpaqueType.create("kubernetes.Quantity");
    static final OpaqueType URL = OpaqueType.create("kubernetes.URL");
    static final OpaqueType IP = OpaqueType.create("net.IP");
    static final OpaqueType CIDR = OpaqueType.create("net.CIDR");
    static final OpaqueType SEMVER = OpaqueType.create("kubernetes.Semver");
    static final OpaqueType FORMAT = OpaqueType.create("kubernetes.NamedFormat");
    static final OpaqueType AUTHORIZER = OpaqueType.create("kubernetes.authorization.Authorizer");
    static final OpaqueType PATH_CHECK = OpaqueType.create("kubernetes.authorization.PathCheck");
    static final OpaqueType GROUP_CHECK = OpaqueType.create("kubernetes.authorization.GroupCheck");
    static final OpaqueType RESOURCE_CHECK = OpaqueType.create("kubernetes.authorization.ResourceCheck");
    static final OpaqueType DECISION = OpaqueType.create("kubernetes.authorization.Decision");
    /// Which Java class stands for which type when an expression runs.
    private static final Map<String, Class<?>> OPAQUE = Map.ofEntries(Map.entry(QUANTITY.name(), Quantity.class),
            Map.entry(URL.name(), URI.class), Map.entry(IP.name(), InetAddress.class), Map.entry(CIDR.name(),
                    Cidr.class),
            Map.entry(SEMVER.name(), Semver.class), Map.entry(FORMAT.name(), NamedFormat.class), Map.entry(AUTHORIZER
                    .name(), Access.class),
            Map.entry(PATH_CHECK.name(), PathCheck.class), Map.entry(GROUP_CHECK.name(), GroupCheck.class), Map.entry(
                    RESOURCE_CHECK.name(), ResourceCheck.class),
            Map.entry(DECISION.name(), Access.Decision.class));

    /// What a function does with its arguments.
    interface Body {
        Object apply(Object[] arguments);
    }

    /// An argument a function cannot use. Shape: the message is upstream's.
    static final class Wrong extends RuntimeException {
        Wrong(String message) {
            super(message);
        }
    }

    static Function member(String name, String overload, CelType result, Body body, CelType... parameters) {
        return new Function(name, overload, true, result, List.of(parameters), body);
    }

    static Function global(String name, String overload, CelType result, Body body, CelType... parameters) {
        return new Function(name, overload, false, result, List.of(parameters), body);
    }

    static List<CelFunctionDecl> declarations(List<Function> functions) {
        Map<String, List<CelOverloadDecl>> byName = new LinkedHashMap<>();
        for (Function function : functions) {
            byName.computeIfAbsent(function.name, unused -> new ArrayList<>()).add(function.declaration());
        }
        return byName.entrySet().stream()
                .map(entry -> CelFunctionDecl.newFunctionDeclaration(entry.getKey(), entry.getValue())).toList();
    }

    private CelOverloadDecl declaration() {
        return member
                ? CelOverloadDecl.newMemberOverload(overload, result, parameters)
                : CelOverloadDecl.newGlobalOverload(overload, result, parameters);
    }

    static List<CelFunctionBinding> bindings(List<Function> functions) {
        Map<String, List<CelFunctionBinding>> byName = new LinkedHashMap<>();
        for (Function function : functions) {
            byName.computeIfAbsent(function.name, unused -> new ArrayList<>()).add(function.binding());
        }
        List<CelFunctionBinding> all = new ArrayList<>();
        byName.forEach((name, bindings) -> all.addAll(CelFunctionBinding.fromOverloads(name, bindings)));
        return all;
    }

    private CelFunctionBinding binding() {
        List<Class<?>> classes = new ArrayList<>();
        for (CelType parameter : parameters) {
            classes.add(javaClass(parameter));
        }
        return CelFunctionBinding.from(overload, classes, arguments -> {
            try {
                return body.apply(arguments);
            } catch (Wrong wrong) {
                throw new CelEvaluationException(String.valueOf(wrong.getMessage()), wrong);
            }
        });
    }

    private static Class<?> javaClass(CelType type) {
        return switch (type.kind()) {
            case STRING -> String.class;
            case INT -> Long.class;
            case UINT -> UnsignedLong.class;
            case DOUBLE -> Double.class;
            case BOOL -> Boolean.class;
            case BYTES -> CelByteString.class;
            case LIST -> List.class;
            case MAP -> Map.class;
            case TIMESTAMP -> Instant.class;
            case DURATION -> Duration.class;
            case OPAQUE -> Optional.<Class<?>>ofNullable(OPAQUE.get(type.name())).orElse(Object.class);
            default -> Object.class;
        };
    }

}
