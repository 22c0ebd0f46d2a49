package io.logplane.controllers.loop;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Command;

/// Where the loop's commands and troubles go. Thread: the loop's.
public interface Output {
    void command(Command command);

    /// A pass threw: a bug. Called once for each kind of it.
    void fault(String controller, ObjectKey primary, RuntimeException why);

    /// Outcomes of a key's commands did not come in time; it goes on without.
    void overdue(String controller, ObjectKey primary);
}
