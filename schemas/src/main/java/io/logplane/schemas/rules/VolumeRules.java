package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Volumes of a pod: one source each, with what that source needs.
final class VolumeRules {
    /// 0777.
    private static final int MAX_MODE = 511;

    private VolumeRules() {
    }

    /// Gives the names mounts may use.
    static Set<String> all(JsonNode spec, String path, Problems problems) {
        Set<String> names = new HashSet<>();
        List<ObjectNode> volumes = Tree.objects(spec, "volumes");
        for (int i = 0; i < volumes.size(); i++) {
            String at = path + ".volumes[" + i + "]";
            ObjectNode volume = volumes.get(i);
            source(volume, at, problems);
            String name = Tree.text(volume, "name");
            if (problems.requireText(volume, at, "name")) {
                problems.format(NameFormat.LABEL, at + ".name", name);
                if (!names.add(name)) {
                    problems.duplicate(at + ".name", name);
                }
            }
        }
        return names;
    }

    /// A path inside a volume: relative, and never upwards.
    static void relative(String value, String path, Problems problems) {
        if (value.startsWith("/")) {
            problems.invalid(path, value, "must be a relative path");
        }
        if (Arrays.asList(value.split("/", -1)).contains("..")) {
            problems.invalid(path, value, "must not contain '..'");
        }
    }

    private static void source(ObjectNode volume, String path, Problems problems) {
        int found = 0;
        for (Map.Entry<String, JsonNode> entry : volume.properties()) {
            if (!entry.getKey().equals("name") && entry.getValue().isObject()) {
                found++;
                if (found > 1) {
                    problems.forbidden(path + "." + entry.getKey(), "may not specify more than 1 volume type");
                } else {
                    one(entry.getKey(), entry.getValue(), path + "." + entry.getKey(), problems);
                }
            }
        }
        if (found == 0) {
            problems.required(path, "must specify a volume type");
        }
    }

    private static void one(String kind, JsonNode source, String path, Problems problems) {
        switch (kind) {
            case "secret" -> {
                problems.requireText(source, path, "secretName");
                files(source, path, problems);
            }
            case "configMap" -> {
                problems.requireText(source, path, "name");
                files(source, path, problems);
            }
            case "hostPath" -> hostPath(source, path, problems);
            case "persistentVolumeClaim" -> problems.requireText(source, path, "claimName");
            case "projected" -> projected(source, path, problems);
            case "downwardAPI" -> mode(source, path, "defaultMode", problems);
            case "nfs" -> {
                problems.requireText(source, path, "server");
                problems.requireText(source, path, "path");
            }
            case "csi" -> problems.requireText(source, path, "driver");
            case "image" -> problems.requireText(source, path, "reference");
            default -> {
                // Other sources are taken as they come; what they name is for the node to find.
            }
        }
    }

    private static void hostPath(JsonNode source, String path, Problems problems) {
        String value = Tree.text(source, "path");
        if (problems.requireText(source, path, "path") && Arrays.asList(value.split("/", -1)).contains("..")) {
            problems.invalid(path + ".path", value, "must not contain '..'");
        }
        problems.oneOfIfSet(source, path, "type", "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate",
                "File", "FileOrCreate", "Socket");
    }

    private static void projected(JsonNode source, String path, Problems problems) {
        mode(source, path, "defaultMode", problems);
        List<ObjectNode> sources = Tree.objects(source, "sources");
        for (int i = 0; i < sources.size(); i++) {
            String at = path + ".sources[" + i + "]";
            for (String kind : List.of("secret", "configMap")) {
                if (sources.get(i).path(kind) instanceof ObjectNode part) {
                    problems.requireText(part, at + "." + kind, "name");
                    files(part, at + "." + kind, problems);
                }
            }
            if (sources.get(i).path("serviceAccountToken") instanceof ObjectNode token) {
                token(token, at + ".serviceAccountToken", problems);
            }
        }
    }

    private static void token(ObjectNode token, String path, Problems problems) {
        long seconds = Tree.number(token, "expirationSeconds");
        if (seconds < 600) {
            problems.invalid(path + ".expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
        }
        if (problems.requireText(token, path, "path")) {
            relative(Tree.text(token, "path"), path + ".path", problems);
        }
    }

    private static void files(JsonNode source, String path, Problems problems) {
        mode(source, path, "defaultMode", problems);
        List<ObjectNode> items = Tree.objects(source, "items");
        for (int i = 0; i < items.size(); i++) {
            String at = path + ".items[" + i + "]";
            problems.requireText(items.get(i), at, "key");
            if (problems.requireText(items.get(i), at, "path")) {
                relative(Tree.text(items.get(i), "path"), at + ".path", problems);
            }
            mode(items.get(i), at, "mode", problems);
        }
    }

    private static void mode(JsonNode source, String path, String field, Problems problems) {
        long mode = Tree.number(source, field);
        if (mode < 0 || mode > MAX_MODE) {
            problems.invalid(path + "." + field, mode, "must be a number between 0 and 0777 (octal), both inclusive");
        }
    }
}
