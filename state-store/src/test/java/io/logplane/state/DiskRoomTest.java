package io.logplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DiskRoomTest {
    private final AtomicLong free = new AtomicLong(DiskRoom.RESERVE_BYTES);
    private final AtomicLong now = new AtomicLong();
    private final DiskRoom room = new DiskRoom(Path.of("/data"), free::get, now::get);

    @Test
    void aDiskWithTheReserveLeftHasRoom() {
        assertThat(room.lacking()).isEmpty();
    }

    @Test
    void belowTheReserveWritesAreRefusedWithASentenceUntilThereIsRoomAgain() {
        free.set(DiskRoom.RESERVE_BYTES - 1);
        assertThat(room.lacking()).hasValue("the disk of /data has only 127 MiB free, and writes need 128 MiB;"
                + " make room and they go on");

        free.set(DiskRoom.RESERVE_BYTES);
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(room.lacking()).isEmpty();
    }

    @Test
    void theDiskIsAskedOnceASecondAtMost() {
        assertThat(room.lacking()).isEmpty();
        free.set(0);
        assertThat(room.lacking()).isEmpty();
    }
}
