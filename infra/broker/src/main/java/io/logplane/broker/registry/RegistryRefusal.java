package io.logplane.broker.registry;

import java.util.List;

/// An expected negative answer of the registry, with Confluent's code for it.
///
/// Shape: the HTTP status is the code's first three digits. Source: Confluent's API reference, "Errors".
final class RegistryRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONG_CODE = 1000;
    private static final int DIGITS_BEHIND_STATUS = 100;
    private final int code;

    private RegistryRefusal(int code, String message) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }

    int status() {
        return code < LONG_CODE ? code : code / DIGITS_BEHIND_STATUS;
    }

    static RegistryRefusal noSubject(String subject) {
        return new RegistryRefusal(40401, "Subject '" + subject + "' not found.");
    }

    static RegistryRefusal noVersion(String version) {
        return new RegistryRefusal(40402, "Version " + version + " not found.");
    }

    static RegistryRefusal noSchema(String what) {
        return new RegistryRefusal(40403, "Schema " + what + " not found");
    }

    static RegistryRefusal subjectSoftDeleted(String subject) {
        return new RegistryRefusal(40404,
                "Subject '" + subject + "' was soft deleted. Set permanent=true to delete permanently");
    }

    static RegistryRefusal subjectNotSoftDeleted(String subject) {
        return new RegistryRefusal(40405,
                "Subject '" + subject + "' was not deleted first before being permanently deleted");
    }

    static RegistryRefusal versionSoftDeleted(String subject, int version) {
        return new RegistryRefusal(40406, "Subject '" + subject + "' Version " + version
                + " was soft deleted. Set permanent=true to delete permanently");
    }

    static RegistryRefusal versionNotSoftDeleted(String subject, int version) {
        return new RegistryRefusal(40407, "Subject '" + subject + "' Version " + version
                + " was not deleted first before being permanently deleted");
    }

    static RegistryRefusal noLevel(String subject) {
        return new RegistryRefusal(40408,
                "Subject '" + subject + "' does not have subject-level compatibility configured");
    }

    static RegistryRefusal noMode(String subject) {
        return new RegistryRefusal(40409, "Subject '" + subject + "' does not have subject-level mode configured");
    }

    static RegistryRefusal incompatible(String subject, List<String> problems) {
        return new RegistryRefusal(409, "Schema being registered is incompatible with an earlier schema for subject \""
                + subject + "\", details: " + problems);
    }

    static RegistryRefusal invalidSchema(String why) {
        return new RegistryRefusal(42201, "Invalid schema: " + why);
    }

    static RegistryRefusal invalidVersion(String version) {
        return new RegistryRefusal(42202, "The specified version '" + version
                + "' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\"");
    }

    static RegistryRefusal invalidLevel(String level) {
        return new RegistryRefusal(42203, "Invalid compatibility level '" + level
                + "'. Valid values are none, backward, forward, full, backward_transitive, forward_transitive, and"
                + " full_transitive");
    }

    static RegistryRefusal invalidMode(String mode) {
        return new RegistryRefusal(42204, "Invalid mode '" + mode + "'. Valid values are READWRITE, READONLY");
    }

    static RegistryRefusal notPermitted(String why) {
        return new RegistryRefusal(42205, why);
    }

    static RegistryRefusal malformed(String why) {
        return new RegistryRefusal(400, why);
    }

    static RegistryRefusal forbidden(String who) {
        return new RegistryRefusal(40301, who + " may read schemas but not change them.");
    }

    static RegistryRefusal storeFailed(String why) {
        return new RegistryRefusal(50001, "Error in the backend data store: " + why);
    }
}
