package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Volumes of a pod: a name and exactly one source each.
///
/// Source: validation of core/v1 in kube-apiserver 1.36.
final class VolumeRules {
    /// In the order in which upstream looks for them: of several the first is the volume's, the others are too many.
    private static final List<String> SOURCES = List.of("emptyDir", "hostPath", "gitRepo", "gcePersistentDisk",
            "awsElasticBlockStore", "secret", "nfs", "iscsi", "glusterfs", "flocker", "persistentVolumeClaim", "rbd",
            "cinder", "cephfs", "quobyte", "downwardAPI", "fc", "flexVolume", "configMap", "azureFile",
            "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "storageos", "projected",
            "scaleIO", "csi", "ephemeral", "image");

    private VolumeRules() {
    }

    /// Gives the names mounts may use: those of volumes that are as they should be.
    static Set<String> all(JsonNode spec, String path, Problems problems) {
        Set<String> names = new HashSet<>();
        List<ObjectNode> volumes = Tree.objects(spec, "volumes");
        for (int i = 0; i < volumes.size(); i++) {
            String at = path + ".volumes[" + i + "]";
            String name = Tree.text(volumes.get(i), "name");
            Problems own = new Problems();
            source(volumes.get(i), at, path.equals("spec"), own);
            if (own.requireText(volumes.get(i), at, "name")) {
                own.format(NameFormat.LABEL, at + ".name", name);
            }
            if (names.contains(name)) {
                own.duplicate(at + ".name", name);
            }
            if (own.isEmpty()) {
                names.add(name);
            }
            problems.addAll(own);
        }
        return names;
    }

    /// The claims that volumes of a pod with this name bring along: named after pod and volume, and used by no other.
    static void claimNames(JsonNode spec, String pod, Problems problems) {
        List<ObjectNode> volumes = Tree.objects(spec, "volumes");
        Set<String> created = new HashSet<>();
        for (int i = 0; i < volumes.size(); i++) {
            String name = Tree.text(volumes.get(i), "name");
            if (volumes.get(i).path("ephemeral").isObject()) {
                created.add(pod + "-" + name);
                String claim = pod + "-" + name;
                for (String wrong : name.isEmpty() ? List.<String>of() : NameFormat.SUBDOMAIN.errors(claim)) {
                    problems.invalid("spec.volumes[" + i + "].name", name,
                            "PVC name " + Problems.quoted(claim) + ": " + wrong);
                }
            }
        }
        for (int i = 0; i < volumes.size(); i++) {
            String claim = Tree.text(volumes.get(i), "persistentVolumeClaim.claimName");
            if (created.contains(claim)) {
                problems.invalid("spec.volumes[" + i + "].persistentVolumeClaim.claimName", claim,
                        "must not reference a PVC that gets created for an ephemeral volume");
            }
        }
    }

    /// A path inside a volume: relative, and never upwards.
    static void relative(String value, String path, Problems problems) {
        if (value.startsWith("/")) {
            problems.invalid(path, value, "must be a relative path");
        }
        noSteps(value, path, problems);
    }

    static void noSteps(String value, String path, Problems problems) {
        if (Arrays.asList(value.split("/", -1)).contains("..")) {
            problems.invalid(path, value, "must not contain '..'");
        }
    }

    /// The place of a file that the node agent writes: names that begin with two dots are its own.
    static void fileName(String value, String path, Problems problems) {
        relative(value, path, problems);
        if (value.startsWith("..") && !value.startsWith("../")) {
            problems.invalid(path, value, "must not start with '..'");
        }
    }

    private static void source(ObjectNode volume, String path, boolean pod, Problems problems) {
        VolumeSources sources = new VolumeSources(false, Tree.text(volume, "name"), problems);
        boolean found = false;
        for (String kind : SOURCES) {
            JsonNode source = volume.path(kind);
            if (!source.isObject()) {
                continue;
            }
            if (found) {
                problems.forbidden(path + "." + shown(kind), "may not specify more than 1 volume type");
            } else {
                found = true;
                one(kind, source, path, pod, sources);
            }
            if (kind.equals("iscsi")) {
                portal(volume, path, problems);
            }
        }
        if (!found) {
            problems.required(path, "must specify a volume type");
        }
    }

    /// Two kinds are called otherwise where there are too many.
    private static String shown(String kind) {
        return kind.equals("cephfs") ? "cephFS" : kind.equals("downwardAPI") ? "downwarAPI" : kind;
    }

    private static void one(String kind, JsonNode source, String path, boolean pod, VolumeSources sources) {
        String at = path + "." + kind;
        Problems problems = sources.problems();
        switch (kind) {
            case "emptyDir" -> {
                if (Quantity.tryParse(Tree.text(source, "sizeLimit")).filter(q -> q.signum() < 0).isPresent()) {
                    problems.forbidden(at + ".sizeLimit", "SizeLimit field must be a valid resource quantity");
                }
            }
            case "secret" -> {
                problems.requireText(source, at, "secretName");
                FileSources.keys(source, at, problems);
            }
            case "configMap" -> {
                problems.requireText(source, at, "name");
                FileSources.keys(source, at, problems);
            }
            case "downwardAPI" -> FileSources.downward(source, at, problems);
            case "projected" -> FileSources.projected(source, at, problems);
            case "ephemeral" -> ClaimSpecRules.template(source, at, problems);
            case "image" -> {
                if (pod) {
                    problems.requireText(source, at, "reference");
                }
                problems.oneOf(source, at, "pullPolicy", "Always", "IfNotPresent", "Never");
            }
            default -> sources.check(kind, source, path);
        }
    }

    private static void portal(ObjectNode volume, String path, Problems problems) {
        String name = Tree.text(volume, "name");
        if (Tree.has(volume, "iscsi.initiatorName")
                && name.length() + 1 + Tree.text(volume, "iscsi.targetPortal").length() > VolumeSources.MAX_PORTAL) {
            problems.invalid(path + ".name", name, VolumeSources.LONG_PORTAL);
        }
    }
}
