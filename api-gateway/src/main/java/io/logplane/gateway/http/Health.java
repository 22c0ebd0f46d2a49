package io.logplane.gateway.http;

import io.logplane.gateway.request.Query;
import io.logplane.gateway.request.Refusals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// `/healthz`, `/livez`, `/readyz` and their single checks, under upstream's names and in its order.
///
/// Ready means that the log is reachable and replayed, so that reads and writes are true, and that the gateway is not
/// told to stop. It stays alive without the log: its state can be read, and a new process would have none. Both wait
/// for the cluster's first objects. Every other check is one of upstream's names for what this gateway starts before
/// its port opens, or has no need of (identity leases, peers): it cannot fail once anybody can ask.
/// Source: k8s.io/apiserver/pkg/server/healthz; the names as a running 1.36.2 lists them.
public final class Health implements AutoCloseable {
    private static final List<String> HOOKS = List.of("start-apiserver-admission-initializer",
            "generic-apiserver-start-informers", "priority-and-fairness-config-consumer",
            "priority-and-fairness-filter", "storage-object-count-tracker-hook", "storage-readiness",
            "start-apiextensions-informers", "start-apiextensions-controllers", "crd-informer-synced",
            "start-system-namespaces-controller", "start-cluster-authentication-info-controller",
            "start-kube-apiserver-identity-lease-controller",
            "start-kube-apiserver-identity-lease-garbage-collector", "start-legacy-token-tracking-controller",
            "start-service-ip-repair-controllers", "rbac/bootstrap-roles",
            "scheduling/bootstrap-system-priority-classes",
            "priority-and-fairness-config-producer", "bootstrap-controller", "peer-endpoint-reconciler-controller",
            "start-kubernetes-service-cidr-controller", "start-kube-aggregator-informers",
            "apiservice-status-local-available-controller", "apiservice-status-remote-available-controller",
            "apiservice-registration-controller", "apiservice-wait-for-first-sync", "apiservice-discovery-controller",
            "kube-apiserver-autoregistration", "autoregister-completion", "apiservice-openapi-controller",
            "apiservice-openapiv3-controller");
    /// The hooks that write the cluster's first objects.
    private static final Set<String> WRITING = Set.of("start-system-namespaces-controller",
            "start-cluster-authentication-info-controller", "rbac/bootstrap-roles",
            "scheduling/bootstrap-system-priority-classes", "priority-and-fairness-config-producer",
            "bootstrap-controller", "start-kubernetes-service-cidr-controller", "kube-apiserver-autoregistration",
            "autoregister-completion");
    /// A check among the hooks that has no name of one.
    private static final String REGISTERED = "autoregister-completion";

    private final Map<String, Map<String, Supplier<Optional<String>>>> roots = new LinkedHashMap<>();
    private final HealthMetrics metrics = new HealthMetrics();
    private volatile boolean stopping;

    /// Shape: a check gives why it fails, or nothing. `stored` says what keeps the log from being read, `started` which
    /// of the cluster's first objects are not written yet.
    public Health(Supplier<Optional<String>> stored, Supplier<Optional<String>> started) {
        for (String root : List.of("healthz", "livez", "readyz")) {
            boolean ready = root.equals("readyz");
            Map<String, Supplier<Optional<String>>> checks = new LinkedHashMap<>();
            checks.put("ping", Optional::empty);
            checks.put("log", Optional::empty);
            if (!ready) {
                checks.put("loopback-serving-certificate", Optional::empty);
            }
            checks.put(ready ? "informer-sync" : "etcd", root.equals("livez") ? Optional::empty : stored);
            for (String hook : HOOKS) {
                checks.put(hook.equals(REGISTERED) ? hook : "poststarthook/" + hook, WRITING.contains(hook)
                        ? started
                        : Optional::empty);
            }
            if (ready) {
                checks.put("shutdown", () -> stopping ? Optional.of("process is shutting down") : Optional.empty());
            }
            roots.put(root, checks);
        }
    }

    /// From now on not ready.
    @Override
    public void close() {
        stopping = true;
    }

    /// Shape: `sniffable` when upstream does not say that the text is one.
    record Report(int code, String text, boolean sniffable) {
    }

    List<String> paths() {
        List<String> paths = new ArrayList<>();
        roots.forEach((root, checks) -> {
            paths.add("/" + root);
            checks.keySet().forEach(name -> paths.add("/" + root + "/" + name));
        });
        return paths;
    }

    /// The results of all checks until now, for `/metrics/slis`.
    String results() {
        return metrics.scrape();
    }

    Report report(String path, Query query) {
        String name = path.startsWith("/healthz") ? "healthz" : path.startsWith("/livez") ? "livez" : "readyz";
        String root = "/" + name;
        Map<String, Supplier<Optional<String>>> checks = roots.getOrDefault(name, Map.of());
        if (path.length() > root.length()) {
            return single(checks, path.substring(root.length()));
        }
        Set<String> excluded = new TreeSet<>(query.all("exclude"));
        StringBuilder lines = new StringBuilder();
        boolean good = true;
        for (var check : checks.entrySet()) {
            boolean skipped = excluded.remove(check.getKey());
            boolean fine = skipped || metrics.counted(name, check.getKey(), check.getValue().get()).isEmpty();
            good &= fine;
            // Why it fails is for those who may ask for the check itself: this path is public.
            lines.append(fine ? "[+]" : "[-]").append(check.getKey()).append(skipped
                    ? " excluded: ok\n"
                    : fine
                            ? " ok\n"
                            : " failed: reason withheld\n");
        }
        if (!excluded.isEmpty()) {
            lines.append("warn: some health checks cannot be excluded: no matches for ").append(excluded.stream().map(
                    Refusals::quoted).collect(Collectors.joining(","))).append('\n');
        }
        if (!good) {
            return new Report(500, lines + name + " check failed\n", false);
        }
        return new Report(200, query.has("verbose") ? lines + name + " check passed\n" : "ok", false);
    }

    private static Report single(Map<String, Supplier<Optional<String>>> checks, String rest) {
        Supplier<Optional<String>> check = rest.startsWith("/") ? checks.get(rest.substring(1)) : null;
        if (check == null) {
            return new Report(404, "404 page not found\n", false);
        }
        Optional<String> wrong = check.get();
        return wrong.map(why -> new Report(500, "internal server error: " + why + "\n", false)).orElse(new Report(200,
                "ok", true));
    }
}
