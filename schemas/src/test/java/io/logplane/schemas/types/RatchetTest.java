package io.logplane.schemas.types;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.model.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Objects that earlier rules let in, and today's would not. A row: type, what was stored, a merge patch, all the
/// causes.
class RatchetTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "pods|{'spec':{'containers':[{'name':'c','image':'i'}],'tolerations':[{'key':'a','operator':'Gt','value':'1'}]}}"
                + "|{'metadata':{'labels':{'a':'b'},'finalizers':['x/y']}}|-",
        "pods|{'spec':{'containers':[{'name':'c','image':'i'}],'tolerations':[{'key':'a','operator':'Gt','value':'1'}]}}"
                + "|{'spec':{'tolerations':[{'key':'a','operator':'Gt','value':'1'},{'key':'a','operator':'x'}]}}|"
                + "spec.tolerations[1].operator: Unsupported value: \"x\": supported values: \"Equal\", \"Exists\"; "
                + "spec.tolerations[1].operator: Unsupported value: \"x\": supported values: \"Equal\", \"Exists\"",
        "deployments.apps|{'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},"
                + "'spec':{'containers':[{'name':'c','image':'i','ports':[{'containerPort':0}]}]}}}}|{'spec':{'template':"
                + "{'spec':{'containers':[{'name':'z','image':'i'},{'name':'c','image':'i','ports':[{'containerPort':0}]"
                + "}]}}}}|-",
        "deployments.apps|{'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},"
                + "'spec':{'containers':[{'name':'c','image':'i','ports':[{'containerPort':0}]}]}}}}|{'spec':{'selector':"
                + "{'matchLabels':{'c':'d'}}}}|2",
        "services|{'spec':{'ports':[{'port':80}],'externalIPs':['010.0.0.1']}}|{'metadata':{'labels':{'a':'b'}}}|-",
        "services|{'spec':{'ports':[{'port':80}],'selector':{'a b':'c'}}}|{'metadata':{'labels':{'a':'b'}}}|-",
        "configmaps|{'data':{'a b':'c'}}|{'data':{'d':'e'}}|-",
        "configmaps|{'data':{'a b':'c'}}|{'data':{'d e':'e'}}|1",
        "configmaps|{'metadata':{'labels':{'a b':'c'}}}|{'data':{'d':'e'}}|-"})
    void whatWasWrongBeforeIsNotHeldAgainstAnUpdate(String name, String stored, String patch, String expected) {
        ResourceType type = Samples.type(name);
        ObjectNode old = Samples.created(type, Samples.json(stored));
        assertThat(type.problems(old)).isNotEmpty();
        assertThat(counted(told(type, old, patch), expected)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "pods|spec|enableServiceLinks|{'metadata':{'labels':{'a':'b'}}}|-",
        "pods|spec|schedulerName|{'spec':{'schedulerName':'z'}}|1",
        "statefulsets.apps|spec|podManagementPolicy|{'metadata':{'labels':{'a':'b'}}}|-",
        "jobs.batch|spec|completionMode|{'spec':{'suspend':true}}|-"})
    void aFieldThatHasADefaultOnlyTodayDoesNotCountAsChanged(String name, String parent, String field, String patch,
            String expected) {
        ResourceType type = Samples.type(name);
        ObjectNode old = Samples.created(type);
        ((ObjectNode) old.path(parent)).remove(field);
        assertThat(counted(told(type, old, patch), expected)).isEqualTo(expected);
    }

    private static String counted(String found, String expected) {
        return expected.length() > 1 || expected.equals("-") ? found : "" + found.split("; ").length;
    }

    private static String told(ResourceType type, ObjectNode old, String patch) {
        ObjectNode object = Json.object(Json.bytes(old));
        Samples.merge(object, Samples.json(patch));
        type.rules().applyDefaults(object);
        type.rules().prepareForUpdate(object, old);
        return Samples.told(type.problems(object, old));
    }
}
