package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Volumes whose files come from the API: secrets, config maps, the pod itself, tokens, and several of them together.
///
/// Source: validation of core/v1 in kube-apiserver 1.36.
final class FileSources {
    /// 0777.
    private static final int MAX_MODE = 511;
    private static final long SHORTEST_TOKEN_SECONDS = 600;
    private static final long LONGEST_TOKEN_SECONDS = 1L << 32;
    private static final String[] FIELDS = {"metadata.annotations", "metadata.labels", "metadata.name",
        "metadata.namespace", "metadata.uid"};

    private FileSources() {
    }

    /// What of a secret or config map is shown, and where.
    static void keys(JsonNode source, String path, Problems problems) {
        mode(source, path, "defaultMode", problems);
        List<ObjectNode> items = Tree.objects(source, "items");
        for (int i = 0; i < items.size(); i++) {
            key(items.get(i), path + ".items[" + i + "]", problems);
        }
    }

    private static void key(ObjectNode item, String path, Problems problems) {
        problems.requireText(item, path, "key");
        problems.requireText(item, path, "path");
        VolumeRules.fileName(Tree.text(item, "path"), path + ".path", problems);
        mode(item, path, "mode", problems);
    }

    /// Upstream names no single item.
    static void downward(JsonNode source, String path, Problems problems) {
        mode(source, path, "defaultMode", problems);
        Tree.objects(source, "items").forEach(item -> field(item, path, problems));
    }

    private static void field(ObjectNode item, String path, Problems problems) {
        problems.requireText(item, path, "path");
        VolumeRules.fileName(Tree.text(item, "path"), path + ".path", problems);
        if (item.path("fieldRef").isObject()) {
            FieldReferences.field(item.path("fieldRef"), path + ".fieldRef", problems, FIELDS);
            if (item.path("resourceFieldRef").isObject()) {
                problems.invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
            }
        } else if (item.path("resourceFieldRef").isObject()) {
            FieldReferences.resource(item.path("resourceFieldRef"), path + ".resourceFieldRef", true, problems);
        } else {
            problems.required(path, "one of fieldRef and resourceFieldRef is required");
        }
        mode(item, path, "mode", problems);
    }

    /// No two sources may write the same file.
    static void projected(JsonNode source, String path, Problems problems) {
        mode(source, path, "defaultMode", problems);
        Set<String> paths = new HashSet<>();
        List<ObjectNode> sources = Tree.objects(source, "sources");
        for (int i = 0; i < sources.size(); i++) {
            String at = path + ".sources[" + i + "]";
            int found = 0;
            for (String kind : List.of("secret", "configMap", "downwardAPI", "serviceAccountToken")) {
                if (sources.get(i).path(kind) instanceof ObjectNode part) {
                    found++;
                    part(kind, part, at + "." + kind, path, problems);
                    for (String twice : twice(part, paths)) {
                        problems.invalid(path, kind.equals("downwardAPI") ? twice : Tree.text(part, "name"),
                                "conflicting duplicate paths");
                    }
                }
            }
            if (found > 1) {
                problems.forbidden(at, "may not specify more than 1 volume type per source");
            }
        }
    }

    private static void part(String kind, ObjectNode part, String at, String path, Problems problems) {
        switch (kind) {
            case "downwardAPI" -> Tree.objects(part, "items").forEach(item -> field(item, at, problems));
            case "serviceAccountToken" -> token(part, at, path, problems);
            default -> {
                problems.requireText(part, at, "name");
                List<ObjectNode> items = Tree.objects(part, "items");
                for (int i = 0; i < items.size(); i++) {
                    key(items.get(i), at + ".items[" + i + "]", problems);
                }
            }
        }
    }

    private static List<String> twice(ObjectNode part, Set<String> paths) {
        return Tree.objects(part, "items").stream().map(item -> Tree.text(item, "path"))
                .filter(file -> !file.isEmpty() && !paths.add(file)).toList();
    }

    /// The path is reported at the whole volume, as upstream does.
    private static void token(ObjectNode token, String at, String path, Problems problems) {
        long seconds = Tree.number(token, "expirationSeconds");
        if (seconds < SHORTEST_TOKEN_SECONDS) {
            problems.invalid(at + ".expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
        }
        if (seconds > LONGEST_TOKEN_SECONDS) {
            problems.invalid(at + ".expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds");
        }
        if (problems.requireText(token, path, "path")) {
            VolumeRules.fileName(Tree.text(token, "path"), path + ".path", problems);
        }
    }

    private static void mode(JsonNode source, String path, String field, Problems problems) {
        long mode = Tree.number(source, field);
        if (mode < 0 || mode > MAX_MODE) {
            problems.invalid(path + "." + field, mode, "must be a number between 0 and 0777 (octal), both inclusive");
        }
    }
}
