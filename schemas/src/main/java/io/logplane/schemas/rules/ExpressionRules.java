package io.logplane.schemas.rules;

import io.logplane.schemas.types.Rules;

/// Rules of a type whose objects hold expressions.
public interface ExpressionRules extends Rules {
    /// The same rules with somebody who understands the expressions.
    Rules judgedBy(Expressions expressions);
}
