package io.logplane.state.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RememberedTest {
    private static final ObjectKey SHOP = ObjectKey.of("", "namespaces", "", "shop");
    private static final ObjectKey BANK = ObjectKey.of("", "namespaces", "", "bank");

    private static final Executor THREADS = task -> Thread.ofPlatform().start(task);

    private final Remembered remembered = new Remembered();
    private final AtomicInteger lookups = new AtomicInteger();

    @Test
    void aNamespaceIsLookedUpOnceUntilABatchChangesIt() {
        assertThat(read(SHOP, 1)).contains(1L);
        assertThat(read(SHOP, 2)).contains(1L);
        remembered.forget(List.of(BANK.text(), "/core/pods/shop/web"));
        assertThat(read(SHOP, 2)).contains(1L);
        remembered.forget(List.of(SHOP.text()));
        assertThat(read(SHOP, 2)).contains(2L);
        remembered.clear();
        assertThat(read(SHOP, 3)).contains(3L);
        assertThat(lookups).hasValue(3);
    }

    @Test
    void everythingElseIsLookedUpEachTime() {
        ObjectKey pod = ObjectKey.of("", "pods", "shop", "web");
        ObjectKey other = ObjectKey.of("example.com", "namespaces", "", "shop");
        for (ObjectKey key : List.of(pod, other)) {
            assertThat(read(key, 1)).contains(1L);
            assertThat(read(key, 2)).contains(2L);
        }
    }

    @Test
    void whatALookupFoundBeforeTheBatchIsGoneOnceTheBatchIsForgotten() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        CompletableFuture<Optional<StoredObject>> early = CompletableFuture.supplyAsync(() -> remembered.get(SHOP,
                key -> {
                    reading.countDown();
                    await(written);
                    return Optional.of(at(1));
                }), THREADS);
        await(reading);
        CompletableFuture<Void> forgetting = CompletableFuture.runAsync(() -> {
            written.countDown();
            remembered.forget(List.of(SHOP.text()));
        }, THREADS);
        forgetting.get(10, TimeUnit.SECONDS);
        assertThat(read(SHOP, 2)).contains(2L);
        assertThat(early.get(10, TimeUnit.SECONDS).map(StoredObject::revision)).contains(1L);
    }

    @Test
    void thereIsAnEndToWhatIsRemembered() {
        for (int name = 0; name <= Remembered.MAX_KEYS; name++) {
            read(ObjectKey.of("", "namespaces", "", "n" + name), 1);
        }
        assertThat(read(ObjectKey.of("", "namespaces", "", "n0"), 2)).contains(2L);
    }

    /// Shape: the revision that a read gives when the store holds `found`.
    private Optional<Long> read(ObjectKey key, long found) {
        return remembered.get(key, unused -> {
            lookups.incrementAndGet();
            return Optional.of(at(found));
        }).map(StoredObject::revision);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private static StoredObject at(long revision) {
        return new StoredObject(SHOP, revision, revision, "{}".getBytes(StandardCharsets.UTF_8));
    }
}
