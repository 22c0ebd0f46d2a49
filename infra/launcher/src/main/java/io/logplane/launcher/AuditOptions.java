package io.logplane.launcher;

import io.logplane.gateway.AuditConfig;
import io.logplane.gateway.auditlog.AuditFile;
import io.logplane.gateway.auditlog.AuditMode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Which requests are recorded, and where: kube-apiserver's options under their names.
final class AuditOptions {
    @Option(names = "--audit-policy-file", description = "policy of audit.k8s.io/v1; without one nothing is recorded")
    private String policy = "";
    @Option(names = "--audit-log-path", description = "file for the records; - is the standard output")
    private String path = "";
    @Option(names = "--audit-log-maxage", description = "days old files are kept (default ${DEFAULT-VALUE})")
    private int maxAge = AuditConfig.NONE.limits().maxAgeDays();
    @Option(names = "--audit-log-maxbackup", description = "old files kept (default ${DEFAULT-VALUE})")
    private int maxBackup = AuditConfig.NONE.limits().maxBackups();
    @Option(names = "--audit-log-maxsize", description = "MiB before a new file (default ${DEFAULT-VALUE})")
    private int maxSize = AuditConfig.NONE.limits().maxSizeMiB();
    @Option(names = "--audit-log-mode", description = "batch, blocking or blocking-strict (default ${DEFAULT-VALUE})")
    private String mode = "blocking";
    @Option(names = "--audit-topic", arity = "1", description = "also to the topic (${DEFAULT-VALUE})")
    private boolean topic = true;
    @Mixin
    private AuditWebhookOptions webhook = new AuditWebhookOptions();

    AuditConfig config() {
        return new AuditConfig(policy.isEmpty() ? Optional.empty() : Optional.of(Path.of(policy)), path.isEmpty()
                ? Optional.empty()
                : Optional.of(path), new AuditFile.Limits(maxAge, maxBackup, maxSize), mode(), topic,
                webhook
                        .settings());
    }

    private AuditMode mode() {
        for (AuditMode each : AuditMode.values()) {
            if (each.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(mode)) {
                return each;
            }
        }
        throw new CannotStart("--audit-log-mode must be batch, blocking or blocking-strict, not '" + mode + "'");
    }
}
