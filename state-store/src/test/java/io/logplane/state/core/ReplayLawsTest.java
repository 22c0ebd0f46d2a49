package io.logplane.state.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TimeZone;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReplayLawsTest {

    @Test
    void everySplitOfALogInEveryLocaleAndZoneGivesOneChainHashAndOneDigest() {
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        try {
            for (long seed = 0; seed < 20; seed++) {
                List<LogEntry> log = Logs.mixed(seed, 300).entries;
                LogState whole = replay(log, log.size());
                Random random = new Random(seed);
                for (String tag : List.of("tr-TR", "ar-EG", "en-US")) {
                    Locale.setDefault(Locale.forLanguageTag(tag));
                    TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
                    LogState split = replay(log, 1 + random.nextInt(log.size()));
                    assertThat(split.chainHash()).as("seed %d", seed).isEqualTo(whole.chainHash());
                    assertThat(split.stateDigest()).as("seed %d", seed).isEqualTo(whole.stateDigest());
                    assertThat(split.writers()).isEqualTo(whole.writers());
                }
            }
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void theMixedLogsExerciseEveryVerdict() {
        List<LogEntry> log = Logs.mixed(1, 2_000).entries;
        assertThat(new MemoryView().replay(new Replay(LogState.empty(Logs.LOG)), log).stream()
                .map(verdict -> verdict.getClass().getSimpleName()).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("Accepted", "Unchanged", "Conflict", "Duplicate", "Late", "Fenced",
                        "Poison");
    }

    @Test
    void aChangedByteAnywhereChangesTheChainHash() {
        List<LogEntry> log = Logs.mixed(3, 60).entries;
        byte[] honest = replay(log, log.size()).chainHash();
        for (int at = 0; at < log.size(); at++) {
            LogEntry entry = log.get(at);
            LogEntry forged = new LogEntry(entry.offset(), entry.appendTime() + 1, entry.key(), entry.value(),
                    entry.content());
            List<LogEntry> other = new java.util.ArrayList<>(log);
            other.set(at, forged);
            assertThat(replay(other, log.size()).chainHash()).as("record %d", at).isNotEqualTo(honest);
        }
    }

    /// Stops after each `part` records and goes on from the recorded state, as a restarted process does.
    private static LogState replay(List<LogEntry> log, int part) {
        MemoryView view = new MemoryView();
        LogState state = LogState.empty(Logs.LOG);
        for (int from = 0; from < log.size(); from += part) {
            Replay replay = new Replay(state);
            view.replay(replay, log.subList(from, Math.min(from + part, log.size())));
            state = replay.state();
        }
        return state;
    }
}
