/// Objects that are encrypted before they are appended and decrypted when they are read: Secrets, and whatever else the
/// configuration names.
///
/// Here: which resources, with which keys, the sealed form, and the door to the registry that seals and opens. Not
/// here: replay and stores, which see the sealed form only. Read first: [io.logplane.state.sealed.SealedForm].
/// Threads: none of its own; everything may be called by any thread.
@NullMarked
package io.logplane.state.sealed;

import org.jspecify.annotations.NullMarked;
