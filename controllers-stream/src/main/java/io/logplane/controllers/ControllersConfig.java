package io.logplane.controllers;

import io.logplane.controllers.core.Settings;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.SchemaIds;
import java.nio.file.Path;
import java.util.Properties;

/// All the controllers need from outside.
///
/// | component | what |
/// |---|---|
/// | kafka | `bootstrap.servers` and the TLS settings of principal CONTROLLERS |
/// | schemas | ids of record schemas |
/// | stateDirectory | a directory of its own; holds nothing that cannot be lost |
/// | instance | name of this member of the group, the same after a restart ("controllers-1"); a restart takes over at once |
/// | settings | root CA, grace periods |
public record ControllersConfig(Properties kafka, SchemaIds schemas, Path stateDirectory, String instance,
        Settings settings) {
    public ControllersConfig {
        Properties copy = new Properties();
        copy.putAll(kafka);
        kafka = copy;
    }

    /// One member of the group, with the usual grace periods. Shape: `rootCaPem` is the certificate of the CA that
    /// signs the API
    /// server's.
    public static ControllersConfig of(KafkaAccess access, Path stateDirectory, String rootCaPem) {
        return new ControllersConfig(access.clientProperties(), access.schemaIds(), stateDirectory, "controllers-1",
                Settings.defaults(rootCaPem));
    }
}
