/// Which request may run now, which waits, which is sent away: priority and fairness as arithmetic.
///
/// Not here: threads that wait, clocks, the state (`fairness`). Read [PriorityLevel] first: the queues of one level.
/// Thread: pure; whoever holds a level's lock.
@NullMarked
package io.logplane.gateway.flow;

import org.jspecify.annotations.NullMarked;
