package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.IpAddresses;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;

/// Collects what a write is warned of though it is accepted, in upstream's words. Used by one thread, for one write.
///
/// Source: warnings of kube-apiserver 1.36.
final class Warnings {
    private final List<String> all = new ArrayList<>();

    List<String> list() {
        return List.copyOf(all);
    }

    void add(String text) {
        all.add(text);
    }

    void add(String path, String text) {
        all.add(path + ": " + text);
    }

    /// What is there although nobody looks at it any more.
    void ifSet(JsonNode parent, String path, String field, String text) {
        if (Tree.has(parent, field)) {
            add(path + "." + field, text);
        }
    }

    /// Amounts of which there are only whole ones.
    void fractions(JsonNode amounts, String path, String... resources) {
        for (String resource : resources) {
            Quantity.tryParse(amounts.path(resource).asText()).filter(Quantity::isFraction).ifPresent(
                    amount -> add(path + "[" + resource + "]", "fractional byte value " + Problems.quoted(amount
                            .toString()) + " is invalid, must be an integer"));
        }
    }

    /// A name that becomes part of a host's.
    void hostName(JsonNode object, String use) {
        List<String> wrong = NameFormat.LABEL.errors(Tree.text(object, "metadata.name"));
        if (!wrong.isEmpty()) {
            add("metadata.name", "this is used in " + use + ", which can result in surprising behavior; a DNS label is "
                    + "recommended: [" + String.join(" ", wrong) + "]");
        }
    }

    /// Addresses that some programs read otherwise than others, or that have other spellings.
    void address(String path, String value) {
        IpAddresses.preferred(value).ifPresent(preferred -> {
            if (IpAddresses.anyFormError(value).isPresent()) {
                notStandard(path, "IP address", value, preferred);
            } else if (!preferred.equals(value)) {
                notCanonical(path, "IPv6 address", value, preferred);
            }
        });
    }

    void addresses(JsonNode parent, String path, String field) {
        List<String> values = Tree.texts(parent, field);
        for (int i = 0; i < values.size(); i++) {
            address(path + "." + field + "[" + i + "]", values.get(i));
        }
    }

    /// As [#address], for `address/bits`.
    void range(String path, String value) {
        IpAddresses.network(value).ifPresent(network -> {
            String host = IpAddresses.preferred(value.substring(0, value.indexOf('/'))).orElse("");
            boolean ambiguous = !network.startsWith(host + "/");
            if (ambiguous) {
                add(path, "CIDR value " + Problems.quoted(value) + " is ambiguous in this context (should be "
                        + Problems.quoted(network) + " or " + Problems.quoted(host + (value.contains(":")
                                ? "/128"
                                : "/32"))
                        + "?)");
            }
            if (!IpAddresses.isPlainRange(value)) {
                notStandard(path, "CIDR value", value, network);
            } else if (!ambiguous && !network.equals(value)) {
                notCanonical(path, "IPv6 CIDR value", value, network);
            }
        });
    }

    void ranges(JsonNode parent, String path, String field) {
        List<String> values = Tree.texts(parent, field);
        for (int i = 0; i < values.size(); i++) {
            range(path + "." + field + "[" + i + "]", values.get(i));
        }
    }

    private void notStandard(String path, String what, String value, String preferred) {
        add(path, "non-standard " + what + " " + Problems.quoted(value)
                + " will be considered invalid in a future Kubernetes release: use " + Problems.quoted(preferred));
    }

    private void notCanonical(String path, String what, String value, String preferred) {
        add(path, what + " " + Problems.quoted(value) + " should be in RFC 5952 canonical format ("
                + Problems.quoted(preferred) + ")");
    }
}
