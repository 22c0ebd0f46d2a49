package io.logplane.gateway.http;

import io.logplane.gateway.request.Query;
import io.logplane.state.Registry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// `/healthz`, `/livez`, `/readyz` and their single checks.
///
/// Alive means the process answers; ready means that the log is reachable and replayed, so that reads and writes are
/// true.
/// Source: k8s.io/apiserver/pkg/server/healthz.
public final class Health {
    private final Map<String, Supplier<Optional<String>>> alive = new LinkedHashMap<>();
    private final Map<String, Supplier<Optional<String>>> ready = new LinkedHashMap<>();

    /// Shape: a check gives why it fails, or nothing.
    public Health(Registry registry, Supplier<Optional<String>> started) {
        alive.put("ping", Optional::empty);
        ready.put("ping", Optional::empty);
        ready.put("registry", registry::notReady);
        ready.put("poststarthook/bootstrap", started);
    }

    record Report(int code, String text) {
    }

    List<String> paths() {
        List<String> paths = new ArrayList<>();
        for (String root : List.of("/healthz", "/livez", "/readyz")) {
            paths.add(root);
            checks(root).keySet().forEach(name -> paths.add(root + "/" + name));
        }
        return paths;
    }

    private Map<String, Supplier<Optional<String>>> checks(String root) {
        return root.equals("/livez") ? alive : ready;
    }

    Report report(String path, Query query) {
        String root = path.startsWith("/healthz") ? "/healthz" : path.startsWith("/livez") ? "/livez" : "/readyz";
        Map<String, Supplier<Optional<String>>> checks = checks(root);
        if (path.length() > root.length()) {
            return single(checks, path.substring(root.length()));
        }
        StringBuilder lines = new StringBuilder();
        boolean good = true;
        for (var check : checks.entrySet()) {
            if (query.all("exclude").contains(check.getKey())) {
                lines.append("[+]").append(check.getKey()).append(" excluded: ok\n");
                continue;
            }
            Optional<String> wrong = check.getValue().get();
            good &= wrong.isEmpty();
            lines.append(wrong.isEmpty() ? "[+]" : "[-]").append(check.getKey()).append(wrong.isEmpty()
                    ? " ok\n"
                    : " failed: " + wrong.get() + "\n");
        }
        String name = root.substring(1);
        if (!good) {
            return new Report(500, lines + name + " check failed\n");
        }
        return new Report(200, query.has("verbose") ? lines + name + " check passed\n" : "ok");
    }

    private static Report single(Map<String, Supplier<Optional<String>>> checks, String rest) {
        Supplier<Optional<String>> check = rest.startsWith("/") ? checks.get(rest.substring(1)) : null;
        if (check == null) {
            return new Report(404, "404 page not found\n");
        }
        Optional<String> wrong = check.get();
        return wrong.isEmpty()
                ? new Report(200, "ok")
                : new Report(500, "internal server error: " + wrong.get()
                        + "\n");
    }
}
