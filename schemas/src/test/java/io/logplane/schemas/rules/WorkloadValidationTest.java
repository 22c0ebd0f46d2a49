package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.ResourceType;
import java.util.List;
import java.util.Map;
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
        "deployments.apps|{'spec':{'strategy':{'type':'Rolling'}}}|spec.strategy: Unsupported value: {\"type\":"
                + "\"Rolling\"}: supported values: \"Recreate\", \"RollingUpdate\"",
        "deployments.apps|{'spec':{'minReadySeconds':600}}|spec.progressDeadlineSeconds: Invalid value: 600: must be "
                + "greater than minReadySeconds",
        "deployments.apps|{'spec':{'template':{'spec':{'activeDeadlineSeconds':5}}}}|spec.template.spec"
                + ".activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported",
        "replicasets.apps|{'spec':{'selector':{'matchLabels':null}}}|spec.selector: Invalid value: {}: empty selector "
                + "is invalid for deployment",
        "replicasets.apps|{'spec':{'selector':{'matchLabels':{'a':'c'}}}}|spec.template.metadata.labels: Invalid value: "
                + "{\"a\":\"b\"}: `selector` does not match template `labels`",
        "daemonsets.apps|{'spec':{'selector':null}}|spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: "
                + "`selector` does not match template `labels`",
        "daemonsets.apps|{'spec':{'updateStrategy':{'rollingUpdate':{'maxSurge':1}}}}|spec.updateStrategy"
                + ".rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero",
        "daemonsets.apps|{'spec':{'updateStrategy':{'type':'Recreate'}}}|spec.updateStrategy: Unsupported value: {"
                + "\"type\":\"Recreate\"}: supported values: \"RollingUpdate\", \"OnDelete\"",
        "statefulsets.apps|{'spec':{'podManagementPolicy':'Some','updateStrategy':{'type':'OnDelete','rollingUpdate':{"
                + "'partition':1}},'replicas':-1}}|spec.podManagementPolicy: Invalid value: \"Some\": must be "
                + "'OrderedReady' or 'Parallel'; spec.updateStrategy.rollingUpdate: Invalid value: {\"partition\":1}: "
                + "only allowed for updateStrategy 'RollingUpdate'; spec.replicas: Invalid value: -1: must be greater "
                + "than or equal to 0",
        "statefulsets.apps|{'spec':{'updateStrategy':{'rollingUpdate':{'maxUnavailable':'101%'}}}}|spec.updateStrategy"
                + ".rollingUpdate.maxUnavailable: Invalid value: \"101%\": must not be greater than 100%",
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

    private static String creation(String typeName, String patch) {
        ResourceType type = Samples.type(typeName);
        ObjectNode object = Samples.minimal(type);
        merge(object, Samples.json(patch));
        return told(type.problems(Samples.created(type, object)));
    }

    /// What is said of `now` as the next status of an object whose status is `before`.
    private static String status(String typeName, String patch, String before, String now) {
        ResourceType type = Samples.type(typeName);
        ObjectNode old = Samples.minimal(type);
        merge(old, Samples.json(patch));
        old = Samples.created(type, old);
        old.set("status", Samples.json(before));
        ObjectNode object = Json.object(Json.bytes(old));
        object.set("status", Samples.json(now));
        type.rules().prepareForSubresource("status", object, old);
        return told(type.rules().validateSubresource("status", object, old));
    }

    private static String told(List<FieldError> wrong) {
        String all = String.join("; ", wrong.stream().map(p -> p.field() + ": " + p.message()).toList());
        return all.isEmpty() ? "-" : all;
    }

    private static void merge(ObjectNode target, ObjectNode patch) {
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
}
