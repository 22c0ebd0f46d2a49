package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Volumes of kinds that are gone, files that cover each other, amounts that no volume can have.
///
/// Source: warnings of kube-apiserver 1.36.
final class VolumeWarnings {
    private static final String BETA_CLASS = "volume.beta.kubernetes.io/storage-class";
    private static final List<String> OF_PODS = List.of("photonPersistentDisk", "gitRepo", "scaleIO", "flocker",
            "storageOS", "quobyte", "glusterfs", "ephemeral", "cephfs", "rbd");
    private static final List<String> PERSISTENT = List.of("cephfs", "photonPersistentDisk", "scaleIO", "storageOS",
            "glusterfs", "rbd");
    private static final Map<String, String> GONE = Map.of(
            "photonPersistentDisk", gone("v1.11", "v1.16+"),
            "gitRepo", "deprecated in v1.11, and disabled by default in v1.33+",
            "scaleIO", gone("v1.16", "v1.22+"),
            "flocker", gone("v1.22", "v1.25+"),
            "storageOS", gone("v1.22", "v1.25+"),
            "quobyte", gone("v1.22", "v1.25+"),
            "glusterfs", gone("v1.25", "v1.26+"),
            "cephfs", gone("v1.28", "v1.31+"),
            "rbd", gone("v1.28", "v1.31+"));

    private VolumeWarnings() {
    }

    /// A file in a volume and what puts it there.
    private record File(String path, String source) {
        boolean overlaps(File other) {
            return path.equals(other.path) || (path + "/").startsWith(other.path + "/")
                    || (other.path + "/").startsWith(path + "/");
        }

        String shown() {
            return Problems.quoted(path) + (source.isEmpty() ? "" : " (" + source + ")");
        }
    }

    static void volumes(JsonNode spec, String path, Warnings warnings) {
        List<ObjectNode> volumes = Tree.objects(spec, "volumes");
        for (int i = 0; i < volumes.size(); i++) {
            String at = path + ".volumes[" + i + "]";
            for (String kind : OF_PODS) {
                if (kind.equals("ephemeral")) {
                    claimSpec(Tree.at(volumes.get(i), "ephemeral.volumeClaimTemplate.spec"), at
                            + ".ephemeral.volumeClaimTemplate.spec", warnings);
                } else {
                    warnings.ifSet(volumes.get(i), at, kind, GONE.getOrDefault(kind, ""));
                }
            }
        }
        volumes.forEach(volume -> files(volume, warnings));
    }

    static List<String> claim(ObjectNode claim) {
        Warnings warnings = new Warnings();
        claim(claim, "", warnings);
        return warnings.list();
    }

    /// `prefix` ends in a dot unless it is empty.
    static void claim(ObjectNode claim, String prefix, Warnings warnings) {
        storageClass(claim, prefix, warnings);
        claimSpec(claim.path("spec"), prefix + "spec", warnings);
    }

    static List<String> persistent(ObjectNode volume) {
        Warnings warnings = new Warnings();
        JsonNode spec = volume.path("spec");
        storageClass(volume, "", warnings);
        if (Tree.text(spec, "persistentVolumeReclaimPolicy").equals("Recycle")) {
            warnings.add("spec.persistentVolumeReclaimPolicy", "The Recycle reclaim policy is deprecated. Instead, the "
                    + "recommended approach is to use dynamic provisioning.");
        }
        NodeLabelWarnings.terms(Tree.at(spec, "nodeAffinity.required.nodeSelectorTerms"),
                "spec.nodeAffinity.required.nodeSelectorTerms", warnings);
        PERSISTENT.forEach(kind -> warnings.ifSet(spec, "spec", kind, GONE.getOrDefault(kind, "")));
        return warnings.list();
    }

    private static void storageClass(ObjectNode object, String prefix, Warnings warnings) {
        if (object.path("metadata").path("annotations").has(BETA_CLASS)) {
            warnings.add(prefix + "metadata.annotations[" + BETA_CLASS + "]",
                    "deprecated since v1.8; use \"storageClassName\" attribute instead");
        }
    }

    private static void claimSpec(JsonNode spec, String path, Warnings warnings) {
        for (String list : List.of("requests", "limits")) {
            warnings.fractions(spec.path("resources").path(list), path + ".resources." + list, "storage");
        }
    }

    private static void files(ObjectNode volume, Warnings warnings) {
        String name = "volume " + Problems.quoted(Tree.text(volume, "name"));
        named(name, "ConfigMap", volume.path("configMap"), "name", warnings);
        named(name, "Secret", volume.path("secret"), "secretName", warnings);
        if (Tree.has(volume, "downwardAPI")) {
            overlaps(name + " (DownwardAPI)", items(volume.path("downwardAPI"), ""), warnings);
        }
        if (Tree.has(volume, "projected")) {
            List<ObjectNode> sources = Tree.objects(volume, "projected.sources");
            if (sources.isEmpty()) {
                warnings.add(name + " (Projected) has no sources provided");
            }
            overlaps(name + " (Projected)", sources.stream().flatMap(source -> projected(source).stream()).toList(),
                    warnings);
        }
    }

    private static void named(String volume, String kind, JsonNode source, String field, Warnings warnings) {
        overlaps(volume + " (" + kind + " " + Problems.quoted(Tree.text(source, field)) + ")", items(source, ""),
                warnings);
    }

    private static List<File> projected(ObjectNode source) {
        List<File> files = new ArrayList<>(items(source.path("configMap"), "ConfigMap " + Problems.quoted(Tree.text(
                source, "configMap.name"))));
        files.addAll(items(source.path("secret"), "Secret " + Problems.quoted(Tree.text(source, "secret.name"))));
        files.addAll(items(source.path("downwardAPI"), "DownwardAPI"));
        if (Tree.has(source, "serviceAccountToken")) {
            files.add(file(source.path("serviceAccountToken"), "ServiceAccountToken"));
        }
        return files;
    }

    private static List<File> items(JsonNode source, String shown) {
        return Tree.objects(source, "items").stream().map(item -> file(item, shown)).toList();
    }

    private static File file(JsonNode holder, String shown) {
        return new File(Tree.text(holder, "path").replaceFirst("/+$", ""), shown);
    }

    private static void overlaps(String volume, List<File> files, Warnings warnings) {
        for (int i = 0; i < files.size(); i++) {
            for (File other : files.subList(0, i)) {
                if (files.get(i).overlaps(other)) {
                    warnings.add(volume, "overlapping paths: " + files.get(i).shown() + " with " + other.shown());
                }
            }
        }
    }

    private static String gone(String deprecated, String without) {
        return "deprecated in " + deprecated + ", non-functional in " + without;
    }
}
