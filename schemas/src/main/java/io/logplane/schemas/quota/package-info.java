/// What objects use of a ResourceQuota: pure arithmetic, the same for the gateway that decides and for the controller
/// that reports.
///
/// Read [io.logplane.schemas.quota.Usage] first. Thread: any.
@NullMarked
package io.logplane.schemas.quota;

import org.jspecify.annotations.NullMarked;
