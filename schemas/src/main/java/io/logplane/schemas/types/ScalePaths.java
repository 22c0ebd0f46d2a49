package io.logplane.schemas.types;

/// Where a Scale's numbers are in an object. Shape: field names joined by dots; `selector` "" where there is none,
/// text at it in custom types, a label selector in the usual place.
public record ScalePaths(String specReplicas, String statusReplicas, String selector) {
    public static final ScalePaths USUAL = new ScalePaths("spec.replicas", "status.replicas", "spec.selector");
}
