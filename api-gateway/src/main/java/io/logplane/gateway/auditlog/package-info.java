/// Where audit records go: files that rotate, the topic `audit`, and the queue that keeps requests from waiting.
///
/// Not here: what a record says (`audit`), the webhook (`remote`). Read [AuditLog] first.
/// Thread: one platform thread per place records go to.
@NullMarked
package io.logplane.gateway.auditlog;

import org.jspecify.annotations.NullMarked;
