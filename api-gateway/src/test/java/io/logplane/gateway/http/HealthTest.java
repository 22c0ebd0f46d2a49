package io.logplane.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.gateway.request.Query;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the health paths say; the state cannot be read, the first objects are there. A row: path, query, code, text
/// with "~" for line ends and "..." for what may stand between.
class HealthTest {
    private final Health health = new Health(() -> Optional.of("no log"), Optional::empty);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"/livez|``|200|ok",
        "/livez|verbose|200|[+]ping ok~[+]log ok~[+]loopback-serving-certificate ok~[+]etcd ok~"
                + "[+]poststarthook/start-apiserver-admission-initializer ok~...~[+]autoregister-completion ok~"
                + "[+]poststarthook/apiservice-openapi-controller ok~[+]poststarthook/apiservice-openapiv3-controller ok~"
                + "livez check passed~",
        "/healthz|``|500|[+]ping ok~[+]log ok~[+]loopback-serving-certificate ok~[-]etcd failed: reason withheld~"
                + "...~healthz check failed~",
        "/livez|verbose&exclude=b&exclude=ping&exclude=a|200|[+]ping excluded: ok~...~warn: some health checks cannot "
                + "be excluded: no matches for \"a\",\"b\"~livez check passed~",
        "/livez|exclude=a|200|ok",
        "/readyz|``|500|[+]ping ok~[+]log ok~[-]informer-sync failed: reason withheld~"
                + "[+]poststarthook/start-apiserver-admission-initializer ok~...~[+]shutdown ok~readyz check failed~",
        "/readyz|exclude=informer-sync|200|ok", "/readyz/informer-sync|``|500|internal server error: no log~",
        "/healthz/poststarthook/rbac/bootstrap-roles|``|200|ok", "/healthz/etcd|``|500|internal server error: no log~",
        "/livez/informer-sync|``|404|404 page not found~", "/livezz|``|404|404 page not found~",
        "/readyz/|``|404|404 page not found~"})
    void the_words_are_upstreams(String path, String query, int code, String text) {
        Health.Report report = health.report(path, Query.parse(Optional.of(query)));
        String[] parts = text.split("\\.\\.\\.", -1);
        assertThat(report.text().replace('\n', '~')).startsWith(parts[0]).endsWith(parts[parts.length - 1]).contains(
                parts);
        assertThat(report.text().length()).isGreaterThanOrEqualTo(text.length());
        assertThat(report.code()).isEqualTo(code);
        assertThat(report.sniffable()).isEqualTo(path.endsWith("bootstrap-roles"));
    }

    @Test
    void hooks_that_write_wait_for_the_first_objects() {
        Health young = new Health(Optional::empty, () -> Optional.of("not finished"));

        assertThat(young.report("/livez", Query.parse(Optional.of("verbose"))).text()).contains(
                "[-]poststarthook/rbac/bootstrap-roles failed", "[+]poststarthook/crd-informer-synced ok");
    }

    @Test
    void what_is_told_to_stop_is_alive_and_not_ready() {
        Health healthy = new Health(Optional::empty, Optional::empty);
        healthy.close();

        assertThat(healthy.report("/livez", Query.parse(Optional.empty())).code()).isEqualTo(200);
        assertThat(healthy.report("/readyz", Query.parse(Optional.empty())).text()).contains("[-]shutdown failed");
    }

    @Test
    void results_are_counted_for_each_check() {
        Query verbose = Query.parse(Optional.of("verbose"));
        health.report("/healthz", verbose);
        health.report("/healthz", verbose);

        assertThat(health.results().lines()).contains("kubernetes_healthcheck{name=\"ping\",type=\"healthz\"} 1.0",
                "kubernetes_healthcheck{name=\"etcd\",type=\"healthz\"} 0.0",
                "kubernetes_healthchecks_total{name=\"etcd\",status=\"error\",type=\"healthz\"} 2.0");
    }
}
