package io.logplane.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {

    private static RequestInfo parse(String method, String path) {
        int at = path.indexOf('?');
        Query query = Query.parse(at < 0 ? Optional.empty() : Optional.of(path.substring(at + 1)));
        return RequestPath.parse(method, at < 0 ? path : path.substring(0, at), query).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "GET|/api/v1/namespaces/a/pods/p|get|''|pods|''|a|p",
        "GET|/api/v1/namespaces/a/pods|list|''|pods|''|a|''",
        "GET|/api/v1/namespaces/a/pods?watch=1|watch|''|pods|''|a|''",
        "GET|/api/v1/namespaces/a/pods/p?watch=1|get|''|pods|''|a|p",
        "GET|/api/v1/pods?fieldSelector=metadata.name%3Dp|list|''|pods|''|''|p",
        "POST|/api/v1/namespaces/a/pods/p/binding|create|''|pods|binding|a|p",
        "PUT|/api/v1/namespaces/a/finalize|update|''|namespaces|finalize|a|a",
        "GET|/api/v1/namespaces/a|get|''|namespaces|''|a|a",
        "GET|/api/v1/namespaces/status|get|''|namespaces|''|status|status",
        "GET|/api/v1/namespaces|list|''|namespaces|''|''|''",
        "DELETE|/apis/apps/v1/namespaces/a/deployments|deletecollection|apps|deployments|''|a|''",
        "DELETE|/api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Dp|deletecollection|''|pods|''|a|''",
        "PATCH|/apis/apps/v1/namespaces/a/deployments/d/scale|patch|apps|deployments|scale|a|d",
        "GET|/apis/g.io/v1/namespaces/a/ds/d/scale/x/y|get|g.io|ds|scale|a|d",
        "GET|/api/v1/namespaces/a/pods/p/proxy/x/y|get|''|pods|proxy|a|p",
        "GET|/api/v1/watch/namespaces/a/pods/p|watch|''|pods|''|a|p",
        "POST|/apis/g.io/v1/watch/namespaces/a/ds|watch|g.io|ds|''|a|''",
        "FROB|/api/v1/pods|''|''|pods|''|''|''"})
    void aPathSaysWhatIsAskedFor(String method, String path, String verb, String group, String resource,
            String subresource, String namespace, String name) {
        RequestInfo info = parse(method, path);

        assertThat(info.resourceRequest()).isTrue();
        assertThat(new String[]{info.verb(), info.group(), info.resource(), info.subresource(), info.namespace(), info
                .name()}).containsExactly(verb, group, resource, subresource, namespace, name);
    }

    @ParameterizedTest
    @CsvSource({"/api/v1/namespaces/a/pods/p/log,false", "/api/v1/namespaces/a/pods/p/log/x,true",
        "/api/v1/nodes/n/status,false", "/api/v1/nodes/n/status/status,true", "/api/v1/namespaces/a/status,false",
        "/apis/g.io/v1/namespaces/a/ds/d/scale,false", "/apis/g.io/v1/namespaces/a/ds/d/scale/x,true",
        "/apis/g.io/v1/ds/d/scale/x,true", "/api/v1/namespaces/a/pods/p,false"})
    void aPathMayGoOnBelowItsSubresource(String path, boolean deeper) {
        assertThat(parse("GET", path).deeper()).isEqualTo(deeper);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/namespaces/a/configmaps/..%2fsecrets", "/api/v1//namespaces",
        "/api/v1/namespaces/a/pods/%2e%2e/secrets", "/api/v1/namespaces/a/../b/pods", "/api/v1/pods/a%00b",
        "/api/v1/namespaces/a%2Fb/pods", "/api/v1/pods/%c0%ae%c0%ae", "/api/v1/pods/%zz", "/api/v1/pods/%2",
        "/api/v1/pods/a%5cb", "api/v1/pods", "/api/v1/namespaces/a/namespaces", "/api/v1/namespaces/a/namespaces/a"})
    void aTrickInThePathMakesItNoPathAtAll(String path) {
        assertThat(RequestPath.parse("GET", path, Query.EMPTY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api", "/apis", "/apis/", "/api/v1", "/apis/apps/v1", "/healthz/ping", "/version"})
    void whatNamesNoResourceIsARequestAboutTheServer(String path) {
        assertThat(parse("GET", path).resourceRequest()).isFalse();
    }

    @Test
    void aSlashAtTheEndCountsWhereNoResourceIsNamed() {
        assertThat(parse("GET", "/logs/").path()).isEqualTo("/logs/");
        assertThat(parse("GET", "/").path()).isEqualTo("/");
    }

    @Test
    void aSemicolonIsPartOfTheNameAndNothingMore() {
        assertThat(parse("GET", "/api/v1/namespaces/a;b/pods/p").namespace()).isEqualTo("a;b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"//version|false|//version|''|''|''",
        "/version/../api|false|/version/../api|''|''|''",
        "/api/v1//namespaces/a/pods|true|/api/v1//namespaces/a/pods|''|''|namespaces",
        "/api/v1/namespaces/a/pods/%2e%2e|true|/api/v1/namespaces/a/pods/..|a|pods|..",
        "/api/v1/namespaces/a%2fpods|true|/api/v1/namespaces/a/pods|a|pods|''"})
    void whoMayNotAskForATrickHearsNoMoreThanThat(String path, boolean resource, String shown, String namespace,
            String plural, String name) {
        RequestInfo info = RequestPath.unserved("GET", path, Query.EMPTY);

        assertThat(new Object[]{info.resourceRequest(), info.path(), info.namespace(), info.resource(), info.name()})
                .containsExactly(resource, shown, namespace, plural, name);
    }

    @ParameterizedTest
    @CsvSource({"/api/v1/watch,true", "/api/v1/proxy,true", "/apis/apps/v1/watch,true", "/apis/g.io/v1/watch/,true",
        "/api/v1/watch/pods,false", "/api/v1/namespaces/a/watch,false", "/api/v1/watch/watch,false", "/watch,false"})
    void aVerbInThePathSaysWhatFor(String path, boolean alone) {
        assertThat(RequestPath.verbAlone(parse("GET", path))).isEqualTo(alone);
    }
}
