package io.logplane.gateway.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// In which form an answer is wanted: the outcome of content negotiation.
///
/// Shape: `as` is what the objects become ([As#OBJECT]: themselves); `metaVersion` is v1 or v1beta1 of meta.k8s.io.
/// Source: k8s.io/apiserver/pkg/endpoints/handlers/negotiation.
public record Representation(Format format, As as, String metaVersion, boolean pretty) {
    public static final Representation JSON = new Representation(Format.JSON, As.OBJECT, "v1", false);
    private static final List<String> SERVED = List.of("application/json", "application/yaml",
            "application/vnd.kubernetes.protobuf");
    private static final String STREAMED = ", application/json;stream=watch, "
            + "application/vnd.kubernetes.protobuf;stream=watch";
    /// More clauses than this in one Accept header are not read; no client sends five.
    private static final int MAX_CLAUSES = 32;

    public enum Format {
        JSON("application/json"), YAML("application/yaml"), PROTOBUF("application/vnd.kubernetes.protobuf");

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }

        public String mediaType() {
            return mediaType;
        }
    }

    public enum As {
        OBJECT, TABLE, PARTIAL, PARTIAL_LIST
    }

    /// Errors: 406, in one of two forms: for media types that no route has, and for parameters nothing is known of.
    public static Representation negotiate(String accept, Query query, String userAgent, boolean collection) {
        if (!accept.isBlank() && !routed(accept)) {
            throw Refusals.notAcceptable(String.join(", ", SERVED) + (collection ? STREAMED : ""));
        }
        return negotiated(accept, query, userAgent, any -> true).orElseThrow(Refusals::notAccepted);
    }

    /// Of objects without a protobuf form; their metadata has one. Errors: 406.
    public static Representation negotiateCustom(String accept, Query query, String userAgent) {
        return negotiated(accept, query, userAgent, form -> form.as() != As.OBJECT || form.format() != Format.PROTOBUF)
                .orElseThrow(Refusals::notAccepted);
    }

    /// Of documents about the API, which have one form. Errors: 406.
    public static Representation negotiateDocument(String accept, Query query, String userAgent) {
        if (!accept.isBlank() && !routed(accept)) {
            throw Refusals.notAcceptable(String.join(", ", SERVED));
        }
        return negotiateStatus(accept, query, userAgent).orElseThrow(Refusals::notAccepted);
    }

    /// Of a Status, which is never shown as anything else. Empty: the client accepts none of its forms.
    public static Optional<Representation> negotiateStatus(String accept, Query query, String userAgent) {
        return negotiated(accept, query, userAgent, form -> form.as() == As.OBJECT);
    }

    private static Optional<Representation> negotiated(String accept, Query query, String userAgent,
            Predicate<Representation> served) {
        boolean pretty = pretty(query, userAgent);
        if (accept.isBlank()) {
            return Optional.of(new Representation(Format.JSON, As.OBJECT, "v1", pretty));
        }
        for (Clause clause : clauses(accept)) {
            Optional<Format> format = format(clause.type());
            if (format.isPresent()) {
                Optional<Representation> chosen = choose(format.get(), clause, pretty).filter(served);
                if (chosen.isPresent()) {
                    return chosen;
                }
            }
        }
        return Optional.empty();
    }

    /// Whether a route has one of the media types, parameters aside.
    private static boolean routed(String accept) {
        for (String part : accept.split(",")) {
            int end = part.indexOf(';');
            String type = (end < 0 ? part : part.substring(0, end)).trim();
            if (type.equals("*/*") || SERVED.contains(type)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Representation> choose(Format format, Clause clause, boolean pretty) {
        String as = clause.parameter("as");
        String version = clause.parameter("v");
        String stream = clause.parameter("stream");
        boolean streams = stream.equals("watch") && format != Format.YAML;
        if (!stream.isEmpty() && !streams || !clause.parameter("sv").isEmpty()) {
            return Optional.empty();
        }
        boolean converts = Stream.of("as", "g", "v").anyMatch(clause::has);
        if (!converts) {
            return Optional.of(new Representation(format, As.OBJECT, "v1", pretty));
        }
        if (!clause.parameter("g").equals("meta.k8s.io") || !version.equals("v1") && !version.equals("v1beta1")) {
            return Optional.empty();
        }
        return switch (as) {
            case "Table" -> format == Format.PROTOBUF
                    ? Optional.empty()
                    : Optional.of(new Representation(format, As.TABLE, version, pretty));
            case "PartialObjectMetadata" -> Optional.of(new Representation(format, As.PARTIAL, version, pretty));
            case "PartialObjectMetadataList" -> Optional.of(new Representation(format, As.PARTIAL_LIST, version,
                    pretty));
            default -> Optional.empty();
        };
    }

    private static Optional<Format> format(String type) {
        return switch (type) {
            case "application/json", "*/*", "application/*" -> Optional.of(Format.JSON);
            case "application/yaml" -> Optional.of(Format.YAML);
            case "application/vnd.kubernetes.protobuf" -> Optional.of(Format.PROTOBUF);
            default -> Optional.empty();
        };
    }

    private static boolean pretty(Query query, String userAgent) {
        if (query.has("pretty")) {
            return query.flag("pretty");
        }
        return userAgent.startsWith("curl") || userAgent.startsWith("Wget") || userAgent.startsWith("Mozilla/5.0");
    }

    /// One media type of an Accept header with its parameters. Shape: q between 0 and 1.
    public record Clause(String type, List<String> parameters, double quality) {
        boolean has(String name) {
            return parameters.stream().anyMatch(parameter -> parameter.startsWith(name + "="));
        }

        public String parameter(String name) {
            for (String parameter : parameters) {
                if (parameter.startsWith(name + "=")) {
                    return parameter.substring(name.length() + 1);
                }
            }
            return "";
        }
    }

    /// Best quality first, then order of appearance.
    public static List<Clause> clauses(String accept) {
        List<Clause> found = new ArrayList<>();
        for (String part : accept.split(",")) {
            String[] pieces = part.trim().split(";");
            if (pieces.length == 0 || pieces[0].isBlank() || found.size() == MAX_CLAUSES) {
                continue;
            }
            List<String> parameters = new ArrayList<>();
            double quality = 1;
            for (int i = 1; i < pieces.length; i++) {
                String parameter = pieces[i].trim();
                if (parameter.startsWith("q=")) {
                    quality = quality(parameter.substring(2));
                } else {
                    parameters.add(parameter);
                }
            }
            found.add(new Clause(pieces[0].trim(), parameters, quality));
        }
        found.sort((a, b) -> Double.compare(b.quality(), a.quality()));
        return found;
    }

    /// What is no number counts as the least.
    private static double quality(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException malformed) {
            return 0;
        }
    }
}
