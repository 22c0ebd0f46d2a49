package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.schemas.Samples;
import io.logplane.schemas.types.ResourceType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is refused at creation. A row: type, object, all the causes joined by "; " ("-" for none).
class ValidationTest {
    private static final String POD = "'containers':[{'name':'c','image':'i'}]";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'maxReplicas':0|spec.maxReplicas: Invalid value: 0: must be greater than 0; spec.maxReplicas: Invalid value: "
                + "0: must be greater than or equal to `minReplicas`",
        "'minReplicas':0,'maxReplicas':1|spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
        "'maxReplicas':1,'metrics':[{'type':'Pods'}]|spec.metrics[0].pods: Required value: must populate information "
                + "for the given metric source",
        "'maxReplicas':1,'metrics':[{'type':'Resource','resource':{'name':'cpu','target':{'type':'Utilization'}}}]|"
                + "spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw "
                + "value or a target utilization",
        "'maxReplicas':1,'metrics':[{'type':'Resource','resource':{'name':'cpu','target':{'type':'x',"
                + "'averageUtilization':0}}}]|spec.metrics[0].resource.target.type: Invalid value: \"x\": must be "
                + "either Utilization, Value, or AverageValue; spec.metrics[0].resource.target.averageUtilization: "
                + "Invalid value: 0: must be greater than 0",
        "'maxReplicas':1,'behavior':{'scaleUp':{'selectPolicy':'x','policies':[{'type':'Pods','value':0,"
                + "'periodSeconds':9999}]}}|spec.behavior.scaleUp.selectPolicy: Unsupported value: \"x\": supported "
                + "values: \"Disabled\", \"Max\", \"Min\"; spec.behavior.scaleUp.policies[0].value: Invalid "
                + "value: 0: must be greater than zero; spec.behavior.scaleUp.policies[0].periodSeconds: Invalid "
                + "value: 9999: must be less than or equal to 1800",
        "'maxReplicas':1,'behavior':{'scaleDown':{'stabilizationWindowSeconds':60}}|-"})
    void anAutoscalerIsChecked(String part, String expected) {
        assertThat(refusals("horizontalpodautoscalers.autoscaling", "{'spec':{'scaleTargetRef':{'apiVersion':'a/v1',"
                + "'kind':'D','name':'d'}," + part + "}}")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'initContainers':[{'name':'c','image':'i'}]|spec.initContainers[0].name: Duplicate value: \"c\"",
        "'volumes':[{'name':'v'},{'name':'v'}]|spec.volumes[1].name: Duplicate value: \"v\"",
        "'volumes':[{'name':'v','emptyDir':{},'hostPath':{'path':'/'}}]|spec.volumes[0].hostPath: Forbidden: "
                + "may not specify more than 1 volume type",
        "'volumes':[{'name':'v','hostPath':{'path':'/a/../b'}}]|spec.volumes[0].hostPath.path: Invalid value: "
                + "\"/a/../b\": must not contain '..'",
        "'volumes':[{'name':'v','secret':{'secretName':'s','defaultMode':999}}]|spec.volumes[0].secret.defaultMode: "
                + "Invalid value: 999: must be a number between 0 and 0777 (octal), both inclusive",
        "'activeDeadlineSeconds':0|spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, "
                + "inclusive",
        "'tolerations':[{'key':'a','operator':'Exists','tolerationSeconds':3}]|spec.tolerations[0].effect: "
                + "Invalid value: \"\": effect must be 'NoExecute' when `tolerationSeconds` is set",
        "'tolerations':[{'operator':'Equal'}]|spec.tolerations[0].operator: Invalid value: \"Equal\": operator must "
                + "be Exists when `key` is empty, which means \"match all values and all keys\"",
        "'affinity':{'podAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{}]}}|spec.affinity.podAffinity"
                + ".requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty; "
                + "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid "
                + "value: \"\": name part must be non-empty; spec.affinity.podAffinity"
                + ".requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: \"\": name part must"
                + " consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
                + "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
                + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{}}}|spec.affinity.nodeAffinity"
                + ".requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at "
                + "least one node selector term",
        "'affinity':{'podAntiAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':101,"
                + "'podAffinityTerm':{'topologyKey':'z'}}]}}|spec.affinity.podAntiAffinity"
                + ".preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 101: must be in the "
                + "range 1-100",
        "'topologySpreadConstraints':[{'maxSkew':0,'topologyKey':'z','whenUnsatisfiable':'DoNotSchedule'}]|"
                + "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
        "'nodeName':'n','schedulingGates':[{'name':'a/b'}]|spec.nodeName: Forbidden: cannot be set until all "
                + "schedulingGates have been cleared",
        "'nodeName':'n','hostNetwork':true|-"})
    void aPodSpecIsChecked(String part, String expected) {
        assertThat(refusals("pods", "{'spec':{" + POD + "," + part + "}}")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'ports':[{'name':'UP','containerPort':1}]|spec.containers[0].ports[0].name: Invalid value: \"UP\": must "
                + "contain only alpha-numeric characters (a-z, 0-9), and hyphens (-); spec.containers[0].ports[0].name"
                + ": Invalid value: \"UP\": must contain at least one letter (a-z)",
        "'ports':[{'containerPort':1,'hostPort':5},{'containerPort':2,'hostPort':5}]|"
                + "spec.containers[0].ports[1].hostPort: Duplicate value: \"TCP//5\"",
        "'ports':[{'containerPort':1,'protocol':'X'}]|spec.containers[0].ports[0].protocol: Unsupported value: \"X\": "
                + "supported values: \"SCTP\", \"TCP\", \"UDP\"",
        "'env':[{'name':'A','valueFrom':{}}]|spec.containers[0].env[0].valueFrom: Invalid value: \"\": must specify "
                + "one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`",
        "'env':[{'name':'A','value':'x','valueFrom':{'secretKeyRef':{'name':'s','key':'k'}}}]|"
                + "spec.containers[0].env[0].valueFrom: Invalid value: \"\": may not be specified when `value` is not "
                + "empty",
        "'env':[{'name':'a=b'}]|spec.containers[0].env[0].name: Invalid value: \"a=b\": a valid environment variable "
                + "name must consist only of printable ASCII characters other than '='",
        "'resources':{'requests':{'example.com/gpu':'1'}}|spec.containers[0].resources.limits: Required value: Limit "
                + "must be set for non overcommitable resources",
        "'resources':{'limits':{'example.com/gpu':'1.5'}}|spec.containers[0].resources.limits[example.com/gpu]: Invalid"
                + " value: \"1500m\": must be an integer; spec.containers[0].resources.requests[example.com/gpu]: "
                + "Invalid value: \"1500m\": must be an integer",
        "'resources':{'limits':{'cpus':'1'}}|spec.containers[0].resources.limits[cpus]: Invalid value: \"cpus\": must be "
                + "a standard resource type or fully qualified; spec.containers[0].resources.limits[cpus]: Invalid "
                + "value: \"cpus\": must be a standard resource for containers; spec.containers[0].resources"
                + ".requests[cpus]: Invalid value: \"cpus\": must be a standard resource type or fully qualified; "
                + "spec.containers[0].resources.requests[cpus]: Invalid value: \"cpus\": must be a standard resource "
                + "for containers",
        "'resources':{'limits':{'cpu':'-1'},'requests':{'cpu':'-1'}}|spec.containers[0].resources.limits[cpu]: Invalid "
                + "value: \"-1\": must be greater than or equal to 0; spec.containers[0].resources.requests[cpu]: "
                + "Invalid value: \"-1\": must be greater than or equal to 0",
        "'livenessProbe':{}|spec.containers[0].livenessProbe: Required value: must specify a handler type",
        "'livenessProbe':{'exec':{'command':['a']},'successThreshold':2}|spec.containers[0].livenessProbe"
                + ".successThreshold: Invalid value: 2: must be 1",
        "'readinessProbe':{'exec':{},'tcpSocket':{'port':80}}|spec.containers[0].readinessProbe.exec.command: Required "
                + "value; spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler "
                + "type",
        "'lifecycle':{'preStop':{'sleep':{'seconds':5}}}|-", "'securityContext':{'runAsUser':-1}|"
                + "spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, "
                + "inclusive"})
    void aContainerIsChecked(String part, String expected) {
        assertThat(refusals("pods", "{'spec':{'containers':[{'name':'c','image':'i'," + part + "}]}}"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "roles.rbac.authorization.k8s.io|{'metadata':{'name':'system:a.B'},'rules':[{'verbs':['get'],'apiGroups':[''],"
                + "'resources':['pods']}]}|-",
        "roles.rbac.authorization.k8s.io|{'rules':[{'verbs':[],'nonResourceURLs':['/x']}]}|rules[0].verbs: Required "
                + "value: verbs must contain at least one value; rules[0].nonResourceURLs: Invalid value: [\"/x\"]: "
                + "namespaced rules cannot apply to non-resource URLs",
        "clusterrolebindings.rbac.authorization.k8s.io|{'subjects':[{'kind':'ServiceAccount','name':'A'}]}|roleRef.kind: "
                + "Unsupported value: \"\": supported values: \"ClusterRole\"; roleRef.name: Required value; "
                + "subjects[0].name: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case "
                + "alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. "
                + "'example.com', regex used for validation is "
                + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'); subjects[0].namespace: Required "
                + "value",
        "rolebindings.rbac.authorization.k8s.io|{'roleRef':{'kind':'Rule','name':'r'}}|roleRef.kind: Unsupported value: "
                + "\"Rule\": supported values: \"Role\", \"ClusterRole\"",
        "cronjobs.batch|{'spec':{'schedule':'* * * * *','timeZone':'Mars/Base','jobTemplate':{'spec':{'template':"
                + "{'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}}}}}}|spec.timeZone: "
                + "Invalid value: \"Mars/Base\": unknown time zone Mars/Base",
        "persistentvolumeclaims|{}|spec.accessModes: Required value: at least 1 access mode is required; "
                + "spec.resources[storage]: Required value",
        "persistentvolumes|{'spec':{'accessModes':['ReadWriteOnce'],'capacity':{'storage':'1Gi'}}}|spec: Required "
                + "value: must specify a volume type",
        "services|{'spec':{'ports':[{'port':80,'nodePort':30000}]}}|spec.ports[0].nodePort: Forbidden: may not be used "
                + "when `type` is 'ClusterIP'",
        "poddisruptionbudgets.policy|{'spec':{'minAvailable':1,'maxUnavailable':1}}|spec: Invalid value: "
                + "{\"MinAvailable\":1,\"Selector\":null,\"MaxUnavailable\":1,\"UnhealthyPodEvictionPolicy\":null}: "
                + "minAvailable and maxUnavailable cannot be both set",
        "ingresses.networking.k8s.io|{'spec':{'rules':[{'http':{'paths':[{'path':'x','pathType':'Exact','backend':"
                + "{'service':{'name':'s','port':{'number':80}}}}]}}]}}|spec.rules[0].http.paths[0].path: Invalid "
                + "value: \"x\": must be an absolute path",
        "networkpolicies.networking.k8s.io|{'spec':{'ingress':[{'from':[{'ipBlock':{'cidr':'1.2.3.4'}}]}]}}|"
                + "spec.ingress[0].from[0].ipBlock.cidr: Invalid value: \"1.2.3.4\": must be a valid CIDR value, "
                + "(e.g. 10.9.8.0/24 or 2001:db8::/64)",
        "priorityclasses.scheduling.k8s.io|{'metadata':{'name':'system-x'}}|metadata.name: Forbidden: priority class "
                + "names with 'system-' prefix are reserved for system use only. error: system-x is not a known "
                + "system priority class",
        "priorityclasses.scheduling.k8s.io|{'metadata':{'name':'system-node-critical'},'value':2000001000}|-",
        "leases.coordination.k8s.io|{'spec':{'leaseDurationSeconds':0}}|spec.leaseDurationSeconds: Invalid value: 0: "
                + "must be greater than 0",
        "events|{'involvedObject':{'namespace':'other'}}|involvedObject.namespace: Invalid value: \"other\": does not "
                + "match event.namespace",
        "statefulsets.apps|{'metadata':{'name':'a.b'},'spec':{'selector':{'matchLabels':{'a':'b'}},'template':"
                + "{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}|metadata.name: "
                + "Invalid value: \"a.b\": must not contain dots",
        "deployments.apps|{'spec':{'selector':{},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'restartPolicy':"
                + "'Never','containers':[{'name':'c','image':'i'}]}}}}|spec.selector: Invalid value: {}: empty selector"
                + " is invalid for deployment; spec.template.spec.restartPolicy: Unsupported value: \"Never\": "
                + "supported values: \"Always\"",
        "configmaps|{'metadata':{'generateName':'Bad_'}}|metadata.generateName: Invalid value: \"Bad_\": a lowercase RFC"
                + " 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
                + "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
                + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        "configmaps|{'metadata':{'ownerReferences':[{'apiVersion':'v1','kind':'A','name':'a','uid':'1','controller':true"
                + "},{'apiVersion':'v1','kind':'B','name':'b','uid':'2','controller':false}]}}|-"})
    void anObjectIsChecked(String type, String object, String expected) {
        assertThat(refusals(type, object)).isEqualTo(expected);
    }

    private static String refusals(String typeName, String object) {
        ResourceType type = Samples.type(typeName);
        String found = String.join("; ", type.problems(Samples.created(type, Samples.json(object))).stream()
                .map(p -> p.field() + ": " + p.message()).toList());
        return found.isEmpty() ? "-" : found;
    }
}
