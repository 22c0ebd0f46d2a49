package io.logplane.representation.patch;

import static io.logplane.representation.Some.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType;
import io.logplane.representation.TypeSchemas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategicMergeTest {
    private static final StructType POD_SPEC = TypeSchemas.builtIn().named("api.core.v1.PodSpec").orElseThrow();
    private static final StructType META = TypeSchemas.builtIn().named("apimachinery.pkg.apis.meta.v1.ObjectMeta")
            .orElseThrow();
    private static final StructType DEPLOYMENT = TypeSchemas.builtIn().ofKind("apps", "v1", "Deployment").orElseThrow();

    private static String merged(StructType type, String original, String patch) {
        return StrategicMerge.apply((ObjectNode) node(original), (ObjectNode) node(patch), type).toString().replace('"',
                '\'');
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '¦', quoteCharacter = '§', textBlock = """
            {'containers':[{'name':'a','image':'1'},{'name':'b'}]}¦{'containers':[{'name':'a','image':'2'},{'name':'c'}]}¦{'containers':[{'name':'a','image':'2'},{'name':'c'},{'name':'b'}]}
            {'containers':[{'name':'a'},{'name':'b'}]}¦{'containers':[{'name':'a','$patch':'delete'}]}¦{'containers':[{'name':'b'}]}
            {'containers':[{'name':'a'},{'name':'b'}]}¦{'containers':[{'$patch':'replace'},{'name':'z'}]}¦{'containers':[{'name':'z'}]}
            {'containers':[{'name':'a','env':[{'name':'E','value':'1'}]}]}¦{'containers':[{'name':'a','env':[{'name':'E','value':null,'valueFrom':{}}]}]}¦{'containers':[{'name':'a','env':[{'name':'E','valueFrom':{}}]}]}
            {'containers':[{'name':'a','args':['x','y']}]}¦{'containers':[{'name':'a','args':['z']}]}¦{'containers':[{'name':'a','args':['z']}]}
            {'volumes':[{'name':'v','emptyDir':{}}]}¦{'volumes':[{'name':'v','$retainKeys':['name','hostPath'],'hostPath':{'path':'/x'}}]}¦{'volumes':[{'name':'v','hostPath':{'path':'/x'}}]}
            {'nodeSelector':{'a':'1','b':'2'}}¦{'nodeSelector':{'a':null,'c':'3'}}¦{'nodeSelector':{'b':'2','c':'3'}}
            {'securityContext':{'runAsUser':1}}¦{'securityContext':{'$patch':'delete'}}¦{'securityContext':{}}
            {'hostname':'a'}¦{'hostname':null,'subdomain':null,'affinity':{'nodeAffinity':null}}¦{'affinity':{}}
            {'tolerations':[{'key':'a'}]}¦{'tolerations':[{'key':'b'}]}¦{'tolerations':[{'key':'b'}]}
            {'tolerations':[{'key':'a'}]}¦{'tolerations':[{'key':'b','$patch':'delete'}]}¦{'tolerations':[{'key':'b','$patch':'delete'}]}
            {'containers':[{'name':'a'}]}¦{'containers':[{'name':'b','lifecycle':{'$patch':'delete'},'image':null}]}¦{'containers':[{'name':'b','lifecycle':{'$patch':'delete'},'image':null},{'name':'a'}]}
            {'containers':[]}¦{'$setElementOrder/containers':[],'containers':[{'name':'a'},{'name':'b'}]}¦{'containers':[{'name':'b'},{'name':'a'}]}
            {'containers':[{'name':'a'},{'name':'s'},{'name':'b'}]}¦{'$setElementOrder/containers':[{'name':'b'},{'name':'a'}],'containers':[{'name':'b','image':'2'}]}¦{'containers':[{'name':'s'},{'name':'b','image':'2'},{'name':'a'}]}
            {'containers':[{'name':'a'},{'name':'b'}]}¦{'$setElementOrder/containers':[{'name':'b'},{'name':'a'}]}¦{'containers':[{'name':'b'},{'name':'a'}]}
            {'containers':[{'name':'a'},{'name':'b'}]}¦{'$setElementOrder/containers':[{'name':'b'}],'containers':[{'name':'a','$patch':'delete'}]}¦{'containers':[{'name':'b'}]}
            """)
    void merges_a_pod_spec(String original, String patch, String result) {
        assertThat(merged(POD_SPEC, original, patch)).isEqualTo(result);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '¦', quoteCharacter = '§', textBlock = """
            {'finalizers':['a','b']}¦{'finalizers':['b','c']}¦{'finalizers':['a','b','c']}
            {'finalizers':['a','b']}¦{'$deleteFromPrimitiveList/finalizers':['a']}¦{'finalizers':['b']}
            {'finalizers':['a','b']}¦{'$setElementOrder/finalizers':['c','b'],'finalizers':['c'],'$deleteFromPrimitiveList/finalizers':['a']}¦{'finalizers':['c','b']}
            {'ownerReferences':[{'uid':'1','name':'x'}]}¦{'ownerReferences':[{'uid':'1','controller':true}]}¦{'ownerReferences':[{'uid':'1','name':'x','controller':true}]}
            """)
    void merges_metadata(String original, String patch, String result) {
        assertThat(merged(META, original, patch)).isEqualTo(result);
    }

    @Test
    void set_image_as_kubectl_sends_it() {
        String live = "{'spec':{'template':{'spec':{'containers':[{'name':'web','image':'nginx:1','ports':[{'containerPort':80,'protocol':'TCP'}]}]}}}}";
        String patch = "{'spec':{'template':{'spec':{'$setElementOrder/containers':[{'name':'web'}],'containers':[{'image':'nginx:2','name':'web'}]}}}}";
        assertThat(merged(DEPLOYMENT, live, patch)).isEqualTo(live.replace("nginx:1", "nginx:2"));
    }

    @Test
    void a_change_of_strategy_drops_the_other_strategys_settings() {
        String live = "{'spec':{'strategy':{'type':'RollingUpdate','rollingUpdate':{'maxSurge':1}}}}";
        assertThat(merged(DEPLOYMENT, live, "{'spec':{'strategy':{'$retainKeys':['type'],'type':'Recreate'}}}"))
                .isEqualTo("{'spec':{'strategy':{'type':'Recreate'}}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '§', textBlock = """
            {'containers':[{'image':'x'}]}¦map: map[image:x] does not contain declared merge key: name
            {'containers':['x']}¦list element types are not identical: [[map[name:a]] [x]]
            {'$patch':1}¦unknown patch type: %!s(int64=1) in map: map[$patch:1]
            {'$setElementOrder':[]}¦invalid patch format of setElementOrder list
            {'$deleteFromPrimitiveList':[]}¦invalid patch format of primitive list
            {'$setElementOrder/containers':[{'name':'a'}],'containers':[{'name':'a'},{'name':'b','$patch':'replace'}]}¦The order in patch list:\\n[map[name:a] map[$patch:replace name:b]]\\n doesn't match $setElementOrder list:\\n[map[name:a]]\\n
            {'$patch':'frob'}¦unknown patch type: frob in map: map[$patch:frob]
            {'$retainKeys':['a'],'b':1}¦invalid patch format of retainKeys
            """)
    void refuses_what_makes_no_sense(String patch, String text) {
        assertThatThrownBy(() -> merged(POD_SPEC, "{'containers':[{'name':'a'}]}", patch))
                .isInstanceOf(PatchFailed.class).hasMessage(text.replace("\\n", "\n"));
    }
}
