/// Built-in types that are served in more than one version: how each version that is not stored becomes the stored one.
/// Not here: which versions there are (package `types`), conversion of custom resources.
/// Read [AutoscalerVersion] first. Thread: any; everything is pure.
@NullMarked
package io.logplane.schemas.versions;

import org.jspecify.annotations.NullMarked;
