package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.Quantity;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Requests and limits of one thing against what a LimitRange allows. Pure.
///
/// Shape: `kind` is the LimitRange's type. Source: limitranger's constraint functions, word for word in its messages.
record LimitChecks(String kind, JsonNode requests, JsonNode limits) {

    void min(JsonNode enforced, List<String> wrong) {
        sorted(enforced).forEach((name, bound) -> {
            String what = "minimum " + name + " usage per " + kind + " is " + bound;
            Optional<Quantity> request = amount(requests, name);
            Optional<Quantity> limit = amount(limits, name);
            if (request.isEmpty()) {
                wrong.add(what + ".  No request is specified");
            } else if (request.get().compareTo(bound) < 0) {
                wrong.add(what + ", but request is " + request.get());
            } else if (limit.isPresent() && limit.get().compareTo(bound) < 0) {
                wrong.add(what + ", but limit is " + limit.get());
            }
        });
    }

    void max(JsonNode enforced, List<String> wrong) {
        sorted(enforced).forEach((name, bound) -> {
            String what = "maximum " + name + " usage per " + kind + " is " + bound;
            Optional<Quantity> request = amount(requests, name);
            Optional<Quantity> limit = amount(limits, name);
            if (limit.isEmpty()) {
                wrong.add(what + ".  No limit is specified");
            } else if (limit.get().compareTo(bound) > 0) {
                wrong.add(what + ", but limit is " + limit.get());
            } else if (request.isPresent() && request.get().compareTo(bound) > 0) {
                wrong.add(what + ", but request is " + request.get());
            }
        });
    }

    void maxRequest(JsonNode enforced, List<String> wrong) {
        sorted(enforced).forEach((name, bound) -> {
            String what = "maximum " + name + " usage per " + kind + " is " + bound;
            Optional<Quantity> request = amount(requests, name);
            if (request.isEmpty()) {
                wrong.add(what + ".  No request is specified");
            } else if (request.get().compareTo(bound) > 0) {
                wrong.add(what + ", but request is " + request.get());
            }
        });
    }

    void ratio(JsonNode enforced, List<String> wrong) {
        sorted(enforced).forEach((name, bound) -> {
            String what = name + " max limit to request ratio per " + kind + " is " + bound;
            Optional<Quantity> request = amount(requests, name).filter(one -> !one.isZero());
            Optional<Quantity> limit = amount(limits, name).filter(one -> !one.isZero());
            if (request.isEmpty()) {
                wrong.add(what + ", but no request is specified or request is 0");
            } else if (limit.isEmpty()) {
                wrong.add(what + ", but no limit is specified or limit is 0");
            } else {
                double ratio = thousandths(limit.get()) / thousandths(request.get());
                if (ratio > thousandths(bound) / 1000) {
                    wrong.add(what + ", but provided ratio is " + String.format(Locale.ROOT, "%f", ratio));
                }
            }
        });
    }

    private static double thousandths(Quantity quantity) {
        return quantity.milliValue();
    }

    private static Optional<Quantity> amount(JsonNode list, String name) {
        return list.has(name) ? Quantity.tryParse(list.get(name).asText()) : Optional.empty();
    }

    private static Map<String, Quantity> sorted(JsonNode enforced) {
        Map<String, Quantity> all = new TreeMap<>();
        enforced.properties().forEach(entry -> Quantity.tryParse(entry.getValue().asText()).ifPresent(
                bound -> all.put(entry.getKey(), bound)));
        return all;
    }
}
