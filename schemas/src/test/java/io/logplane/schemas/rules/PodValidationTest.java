package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.types.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is refused in a pod. A row: a part of its JSON, all the causes joined by "; " ("-" for none).
///
/// In causes, `@` stands for the path of the only container, or of the pod's spec where a row is about that.
class PodValidationTest {
    private static final String VOLUMES = "'volumes':[{'name':'e','emptyDir':{}},{'name':'i','image':{'reference':'r'}}"
            + ",{'name':'p','persistentVolumeClaim':{'claimName':'c'}}]";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'image':' i'|@.image: Invalid value: \" i\": must not have leading or trailing whitespace",
        "'image':''|@.image: Required value", "'name':''|@.name: Required value",
        "'imagePullPolicy':'Sometimes'|@.imagePullPolicy: Unsupported value: \"Sometimes\": supported values: "
                + "\"Always\", \"IfNotPresent\", \"Never\"",
        "'terminationMessagePolicy':'x'|@.terminationMessagePolicy: Unsupported value: \"x\": supported values: "
                + "\"File\", \"FallbackToLogsOnError\"",
        "'ports':[{'name':'a','containerPort':1},{'name':'a','containerPort':0},{'containerPort':70000,'hostPort':-1}]|"
                + "@.ports[1].name: Duplicate value: \"a\"; @.ports[1].containerPort: Required value; "
                + "@.ports[2].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive; "
                + "@.ports[2].hostPort: Invalid value: -1: must be between 1 and 65535, inclusive",
        "'restartPolicy':'Sometimes'|@.restartPolicy: Unsupported value: \"Sometimes\": supported values: "
                + "\"Always\", \"Never\", \"OnFailure\"",
        "'restartPolicyRules':[{'action':'Restart','exitCodes':{'operator':'In','values':[1]}}]|@.restartPolicy: "
                + "Required value: must specify restartPolicy when restart rules are used",
        "'restartPolicy':'Never','restartPolicyRules':[{'action':'x','exitCodes':{'operator':'Equal'}}]|"
                + "@.restartPolicyRules[0].action: Unsupported value: \"x\": supported values: \"Restart\", "
                + "\"RestartAllContainers\"; @.restartPolicyRules[0].exitCodes.operator: Unsupported value: \"Equal\": "
                + "supported values: \"In\", \"NotIn\"",
        "'resizePolicy':[{'resourceName':'cpu','restartPolicy':'NotRequired'},{'resourceName':'cpu','restartPolicy':"
                + "'NotRequired'},{'resourceName':'x','restartPolicy':'y'}]|@.resizePolicy[1]: Duplicate value: "
                + "\"cpu\"; @.resizePolicy: Unsupported value: \"x\": supported values: \"cpu\", \"memory\"; "
                + "@.resizePolicy: Unsupported value: \"y\": supported values: \"NotRequired\", "
                + "\"RestartContainer\""})
    void aContainerIsComplete(String part, String expected) {
        assertThat(container(part)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'env':[{'name':'A','valueFrom':{'fieldRef':{'fieldPath':'metadata.nmae'}}}]|@.env[0].valueFrom.fieldRef"
                + ".fieldPath: Invalid value: \"metadata.nmae\": error converting fieldPath: field label not supported:"
                + " metadata.nmae",
        "'env':[{'name':'A','valueFrom':{'fieldRef':{'fieldPath':'metadata.labels'}}}]|@.env[0].valueFrom.fieldRef"
                + ".fieldPath: Unsupported value: \"metadata.labels\": supported values: \"metadata.name\", "
                + "\"metadata.namespace\", \"metadata.uid\", \"spec.nodeName\", \"spec.serviceAccountName\", "
                + "\"status.hostIP\", \"status.hostIPs\", \"status.podIP\", \"status.podIPs\"",
        "'env':[{'name':'A','valueFrom':{'fieldRef':{'fieldPath':'metadata.labels[~a/b/c~]'}}}]|@.env[0].valueFrom"
                + ".fieldRef: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', "
                + "'_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or"
                + " '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an "
                + "optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
        "'env':[{'name':'A','valueFrom':{'fieldRef':{'fieldPath':'metadata.annotations[~a/B~]'}}},{'name':'B',"
                + "'valueFrom':{'fieldRef':{'fieldPath':'spec.host'}}}]|-",
        "'env':[{'name':'A','valueFrom':{'fieldRef':{'fieldPath':'status.podIP[~a~]'}}}]|@.env[0].valueFrom.fieldRef"
                + ".fieldPath: Invalid value: \"status.podIP['a']\": error converting fieldPath: field label does not "
                + "support subscript: status.podIP['a']",
        "'env':[{'name':'A','valueFrom':{'resourceFieldRef':{'resource':'limits.cpu','divisor':'2'}}}]|"
                + "@.env[0].valueFrom.resourceFieldRef.divisor: Invalid value: \"limits.cpu\": only divisor's values "
                + "1m and 1 are supported with the cpu resource",
        "'env':[{'name':'A','valueFrom':{'resourceFieldRef':{'resource':'cpu'}}}]|@.env[0].valueFrom"
                + ".resourceFieldRef.resource: Unsupported value: \"cpu\": supported values: \"limits.cpu\", "
                + "\"limits.ephemeral-storage\", \"limits.memory\", \"requests.cpu\", \"requests.ephemeral-storage\","
                + " \"requests.memory\"",
        "'env':[{'name':'A','valueFrom':{'resourceFieldRef':{'resource':'limits.memory','divisor':'1Mi'}}},{'name':'B',"
                + "'valueFrom':{'resourceFieldRef':{'resource':'limits.hugepages-2Mi'}}}]|-",
        "'env':[{'name':'A','valueFrom':{'configMapKeyRef':{'name':'m','key':'a b'}}},{'name':''}]|"
                + "@.env[0].valueFrom.configMapKeyRef.key: Invalid value: \"a b\": a valid config key must consist of "
                + "alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex "
                + "used for validation is '[-._a-zA-Z0-9]+'); @.env[1].name: Required value",
        "'env':[{'name':'A','valueFrom':{'configMapKeyRef':{'name':'m','key':'k'},'secretKeyRef':{'name':'s','key':"
                + "'k'}}}]|@.env[0].valueFrom: Invalid value: \"\": may not have more than one field specified at a "
                + "time",
        "'env':[{'name':'A','valueFrom':{'fileKeyRef':{'path':'../x','key':'K','volumeName':'v'}}}]|@.env[0].valueFrom"
                + ".fileKeyRef.path: Invalid value: \"../x\": must not contain '..'; @.env[0].valueFrom.fileKeyRef"
                + ".volumeName: Not found: \"v\"",
        "'env':[{'name':'A','valueFrom':{'fileKeyRef':{'path':'x','key':'K','volumeName':'p'}}},{'name':'B',"
                + "'valueFrom':{'fileKeyRef':{'path':'x','key':'K','volumeName':'e'}}}]|@.env[0].valueFrom.fileKeyRef"
                + ".volumeName: Invalid value: \"p\": referenced volume must be of type emptyDir",
        "'envFrom':[{}]|@.envFrom: Invalid value: \"\": must specify one of: `configMapRef` or `secretRef`",
        "'envFrom':[{'prefix':'a=','configMapRef':{'name':'a'},'secretRef':{'name':''}}]|@.envFrom[0].prefix: Invalid "
                + "value: \"a=\": a valid environment variable name must consist only of printable ASCII characters "
                + "other than '='; @.envFrom[0].secretRef.name: Required value; @.envFrom: Invalid value: \"\": may not"
                + " have more than one field specified at a time"})
    void aVariableHasOneSourceThatExists(String part, String expected) {
        assertThat(container(part.replace("~", "\\u0027"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'volumeMounts':[{'name':'z','mountPath':'/a'},{'name':'e','mountPath':'/a'},{'name':'e'}]|"
                + "@.volumeMounts[0].name: Not found: \"z\"; @.volumeMounts[1].mountPath: Invalid value: \"/a\": must "
                + "be unique; @.volumeMounts[2].mountPath: Required value",
        "'volumeMounts':[{'name':'e','mountPath':'/a','subPath':'/b','subPathExpr':'../c'}]|@.volumeMounts.subPath: "
                + "Invalid value: \"/b\": must be a relative path; @.volumeMounts[0].subPathExpr: Invalid value: "
                + "\"../c\": subPathExpr and subPath are mutually exclusive; @.volumeMounts.subPathExpr: Invalid value:"
                + " \"../c\": must not contain '..'",
        "'volumeMounts':[{'name':'i','mountPath':'/a','subPath':'b'}]|@.volumeMounts[0].subPath: Invalid value: \"b\": "
                + "not allowed in image volume sources",
        "'volumeMounts':[{'name':'e','mountPath':'/a','mountPropagation':'Bidirectional'}]|"
                + "@.volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to "
                + "privileged containers",
        "'volumeMounts':[{'name':'e','mountPath':'/a','mountPropagation':'x'}]|@.volumeMounts.mountPropagation: "
                + "Unsupported value: \"x\": supported values: \"Bidirectional\", \"HostToContainer\", \"None\"",
        "'volumeMounts':[{'name':'e','mountPath':'/a','recursiveReadOnly':'Enabled'}]|@.volumeMounts"
                + ".recursiveReadOnly: Forbidden: may only be specified when readOnly is true",
        "'volumeMounts':[{'name':'p','mountPath':'/a'}],'volumeDevices':[{'name':'p','devicePath':'/a'},{'name':'e',"
                + "'devicePath':'/../b'},{'name':'z'}]|@.volumeMounts[0].name: Invalid value: \"p\": must not already "
                + "exist in volumeDevices; @.volumeMounts[0].mountPath: Invalid value: \"/a\": must not already exist "
                + "as a path in volumeDevices; @.volumeDevices[0].name: Invalid value: \"p\": must not already exist "
                + "in volumeMounts; @.volumeDevices[0].devicePath: Invalid value: \"/a\": must not already exist as a "
                + "path in volumeMounts; @.volumeDevices[1].name: Invalid value: \"e\": can only use volume source type"
                + " of PersistentVolumeClaim or Ephemeral for block mode; @.volumeDevices[1].devicePath: Invalid value:"
                + " \"/../b\": can not contain backsteps ('..'); @.volumeDevices[2].name: Not found: \"z\"; "
                + "@.volumeDevices[2].devicePath: Required value",
        "'volumeMounts':[{'name':'e','mountPath':'/a','subPath':'b','readOnly':true,'recursiveReadOnly':'IfPossible'}],"
                + "'volumeDevices':[{'name':'p','devicePath':'/dev/x'}]|-"})
    void aMountHasAVolumeAndAPlace(String part, String expected) {
        assertThat(container(part)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'lifecycle':{'preStop':{'sleep':{'seconds':31}}}|@.lifecycle.preStop.sleep: Invalid value: 31: must be "
                + "non-negative and less than terminationGracePeriodSeconds (30)",
        "'lifecycle':{'postStart':{}}|@.lifecycle.postStart: Required value: must specify a handler type",
        "'readinessProbe':{'tcpSocket':{'port':80},'terminationGracePeriodSeconds':5}|@.readinessProbe"
                + ".terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes",
        "'livenessProbe':{'grpc':{'port':0},'terminationGracePeriodSeconds':0}|@.livenessProbe.grpc.port: Invalid "
                + "value: 0: must be between 1 and 65535, inclusive; @.livenessProbe.terminationGracePeriodSeconds: "
                + "Invalid value: 0: must be greater than 0",
        "'startupProbe':{'httpGet':{'port':'web','scheme':'ftp','httpHeaders':[{'name':'a b'}]}}|@.startupProbe.httpGet"
                + ".scheme: Unsupported value: \"ftp\": supported values: \"HTTP\", \"HTTPS\"; @.startupProbe.httpGet"
                + ".httpHeaders: Invalid value: \"a b\": a valid HTTP header must consist of alphanumeric characters or"
                + " '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
        "'startupProbe':{'exec':{'command':['a']},'periodSeconds':-1}|@.startupProbe.periodSeconds: Invalid value: "
                + "-1: must be greater than or equal to 0"})
    void aProbeHasOneHandler(String part, String expected) {
        assertThat(container(part)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'initContainers':[{'name':'i','image':'i','livenessProbe':{'tcpSocket':{'port':1}},'lifecycle':{}}]|"
                + "@.initContainers[0].lifecycle: Forbidden: may not be set for init containers without "
                + "restartPolicy=Always; @.initContainers[0].livenessProbe: Forbidden: may not be set for init "
                + "containers without restartPolicy=Always",
        "'initContainers':[{'name':'i','image':'i','restartPolicy':'Always','livenessProbe':{}}]|"
                + "@.initContainers[0].livenessProbe: Required value: must specify a handler type",
        "'initContainers':[{'name':'i','image':'i','restartPolicy':'Always','readinessProbe':{'exec':{'command':['a']}}"
                + "}]|-",
        "'initContainers':[{'name':'c','image':'i'}]|@.initContainers[0].name: Duplicate value: \"c\"",
        "'restartPolicy':'Never','initContainers':[{'name':'i','image':'i','resizePolicy':[{'resourceName':'memory',"
                + "'restartPolicy':'RestartContainer'}]}]|@.initContainers[0].resizePolicy: Invalid value: "
                + "\"RestartContainer\": must be 'NotRequired' when pod `restartPolicy` is 'Never'; "
                + "@.initContainers[0].resizePolicy[0].restartPolicy: Invalid value: \"RestartContainer\": must not be "
                + "set to 'RestartContainer' for non-sidecar initContainers",
        "'initContainers':[{'name':'i','image':'i','restartPolicy':'Always','resizePolicy':[{'resourceName':'memory',"
                + "'restartPolicy':'RestartContainer'}]}]|-"})
    void anInitContainerIsProbedOnlyAsASidecar(String part, String expected) {
        assertThat(spec(part)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'seccompProfile':{}|@.seccompProfile.type: Required value: type is required when seccompProfile is set",
        "'seccompProfile':{'type':'Localhost'}|@.seccompProfile.localhostProfile: Required value: must be set when "
                + "seccomp type is Localhost",
        "'seccompProfile':{'type':'Unconfined','localhostProfile':'x'}|@.seccompProfile.localhostProfile: Invalid value"
                + ": {\"Type\":\"Unconfined\",\"LocalhostProfile\":\"x\"}: can only be set when seccomp type is "
                + "Localhost",
        "'appArmorProfile':{'type':'Localhost','localhostProfile':' x'}|@.appArmorProfile.localhostProfile: Invalid "
                + "value: \" x\": must not be padded with whitespace",
        "'appArmorProfile':{'type':'x'}|@.appArmorProfile.type: Unsupported value: \"x\": supported values: "
                + "\"Localhost\", \"RuntimeDefault\", \"Unconfined\"",
        "'windowsOptions':{'runAsUserName':''}|@.windowsOptions.runAsUserName: Invalid value: \"\": runAsUserName "
                + "cannot be an empty string",
        "'runAsGroup':-1|@.runAsGroup: Invalid value: -1: must be between 0 and 2147483647, inclusive"})
    void aSecurityContextIsCheckedOnPodAndContainer(String part, String expected) {
        assertThat(container("'securityContext':{" + part + "}").replace("@.securityContext", "@"))
                .isEqualTo(expected);
        assertThat(spec("'securityContext':{" + part + "}").replace("@.securityContext", "@")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'securityContext':{'supplementalGroups':[1,-2],'fsGroup':-1,'fsGroupChangePolicy':'x'}|@.securityContext"
                + ".fsGroup: Invalid value: -1: must be between 0 and 2147483647, inclusive; @.securityContext"
                + ".supplementalGroups[1]: Invalid value: -2: must be between 0 and 2147483647, inclusive; "
                + "@.securityContext.fsGroupChangePolicy: Unsupported value: \"x\": supported values: \"Always\", "
                + "\"OnRootMismatch\"",
        "'securityContext':{'seLinuxChangePolicy':'MountOption'}|@.securityContext.seLinuxChangePolicy: Unsupported "
                + "value: \"MountOption\": supported values: \"Recursive\"",
        "'securityContext':{'seLinuxChangePolicy':'Recursive'}|-",
        "'hostNetwork':true,'securityContext':{'sysctls':[{'name':'net.core.somaxconn','value':'1'},{'name':'A'},"
                + "{'name':''}]}|@.securityContext.sysctls[0].name: Invalid value: \"net.core.somaxconn\": may not be "
                + "specified when 'hostNetwork' is true; @.securityContext.sysctls[1].name: Invalid value: \"A\": must "
                + "have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]"
                + "([-_a-z0-9]*[a-z0-9])?$; @.securityContext.sysctls[2].name: Required value",
        "'hostIPC':true,'securityContext':{'sysctls':[{'name':'kernel.shm_rmid_forced'},{'name':'net.a'},"
                + "{'name':'net.a'}]}|@.securityContext.sysctls[0].name: Invalid value: "
                + "\"kernel.shm_rmid_forced\": may "
                + "not be specified when 'hostIPC' is true; @.securityContext.sysctls[2].name: Duplicate value: "
                + "\"net.a\"",
        "'shareProcessNamespace':true,'hostPID':true|@.securityContext.shareProcessNamespace: Invalid value: true: "
                + "ShareProcessNamespace and HostPID cannot both be enabled",
        "'hostUsers':false,'hostPID':true,'volumes':[{'name':'v','persistentVolumeClaim':{'claimName':'p'}}],"
                + "'initContainers':[{'name':'i','image':'i','volumeDevices':[{'name':'v','devicePath':'/d'}]}]|"
                + "@.HostPID: Forbidden: when `hostUsers` is false; @.initContainers[0].volumeDevices: Forbidden: when "
                + "`hostUsers` is false",
        "'os':{'name':'plan9'}|@.os: Unsupported value: \"plan9\": supported values: \"linux\", \"windows\"",
        "'os':{'name':'windows'},'hostPID':true,'securityContext':{'fsGroup':1}|@.hostPID: "
                + "Forbidden: cannot be set for "
                + "a windows pod; @.securityContext.fsGroup: Forbidden: cannot be set for a windows pod",
        "'os':{'name':'linux'},'securityContext':{'windowsOptions':{}}|@.securityContext.windowsOptions: Forbidden: "
                + "windows options cannot be set for a linux pod",
        "'securityContext':{'windowsOptions':{'hostProcess':true,'runAsUserName':'a:b'}}|@.securityContext"
                + ".windowsOptions.runAsUserName: Invalid value: \"a:b\": runAsUserName's User cannot contain the "
                + "following characters: \"/\\:;~=,+*?<>@[]; @.hostNetwork: Invalid value: false: hostNetwork must be "
                + "true if pod contains any hostProcess containers",
        "'hostNetwork':true,'setHostnameAsFQDN':true,'hostnameOverride':'a.b'|@.hostnameOverride: "
                + "Forbidden: may not be specified when setHostnameAsFQDN is true; @.hostnameOverride: Forbidden: may "
                + "not be specified when hostNetwork is true",
        "'hostnameOverride':'a2345678901234567890123456789012345678901234567890123456789012345'|@.hostnameOverride: "
                + "Too long: may not be more than 64 bytes",
        "'os':{'name':'windows'},'securityContext':{'windowsOptions':{'runAsUserName':'a.b\\\\c'}}|-"})
    void whatAPodSharesWithItsHostIsChecked(String part, String expected) {
        assertThat(spec(part).replace(";|", ";~")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'dnsPolicy':'None'|@.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None",
        "'dnsConfig':{'nameservers':['1.2.3','::1'],'searches':['a_b.','.','-'],'options':[{'value':'1'}]}|"
                + "@.dnsConfig.nameservers[0]: Invalid value: \"1.2.3\": must be a valid IP address, (e.g. 10.9.8.7 or "
                + "2001:db8::ffff); @.dnsConfig.searches[2]: Invalid value: \"-\": a lowercase RFC 1123 subdomain must "
                + "consist of lower case alphanumeric characters, '-', '_' or '.', and must start and end with an "
                + "alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-_a-z0-9]*"
                + "[a-z0-9])?(\\.[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*'); @.dnsConfig.options[0]: "
                + "Required value: must not be"
                + " empty",
        "'hostAliases':[{'ip':'x','hostnames':['a','B']},{'ip':'010.0.0.1'}]|@.hostAliases[0].ip: Invalid value: \"x\":"
                + " must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff); @.hostAliases[0].hostnames[1]: "
                + "Invalid value: \"B\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
                + "characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', "
                + "regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'); "
                + "@.hostAliases[1].ip: Invalid value: \"010.0.0.1\": must not have leading 0s",
        "'hostname':'a.b'|@.hostname: Invalid value: \"a.b\": must not contain dots",
        "'preemptionPolicy':'x'|@.preemptionPolicy: Unsupported value: \"x\": supported values: "
                + "\"PreemptLowerPriority\", \"Never\"",
        "'schedulingGates':[{'name':'a'},{'name':'a'}]|@.schedulingGates[1]: Duplicate value: \"a\"",
        "'ephemeralContainers':[{'name':'d','image':'i'}]|@.ephemeralContainers: Forbidden: cannot be set on create",
        "'volumes':[{'name':'v','projected':{'sources':[{'serviceAccountToken':{'path':'t'}}]}}]|@.volumes[0].projected"
                + ".sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not "
                + "set",
        "'resourceClaims':[{'name':'a'},{'name':'a','resourceClaimName':'x'}]|@.resourceClaims[0]: Invalid value: "
                + "{\"Name\":\"a\",\"ResourceClaimName\":null,\"ResourceClaimTemplateName\":null}: must specify one "
                + "of: `resourceClaimName`, `resourceClaimTemplateName`; "
                + "@.resourceClaims[1].name: Duplicate value: \"a\""})
    void whatAPodIsCalledAndMayCallIsChecked(String part, String expected) {
        assertThat(spec(part)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'hostNetwork':true,'containers':[{'name':'c','image':'i','ports':[{'containerPort':80,'hostPort':81}]}]|"
                + "@.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` "
                + "is true",
        "'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{"
                + "'matchExpressions':[{'key':'a','operator':'In','values':['b c']}],'matchFields':[{'key':"
                + "'metadata.name','operator':'In','values':['']}]}]},'preferredDuringSchedulingIgnoredDuringExecution'"
                + ":[{'weight':1,'preference':{'matchExpressions':[{'key':'a','operator':'In','values':['b c']}]}}]}}|"
                + "2",
        "'affinity':{'podAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{'topologyKey':'z',"
                + "'matchLabelKeys':['a']}]}}|@.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]"
                + ".matchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
        "'affinity':{'podAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{'topologyKey':'z',"
                + "'labelSelector':{'matchLabels':{'app':'x'}},'matchLabelKeys':['app'],'mismatchLabelKeys':['b']}]}}|"
                + "@.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0][0]: Invalid value: \"app\":"
                + " exists in both matchLabelKeys and labelSelector",
        "'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'z','whenUnsatisfiable':'ScheduleAnyway','minDomains'"
                + ":0,'nodeTaintsPolicy':'x','labelSelector':{},'matchLabelKeys':['app']},{'maxSkew':1,'topologyKey':"
                + "'z','whenUnsatisfiable':'ScheduleAnyway'}]|@.topologySpreadConstraints[0].{topologyKey, "
                + "whenUnsatisfiable}: Duplicate value: \"{z, ScheduleAnyway}\"; @.topologySpreadConstraints[0]"
                + ".minDomains: Invalid value: 0: must be greater than zero; @.topologySpreadConstraints[0].minDomains:"
                + " Invalid value: 0: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway; "
                + "@.topologySpreadConstraints[0].nodeTaintsPolicy: Unsupported value: \"x\": supported values: "
                + "\"Honor\", \"Ignore\"",
        "'tolerations':[{'key':'a','operator':'Gt','value':'5'},{'key':'a','operator':'x'}]|@.tolerations[0].operator: "
                + "Unsupported value: \"Gt\": supported values: \"Equal\", \"Exists\", \"Lt\", \"Gt\"; "
                + "@.tolerations[1].operator: Unsupported value: \"x\": supported values: \"Equal\", \"Exists\""})
    void whereAPodMayGoIsChecked(String part, String expected) {
        String found = causes("{'metadata':{'labels':{'app':'x'}},'spec':{'containers':[{'name':'c','image':'i'}],"
                + part + "}}").replace("spec.", "@.");
        assertThat(expected.length() == 1 ? "" + found.split("; ").length : found).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'limits':{'memory':'1Gi'},'requests':{'memory':'2Gi'}|@.resources.requests: Invalid value: "
                + "\"2Gi\": must be less"
                + " than or equal to memory limit of 1Gi",
        "'limits':{'cpu':'1','hugepages-2Mi':'3Mi'}|@.resources.limits[hugepages-2Mi]: Invalid value: \"3Mi\": 3Mi is "
                + "not positive integer multiple of hugepages-2Mi; @.resources.requests[hugepages-2Mi]: Invalid value:"
                + " \"3Mi\": 3Mi is not positive integer multiple of hugepages-2Mi",
        "'limits':{'hugepages-2Mi':'4Mi'}|@.resources: Forbidden: HugePages require cpu or memory",
        "'limits':{'requests.example.com/x':'1'}|2",
        "'claims':[{'name':'a'},{'name':'a'},{}]|@.resources.claims[0]: Not found: \"a\": must be one of the names in "
                + "pod.spec.resourceClaims which is empty; @.resources.claims[1]: Duplicate value: \"a\"; "
                + "@.resources.claims[1]: Not found: \"a\": must be one of the names in pod.spec.resourceClaims which "
                + "is empty; @.resources.claims[2]: Required value",
        "'limits':{'example.com/gpu':'1','cpu':'500m','ephemeral-storage':'1Gi','hugepages-1Gi':'2Gi'}|-"})
    void whatAContainerUsesIsChecked(String part, String expected) {
        String found = container("'resources':{" + part + "}");
        assertThat(expected.length() == 1 && !expected.equals("-") ? "" + found.split("; ").length : found)
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'requests':{'cpu':'1'},'limits':{'cpu':'1','memory':'1Gi'}|@.resources.requests[cpu]: Invalid value: \"1\": "
                + "must be greater than or equal to aggregate container requests of 2; "
                + "@.resources.containers[0][cpu].limits: Invalid value: \"2\": must be less than or equal to pod "
                + "limits of 1",
        "'limits':{'cpu':'3','example.com/x':'1'}|@.resources.limits[example.com/x]: Unsupported value: "
                + "\"example.com/x\": supported values: \"cpu\", \"hugepages-\", \"memory\"",
        "'limits':{'cpu':'3'},'claims':[{'name':'a'}]|@.resources.claims: Forbidden: claims may not be set for Resources"
                + " at pod-level",
        "'requests':{'memory':'1Gi'}|-",
        "'limits':{'cpu':'3'}|-"})
    void whatAPodUsesAsAWholeIsChecked(String part, String expected) {
        assertThat(causes("{'spec':{'resources':{" + part + "},'containers':[{'name':'c','image':'i','resources':{"
                + "'limits':{'cpu':'2'}}}]}}").replace("spec.", "@.")).isEqualTo(expected);
    }

    @Test
    void whatIsOffIsDropped() {
        ObjectNode pod = Samples.created(Samples.type("pods"),
                Samples.json("{'spec':{'schedulingGroup':{'podGroupName':"
                        + "'g'},'volumes':[{'name':'v','projected':{'sources':[{'clusterTrustBundle':{'name':'b','path':'p'}}]}}],"
                        + "'containers':[{'name':'c','image':'i','lifecycle':{'stopSignal':'SIGTERM'}}]}}"));
        assertThat(pod.at("/spec/volumes/0/projected/sources")).isEqualTo(Samples.json("{'a':[{}]}").path("a"));
        assertThat(pod.at("/spec/containers/0/lifecycle")).isEmpty();
        assertThat(pod.at("/spec/schedulingGroup").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "runtime/default||{'appArmorProfile':{'type':'RuntimeDefault'}}",
        "localhost/p||{'appArmorProfile':{'type':'Localhost','localhostProfile':'p'}}",
        "runtime/default|'appArmorProfile':{'type':'RuntimeDefault'}|{}", "localhost/||{}",
        "unconfined|'appArmorProfile':{'type':'RuntimeDefault'}|{'appArmorProfile':{'type':'Unconfined'}}"})
    void anAnnotationForAppArmorBecomesAField(String annotation, String podField, String expected) {
        ObjectNode pod = Samples.created(Samples.type("pods"), Samples.json("{'metadata':{'annotations':{'container"
                + ".apparmor.security.beta.kubernetes.io/c':'" + annotation + "'}},'spec':{'securityContext':{"
                + (podField == null ? "" : podField)
                + "},'containers':[{'name':'c','image':'i','securityContext':{}}]}}"));
        assertThat(pod.at("/spec/containers/0/securityContext")).isEqualTo(Samples.json(expected));
    }

    /// One container, in a pod with three volumes.
    private static String container(String part) {
        return causes("{'spec':{" + VOLUMES + ",'containers':[{'name':'c','image':'i'," + part + "}]}}")
                .replace("spec.containers[0]", "@");
    }

    private static String spec(String part) {
        return causes("{'spec':{'containers':[{'name':'c','image':'i'}]," + part + "}}").replace("spec.", "@.");
    }

    private static String causes(String object) {
        ResourceType type = Samples.type("pods");
        ObjectNode pod = Samples.created(type, Samples.json(object));
        String found = String.join("; ", type.problems(pod).stream().map(p -> p.field() + ": " + p.message()).toList());
        return found.isEmpty() ? "-" : found;
    }
}
