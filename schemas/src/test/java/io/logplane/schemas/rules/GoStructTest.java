package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Structs as Go writes them, and what differs between two of them.
class GoStructTest {
    /// As kube-apiserver 1.36.2 stored it, of a vendor that projects one source more.
    private static final String RECORDED = "{'volumes':[{'name':'kube-api-access-b','projected':{'defaultMode':420,"
            + "'sources':[{'serviceAccountToken':{'expirationSeconds':3607,'path':'token'}},{'configMap':{'name':"
            + "'kube-root-ca.crt','items':[{'key':'ca.crt','path':'ca.crt'}]}},{'downwardAPI':{'items':[{'path':"
            + "'namespace','fieldRef':{'apiVersion':'v1','fieldPath':'metadata.namespace'}}]}},{'configMap':{'items':[{"
            + "'key':'service-ca.crt','path':'service-ca.crt'}],'name':'openshift-service-ca.crt'}}]}}],"
            + "'containers':[{'name':'c','image':'j'%s,'resources':{}}],'hostNetwork':true}";

    /// A row: type, an object, how Go writes it.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "Toleration|{'key':'a','operator':'Exists'}|"
                + "{'Key':'a','Operator':'Exists','Value':'','Effect':'','TolerationSeconds':null}",
        "RBDPersistentVolumeSource|{'image':'i','monitors':['m'],'secretRef':{'namespace':'n'},'readOnly':true}|"
                + "{'CephMonitors':['m'],'RBDImage':'i','FSType':'','RBDPool':'','RadosUser':'','Keyring':'',"
                + "'SecretRef':{'Name':'','Namespace':'n'},'ReadOnly':true}",
        "Probe|{'tcpSocket':{'port':'http'},'periodSeconds':5}|{'Exec':null,'HTTPGet':null,'TCPSocket':{'Port':'http',"
                + "'Host':''},'GRPC':null,'InitialDelaySeconds':0,'TimeoutSeconds':0,'PeriodSeconds':5,"
                + "'SuccessThreshold':0,'FailureThreshold':0,'TerminationGracePeriodSeconds':null}",
        "EphemeralVolumeSource|{'volumeClaimTemplate':{'metadata':{'labels':{'b':'1','a':'2'},'annotations':{}},"
                + "'spec':{'resources':{'requests':{'storage':'1Gi'}}}}}|{'VolumeClaimTemplate':{'labels':{'a':'2',"
                + "'b':'1'},'Spec':{'AccessModes':null,'Selector':null,'Resources':{'Limits':null,'Requests':{'storage':"
                + "'1Gi'}},'VolumeName':'','StorageClassName':null,'VolumeMode':null,'DataSource':null,'DataSourceRef':"
                + "null,'VolumeAttributesClassName':null}}}",
        "PodAffinityTerm|{'labelSelector':{'matchExpressions':[{'key':'k','operator':'In','values':['v']}]},"
                + "'topologyKey':'t'}|{'LabelSelector':{'matchExpressions':[{'key':'k','operator':'In','values':['v']}]"
                + "},'Namespaces':null,'TopologyKey':'t','NamespaceSelector':null,'MatchLabelKeys':null,"
                + "'MismatchLabelKeys':null}",
        "ResourceFieldSelector|{'resource':'limits.cpu'}|"
                + "{'ContainerName':'','Resource':'limits.cpu','Divisor':'0'}"})
    void every_field_is_shown_in_its_order_under_its_name(String type, String object, String expected) {
        assertThat(GoStruct.of(Samples.json(object), type)).hasToString(expected.replace('\'', '"'));
    }

    @Test
    void what_a_pod_shares_with_its_host_stands_in_its_security_context() {
        ObjectNode spec = Samples.json("{'hostNetwork':true,'hostUsers':false,'securityContext':{'runAsUser':7}}");
        ObjectNode shown = GoStruct.struct(spec, "PodSpec");
        assertThat(shown.has("HostNetwork")).isFalse();
        assertThat(shown.path("SecurityContext").toString()).startsWith("{\"HostNetwork\":true,\"HostPID\":false,"
                + "\"HostIPC\":false,\"ShareProcessNamespace\":null,\"HostUsers\":false,\"SELinuxOptions\":null,"
                + "\"WindowsOptions\":null,\"RunAsUser\":7,");
    }

    /// What kube-apiserver 1.36.2 answered.
    @Test
    void a_difference_has_the_lines_that_clients_know() {
        assertThat(GoDifference.of("PodSpec", Samples.json(RECORDED.formatted("")),
                Samples.json(RECORDED.formatted(",'command':['x']")))).isEqualTo("""
                        @@ -111,7 +111,9 @@
                           {
                            "Name": "c",
                            "Image": "j",
                        -   "Command": null,
                        +   "Command": [
                        +    "x"
                        +   ],
                            "Args": null,
                            "WorkingDir": "",
                            "Ports": null,
                        """);
    }

    @Test
    void texts_in_a_difference_are_escaped_as_Go_escapes_them() {
        assertThat(GoDifference.of("PodOS", Samples.json("{'name':'<a>&'}"), Samples.json("{'name':'\\\"\\n'}")))
                .isEqualTo(
                        "@@ -1,3 +1,3 @@\n {\n- \"Name\": \"\\u003ca\\u003e\\u0026\"\n+ \"Name\": \"\\\"\\n\"\n }\n");
    }
}
