package io.logplane.state;

import io.logplane.broker.TestPlane;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.wire.KafkaAccess;
import java.nio.file.Path;

/// The contract on the broker of a single machine, closed as it always is.
class EmbeddedLogTest extends LogContract {
    private TestPlane plane;

    @Override
    void startBroker(Path directory) {
        plane = TestPlane.start(directory);
    }

    @Override
    void stopBroker() {
        plane.close();
    }

    @Override
    KafkaAccess access(Component component) {
        return plane.access(component);
    }
}
