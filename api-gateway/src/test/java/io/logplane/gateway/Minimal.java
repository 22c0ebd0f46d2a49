package io.logplane.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// A small object of every stored type, as a client sends it: complete enough that upstream takes it.
final class Minimal {
    private static final String POD = "'spec':{'containers':[{'name':'c','image':'i'}]}";
    private static final String TEMPLATE = "'template':{'metadata':{'labels':{'a':'b'}}," + POD + "}";
    private static final String WORKLOAD = "{'spec':{'selector':{'matchLabels':{'a':'b'}}," + TEMPLATE + "}}";
    private static final String JOB = "'template':{'spec':{'restartPolicy':'Never',"
            + "'containers':[{'name':'c','image':'i'}]}}";
    private static final String MATCH = "'matchConstraints':{'resourceRules':[{'apiGroups':[''],'apiVersions':['v1'],"
            + "'operations':['CREATE'],'resources':['pods']}]}";
    /// Signed by its own key, an Ed25519 one.
    private static final String REQUEST = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlHTE1EOENB"
            + "UUF3RERFS01BZ0dBMVVFQXhNQllUQXFNQVVHQXl0bGNBTWhBR1F5TjE4bEphWXoveHUzWW5waAplQmZINDR2bmJSWVNCMjB"
            + "tMUNNbVZDRWtvQUF3QlFZREsyVndBMEVBWk1VeWNsOFZ3V1dLOUVMSXMxVXUwYkpJCnY5MFZxVE1xTVhNUms0Ym5semVIVz"
            + "VjVU54TElnWU90WU54MHE4bFpmS09YZlVCRzhTZ0ZEeEszQ2NySEFRPT0KLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTV"
            + "C0tLS0tCg==";
    private static final String HOOK = "{'webhooks':[{'name':'a.b.example','sideEffects':'None',"
            + "'admissionReviewVersions':['v1'],'clientConfig':{'url':'https://a.example/x'},'rules':[{"
            + "'apiGroups':['lifecycle.example'],'apiVersions':['v1'],'operations':['CREATE'],'resources':['x']}]}]}";
    private static final Map<String, String> BODIES = Map.ofEntries(Map.entry("pods", "{" + POD + "}"),
            Map.entry("podtemplates", "{" + TEMPLATE + "}"), Map.entry("deployments.apps", WORKLOAD),
            Map.entry("replicasets.apps", WORKLOAD), Map.entry("statefulsets.apps", WORKLOAD),
            Map.entry("daemonsets.apps", WORKLOAD),
            Map.entry("controllerrevisions.apps", "{'revision':1,'data':{'k':'v'}}"),
            Map.entry("replicationcontrollers", "{'spec':{'selector':{'a':'b'}," + TEMPLATE + "}}"),
            Map.entry("jobs.batch", "{'spec':{" + JOB + "}}"),
            Map.entry("cronjobs.batch", "{'spec':{'schedule':'* * * * *','jobTemplate':{'spec':{" + JOB + "}}}}"),
            Map.entry("services", "{'spec':{'ports':[{'port':80}]}}"),
            Map.entry("configmaps", "{'data':{'k':'v'}}"), Map.entry("secrets", "{'stringData':{'k':'v'}}"),
            Map.entry("events", "{'involvedObject':{'namespace':'default','kind':'Pod','name':'p'},'reason':'r'}"),
            Map.entry("events.events.k8s.io",
                    "{'regarding':{'namespace':'default','kind':'Pod','name':'p'},'reason':'r','action':'a',"
                            + "'type':'Normal','eventTime':'2026-01-02T03:04:05.000006Z',"
                            + "'reportingController':'example.com/c','reportingInstance':'i'}"),
            Map.entry("persistentvolumeclaims",
                    "{'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}}"),
            Map.entry("persistentvolumes",
                    "{'spec':{'accessModes':['ReadWriteOnce'],'capacity':{'storage':'1Gi'},'hostPath':{'path':'/x'}}}"),
            Map.entry("limitranges",
                    "{'spec':{'limits':[{'type':'PersistentVolumeClaim','max':{'storage':'100Ti'}}]}}"),
            Map.entry("resourcequotas", "{'spec':{'hard':{'count/widgets.lifecycle.example':'10'}}}"),
            Map.entry("rolebindings.rbac.authorization.k8s.io", "{'roleRef':{'apiGroup':'rbac.authorization.k8s.io',"
                    + "'kind':'Role','name':'r'}}"),
            Map.entry("clusterrolebindings.rbac.authorization.k8s.io",
                    "{'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'ClusterRole','name':'r'}}"),
            Map.entry("horizontalpodautoscalers.autoscaling",
                    "{'spec':{'maxReplicas':2,'scaleTargetRef':{'apiVersion':'apps/v1',"
                            + "'kind':'Deployment','name':'d'}}}"),
            Map.entry("poddisruptionbudgets.policy",
                    "{'spec':{'minAvailable':1,'selector':{'matchLabels':{'a':'b'}}}}"),
            Map.entry("ingresses.networking.k8s.io",
                    "{'spec':{'defaultBackend':{'service':{'name':'s','port':{'number':80}}}}}"),
            Map.entry("ingressclasses.networking.k8s.io", "{'spec':{'controller':'example.com/c'}}"),
            Map.entry("networkpolicies.networking.k8s.io", "{'spec':{'podSelector':{}}}"),
            Map.entry("ipaddresses.networking.k8s.io",
                    "{'spec':{'parentRef':{'resource':'services','namespace':'default','name':'s'}}}"),
            Map.entry("servicecidrs.networking.k8s.io", "{'spec':{'cidrs':['10.211.0.0/24']}}"),
            Map.entry("storageclasses.storage.k8s.io", "{'provisioner':'example.com/p'}"),
            Map.entry("csistoragecapacities.storage.k8s.io", "{'storageClassName':'s'}"),
            Map.entry("volumeattachments.storage.k8s.io",
                    "{'spec':{'attacher':'a.example.com','nodeName':'n','source':{'persistentVolumeName':'p'}}}"),
            Map.entry("volumeattributesclasses.storage.k8s.io",
                    "{'driverName':'example.com','parameters':{'a':'b'}}"),
            Map.entry("csidrivers.storage.k8s.io", "{'spec':{'attachRequired':false}}"),
            Map.entry("csinodes.storage.k8s.io", "{'spec':{'drivers':[]}}"),
            Map.entry("certificatesigningrequests.certificates.k8s.io",
                    "{'spec':{'request':'" + REQUEST + "','usages':['client auth'],'signerName':'example.com/s'}}"),
            Map.entry("runtimeclasses.node.k8s.io", "{'handler':'runc'}"),
            Map.entry("endpointslices.discovery.k8s.io", "{'addressType':'IPv4','endpoints':[]}"),
            Map.entry("priorityclasses.scheduling.k8s.io", "{'value':7}"),
            Map.entry("mutatingwebhookconfigurations.admissionregistration.k8s.io", HOOK),
            Map.entry("validatingwebhookconfigurations.admissionregistration.k8s.io", HOOK),
            Map.entry("validatingadmissionpolicies.admissionregistration.k8s.io",
                    "{'spec':{" + MATCH.replace("'pods'", "'nothing'") + ",'validations':[{'expression':'true'}]}}"),
            Map.entry("validatingadmissionpolicybindings.admissionregistration.k8s.io",
                    "{'spec':{'policyName':'p','validationActions':['Deny']}}"),
            Map.entry("mutatingadmissionpolicies.admissionregistration.k8s.io",
                    "{'spec':{" + MATCH.replace("'pods'", "'nothing'") + ",'reinvocationPolicy':'Never',"
                            + "'mutations':[{'patchType':'JSONPatch','jsonPatch':{'expression':'[JSONPatch{op: object.kind}]'}}]}}"),
            Map.entry("mutatingadmissionpolicybindings.admissionregistration.k8s.io", "{'spec':{'policyName':'p'}}"),
            Map.entry("apiservices.apiregistration.k8s.io",
                    "{'spec':{'group':'NAME.example','version':'v1','groupPriorityMinimum':100,'versionPriority':10"
                            + "}}"),
            Map.entry("customresourcedefinitions.apiextensions.k8s.io",
                    "{'spec':{'group':'lifecycle.example','scope':'Namespaced','names':{'plural':'NAMEs',"
                            + "'singular':'NAME','kind':'Kind','listKind':'KindList'},'versions':[{'name':'v1',"
                            + "'served':true,'storage':true,'schema':{'openAPIV3Schema':{'type':'object'}}}]}}"),
            Map.entry("deviceclasses.resource.k8s.io", "{'spec':{}}"),
            Map.entry("resourceclaims.resource.k8s.io", "{'spec':{}}"),
            Map.entry("resourceclaimtemplates.resource.k8s.io", "{'spec':{'spec':{}}}"),
            Map.entry("resourceslices.resource.k8s.io",
                    "{'spec':{'driver':'d.example.com','nodeName':'n','pool':{'name':'p','generation':1,"
                            + "'resourceSliceCount':1},'devices':[]}}"),
            Map.entry("flowschemas.flowcontrol.apiserver.k8s.io",
                    "{'spec':{'priorityLevelConfiguration':{'name':'exempt'},'matchingPrecedence':500}}"),
            Map.entry("prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
                    "{'spec':{'type':'Limited','limited':{'nominalConcurrencyShares':1,'limitResponse':{"
                            + "'type':'Reject'}}}}"),
            Map.entry("leases.coordination.k8s.io", "{'spec':{}}"),
            Map.entry("nodes", "{'spec':{}}"));

    private Minimal() {
    }

    /// What a name must be for types whose name follows from what they hold.
    static String name(ResourceType type, String name) {
        return switch (type.qualifiedName()) {
            case "apiservices.apiregistration.k8s.io" -> "v1." + name + ".example";
            case "customresourcedefinitions.apiextensions.k8s.io" -> name + "s.lifecycle.example";
            case "ipaddresses.networking.k8s.io" ->
                "10.96.7." + (1 + List.of("one", "form", "proto", "yaml").indexOf(name));
            default -> name;
        };
    }

    /// Shape: kind, apiVersion, name, a label `suite`.
    static ObjectNode object(ResourceType type, String name, String label) {
        String body = BODIES.getOrDefault(type.qualifiedName(), "{}").replace("NAME", name);
        ObjectNode object = Json.newObject().put("kind", type.kind()).put("apiVersion", type.apiVersion());
        ObjectNode metadata = object.putObject("metadata").put("name", name(type, name));
        metadata.putObject("labels").put("suite", label);
        if (type.plural().equals("ipaddresses")) {
            metadata.withObjectProperty("labels").put("ipaddress.kubernetes.io/ip-family", "IPv4")
                    .put("ipaddress.kubernetes.io/managed-by", "suite");
        }
        object.setAll(Json.object(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
        return object;
    }
}
