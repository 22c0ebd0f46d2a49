package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.ResourceType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Volumes and claims, quotas, nodes, and what holds configuration. A row: object, all the causes joined by "; "
/// ("-" for none); `DNS`, `LABEL` and `NAME` stand for upstream's sentences about names.
class StorageValidationTest {
    private static final String ENDS = "must start and end with an alphanumeric character";
    private static final String DNS = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
            + "characters, '-' or '.', and " + ENDS + " (e.g. 'example.com', regex used for validation is "
            + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private static final String LABEL = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters "
            + "or '-', and " + ENDS + " (e.g. 'my-name',  or '123-abc', regex used for validation is "
            + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private static final String NAME = "name part must consist of alphanumeric characters, '-', '_' or '.', and " + ENDS
            + " (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
            + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    /// A row: one volume of a pod without its name; paths start at the volume.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'emptyDir':{'sizeLimit':'-1'}|.emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource "
                + "quantity",
        "'hostPath':{'type':'x'}|.hostPath.path: Required value",
        "'hostPath':{'path':'/a','type':'x'}|.hostPath.type: Unsupported value: \"x\": supported values: \"\", "
                + "\"BlockDevice\", \"CharDevice\", \"Directory\", \"DirectoryOrCreate\", \"File\", \"FileOrCreate\", "
                + "\"Socket\"",
        "'secret':{'secretName':'s','items':[{'key':'k','path':'..a'},{'path':'/b/..'},{'key':'k','mode':-1}]}|"
                + ".secret.items[0].path: Invalid value: \"..a\": must not start with '..'; .secret.items[1].key: "
                + "Required value; .secret.items[1].path: Invalid value: \"/b/..\": must be a relative path; "
                + ".secret.items[1].path: Invalid value: \"/b/..\": must not contain '..'; .secret.items[2].path: "
                + "Required value; .secret.items[2].mode: Invalid value: -1: must be a number between 0 and 0777 "
                + "(octal), both inclusive",
        "'secret':{'name':'s'}|.secret.secretName: Required value",
        "'configMap':{'name':'c','defaultMode':511,'items':[{'key':'k','path':'a/b','mode':0}]}|-",
        "'configMap':{'defaultMode':512}|.configMap.name: Required value; .configMap.defaultMode: Invalid value: 512: "
                + "must be a number between 0 and 0777 (octal), both inclusive",
        "'downwardAPI':{'items':[{'path':'a','fieldRef':{'fieldPath':'metadata.labels'}},{'path':'b','fieldRef':{"
                + "'fieldPath':`metadata.labels['a/b']`}}]}|-",
        "'downwardAPI':{'items':[{},{'path':'a','fieldRef':{'fieldPath':'spec.nodeName'}},{'path':'b','fieldRef':{"
                + "'fieldPath':'spec.x'}}]}|.downwardAPI.path: Required value; .downwardAPI: Required value: one of "
                + "fieldRef and resourceFieldRef is required; .downwardAPI.fieldRef.fieldPath: Unsupported value: "
                + "\"spec.nodeName\": supported values: \"metadata.annotations\", \"metadata.labels\", "
                + "\"metadata.name\", \"metadata.namespace\", \"metadata.uid\"; .downwardAPI.fieldRef.fieldPath: "
                + "Invalid value: \"spec.x\": error converting fieldPath: field label not supported: spec.x",
        "'downwardAPI':{'items':[{'path':'a','resourceFieldRef':{'resource':'limits.cpu'}},{'path':'b',"
                + "'resourceFieldRef':{'containerName':'c','resource':'limits.x','divisor':'3'}},{'path':'c',"
                + "'resourceFieldRef':{'containerName':'c','resource':'limits.memory','divisor':'2Mi'}},{'path':'d',"
                + "'resourceFieldRef':{'containerName':'c','resource':'requests.cpu','divisor':'1m'}}]}|"
                + ".downwardAPI.resourceFieldRef.containerName: Required value; "
                + ".downwardAPI.resourceFieldRef.resource: Unsupported value: \"limits.x\": supported values: "
                + "\"limits.cpu\", \"limits.ephemeral-storage\", \"limits.memory\", \"requests.cpu\", "
                + "\"requests.ephemeral-storage\", \"requests.memory\"; .downwardAPI.resourceFieldRef.divisor: Invalid "
                + "value: \"limits.memory\": only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, "
                + "1Ei are supported with the memory resource",
        "'projected':{'sources':[{'secret':{'name':'s','items':[{'key':'k','path':'a'}]}},{'configMap':{'items':[{"
                + "'key':'k','path':'a'}]}},{'serviceAccountToken':{'path':'../t','expirationSeconds':60}},{'secret':{"
                + "'name':'s'},'configMap':{'name':'c'}}]}|.projected.sources[1].configMap.name: Required value; "
                + ".projected: Invalid value: \"\": conflicting duplicate paths; "
                + ".projected.sources[2].serviceAccountToken.expirationSeconds: Invalid value: 60: may not specify a "
                + "duration less than 10 minutes; .projected.path: Invalid value: \"../t\": must not contain '..'; "
                + ".projected.sources[3]: Forbidden: may not specify more than 1 volume type per source",
        "'projected':{'sources':[{'serviceAccountToken':{'path':'t','expirationSeconds':4294967297}}]}|"
                + ".projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 4294967297: may not "
                + "specify a duration larger than 2^32 seconds",
        "'nfs':{'server':'s','path':'a'}|.nfs.path: Invalid value: \"a\": must be an absolute path",
        "'persistentVolumeClaim':{}|.persistentVolumeClaim.claimName: Required value",
        "'csi':{}|.csi.driver: Required value; .csi.driver: Invalid value: \"\": DNS",
        "'csi':{'driver':'a.b','nodePublishSecretRef':{'name':'A'}}|.csi.name: Invalid value: \"A\": DNS",
        "'iscsi':{'targetPortal':'p','iqn':'x','lun':256,'chapAuthSession':true,'initiatorName':'iqn.x'}|.iscsi.iqn: "
                + "Invalid value: \"x\": must be valid format starting with iqn, eui, or naa; .iscsi.lun: Invalid "
                + "value: 256: must be between 0 and 255, inclusive; .iscsi.secretRef: Required value; "
                + ".iscsi.initiatorname: Invalid value: \"iqn.x\": must be valid format",
        "'iscsi':{'targetPortal':'p','iqn':'iqn.2001-04.com.example:storage.disk1','lun':0}|-",
        "'fc':{'targetWWNs':['w'],'wwids':['i']}|.fc.targetWWNs: Invalid value: [\"w\"]: targetWWNs and wwids can not "
                + "be specified simultaneously; .fc.lun: Required value: lun is required if targetWWNs is specified",
        "'gcePersistentDisk':{'partition':256}|.persistentDisk.pdName: Required value; .persistentDisk.partition: "
                + "Invalid value: 256: must be between 1 and 255, inclusive",
        "'azureDisk':{'diskName':'d','diskURI':'u','kind':'Managed'}|.azureDisk.diskURI: Unsupported value: \"u\": "
                + "supported values: \"/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/"
                + "microsoft.compute/disks/{disk-id}\"",
        "'flexVolume':{'driver':'d','options':{'A.Kubernetes.io/x':'1'}}|.flexVolume.options[A.Kubernetes.io/x]: "
                + "Invalid value: \"A.Kubernetes.io/x\": kubernetes.io and k8s.io namespaces are reserved",
        "'quobyte':{'registry':'a:1,b','volume':'v'}|.quobyte.registry: Invalid value: \"a:1,b\": must be a host:port "
                + "pair or multiple pairs separated by commas",
        "'rbd':{}|.rbd.monitors: Required value; .rbd.image: Required value",
        "'image':{}|.image.reference: Required value", "'image':{'reference':'r','pullPolicy':'x'}|.image.pullPolicy: "
                + "Unsupported value: \"x\": supported values: \"Always\", \"IfNotPresent\", \"Never\"",
        "'nfs':{'server':'s','path':'/'},'downwardAPI':{},'csi':{}|.downwarAPI: Forbidden: may not specify more than 1 "
                + "volume type; .csi: Forbidden: may not specify more than 1 volume type"})
    void a_volume_of_a_pod_is_checked(String volume, String expected) {
        String quoted = volume.replace("`metadata.labels['a/b']`", "'metadata.labels[\\u0027a/b\\u0027]'");
        assertThat(refusals("pods",
                "{'spec':{'serviceAccountName':'a','containers':[{'name':'c','image':'i'}],'volumes':[{'name':'v',"
                        + quoted
                        + "}]}}"))
                .isEqualTo(said(expected, "spec.volumes[0]"));
    }

    @Test
    void a_volume_that_is_wrong_cannot_be_mounted() {
        assertThat(refusals("pods", "{'spec':{'containers':[{'name':'c','image':'i','volumeMounts':[{'name':'V',"
                + "'mountPath':'/v'}]}],'volumes':[{'name':'V','emptyDir':{}},{'name':'w','secret':{}}]}}")).isEqualTo(
                        "spec.volumes[0].name: Invalid value: \"V\": " + LABEL
                                + "; spec.volumes[1].secret.secretName: Required value; "
                                + "spec.containers[0].volumeMounts[0].name: Not found: \"V\"");
    }

    @Test
    void the_image_of_a_volume_may_be_left_open_in_a_template() {
        assertThat(refusals("podtemplates", "{'template':{'spec':{'containers':[{'name':'c','image':'i'}],'volumes':[{"
                + "'name':'v','image':{}}]}}}")).isEqualTo("-");
    }

    /// A row: spec of a claim, what is refused.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'accessModes':['ReadWriteOncePod','ReadWriteMany','x'],'resources':{'requests':{'storage':'0'}}|"
                + ".accessModes: Unsupported value: \"x\": supported values: \"ReadOnlyMany\", \"ReadWriteMany\", "
                + "\"ReadWriteOnce\", \"ReadWriteOncePod\"; .accessModes: Forbidden: may not use ReadWriteOncePod "
                + "with other access modes; .resources[storage]: Invalid value: \"0\": must be greater than zero",
        "'accessModes':['ReadWriteOnce'],'storageClassName':'A','volumeMode':'x','resources':{'requests':{'storage':"
                + "'1Gi'}}|.storageClassName: Invalid value: \"A\": DNS; .volumeMode: Unsupported value: \"x\": "
                + "supported values: \"Block\", \"Filesystem\"",
        "'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}},'dataSourceRef':{'kind':'Pod'}|"
                + ".dataSource.name: Required value; .dataSource: Invalid value: \"Pod\": must be "
                + "'PersistentVolumeClaim' when referencing the default apiGroup; .dataSourceRef.name: Required value; "
                + ".dataSourceRef: Invalid value: \"Pod\": must be 'PersistentVolumeClaim' when referencing the "
                + "default apiGroup",
        "'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}},'dataSource':{'kind':'Pod',"
                + "'name':'p'}|-"})
    void a_claim_is_checked(String spec, String expected) {
        assertThat(refusals("persistentvolumeclaims", "{'spec':{" + spec + "}}")).isEqualTo(said(expected, "spec"));
        String ephemeral = "{'spec':{'containers':[{'name':'c','image':'i'}],'volumes':[{'name':'v','ephemeral':{"
                + "'volumeClaimTemplate':{'spec':{" + spec + "}}}}]}}";
        if (!spec.contains("dataSource")) {
            assertThat(refusals("pods", ephemeral)).isEqualTo(
                    said(expected, "spec.volumes[0].ephemeral.volumeClaimTemplate.spec"));
        }
    }

    @Test
    void one_data_source_fills_the_other() {
        ResourceType type = Samples.type("persistentvolumeclaims");
        ObjectNode claim = Samples.created(type, Samples.json(
                "{'spec':{'dataSource':{'apiGroup':'snapshot.storage.k8s.io','kind':'VolumeSnapshot','name':'s'}}}"));
        assertThat(Tree.at(claim, "spec.dataSourceRef")).isEqualTo(Tree.at(claim, "spec.dataSource"));
        assertThat(Tree.text(claim, "spec.dataSourceRef.name")).isEqualTo("s");
    }

    /// A row: phase, patch of the claim's spec, what is refused, with `/` for ends of lines.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"Bound|'resources':{'requests':{'storage':'2Gi'}}|-",
        "Pending|'resources':{'requests':{'storage':'2Gi'}}|spec: Forbidden: spec is immutable after creation except "
                + "resources.requests and volumeAttributesClassName for bound claims/@@ -6,7 +6,7 @@/"
                + "  'Resources': {/   'Limits': null,/   'Requests': {/-   'storage': '1Gi'/+   'storage': '2Gi'/"
                + "   }/  },/  'VolumeName': '',/",
        "Bound|'resources':{'requests':{'storage':'1Mi'}}|spec.resources.requests.storage: Forbidden: field can not "
                + "be less than status.capacity",
        "Bound|'volumeName':'v'|-", "Pending|'storageClassName':'fast'|-", "Bound|'volumeAttributesClassName':'gold'|-",
        "Pending|'volumeAttributesClassName':'gold'|spec: Forbidden: spec is immutable after creation except "
                + "resources.requests and volumeAttributesClassName for bound claims/@@ -14,5 +14,5 @@/"
                + "  'VolumeMode': 'Filesystem',/  'DataSource': null,/  'DataSourceRef': null,/"
                + "- 'VolumeAttributesClassName': null/+ 'VolumeAttributesClassName': 'gold'/ }/",
        "Bound|'accessModes':['ReadOnlyMany'],'resources':{'requests':{'storage':'2Gi'}},'volumeName':'v',"
                + "'volumeAttributesClassName':'gold'|spec: Forbidden: spec is immutable after creation except "
                + "resources.requests and volumeAttributesClassName for bound claims/@@ -1,6 +1,6 @@/ {/"
                + "  'AccessModes': [/-  'ReadWriteOnce'/+  'ReadOnlyMany'/  ],/  'Selector': null,/"
                + "  'Resources': {/",
        "Bound|'volumeMode':'Block'|spec: Forbidden: spec is immutable after creation except resources.requests and "
                + "volumeAttributesClassName for bound claims/@@ -11,7 +11,7 @@/  },/  'VolumeName': '',/"
                + "  'StorageClassName': null,/- 'VolumeMode': 'Filesystem',/+ 'VolumeMode': 'Block',/"
                + "  'DataSource': null,/  'DataSourceRef': null,/  'VolumeAttributesClassName': null/; volumeMode: "
                + "Invalid value: \"Block\": field is immutable"})
    void a_claim_changes_only_so_far(String phase, String patch, String expected) {
        ResourceType type = Samples.type("persistentvolumeclaims");
        ObjectNode old = Samples.created(type);
        Tree.object(old, "status").put("phase", phase);
        Tree.object(Tree.object(old, "status"), "capacity").put("storage", "1Gi");
        assertThat(lined(changed(type, old, patch))).isEqualTo(lined(expected));
    }

    /// A row: spec of a PersistentVolume, what is refused.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'hostPath':{'path':'/x'}|.accessModes: Required value; .capacity: Required value; .capacity: Unsupported "
                + "value: null: supported values: \"storage\"",
        "'capacity':{'storage':'1Gi','cpu':'1'},'accessModes':['ReadWriteOnce'],'hostPath':{'path':'/x'}|.capacity: "
                + "Unsupported value: {\"cpu\":\"1\",\"storage\":\"1Gi\"}: supported values: \"storage\"",
        "'capacity':{'storage':'-1'},'accessModes':['ReadWriteOnce'],'hostPath':{'path':'//'},"
                + "'persistentVolumeReclaimPolicy':'Recycle'|.capacity[storage]: Invalid value: -1: must be a valid "
                + "resource quantity; .capacity[storage]: Invalid value: \"-1\": must be greater than zero; "
                + ".persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'",
        "'capacity':{'storage':'1'},'accessModes':['ReadWriteOnce'],'local':{'path':'/a/..'}|.local.path: Invalid "
                + "value: \"/a/..\": must not contain '..'; .nodeAffinity: Required value: Local volume requires node "
                + "affinity",
        "'capacity':{'storage':'1'},'accessModes':['ReadWriteOnce'],'nodeAffinity':{},'csi':{'driver':'a.b',"
                + "'nodeExpandSecretRef':{}},'nfs':{'server':'s','path':'/p'}|.nodeAffinity.required: Required value: "
                + "must specify required node constraints; .csi: Forbidden: may not specify more than 1 volume type",
        "'capacity':{'storage':'1'},'accessModes':['ReadWriteOnce'],'csi':{'driver':'a.b','nodeExpandSecretRef':{}}|"
                + ".csi.volumeHandle: Required value; .csi.nodeExpandSecretRef.name: Required value; "
                + ".csi.nodeExpandSecretRef.namespace: Required value",
        "'capacity':{'storage':'1'},'accessModes':['ReadWriteOnce'],'hostPath':{'path':'/x'},"
                + "'volumeAttributesClassName':''|.volumeAttributesClassName: Required value: an empty string is "
                + "disallowed; .csi: Required value: has to be specified when using volumeAttributesClassName"})
    void a_persistent_volume_is_checked(String spec, String expected) {
        assertThat(refusals("persistentvolumes", "{'spec':{" + spec + "}}")).isEqualTo(said(expected, "spec"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"'storageClassName':'b'|-",
        "'hostPath':{'path':'/y','type':''}|spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is "
                + "immutable after creation/@@ -2,7 +2,7 @@/  'GCEPersistentDisk': null,/"
                + "  'AWSElasticBlockStore': null,/  'HostPath': {/-  'Path': '/x',/+  'Path': '/y',/   'Type': ''/"
                + "  },/  'Glusterfs': null,/",
        "'volumeMode':'Block'|volumeMode: Invalid value: \"Block\": field is immutable",
        "'nodeAffinity':{'required':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'a','operator':'Exists'}]}]}}|-"})
    void a_persistent_volume_stays_where_it_is(String patch, String expected) {
        ResourceType type = Samples.type("persistentvolumes");
        assertThat(lined(changed(type, Samples.created(type), patch))).isEqualTo(lined(expected));
    }

    /// On one line, with single quotes.
    private static String lined(String text) {
        return text.replace('\n', '/').replace('"', '\'');
    }

    /// Rows: the key asked for first, the key asked for then.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"a|a|-", "beta.kubernetes.io/os|kubernetes.io/os|-",
        "kubernetes.io/os|a|nodeAffinity: Invalid value: {\"Required\":{\"NodeSelectorTerms\":[{\"MatchExpressions\":[{"
                + "\"Key\":\"a\",\"Operator\":\"Exists\",\"Values\":null}],\"MatchFields\":null}]}}: field is immutable",
        "a||nodeAffinity: Invalid value: null: field is immutable"})
    void nodesThatCanUseAVolumeAreNamedOnce(String before, String after, String expected) {
        ResourceType type = Samples.type("persistentvolumes");
        String affinity = "'nodeAffinity':{'required':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'%s',"
                + "'operator':'Exists'}]}]}}";
        ObjectNode old = Samples.created(type);
        Tree.object(old, "spec").setAll(Samples.json("{" + affinity.formatted(before) + "}"));
        assertThat(changed(type, old, after == null ? "'nodeAffinity':null" : affinity.formatted(after))).isEqualTo(
                expected);
    }

    private static String changed(ResourceType type, ObjectNode old, String patch) {
        ObjectNode object = old.deepCopy();
        Tree.object(object, "spec").setAll(Samples.json("{" + patch + "}"));
        type.rules().applyDefaults(object);
        type.rules().prepareForUpdate(object, old);
        return joined(type.problems(object, old));
    }

    @Test
    void an_inline_volume_has_a_driver_and_no_claim() {
        assertThat(refusals("volumeattachments.storage.k8s.io", "{'spec':{'attacher':'a','nodeName':'n','source':{"
                + "'inlineVolumeSpec':{'accessModes':['ReadWriteOnce'],'claimRef':{},'nfs':{'server':'s','path':'/'}}"
                + "}}}")).isEqualTo(said(".claimRef: Forbidden: may not be specified in the context of inline volumes; "
                        + ".csi: Required value: has to be specified in the context of inline volumes",
                        "spec.source.inlineVolumeSpec"));
    }

    /// `expected` with the stand-ins replaced, and `base` before every path that starts with a dot or is empty.
    @Test
    void a_claim_that_comes_with_a_pod_is_named_after_both_and_used_by_no_other_volume() {
        assertThat(refusals("pods",
                "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i'}],'volumes':["
                        + "{'name':'v','ephemeral':{'volumeClaimTemplate':{'spec':{'accessModes':['ReadWriteOnce'],'resources':{"
                        + "'requests':{'storage':'1Gi'}}}}}},{'name':'w','persistentVolumeClaim':{'claimName':'p-v'}}]}}"))
                .isEqualTo("spec.volumes[1].persistentVolumeClaim.claimName: Invalid value: \"p-v\": must not reference"
                        + " a PVC that gets created for an ephemeral volume");
    }

    private static String said(String expected, String base) {
        String whole = expected.replace("DNS", DNS).replace("LABEL", LABEL).replace("NAME", NAME);
        return whole.startsWith(".") ? base + whole.replace("; .", "; " + base + ".") : whole;
    }

    private static String refusals(String typeName, String object) {
        ResourceType type = Samples.type(typeName);
        return joined(type.problems(Samples.created(type, Samples.json(object))));
    }

    private static String joined(List<FieldError> problems) {
        String found = String.join("; ", problems.stream().map(p -> p.field() + ": " + p.message()).toList());
        return found.isEmpty() ? "-" : found;
    }
}
