package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.ResourceType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What may change in an object that exists. A row: type, merge patch, what is refused ("-" for nothing).
class UpdateRulesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "deployments.apps|{'spec':{'selector':{'matchLabels':{'app':'z'}}}}|spec.selector: Invalid value: "
                + "{\"matchLabels\":{\"a\":\"b\",\"app\":\"z\"}}: field is immutable; spec.template.metadata.labels: "
                + "Invalid value: {\"a\":\"b\"}: `selector` does not match template `labels`",
        "deployments.apps|{'spec':{'selector':{'matchExpressions':[],'matchLabels':{'z':'1','b':'2'}},'template':{'metadata':"
                + "{'labels':{'z':'1','b':'3'}}}}}|spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"b\",\"b\":\"2\","
                + "\"z\":\"1\"}}: field is immutable; spec.template.metadata.labels: Invalid value: {\"a\":\"b\","
                + "\"b\":\"3\",\"z\":\"1\"}: `selector` does not match template `labels`",
        "deployments.apps|{'spec':{'replicas':5}}|-",
        "statefulsets.apps|{'spec':{'serviceName':'y'}}|spec: Forbidden: updates to statefulset spec for fields other"
                + " than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
                + "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
        "statefulsets.apps|{'spec':{'replicas':3,'minReadySeconds':1}}|-",
        "jobs.batch|{'spec':{'completions':5}}|spec.completions: Invalid value: 5: field is immutable",
        "jobs.batch|{'spec':{'parallelism':5,'suspend':true}}|-",
        "secrets|{'type':'other'}|type: Invalid value: \"other\": field is immutable",
        "services|{'spec':{'clusterIP':'10.0.99.99'}}|spec.clusterIPs[0]: Invalid value: [\"10.0.99.99\"]: "
                + "may not change once set",
        "services|{'spec':{'sessionAffinity':'ClientIP'}}|-",
        "clusterrolebindings.rbac.authorization.k8s.io|{'roleRef':{'name':'admin'}}|roleRef: Invalid value: "
                + "{\"APIGroup\":\"rbac.authorization.k8s.io\",\"Kind\":\"ClusterRole\",\"Name\":\"admin\"}: "
                + "cannot change roleRef",
        "storageclasses.storage.k8s.io|{'provisioner':'example.com/q'}|provisioner: Forbidden: updates to "
                + "provisioner are forbidden.",
        "volumeattachments.storage.k8s.io|{'spec':{'nodeName':'m'}}|spec: Invalid value: {\"Attacher\":\"example.com\","
                + "\"Source\":{\"PersistentVolumeName\":\"v\",\"InlineVolumeSpec\":null},\"NodeName\":\"m\"}: field is "
                + "immutable",
        "ipaddresses.networking.k8s.io|{'spec':{'parentRef':{'name':'t'}}}|spec.parentRef: Invalid value: {\"Group\":\"\","
                + "\"Resource\":\"services\",\"Namespace\":\"ns\",\"Name\":\"t\"}: field is immutable",
        "priorityclasses.scheduling.k8s.io|{'value':7}|value: Forbidden: may not be changed in an update.",
        "controllerrevisions.apps|{'data':{'x':1}}|data: Invalid value: {\"x\":1}: field is immutable",
        "pods|{'spec':{'containers':[{'name':'c','image':'j','imagePullPolicy':'Always','resources':{},"
                + "'terminationMessagePath':'/dev/termination-log','terminationMessagePolicy':'File'}]}}|-",
        "pods|{'spec':{'activeDeadlineSeconds':60}}|-",
        "pods|{'spec':{'tolerations':[{'key':'a','operator':'Exists'}]}}|-",
        "pods|{'metadata':{'labels':{'a b':'c'}}}|"
                + "metadata.labels: Invalid value: \"a b\": name part must consist of "
                + "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
                + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
                + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"})
    void anUpdateIsCheckedAgainstWhatWas(String typeName, String patch, String expected) {
        ResourceType type = Samples.type(typeName);
        ObjectNode old = stored(type);
        String found = String.join("; ", update(type, old, patch).stream().distinct().sorted().toList());
        assertThat(found.isEmpty() ? "-" : found).isEqualTo(expected);
    }

    @Test
    void aPodsCommandMayNotChange() {
        ResourceType type = Samples.type("pods");
        assertThat(update(type, stored(type), "{'spec':{'hostname':'other'}}")).singleElement().asString()
                .startsWith("spec: Forbidden: pod updates may not change fields other than");
        assertThat(update(type, stored(type), "{'spec':{'nodeName':'n'}}")).hasSize(1);
    }

    @Test
    void aTolerationMayBeAddedButNotTaken() {
        ResourceType type = Samples.type("pods");
        ObjectNode old = stored(type);
        Tree.object(old, "spec").putArray("tolerations").addObject().put("key", "k").put("operator", "Exists");
        assertThat(update(type, old, "{'spec':{'tolerations':[]}}"))
                .containsExactly("spec.tolerations: Forbidden: existing toleration can not be modified except its "
                        + "tolerationSeconds");
    }

    @Test
    void anImmutableConfigMapStaysSo() {
        ResourceType type = Samples.type("configmaps");
        ObjectNode old = Samples.created(type, Samples.json("{'data':{'a':'1'},'immutable':true}"));
        String text = "Forbidden: field is immutable when `immutable` is set";
        assertThat(update(type, old, "{'data':{'q':'1'}}")).containsExactly("data: " + text);
        assertThat(update(type, old, "{'immutable':false}")).containsExactly("immutable: " + text);
        assertThat(update(type, old, "{'metadata':{'labels':{'a':'b'}}}")).isEmpty();
    }

    @Test
    void aDriverOfANodeChangesOnlyWhatItCanTake() {
        ResourceType type = Samples.type("csinodes.storage.k8s.io");
        ObjectNode old = Samples.created(type, Samples.json("{'spec':{'drivers':[{'name':'d','nodeID':'n'}]}}"));
        assertThat(update(type, old, "{'spec':{'drivers':[{'name':'d','nodeID':'n','topologyKeys':[],'allocatable':{"
                + "'count':3}}]}}")).isEmpty();
        assertThat(update(type, old, "{'spec':{'drivers':[{'name':'d','nodeID':'m'}]}}")).containsExactly(
                "spec.drivers: Invalid value: {\"Name\":\"d\",\"NodeID\":\"m\",\"TopologyKeys\":null,\"Allocatable\":null}:"
                        + " field is immutable");
    }

    @Test
    void aDyingObjectGetsNoNewFinalizers() {
        ResourceType type = Samples.type("configmaps");
        ObjectNode old = Samples.created(type, Samples.json("{'metadata':{'finalizers':['example.com/f']}}"));
        Tree.object(old, "metadata").put("deletionTimestamp", "2026-11-20T12:00:00Z");
        String text = "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, "
                + "found new finalizers []string{\"example.com/g\"}";
        assertThat(update(type, old, "{'metadata':{'finalizers':['example.com/f','example.com/g']}}"))
                .as("twice, as upstream").containsExactly(text, text);
        assertThat(update(type, old, "{'metadata':{'finalizers':null}}")).isEmpty();
    }

    @Test
    void aServiceKeepsItsAddressAndNodePorts() {
        ResourceType type = Samples.type("services");
        ObjectNode old = Samples.created(type, Samples.json("{'spec':{'type':'NodePort','clusterIP':'10.0.0.9',"
                + "'ports':[{'port':80,'nodePort':30080}]}}"));
        ObjectNode object = Samples.identified(type,
                Samples.json("{'spec':{'type':'NodePort','ports':[{'port':80}]}}"));
        type.rules().applyDefaults(object);
        type.rules().prepareForUpdate(object, old);
        assertThat(object).isEqualTo(reordered(old, object));
    }

    @Test
    void aDaemonSetsTemplateGenerationCountsTemplateChanges() {
        ResourceType type = Samples.type("daemonsets.apps");
        ObjectNode old = stored(type);
        ObjectNode object = old.deepCopy();
        Tree.object(Tree.object(Tree.object(object, "spec"), "template"), "spec").put("hostNetwork", true);
        type.rules().prepareForUpdate(object, old);
        assertThat(Tree.at(object, "metadata.annotations").path("deprecated.daemonset.template.generation").asText())
                .isEqualTo("2");
        assertThat(type.rules().raisesGeneration(object, old)).isTrue();
    }

    @Test
    void aPodsStatusKeepsItsClassOfService() {
        ResourceType type = Samples.type("pods");
        ObjectNode old = stored(type);
        ObjectNode object = Samples.json("{'metadata':{'name':'x'},'status':{'phase':'Running','message':'hi'}}");
        type.rules().prepareForSubresource("status", object, old);
        assertThat(Tree.text(object, "status.qosClass")).isEqualTo("BestEffort");
        assertThat(object.path("spec")).isEqualTo(old.path("spec"));
        object.withObject("/status").put("qosClass", "Guaranteed");
        assertThat(type.rules().validateSubresource("status", object, old)).hasSize(1);
    }

    private static ObjectNode stored(ResourceType type) {
        ObjectNode object = Samples.created(type);
        if (type.plural().equals("services")) {
            Tree.object(object, "spec").put("clusterIP", "10.0.0.1").putArray("clusterIPs").add("10.0.0.1");
        }
        return object;
    }

    /// What the pipeline does with an update; the messages it would give.
    private static List<String> update(ResourceType type, ObjectNode old, String patch) {
        ObjectNode object = Json.object(Json.bytes(old));
        Samples.merge(object, Samples.json(patch));
        type.rules().applyDefaults(object);
        type.rules().prepareForUpdate(object, old);
        return type.problems(object, old).stream().map(p -> p.field() + ": " + p.message()).toList();
    }

    /// Equality of objects does not depend on the order of fields; said so that a failure shows both alike.
    private static ObjectNode reordered(ObjectNode old, ObjectNode like) {
        ObjectNode out = Json.newObject();
        like.properties().forEach(e -> out.set(e.getKey(), old.path(e.getKey())));
        return out;
    }
}
