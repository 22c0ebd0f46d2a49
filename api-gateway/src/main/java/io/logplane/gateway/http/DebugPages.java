package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.Representation;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// `/statusz` and `/flagz`: what runs here, since when and with which settings, for people and, asked for by version,
/// for programs.
///
/// Shape: `flags` by kube-apiserver's names. Thread: any. Source: k8s.io/component-base/zpages, KEP-4827, KEP-4828.
final class DebugPages {
    private static final String STRUCTURED = "application/json;g=config.k8s.io;v=v1alpha1;as=";
    private static final String WARNING = "Warning: This endpoint is not meant to be machine parseable, has no "
            + "formatting compatibility guarantees and is for debugging purposes only.\n\n";
    private static final DateTimeFormatter UNIX_DATE = DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss 'UTC' yyyy",
            Locale.ROOT).withZone(ZoneOffset.UTC);

    private final SortedMap<String, String> flags;
    private final InstantSource clock;
    private final Instant started;

    DebugPages(SortedMap<String, String> flags, InstantSource clock) {
        this.flags = new TreeMap<>(flags);
        this.clock = clock;
        this.started = clock.instant();
    }

    /// Shape: `paths` is everything served.
    void status(Exchange exchange, Responder responder, Collection<String> paths) throws IOException {
        TreeSet<String> roots = new TreeSet<>();
        paths.forEach(path -> roots.add("/" + path.split("/", 3)[1]));
        Duration up = Duration.between(started, clock.instant());
        String version = PathRoutes.GIT_VERSION.substring(1);
        String emulated = PathRoutes.MAJOR + "." + PathRoutes.MINOR;
        String runtime = System.getProperty("java.runtime.version", "");
        if (structured(exchange, "Statusz")) {
            ObjectNode out = named("Statusz");
            out.put("startTime", started.truncatedTo(ChronoUnit.SECONDS).toString());
            out.put("uptimeSeconds", up.toSeconds());
            out.put("goVersion", runtime);
            out.put("binaryVersion", version);
            out.put("emulationVersion", emulated);
            roots.forEach(out.putArray("paths")::add);
            responder.bytes(exchange, 200, "application/json", Json.bytes(out));
            return;
        }
        responder.text(exchange, 200, "\nkube-apiserver statusz\n" + WARNING
                + "Started: " + UNIX_DATE.format(started)
                + String.format(Locale.ROOT, "\nUp: %d hr %02d min %02d sec", up.toHours(), up.toMinutesPart(), up
                        .toSecondsPart())
                + "\nGo version: " + runtime + "\nBinary version: " + version + "\nEmulation version: " + emulated
                + "\nPaths: " + String.join(" ", roots) + "\n");
    }

    void flags(Exchange exchange, Responder responder) throws IOException {
        if (structured(exchange, "Flagz")) {
            ObjectNode out = named("Flagz");
            flags.forEach(out.putObject("flags")::put);
            responder.bytes(exchange, 200, "application/json", Json.bytes(out));
            return;
        }
        StringBuilder lines = new StringBuilder("\nkube-apiserver flags\n" + WARNING);
        flags.forEach((name, value) -> lines.append(name).append('=').append(value).append('\n'));
        responder.text(exchange, 200, lines.toString());
    }

    private static ObjectNode named(String kind) {
        ObjectNode out = Json.newObject();
        out.put("kind", kind).put("apiVersion", "config.k8s.io/v1alpha1").putObject("metadata").put("name",
                "kube-apiserver");
        return out;
    }

    /// Refuses what is neither that nor a text.
    private static boolean structured(Exchange exchange, String kind) {
        String accept = exchange.header("Accept");
        for (Representation.Clause clause : Representation.clauses(accept.isBlank() ? "*/*" : accept)) {
            switch (clause.type()) {
                case "*/*", "text/*", "text/plain" -> {
                    return false;
                }
                case "application/json" -> {
                    if (clause.parameter("g").equals("config.k8s.io") && clause.parameter("v").equals("v1alpha1")
                            && clause.parameter("as").equals(kind)) {
                        return true;
                    }
                }
                default -> { // the next one may do
                }
            }
        }
        throw Refusals.notAcceptable("text/plain, " + STRUCTURED + kind);
    }
}
