/// What an audit record of a request holds and when there is one: policy, levels, stages, the record itself, and what
/// never is in it.
///
/// Not here: where records go (`auditlog`), when a request reaches a stage (`http`). Read [AuditTrail] first: what is
/// known of one request. Thread: pure; a trail belongs to the thread of its request.
@NullMarked
package io.logplane.gateway.audit;

import org.jspecify.annotations.NullMarked;
