/// CustomResourceDefinitions: how one is read, what is wrong with one, which names it gets and what its status says.
///
/// Here: pure functions of definitions alone, used by gateways when they write one and by the controller that cleans up
/// behind one. Not here: the schemas inside a definition and the types made of one (api-gateway/extension).
/// Read first: [io.logplane.schemas.definitions.Definition], then [io.logplane.schemas.definitions.DefinitionNames].
/// Threads: everything is immutable or belongs to its caller.
@NullMarked
package io.logplane.schemas.definitions;

import org.jspecify.annotations.NullMarked;
