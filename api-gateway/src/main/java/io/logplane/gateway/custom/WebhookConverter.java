package io.logplane.gateway.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.types.Converter;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.outbound.WebhookClient;
import io.logplane.gateway.outbound.WebhookClient.CallFailed;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Tree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Asks a webhook to convert objects, a whole list in one call.
///
/// Errors: 500 with upstream's text. Thread: any; blocks for at most [#PATIENCE].
/// Source: k8s.io/apiextensions-apiserver/pkg/apiserver/conversion (webhook_converter).
final class WebhookConverter implements Converter {
    /// Upstream's default; a definition cannot say another.
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CALL = "failed to call webhook: ";

    private final WebhookClient client;
    private final ConversionReview review;

    private WebhookConverter(WebhookClient client, ConversionReview review) {
        this.client = client;
        this.review = review;
    }

    /// The converter a definition names.
    static Converter of(ObjectNode definition, Lookup lookup) {
        JsonNode conversion = Tree.at(definition, "spec.conversion");
        if (!Tree.text(conversion, "strategy").equals("Webhook")) {
            return RENAMING;
        }
        String version = Tree.texts(conversion, "webhook.conversionReviewVersions").stream().filter(List.of("v1",
                "v1beta1")::contains).findFirst().orElse("v1");
        return new WebhookConverter(new WebhookClient(Tree.at(conversion, "webhook.clientConfig"), PATIENCE, lookup),
                new ConversionReview(version));
    }

    @Override
    public List<ObjectNode> convert(List<ObjectNode> objects, String apiVersion) {
        if (objects.isEmpty()) {
            return List.of();
        }
        String about = about(objects.getFirst());
        String uid = UUID.randomUUID().toString();
        JsonNode converted;
        try {
            converted = review.converted(client.call(review.request(objects, apiVersion, uid)), uid);
        } catch (CallFailed failed) {
            String why = String.valueOf(failed.getMessage());
            throw Refusals.unclassified(about + " failed: " + (why.startsWith(CALL)
                    ? why.substring(CALL.length())
                    : why));
        }
        if (converted.size() != objects.size()) {
            throw Refusals.unclassified(about + " returned " + converted.size() + " objects, expected " + objects
                    .size());
        }
        List<ObjectNode> result = new ArrayList<>(objects.size());
        for (int i = 0; i < objects.size(); i++) {
            ObjectNode sent = objects.get(i);
            result.add(ConvertedObject.of(about(sent), sent, converted.get(i)).checked(apiVersion));
        }
        return result;
    }

    private static String about(ObjectNode sent) {
        return "conversion webhook for " + ConversionReview.kindOf(sent);
    }
}
