package io.logplane.extension.cel;

import java.util.List;
import java.util.OptionalLong;

/// How large the values of an expression's variables may become.
///
/// Shape: a path begins with a variable; below it are names of fields as expressions spell them, `@items` of a list,
/// `@keys` and `@values` of a map. The size is what `size()` would give; empty when nothing is known.
public interface SizeLimits {

    OptionalLong most(List<String> path);
}
