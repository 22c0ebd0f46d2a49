package io.logplane.gateway.request;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The query of a request. Shape: values in the order they came; what does not decode, or has a semicolon in it, is
/// left out, as Go's parser does.
public record Query(Map<String, List<String>> values) {
    public static final Query EMPTY = new Query(Map.of());
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+");

    public static Query parse(Optional<String> raw) {
        if (raw.isEmpty() || raw.get().isEmpty()) {
            return EMPTY;
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : raw.get().split("&")) {
            int at = pair.indexOf('=');
            Optional<String> name = decode(at < 0 ? pair : pair.substring(0, at));
            Optional<String> value = decode(at < 0 ? "" : pair.substring(at + 1));
            if (!pair.isEmpty() && pair.indexOf(';') < 0 && name.isPresent() && value.isPresent()) {
                values.computeIfAbsent(name.get(), unused -> new ArrayList<>()).add(value.get());
            }
        }
        return new Query(values);
    }

    /// "" when absent.
    public String first(String name) {
        List<String> found = values.get(name);
        return found == null || found.isEmpty() ? "" : found.getFirst();
    }

    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /// As upstream reads booleans in queries: present and neither "0" nor "false".
    public boolean flag(String name) {
        return has(name) && !first(name).equals("0") && !first(name).equalsIgnoreCase("false");
    }

    /// Errors: 400 with upstream's text.
    public Optional<Long> number(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        String text = first(name);
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException malformed) {
            throw Refusals.badRequest("strconv.ParseInt: parsing " + Refusals.quoted(text) + ": " + (NUMBER.matcher(
                    text).matches() ? "value out of range" : "invalid syntax"));
        }
    }

    /// The same with one parameter replaced.
    public Query with(String name, String value) {
        Map<String, List<String>> copy = new LinkedHashMap<>(values);
        copy.put(name, List.of(value));
        return new Query(copy);
    }

    public Query without(String name) {
        Map<String, List<String>> copy = new LinkedHashMap<>(values);
        copy.remove(name);
        return new Query(copy);
    }

    private static Optional<String> decode(String text) {
        try {
            return Optional.of(URLDecoder.decode(text, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
