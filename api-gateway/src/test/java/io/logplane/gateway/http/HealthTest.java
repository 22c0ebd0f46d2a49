package io.logplane.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.gateway.request.Query;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the health paths say; the state cannot be read. A row: path, query, code, text with "~" for line ends.
class HealthTest {
    private final Health health = new Health(() -> Optional.of("no log"), Optional::empty);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"/livez|``|200|ok",
        "/livez|verbose|200|[+]ping ok~[+]log ok~livez check passed~",
        "/livez|verbose&exclude=b&exclude=ping&exclude=a|200|[+]ping excluded: ok~[+]log ok~warn: some health checks "
                + "cannot be excluded: no matches for \"a\",\"b\"~livez check passed~",
        "/livez|exclude=a|200|ok",
        "/readyz|exclude=etcd|500|[+]ping ok~[+]log ok~[+]etcd excluded: ok~[-]registry failed: reason withheld~"
                + "[+]poststarthook/bootstrap ok~readyz check failed~",
        "/readyz|exclude=etcd&exclude=registry|200|ok", "/readyz/etcd|``|500|internal server error: no log~",
        "/healthz/poststarthook/bootstrap|``|200|ok", "/livez/etcd|``|404|404 page not found~",
        "/livezz|``|404|404 page not found~", "/readyz/|``|404|404 page not found~"})
    void the_words_are_upstreams(String path, String query, int code, String text) {
        Health.Report report = health.report(path, Query.parse(Optional.of(query)));
        assertThat(report.text().replace('\n', '~')).isEqualTo(text);
        assertThat(report.code()).isEqualTo(code);
        assertThat(report.sniffable()).isEqualTo(path.endsWith("bootstrap"));
    }
}
