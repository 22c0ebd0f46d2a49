package io.logplane.gateway.write;

import io.logplane.gateway.request.Names;
import io.logplane.schemas.types.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What the names of each type look like: RFC 1123 subdomains, except for the few types listed here.
///
/// Source: the name validation functions of upstream's strategies.
final class NameRules {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final int MAX_LABEL = 63;
    /// Types whose names are DNS labels.
    private static final Set<String> LABELS = Set.of("namespaces", "services");
    /// Types whose names only need to fit into a path.
    private static final Set<String> PATH_SEGMENTS = Set.of("roles", "clusterroles", "rolebindings",
            "clusterrolebindings");

    private NameRules() {
    }

    static List<String> errors(ResourceType type, String name) {
        if (PATH_SEGMENTS.contains(type.plural())) {
            return pathSegment(name);
        }
        if (LABELS.contains(type.plural())) {
            return label(name, LABEL, "a lowercase RFC 1123 label must consist of lower case alphanumeric characters "
                    + "or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', "
                    + "regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')");
        }
        return Names.subdomainErrors(name);
    }

    private static List<String> label(String name, Pattern pattern, String explanation) {
        List<String> errors = new ArrayList<>();
        if (name.length() > MAX_LABEL) {
            errors.add("must be no more than 63 characters");
        }
        if (!pattern.matcher(name).matches()) {
            errors.add(explanation);
        }
        return errors;
    }

    private static List<String> pathSegment(String name) {
        if (name.equals(".") || name.equals("..")) {
            return List.of("may not be '" + name + "'");
        }
        for (String illegal : List.of("/", "%")) {
            if (name.contains(illegal)) {
                return List.of("may not contain '" + illegal + "'");
            }
        }
        return List.of();
    }
}
