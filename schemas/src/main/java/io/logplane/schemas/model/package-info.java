/// Names and bytes of Kubernetes objects: what a key is, what canonical JSON is, what a refusal says.
///
/// Here: values only. Not here: types of resources (`types`), encoding of records (`wire`).
/// Read first: [io.logplane.schemas.model.ObjectKey], then [io.logplane.schemas.model.ObjectJson].
/// Threads: every type is immutable or used by one thread.
@NullMarked
package io.logplane.schemas.model;

import org.jspecify.annotations.NullMarked;
