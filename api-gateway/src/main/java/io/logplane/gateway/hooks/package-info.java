/// Admission as users define it: webhooks, and policies in CEL.
///
/// Here: the configurations compiled once per revision, which of them a request matches, the reviews and the
/// evaluation of policies. Not here: CEL itself (`extension.cel`), built-in admission (`admission`).
/// Read first: [io.logplane.gateway.hooks.Hooks], then [io.logplane.gateway.hooks.MutatingWebhooks].
/// Threads: the index is an immutable snapshot replaced by its feed; everything else runs in the thread of the request.
@NullMarked
package io.logplane.gateway.hooks;

import org.jspecify.annotations.NullMarked;
