package io.logplane.gateway.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ObjectMetaTest {
    private static final ResourceType MAPS = ResourceTypes.ofResource("", "configmaps").orElseThrow();
    private static final ResourceType DEPLOYMENTS = ResourceTypes.ofResource("apps", "deployments").orElseThrow();

    private static ObjectNode metadata(String text) {
        return Json.object(("{'metadata':{'name':'x'," + text + "}}").replace('\'', '"')
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void only_the_server_says_when_an_object_was_made_and_that_it_goes() {
        ObjectNode object = metadata("'resourceVersion':'7','deletionTimestamp':'1999-01-01T00:00:00Z','selfLink':'/x',"
                + "'deletionGracePeriodSeconds':3,'uid':'mine','generation':9");
        ObjectNode counted = object.deepCopy();
        Instant now = Instant.parse("2026-11-20T11:00:00.5Z");
        ObjectMeta.stampCreate(object, MAPS, "u-1", now);
        ObjectMeta.stampCreate(counted, DEPLOYMENTS, "u-1", now);
        assertThat(object).isEqualTo(metadata("'uid':'u-1','generation':9,'creationTimestamp':'2026-11-20T11:00:00Z'"));
        assertThat(counted.at("/metadata/generation").asInt()).isEqualTo(1);
    }

    @Test
    void what_only_the_server_says_comes_from_the_old_object() {
        ObjectNode old = metadata("'namespace':'ns','uid':'u-1','creationTimestamp':'2026-11-20T11:00:00Z'");
        ObjectNode object = metadata("'namespace':'ns','generation':9,'creationTimestamp':'1999-01-01T00:00:00Z',"
                + "'selfLink':'/x','deletionTimestamp':'1999-01-01T00:00:00Z'");
        ObjectMeta.keepFrom(object, old, MAPS, true);
        assertThat(object).isEqualTo(old);
    }
}
