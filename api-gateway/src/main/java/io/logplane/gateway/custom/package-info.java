/// Custom types in a running gateway: which there are now, who gets which names, who converts between versions.
///
/// Here: the catalogue behind one reference, fed by the state; the admission step of definitions and of what is made of
/// them; the client of conversion webhooks. Not here: what a type made of a definition is (api-gateway/extension,
/// `extension.types`), what is wrong with a definition (`schemas.definitions`).
/// Read first: [io.logplane.gateway.custom.Catalogue].
/// Threads: the catalogue is written by its feed and by requests that are ahead of it, read by everybody.
@NullMarked
package io.logplane.gateway.custom;

import org.jspecify.annotations.NullMarked;
