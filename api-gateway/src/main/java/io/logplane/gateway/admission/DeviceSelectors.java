package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.logplane.extension.cel.DeviceSelector;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.FieldError;
import java.util.ArrayList;
import java.util.List;

/// Refuses DeviceClasses, ResourceClaims and ResourceClaimTemplates with selectors that do not compile or may cost too
/// much. An update may keep what it does not change: selectors of a class all together, the spec of a claim.
///
/// Source: kubernetes/pkg/apis/resource/validation (validateCELSelector).
public final class DeviceSelectors implements Admission.Step {
    private static final String GROUP = "resource.k8s.io";
    private static final String SELECTORS = "selectors";

    @Override
    public void validate(AdmissionRequest request) {
        if (!request.type().group().equals(GROUP) || request.operation() == Operation.DELETE || !request.subresource()
                .isEmpty()) {
            return;
        }
        JsonNode spec = request.object().path("spec");
        JsonNode before = request.old().map(old -> old.path("spec")).orElse(MissingNode.getInstance());
        List<FieldError> errors = new ArrayList<>();
        switch (request.type().plural()) {
            case "deviceclasses" -> {
                if (!spec.path(SELECTORS).equals(before.path(SELECTORS))) {
                    selectors(spec, "spec", errors);
                }
            }
            case "resourceclaims" -> claim(spec, before, "spec", errors);
            case "resourceclaimtemplates" -> claim(spec.path("spec"), before.path("spec"), "spec.spec", errors);
            default -> {
            }
        }
        if (!errors.isEmpty()) {
            throw Refusals.invalid(GROUP, request.type().kind(), request.name(), errors);
        }
    }

    private static void claim(JsonNode spec, JsonNode before, String path, List<FieldError> errors) {
        if (spec.equals(before)) {
            return;
        }
        int number = 0;
        for (JsonNode request : spec.path("devices").path("requests")) {
            String at = path + ".devices.requests[" + number++ + "]";
            selectors(request.path("exactly"), at + ".exactly", errors);
            int choice = 0;
            for (JsonNode alternative : request.path("firstAvailable")) {
                selectors(alternative, at + ".firstAvailable[" + choice++ + "]", errors);
            }
        }
    }

    private static void selectors(JsonNode holder, String path, List<FieldError> errors) {
        int number = 0;
        for (JsonNode selector : holder.path(SELECTORS)) {
            String at = path + "." + SELECTORS + "[" + number++ + "].cel.expression";
            String source = selector.path("cel").path("expression").asText();
            switch (DeviceSelector.judge(source)) {
                case DeviceSelector.Fine _ -> {
                }
                case DeviceSelector.Wrong wrong -> errors.add(FieldError.invalid(at, Refusals.quoted(source), wrong
                        .why()));
                case DeviceSelector.TooExpensive _ -> errors.add(FieldError.forbidden(at,
                        "too complex, exceeds cost limit"));
            }
        }
    }
}
