package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// What one source of a volume needs, be it a pod's or a PersistentVolume's.
///
/// Shape: `persistent` for PersistentVolumes, whose sources also name the namespaces of their secrets; `owner` is the
/// name of the volume.
/// Source: validation of core/v1 in kube-apiserver 1.36.
record VolumeSources(boolean persistent, String owner, Problems problems) {
    static final int MAX_PORTAL = 64;
    static final String LONG_PORTAL = "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters "
            + "if iscsi.initiatorName is specified.";
    private static final int MAX_UNIT = 255;
    private static final int MAX_TENANT = 64;
    private static final String REGISTRY = "must be a host:port pair or multiple pairs separated by commas";
    private static final Pattern HOST_PORT = Pattern.compile("(\\[[^\\[\\]]*]|[^:\\[\\]]*):[^:\\[\\]]*");
    private static final Pattern IQN = Pattern.compile("iqn\\.\\d{4}-\\d{2}\\.[A-Za-z0-9.-]+:[^,;*&$|\\s]+$");
    private static final Pattern EUI = Pattern.compile("^eui.[A-Za-z0-9]{16}$");
    private static final Pattern NAA = Pattern.compile("^naa.[A-Za-z0-9]{32}$");
    /// What must be there, and nothing else to say about it.
    private static final Map<String, List<String>> NEEDED = Map.ofEntries(Map.entry("gitRepo", List.of("repository")),
            Map.entry("gcePersistentDisk", List.of("pdName")), Map.entry("awsElasticBlockStore", List.of("volumeID")),
            Map.entry("glusterfs", List.of("endpoints", "path")), Map.entry("rbd", List.of("monitors", "image")),
            Map.entry("cinder", List.of("volumeID")), Map.entry("cephfs", List.of("monitors")),
            Map.entry("flexVolume", List.of("driver")), Map.entry("azureFile", List.of("secretName", "shareName")),
            Map.entry("vsphereVolume", List.of("volumePath")), Map.entry("photonPersistentDisk", List.of("pdID")),
            Map.entry("portworxVolume", List.of("volumeID")), Map.entry("azureDisk", List.of("diskName", "diskURI")),
            Map.entry("scaleIO", List.of("gateway", "system", "volumeName")),
            Map.entry("persistentVolumeClaim", List.of("claimName")), Map.entry("nfs", List.of("server", "path")));

    /// `parent` is where the volume is; one kind of source is called otherwise in what is said about it.
    void check(String kind, JsonNode source, String parent) {
        String path = parent + "." + (kind.equals("gcePersistentDisk") ? "persistentDisk" : kind);
        for (String field : NEEDED.getOrDefault(kind, List.of())) {
            JsonNode value = source.path(field);
            if (value.isContainerNode() ? value.isEmpty() : Tree.text(source, field).isEmpty()) {
                problems.required(path + "." + field);
            }
        }
        switch (kind) {
            case "hostPath" -> hostPath(source, path);
            case "gitRepo" -> VolumeRules.relative(Tree.text(source, "directory"), path + ".directory", problems);
            case "gcePersistentDisk", "awsElasticBlockStore" -> partition(source, path);
            case "nfs" -> absolute(source, path);
            case "iscsi" -> iscsi(source, path);
            case "fc" -> channel(source, path);
            case "csi" -> csi(source, path);
            case "local" -> {
                problems.requireText(source, path, "path");
                VolumeRules.noSteps(Tree.text(source, "path"), path + ".path", problems);
            }
            case "flexVolume" -> options(source, path);
            default -> rare(kind, source, path);
        }
    }

    /// Kinds whose drivers are gone; their objects can still be written.
    private void rare(String kind, JsonNode source, String path) {
        switch (kind) {
            case "glusterfs" -> endpointsNamespace(source, path);
            case "flocker" -> flocker(source, path);
            case "cinder" -> secret(source, path);
            case "quobyte" -> quobyte(source, path);
            case "azureFile" -> {
                if (persistent && Tree.has(source, "secretNamespace")) {
                    problems.requireText(source, path, "secretNamespace");
                }
            }
            case "azureDisk" -> azureDisk(source, path);
            case "storageos" -> {
                if (problems.requireText(source, path, "volumeName")) {
                    problems.format(NameFormat.LABEL, path + ".volumeName", Tree.text(source, "volumeName"));
                }
                problems.formatIfSet(NameFormat.LABEL, source, path, "volumeNamespace");
                secret(source, path);
            }
            default -> {
                // Nothing but what is needed.
            }
        }
    }

    /// A storage driver's name; an empty one is wrong twice.
    static void driver(String path, String name, Problems problems) {
        if (name.isEmpty()) {
            problems.required(path);
        }
        if (name.length() > NameFormat.LABEL_LENGTH) {
            problems.tooLong(path, NameFormat.LABEL_LENGTH);
        }
        NameFormat.SUBDOMAIN.errors(name.toLowerCase(Locale.ROOT)).forEach(
                wrong -> problems.invalid(path, name, wrong));
    }

    private void hostPath(JsonNode source, String path) {
        if (problems.requireText(source, path, "path")) {
            VolumeRules.noSteps(Tree.text(source, "path"), path + ".path", problems);
            problems.oneOfIfSet(source, path, "type", "", "BlockDevice", "CharDevice", "Directory",
                    "DirectoryOrCreate", "File", "FileOrCreate", "Socket");
        }
    }

    /// 0 is the whole disk, though the refusal does not say so.
    private void partition(JsonNode source, String path) {
        long partition = Tree.number(source, "partition");
        if (partition != 0) {
            problems.between(path + ".partition", partition, 1, MAX_UNIT);
        }
    }

    private void absolute(JsonNode source, String path) {
        if (!Tree.text(source, "path").startsWith("/")) {
            problems.invalid(path + ".path", Tree.text(source, "path"), "must be an absolute path");
        }
    }

    private void iscsi(JsonNode source, String path) {
        String portal = Tree.text(source, "targetPortal");
        problems.requireText(source, path, "targetPortal");
        if (persistent && Tree.has(source, "initiatorName") && owner.length() + 1 + portal.length() > MAX_PORTAL) {
            problems.invalid(path + ".targetportal", portal, LONG_PORTAL);
        }
        if (problems.requireText(source, path, "iqn")) {
            initiator(Tree.text(source, "iqn"), path + ".iqn");
        }
        problems.between(path + ".lun", Tree.number(source, "lun"), 0, MAX_UNIT);
        boolean secret = source.path("secretRef").isObject();
        if ((Tree.flag(source, "chapAuthDiscovery") || Tree.flag(source, "chapAuthSession")) && !secret) {
            problems.required(path + ".secretRef");
        }
        if (persistent && secret) {
            problems.requireText(source.path("secretRef"), path + ".secretRef", "name");
        }
        if (Tree.has(source, "initiatorName")) {
            initiator(Tree.text(source, "initiatorName"), path + ".initiatorname");
        }
    }

    private void initiator(String name, String path) {
        String format = "must be valid format";
        boolean good = switch (name.substring(0, Math.min(3, name.length()))) {
            case "iqn" -> IQN.matcher(name).find();
            case "eui" -> EUI.matcher(name).find();
            case "naa" -> NAA.matcher(name).find();
            default -> {
                format += persistent ? "" : " starting with iqn, eui, or naa";
                yield false;
            }
        };
        if (!good) {
            problems.invalid(path, name, format);
        }
    }

    private void channel(JsonNode source, String path) {
        boolean targets = !source.path("targetWWNs").isEmpty();
        boolean ids = !source.path("wwids").isEmpty();
        if (!targets && !ids) {
            problems.required(path + ".targetWWNs", "must specify either targetWWNs or wwids, but not both");
        }
        if (targets && ids) {
            problems.invalid(path + ".targetWWNs", source.path("targetWWNs"),
                    "targetWWNs and wwids can not be specified simultaneously");
        }
        if (targets && !Tree.has(source, "lun")) {
            problems.required(path + ".lun", "lun is required if targetWWNs is specified");
        } else if (targets) {
            problems.between(path + ".lun", Tree.number(source, "lun"), 0, MAX_UNIT);
        }
    }

    private void csi(JsonNode source, String path) {
        driver(path + ".driver", Tree.text(source, "driver"), problems);
        if (persistent) {
            problems.requireText(source, path, "volumeHandle");
            for (String field : List.of("controllerPublishSecretRef", "controllerExpandSecretRef",
                    "nodePublishSecretRef", "nodeExpandSecretRef")) {
                if (source.path(field).isObject()) {
                    reference(source.path(field), path + "." + field);
                }
            }
        } else if (source.path("nodePublishSecretRef").isObject()) {
            JsonNode reference = source.path("nodePublishSecretRef");
            if (problems.requireText(reference, path + ".nodePublishSecretRef", "name")) {
                problems.format(NameFormat.SUBDOMAIN, path + ".name", Tree.text(reference, "name"));
            }
        }
    }

    private void reference(JsonNode reference, String path) {
        if (problems.requireText(reference, path, "name")) {
            problems.format(NameFormat.SUBDOMAIN, path + ".name", Tree.text(reference, "name"));
        }
        if (problems.requireText(reference, path, "namespace")) {
            problems.format(NameFormat.LABEL, path + ".namespace", Tree.text(reference, "namespace"));
        }
    }

    private void secret(JsonNode source, String path) {
        JsonNode reference = source.path("secretRef");
        if (reference.isObject()) {
            problems.requireText(reference, path + ".secretRef", "name");
            if (persistent) {
                problems.requireText(reference, path + ".secretRef", "namespace");
            }
        }
    }

    private void endpointsNamespace(JsonNode source, String path) {
        if (persistent && Tree.has(source, "endpointsNamespace")) {
            String namespace = Tree.text(source, "endpointsNamespace");
            if (namespace.isEmpty()) {
                problems.invalid(path + ".endpointsNamespace", namespace,
                        "if the endpointnamespace is set, it must be a valid namespace name");
            } else {
                problems.format(NameFormat.LABEL, path + ".endpointsNamespace", namespace);
            }
        }
    }

    private void flocker(JsonNode source, String path) {
        boolean named = !Tree.text(source, "datasetName").isEmpty();
        boolean byId = !Tree.text(source, "datasetUUID").isEmpty();
        if (!named && !byId) {
            problems.required(path, "one of datasetName and datasetUUID is required");
        }
        if (named && byId) {
            problems.invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously");
        }
        if (Tree.text(source, "datasetName").contains("/")) {
            problems.invalid(path + ".datasetName", Tree.text(source, "datasetName"), "must not contain '/'");
        }
    }

    private void quobyte(JsonNode source, String path) {
        String registry = Tree.text(source, "registry");
        if (registry.isEmpty()) {
            problems.required(path + ".registry", REGISTRY);
        } else if (Tree.text(source, "tenant").length() > MAX_TENANT) {
            problems.required(path + ".tenant", "must be a UUID and may not exceed a length of 64 characters");
        } else {
            for (String pair : registry.split(",", -1)) {
                if (!HOST_PORT.matcher(pair).matches()) {
                    problems.invalid(path + ".registry", registry, REGISTRY);
                }
            }
        }
        problems.requireText(source, path, "volume");
    }

    private void options(JsonNode source, String path) {
        source.path("options").fieldNames().forEachRemaining(key -> {
            int slash = key.indexOf('/');
            String domain = "." + (slash < 0 ? key : key.substring(0, slash)).toLowerCase(Locale.ROOT);
            if (domain.endsWith(".kubernetes.io") || domain.endsWith(".k8s.io")) {
                problems.invalid(path + ".options[" + key + "]", key,
                        "kubernetes.io and k8s.io namespaces are reserved");
            }
        });
    }

    private void azureDisk(JsonNode source, String path) {
        problems.oneOfIfSet(source, path, "cachingMode", "None", "ReadOnly", "ReadWrite");
        problems.oneOfIfSet(source, path, "kind", "Dedicated", "Managed", "Shared");
        boolean managed = Tree.text(source, "kind").equals("Managed");
        String uri = Tree.text(source, "diskURI");
        if (managed && !uri.startsWith("/subscriptions/")) {
            problems.notSupported(path + ".diskURI", uri, "/subscriptions/{sub-id}/resourcegroups/{group-name}"
                    + "/providers/microsoft.compute/disks/{disk-id}");
        } else if (!managed && !uri.startsWith("https://")) {
            problems.notSupported(path + ".diskURI", uri,
                    "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd");
        }
    }
}
