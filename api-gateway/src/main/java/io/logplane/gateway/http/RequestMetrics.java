package io.logplane.gateway.http;

import io.logplane.gateway.request.RequestInfo;
import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// What requests cost and which are under way, under upstream's names, labels and bounds: alerts and dashboards made
/// for kube-apiserver work.
///
/// Limits: only types of the catalogue are counted, and no more than [#MAX_SERIES] kinds of requests, so nobody can
/// grow them. Thread: any. Source: k8s.io/apiserver/pkg/endpoints/metrics.
public final class RequestMetrics {
    private static final int MAX_SERIES = 4000;
    private static final int TOO_MANY = 429;
    private static final int TIMED_OUT = 504;
    private static final String[] CODED = RequestLabels.names("code");
    private static final String[] PLAIN = RequestLabels.names();
    private static final double[] SECONDS = {0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2, 3, 4, 5,
        6, 8, 10, 15, 20, 30, 45, 60};
    private static final double[] CERTIFICATE_SECONDS = {0, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 172_800,
        345_600,
        604_800, 2_592_000, 7_776_000, 15_552_000, 31_104_000};

    private final PrometheusRegistry prometheus = new PrometheusRegistry();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, prometheus,
            Clock.SYSTEM);
    private final Counter total = Counter.builder().name("apiserver_request_total").help(
            "Requests answered, by their code.").labelNames(CODED).withoutExemplars().register(prometheus);
    private final Counter terminations = Counter.builder().name("apiserver_request_terminations_total").help(
            "Requests ended in self-defense: no seat, or no time left.").labelNames(CODED).withoutExemplars()
            .register(prometheus);
    private final Histogram durations = seconds("apiserver_request_duration_seconds",
            "Time from a request's arrival to the end of its answer.");
    private final Histogram indicators = seconds("apiserver_request_sli_duration_seconds",
            "The same without requests that are meant to last.");
    private final Gauge lasting = Gauge.builder().name("apiserver_longrunning_requests").help(
            "Watches and streams under way.").labelNames(PLAIN).withoutExemplars().register(prometheus);
    private final Gauge inflight = Gauge.builder().name("apiserver_current_inflight_requests").help(
            "Other requests under way.").labelNames("request_kind").withoutExemplars().register(prometheus);
    private final GaugeDataPoint mutating = inflight.labelValues("mutating");
    private final GaugeDataPoint reading = inflight.labelValues("readOnly");
    private final Histogram certificates = Histogram.builder().name("apiserver_client_certificate_expiration_seconds")
            .help("What was left of the client certificates that requests came with.").withoutExemplars().classicOnly()
            .classicUpperBounds(CERTIFICATE_SECONDS).register(prometheus);
    private final Map<RequestLabels, Series> series = new ConcurrentHashMap<>();

    public RequestMetrics() {
        ProcessMetrics.bind(registry);
    }

    private Histogram seconds(String name, String help) {
        return Histogram.builder().name(name).help(help).labelNames(PLAIN).withoutExemplars().classicOnly()
                .classicUpperBounds(SECONDS)
                .register(prometheus);
    }

    /// One kind of request.
    private record Series(RequestLabels labels, DistributionDataPoint duration,
            Optional<DistributionDataPoint> indicator, Optional<GaugeDataPoint> lasting,
            Map<Integer, CounterDataPoint> codes) {
    }

    /// A request under way.
    final class Running {
        private final Optional<Series> kind;
        private final GaugeDataPoint gauge;
        private final long started = System.nanoTime();

        private Running(Optional<Series> kind, GaugeDataPoint gauge) {
            this.kind = kind;
            this.gauge = gauge;
            gauge.inc();
        }

        void ended(int code) {
            gauge.dec();
            kind.ifPresent(series -> {
                double taken = (double) (System.nanoTime() - started) / TimeUnit.SECONDS.toNanos(1);
                series.duration().observe(taken);
                series.indicator().ifPresent(indicator -> indicator.observe(taken));
                series.codes().computeIfAbsent(code, unused -> total.labelValues(series.labels().values(Integer
                        .toString(code)))).inc();
                if (code == TIMED_OUT || code == TOO_MANY && !series.labels().evicts()) {
                    terminations.labelValues(series.labels().values(Integer.toString(code))).inc();
                }
            });
        }
    }

    /// Shape: `known` says whether there is a type for it.
    Running begins(Optional<RequestInfo> info, Exchange exchange, Predicate<RequestInfo> known) {
        Optional<Series> kind = info.flatMap(request -> kind(RequestLabels.of(request, exchange), request, known));
        boolean writes = !exchange.method().equals("GET") && !exchange.method().equals("HEAD");
        return new Running(kind, kind.flatMap(Series::lasting).orElse(writes ? mutating : reading));
    }

    private Optional<Series> kind(RequestLabels labels, RequestInfo request, Predicate<RequestInfo> known) {
        Series found = series.get(labels);
        if (found == null && series.size() < MAX_SERIES && (!request.resourceRequest() || known.test(request))) {
            found = series.computeIfAbsent(labels, this::made);
        }
        return Optional.ofNullable(found);
    }

    private Series made(RequestLabels labels) {
        String[] values = labels.values();
        boolean lasts = labels.lasts();
        return new Series(labels, durations.labelValues(values), lasts
                ? Optional.empty()
                : Optional.of(indicators.labelValues(values)),
                lasts
                        ? Optional.of(lasting.labelValues(values))
                        : Optional.empty(),
                new ConcurrentHashMap<>());
    }

    /// Counts anew, as upstream does when it is told to.
    void reset() {
        series.clear();
        List.of(total, terminations).forEach(Counter::clear);
        List.of(durations, indicators, certificates).forEach(Histogram::clear);
    }

    /// A request came with a client certificate that is good for so long.
    void certificate(Duration left) {
        certificates.observe(left.toSeconds());
    }

    /// Shape: `available` by the names of APIServices.
    void aggregated(Supplier<Map<String, Boolean>> available) {
        GaugeWithCallback.builder().name("aggregator_unavailable_apiservice").help(
                "APIServices that cannot be asked: 1, others 0.").labelNames("name").callback(
                        gauge -> available.get()
                                .forEach((name, fine) -> gauge.call(fine ? 0 : 1, name)))
                .register(prometheus);
    }

    public PrometheusMeterRegistry registry() {
        return registry;
    }

    String scrape() {
        return registry.scrape();
    }
}
