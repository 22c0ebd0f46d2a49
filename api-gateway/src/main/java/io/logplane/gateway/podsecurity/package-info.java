/// The Pod Security Standards: a list of checks of a pod, pure.
///
/// Not here: which namespace asks for which level, and what follows; that is the admission step `PodSecurity`.
/// Read [io.logplane.gateway.podsecurity.Standards] first. Thread: any.
@NullMarked
package io.logplane.gateway.podsecurity;

import org.jspecify.annotations.NullMarked;
