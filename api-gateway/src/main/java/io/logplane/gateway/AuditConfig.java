package io.logplane.gateway;

import io.logplane.extension.cel.GoDuration;
import io.logplane.gateway.audit.AuditPolicy;
import io.logplane.gateway.auditlog.AuditBackend;
import io.logplane.gateway.auditlog.AuditFile;
import io.logplane.gateway.auditlog.AuditLog;
import io.logplane.gateway.auditlog.AuditMode;
import io.logplane.gateway.auditlog.AuditTopic;
import io.logplane.gateway.remote.AuditWebhook;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.wire.KafkaAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Whether and where requests are recorded.
///
/// | field | kube-apiserver's flag | default |
/// |---|---|---|
/// | policyFile | `--audit-policy-file` | none: nothing is recorded besides the changes in the log |
/// | logPath | `--audit-log-path` | none: no file; `-` is the standard output |
/// | limits | `--audit-log-maxage`, `-maxbackup`, `-maxsize` | 30 days, 10 files, 100 MiB, as the CIS benchmark asks |
/// | mode | `--audit-log-mode` | blocking for the file; the topic is batched unless the mode is blocking-strict |
/// | topic | none | true: with a policy, records go to the topic `audit`, too |
/// | webhook | `--audit-webhook-config-file`, `-initial-backoff`, `-batch-*` | none; always in upstream's mode batch |
public record AuditConfig(Optional<Path> policyFile, Optional<String> logPath, AuditFile.Limits limits,
        AuditMode mode, boolean topic, Optional<AuditWebhook.Settings> webhook) {
    public static final AuditConfig NONE = new AuditConfig(Optional.empty(), Optional.empty(), new AuditFile.Limits(30,
            10, 100), AuditMode.BLOCKING, true, Optional.empty());

    /// A policy, records to the topic only.
    public static AuditConfig of(Path policyFile) {
        return new AuditConfig(Optional.of(policyFile), Optional.empty(), NONE.limits(), NONE.mode(), true, Optional
                .empty());
    }

    public AuditConfig withFile(String path, AuditFile.Limits cuts, AuditMode waits) {
        return new AuditConfig(policyFile, Optional.of(path), cuts, waits, topic, webhook);
    }

    public AuditConfig withWebhook(AuditWebhook.Settings told) {
        return new AuditConfig(policyFile, logPath, limits, mode, topic, Optional.of(told));
    }

    /// A time as Go writes it, `1m30s`. Errors: IllegalArgumentException, naming the option.
    public static Duration time(String option, String text) {
        return GoDuration.parse(text).filter(Duration::isPositive).orElseThrow(() -> new IllegalArgumentException(option
                + " must be a time as 10s, not '" + text + "'"));
    }

    /// Errors: IllegalArgumentException for a policy that cannot be used, UncheckedIOException for a file that cannot
    /// be read or written, [io.logplane.gateway.identity.SettingsInvalid] for a kubeconfig.
    AuditLog open(Optional<KafkaAccess> kafka, InstantSource clock) {
        check();
        if (policyFile.isEmpty()) {
            return AuditLog.none();
        }
        AuditPolicy policy = read(policyFile.get());
        List<AuditBackend> backends = new ArrayList<>();
        logPath.ifPresent(path -> backends.add(AuditFile.open(path, limits, clock)));
        if (topic) {
            kafka.ifPresent(access -> backends.add(new AuditTopic(access)));
        }
        webhook.ifPresent(told -> backends.add(new AuditWebhook(told)));
        return new AuditLog(policy, mode, backends);
    }

    /// Whether it can be used, before anything is started. Errors: as [#open].
    public void check() {
        if (policyFile.isPresent()) {
            AuditPolicy unused = read(policyFile.get());
        } else if (logPath.isPresent()) {
            throw new IllegalArgumentException("an audit log needs an audit policy (--audit-policy-file)");
        } else if (webhook.isPresent()) {
            throw new IllegalArgumentException("an audit webhook needs an audit policy (--audit-policy-file)");
        }
        webhook.ifPresent(AuditWebhook.Settings::check);
    }

    private static AuditPolicy read(Path file) {
        try {
            Object tree = new Load(LoadSettings.builder().setLabel(file.toString()).build()).loadFromString(Files
                    .readString(file));
            return AuditPolicy.parse(Json.MAPPER.valueToTree(tree));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the audit policy " + file + " cannot be read", unreadable);
        } catch (YamlEngineException broken) {
            throw new IllegalArgumentException("the audit policy " + file + " is no YAML: " + broken.getMessage(),
                    broken);
        }
    }
}
