package io.logplane.state.sealed;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Which resources are encrypted, and with which keys: an `EncryptionConfiguration` as kube-apiserver takes it.
///
/// Shape: for a resource the first entry of `resources` that names it counts; its first provider's first key writes,
/// all of them read. `identity` writes and reads plain objects. Providers: `aesgcm` and `identity`; any other is
/// refused by name. Immutable. Thread: any.
/// Source: https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/
public final class Sealing {
    /// Nothing is encrypted; sealed objects cannot be read.
    public static final Sealing NONE = new Sealing(List.of());

    private static final Pattern KEY_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final Set<Integer> KEY_BYTES = Set.of(16, 24, 32);
    private static final String NO_PREFIX = "no matching prefix found";
    private static final String IDENTITY = "identity";

    private final List<Rule> rules;

    private Sealing(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /// One entry of `resources`. Shape: an empty provider is `identity`.
    private record Rule(List<String> resources, List<Optional<SealingKey>> providers) {
        boolean covers(String group, String resource) {
            return resources.stream().anyMatch(pattern -> switch (pattern) {
                case "*.*" -> true;
                case "*." -> group.isEmpty();
                default -> pattern.startsWith("*.")
                        ? pattern.substring(2).equals(group)
                        : pattern.equals(group.isEmpty() ? resource : resource + "." + group);
            });
        }

        boolean readsPlain() {
            return providers.contains(Optional.<SealingKey>empty());
        }
    }

    /// Errors: IllegalArgumentException that names the field.
    public static Sealing parse(JsonNode configuration) {
        require(configuration.path("kind").asText().equals("EncryptionConfiguration") && configuration.path(
                "apiVersion").asText().equals("apiserver.config.k8s.io/v1"),
                "kind must be EncryptionConfiguration, apiVersion apiserver.config.k8s.io/v1");
        JsonNode entries = configuration.path("resources");
        require(entries.isArray() && !entries.isEmpty(), "resources: Required value: at least one entry is required");
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            rules.add(rule("resources[" + i + "]", entries.get(i)));
        }
        return new Sealing(rules);
    }

    private static Rule rule(String path, JsonNode entry) {
        List<String> resources = new ArrayList<>();
        entry.path("resources").forEach(resource -> resources.add(resource.asText()));
        require(!resources.isEmpty(), path + ".resources: Required value: at least one resource is required");
        List<Optional<SealingKey>> providers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        JsonNode list = entry.path("providers");
        for (int i = 0; i < list.size(); i++) {
            String at = path + ".providers[" + i + "]";
            require(list.get(i).size() == 1, at + ": exactly one provider is required in an entry");
            String provider = list.get(i).fieldNames().next();
            switch (provider) {
                case IDENTITY -> providers.add(Optional.empty());
                case SealingKey.PROVIDER -> keys(at + ".aesgcm.keys", list.get(i).path(provider).path("keys"), names)
                        .forEach(key -> providers.add(Optional.of(key)));
                default -> throw new IllegalArgumentException(at + ": provider \"" + provider
                        + "\" is not supported: use aesgcm or identity");
            }
        }
        require(!providers.isEmpty(), path + ".providers: Required value: at least one provider is required");
        return new Rule(List.copyOf(resources), List.copyOf(providers));
    }

    private static List<SealingKey> keys(String path, JsonNode list, Set<String> names) {
        require(list.isArray() && !list.isEmpty(), path + ": Required value: at least one key is required");
        List<SealingKey> keys = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String name = list.get(i).path("name").asText();
            require(KEY_NAME.matcher(name).matches(), path + "[" + i + "].name: Invalid value: \"" + name
                    + "\": at most 63 letters, digits, '-', '_' and '.' are a name");
            require(names.add(name), path + "[" + i + "].name: Duplicate value: \"" + name + "\"");
            keys.add(new SealingKey(name, secret(path + "[" + i + "].secret", list.get(i).path("secret").asText())));
        }
        return keys;
    }

    private static byte[] secret(String path, String base64) {
        try {
            byte[] secret = Base64.getDecoder().decode(base64);
            require(KEY_BYTES.contains(secret.length),
                    path + ": Invalid value: expected key length is one of 16, 24, 32 "
                            + "bytes, got " + secret.length);
            return secret;
        } catch (IllegalArgumentException wrong) {
            throw base64.isEmpty() || !String.valueOf(wrong.getMessage()).startsWith(path)
                    ? new IllegalArgumentException(path + ": Invalid value: secrets must be base64 encoded")
                    : wrong;
        }
    }

    private static void require(boolean holds, String text) {
        if (!holds) {
            throw new IllegalArgumentException(text);
        }
    }

    private Optional<Rule> rule(ObjectKey key) {
        return rule(key.apiGroup(), key.resource());
    }

    private Optional<Rule> rule(String group, String resource) {
        return rules.stream().filter(rule -> rule.covers(group, resource)).findFirst();
    }

    /// The form in which an object is appended. Errors: [Refused] 400 for a plain object that would look sealed.
    byte[] seal(ObjectKey key, byte[] plain) {
        Optional<SealingKey> writer = rule(key).flatMap(rule -> rule.providers().getFirst());
        if (writer.isPresent()) {
            return writer.get().seal(key, plain).write(plain);
        }
        if (SealedForm.looksSo(plain)) {
            throw new Refused(
                    Refusal.of(400, "BadRequest", "the field \"sealedBy\" is reserved for encrypted objects"));
        }
        return plain;
    }

    /// The object as it was before [#seal]. Errors: [Refused] 500 in upstream's words when no key opens it.
    public byte[] open(ObjectKey key, byte[] stored) {
        Optional<SealedForm> form = SealedForm.looksSo(stored) ? SealedForm.read(stored) : Optional.empty();
        Optional<Rule> rule = rule(key);
        if (form.isEmpty()) {
            if (rule.isPresent() && !rule.get().readsPlain()) {
                throw unreadable(key);
            }
            return stored;
        }
        return rule.stream().flatMap(found -> found.providers().stream()).flatMap(Optional::stream)
                .filter(candidate -> candidate.by().equals(form.get().by()))
                .flatMap(candidate -> candidate.open(key, form.get().box()).stream()).findFirst()
                .orElseThrow(() -> unreadable(key));
    }

    /// True when the stored form is not the one [#seal] would write now: the key has changed.
    boolean stale(ObjectKey key, byte[] stored) {
        Optional<String> wanted = rule(key).flatMap(rule -> rule.providers().getFirst()).map(SealingKey::by);
        Optional<String> found = SealedForm.looksSo(stored)
                ? SealedForm.read(stored).map(SealedForm::by)
                : Optional.empty();
        return !wanted.equals(found);
    }

    /// True when objects under the prefix are, or should be, encrypted. Shape: a prefix of keys, see [ObjectKey].
    boolean covers(String prefix) {
        String[] parts = prefix.split("/", -1);
        return parts.length < 4
                ? !rules.isEmpty()
                : rule(parts[1].equals(ObjectKey.CORE) ? "" : parts[1], parts[2]).isPresent();
    }

    static Refused unreadable(ObjectKey key) {
        return new Refused(Refusal.of(500, "InternalError", "Internal error occurred: unable to transform key \""
                + key.text() + "\": " + NO_PREFIX));
    }
}
