package io.logplane.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.scheduler.Given;
import io.logplane.schemas.model.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private final Ledger ledger = new Ledger();

    @Test
    void nothing_is_published_before_the_state_is_complete_and_then_only_the_difference() {
        ledger.found("n/default/same", "same-uid", 1);
        ledger.found("n/default/changed", "changed-uid", 1);
        ledger.found("n/default/gone", "gone-uid", 1);
        assertThat(put("same", "n", 1)).isEmpty();
        assertThat(put("changed", "n", 2)).isEmpty();
        assertThat(put("new", "n", 3)).isEmpty();
        assertThat(put("passing", "n", 4)).isEmpty();
        assertThat(ledger.removed(Given.podKey("passing").text())).isEmpty();
        assertThat(shown(ledger.caughtUp())).containsExactly("-n/default/gone", "+n/default/changed 2",
                "+n/default/new 3");
        assertThat(ledger.caughtUp()).isEmpty();
    }

    @Test
    void afterwards_every_change_is_published_once() {
        ledger.caughtUp();
        assertThat(put("p", "", 1)).isEmpty();
        assertThat(shown(put("p", "n", 2))).containsExactly("+n/default/p 2");
        assertThat(put("p", "n", 2)).as("repeated").isEmpty();
        assertThat(shown(put("p", "m", 3))).containsExactly("-n/default/p", "+m/default/p 3");
        assertThat(shown(ledger.removed(Given.podKey("p").text()))).containsExactly("-m/default/p");
        assertThat(ledger.removed(Given.podKey("p").text())).isEmpty();
    }

    private List<Ledger.Entry> put(String name, String node, long revision) {
        byte[] json = node.isEmpty() ? Given.pod(name) : Given.bound(name, node);
        return ledger.put(new PodReader().read(Given.podKey(name).text(), revision, Json.object(json)), json);
    }

    private static List<String> shown(List<Ledger.Entry> entries) {
        return entries.stream()
                .map(entry -> entry.tombstone() ? "-" + entry.key() : "+" + entry.key() + " " + entry.revision())
                .toList();
    }
}
