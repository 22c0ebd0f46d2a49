package io.logplane.representation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.Rules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.Assertions;

/// Values that tests share.
public final class Some {
    public static final ResourceType CONFIG_MAP = type("", "v1", "ConfigMap", "configmaps");
    public static final ResourceType SECRET = type("", "v1", "Secret", "secrets");
    public static final ResourceType POD = type("", "v1", "Pod", "pods");
    public static final ResourceType SERVICE = type("", "v1", "Service", "services");
    public static final ResourceType DEPLOYMENT = type("apps", "v1", "Deployment", "deployments");

    private Some() {
    }

    public static ResourceType type(String group, String version, String kind, String plural) {
        return new ResourceType(group, version, kind, plural, kind.toLowerCase(java.util.Locale.ROOT), List.of(),
                List.of(), true,
                Set.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"), List.of(),
                List.of(),
                List.of(), Rules.NONE);
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static ObjectNode json(String text) {
        return Json.object(utf8(text.replace('\'', '"')));
    }

    public static JsonNode node(String text) {
        try {
            return Json.MAPPER.readTree(text.replace('\'', '"'));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    public static Refusal refusal(Runnable action) {
        return Assertions.catchThrowableOfType(Refused.class, action::run).refusal();
    }
}
