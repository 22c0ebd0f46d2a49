package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.types.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Fields whose features kube-apiserver 1.36 has off: nobody gets them, and who has them keeps them.
class DisabledFieldsTest {
    private static final String DEVICE = "{'spec':{'driver':'example.com','nodeName':'n','pool':{'name':'p','generation'"
            + ":1,'resourceSliceCount':1},'devices':[{'name':'d',";

    /// Rows: type, an object with the field, where the field is.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "statefulsets.apps|{'spec':{'updateStrategy':{'rollingUpdate':{'maxUnavailable':2}}}}|"
                + "/spec/updateStrategy/rollingUpdate/maxUnavailable",
        "leases.coordination.k8s.io|{'spec':{'strategy':'OldestEmulationVersion'}}|/spec/strategy",
        "leases.coordination.k8s.io|{'spec':{'strategy':'a.b/c','preferredHolder':'a'}}|/spec/preferredHolder",
        "csidrivers.storage.k8s.io|{'spec':{'preventPodSchedulingIfMissing':true}}|/spec/preventPodSchedulingIfMissing",
        "resourceslices.resource.k8s.io|" + DEVICE + "'attributes':{'a':{'ints':[1]}}}]}}|"
                + "/spec/devices/0/attributes/a/ints",
        "resourceslices.resource.k8s.io|" + DEVICE + "'nodeAllocatableResourceMappings':{'cpu':{}}}]}}|"
                + "/spec/devices/0/nodeAllocatableResourceMappings"})
    void whoHasTheFieldKeepsItAndNobodyElseGetsIt(String name, String with, String field) {
        ResourceType type = Samples.type(name);
        ObjectNode asked = Samples.minimal(type);
        Samples.merge(asked, Samples.json(with));
        ObjectNode created = Samples.created(type, asked.deepCopy());
        assertThat(created.at(field).isMissingNode()).isTrue();
        assertThat(updated(type, asked, created).at(field).isMissingNode()).isTrue();
        assertThat(updated(type, asked, asked).at(field)).isEqualTo(asked.at(field));
    }

    /// Rows: type, an object with the field, a change of it, what is refused.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "statefulsets.apps|{'spec':{'updateStrategy':{'rollingUpdate':{'maxUnavailable':2}}}}|{'spec':{'updateStrategy':"
                + "{'rollingUpdate':{'maxUnavailable':'101%'}}}}|spec.updateStrategy.rollingUpdate.maxUnavailable: "
                + "Invalid value: \"101%\": must not be greater than 100%",
        "leases.coordination.k8s.io|{'spec':{'strategy':'a.b/c'}}|{'spec':{'strategy':'Best'}}|spec.strategy.strategy: "
                + "Unsupported value: \"Best\": supported values: \"OldestEmulationVersion\"",
        "leases.coordination.k8s.io|{'spec':{'strategy':'a.b/c','preferredHolder':'a'}}|{'spec':{'strategy':null}}|"
                + "spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined",
        "leases.coordination.k8s.io|{'spec':{'strategy':'a.b/c'}}|{'spec':{'strategy':'example.com/best',"
                + "'preferredHolder':''}}|-"})
    void whoHasTheFieldIsChecked(String name, String with, String change, String expected) {
        ResourceType type = Samples.type(name);
        ObjectNode old = Samples.created(type);
        Samples.merge(old, Samples.json(with));
        ObjectNode asked = old.deepCopy();
        Samples.merge(asked, Samples.json(change));
        assertThat(Samples.told(type.problems(updated(type, asked, old), old))).isEqualTo(expected);
    }

    @Test
    void aLifecycleOfASignalAloneGoesWithIt() {
        ObjectNode pod = Samples.created(Samples.type("pods"),
                Samples.json("{'spec':{'containers':[{'name':'c','image':"
                        + "'i','lifecycle':{'stopSignal':'SIGTERM'}},{'name':'d','image':'i','lifecycle':{'stopSignal':'SIGTERM',"
                        + "'preStop':{'sleep':{'seconds':1}}}},{'name':'e','image':'i','lifecycle':{}}]}}"));
        assertThat(pod.at("/spec/containers/0").has("lifecycle")).isFalse();
        assertThat(pod.at("/spec/containers/1/lifecycle"))
                .isEqualTo(Samples.json("{'preStop':{'sleep':{'seconds':1}}}"));
        assertThat(pod.at("/spec/containers/2").has("lifecycle")).isTrue();
    }

    private static ObjectNode updated(ResourceType type, ObjectNode asked, ObjectNode old) {
        ObjectNode object = asked.deepCopy();
        type.rules().applyDefaults(object);
        type.rules().prepareForUpdate(object, old);
        return object;
    }
}
