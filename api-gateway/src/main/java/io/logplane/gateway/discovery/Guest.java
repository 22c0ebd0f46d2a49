package io.logplane.gateway.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// A group version that another server answers. Shape: `version` as aggregated discovery lists it, of form v2.
public record Guest(String group, String version, int groupPriority, int versionPriority, ObjectNode described) {
}
