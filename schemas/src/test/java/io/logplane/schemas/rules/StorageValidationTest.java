package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.schemas.Samples;
import io.logplane.schemas.model.FieldError;
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

    /// `expected` with the stand-ins replaced, and `base` before every path that starts with a dot or is empty.
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
