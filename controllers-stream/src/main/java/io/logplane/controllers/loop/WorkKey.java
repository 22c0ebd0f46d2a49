package io.logplane.controllers.loop;

import io.logplane.controllers.core.Controller;
import io.logplane.schemas.model.ObjectKey;

/// One unit of work: one controller, one primary. Never two passes of it at once, none while its last commands are
/// under way.
record WorkKey(Controller controller, ObjectKey primary) {
    @Override
    public String toString() {
        return controller.name() + " " + primary;
    }
}
