package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.GoJson;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Rules;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Secrets: what each type of secret must hold.
public final class SecretRules implements Rules {
    private static final String TLS = "kubernetes.io/tls";
    private static final String REDACTED = "<secret contents redacted>";

    @Override
    public void applyDefaults(ObjectNode object) {
        Tree.setDefault(object, "type", "Opaque");
        if (object.get("stringData") instanceof ObjectNode texts) {
            ObjectNode data = texts.isEmpty() ? null : Tree.object(object, "data");
            for (Map.Entry<String, JsonNode> text : texts.properties()) {
                if (data != null) {
                    data.put(text.getKey(), Base64.getEncoder()
                            .encodeToString(text.getValue().asText().getBytes(StandardCharsets.UTF_8)));
                }
            }
        }
        object.remove("stringData");
    }

    @Override
    public List<FieldError> validateCreate(ObjectNode object) {
        Problems problems = new Problems();
        whole(object, problems);
        return problems.list();
    }

    private static void whole(ObjectNode object, Problems problems) {
        JsonNode data = object.path("data");
        long bytes = 0;
        for (Map.Entry<String, JsonNode> entry : data.properties()) {
            problems.format(NameFormat.CONFIG_KEY, "data[" + entry.getKey() + "]", entry.getKey());
            bytes += ConfigRules.decodedLength(entry.getValue().asText());
        }
        if (bytes > ConfigRules.MAX_BYTES) {
            problems.tooLong("data", ConfigRules.MAX_BYTES);
        }
        ofType(Tree.text(object, "type"), object, data, problems);
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        if (!Tree.text(object, "type").equals(Tree.text(old, "type"))) {
            problems.invalid("type", Tree.text(object, "type"), Problems.IMMUTABLE);
        }
        ConfigRules.frozen(object, old, problems, "data");
        whole(object, problems);
        return problems.list();
    }

    @Override
    public List<String> warnings(ObjectNode object) {
        if (!Tree.text(object, "type").equals(TLS)) {
            return List.of();
        }
        String wrong = TlsPair.wrong(decoded(object, "tls.crt"), decoded(object, "tls.key"));
        return wrong.isEmpty() ? List.of() : List.of(wrong);
    }

    private static byte[] decoded(ObjectNode object, String key) {
        return Base64.getMimeDecoder().decode(object.path("data").path(key).asText());
    }

    private static void ofType(String type, ObjectNode object, JsonNode data, Problems problems) {
        switch (type) {
            case "kubernetes.io/service-account-token" -> {
                String annotation = "kubernetes.io/service-account.name";
                if (object.path("metadata").path("annotations").path(annotation).asText().isEmpty()) {
                    problems.required("metadata.annotations[" + annotation + "]");
                }
            }
            case "kubernetes.io/dockercfg" -> json(".dockercfg", data, problems);
            case "kubernetes.io/dockerconfigjson" -> json(".dockerconfigjson", data, problems);
            case "kubernetes.io/basic-auth" -> {
                if (!data.has("username") && !data.has("password")) {
                    problems.required("data[username]");
                    problems.required("data[password]");
                }
            }
            case "kubernetes.io/ssh-auth" -> {
                if (data.path("ssh-privatekey").asText().isEmpty()) {
                    problems.required("data[ssh-privatekey]");
                }
            }
            case TLS -> {
                for (String key : List.of("tls.crt", "tls.key")) {
                    if (!data.has(key)) {
                        problems.required("data[" + key + "]");
                    }
                }
            }
            default -> {
                // Any other type holds what it likes.
            }
        }
    }

    private static void json(String key, JsonNode data, Problems problems) {
        if (!data.has(key)) {
            problems.required("data[" + key + "]");
            return;
        }
        String wrong = wrong(Base64.getMimeDecoder().decode(data.path(key).asText()));
        if (!wrong.isEmpty()) {
            problems.invalid("data[" + key + "]", REDACTED, wrong);
        }
    }

    /// Why Go would not read a JSON object out of it; "" when it would. It reads none out of null.
    private static String wrong(byte[] content) {
        String syntax = GoJson.error(content);
        if (!syntax.isEmpty()) {
            return syntax;
        }
        int start = 0;
        while (content[start] <= ' ') {
            start++;
        }
        String kind = switch (content[start]) {
            case '{', 'n' -> "";
            case '[' -> "array";
            case '"' -> "string";
            case 't', 'f' -> "bool";
            default -> "number";
        };
        return kind.isEmpty()
                ? ""
                : "json: cannot unmarshal " + kind + " into Go value of type map[string]interface {}";
    }
}
