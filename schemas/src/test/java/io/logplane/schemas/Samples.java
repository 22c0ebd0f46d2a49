package io.logplane.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// The smallest valid object of each type, written in JSON with single quotes.
public final class Samples {
    private static final String TEMPLATE = "'template':{'metadata':{'labels':{'a':'b'}},"
            + "'spec':{'containers':[{'name':'c','image':'i'}]}}";
    private static final String WORKLOAD = "{'spec':{'selector':{'matchLabels':{'a':'b'}}," + TEMPLATE + "}}";
    private static final String JOB = "'template':{'spec':{'restartPolicy':'Never',"
            + "'containers':[{'name':'c','image':'i'}]}}";
    private static final String MATCH = "'matchConstraints':{'resourceRules':[{'operations':['CREATE'],'apiGroups':["
            + "'a'],'apiVersions':['v1'],'resources':['x']}]}";
    /// Of an Ed25519 key, in PEM and base64.
    public static final String REQUEST = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlHTE1EOENB"
            + "UUF3RERFS01BZ0dBMVVFQXhNQllUQXFNQVVHQXl0bGNBTWhBR1F5TjE4bEphWXoveHUzWW5waAplQmZINDR2bmJSWVNCMjB"
            + "tMUNNbVZDRWtvQUF3QlFZREsyVndBMEVBWk1VeWNsOFZ3V1dLOUVMSXMxVXUwYkpJCnY5MFZxVE1xTVhNUms0Ym5semVIVz"
            + "VjVU54TElnWU90WU54MHE4bFpmS09YZlVCRzhTZ0ZEeEszQ2NySEFRPT0KLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTV"
            + "C0tLS0tCg==";
    private static final Map<String, String> BODIES = Map.ofEntries(
            Map.entry("pods", "{'spec':{'containers':[{'name':'c','image':'i'}]}}"),
            Map.entry("podtemplates", "{" + TEMPLATE + "}"), Map.entry("deployments.apps", WORKLOAD),
            Map.entry("replicasets.apps", WORKLOAD), Map.entry("statefulsets.apps", WORKLOAD),
            Map.entry("daemonsets.apps", WORKLOAD), Map.entry("controllerrevisions.apps", "{'data':{}}"),
            Map.entry("replicationcontrollers", "{'spec':{" + TEMPLATE + "}}"),
            Map.entry("jobs.batch", "{'spec':{" + JOB + "}}"),
            Map.entry("cronjobs.batch", "{'spec':{'schedule':'* * * * *','jobTemplate':{'spec':{" + JOB + "}}}}"),
            Map.entry("services", "{'spec':{'ports':[{'port':80}]}}"),
            Map.entry("events", "{'involvedObject':{'namespace':'ns','kind':'Pod','name':'p'}}"),
            Map.entry("persistentvolumeclaims",
                    "{'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}}"),
            Map.entry("persistentvolumes",
                    "{'spec':{'accessModes':['ReadWriteOnce'],'capacity':{'storage':'1Gi'},'hostPath':{'path':'/x'}}}"),
            Map.entry("rolebindings.rbac.authorization.k8s.io", "{'roleRef':{'kind':'Role','name':'r'}}"),
            Map.entry("clusterrolebindings.rbac.authorization.k8s.io", "{'roleRef':{'kind':'ClusterRole','name':'r'}}"),
            Map.entry("horizontalpodautoscalers.autoscaling",
                    "{'spec':{'maxReplicas':2,'scaleTargetRef':{'apiVersion':'apps/v1',"
                            + "'kind':'Deployment','name':'d'}}}"),
            Map.entry("ingresses.networking.k8s.io",
                    "{'spec':{'defaultBackend':{'service':{'name':'s','port':{'number':80}}}}}"),
            Map.entry("ingressclasses.networking.k8s.io", "{'spec':{'controller':'example.com/c'}}"),
            Map.entry("storageclasses.storage.k8s.io", "{'provisioner':'example.com/p'}"),
            Map.entry("csistoragecapacities.storage.k8s.io", "{'storageClassName':'c'}"),
            Map.entry("volumeattachments.storage.k8s.io",
                    "{'spec':{'attacher':'example.com','nodeName':'n','source':{'persistentVolumeName':'v'}}}"),
            Map.entry("volumeattributesclasses.storage.k8s.io", "{'driverName':'example.com','parameters':{'a':'b'}}"),
            Map.entry("ipaddresses.networking.k8s.io", "{'metadata':{'name':'10.1.2.3'},'spec':{'parentRef':{"
                    + "'resource':'services','namespace':'ns','name':'s'}}}"),
            Map.entry("servicecidrs.networking.k8s.io", "{'spec':{'cidrs':['10.1.0.0/16']}}"),
            Map.entry("resourceslices.resource.k8s.io",
                    "{'spec':{'driver':'example.com','nodeName':'n','pool':{'name':'p','generation':1,"
                            + "'resourceSliceCount':1}}}"),
            Map.entry("certificatesigningrequests.certificates.k8s.io", "{'spec':{'request':'" + REQUEST
                    + "','usages':['client auth'],'signerName':'example.com/s'}}"),
            Map.entry("runtimeclasses.node.k8s.io", "{'handler':'runc'}"),
            Map.entry("endpointslices.discovery.k8s.io", "{'addressType':'IPv4'}"),
            Map.entry("mutatingadmissionpolicies.admissionregistration.k8s.io", "{'spec':{" + MATCH
                    + ",'reinvocationPolicy':'Never','mutations':[{'patchType':'JSONPatch','jsonPatch':{"
                    + "'expression':'[JSONPatch{}]'}}]}}"),
            Map.entry("validatingadmissionpolicies.admissionregistration.k8s.io", "{'spec':{" + MATCH
                    + ",'validations':[{'expression':'true'}]}}"),
            Map.entry("mutatingadmissionpolicybindings.admissionregistration.k8s.io", "{'spec':{'policyName':'p'}}"),
            Map.entry("validatingadmissionpolicybindings.admissionregistration.k8s.io",
                    "{'spec':{'policyName':'p','validationActions':['Deny']}}"),
            Map.entry("flowschemas.flowcontrol.apiserver.k8s.io",
                    "{'spec':{'priorityLevelConfiguration':{'name':'exempt'},'matchingPrecedence':500}}"),
            Map.entry("prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
                    "{'spec':{'type':'Limited','limited':{'nominalConcurrencyShares':1,'limitResponse':{"
                            + "'type':'Reject'}}}}"),
            Map.entry("apiservices.apiregistration.k8s.io",
                    "{'metadata':{'name':'v1.a.example'},'spec':{'group':'a.example','version':'v1',"
                            + "'groupPriorityMinimum':100,'versionPriority':10}}"),
            Map.entry("customresourcedefinitions.apiextensions.k8s.io",
                    "{'metadata':{'name':'as.example.com'},'spec':{'group':'example.com','scope':'Cluster',"
                            + "'names':{'plural':'as','kind':'A'},'versions':[{'name':'v1','served':true,"
                            + "'storage':true,'schema':{'openAPIV3Schema':{'type':'object'}}}]}}"));

    private Samples() {
    }

    public static ObjectNode json(String singleQuoted) {
        return Json.object(singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /// As a client would send it, with uid and namespace as the pipeline sets them.
    public static ObjectNode minimal(ResourceType type) {
        return identified(type, json(BODIES.getOrDefault(type.qualifiedName(), "{}")));
    }

    public static ObjectNode identified(ResourceType type, ObjectNode object) {
        object.put("kind", type.kind()).put("apiVersion", type.apiVersion());
        ObjectNode metadata = Tree.object(object, "metadata");
        Tree.setDefault(metadata, "name", "x");
        metadata.put("uid", "u-1").put("creationTimestamp", "2026-11-20T11:00:00Z");
        if (type.namespaced()) {
            metadata.put("namespace", "ns");
        }
        return object;
    }

    /// As it stands in the log after creation.
    public static ObjectNode created(ResourceType type) {
        return created(type, minimal(type));
    }

    public static ObjectNode created(ResourceType type, ObjectNode object) {
        identified(type, object);
        type.rules().applyDefaults(object);
        type.rules().prepareForCreate(object);
        return object;
    }

    public static ResourceType type(String qualifiedName) {
        return ResourceTypes.ALL.stream().filter(t -> t.qualifiedName().equals(qualifiedName)).findFirst()
                .orElseThrow();
    }

    /// A merge patch, in place.
    public static void merge(ObjectNode target, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            if (field.getValue().isNull()) {
                target.remove(field.getKey());
            } else if (field.getValue() instanceof ObjectNode inner) {
                merge(Tree.object(target, field.getKey()), inner);
            } else {
                target.set(field.getKey(), field.getValue());
            }
        }
    }

    /// Problems as one text; "-" when there are none.
    public static String told(List<FieldError> problems) {
        String all = String.join("; ", problems.stream().map(p -> p.field() + ": " + p.message()).toList());
        return all.isEmpty() ? "-" : all;
    }
}
