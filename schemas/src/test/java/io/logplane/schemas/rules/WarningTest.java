package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a write is warned of. A row: type, what is merged into a sample, all the warnings joined by "; " ("-" for none).
///
/// In warnings, `@` stands for `spec.containers`.
class WarningTest {
    private static final String TEMPLATE = "'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':"
            + "'c','image':'i'}],'terminationGracePeriodSeconds':-1}}";

    private static final String STATIC = "{'metadata':{'name':'a.static.k8s.io'}}|metadata.name: names ending with "
            + "\".static.k8s.io\" are reserved for static manifest-based configurations and cannot be managed via the API";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{}|-",
        "{'metadata':{'name':'a.b'}}|metadata.name: this is used in the Pod's hostname, which can result in "
                + "surprising behavior; a DNS label is recommended: [must not contain dots]",
        "{'spec':{'nodeSelector':{'beta.kubernetes.io/os':'linux','failure-domain.beta.kubernetes.io/zone':'z'}}}|"
                + "spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use \"kubernetes.io/os\" instead; "
                + "spec.nodeSelector[failure-domain.beta.kubernetes.io/zone]: deprecated since v1.17; use "
                + "\"topology.kubernetes.io/zone\" instead",
        "{'spec':{'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{"
                + "'matchExpressions':[{'key':'beta.kubernetes.io/arch','operator':'Exists'}]}]},"
                + "'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':1,'preference':{'matchExpressions':[{"
                + "'key':'k','operator':'In','values':['a','-']}]}}]}}}}|spec.affinity.nodeAffinity"
                + ".requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].key: "
                + "beta.kubernetes.io/arch is deprecated since v1.14; use \"kubernetes.io/arch\" instead; "
                + "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference"
                + ".matchExpressions[0].values[1]: - is invalid, a valid label must be an empty string or consist of "
                + "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
                + "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
                + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
        "{'spec':{'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'beta.kubernetes.io/instance-type',"
                + "'whenUnsatisfiable':'DoNotSchedule'}]}}|spec.topologySpreadConstraints[0].topologyKey: "
                + "beta.kubernetes.io/instance-type is deprecated since v1.17; use "
                + "\"node.kubernetes.io/instance-type\" instead; spec.topologySpreadConstraints[0].labelSelector: a "
                + "null labelSelector results in matching no pod",
        "{'metadata':{'annotations':{'scheduler.alpha.kubernetes.io/critical-pod':'','seccomp.security.alpha"
                + ".kubernetes.io/pod':'unconfined','container.seccomp.security.alpha.kubernetes.io/c':'unconfined'}},"
                + "'spec':{'containers':[{'name':'c','image':'i'}]}}|"
                + "metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "
                + "\"priorityClassName\" field instead; metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]"
                + ": non-functional in v1.27+; use the \"seccompProfile\" field instead; metadata.annotations"
                + "[container.seccomp.security.alpha.kubernetes.io/c]: non-functional in v1.27+; use the "
                + "\"seccompProfile\" field instead",
        "{'spec':{'hostAliases':[{'ip':'1.1.1.1'},{'ip':'1.1.1.1'},{'ip':'2001:DB8::1'}],'imagePullSecrets':[{'name':"
                + "'a'},{'name':'a'},{}]}}|spec.hostAliases[1].ip: duplicate ip \"1.1.1.1\"; spec.imagePullSecrets[1]"
                + ".name: duplicate name \"a\"; spec.imagePullSecrets[2].name: invalid empty name \"\"; "
                + "spec.hostAliases[2].ip: IPv6 address \"2001:DB8::1\" should be in RFC 5952 canonical format "
                + "(\"2001:db8::1\")",
        "{'spec':{'terminationGracePeriodSeconds':-5,'affinity':{'podAffinity':{'requiredDuringSchedulingIgnored"
                + "DuringExecution':[{'topologyKey':'k'}]},'podAntiAffinity':{'preferredDuringSchedulingIgnoredDuring"
                + "Execution':[{'weight':1,'podAffinityTerm':{'topologyKey':'k'}}]}}}}|spec.affinity.podAffinity"
                + ".requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: a null labelSelector results in "
                + "matching no pod; spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0]"
                + ".podAffinityTerm.labelSelector: a null labelSelector results in matching no pod"})
    void whatDoesNotDoWhatItSeemsInAPod(String part, String expected) {
        assertThat(created("pods", part)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'resources':{'limits':{'memory':'500m'},'requests':{'memory':'100m','ephemeral-storage':'1'}}|@[0].resources"
                + ".limits[memory]: fractional byte value \"500m\" is invalid, must be an integer; @[0].resources"
                + ".requests[memory]: fractional byte value \"100m\" is invalid, must be an integer",
        "'env':[{'name':'A','value':'1'},{'name':'A','value':'2'},{'name':'A','value':'$(A)'},{'name':'A','value':"
                + "'$(A)3'}]|@[0].env[1]: hides previous definition of \"A\", which may be dropped when using apply; "
                + "@[0].env[2]: hides previous definition of \"A\", which may be dropped when using apply",
        "'ports':[{'containerPort':80,'protocol':'UDP','hostIP':'10.0.0.1'},{'containerPort':80,'protocol':'TCP'}]|"
                + "@[0].ports[0]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:80 Protocol:UDP "
                + "HostIP:10.0.0.1}",
        "'ports':[{'containerPort':80},{'containerPort':80},{'containerPort':80,'hostPort':9},{'containerPort':80,"
                + "'hostPort':9,'hostIP':'10.0.0.1'}]|@[0].ports[1]: duplicate port definition with @[0].ports[0]; "
                + "@[0].ports[2]: overlapping port definition with @[0].ports[0]; @[0].ports[2]: overlapping port "
                + "definition with @[0].ports[1]; @[0].ports[3]: overlapping port definition with @[0].ports[0]; "
                + "@[0].ports[3]: overlapping port definition with @[0].ports[1]; @[0].ports[3]: dangerously ambiguous"
                + " port definition with @[0].ports[2]",
        "'ports':[{'name':'p','containerPort':80}]},{'name':'d','image':'i','ports':[{'name':'p','containerPort':81}]|"
                + "@[1].ports[0]: duplicate port name \"p\" with @[0].ports[0], services and probes that select ports "
                + "by name will use @[0].ports[0]"})
    void whatDoesNotDoWhatItSeemsInAContainer(String part, String expected) {
        assertThat(created("pods", "{'spec':{'containers':[{'name':'c','image':'i'," + part + "}]}}"))
                .isEqualTo(expected.replace("@", "spec.containers"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'name':'v','gitRepo':{'repository':'r'}}|spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by "
                + "default in v1.33+",
        "{'name':'v','rbd':{}},{'name':'w','scaleIO':{}}|spec.volumes[0].rbd: deprecated in v1.28, non-functional in "
                + "v1.31+; spec.volumes[1].scaleIO: deprecated in v1.16, non-functional in v1.22+",
        "{'name':'v','ephemeral':{'volumeClaimTemplate':{'spec':{'resources':{'requests':{'storage':'1500m'}}}}}}|"
                + "spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources.requests[storage]: fractional byte "
                + "value \"1500m\" is invalid, must be an integer",
        "{'name':'v','configMap':{'name':'c','items':[{'key':'a','path':'a'},{'key':'b','path':'a/b'},{'key':'c',"
                + "'path':'ab'}]}}|volume \"v\" (ConfigMap \"c\"): overlapping paths: \"a/b\" with \"a\"",
        "{'name':'v','secret':{'secretName':'s','items':[{'key':'a','path':'a/'},{'key':'b','path':'a'}]}}|"
                + "volume \"v\" (Secret \"s\"): overlapping paths: \"a\" with \"a\"",
        "{'name':'v','projected':{'sources':[{'secret':{'name':'s','items':[{'key':'a','path':'t/x'}]}},"
                + "{'serviceAccountToken':{'path':'t'}},{'configMap':{'name':'c'}}]}}|volume \"v\" (Projected): "
                + "overlapping paths: \"t\" (ServiceAccountToken) with \"t/x\" (Secret \"s\")",
        "{'name':'v','projected':{}}|volume \"v\" (Projected) has no sources provided"})
    void volumesThatAreGoneOrCoverTheirOwnFiles(String volumes, String expected) {
        assertThat(created("pods", "{'spec':{'volumes':[" + volumes + "]}}")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "deployments.apps|spec.|spec.", "replicasets.apps|spec.|spec.", "statefulsets.apps|spec.|spec.",
        "replicationcontrollers|spec.|spec.", "daemonsets.apps|spec.|spec.", "jobs.batch|spec.|spec.",
        "cronjobs.batch|spec.jobTemplate.spec.|spec.jobTemplate.spec.", "podtemplates||"})
    void aTemplateIsWarnedOfAsItsPodsAreUnlessItIsLeftAlone(String name, String parents, String prefix) {
        ResourceType type = Samples.type(name);
        String open = parents == null ? "" : parents.replaceAll("([a-zA-Z]+)\\.", "'$1':{");
        String close = open.replaceAll("[^{]", "").replace('{', '}');
        String about = (prefix == null ? "" : prefix) + "template.spec.terminationGracePeriodSeconds: must be >= 0; "
                + "negative values are invalid and will be treated as 1";
        ObjectNode object = Samples.created(type, Samples.json("{" + open + TEMPLATE + close + "}"));
        ObjectNode labelled = object.deepCopy();
        Samples.merge(labelled, Samples.json("{'metadata':{'labels':{'c':'d'}}}"));

        assertThat(type.rules().warningsOnCreate(object)).containsExactly(about);
        assertThat(type.rules().warningsOnUpdate("", object, Samples.created(type))).containsExactly(about);
        assertThat(type.rules().warningsOnUpdate("status", object, Samples.created(type))).isEmpty();
        assertThat(type.rules().warningsOnUpdate("", labelled, object)).isEqualTo(name.equals("podtemplates")
                ? List.of(about)
                : List.of());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "deployments.apps|{'metadata':{'name':'a.b'}}|metadata.name: this is used in Pod names and hostnames, which can "
                + "result in surprising behavior; a DNS label is recommended: [must not contain dots]",
        "daemonsets.apps|{'metadata':{'name':'a.b'}}|-",
        "statefulsets.apps|{'spec':{'revisionHistoryLimit':-1,'volumeClaimTemplates':[{'metadata':{'name':'v',"
                + "'annotations':{'volume.beta.kubernetes.io/storage-class':'s'}},'spec':{'resources':{'requests':{"
                + "'storage':'500m'}}}}]}}|spec.volumeClaimTemplates[0].metadata.annotations[volume.beta.kubernetes.io/"
                + "storage-class]: deprecated since v1.8; use \"storageClassName\" attribute instead; "
                + "spec.volumeClaimTemplates[0].spec.resources.requests[storage]: fractional byte value \"500m\" is "
                + "invalid, must be an integer; spec.revisionHistoryLimit: a negative value retains all historical "
                + "revisions; a value >= 0 is recommended",
        "jobs.batch|{'spec':{'completionMode':'Indexed','completions':100001,'parallelism':10001}}|spec: In Indexed Jobs "
                + "with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might "
                + "not be able to track completedIndexes when a big number of indexes fail",
        "jobs.batch|{'spec':{'completionMode':'Indexed','completions':100000,'parallelism':10001}}|-",
        "deployments.apps|{'spec':{'template':{'metadata':{'annotations':{'container.apparmor.security.beta.kubernetes"
                + ".io/c':'unconfined'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}|spec.template.metadata"
                + ".annotations[container.apparmor.security.beta.kubernetes.io/c]: deprecated since v1.30; use the "
                + "\"appArmorProfile\" field instead"})
    void whatElseIsStrangeAboutAWorkload(String name, String part, String expected) {
        assertThat(created(name, part)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'externalIPs':['2001:db8:0::1'],'clusterIP':'None','sessionAffinity':'ClientIP','loadBalancerIP':'1.2.3.4'}|"
                + "spec.loadBalancerIP is ignored for headless services; spec.externalIPs is ignored for headless "
                + "services; spec.SessionAffinity is ignored for headless services; spec.externalIPs[0]: IPv6 address "
                + "\"2001:db8:0::1\" should be in RFC 5952 canonical format (\"2001:db8::1\")",
        "{'externalIPs':['010.0.0.1'],'trafficDistribution':'PreferClose','externalName':'a.b'}|spec.externalIPs[0]: "
                + "non-standard IP address \"010.0.0.1\" will be considered invalid in a future Kubernetes release: "
                + "use \"10.0.0.1\"; spec.externalIPs is deprecated and may no longer be implemented in some clusters; "
                + "spec.externalName is ignored when spec.type is not \"ExternalName\"; spec.trafficDistribution: "
                + "\"PreferClose\" is deprecated; use \"PreferSameZone\"",
        "{'type':'ExternalName','externalName':'a.b','externalIPs':['1.2.3.4']}|spec.externalIPs is ignored when "
                + "spec.type is \"ExternalName\"",
        "{'type':'LoadBalancer','loadBalancerIP':'::ffff:1.2.3.4','loadBalancerSourceRanges':['10.1.2.3/8','010.0.0.0/8'"
                + ",'2001:DB8::/32']}|spec.loadBalancerIP: non-standard IP address \"::ffff:1.2.3.4\" will be considered"
                + " invalid in a future Kubernetes release: use \"1.2.3.4\"; spec.loadBalancerSourceRanges[0]: CIDR "
                + "value \"10.1.2.3/8\" is ambiguous in this context (should be \"10.0.0.0/8\" or \"10.1.2.3/32\"?); "
                + "spec.loadBalancerSourceRanges[1]: non-standard CIDR value \"010.0.0.0/8\" will be considered invalid"
                + " in a future Kubernetes release: use \"10.0.0.0/8\"; spec.loadBalancerSourceRanges[2]: IPv6 CIDR "
                + "value \"2001:DB8::/32\" should be in RFC 5952 canonical format (\"2001:db8::/32\")"})
    void aServiceWithFieldsThatNobodyReads(String spec, String expected) {
        assertThat(created("services", "{'spec':" + spec + "}")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "endpoints|{'subsets':[{'addresses':[{'ip':'1.2.3.4'}],'notReadyAddresses':[{'ip':'2001:DB8::1'}]}]}|subsets[0]"
                + ".notReadyAddresses[0].ip: IPv6 address \"2001:DB8::1\" should be in RFC 5952 canonical format "
                + "(\"2001:db8::1\")",
        "endpoints|{'metadata':{'labels':{'endpoints.kubernetes.io/managed-by':'endpoint-controller'}},'subsets':[{"
                + "'addresses':[{'ip':'2001:DB8::1'}]}]}|-",
        "endpointslices.discovery.k8s.io|{'addressType':'FQDN','endpoints':[{'addresses':['a.b']}]}|spec.addressType: "
                + "FQDN endpoints are deprecated",
        "ingresses.networking.k8s.io|{'metadata':{'annotations':{'kubernetes.io/ingress.class':'x'}}}|annotation "
                + "\"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead",
        "ingresses.networking.k8s.io|{'metadata':{'annotations':{'kubernetes.io/ingress.class':'x'}},'spec':{"
                + "'ingressClassName':'x'}}|-",
        "networkpolicies.networking.k8s.io|{'spec':{'egress':[{'to':[{'ipBlock':{'cidr':'2001:DB8::/32','except':["
                + "'2001:DB8:1::/48']}}]}]}}|spec.egress[0].to[0].ipBlock.cidr: IPv6 CIDR value \"2001:DB8::/32\" should"
                + " be in RFC 5952 canonical format (\"2001:db8::/32\"); spec.egress[0].to[0].ipBlock.except[0]: IPv6 "
                + "CIDR value \"2001:DB8:1::/48\" should be in RFC 5952 canonical format (\"2001:db8:1::/48\")",
        "persistentvolumes|{'metadata':{'annotations':{'volume.beta.kubernetes.io/storage-class':'s'}},'spec':{"
                + "'persistentVolumeReclaimPolicy':'Recycle','rbd':{},'nodeAffinity':{'required':{'nodeSelectorTerms':"
                + "[{'matchExpressions':[{'key':'beta.kubernetes.io/os','operator':'Exists'}]}]}}}}|"
                + "metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "
                + "\"storageClassName\" attribute instead; spec.persistentVolumeReclaimPolicy: The Recycle reclaim "
                + "policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.; "
                + "spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].key: beta.kubernetes.io/os is "
                + "deprecated since v1.14; use \"kubernetes.io/os\" instead; spec.rbd: deprecated in v1.28, "
                + "non-functional in v1.31+",
        "persistentvolumeclaims|{'spec':{'resources':{'requests':{'storage':'500m'},'limits':{'storage':'1500m'}}}}|"
                + "spec.resources.requests[storage]: fractional byte value \"500m\" is invalid, must be an integer; "
                + "spec.resources.limits[storage]: fractional byte value \"1500m\" is invalid, must be an integer",
        "storageclasses.storage.k8s.io|{'allowedTopologies':[{'matchLabelExpressions':[{'key':'failure-domain.beta"
                + ".kubernetes.io/region','values':['a']}]}]}|allowedTopologies[0].matchLabelExpressions[0].key: "
                + "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
        "csistoragecapacities.storage.k8s.io|{'nodeTopology':{'matchLabels':{'beta.kubernetes.io/os':'x'}}}|"
                + "nodeTopology.matchLabels.beta.kubernetes.io/os: deprecated since v1.14; use \"kubernetes.io/os\" "
                + "instead",
        "runtimeclasses.node.k8s.io|{'scheduling':{'nodeSelector':{'beta.kubernetes.io/os':'x'}}}|scheduling"
                + ".nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use \"kubernetes.io/os\" instead",
        "nodes|{'spec':{'externalID':'x','configSource':{}}}|spec.configSource: the feature is removed; spec.externalID: "
                + "this field is deprecated, and is unused by Kubernetes",
        "resourceslices.resource.k8s.io|{'spec':{'driver':'A.b'}}|spec.driver: driver names should be lowercase; \"A.b\" "
                + "contains uppercase characters",
        "serviceaccounts|{'metadata':{'annotations':{'kubernetes.io/enforce-mountable-secrets':'false'}}}|"
                + "metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate "
                + "namespaces to isolate access to mounted secrets",
        "validatingadmissionpolicies.admissionregistration.k8s.io|" + STATIC,
        "mutatingadmissionpolicybindings.admissionregistration.k8s.io|" + STATIC,
        "mutatingwebhookconfigurations.admissionregistration.k8s.io|" + STATIC,
        "secrets|{'type':'kubernetes.io/tls'}|tls: failed to find any PEM data in certificate input"})
    void whatElseIsWarnedOf(String name, String part, String expected) {
        assertThat(created(name, part)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "pods|status|{'status':{'podIPs':[{'ip':'1.2.3.4'},{'ip':'2001:DB8::1'}],'hostIPs':[{'ip':'010.0.0.1'}]}}|"
                + "status.podIPs[1].ip: IPv6 address \"2001:DB8::1\" should be in RFC 5952 canonical format "
                + "(\"2001:db8::1\"); status.hostIPs[0].ip: non-standard IP address \"010.0.0.1\" will be considered "
                + "invalid in a future Kubernetes release: use \"10.0.0.1\"",
        "validatingadmissionpolicies.admissionregistration.k8s.io|status|" + STATIC,
        "validatingwebhookconfigurations.admissionregistration.k8s.io||" + STATIC,
        "pods||{'metadata':{'name':'a.b'},'spec':{'terminationGracePeriodSeconds':-5}}|-",
        "services|status|{'status':{'loadBalancer':{'ingress':[{'ip':'2001:DB8::1'}]}}}|status.loadBalancer.ingress[0]: "
                + "IPv6 address \"2001:DB8::1\" should be in RFC 5952 canonical format (\"2001:db8::1\")",
        "serviceaccounts||{'metadata':{'annotations':{'kubernetes.io/enforce-mountable-secrets':'true'}}}|"
                + "metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate "
                + "namespaces to isolate access to mounted secrets",
        "services||{'spec':{'trafficDistribution':'PreferClose'}}|spec.trafficDistribution: \"PreferClose\" is "
                + "deprecated; use \"PreferSameZone\"",
        "services|status|{'spec':{'trafficDistribution':'PreferClose'}}|-",
        "ingresses.networking.k8s.io||{'metadata':{'annotations':{'kubernetes.io/ingress.class':'x'}}}|-",
        "cronjobs.batch||{'spec':{'schedule':'TZ=UTC 0 * * * *'}}|cannot use TZ or CRON_TZ in spec.spec.schedule, use "
                + "timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more "
                + "details"})
    void whatAnUpdateIsWarnedOf(String name, String subresource, String part, String expected) {
        ResourceType type = Samples.type(name);
        ObjectNode object = Samples.created(type);
        ObjectNode old = Json.object(Json.bytes(object));
        Samples.merge(object, Samples.json(part));
        assertThat(told(type.rules().warningsOnUpdate(subresource == null ? "" : subresource, object, old)))
                .isEqualTo(expected);
    }

    private static String created(String name, String part) {
        ResourceType type = Samples.type(name);
        return told(type.rules().warningsOnCreate(Samples.created(type, Samples.json(part))));
    }

    private static String told(List<String> warnings) {
        return warnings.isEmpty() ? "-" : String.join("; ", warnings);
    }
}
