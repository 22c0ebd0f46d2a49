/// Calls to servers that users and administrators name: webhooks of every kind, services, extension servers.
///
/// Here: where a service answers, whom to trust there, one HTTPS call with its redirects and its time, and what went
/// wrong in the words of upstream's client. Not here: what is asked and what an answer means (`hooks`, `custom`,
/// `remote`, `aggregation`).
/// Read first: [io.logplane.gateway.outbound.WebhookClient], then [io.logplane.gateway.outbound.WebhookCall].
/// Threads: calls block the thread of whoever calls, for a bounded time.
@NullMarked
package io.logplane.gateway.outbound;

import org.jspecify.annotations.NullMarked;
