package io.logplane.schemas.rules;

/// A type with spec and status whose spec is taken as it comes.
public record PlainSpecRules(boolean hasGeneration, boolean allowsUnconditionalUpdate) implements SpecRules {
}
