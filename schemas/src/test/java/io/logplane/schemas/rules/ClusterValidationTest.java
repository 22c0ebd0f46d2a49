package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Nodes and namespaces, quotas and limits, Secrets and ConfigMaps, events. A row: type, object, all the causes joined
/// by "; " ("-" for none); `@KEY` stands for upstream's sentence about keys of labels.
class ClusterValidationTest {
    private static final String KEY = "name part must consist of alphanumeric characters, '-', '_' or '.', and must "
            + "start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used "
            + "for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    private static final String LONG = "a".repeat(64);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'type':'kubernetes.io/dockerconfigjson'}|data[.dockerconfigjson]: Required value",
        "{'type':'kubernetes.io/dockerconfigjson','stringData':{'.dockerconfigjson':'{a}'}}|data[.dockerconfigjson]: "
                + "Invalid value: \"<secret contents redacted>\": invalid character 'a' looking for beginning of object "
                + "key string",
        "{'type':'kubernetes.io/dockercfg','stringData':{'.dockercfg':''}}|data[.dockercfg]: Invalid value: \"<secret "
                + "contents redacted>\": unexpected end of JSON input",
        "{'type':'kubernetes.io/dockercfg','stringData':{'.dockercfg':' []'}}|data[.dockercfg]: Invalid value: \"<secret"
                + " contents redacted>\": json: cannot unmarshal array into Go value of type map[string]interface {}",
        "{'type':'kubernetes.io/dockercfg','stringData':{'.dockercfg':'null'}}|-",
        "{'type':'kubernetes.io/dockercfg','stringData':{'.dockercfg':'{}'}}|-",
        "{'type':'kubernetes.io/ssh-auth','data':{'ssh-privatekey':''}}|data[ssh-privatekey]: Required value",
        "{'type':'kubernetes.io/service-account-token'}|metadata.annotations[kubernetes.io/service-account.name]: "
                + "Required value",
        "{'type':'kubernetes.io/basic-auth','data':{'password':''}}|-", "{'type':'anything/else'}|-",
        "{'data':{'..a':''}}|data[..a]: Invalid value: \"..a\": must not start with '..'"})
    void aSecretHoldsWhatItsTypeSays(String secret, String expected) {
        assertThat(creation("secrets", secret)).isEqualTo(said(expected));
    }

    @Test
    void secretsAndConfigMapsAreOfLimitedSize() {
        String half = "a".repeat(ConfigRules.MAX_BYTES / 2);
        assertThat(creation("configmaps", "{'data':{'a':'" + half + "','b':'" + half + "'}}")).isEqualTo("-");
        assertThat(creation("configmaps", "{'data':{'a':'" + half + "','b':'" + half + "ä'}}")).isEqualTo(
                ": Too long: may not be more than 1048576 bytes");
        assertThat(creation("secrets", "{'stringData':{'a':'" + half + "','b':'" + half + "a'}}")).isEqualTo(
                "data: Too long: may not be more than 1048576 bytes");
        assertThat(creation("configmaps", "{'data':{'" + "a".repeat(253) + "!':''}}")).endsWith(
                "must be no more than 253 characters; data[" + "a".repeat(253) + "!]: Invalid value: \""
                        + "a".repeat(253)
                        + "!\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. "
                        + "'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "secrets|{'immutable':true,'data':{'a':''}}|{'type':'x/y','immutable':null,'data':{'..':''}}|type: Invalid "
                + "value: \"x/y\": field is immutable; immutable: Forbidden: field is immutable when `immutable` is set; "
                + "data: Forbidden: field is immutable when `immutable` is set; data[..]: Invalid value: \"..\": must not "
                + "be '..'",
        "secrets|{'immutable':true}|{'data':{}}|-",
        "configmaps|{'immutable':true}|{'binaryData':{'a b':''}}|binaryData: Forbidden: field is immutable when "
                + "`immutable` is set; binaryData[a b]: Invalid value: \"a b\": a valid config key must consist of "
                + "alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used "
                + "for validation is '[-._a-zA-Z0-9]+')",
        "nodes|{'spec':{'podCIDRs':['10.0.0.0/24'],'providerID':'a://b'}}|{'spec':{'podCIDRs':['10.0.1.0/24'],'podCIDR':"
                + "'10.0.1.0/24','providerID':'c'}}|spec.podCIDRs: Forbidden: node updates may not change podCIDR except "
                + "from \"\" to valid; spec.providerID: Forbidden: node updates may not change providerID except from \"\""
                + " to valid",
        "nodes|{}|{'spec':{'podCIDRs':['10.0.1.0/24'],'providerID':'c'}}|-",
        "nodes|{'spec':{'externalID':'a'}}|{'spec':{'externalID':'b','configSource':{}}}|spec.configSource: Invalid value:"
                + " {\"ConfigMap\":null}: exactly one reference subfield must be non-nil; spec.externalID: Forbidden: may "
                + "not be updated",
        "nodes|{}|{'spec':{'configSource':{'configMap':{'uid':'u','name':'n','namespace':'A.b'}}}}|"
                + "spec.configSource.configMap.uid: Forbidden: uid must not be set in spec; "
                + "spec.configSource.configMap.namespace: Invalid value: \"A.b\": a lowercase RFC 1123 label must consist"
                + " of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character "
                + "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?'); "
                + "spec.configSource.configMap.kubeletConfigKey: Required value: kubeletConfigKey must be set",
        "resourcequotas|{'spec':{'scopes':['Terminating','BestEffort']}}|{'spec':{'scopes':['BestEffort','Terminating']"
                + "}}|-",
        "resourcequotas|{'spec':{'scopes':['Terminating']}}|{'spec':{'scopes':['BestEffort']}}|spec.scopes: Invalid value:"
                + " [\"BestEffort\"]: field is immutable",
        "resourcequotas|{'spec':{'scopes':['Terminating']}}|{'spec':{'scopes':null}}|spec.scopes: Invalid value: null: "
                + "field is immutable"})
    void whatChangesIsChecked(String type, String old, String change, String expected) {
        assertThat(update(type, old, change)).isEqualTo(said(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "nodes|status|{'status':{'capacity':{'pods':'1.5'},'addresses':[{'type':'InternalIP','address':'10.0.0.1'},{"
                + "'type':'Hostname','address':'10.0.0.1'},{'type':'InternalIP','address':'10.0.0.1'}],'config':{"
                + "'active':{'configMap':{'name':'n','namespace':'m','kubeletConfigKey':'k'}}}}}|status.capacity.pods: "
                + "Invalid value: \"1500m\": must be an integer; status.addresses[2]: Duplicate value: {\"Type\":"
                + "\"InternalIP\",\"Address\":\"10.0.0.1\"}; status.config.active.configMap.uid: Required value: uid must be"
                + " set in status; status.config.active.configMap.resourceVersion: Required value: resourceVersion must be "
                + "set in status",
        "namespaces|status|{'status':{'phase':'Terminating'}}|status.Phase: Invalid value: \"Terminating\": may only be "
                + "'Active' if `deletionTimestamp` is empty",
        "namespaces|finalize|{'spec':{'finalizers':['kubernetes','orphan','a b']}}|spec.finalizers[2]: Invalid value: \"a"
                + " b\": @KEY; spec.finalizers[2]: Invalid value: \"a b\": name is neither a standard finalizer name nor is "
                + "it fully qualified",
        "resourcequotas|status|{'status':{'hard':{'pods':'-1'},'used':{'x':'1'}}}|status.hard[pods]: Invalid value: "
                + "\"-1\": must be greater than or equal to 0; status.used[x]: Invalid value: \"x\": must be a standard "
                + "resource type or fully qualified; status.used[x]: Invalid value: \"x\": must be a standard resource for"
                + " quota"})
    void aSubresourceIsChecked(String typeName, String subresource, String change, String expected) {
        ResourceType type = Samples.type(typeName);
        ObjectNode old = Samples.created(type);
        ObjectNode object = Json.object(Json.bytes(old));
        Samples.merge(object, Samples.json(change));
        type.rules().prepareForSubresource(subresource, object, old);
        assertThat(Samples.told(type.rules().validateSubresource(subresource, object, old))).isEqualTo(said(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'spec':{'taints':[{'key':'a','effect':'NoSchedule'},{'key':'a','value':'b','effect':'NoSchedule','timeAdded':"
                + "'2026-01-01T00:00:00Z'},{'key':'a','effect':'NoExecute'}]}}|metadata.taints[1]: Duplicate value: "
                + "{\"Key\":\"a\",\"Value\":\"b\",\"Effect\":\"NoSchedule\",\"TimeAdded\":\"2026-01-01T00:00:00Z\"}: taints "
                + "must be unique by key and effect pair",
        "{'spec':{'taints':[{'effect':'Never'},{'key':'LONG','value':'LONG!'}]}}|metadata.taints[0].key: Invalid value: "
                + "\"\": name part must be non-empty; metadata.taints[0].key: Invalid value: \"\": @KEY; metadata.taints[0]"
                + ".effect: Unsupported value: \"Never\": supported values: \"NoSchedule\", \"PreferNoSchedule\", "
                + "\"NoExecute\"; metadata.taints[1].key: Invalid value: \"LONG\": name part must be no more than 63 bytes"
                + "; metadata.taints[1].value: Invalid value: \"LONG!\": must be no more than 63 bytes;a valid label must be"
                + " an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
                + " alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
                + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?'); metadata.taints[1].effect: Required value",
        "{'spec':{'podCIDRs':['10.0.0.1/24','x']}}|spec.podCIDRs[0]: Invalid value: \"10.0.0.1/24\": must not have bits "
                + "set beyond the prefix length; spec.podCIDRs[1]: Invalid value: \"x\": must be a valid CIDR value, (e.g. "
                + "10.9.8.0/24 or 2001:db8::/64); spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with "
                + "dual stack with error:invalid CIDR[1]: <nil> (invalid CIDR address: x); spec.podCIDRs: Invalid value: "
                + "[\"10.0.0.1/24\",\"x\"]: may specify no more than one CIDR for each IP family",
        "{'spec':{'podCIDRs':['10.0.0.0/24','fd00::/64','10.0.0.0/24']}}|spec.podCIDRs: Invalid value: [\"10.0.0.0/24\","
                + "\"fd00::/64\",\"10.0.0.0/24\"]: may specify no more than one CIDR for each IP family; spec.podCIDRs[2]:"
                + " Duplicate value: \"10.0.0.0/24\"",
        "{'spec':{'podCIDRs':['10.0.0.0/24','fd00::/64']}}|-",
        "{'status':{'capacity':{'cpu':'-1','example.com/gpu':'1.5'},'allocatable':{'memory':'1'}}}|status.capacity.cpu: "
                + "Invalid value: \"-1\": must be greater than or equal to 0; status.capacity.example.com/gpu: Invalid "
                + "value: \"1500m\": must be an integer"})
    void aNodeIsChecked(String node, String expected) {
        assertThat(creation("nodes", said(node))).isEqualTo(said(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'hard':{'pods':'1.5','nonsense':'1','a/b/c':'1'}|spec.hard[pods]: Invalid value: \"1500m\": must be an integer; "
                + "spec.hard[nonsense]: Invalid value: \"nonsense\": must be a standard resource type or fully qualified; "
                + "spec.hard[nonsense]: Invalid value: \"nonsense\": must be a standard resource for quota; "
                + "spec.hard[a/b/c]: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, "
                + "'-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  "
                + "or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional"
                + " DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
        "'hard':{'storage':'1'}|spec.hard[storage]: Invalid value: \"storage\": must be a standard resource for quota",
        "'hard':{'count/deployments.apps':'1','requests.example.com/gpu':'1.5','hugepages-2Mi':'2Mi',"
                + "'requests.hugepages-2Mi':'2Mi','gold.storageclass.storage.k8s.io/requests.storage':'5Gi'}|-",
        "'hard':{'count/pods':'0.5'}|spec.hard[count/pods]: Invalid value: \"500m\": must be an integer",
        "'scopes':['BestEffort','NotBestEffort','Other'],'hard':{'requests.cpu':'1','pods':'1','services':'1'}|"
                + "spec.scopes: Invalid value: [\"BestEffort\",\"NotBestEffort\",\"Other\"]: unsupported scope applied to "
                + "resource; spec.scopes: Invalid value: [\"BestEffort\",\"NotBestEffort\",\"Other\"]: unsupported scope "
                + "applied to resource; spec.scopes: Invalid value: [\"BestEffort\",\"NotBestEffort\",\"Other\"]: "
                + "unsupported scope applied to resource; spec.scopes: Invalid value: [\"BestEffort\",\"NotBestEffort\","
                + "\"Other\"]: unsupported scope; spec.scopes: Invalid value: [\"BestEffort\",\"NotBestEffort\",\"Other\"]"
                + ": conflicting scopes",
        "'scopes':['VolumeAttributesClass'],'hard':{'persistentvolumeclaims':'1','requests.storage':'1'}|-",
        "'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass','operator':'In','values':['high']}]},'hard':{"
                + "'pods':'1'}|-",
        "'scopeSelector':{'matchExpressions':[{'scopeName':'Terminating','operator':'In'},{'scopeName':'NotTerminating',"
                + "'operator':'Exists','values':['x']},{'scopeName':'PriorityClass','operator':'Is'}]},'hard':{'secrets':"
                + "'1'}|M: Invalid value: S: unsupported scope applied to resource; M.operator: Invalid value: \"In\": must "
                + "be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
                + "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or "
                + "ResourceQuotaScopeCrossNamespacePodAffinity; M.values: Required value: must be at least one value when "
                + "`operator` is 'In' or 'NotIn' for scope selector; M: Invalid value: S: unsupported scope applied to "
                + "resource; M.values: Invalid value: [\"x\"]: must be no value when `operator` is 'Exist' or "
                + "'DoesNotExist' for scope selector; M: Invalid value: S: unsupported scope applied to resource; "
                + "M.operator: Invalid value: \"Is\": not a valid selector operator; M: Invalid value: null: conflicting "
                + "scopes"})
    void aQuotaIsChecked(String spec, String expected) {
        String selector = "{\"MatchExpressions\":[{\"ScopeName\":\"Terminating\",\"Operator\":\"In\",\"Values\":null},{"
                + "\"ScopeName\":\"NotTerminating\",\"Operator\":\"Exists\",\"Values\":[\"x\"]},{\"ScopeName\":"
                + "\"PriorityClass\",\"Operator\":\"Is\",\"Values\":null}]}";
        assertThat(creation("resourcequotas", "{'spec':{" + spec + "}}")).isEqualTo(said(expected.replaceAll(
                "(^|; )M([.:])", "$1spec.scopeSelector.matchExpressions$2").replace(" S:", " " + selector + ":")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'type':'Container','default':{'cpu':'1'}}|-",
        "{'type':'Thing'},{'type':'Thing'},{}|[0].type: Invalid value: \"Thing\": must be a standard limit type or fully "
                + "qualified; [1].type: Invalid value: \"Thing\": must be a standard limit type or fully qualified; "
                + "[1].type: Duplicate value: \"Thing\"; [2].type: Invalid value: \"\": name part must be non-empty; "
                + "[2].type: Invalid value: \"\": @KEY",
        "{'type':'Pod','max':{'storage':'1'},'default':{'cpu':'1'},'defaultRequest':{'cpu':'2'}}|[0].max[storage]: "
                + "Invalid value: \"storage\": must be a standard resource for containers; [0].default: Forbidden: may not"
                + " be specified when `type` is 'Pod'; [0].defaultRequest: Forbidden: may not be specified when `type` is "
                + "'Pod'",
        "{'type':'PersistentVolumeClaim','max':{'x':'1'}}|[0].max[x]: Invalid value: \"x\": must be a standard resource "
                + "type or fully qualified; [0].limits: Required value: either minimum or maximum storage value is "
                + "required, but neither was provided",
        "{'type':'PersistentVolumeClaim','max':{'storage':'1Gi'}},{'type':'openshift.io/Image','max':{'storage':'1'}}|-",
        "{'type':'Container','min':{'cpu':'3'},'max':{'cpu':'1'},'default':{'cpu':'2'},'defaultRequest':{'cpu':'2500m'}}|"
                + "[0].min[cpu]: Invalid value: \"3\": min value 3 is greater than max value 1; [0].defaultRequest[cpu]: "
                + "Invalid value: \"2500m\": min value 3 is greater than default request value 2500m; "
                + "[0].defaultRequest[cpu]: Invalid value: \"2500m\": default request value 2500m is greater than max value"
                + " 1; [0].defaultRequest[cpu]: Invalid value: \"2500m\": default request value 2500m is greater than "
                + "default limit value 2; [0].default[cpu]: Invalid value: \"3\": min value 3 is greater than default value"
                + " 2; [0].default[cpu]: Invalid value: \"1\": default value 2 is greater than max value 1",
        "{'type':'Pod','min':{'cpu':'300m','memory':'1Mi'},'max':{'cpu':'1','memory':'10Mi'},'maxLimitRequestRatio':{"
                + "'cpu':'4','memory':'500m'}}|[0].maxLimitRequestRatio[cpu]: Invalid value: \"4\": ratio 4 is greater than"
                + " max/min = 3.333333; [0].maxLimitRequestRatio[memory]: Invalid value: \"500m\": ratio 500m is less than"
                + " 1",
        "{'type':'Container','default':{'example.com/gpu':'2'},'defaultRequest':{'example.com/gpu':'1'}}|"
                + "[0].defaultRequest[example.com/gpu]: Invalid value: \"1\": default value 2 must equal to defaultRequest "
                + "value 1 in example.com/gpu"})
    void aLimitRangeIsChecked(String limits, String expected) {
        String all = expected.equals("-") ? "-" : "spec.limits" + expected.replace("; [", "; spec.limits[");
        assertThat(creation("limitranges", "{'spec':{'limits':[" + limits + "]}}")).isEqualTo(said(all));
    }

    @Test
    void aLimitRangeWithoutANameGetsOne() {
        ResourceType type = Samples.type("limitranges");
        ObjectNode object = Samples.identified(type, Json.newObject());
        object.withObject("/metadata").remove("name");
        type.rules().prepareForCreate(object);
        assertThat(object.at("/metadata/name").asText()).isEqualTo("u-1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "namespaces|{'spec':{'finalizers':['foregroundDeletion','x']}}|spec.finalizers: Invalid value: \"x\": name is "
                + "neither a standard finalizer name nor is it fully qualified",
        "serviceaccounts|{'secrets':[{}],'imagePullSecrets':[{'name':'A'}]}|-",
        "replicationcontrollers|{'spec':{'replicas':-1,'minReadySeconds':-1}}|spec.selector: Required value; "
                + "spec.template: Required value; spec.replicas: Invalid value: -1: must be greater than or equal to 0; "
                + "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
        "replicationcontrollers|{'spec':{'selector':{'a':'c'},'template':{'metadata':{'labels':{'a':'b'}},'spec':{"
                + "'restartPolicy':'Never','activeDeadlineSeconds':5,'containers':[{'name':'c','image':'i'}]}}}}|"
                + "spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: `selector` does not match template "
                + "`labels`; spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\""
                + "; spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicationController "
                + "is not Supported",
        "events|{'metadata':{'name':'Not_A.Domain','finalizers':['x y/z']},'involvedObject':{'namespace':'ns'}}|"
                + "metadata.finalizers: Invalid value: \"x y/z\": prefix part a lowercase RFC 1123 subdomain must consist "
                + "of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric "
                + "character (e.g. 'example.com', regex used for validation is "
                + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"})
    void anObjectIsChecked(String type, String object, String expected) {
        assertThat(creation(type, object)).isEqualTo(said(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'finalizers':['orphan','foregroundDeletion','a']}|metadata.finalizers: Invalid value: [\"orphan\","
                + "\"foregroundDeletion\",\"a\"]: finalizer orphan and foregroundDeletion cannot be both set; "
                + "metadata.finalizers[2]: Invalid value: \"a\": name is neither a standard finalizer name nor is it fully "
                + "qualified",
        "{'managedFields':[{'operation':'Apply','fieldsType':'FieldsV1','manager':'ok'},{'operation':'Patch','fieldsType'"
                + ":'V2','manager':'a\\u0007é\\u200b'}]}|E.operation: Invalid value: \"Patch\": must be `Apply` or `Update`;"
                + " E.fieldsType: Invalid value: \"V2\": must be `FieldsV1`; E.manager: Invalid value: \"a\\aé\\u200b\": "
                + "invalid character U+0007 (at position 1); E.manager: Invalid value: \"a\\aé\\u200b\": invalid character "
                + "U+200B (at position 4)"})
    void metadataIsCheckedAsAWhole(String metadata, String expected) {
        String all = expected.replace("E.", "metadata.managedFields[1].");
        assertThat(creation("configmaps", "{'metadata':" + metadata + "}")).isEqualTo(all);
        String again = metadata.startsWith("{'managed") ? all + "; " + all + "; " + all : all;
        assertThat(update("configmaps", "{}", "{'metadata':" + metadata + "}")).isEqualTo(again);
    }

    /// A row: kind of a question, its namespace included, what is refused; `spec.` before every path.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "SelfSubjectAccessReview|{'spec':{}}|resourceAttributes: Invalid value: null: exactly one of "
                + "nonResourceAttributes or resourceAttributes must be specified",
        "SelfSubjectAccessReview|{'metadata':{'creationTimestamp':null},'spec':{'nonResourceAttributes':{'path':'/x'}}}|-",
        "SubjectAccessReview|{'spec':{'resourceAttributes':{},'nonResourceAttributes':{'path':'/x'}}}|"
                + "nonResourceAttributes: Invalid value: {\"Path\":\"/x\",\"Verb\":\"\"}: cannot be specified in "
                + "combination with resourceAttributes; spec.user: Invalid value: \"\": at least one of user or group must"
                + " be specified",
        "SubjectAccessReview|{'metadata':{'name':'n'},'spec':{'groups':['g'],'resourceAttributes':{}}}|metadata: Invalid "
                + "value: {\"name\":\"n\"}: must be empty",
        "LocalSubjectAccessReview|{'metadata':{'namespace':'ns'},'spec':{'user':'u','resourceAttributes':{'namespace':"
                + "'other'}}}|resourceAttributes.namespace: Invalid value: \"other\": must match metadata.namespace",
        "LocalSubjectAccessReview|{'metadata':{'namespace':'ns','name':'n'},'spec':{'user':'u','nonResourceAttributes':{"
                + "'path':'/x','verb':'get'}}}|metadata: Invalid value: {\"name\":\"n\",\"namespace\":\"ns\"}: must be "
                + "empty except for namespace; spec.nonResourceAttributes: Invalid value: {\"Path\":\"/x\",\"Verb\":"
                + "\"get\"}: disallowed on this kind of request",
        "SelfSubjectAccessReview|{'spec':{'resourceAttributes':{'fieldSelector':{},'labelSelector':{'rawSelector':'a',"
                + "'requirements':[{'key':'a b','operator':'In'},{'key':'a','operator':'Near','values':['c']}]}}}}|"
                + "resourceAttributes.fieldSelector.requirements: Required value: when "
                + "spec.resourceAttributes.fieldSelector is specified, requirements or rawSelector is required; "
                + "spec.resourceAttributes.labelSelector.rawSelector: Invalid value: \"a\": may not specified at the same "
                + "time as requirements; spec.resourceAttributes.labelSelector.requirements[0].values: Required value: must"
                + " be specified when `operator` is 'In' or 'NotIn'; spec.resourceAttributes.labelSelector.requirements[0]"
                + ".key: Invalid value: \"a b\": @KEY",
        "SelfSubjectAccessReview|{'spec':{'resourceAttributes':{'fieldSelector':{'requirements':[{'operator':'Exists',"
                + "'values':['a']}]}}}}|resourceAttributes.fieldSelector.requirements[0].key: Required value: must be "
                + "specified; spec.resourceAttributes.fieldSelector.requirements[0].values: Forbidden: may not be specified "
                + "when `operator` is 'Exists' or 'DoesNotExist'"})
    void aQuestionAboutAccessIsChecked(String kind, String review, String expected) {
        String all = expected.startsWith("-") || expected.startsWith("metadata") ? expected : "spec." + expected;
        assertThat(Samples.told(ReviewRules.check(kind, Samples.json(review)))).isEqualTo(said(all));
    }

    private static String said(String text) {
        return text.replace("@KEY", KEY).replace("LONG", LONG);
    }

    private static String creation(String typeName, String object) {
        ResourceType type = Samples.type(typeName);
        return Samples.told(type.problems(Samples.created(type, Samples.json(object))));
    }

    /// What the pipeline says of an update.
    private static String update(String typeName, String before, String change) {
        ResourceType type = Samples.type(typeName);
        ObjectNode old = Samples.created(type, Samples.json(before));
        ObjectNode object = Json.object(Json.bytes(old));
        Samples.merge(object, Samples.json(change));
        type.rules().applyDefaults(object);
        type.rules().prepareForUpdate(object, old);
        return Samples.told(type.problems(object, old));
    }
}
