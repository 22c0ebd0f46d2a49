package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is filled in. A row: type, object, JSON pointer, the value found there after creation ("absent" for none).
class DefaultsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "pods|{'spec':{'containers':[{'name':'c','image':'r.io:5000/a/b'}]}}|/spec/containers/0/imagePullPolicy|'Always'",
        "pods|{'spec':{'containers':[{'name':'c','image':'r.io:5000/a/b:1'}]}}|/spec/containers/0/imagePullPolicy|"
                + "'IfNotPresent'",
        "pods|{'spec':{'containers':[{'name':'c','image':'b@sha256:1'}]}}|/spec/containers/0/imagePullPolicy|"
                + "'IfNotPresent'",
        "pods|{'spec':{'containers':[{'name':'c','image':'b:latest'}]}}|/spec/containers/0/imagePullPolicy|'Always'",
        "pods|{'spec':{'containers':[{'name':'c','image':'i','ports':[{'containerPort':80}]}],'hostNetwork':true}}|"
                + "/spec/containers/0/ports|[{'containerPort':80,'protocol':'TCP','hostPort':80}]",
        "pods|{'spec':{'containers':[{'name':'c','image':'i','livenessProbe':{'httpGet':{'port':80}}}]}}|"
                + "/spec/containers/0/livenessProbe|{'httpGet':{'port':80,'path':'/','scheme':'HTTP'},"
                + "'timeoutSeconds':1,'periodSeconds':10,'successThreshold':1,'failureThreshold':3}",
        "pods|{'spec':{'containers':[{'name':'c','image':'i','resources':{'limits':{'cpu':'1000m','memory':'1024Mi'}}"
                + "}]}}|/spec/containers/0/resources|{'limits':{'cpu':'1','memory':'1Gi'},"
                + "'requests':{'cpu':'1','memory':'1Gi'}}",
        "pods|{'spec':{'containers':[{'name':'c','image':'i','resources':{'limits':{'cpu':'1','memory':'1Gi'}}}]}}|"
                + "/status|{'phase':'Pending','qosClass':'Guaranteed'}",
        "pods|{'spec':{'containers':[{'name':'c','image':'i','resources':{'requests':{'cpu':0.1}}}]}}|"
                + "/status/qosClass|'Burstable'",
        "pods|{'spec':{'schedulingGates':[{'name':'example.com/g'}]}}|/status/conditions/0/reason|'SchedulingGated'",
        "pods|{'spec':{'volumes':[{'name':'v'}]}}|/spec/volumes/0|{'name':'v','emptyDir':{}}",
        "pods|{'spec':{'volumes':[{'name':'v','secret':{'secretName':'s'}}]}}|/spec/volumes/0/secret/defaultMode|420",
        "pods|{'spec':{'volumes':[{'name':'v','hostPath':{'path':'/x'}}]}}|/spec/volumes/0/hostPath/type|''",
        "pods|{'spec':{'volumes':[{'name':'v','projected':{'sources':[{'serviceAccountToken':{'path':'t'}},"
                + "{'downwardAPI':{'items':[{'path':'n','fieldRef':{'fieldPath':'metadata.namespace'}}]}}]}}]}}|"
                + "/spec/volumes/0/projected|{'sources':[{'serviceAccountToken':{'path':'t','expirationSeconds':3600}},"
                + "{'downwardAPI':{'items':[{'path':'n','fieldRef':{'fieldPath':'metadata.namespace','apiVersion':'v1'"
                + "}}]}}],'defaultMode':420}",
        "pods|{'spec':{'containers':[{'name':'c','image':'i','env':[{'name':'A','valueFrom':{'fieldRef':"
                + "{'fieldPath':'spec.nodeName'}}}]}]}}|/spec/containers/0/env/0/valueFrom/fieldRef/apiVersion|'v1'",
        "pods|{'spec':{'serviceAccount':'s'}}|/spec/serviceAccountName|'s'",
        "pods|{'spec':{'terminationGracePeriodSeconds':-1}}|/spec/terminationGracePeriodSeconds|1",
        "pods|{'spec':{'resources':{'limits':{'cpu':'2'}},'containers':[{'name':'c','image':'i','resources':"
                + "{'requests':{'cpu':'300m'}}}]}}|/spec/resources/requests|{'cpu':'300m'}",
        "pods|{'metadata':{'name':'x'},'status':{'phase':'Running'}}|/status/phase|'Pending'",
        "deployments.apps|{}|/spec/template/spec/enableServiceLinks|absent",
        "deployments.apps|{'spec':{'strategy':{'type':'Recreate'}}}|/spec/strategy|{'type':'Recreate'}",
        "deployments.apps|{'spec':{'strategy':{'rollingUpdate':{'maxSurge':2}}}}|/spec/strategy|"
                + "{'rollingUpdate':{'maxSurge':2,'maxUnavailable':'25%'},'type':'RollingUpdate'}",
        "jobs.batch|{'spec':{'parallelism':3}}|/spec/completions|absent",
        "jobs.batch|{'spec':{'backoffLimitPerIndex':1}}|/spec/backoffLimit|2147483647",
        "replicationcontrollers|{'spec':{'template':{'metadata':{'labels':{'a':'b'}}}}}|/spec/selector|{'a':'b'}",
        "services|{'spec':{'type':'LoadBalancer','ports':[{'port':80}]}}|/spec/allocateLoadBalancerNodePorts|true",
        "services|{'spec':{'sessionAffinity':'ClientIP','ports':[{'port':80}]}}|/spec/sessionAffinityConfig|"
                + "{'clientIP':{'timeoutSeconds':10800}}",
        "services|{'spec':{'clusterIP':'None','selector':{'a':'b'}}}|/spec/ipFamilies|['IPv4']",
        "secrets|{'stringData':{'p':'hello'}}|/data|{'p':'aGVsbG8='}",
        "secrets|{'stringData':{'p':'x'}}|/stringData|absent",
        "namespaces|{}|/metadata/labels|{'kubernetes.io/metadata.name':'x'}",
        "namespaces|{'spec':{'finalizers':['example.com/x']}}|/spec/finalizers|['example.com/x','kubernetes']",
        "nodes|{'status':{'capacity':{'cpu':'4000m'}}}|/status/allocatable|{'cpu':'4'}",
        "nodes|{'spec':{'podCIDR':'10.1.0.0/24'}}|/spec/podCIDRs|['10.1.0.0/24']",
        "persistentvolumes|{}|/spec/persistentVolumeReclaimPolicy|'Retain'",
        "limitranges|{'spec':{'limits':[{'type':'Container','max':{'cpu':'1'},'min':{'memory':'1Mi'}}]}}|"
                + "/spec/limits/0/defaultRequest|{'cpu':'1','memory':'1Mi'}",
        "resourcequotas|{'spec':{'hard':{'cpu':'1000m','pods':5}}}|/spec/hard|{'cpu':'1','pods':'5'}",
        "networkpolicies.networking.k8s.io|{'spec':{'egress':[{}]}}|/spec/policyTypes|['Ingress','Egress']",
        "rolebindings.rbac.authorization.k8s.io|{'roleRef':{'kind':'Role','name':'r'},'subjects':[{'kind':'User',"
                + "'name':'u'}]}|/subjects/0/apiGroup|'rbac.authorization.k8s.io'",
        "horizontalpodautoscalers.autoscaling|{}|/spec/metrics/0/resource/target/averageUtilization|80",
        "storageclasses.storage.k8s.io|{}|/volumeBindingMode|'Immediate'",
        "events|{}|/reportingComponent|''"})
    void aFieldIsFilledAsUpstreamFillsIt(String type, String object, String pointer, String expected) {
        ObjectNode created = Samples.created(Samples.type(type), Samples.json(object));
        JsonNode found = created.at(pointer);
        if (expected.equals("absent")) {
            assertThat(found.isMissingNode()).isTrue();
        } else {
            JsonNode wanted = Json.object(("{\"v\":" + expected.replace('\'', '"') + "}")
                    .getBytes(StandardCharsets.UTF_8)).path("v");
            assertThat(found).isEqualTo(wanted);
        }
    }
}
