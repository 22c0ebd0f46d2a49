package io.logplane.controllers.plane;

import io.logplane.controllers.core.View;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/// What one controller must bring about: what users do, and when it is reached.
///
/// Shape: `setUp` before the controllers start, `disturb` once they have settled; `goal` holds in the end; `measure` must
/// never exceed `most` at any moment, nor fall below `least` once settled.
public record Scenario(String controller, List<String> nodes, Consumer<Plane> setUp, Consumer<Plane> disturb,
        BiPredicate<Plane, View> goal, ToIntFunction<Plane> measure, int least, int most) {
}
