package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What of an object but its status a write to the status changes: metadata, as far as upstream's strategies of the
/// type let it through.
class StatusWritesTest {
    private static final List<String> METADATA = List.of("labels", "annotations", "finalizers", "ownerReferences");
    private static final String CHANGE = """
            {"metadata":{"labels":{"told":"yes"},"annotations":{"told":"yes"},"finalizers":["a.b/told"],
            "ownerReferences":[{"apiVersion":"v1","kind":"Told","name":"n","uid":"u"}]},"spec":{"told":"yes"}}""";
    /// The types that keep something of it. Source: ResetObjectMetaForStatus and its likes.
    private static final Map<String, List<String>> KEPT = Map.of(
            "deployments.apps", List.of("labels"),
            "pods", List.of("ownerReferences"),
            "apiservices.apiregistration.k8s.io", METADATA,
            "flowschemas.flowcontrol.apiserver.k8s.io", METADATA,
            "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io", METADATA,
            "resourceclaims.resource.k8s.io", METADATA,
            "validatingadmissionpolicies.admissionregistration.k8s.io", METADATA,
            "volumeattachments.storage.k8s.io", METADATA);

    @TempDir
    static Path directory;
    private static TwoGateways gateways;
    private static ApiClient admin;

    @BeforeAll
    static void start() throws Exception {
        gateways = TwoGateways.start(directory);
        admin = gateways.admin();
        gateways.mapsOf("statuses");
        admin.post("/api/v1/namespaces/statuses/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
    }

    @AfterAll
    static void stop() {
        gateways.close();
    }

    @Test
    void aStatusIsWrittenWithAsMuchMetadataAsItsTypeAllows() {
        for (ResourceType type : ResourceTypes.ALL.stream().filter(t -> t.stored() && t.has("status"))
                .toList()) {
            JsonNode made = make(type, "told" + type.version());
            JsonNode after = merge(type, "told" + type.version() + "/status", CHANGE);
            assertThat(METADATA.stream().filter(field -> !after.at("/metadata/" + field).toString().contains("told")
                    && !after.at("/metadata/" + field).toString().contains("Told")).collect(Collectors.toList()))
                    .as(type.qualifiedName()).isEqualTo(KEPT.getOrDefault(type.qualifiedName(), List.of()));
            assertThat(after.path("spec")).as(type.qualifiedName()).isEqualTo(made.path("spec"));
            assertThat(after.at("/metadata/generation")).as(type.qualifiedName())
                    .isEqualTo(made.at("/metadata/generation"));
        }
    }

    @Test
    void otherSubresourcesOfPodsKeepAllOfIt() {
        ResourceType pods = ResourceTypes.ALL.stream().filter(t -> t.qualifiedName().equals("pods")).findFirst()
                .orElseThrow();
        make(pods, "form");
        for (String subresource : List.of("ephemeralcontainers", "resize")) {
            JsonNode after = merge(pods, "form/" + subresource, CHANGE.replace(",\"spec\":{\"told\":\"yes\"}", ""));
            assertThat(after.path("metadata").toString()).as(subresource).doesNotContain("told");
        }
    }

    @Test
    void aVolumeSaysWhenItsPhaseChanged() {
        ResourceType volumes = ResourceTypes.ALL.stream().filter(t -> t.qualifiedName().equals("persistentvolumes"))
                .findFirst().orElseThrow();
        String made = make(volumes, "form").at("/status/lastPhaseTransitionTime").asText();
        assertThat(made).endsWith("Z");
        String given = "2020-01-01T00:00:00Z";
        assertThat(time(volumes, "{\"phase\":\"Bound\",\"lastPhaseTransitionTime\":\"" + given + "\"}"))
                .isEqualTo(given);
        assertThat(time(volumes, "{\"lastPhaseTransitionTime\":null}")).as("kept").isEqualTo(given);
        assertThat(time(volumes, "{\"phase\":\"Released\"}")).isGreaterThanOrEqualTo(made);
    }

    private static String time(ResourceType type, String status) {
        return merge(type, "form/status", "{\"status\":" + status + "}").at("/status/lastPhaseTransitionTime").asText();
    }

    private static JsonNode make(ResourceType type, String name) {
        ApiClient.Answer made = admin.post(path(type), Minimal.object(type, name, "statuses").toString());
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        return made.json();
    }

    private static JsonNode merge(ResourceType type, String what, String patch) {
        String name = what.substring(0, what.indexOf('/'));
        ApiClient.Answer merged = admin.merge(
                path(type) + "/" + Minimal.name(type, name) + what.substring(name.length()),
                patch);
        assertThat(merged.code()).as(type.qualifiedName() + ": " + merged.text()).isEqualTo(200);
        return merged.json();
    }

    private static String path(ResourceType type) {
        return Stream.of((type.group().isEmpty() ? "/api/" : "/apis/" + type.group() + "/") + type.version(),
                type.namespaced() ? "/namespaces/statuses/" : "/", type.plural()).collect(Collectors.joining());
    }
}
