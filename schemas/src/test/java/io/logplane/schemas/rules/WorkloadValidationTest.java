package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is refused of workloads and of what goes with them, in upstream's words and order. A row: type, merge patch upon
/// the smallest valid object, all the causes joined by "; " ("-" for none).
class WorkloadValidationTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "deployments.apps|{'spec':{'selector':null}}|spec.selector: Required value; spec.template.metadata.labels: "
                + "Invalid value: {\"a\":\"b\"}: `selector` does not match template `labels`",
        "deployments.apps|{'spec':{'selector':{'matchExpressions':[{'key':'a','operator':'in','values':['b']}]}}}|"
                + "spec.selector.matchExpressions[0].operator: Invalid value: \"in\": not a valid selector operator; "
                + "spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"b\"},\"matchExpressions\":[{\"key\":\"a\","
                + "\"operator\":\"in\",\"values\":[\"b\"]}]}: invalid label selector",
        "deployments.apps|{'spec':{'replicas':-1,'minReadySeconds':-1,'strategy':{'rollingUpdate':{'maxSurge':0,"
                + "'maxUnavailable':'0%'}}}}|spec.replicas: Invalid value: -1: must be greater than or equal to 0; "
                + "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"0%\": may not be 0 when `maxSurge` is "
                + "0; spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
        "deployments.apps|{'spec':{'strategy':{'rollingUpdate':{'maxUnavailable':'101%'}}}}|spec.strategy"
                + ".rollingUpdate.maxUnavailable: Invalid value: \"101%\": must not be greater than 100%",
        "deployments.apps|{'spec':{'strategy':{'rollingUpdate':{'maxSurge':'200%'}}}}|-",
        "deployments.apps|{'spec':{'strategy':{'type':'Recreate','rollingUpdate':{'maxSurge':1}}}}|spec.strategy"
                + ".rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
        "deployments.apps|{'spec':{'strategy':{'type':'Rolling'}}}|spec.strategy: Unsupported value: {\"Type\":"
                + "\"Rolling\",\"RollingUpdate\":null}: supported values: \"Recreate\", \"RollingUpdate\"",
        "deployments.apps|{'spec':{'minReadySeconds':600}}|spec.progressDeadlineSeconds: Invalid value: 600: must be "
                + "greater than minReadySeconds",
        "deployments.apps|{'spec':{'template':{'spec':{'activeDeadlineSeconds':5}}}}|spec.template.spec"
                + ".activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported",
        "deployments.apps|{'spec':{'template':{'metadata':{'labels':{'x':'a b'}}}}}|spec.template.labels: Invalid value: "
                + "\"a b\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
                + "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', "
                + "regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
        "replicasets.apps|{'spec':{'selector':{'matchLabels':null}}}|spec.selector: Invalid value: {}: empty selector "
                + "is invalid for deployment",
        "replicasets.apps|{'spec':{'selector':{'matchLabels':{'a':'c'}}}}|spec.template.metadata.labels: Invalid value: "
                + "{\"a\":\"b\"}: `selector` does not match template `labels`",
        "daemonsets.apps|{'spec':{'selector':null}}|spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: "
                + "`selector` does not match template `labels`",
        "daemonsets.apps|{'spec':{'updateStrategy':{'rollingUpdate':{'maxSurge':1}}}}|spec.updateStrategy"
                + ".rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero",
        "daemonsets.apps|{'spec':{'updateStrategy':{'type':'Recreate'}}}|spec.updateStrategy: Unsupported value: {"
                + "\"Type\":\"Recreate\",\"RollingUpdate\":null}: supported values: \"RollingUpdate\", \"OnDelete\"",
        "statefulsets.apps|{'spec':{'podManagementPolicy':'Some','updateStrategy':{'type':'OnDelete','rollingUpdate':{"
                + "'partition':1}},'replicas':-1}}|spec.podManagementPolicy: Invalid value: \"Some\": must be "
                + "'OrderedReady' or 'Parallel'; spec.updateStrategy.rollingUpdate: Invalid value: {\"Partition\":1,\"MaxUnavailable\":null}: "
                + "only allowed for updateStrategy 'RollingUpdate'; spec.replicas: Invalid value: -1: must be greater "
                + "than or equal to 0",
        "deployments.apps|{'spec':{'strategy':{'rollingUpdate':{'maxUnavailable':'2','maxSurge':0}}}}|spec.strategy"
                + ".rollingUpdate.maxUnavailable: Invalid value: \"2\": a valid percent string must be a numeric string "
                + "followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
        "daemonsets.apps|{'spec':{'updateStrategy':{'rollingUpdate':{'maxUnavailable':'some'}}}}|spec.updateStrategy"
                + ".rollingUpdate.maxUnavailable: Invalid value: \"some\": a valid percent string must be a numeric "
                + "string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%'); "
                + "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0",
        "statefulsets.apps|{'spec':{'persistentVolumeClaimRetentionPolicy':{'whenScaled':'Keep'}}}|"
                + "spec.persistentVolumeClaimRetentionPolicy.whenScaled: Unsupported value: \"Keep\": supported values: "
                + "\"Retain\", \"Delete\"",
        "statefulsets.apps|{'spec':{'ordinals':{'start':-1}}}|spec.ordinals.start: Invalid value: -1: must be greater "
                + "than or equal to 0",
        "statefulsets.apps|{'spec':{'volumeClaimTemplates':[{'metadata':{'name':'d'},'spec':{'resources':{'requests':{"
                + "'storage':'1Gi'}}}}]}}|spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 "
                + "access mode is required",
        "statefulsets.apps|{'spec':{'template':{'spec':{'containers':[{'name':'c','image':'i','volumeMounts':[{'name':"
                + "'d','mountPath':'/d'}]}]}},'volumeClaimTemplates':[{'metadata':{'name':'d'},'spec':{'accessModes':["
                + "'ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}}]}}|-",
        "statefulsets.apps|{'spec':{'revisionHistoryLimit':-1}}|-",
        "statefulsets.apps|{'spec':{'serviceName':'a.b'}}|spec.serviceName: Invalid value: \"a.b\": must not contain dots",
        "controllerrevisions.apps|{'data':null,'revision':-1}|data: Required value: data is mandatory; revision: "
                + "Invalid value: -1: must be greater than or equal to 0"})
    void aWorkloadIsChecked(String type, String patch, String expected) {
        assertThat(creation(type, patch)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "deployments.apps|{'collisionCount':2,'replicas':1,'readyReplicas':2,'availableReplicas':3}|status.readyReplicas: Invalid value: "
                + "2: cannot be greater than status.replicas; status.availableReplicas: Invalid value: 3: cannot be "
                + "greater than status.replicas; status.availableReplicas: Invalid value: 3: cannot be greater than "
                + "readyReplicas",
        "deployments.apps|{'collisionCount':1}|status.collisionCount: Invalid value: 1: cannot be decremented",
        "deployments.apps|{'collisionCount':3,'replicas':1,'readyReplicas':1}|-",
        "statefulsets.apps|{'replicas':1,'collisionCount':2,'readyReplicas':0,'availableReplicas':1}|"
                + "status.availableReplicas: Invalid value: 1: cannot be greater than status.readyReplicas",
        "daemonsets.apps|{'numberReady':-1}|status.numberReady: Invalid value: -1: must be greater than or equal to 0; "
                + "status.collisionCount: Invalid value: 0: cannot be decremented",
        "replicasets.apps|{'replicas':1,'fullyLabeledReplicas':2}|status.fullyLabeledReplicas: Invalid value: 2: cannot "
                + "be greater than status.replicas"})
    void aStatusOfAWorkloadIsChecked(String type, String status, String expected) {
        assertThat(status(type, "{}", "{'collisionCount':2}", status)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'template':{'spec':{'restartPolicy':'Always'}}}|spec.template.spec.restartPolicy: Required value: valid values:"
                + " \"OnFailure\", \"Never\"",
        "{'completionMode':'Indexed'}|-",
        "{'completionMode':'Indexed','parallelism':2,'completions':null}|spec.completions: Required value: when "
                + "completion mode is Indexed",
        "{'completionMode':'Indexed','completions':2,'maxFailedIndexes':3}|spec.backoffLimitPerIndex: Required value: "
                + "when maxFailedIndexes is specified; spec.maxFailedIndexes: Invalid value: 3: must be less than or "
                + "equal to completions",
        "{'completionMode':'Indexed','completions':200000,'parallelism':100001,'backoffLimitPerIndex':1}|"
                + "spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion mode is"
                + " Indexed; spec.maxFailedIndexes: Required value: must be specified when completions is above 100000; "
                + "spec.parallelism: Invalid value: 100001: must be less than or equal to 10000 when completions are "
                + "above 100000 and used with backoff limit per index",
        "{'backoffLimitPerIndex':1}|spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode",
        "{'managedBy':'me'}|spec.managedBy: Invalid value: \"me\": must be a domain-prefixed path (such as "
                + "\"acme.io/foo\")",
        "{'managedBy':'example.com/me'}|-",
        "{'managedBy':'example.com/me#1'}|spec.managedBy: Invalid value: \"me#1\": Invalid path (regex used for "
                + "validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')",
        "{'podReplacementPolicy':'Never'}|spec.podReplacementPolicy: Unsupported value: \"Never\": supported values: "
                + "\"Failed\", \"TerminatingOrFailed\"",
        "{'podFailurePolicy':{'rules':[{'onExitCodes':{'operator':'In','values':[0,3,2,3],'containerName':'x'},"
                + "'onPodConditions':[{'type':'a b'}]},{'action':'FailIndex'},{'action':'Fail'}]}}|"
                + "spec.podFailurePolicy.rules[0].action: Required value: valid values: [\"Count\" \"FailIndex\" "
                + "\"FailJob\" \"Ignore\"]; spec.podFailurePolicy.rules[0].onExitCodes.containerName: Invalid value: "
                + "\"x\": must be one of the container or initContainer names in the pod template; "
                + "spec.podFailurePolicy.rules[0].onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In "
                + "operator; spec.podFailurePolicy.rules[0].onExitCodes.values[3]: Duplicate value: 3; "
                + "spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [0,3,2,3]: must be ordered; "
                + "spec.podFailurePolicy.rules[0].onPodConditions[0].type: Invalid value: \"a b\": name part must "
                + "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
                + "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
                + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'); spec.podFailurePolicy.rules[0].onPodConditions[0]"
                + ".status: Required value: valid values: [\"False\" \"True\" \"Unknown\"]; "
                + "spec.podFailurePolicy.rules[0]: Invalid value: specifying both OnExitCodes and OnPodConditions is not"
                + " supported; spec.podFailurePolicy.rules[1].action: Invalid value: \"FailIndex\": requires the "
                + "backoffLimitPerIndex to be set; spec.podFailurePolicy.rules[1]: Invalid value: specifying one of "
                + "OnExitCodes and OnPodConditions is required; spec.podFailurePolicy.rules[2].action: Unsupported "
                + "value: \"Fail\": supported values: \"Count\", \"FailIndex\", \"FailJob\", \"Ignore\"; "
                + "spec.podFailurePolicy.rules[2]: Invalid value: specifying one of OnExitCodes and OnPodConditions is "
                + "required",
        "{'podFailurePolicy':{'rules':[{'action':'Ignore','onPodConditions':[{'type':'DisruptionTarget','status':'True'"
                + "}]}]},'template':{'spec':{'restartPolicy':'OnFailure'}}}|spec.template.spec.restartPolicy: Invalid "
                + "value: \"OnFailure\": only \"Never\" is supported when podFailurePolicy is specified",
        "{'successPolicy':{'rules':[{'succeededCount':1}]}}|spec.successPolicy: Invalid value: {\"Rules\":[{"
                + "\"SucceededIndexes\":null,\"SucceededCount\":1}]}: requires indexed completion mode",
        "{'completionMode':'Indexed','completions':5,'successPolicy':{'rules':[{'succeededIndexes':'0,2-3',"
                + "'succeededCount':4},{},{'succeededIndexes':'3-1'},{'succeededIndexes':'7'}]}}|"
                + "spec.successPolicy.rules[0].succeededCount: Invalid value: 4: must be less than or equal to 3 (the "
                + "number of indexes in the specified succeededIndexes field); spec.successPolicy.rules[1]: Required "
                + "value: at least one of succeededCount or succeededIndexes must be specified; "
                + "spec.successPolicy.rules[2].succeededIndexes: Invalid value: \"3-1\": error parsing succeededIndexes:"
                + " non-increasing order, previous: 3, current: 1; spec.successPolicy.rules[3].succeededIndexes: "
                + "Invalid value: \"7\": error parsing succeededIndexes: too large index: \"7\"",
        "{'manualSelector':true}|spec.selector: Required value; spec.template.metadata.labels: Invalid value: null: "
                + "`selector` does not match template `labels`",
        "{'template':{'metadata':{'labels':{'job-name':'y'}}}}|spec.template.metadata.labels[job-name]: Invalid value: {"
                + "\"batch.kubernetes.io/controller-uid\":\"u-1\",\"batch.kubernetes.io/job-name\":\"x\","
                + "\"controller-uid\":\"u-1\",\"job-name\":\"y\"}: must be 'x'",
        "{'selector':{'matchLabels':{'a':'b'}}}|spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"b\","
                + "\"batch.kubernetes.io/controller-uid\":\"u-1\"}}: `selector` not auto-generated; "
                + "spec.template.metadata.labels: Invalid value: {\"batch.kubernetes.io/controller-uid\":\"u-1\","
                + "\"batch.kubernetes.io/job-name\":\"x\",\"controller-uid\":\"u-1\",\"job-name\":\"x\"}: `selector` "
                + "does not match template `labels`"})
    void aJobIsChecked(String spec, String expected) {
        assertThat(creation("jobs.batch", "{'spec':" + spec + "}")).isEqualTo(expected);
    }

    @Test
    void aJobWithIndexesNeedsANameThatLeavesRoomForThem() {
        assertThat(creation("jobs.batch", "{'metadata':{'name':'" + "a".repeat(62)
                + "'},'spec':{'completionMode':'Indexed','completions':1}}"))
                .isEqualTo("metadata.name: Invalid value: \""
                        + "a".repeat(62) + "\": will not able to create pod with invalid DNS label: " + "a".repeat(62)
                        + "-0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{}|{'completions':3}|spec.completions: Invalid value: 3: field is immutable",
        "{'completionMode':'Indexed'}|{'completions':3}|spec.completions: Invalid value: 3: can only be modified in "
                + "tandem with spec.parallelism",
        "{'completionMode':'Indexed'}|{'completions':3,'parallelism':3}|-",
        "{}|{'template':{'spec':{'nodeSelector':{'a':'b'}}}}|spec.template: Invalid value: {*}: field is immutable",
        "{'suspend':true}|{'template':{'spec':{'nodeSelector':{'a':'b'},'tolerations':[{'operator':'Exists'}],"
                + "'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{"
                + "'matchExpressions':[{'key':'a','operator':'Exists'}]}]}}},'containers':[{'name':'c','image':'i',"
                + "'resources':{'limits':{'cpu':'2'}}}]},'metadata':{'annotations':{'a':'b'},'labels':{'a':'b'}}}}|-",
        "{'suspend':true}|{'suspend':false,'template':{'spec':{'nodeSelector':{'a':'b'}}}}|-",
        "{'suspend':true}|{'template':{'spec':{'containers':[{'name':'c','image':'j'}]}}}|spec.template: Invalid value: "
                + "{*}: field is immutable",
        "{}|{'completionMode':'Indexed'}|spec.completionMode: Invalid value: \"Indexed\": field is immutable",
        "{'podReplacementPolicy':'Failed'}|{'podFailurePolicy':{'rules':[{'action':'Ignore','onPodConditions':[{'type':'T','status':'True'}]}]}}|"
                + "spec.podFailurePolicy: Invalid value: {\"Rules\":[{\"Action\":\"Ignore\",\"OnExitCodes\":null,"
                + "\"OnPodConditions\":[{\"Type\":\"T\",\"Status\":\"True\"}]}]}: field is immutable",
        "{}|{'managedBy':'a.b/c'}|spec.managedBy: Invalid value: \"a.b/c\": field is immutable",
        "{}|{'parallelism':-1}|spec.parallelism: Invalid value: -1: must be greater than or equal to 0; "
                + "spec.parallelism: Invalid value: -1: must be greater than or equal to 0",
        "{}|{'suspend':true,'backoffLimit':3,'ttlSecondsAfterFinished':1}|-"})
    void anUpdateOfAJobIsChecked(String spec, String patch, String expected) {
        assertThat(update("jobs.batch", "{'spec':" + spec + "}", "{'spec':" + patch + "}")
                .replaceAll("\\{\"labels\".*\"Spec\":\\{\"Volumes\":null.*}: field", "{*}: field")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{}|{'terminating':-1}|status.terminating: Invalid value: -1: must be greater than or equal to 0",
        "{}|{'startTime':'2026-01-01T00:00:00Z','completionTime':'2026-01-01T00:01:00Z','succeeded':1,'conditions':[{"
                + "'type':'SuccessCriteriaMet','status':'True'},{'type':'Complete','status':'True'}]}|-",
        "{}|{'conditions':[{'type':'Complete','status':'True'}]}|status.completionTime: Required value: completionTime "
                + "is required for Complete jobs; status.conditions: Invalid value: cannot set Complete=True condition "
                + "without the SuccessCriteriaMet=true condition; status.startTime: Required value: startTime is "
                + "required for finished job",
        "{}|{'startTime':'2026-01-01T00:00:00Z','active':1,'conditions':[{'type':'Failed','status':'True'}]}|"
                + "status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true "
                + "condition; status.active: Invalid value: 1: active>0 is invalid for finished job",
        "{'failed':2,'startTime':'2026-01-01T00:00:00Z'}|{'failed':1}|status.failed: Invalid value: 1: cannot decrease "
                + "the failed counter; status.startTime: Required value: startTime cannot be removed for unsuspended "
                + "job",
        "{'conditions':[{'type':'FailureTarget','status':'True'}]}|{}|status.conditions: Invalid value: cannot disable "
                + "the terminal FailureTarget=True condition",
        "{}|{'completedIndexes':'1'}|status.completedIndexes: Invalid value: \"1\": error parsing completedIndexes: too "
                + "large index: \"1\"; status.completedIndexes: Invalid value: \"1\": cannot set non-empty "
                + "completedIndexes when non-indexed completion mode",
        "{}|{'ready':1}|status.ready: Invalid value: 1: cannot set more ready pods than active",
        "{}|{'uncountedTerminatedPods':{'succeeded':['a'],'failed':['a','']}}|status.uncountedTerminatedPods.failed[0]: "
                + "Duplicate value: \"a\"; status.uncountedTerminatedPods.failed[1]: Invalid value: \"\": must not be "
                + "empty",
        "{'active':1}|{'active':1,'ready':1,'startTime':'2026-01-01T00:00:00Z','conditions':[{'type':'Suspended',"
                + "'status':'True'}]}|-"})
    void aStatusOfAJobIsChecked(String before, String now, String expected) {
        assertThat(status("jobs.batch", "{}", before, now)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'schedule':'* * * *'}|spec.schedule: Invalid value: \"* * * *\": expected exactly 5 fields, found 4: "
                + "[* * * *]",
        "{'schedule':'TZ=UTC * * * * *'}|spec.schedule: Invalid value: \"TZ=UTC * * * * *\": cannot use TZ or CRON_TZ in "
                + "schedule, use timeZone field instead",
        "{'schedule':'@every 1h30m'}|-", "{'timeZone':'Europe/Berlin'}|-", "{'timeZone':'Etc/GMT+5'}|-",
        "{'timeZone':'+02:00'}|spec.timeZone: Invalid value: \"+02:00\": unknown time zone +02:00",
        "{'timeZone':'local'}|spec.timeZone: Invalid value: \"local\": timeZone must be an explicit time zone as defined "
                + "in https://www.iana.org/time-zones; spec.timeZone: Invalid value: \"local\": unknown time zone local",
        "{'concurrencyPolicy':'Never','successfulJobsHistoryLimit':-1}|spec.concurrencyPolicy: Unsupported value: "
                + "\"Never\": supported values: \"Allow\", \"Forbid\", \"Replace\"; spec.successfulJobsHistoryLimit: "
                + "Invalid value: -1: must be greater than or equal to 0",
        "{'jobTemplate':{'spec':{'selector':{'matchLabels':{'a':'b'}},'manualSelector':true}}}|"
                + "spec.jobTemplate.spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"b\"}}: `selector` will be "
                + "auto-generated; spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "
                + "\"nil\", \"false\""})
    void aCronJobIsChecked(String spec, String expected) {
        assertThat(creation("cronjobs.batch", "{'spec':" + spec + "}")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "configmaps|{'finalizers':['foo']}|metadata.finalizers[0]: Invalid value: \"foo\": name is neither a standard "
                + "finalizer name nor is it fully qualified",
        "configmaps|{'finalizers':['orphan','foregroundDeletion','foo']}|metadata.finalizers: Invalid value: [\"orphan\","
                + "\"foregroundDeletion\",\"foo\"]: finalizer orphan and foregroundDeletion cannot be both set; "
                + "metadata.finalizers[2]: Invalid value: \"foo\": name is neither a standard finalizer name nor is it "
                + "fully qualified",
        "poddisruptionbudgets.policy|{'name':'Any_Name','finalizers':['finalizer.example.com']}|-",
        "configmaps|{'ownerReferences':[{'apiVersion':'a/b/c','kind':'K','name':'n','uid':'u'}]}|"
                + "metadata.ownerReferences.apiVersion: Invalid value: \"a/b/c\": version must not be empty",
        "configmaps|{'ownerReferences':[{'apiVersion':'v1','kind':'K','name':'n','uid':'u','controller':true},{"
                + "'apiVersion':'v1','kind':'L','name':'m','uid':'v','controller':true}]}|metadata.ownerReferences: "
                + "Invalid value: [{\"apiVersion\":\"v1\",\"kind\":\"K\",\"name\":\"n\",\"uid\":\"u\",\"controller\":true},{"
                + "\"apiVersion\":\"v1\",\"kind\":\"L\",\"name\":\"m\",\"uid\":\"v\",\"controller\":true}]: Only one reference can"
                + " have Controller set to true. Found \"true\" in references for K/n and L/m"})
    void metadataIsChecked(String type, String metadata, String expected) {
        assertThat(creation(type, "{'metadata':" + metadata + "}")).isEqualTo(expected);
    }

    @Test
    void anEmptyListIsNoChange() {
        assertThat(update("deployments.apps", "{}", "{'spec':{'selector':{'matchExpressions':[]}}}")).isEqualTo("-");
        assertThat(update("statefulsets.apps", "{}", "{'spec':{'volumeClaimTemplates':[]}}")).isEqualTo("-");
    }

    @Test
    void finalizersOfUpstreamsTypesHaveADomain() {
        assertThat(update("deployments.apps", "{}", "{'metadata':{'finalizers':['foo']}}")).isEqualTo(
                "metadata.finalizers[0]: Invalid value: \"foo\": name is neither a standard finalizer name nor is it "
                        + "fully qualified");
        for (String type : List.of("poddisruptionbudgets.policy", "leases.coordination.k8s.io", "events",
                "runtimeclasses.node.k8s.io")) {
            assertThat(update(type, "{}", "{'metadata':{'finalizers':['foo']}}")).isEqualTo("-");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "horizontalpodautoscalers.autoscaling|{'spec':{'metrics':[{'type':'Cpu'}]}}|spec.metrics[0].type: Unsupported "
                + "value: \"Cpu\": supported values: \"ContainerResource\", \"External\", \"Object\", \"Pods\", \"Resource\""
                + "; spec.metrics[0].type: Unsupported value: \"Cpu\": supported values: \"ContainerResource\", "
                + "\"External\", \"Object\", \"Pods\", \"Resource\"",
        "horizontalpodautoscalers.autoscaling|{'spec':{'metrics':[{'type':'Object','object':{'describedObject':{'kind':"
                + "'K','name':'n'},'metric':{'name':'m'},'target':{'type':'Value'}}}]}}|"
                + "spec.metrics[0].object.target.averageValue: Required value: must set either a target value or "
                + "averageValue",
        "horizontalpodautoscalers.autoscaling|{'spec':{'metrics':[{'type':'Pods','pods':{'metric':{'name':'m'},'target':"
                + "{'type':'AverageValue','averageValue':'0'}}}]}}|spec.metrics[0].pods.target.averageValue: Invalid "
                + "value: \"0\": must be positive",
        "horizontalpodautoscalers.autoscaling|{'spec':{'metrics':[{'type':'ContainerResource','containerResource':{"
                + "'name':'cpu','container':'A','target':{'type':'Utilization','averageUtilization':5}}}]}}|"
                + "spec.metrics[0].containerResource.container: Invalid value: \"A\": a lowercase RFC 1123 label must "
                + "consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric "
                + "character (e.g. 'my-name',  or '123-abc', regex used for validation is "
                + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        "horizontalpodautoscalers.autoscaling|{'spec':{'scaleTargetRef':{'apiVersion':'v1'}}}|"
                + "spec.scaleTargetRef.apiVersion: Invalid value: \"v1\": apiVersion must specify API group",
        "horizontalpodautoscalers.autoscaling|{'spec':{'scaleTargetRef':{'kind':'','apiVersion':'v1'},'metrics':[{'type'"
                + ":'Object','object':{'describedObject':{'apiVersion':'a/b/c','kind':'K','name':'n'},'metric':{'name':"
                + "'m'},'target':{'type':'Value','value':'1'}}}]}}|spec.scaleTargetRef.kind: Required value; "
                + "spec.scaleTargetRef.apiVersion: Invalid value: \"v1\": apiVersion must specify API group; "
                + "spec.metrics[0].object.describedObject.apiVersion: Invalid value: \"a/b/c\": unexpected GroupVersion "
                + "string: a/b/c",
        "horizontalpodautoscalers.autoscaling|{'spec':{'scaleTargetRef':{'apiVersion':'v1','kind':"
                + "'ReplicationController'}}}|-",
        "poddisruptionbudgets.policy|{'spec':{'minAvailable':'101%','selector':{'matchExpressions':[{'key':'a',"
                + "'operator':'In'}]},'unhealthyPodEvictionPolicy':'x'}}|spec.minAvailable: Invalid value: \"101%\": must "
                + "not be greater than 100%; spec.selector.matchExpressions[0].values: Required value: must be specified"
                + " when `operator` is 'In' or 'NotIn'; spec.unhealthyPodEvictionPolicy: Unsupported value: \"x\": "
                + "supported values: \"AlwaysAllow\", \"IfHealthyBudget\"",
        "clusterroles.rbac.authorization.k8s.io|{'aggregationRule':{'clusterRoleSelectors':[{'matchExpressions':[{'key':"
                + "'a','operator':'Is'}]}]}}|aggregationRule.clusterRoleSelectors[0].matchExpressions[0].operator: "
                + "Invalid value: \"Is\": not a valid selector operator; aggregationRule.clusterRoleSelectors[0]: Invalid"
                + " value: null: invalid label selector.",
        "clusterroles.rbac.authorization.k8s.io|{'aggregationRule':{}}|aggregationRule.clusterRoleSelectors: Required "
                + "value: at least one clusterRoleSelector required if aggregationRule is non-nil",
        "clusterrolebindings.rbac.authorization.k8s.io|{'subjects':[{'kind':'ServiceAccount','name':'s'},{'kind':'User',"
                + "'name':''},{'kind':'Bot','name':'b'}]}|subjects[0].namespace: Required value; subjects[1].name: "
                + "Required value; subjects[2].kind: Unsupported value: \"Bot\": supported values: \"ServiceAccount\", "
                + "\"User\", \"Group\"",
        "apiservices.apiregistration.k8s.io|{'spec':{'service':{'name':'s','namespace':'n','port':70000}}}|"
                + "spec.service.port: Invalid value: 70000: port is not valid: must be between 1 and 65535, inclusive",
        "flowschemas.flowcontrol.apiserver.k8s.io|{'spec':{'rules':[{'subjects':[{'kind':'User','user':{'name':'*'}}],"
                + "'resourceRules':[{'verbs':['get'],'apiGroups':['*'],'resources':['*'],'namespaces':['a.b']}]}]}}|"
                + "spec.rules[0].resourceRules[0].namespaces[0]: Invalid value: \"a.b\": each member of this list must be "
                + "'*' or a DNS-1123 label; must not contain dots",
        "flowschemas.flowcontrol.apiserver.k8s.io|{'spec':{'distinguisherMethod':{'type':'ByRole'},'rules':[{'subjects':[{"
                + "'kind':'User','user':{'name':'*'}}],'nonResourceRules':[{'verbs':['head'],'nonResourceURLs':['/a*']}]}]"
                + "}}|spec.distinguisherMethod.type: Unsupported value: {\"Type\":\"ByRole\"}: supported values: "
                + "\"ByNamespace\", \"ByUser\"; spec.rules[0].nonResourceRules[0].verbs: Unsupported value: [\"head\"]: "
                + "supported values: \"create\", \"delete\", \"deletecollection\", \"get\", \"list\", \"patch\", "
                + "\"proxy\", \"update\", \"watch\"; spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "
                + "\"/a*\": wildcard can only do suffix matching",
        "flowschemas.flowcontrol.apiserver.k8s.io|{'metadata':{'name':'catch-all'},'spec':{'matchingPrecedence':10000,"
                + "'priorityLevelConfiguration':{'name':'catch-all'}}}|spec: Invalid value: "
                + "{\"PriorityLevelConfiguration\":{\"Name\":\"catch-all\"},\"MatchingPrecedence\":10000,"
                + "\"DistinguisherMethod\":null,\"Rules\":null}: spec of 'catch-all' must equal the fixed value",
        "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io|{'metadata':{'name':'catch-all'},'spec':{'type':"
                + "'Limited','limited':{'nominalConcurrencyShares':6}}}|spec: Invalid value: {\"Type\":\"Limited\","
                + "\"Limited\":{\"NominalConcurrencyShares\":6,\"LimitResponse\":{\"Type\":\"Reject\",\"Queuing\":null},"
                + "\"LendablePercent\":0,\"BorrowingLimitPercent\":null},\"Exempt\":null}: spec of 'catch-all' must equal "
                + "the fixed value",
        "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io|{'metadata':{'name':'catch-all'},'spec':{'limited':{"
                + "'nominalConcurrencyShares':5}}}|-",
        "validatingwebhookconfigurations.admissionregistration.k8s.io|{'webhooks':[{'name':'a.b.c','timeoutSeconds':31,"
                + "'clientConfig':{'service':{'name':'s','namespace':'n','path':'/A/b'}}},{'name':'a.b.c','sideEffects':"
                + "'Some','admissionReviewVersions':['v2'],'clientConfig':{'url':'https://x'}}]}|webhooks[0].sideEffects:"
                + " Required value: must specify one of None, NoneOnDryRun; webhooks[0].timeoutSeconds: Invalid value: "
                + "31: the timeout value must be between 1 and 30 seconds; webhooks[0].clientConfig.service.path: "
                + "Invalid value: \"/A/b\": segment[0]: a lowercase RFC 1123 subdomain must consist of lower case "
                + "alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. "
                + "'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*"
                + "[a-z0-9])?)*'); webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1; "
                + "webhooks[1].sideEffects: Unsupported value: \"Some\": supported values: \"None\", \"NoneOnDryRun\"; "
                + "webhooks[1].admissionReviewVersions: Invalid value: [\"v2\"]: must include at least one of v1, v1beta1;"
                + " webhooks[1].name: Duplicate value: \"a.b.c\""})
    void whatGoesWithWorkloadsIsChecked(String type, String patch, String expected) {
        assertThat(creation(type, patch)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "horizontalpodautoscalers.autoscaling|{'desiredReplicas':-1}|status.desiredReplicas: Invalid value: -1: must be "
                + "greater than or equal to 0",
        "apiservices.apiregistration.k8s.io|{'conditions':[{'type':'Available'}]}|status.conditions[0].status: "
                + "Unsupported value: \"\": supported values: \"True\", \"False\", \"Unknown\"",
        "flowschemas.flowcontrol.apiserver.k8s.io|{'conditions':[{'type':'A'},{'type':'A'},{}]}|status.conditions[1]"
                + ".type: Duplicate value: \"A\"; status.conditions[2].type: Required value",
        "poddisruptionbudgets.policy|{'expectedPods':-1,'conditions':[{'type':'A','status':'Yes'},{'type':'A','status':"
                + "'True','reason':'no way','lastTransitionTime':'2026-01-01T00:00:00Z'}]}|status.conditions[0].status: "
                + "Unsupported value: \"Yes\": supported values: \"False\", \"True\", \"Unknown\"; status.conditions[0]"
                + ".lastTransitionTime: Required value; status.conditions[0].reason: Required value; status.conditions[1]"
                + ".type: Duplicate value: \"A\"; status.conditions[1].reason: Invalid value: "
                + "\"no way\": a condition reason must start with alphabetic character, optionally followed by a string of"
                + " alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',"
                + "  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation "
                + "is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?'); status.expectedPods: Invalid value: -1: must be greater "
                + "than or equal to 0"})
    void aStatusOfWhatGoesWithWorkloadsIsChecked(String type, String status, String expected) {
        assertThat(status(type, "{}", "{}", status)).isEqualTo(expected);
    }

    private static String creation(String typeName, String patch) {
        ResourceType type = Samples.type(typeName);
        ObjectNode object = Samples.minimal(type);
        Samples.merge(object, Samples.json(patch));
        return Samples.told(type.problems(Samples.created(type, object)));
    }

    /// What the pipeline says of an update, without the metadata's repetitions.
    private static String update(String typeName, String patch, String change) {
        ResourceType type = Samples.type(typeName);
        ObjectNode old = Samples.minimal(type);
        Samples.merge(old, Samples.json(patch));
        old = Samples.created(type, old);
        ObjectNode object = Json.object(Json.bytes(old));
        Samples.merge(object, Samples.json(change));
        type.rules().applyDefaults(object);
        type.rules().prepareForUpdate(object, old);
        return Samples.told(type.problems(object, old));
    }

    /// What is said of `now` as the next status of an object whose status is `before`.
    private static String status(String typeName, String patch, String before, String now) {
        ResourceType type = Samples.type(typeName);
        ObjectNode old = Samples.minimal(type);
        Samples.merge(old, Samples.json(patch));
        old = Samples.created(type, old);
        old.set("status", Samples.json(before));
        ObjectNode object = Json.object(Json.bytes(old));
        object.set("status", Samples.json(now));
        type.rules().prepareForSubresource("status", object, old);
        return Samples.told(type.rules().validateSubresource("status", object, old));
    }
}
