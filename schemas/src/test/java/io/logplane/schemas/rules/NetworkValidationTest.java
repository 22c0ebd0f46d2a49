package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Network types: what is refused and what a change of a Service's type takes away. All causes joined by "; ", "-" for
/// none.
class NetworkValidationTest {
    private static final ResourceType SERVICES = Samples.type("services");
    private static final ResourceType POLICIES = Samples.type("networkpolicies.networking.k8s.io");
    private static final String BACK = "'backend':{'service':{'name':'s','port':{'number':80}}}";
    private static final String IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{}|spec.ports: Required value", "{'clusterIP':'None'}|-", "{'ports':[{'port':80}]}|-",
        "{'type':'Foo','ports':[{'port':80}]}|spec.type: Unsupported value: \"Foo\": supported values: \"ClusterIP\", "
                + "\"ExternalName\", \"LoadBalancer\", \"NodePort\"",
        "{'type':'NodePort','clusterIP':'None','ports':[{'port':80}]}|spec.clusterIPs[0]: Invalid value: \"None\": may "
                + "not be set to 'None' for NodePort services",
        "{'type':'ExternalName'}|spec.externalName: Required value",
        "{'type':'ExternalName','externalName':'.'}|spec.externalName: Required value",
        "{'type':'ExternalName','externalName':'a.example.'}|-",
        "{'type':'ExternalName','externalName':'a.example','clusterIP':'10.0.0.1','ipFamilies':['IPv4'],"
                + "'ipFamilyPolicy':'SingleStack'}|spec.clusterIPs: Forbidden: may not be set for ExternalName "
                + "services; spec.ipFamilies: Forbidden: may not be set for ExternalName services; spec.ipFamilyPolicy:"
                + " Forbidden: may not be set for ExternalName services",
        "{'ports':[{'port':80},{'name':'a','port':0,'protocol':'HTTP'},{'name':'a','port':81,'appProtocol':'','"
                + "targetPort':99999}]}|spec.ports[0].name: Required value; spec.ports[1].port: Invalid value: 0: must"
                + " be between 1 and 65535, inclusive; spec.ports[1].protocol: Unsupported value: \"HTTP\": supported "
                + "values: \"SCTP\", \"TCP\", \"UDP\"; spec.ports[1].targetPort: Invalid value: 0: must be between 1 "
                + "and 65535, inclusive; spec.ports[2].name: Duplicate value: \"a\"; spec.ports[2].targetPort: Invalid "
                + "value: 99999: must be between 1 and 65535, inclusive; spec.ports[2].appProtocol: Invalid value: "
                + "\"\": name part must be non-empty; spec.ports[2].appProtocol: Invalid value: \"\": name part must "
                + "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
                + "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
                + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "{'ports':[{'name':'a','port':80},{'name':'b','port':80}]}|spec.ports[1]: Duplicate value: "
                + "{\"Name\":\"\",\"Protocol\":\"TCP\",\"AppProtocol\":null,\"Port\":80,\"TargetPort\":0,\"NodePort\""
                + ":0}",
        "{'ports':[{'name':'a','port':80},{'name':'b','port':80,'protocol':'UDP'}]}|-",
        "{'type':'NodePort','ports':[{'name':'a','port':80,'nodePort':30080},{'name':'b','port':81,'nodePort':30080}]}|"
                + "spec.ports[1].nodePort: Duplicate value: 30080",
        "{'type':'NodePort','ports':[{'port':80,'nodePort':80}],'sessionAffinity':'x'}|spec.ports[0].nodePort: Invalid "
                + "value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767",
        "{'ports':[{'port':80}],'sessionAffinity':'ClientIP','sessionAffinityConfig':{'clientIP':{'timeoutSeconds'"
                + ":86401}}}|spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater"
                + " than 0 and less than 86400",
        "{'ports':[{'port':80}],'sessionAffinity':'Cookie'}|spec.sessionAffinity: Unsupported value: \"Cookie\": "
                + "supported values: \"ClientIP\", \"None\"",
        "{'ports':[{'port':80}],'externalIPs':['8.8.8.8','x','127.0.0.1','fe80::1']}|spec.externalIPs[1]: Invalid "
                + "value: \"x\": " + IP + "; spec.externalIPs[2]: Invalid value: \"127.0.0.1\": may not be in the "
                + "loopback range (127.0.0.0/8, ::1/128); spec.externalIPs[3]: Invalid value: \"fe80::1\": may not be "
                + "in the link-local range (169.254.0.0/16, fe80::/10)",
        "{'ports':[{'port':80}],'externalIPs':['010.0.0.1','0.0.0.0','224.0.0.1','::FFFF:1.2.3.4']}|"
                + "spec.externalIPs[0]: Invalid value: \"010.0.0.1\": must not have leading 0s; spec.externalIPs[1]: "
                + "Invalid value: \"0.0.0.0\": may not be unspecified (0.0.0.0); spec.externalIPs[2]: Invalid value: "
                + "\"224.0.0.1\": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10); "
                + "spec.externalIPs[3]: Invalid value: \"::FFFF:1.2.3.4\": must not be an IPv4-mapped IPv6 address"})
    void aServiceIsChecked(String spec, String expected) {
        assertThat(created(SERVICES, "{'spec':" + spec + "}")).isEqualTo(full(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'clusterIP':'None','type':'ClusterIP'|-",
        "'clusterIP':'x'|spec.clusterIPs[0]: Invalid value: \"x\": " + IP,
        "'clusterIPs':['None']|spec.clusterIPs: Invalid value: [\"None\"]: must be empty when `clusterIP` is not "
                + "specified",
        "'clusterIP':'10.0.0.1','clusterIPs':['10.0.0.2']|spec.clusterIPs: Invalid value: [\"10.0.0.2\"]: first value "
                + "must match `clusterIP`",
        "'clusterIP':'10.0.0.1','clusterIPs':['10.0.0.1','10.0.0.2']|spec.clusterIPs: Invalid value: [\"10.0.0.1\","
                + "\"10.0.0.2\"]: may specify no more than one IP for each IP family",
        "'clusterIP':'10.0.0.1','clusterIPs':['10.0.0.1','fd00::1']|spec.ipFamilyPolicy: Invalid value: "
                + "\"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are "
                + "specified; spec.clusterIPs[1]: Invalid value: [\"10.0.0.1\",\"fd00::1\"]: IPv6 is not configured on "
                + "this cluster",
        "'clusterIP':'None','clusterIPs':['None','10.0.0.2']|spec.clusterIPs: Invalid value: [\"None\",\"10.0.0.2\"]: "
                + "'None' must be the first and only value",
        "'clusterIP':'fd00::1'|spec.clusterIPs[0]: Invalid value: [\"fd00::1\"]: IPv6 is not configured on this "
                + "cluster",
        "'clusterIP':'10.0.0.1','ipFamilies':['IPv6']|spec.clusterIPs[0]: Invalid value: \"10.0.0.1\": expected an IPv6"
                + " value as indicated by `ipFamilies[0]`",
        "'ipFamilies':['IPv6']|spec.ipFamilies[0]: Invalid value: \"IPv6\": not configured on this cluster",
        "'ipFamilies':['IPv4','IPv4','x']|spec.ipFamilies[1]: Duplicate value: \"IPv4\"; spec.ipFamilies[2]: "
                + "Unsupported value: \"x\": supported values: \"IPv4\", \"IPv6\"",
        "'ipFamilyPolicy':'Both'|spec.ipFamilyPolicy: Unsupported value: \"Both\": supported values: "
                + "\"PreferDualStack\", \"RequireDualStack\", \"SingleStack\"",
        "'ipFamilyPolicy':'RequireDualStack'|spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": this cluster is"
                + " not configured for dual-stack services",
        "'ipFamilyPolicy':'PreferDualStack'|-", "'clusterIP':'None','ipFamilyPolicy':'RequireDualStack'|-",
        "'clusterIP':'None','selector':{'a':'b'},'ipFamilyPolicy':'RequireDualStack'|spec.ipFamilyPolicy: Invalid "
                + "value: \"RequireDualStack\": this cluster is not configured for dual-stack services",
        "'ipFamilyPolicy':'SingleStack','ipFamilies':['IPv4','IPv6']|spec.ipFamilyPolicy: Invalid value: "
                + "\"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are "
                + "specified"})
    void addressesAndFamiliesAgree(String part, String expected) {
        assertThat(created(SERVICES, "{'spec':{'ports':[{'port':80}]," + part + "}}")).isEqualTo(full(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'externalTrafficPolicy':'Local'|spec.externalTrafficPolicy: Invalid value: \"Local\": may only be set for "
                + "externally-accessible services",
        "'externalIPs':['8.8.8.8'],'externalTrafficPolicy':'Local'|-",
        "'type':'NodePort','externalTrafficPolicy':'Mine'|spec.externalTrafficPolicy: Unsupported value: \"Mine\": "
                + "supported values: \"Cluster\", \"Local\"",
        "'internalTrafficPolicy':'Mine'|spec.internalTrafficPolicy: Unsupported value: \"Mine\": supported values: "
                + "\"Cluster\", \"Local\"",
        "'type':'NodePort','externalTrafficPolicy':'Local','healthCheckNodePort':31000|spec.healthCheckNodePort: "
                + "Invalid value: 31000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is "
                + "'Local'",
        "'type':'LoadBalancer','externalTrafficPolicy':'Local','healthCheckNodePort':31000|-",
        "'type':'LoadBalancer','externalTrafficPolicy':'Local','healthCheckNodePort':70000|spec.healthCheckNodePort: "
                + "Invalid value: 70000: must be between 1 and 65535, inclusive",
        "'loadBalancerClass':'a'|spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'",
        "'type':'LoadBalancer','loadBalancerClass':'example.com/a'|-",
        "'type':'LoadBalancer','loadBalancerClass':'/a'|spec.loadBalancerClass: Invalid value: \"/a\": prefix part must"
                + " be non-empty",
        "'allocateLoadBalancerNodePorts':false|spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when "
                + "`type` is 'LoadBalancer'",
        "'loadBalancerSourceRanges':['10.0.0.0/8']|spec.LoadBalancerSourceRanges: Forbidden: may only be used when "
                + "`type` is 'LoadBalancer'",
        "'type':'LoadBalancer','loadBalancerSourceRanges':[' 10.0.0.0/8 ','10.0.0.1/8','010.0.0.0/8','10.0.0.0/08',"
                + "'x']|spec.LoadBalancerSourceRanges[1]: Invalid value: \"10.0.0.1/8\": must not have bits set beyond"
                + " the prefix length; spec.LoadBalancerSourceRanges[2]: Invalid value: \"010.0.0.0/8\": must not have"
                + " leading 0s in IP or prefix length; spec.LoadBalancerSourceRanges[3]: Invalid value: "
                + "\"10.0.0.0/08\": must not have leading 0s in IP or prefix length; spec.LoadBalancerSourceRanges[4]:"
                + " Invalid value: \"x\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)",
        "'trafficDistribution':'PreferSameNode'|-",
        "'trafficDistribution':'Best'|spec.trafficDistribution: Unsupported value: \"Best\": supported values: "
                + "\"PreferClose\", \"PreferSameZone\", \"PreferSameNode\""})
    void trafficFieldsFitTheType(String part, String expected) {
        assertThat(created(SERVICES, "{'spec':{'ports':[{'port':80}]," + part + "}}")).isEqualTo(full(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'service.beta.kubernetes.io/load-balancer-source-ranges':'10.0.0.0/8, x'|metadata.annotations[service.beta."
                + "kubernetes.io/load-balancer-source-ranges]: Forbidden: may only be used when `type` is "
                + "'LoadBalancer'; metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]: "
                + "Invalid value: \"x\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)",
        "'service.kubernetes.io/topology-mode':'Auto','service.kubernetes.io/topology-aware-hints':'Disabled'|"
                + "metadata.annotations[service.kubernetes.io/topology-mode]: Invalid value: \"Auto\": must match "
                + "annotations[service.kubernetes.io/topology-aware-hints] when both are specified"})
    void annotationsOfAServiceAreChecked(String annotations, String expected) {
        assertThat(
                created(SERVICES, "{'metadata':{'annotations':{" + annotations + "}},'spec':{'ports':[{'port':80}]}}"))
                .isEqualTo(full(expected));
    }

    /// A row: the spec before, a merge patch, the fields that must be gone, what is refused.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'type':'NodePort','ports':[{'port':80,'nodePort':30080}]|'type':'ClusterIP'|"
                + "externalTrafficPolicy ports[0].nodePort|-",
        "'type':'NodePort','ports':[{'port':80,'nodePort':30080}]|'type':'ClusterIP','ports':[{'port':80,'nodePort':"
                + "30081}]|externalTrafficPolicy|spec.ports[0].nodePort: Forbidden: may not be used when `type` is "
                + "'ClusterIP'",
        "'type':'LoadBalancer','externalTrafficPolicy':'Local','healthCheckNodePort':31000,'loadBalancerClass':'a/b',"
                + "'ports':[{'port':80,'nodePort':30080}]|'type':'ClusterIP'|externalTrafficPolicy loadBalancerClass "
                + "healthCheckNodePort allocateLoadBalancerNodePorts ports[0].nodePort|-",
        "'type':'LoadBalancer','loadBalancerClass':'a/b','ports':[{'port':80}]|'type':'NodePort'|loadBalancerClass "
                + "allocateLoadBalancerNodePorts|-",
        "'type':'LoadBalancer','loadBalancerClass':'a/b','ports':[{'port':80}]|'loadBalancerClass':'a/c'||"
                + "spec.loadBalancerClass: Invalid value: \"a/c\": may not change once set",
        "'type':'LoadBalancer','loadBalancerClass':'a/b','ports':[{'port':80}]|'loadBalancerClass':null||"
                + "spec.loadBalancerClass: Invalid value: \"null\": may not change once set",
        "'type':'LoadBalancer','externalTrafficPolicy':'Local','healthCheckNodePort':31000,'ports':[{'port':80}]|"
                + "'healthCheckNodePort':31001||spec.healthCheckNodePort: Forbidden: field is immutable",
        "'type':'LoadBalancer','externalTrafficPolicy':'Local','healthCheckNodePort':31000,'ports':[{'port':80}]|"
                + "'externalTrafficPolicy':'Cluster'|healthCheckNodePort|-",
        "'ports':[{'port':80}]|'type':'ExternalName','externalName':'a.example'|clusterIP clusterIPs ipFamilies "
                + "ipFamilyPolicy|-",
        "'ports':[{'port':80}]|'type':'ExternalName','externalName':'a.example','clusterIP':'10.0.0.9','clusterIPs':["
                + "'10.0.0.9']|ipFamilies ipFamilyPolicy|spec.clusterIPs: Forbidden: may not be set for ExternalName "
                + "services",
        "'externalIPs':['8.8.8.8'],'ports':[{'port':80}]|'externalIPs':null|externalTrafficPolicy|-",
        "'ports':[{'port':80}]|'clusterIP':null,'clusterIPs':null||-",
        "'ports':[{'port':80}]|'clusterIP':'None'||spec.clusterIPs[0]: Invalid value: [\"None\"]: may not change once "
                + "set",
        "'ports':[{'port':80}]|'ipFamilies':['IPv6']||spec.clusterIPs[0]: Invalid value: \"10.0.0.1\": expected an IPv6"
                + " value as indicated by `ipFamilies[0]`",
        "'externalIPs':['010.0.0.1'],'ports':[{'port':80}]|'sessionAffinity':'ClientIP'||-"})
    void aServiceThatChangesItsTypeLosesWhatTheTypeNeeded(String before, String patch, String gone, String expected) {
        ObjectNode old = Samples.created(SERVICES, Samples.json("{'spec':{" + before + "}}"));
        if (!Tree.has(old, "spec.clusterIP")) {
            Tree.object(old, "spec").put("clusterIP", "10.0.0.1").putArray("clusterIPs").add("10.0.0.1");
        }
        ObjectNode now = changed(SERVICES, old, "{'spec':{" + patch + "}}");
        assertThat(Samples.told(SERVICES.problems(now, old))).isEqualTo(full(expected));
        for (String field : gone == null ? new String[0] : gone.split(" ")) {
            assertThat(now.at("/spec/" + field.replace("[0].", "/0/")).isMissingNode()).as(field).isTrue();
        }
    }

    @Test
    void portsKeepTheirNumbersByNameAndHeadlessServicesTheirFamilies() {
        ObjectNode old = Samples.created(SERVICES, Samples.json("{'spec':{'type':'NodePort','ports':[{'name':'a','port'"
                + ":80,'nodePort':30080},{'name':'b','port':81,'nodePort':30081}]}}"));
        ObjectNode now = changed(SERVICES, old, "{'spec':{'ports':[{'name':'b','port':90},{'name':'c','port':91},"
                + "{'name':'a','port':92,'nodePort':30500}]}}");
        assertThat(now.at("/spec/ports").findValuesAsText("nodePort")).containsExactly("30081", "30500");
        ObjectNode free = Samples.created(SERVICES, Samples.json("{'spec':{'clusterIP':'None'}}"));
        assertThat(Tree.texts(free, "spec.ipFamilies")).containsExactly("IPv4", "IPv6");
        ObjectNode single = changed(SERVICES, free, "{'spec':{'ipFamilyPolicy':'SingleStack'}}");
        assertThat(Tree.texts(single, "spec.ipFamilies")).containsExactly("IPv4");
        assertThat(Samples.told(SERVICES.problems(single, free))).isEqualTo("-");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "ClusterIP|[{'ip':'1.2.3.4','ipMode':'VIP'}]|status.loadBalancer.ingress: Forbidden: may only be used when "
                + "`spec.type` is 'LoadBalancer'",
        "LoadBalancer|[{'ip':'1.2.3.4','ipMode':'VIP'},{'hostname':'a.example'}]|-",
        "LoadBalancer|[{'ip':'x','ipMode':'VIP'},{'ip':'1.2.3.4'},{'ipMode':'VIP'},{'ip':'1.2.3.5','ipMode':'x'},"
                + "{'hostname':'1.2.3.4'}]|status.loadBalancer.ingress[0].ip: Invalid value: \"x\": " + IP
                + "; status.loadBalancer.ingress[1].ipMode: Required value: must be specified when `ip` is set; "
                + "status.loadBalancer.ingress[2].ipMode: Forbidden: may not be specified when `ip` is not set; "
                + "status.loadBalancer.ingress[3].ipMode: Unsupported value: \"x\": supported values: \"Proxy\", "
                + "\"VIP\"; status.loadBalancer.ingress[4].hostname: Invalid value: \"1.2.3.4\": must be a DNS name, "
                + "not an IP address"})
    void theStatusOfAServiceIsChecked(String type, String points, String expected) {
        ObjectNode old = Samples.created(SERVICES, Samples.json("{'spec':{'type':'" + type + "'}}"));
        ObjectNode now = old.deepCopy();
        Tree.object(Tree.object(now, "status"), "loadBalancer").set("ingress",
                Samples.json("{'a':" + points + "}").get("a"));
        SERVICES.rules().prepareForSubresource("status", now, old);
        assertThat(Samples.told(SERVICES.rules().validateSubresource("status", now, old))).isEqualTo(full(expected));
    }

    @Test
    void aServiceThatIsBalancedNoMoreLosesItsBalancer() {
        ObjectNode old = Samples.created(SERVICES, Samples.json("{'spec':{'type':'LoadBalancer'}}"));
        Tree.object(Tree.object(old, "status"), "loadBalancer").putArray("ingress").addObject().put("ip", "1.2.3.4");
        assertThat(changed(SERVICES, old, "{'spec':{'type':'NodePort'}}").at("/status/loadBalancer")).isEmpty();
        assertThat(changed(SERVICES, old, "{}").at("/status/loadBalancer/ingress")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{}|spec: Invalid value: null: either `defaultBackend` or `rules` must be specified",
        "{'defaultBackend':{}}|spec.defaultBackend: Invalid value: \"\": resource or service backend is required",
        "{'defaultBackend':{'resource':{'apiGroup':'a_b','name':'a/b'}}}|spec.defaultBackend.resource.apiGroup: Invalid "
                + "value: \"a_b\": <subdomain>; spec.defaultBackend.resource.kind: Required value; "
                + "spec.defaultBackend.resource.name: Invalid value: \"a/b\": may not contain '/'",
        "{'rules':[{'http':{'paths':[{'path':'/','backend':{}}]}}]}|spec.rules[0].http.paths[0].pathType: Required "
                + "value: pathType must be specified",
        "{'rules':[{'http':{'paths':[{'pathType':'Exact','path':'/a//%2f/..'," + BACK + "},{'pathType':'Regex',"
                + BACK + "},{'pathType':'ImplementationSpecific'," + BACK + "}]}}]}|spec.rules[0].http.paths[0].path: "
                + "Invalid value: \"/a//%2f/..\": must not contain '//'; spec.rules[0].http.paths[0].path: Invalid "
                + "value: \"/a//%2f/..\": must not contain '%2f'; spec.rules[0].http.paths[0].path: Invalid value: "
                + "\"/a//%2f/..\": cannot end with '/..'; spec.rules[0].http.paths[1].pathType: Unsupported value: "
                + "\"Regex\": supported values: \"Exact\", \"ImplementationSpecific\", \"Prefix\"",
        "{'rules':[{'host':'*.a.example'},{'host':'a.*'},{'host':'1.2.3.4'}]}|spec.rules[1].host: Invalid value: "
                + "\"a.*\": a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which"
                + " must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric "
                + "character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?"
                + "(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'); spec.rules[2].host: Invalid value: \"1.2.3.4\": must be a DNS"
                + " name, not an IP address",
        "{'defaultBackend':{'service':{'name':'1s','port':{'number':70000}}},'tls':[{'hosts':['a','A'],'secretName':"
                + "'B'}],'ingressClassName':''}|spec.defaultBackend.service.port.number: Invalid value: 70000: must be "
                + "between 1 and 65535, inclusive; spec.tls[0].hosts[1]: Invalid value: \"A\": <subdomain>"
                + "; spec.tls[0].secretName: Invalid value: \"B\": <subdomain>"
                + "; spec.ingressClassName: Invalid value: \"\": <subdomain>"})
    void anIngressIsChecked(String spec, String expected) {
        assertThat(created(Samples.type("ingresses.networking.k8s.io"), "{'spec':" + spec + "}"))
                .isEqualTo(full(expected));
    }

    @Test
    void anIngressKeepsTheSecretNamesItHas() {
        ResourceType type = Samples.type("ingresses.networking.k8s.io");
        ObjectNode old = Samples.created(type, Samples.json("{'spec':{" + BACK.replace("backend", "defaultBackend")
                + ",'tls':[{'secretName':'B'}]}}"));
        assertThat(Samples.told(type.problems(changed(type, old, "{'spec':{'tls':[{'secretName':'C'}]}}"), old)))
                .isEqualTo("-");
        assertThat(created(type, "{'metadata':{'annotations':{'kubernetes.io/ingress.class':'a'}},'spec':{"
                + "'ingressClassName':'b'," + BACK.replace("backend", "defaultBackend") + "}}"))
                .isEqualTo("annotations.kubernetes.io/ingress.class: Invalid value: \"a\": must match "
                        + "`ingressClassName` when both are specified");
        ObjectNode now = old.deepCopy();
        Tree.object(Tree.object(now, "status"), "loadBalancer").putArray("ingress").addObject().put("ip", "01.2.3.4");
        assertThat(Samples.told(type.rules().validateSubresource("status", now, old))).isEqualTo(
                "status.loadBalancer.ingress[0].ip: Invalid value: \"01.2.3.4\": must not have leading 0s");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'controller':'a'}|spec.controller: Invalid value: \"a\": must be a domain-prefixed path (such as "
                + "\"acme.io/foo\")",
        "{'controller':'a.example/b c'}|spec.controller: Invalid value: \"b c\": Invalid path (regex used for validation"
                + " is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')",
        "{'controller':'a/b','parameters':{'kind':'K','name':'n'}}|-",
        "{'controller':'a/b','parameters':{'kind':'K','name':'n','scope':'Namespace'}}|spec.parameters.namespace: "
                + "Required value: `parameters.scope` is set to 'Namespace'",
        "{'controller':'a/b','parameters':{'name':'n','namespace':'x','scope':'Cluster'}}|spec.parameters.kind: Required"
                + " value; spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'",
        "{'controller':'a/b','parameters':{'kind':'K','name':'n','scope':'x'}}|spec.parameters.scope: Unsupported value:"
                + " \"x\": supported values: \"Cluster\", \"Namespace\""})
    void anIngressClassIsChecked(String spec, String expected) {
        assertThat(created(Samples.type("ingressclasses.networking.k8s.io"), "{'spec':" + spec + "}"))
                .isEqualTo(full(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'policyTypes':['Ingress','Egress','Ingress']}|spec.policyTypes: Invalid value: [\"Ingress\",\"Egress\","
                + "\"Ingress\"]: may not specify more than two policyTypes",
        "{'policyTypes':['In']}|spec.policyTypes[0]: Unsupported value: \"In\": supported values: \"Ingress\", "
                + "\"Egress\"",
        "{'ingress':[{'ports':[{'port':80,'endPort':79},{'port':'web','endPort':1},{'endPort':1},{'protocol':'X'}]}]}|"
                + "spec.ingress[0].ports[0].endPort: Invalid value: 79: must be greater than or equal to `port`; "
                + "spec.ingress[0].ports[1].endPort: Invalid value: 1: may not be specified when `port` is non-numeric;"
                + " spec.ingress[0].ports[2].endPort: Invalid value: 1: may not be specified when `port` is not "
                + "specified; spec.ingress[0].ports[3].protocol: Unsupported value: \"X\": supported values: \"TCP\", "
                + "\"UDP\", \"SCTP\"",
        "{'egress':[{'to':[{}]}]}|spec.egress[0].to[0]: Required value: must specify a peer",
        "{'egress':[{'to':[{'ipBlock':{'cidr':'10.0.0.0/8','except':['10.1.0.0/16','11.0.0.0/16','10.0.0.0/8','x']},"
                + "'podSelector':{}}]}]}|spec.egress[0].to[0].ipBlock.except[1]: Invalid value: \"11.0.0.0/16\": must "
                + "be a strict subset of `cidr`; spec.egress[0].to[0].ipBlock.except[2]: Invalid value: \"10.0.0.0/8\":"
                + " must be a strict subset of `cidr`; spec.egress[0].to[0].ipBlock.except[3]: Invalid value: \"x\": "
                + "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64); spec.egress[0].to[0]: Forbidden: "
                + "may not specify both ipBlock and another peer",
        "{'egress':[{'to':[{'ipBlock':{'cidr':'10.0.0.1/8'}}]}]}|spec.egress[0].to[0].ipBlock.cidr: Invalid value: "
                + "\"10.0.0.1/8\": must not have bits set beyond the prefix length"})
    void aNetworkPolicyIsChecked(String spec, String expected) {
        assertThat(created(POLICIES, "{'spec':" + spec + "}")).isEqualTo(full(expected));
    }

    @Test
    void aNetworkPolicyKeepsTheRangesItHas() {
        ObjectNode old = Samples.created(POLICIES,
                Samples.json("{'spec':{'ingress':[{'from':[{'ipBlock':{'cidr':'10.0.0.1/8'}}]}]}}"));
        String moved = "{'spec':{'ingress':[],'egress':[{'to':[{'ipBlock':{'cidr':'10.0.0.1/8'}}]}]}}";
        assertThat(Samples.told(POLICIES.problems(changed(POLICIES, old, moved), old))).isEqualTo("-");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "[{'addresses':[{'ip':'10.0.0.1','nodeName':'n','hostname':'h'}],'ports':[{'port':80}]}]|-",
        "[{}]|subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`",
        "[{'addresses':[{'ip':'127.0.0.1'},{'ip':'x','hostname':'H','nodeName':'N'}]}]|subsets[0].addresses[0].ip: "
                + "Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128); "
                + "subsets[0].addresses[1].ip: Invalid value: \"x\": " + IP + "; subsets[0].addresses[1].hostname: "
                + "Invalid value: \"H\": <label>; subsets[0].addresses[1].nodeName: Invalid value: \"N\": "
                + "<subdomain>",
        "[{'addresses':[{'ip':'10.0.0.1'}],'ports':[{'port':80},{'name':'b','port':0,'protocol':'X'}]}]|"
                + "subsets[0].ports[0].name: Required value; subsets[0].ports[1].port: Invalid value: 0: must be "
                + "between 1 and 65535, inclusive; subsets[0].ports[1].protocol: Unsupported value: \"X\": supported "
                + "values: \"SCTP\", \"TCP\", \"UDP\""})
    void endpointsAreChecked(String subsets, String expected) {
        ResourceType type = Samples.type("endpoints");
        assertThat(created(type, "{'subsets':" + subsets + "}")).isEqualTo(full(expected));
        ObjectNode old = Samples.created(type, Samples.json("{'subsets':" + subsets + "}"));
        assertThat(Samples.told(type.problems(changed(type, old, "{'metadata':{'labels':{'a':'b'}}}"), old)))
                .isEqualTo("-");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'addressType':'IP'|addressType: Unsupported value: \"IP\": supported values: \"FQDN\", \"IPv4\", \"IPv6\"",
        "'addressType':'IPv4','endpoints':[{'addresses':['10.0.0.1'],'nodeName':'n','zone':'z','hints':{'forZones':["
                + "{'name':'z'}],'forNodes':[{'name':'n'}]}}],'ports':[{'name':'a','port':1},{'port':2}]|-",
        "'addressType':'IPv4','endpoints':[{'addresses':['fd00::1','169.254.1.1','x']},{}]|endpoints[0].addresses: "
                + "Invalid value: \"fd00::1\": must be an IPv4 address; endpoints[0].addresses[1]: Invalid value: "
                + "\"169.254.1.1\": may not be in the link-local range (169.254.0.0/16, fe80::/10); "
                + "endpoints[0].addresses[2]: Invalid value: \"x\": " + IP
                + "; endpoints[1].addresses: Required value: "
                + "must contain at least 1 address",
        "'addressType':'FQDN','endpoints':[{'addresses':['a.example.','a','A.b']}]|endpoints[0].addresses[1]: Invalid "
                + "value: \"a\": should be a domain with at least two segments separated by dots; "
                + "endpoints[0].addresses[2]: Invalid value: \"A.b\": <subdomain>",
        "'addressType':'IPv4','endpoints':[{'addresses':['10.0.0.1'],'hostname':'A','deprecatedTopology':{'a':'-'},"
                + "'hints':{'forZones':[{'name':'z'},{'name':'z'}]}}]|endpoints[0].deprecatedTopology: Invalid value: "
                + "\"-\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.',"
                + " and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345',"
                + " regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?'); endpoints[0].hostname:"
                + " Invalid value: \"A\": <label>; endpoints[0].hints.forZones[1].name: Duplicate value: \"z\"",
        "'addressType':'IPv4','ports':[{'port':1},{'name':'','protocol':'X'},{'name':'B'}]|ports[1].name: Duplicate "
                + "value: \"\"; ports[1].protocol: Unsupported value: \"X\": supported values: \"SCTP\", \"TCP\", "
                + "\"UDP\"; ports[2].name: Invalid value: \"B\": <label>"})
    void anEndpointSliceIsChecked(String fields, String expected) {
        assertThat(created(Samples.type("endpointslices.discovery.k8s.io"), "{" + fields + "}"))
                .isEqualTo(full(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "servicecidrs.networking.k8s.io|{'spec':{}}|spec.cidrs: Required value: at least one CIDR required",
        "servicecidrs.networking.k8s.io|{'spec':{'cidrs':['10.0.0.0/8','11.0.0.0/8']}}|spec.cidrs: Invalid value: "
                + "{\"CIDRs\":[\"10.0.0.0/8\",\"11.0.0.0/8\"]}: may specify no more than one IP for each IP family, i.e "
                + "192.168.0.0/24 and 2001:db8::/64",
        "servicecidrs.networking.k8s.io|{'spec':{'cidrs':['10.0.0.1/8','fd00::/64']}}|spec.cidrs[0]: Invalid value: "
                + "\"10.0.0.1/8\": must not have bits set beyond the prefix length",
        "priorityclasses.scheduling.k8s.io|{'metadata':{'name':'system-node-critical'},'value':2000001000,"
                + "'globalDefault':true}|metadata.name: Forbidden: priority class names with 'system-' prefix are "
                + "reserved for system use only. error: globalDefault of system-node-critical PriorityClass must be "
                + "false",
        "runtimeclasses.node.k8s.io|{'handler':'a','scheduling':{'nodeSelector':{'a':'b'},'tolerations':[{'operator':"
                + "'Equal'}]}}|scheduling.tolerations[0].operator: Invalid value: \"Equal\": operator must be Exists when"
                + " `key` is empty, which means \"match all values and all keys\""})
    void otherTypesOfTheClusterAreChecked(String type, String object, String expected) {
        assertThat(created(Samples.type(type), object)).isEqualTo(full(expected));
    }

    @Test
    void aRangeOfAddressesMayGetASecondFamily() {
        ResourceType type = Samples.type("servicecidrs.networking.k8s.io");
        ObjectNode old = Samples.created(type);
        assertThat(
                Samples.told(type.problems(changed(type, old, "{'spec':{'cidrs':['10.1.0.0/16','fd00::/64']}}"), old)))
                .isEqualTo("-");
        assertThat(Samples.told(type.problems(changed(type, old, "{'spec':{'cidrs':['10.2.0.0/16']}}"), old)))
                .isEqualTo("spec.cidrs[0]: Invalid value: \"10.2.0.0/16\": field is immutable");
        assertThat(Samples.told(type.problems(changed(type, old, "{'spec':{'cidrs':[]}}"), old)))
                .isEqualTo("spec.cidrs: Invalid value: []: field is immutable");
    }

    private static String created(ResourceType type, String object) {
        return Samples.told(type.problems(Samples.created(type, Samples.json(object))));
    }

    /// What the pipeline makes of a merge patch before it validates.
    private static ObjectNode changed(ResourceType type, ObjectNode old, String patch) {
        ObjectNode object = Json.object(Json.bytes(old));
        Samples.merge(object, Samples.json(patch));
        type.rules().applyDefaults(object);
        type.rules().prepareForUpdate(object, old);
        return object;
    }

    /// Names of formats stand for what the formats say.
    private static String full(String expected) {
        return expected.replace("<subdomain>", NameFormat.SUBDOMAIN.errors("A").getFirst())
                .replace("<label>", NameFormat.LABEL.errors("A").getFirst());
    }
}
