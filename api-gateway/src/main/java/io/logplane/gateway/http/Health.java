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

/// `/healthz`, `/livez`, `/readyz` and their single checks.
///
/// Alive means the process answers; ready means that the log is reachable and replayed, so that reads and writes are
/// true.
/// Source: k8s.io/apiserver/pkg/server/healthz.
public final class Health {
    private final Map<String, Supplier<Optional<String>>> alive = new LinkedHashMap<>();
    private final Map<String, Supplier<Optional<String>>> ready = new LinkedHashMap<>();

    /// Shape: a check gives why it fails, or nothing. `stored` says what keeps the log from being read; it has the name
    /// of upstream's storage too, for whoever asks by that.
    public Health(Supplier<Optional<String>> stored, Supplier<Optional<String>> started) {
        for (var checks : List.of(alive, ready)) {
            checks.put("ping", Optional::empty);
            checks.put("log", Optional::empty);
        }
        ready.put("etcd", stored);
        ready.put("registry", stored);
        ready.put("poststarthook/bootstrap", started);
    }

    /// Shape: `sniffable` when upstream does not say that the text is one.
    record Report(int code, String text, boolean sniffable) {
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
        Set<String> excluded = new TreeSet<>(query.all("exclude"));
        StringBuilder lines = new StringBuilder();
        boolean good = true;
        for (var check : checks.entrySet()) {
            boolean skipped = excluded.remove(check.getKey());
            boolean fine = skipped || check.getValue().get().isEmpty();
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
        String name = root.substring(1);
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
