package io.logplane.representation.patch;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.representation.Some;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {

    /// Asked of k8s.io/apiserver 0.36.4 with fields that keep whatever they are given.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"{}|{'a':{'n':null}}|{'a':{}}",
        "{}|{'a':[{'n':null}]}|{'a':[{}]}", "{}|{'a':[null,{'n':null,'o':[[{'n':null}]]}]}|{'a':[null,{'o':[[{}]]}]}",
        "{'a':1}|{'a':[{'n':null}]}|{'a':[{}]}", "{'a':[{'n':1,'o':2}]}|{'a':[{'n':null}]}|{'a':[{}]}",
        "{'a':null}|{'a':{'n':null}}|{'a':{}}", "{'a':{'b':1}}|{'a':[{'n':null}]}|{'a':[{'n':null}]}",
        "{'a':{'b':1}}|{'a':{'b':[{'n':null}],'c':{'n':null}}}|{'a':{'b':[{}],'c':{}}}",
        "{'a':{'b':1,'c':2}}|{'a':{'b':null}}|{'a':{'c':2}}", "{'a':{'b':1}}|{'a':'x'}|{'a':'x'}"})
    void nulls_go_from_what_a_patch_brings(String original, String patch, String result) {
        assertThat(MergePatch.apply(Some.node(original), Some.node(patch))).isEqualTo(Some.node(result));
    }
}
