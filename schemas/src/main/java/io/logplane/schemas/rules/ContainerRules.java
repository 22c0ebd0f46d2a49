package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Containers of a pod of all three kinds: what all need, and what each kind may and may not have.
///
/// Source: validation of core/v1 in kube-apiserver 1.36.
final class ContainerRules {
    private static final String NOT_EPHEMERAL = "cannot be set for an Ephemeral Container";
    private static final int MAX_RESTART_RULES = 20;
    private static final int MAX_EXIT_CODES = 255;

    private final JsonNode spec;
    private final Set<String> volumes;
    private final Set<String> claims;
    private final Problems problems;

    /// `volumes` are the names that mounts may use.
    ContainerRules(JsonNode spec, Set<String> volumes, Problems problems) {
        this.spec = spec;
        this.volumes = volumes;
        this.claims = Tree.objects(spec, "resourceClaims").stream().map(c -> Tree.text(c, "name"))
                .filter(name -> !name.isEmpty()).collect(Collectors.toSet());
        this.problems = problems;
    }

    void all(String path) {
        Set<String> names = regular(path + ".containers");
        initial(path + ".initContainers", names);
        ephemeral(path + ".ephemeralContainers", names);
    }

    /// What a template may have and a pod may not: room around an image's name.
    static void trimmedImages(JsonNode spec, String path, Problems problems) {
        for (String list : List.of("containers", "initContainers")) {
            List<ObjectNode> containers = Tree.objects(spec, list);
            for (int i = 0; i < containers.size(); i++) {
                trimmedImage(containers.get(i), path + "." + list + "[" + i + "]", problems);
            }
        }
    }

    static void trimmedImage(ObjectNode container, String path, Problems problems) {
        String image = Tree.text(container, "image");
        if (!image.equals(image.strip())) {
            problems.invalid(path + ".image", image, "must not have leading or trailing whitespace");
        }
    }

    private Set<String> regular(String path) {
        Set<String> names = new HashSet<>();
        Set<String> hostPorts = new HashSet<>();
        List<ObjectNode> containers = Tree.objects(spec, "containers");
        if (containers.isEmpty()) {
            problems.required(path);
        }
        for (int i = 0; i < containers.size(); i++) {
            String at = path + "[" + i + "]";
            common(containers.get(i), at);
            if (!names.add(Tree.text(containers.get(i), "name"))) {
                problems.duplicate(at + ".name", Tree.text(containers.get(i), "name"));
            }
            ProbeRules.container(spec, containers.get(i), at, problems);
            restarts(containers.get(i), at);
        }
        for (int i = 0; i < containers.size(); i++) {
            hostPorts(containers.get(i), path + "[" + i + "]", hostPorts);
        }
        return names;
    }

    private void initial(String path, Set<String> names) {
        List<ObjectNode> containers = Tree.objects(spec, "initContainers");
        for (int i = 0; i < containers.size(); i++) {
            ObjectNode container = containers.get(i);
            String at = path + "[" + i + "]";
            common(container, at);
            restarts(container, at);
            String name = Tree.text(container, "name");
            if (names.contains(name)) {
                problems.duplicate(at + ".name", name);
            } else if (!name.isEmpty()) {
                names.add(name);
            }
            // Each is checked as if it were alone, and is reported so.
            hostPorts(container, path + "[0]", new HashSet<>());
            if (Tree.text(container, "restartPolicy").equals("Always")) {
                ProbeRules.container(spec, container, at, problems);
            } else {
                for (String field : List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
                    if (Tree.has(container, field)) {
                        problems.forbidden(at + "." + field,
                                "may not be set for init containers without restartPolicy=Always");
                    }
                }
                restartedNever(container, at + ".resizePolicy");
            }
        }
    }

    /// What ends before the others begin is not restarted to get more.
    private void restartedNever(ObjectNode container, String path) {
        List<ObjectNode> policies = Tree.objects(container, "resizePolicy");
        for (int i = 0; i < policies.size(); i++) {
            String restart = Tree.text(policies.get(i), "restartPolicy");
            if (restart.equals("RestartContainer")) {
                problems.invalid(path + "[" + i + "].restartPolicy", restart,
                        "must not be set to 'RestartContainer' for non-sidecar initContainers");
            }
        }
    }

    private void ephemeral(String path, Set<String> others) {
        Set<String> names = new HashSet<>(others);
        List<ObjectNode> containers = Tree.objects(spec, "ephemeralContainers");
        for (int i = 0; i < containers.size(); i++) {
            ObjectNode container = containers.get(i);
            String at = path + "[" + i + "]";
            common(container, at);
            trimmedImage(container, at, problems);
            String name = Tree.text(container, "name");
            if (!names.add(name)) {
                problems.duplicate(at + ".name", name);
            }
            String target = Tree.text(container, "targetContainerName");
            if (!target.isEmpty() && !others.contains(target)) {
                problems.notFound(at + ".targetContainerName", target);
            }
            onlyForDebugging(container, at);
        }
    }

    private void onlyForDebugging(ObjectNode container, String path) {
        for (String field : List.of("ports", "resources", "resizePolicy", "restartPolicy", "restartPolicyRules",
                "livenessProbe", "readinessProbe", "startupProbe", "lifecycle")) {
            boolean emptyAllowed = List.of("ports", "resources", "resizePolicy", "restartPolicyRules").contains(field);
            if (Tree.has(container, field) && !(emptyAllowed && container.path(field).isEmpty())) {
                problems.forbidden(path + "." + field, NOT_EPHEMERAL);
            }
        }
        List<ObjectNode> mounts = Tree.objects(container, "volumeMounts");
        for (int i = 0; i < mounts.size(); i++) {
            for (String field : List.of("subPath", "subPathExpr")) {
                if (!Tree.text(mounts.get(i), field).isEmpty()) {
                    problems.forbidden(path + ".volumeMounts[" + i + "]." + field, NOT_EPHEMERAL);
                }
            }
        }
    }

    private void common(ObjectNode container, String path) {
        if (problems.requireText(container, path, "name")) {
            problems.format(NameFormat.LABEL, path + ".name", Tree.text(container, "name"));
        }
        problems.requireText(container, path, "image");
        problems.oneOf(container, path, "terminationMessagePolicy", "File", "FallbackToLogsOnError");
        ports(container, path);
        EnvironmentRules.container(container, path, problems);
        MountRules.container(spec, container, path, volumes, problems);
        problems.oneOf(container, path, "imagePullPolicy", "Always", "IfNotPresent", "Never");
        ResourceRules.container(container.path("resources"), path + ".resources", claims, problems);
        resizing(container, path + ".resizePolicy");
        SecurityRules.container(spec, container.path("securityContext"), path + ".securityContext", problems);
    }

    private void ports(ObjectNode container, String path) {
        Set<String> names = new HashSet<>();
        List<ObjectNode> ports = Tree.objects(container, "ports");
        for (int i = 0; i < ports.size(); i++) {
            ObjectNode port = ports.get(i);
            String at = path + ".ports[" + i + "]";
            String name = Tree.text(port, "name");
            problems.formatIfSet(NameFormat.PORT, port, at, "name");
            if (!name.isEmpty() && NameFormat.PORT.accepts(name) && !names.add(name)) {
                problems.duplicate(at + ".name", name);
            }
            if (Tree.number(port, "containerPort") == 0) {
                problems.required(at + ".containerPort");
            } else {
                problems.portNumber(at + ".containerPort", Tree.number(port, "containerPort"));
            }
            if (Tree.number(port, "hostPort") != 0) {
                problems.portNumber(at + ".hostPort", Tree.number(port, "hostPort"));
            }
            problems.oneOf(port, at, "protocol", "SCTP", "TCP", "UDP");
        }
    }

    private void hostPorts(ObjectNode container, String path, Set<String> taken) {
        List<ObjectNode> ports = Tree.objects(container, "ports");
        for (int i = 0; i < ports.size(); i++) {
            long port = Tree.number(ports.get(i), "hostPort");
            String key = Tree.text(ports.get(i), "protocol") + "/" + Tree.text(ports.get(i), "hostIP") + "/" + port;
            if (port != 0 && !taken.add(key)) {
                problems.duplicate(path + ".ports[" + i + "].hostPort", key);
            }
        }
    }

    /// How a container's own restarts differ from its pod's.
    private void restarts(ObjectNode container, String path) {
        List<ObjectNode> rules = Tree.objects(container, "restartPolicyRules");
        if (Tree.has(container, "restartPolicy")) {
            String policy = Tree.text(container, "restartPolicy");
            if (!Set.of("Always", "OnFailure", "Never").contains(policy)) {
                problems.notSupported(path + ".restartPolicy", policy, "Always", "Never", "OnFailure");
            }
        } else if (!rules.isEmpty()) {
            problems.required(path + ".restartPolicy", "must specify restartPolicy when restart rules are used");
        }
        if (rules.size() > MAX_RESTART_RULES) {
            problems.tooMany(path + ".restartPolicyRules", rules.size(), MAX_RESTART_RULES);
        }
        for (int i = 0; i < rules.size(); i++) {
            String at = path + ".restartPolicyRules[" + i + "]";
            problems.oneOf(rules.get(i), at, "action", "Restart", "RestartAllContainers");
            JsonNode codes = rules.get(i).path("exitCodes");
            if (!codes.isObject()) {
                problems.required(at + ".exitCodes", "must be specified");
                continue;
            }
            problems.oneOf(codes, at + ".exitCodes", "operator", "In", "NotIn");
            if (codes.path("values").size() > MAX_EXIT_CODES) {
                problems.tooMany(at + ".exitCodes.values", codes.path("values").size(), MAX_EXIT_CODES);
            }
        }
    }

    private void resizing(ObjectNode container, String path) {
        boolean never = Tree.text(spec, "restartPolicy").equals("Never");
        Set<String> seen = new HashSet<>();
        List<ObjectNode> policies = Tree.objects(container, "resizePolicy");
        for (int i = 0; i < policies.size(); i++) {
            String resource = Tree.text(policies.get(i), "resourceName");
            String restart = Tree.text(policies.get(i), "restartPolicy");
            if (!seen.add(resource)) {
                problems.duplicate(path + "[" + i + "]", resource);
            }
            choice(path, resource, "cpu", "memory");
            choice(path, restart, "NotRequired", "RestartContainer");
            if (never && !restart.equals("NotRequired")) {
                problems.invalid(path, restart, "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
            }
        }
    }

    private void choice(String path, String value, String... supported) {
        if (value.isEmpty()) {
            problems.required(path);
        } else if (!List.of(supported).contains(value)) {
            problems.notSupported(path, value, supported);
        }
    }
}
