package io.logplane.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Queue<Runnable> later = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private final Turns turns = new Turns(1, later::add);

    @Test
    void whatComesWhileThePlaceIsTakenWaitsInOrder() {
        turns.take(unused -> {
            turns.take(back -> done.add("second"));
            turns.take(back -> done.add("third"));
            done.add("first");
        });
        assertThat(done).containsExactly("first");
        runLater();
        assertThat(done).containsExactly("first", "second", "third");
    }

    @Test
    void aPlaceGivenBackEarlyIsGivenBackOnce() {
        turns.take(back -> {
            turns.take(unused -> done.add("second"));
            turns.take(unused -> done.add("third"));
            back.run();
            back.run();
            assertThat(later).hasSize(1);
        });
        assertThat(later).hasSize(1);
        runLater();
        assertThat(done).containsExactly("second", "third");
        turns.take(back -> done.add("free again"));
        assertThat(done).endsWith("free again");
    }

    @Test
    void workThatFailsKeepsNoPlace() {
        assertThatThrownBy(() -> turns.take(back -> {
            throw new IllegalStateException("planted");
        })).hasMessage("planted");
        turns.take(back -> done.add("next"));
        assertThat(done).containsExactly("next");
    }

    @Test
    void whatWaitsIsDoneThoughTheExecutorHasEnded() {
        Turns ending = new Turns(1, task -> {
            throw new RejectedExecutionException("planted");
        });
        ending.take(unused -> {
            ending.take(back -> done.add("second"));
            ending.take(back -> done.add("third"));
        });
        assertThat(done).containsExactly("second", "third");
    }

    private void runLater() {
        while (!later.isEmpty()) {
            later.remove().run();
        }
    }
}
