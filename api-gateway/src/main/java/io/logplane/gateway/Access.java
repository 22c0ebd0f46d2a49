package io.logplane.gateway;

import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.authz.Decision;
import io.logplane.gateway.authz.NodeAuthorizer;
import io.logplane.gateway.identity.AuthorizationSettings;
import io.logplane.gateway.identity.SettingsInvalid;
import io.logplane.gateway.remote.AuthorizationWebhook;
import io.logplane.gateway.remote.SettingsFile;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The chain of authorizers as the settings name it, and anew whenever their file changes.
///
/// Errors: [SettingsInvalid]. Thread: made by the owner; the file's thread changes the chain in one step.
record Access(Optional<SettingsFile> file) implements AutoCloseable {

    static Access of(IdentityConfig config, Authorizer authorizer, NodeAuthorizer nodes, InstantSource clock) {
        Started started = new Started();
        return new Access(config.authorizationConfig().map(file -> SettingsFile.follow(file, content -> {
            AuthorizationSettings settings = AuthorizationSettings.read(content, SettingsFile::trouble);
            started.take(settings);
            authorizer.use(chain(settings, authorizer, nodes, clock));
        })));
    }

    /// What the server was started with: those authorizers stay, as upstream's do.
    private static final class Started {
        private Optional<AuthorizationSettings> settings = Optional.empty();

        synchronized void take(AuthorizationSettings now) {
            settings.ifPresent(now::require);
            settings = settings.or(() -> Optional.of(now));
        }
    }

    private static List<Authorizer.Link> chain(AuthorizationSettings settings, Authorizer authorizer,
            NodeAuthorizer nodes, InstantSource clock) {
        List<Authorizer.Link> chain = new ArrayList<>();
        for (AuthorizationSettings.Mode mode : settings.modes()) {
            chain.add(switch (mode.type()) {
                case "Node" -> nodes;
                case "RBAC" -> authorizer.rbac();
                case "AlwaysAllow" -> question -> Decision.ALLOW;
                case "AlwaysDeny" -> question -> Decision.noOpinion("Everything is forbidden.");
                case "Webhook" -> new AuthorizationWebhook(mode.name(), mode.webhook().orElseThrow(), clock);
                default -> throw new SettingsInvalid("no authorizer of type " + mode.type());
            });
        }
        return chain;
    }

    @Override
    public void close() {
        file.ifPresent(SettingsFile::close);
    }
}
