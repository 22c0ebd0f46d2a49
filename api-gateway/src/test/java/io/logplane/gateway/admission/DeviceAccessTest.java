package io.logplane.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest.Asked;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.authz.Decision;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import io.logplane.state.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Given a label and rights `verb resource/subresource namespace/name`, when a claim is written, then what is said.
class DeviceAccessTest {
    private static final String LABEL = "admin access to devices requires the `resource.kubernetes.io/admin-access: "
            + "true` label on the containing namespace";
    private static final User DRIVER = new User("system:serviceaccount:n:drv", "", List.of(), Map.of(
            "authentication.kubernetes.io/node-name", List.of("here")));
    private static final String AT = "'allocation':{'devices':{},'nodeSelector':{'nodeSelectorTerms':[{'matchFields':[{"
            + "'key':'metadata.name','operator':'In','values':['%s']}]}]}}";

    private record Namespaces(String label) implements Lookup {
        @Override
        public Optional<StoredObject> here(ObjectKey key) {
            String json = "{\"metadata\":{\"labels\":{\"resource.kubernetes.io/admin-access\":\"" + label + "\"}}}";
            return Optional.of(new StoredObject(key, 1, 1, json.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public Optional<StoredObject> newest(ObjectKey key) {
            return here(key);
        }

        @Override
        public List<StoredObject> list(String prefix) {
            return List.of();
        }
    }

    private static ObjectNode json(String text) {
        return Json.object(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static List<FieldError> judged(String label, String rights, String plural, String status, String object,
            String old) {
        Authorizer.Link authorizer = question -> {
            RequestInfo info = question.info();
            String asked = info.verb() + " " + info.resourceAndSubresource() + " " + info.namespace() + "/"
                    + info.name();
            return List.of(rights.split(",")).contains(asked) ? Decision.ALLOW : Decision.NO_OPINION;
        };
        ResourceType type = ResourceTypes.require("resource.k8s.io", plural);
        boolean creates = status.isEmpty();
        RequestInfo info = new RequestInfo(true, "", creates ? "create" : "patch", "resource.k8s.io", "v1", plural,
                status, "n", "c", false);
        return new DeviceAccess(new Namespaces(label), authorizer).judge(new AdmissionRequest(DRIVER, type, creates
                ? Operation.CREATE
                : Operation.UPDATE, status, json(object), creates ? Optional.empty() : Optional.of(json(old)), false)
                .asked(new Asked(info, type, Json.newObject())));
    }

    @ParameterizedTest
    @CsvSource({"true,", "false,refused", "True,refused"})
    void devices_that_others_use_are_for_labelled_namespaces(String label, String refused) {
        String spec = "'spec':{'devices':{'requests':[{'name':'a','exactly':{}},{'name':'b','exactly':{'adminAccess':true}}"
                + "]}}";
        List<FieldError> expected = refused == null
                ? List.of()
                : List.of(FieldError.forbidden("spec.devices.requests[1].adminAccess", LABEL));
        assertThat(judged(label, "", "resourceclaims", "", "{" + spec + "}", "")).isEqualTo(expected);
        assertThat(judged(label, "", "resourceclaimtemplates", "", "{'spec':{" + spec + "}}", "")).isEqualTo(expected);
    }

    @Test
    void what_a_claim_got_of_them_is_not_asked_for_again() {
        String got = "{'status':{'allocation':{'devices':{'results':[{'adminAccess':true}]}}}}";
        assertThat(judged("", "", "resourceclaims", "status", got, got)).isEmpty();
        assertThat(judged("", "patch resourceclaims/binding /", "resourceclaims", "status", got, "{}"))
                .containsExactly(FieldError.forbidden("status.allocation.devices.results[0].adminAccess", LABEL));
    }

    @Test
    void who_binds_claims_may_do_it_for_all_of_them() {
        String bound = "{'status':{'reservedFor':[{'uid':'1'}]}}";
        assertThat(judged("", "patch resourceclaims/binding /", "resourceclaims", "status", bound, "{}")).isEmpty();
        assertThat(judged("", "patch resourceclaims/binding n/", "resourceclaims", "status", bound, "{}"))
                .containsExactly(FieldError.forbidden("status",
                        "changing status.allocation or status.reservedFor requires "
                                + "resource=\"resourceclaims/binding\", verb=\"patch\" permission: resourceclaims.resource.k8s.io "
                                + "is forbidden: User \"system:serviceaccount:n:drv\" cannot patch resource "
                                + "\"resourceclaims/binding\" in API group \"resource.k8s.io\" at the cluster scope"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "here|associated-node:patch resourceclaims/driver n/a,associated-node:patch resourceclaims/driver n/b|",
        "here|arbitrary-node:patch resourceclaims/driver n/a,associated-node:patch resourceclaims/driver n/b|",
        "here|associated-node:patch resourceclaims/driver n/b|[associated-node:patch arbitrary-node:patch]",
        "there|associated-node:patch resourceclaims/driver n/a,arbitrary-node:patch resourceclaims/driver n/b|"
                + "[arbitrary-node:patch]"})
    void drivers_report_on_their_own_devices(String node, String rights, String verbs) {
        String at = AT.formatted(node);
        String old = "{'status':{" + at
                + ",'devices':[{'driver':'b','pool':'p','device':'gone'},{'driver':'c','device':'x'}"
                + "]}}";
        String now = "{'status':{" + at + ",'devices':[{'driver':'a','device':'new'},{'driver':'c','device':'x'}]}}";
        List<FieldError> expected = verbs == null
                ? List.of()
                : List.of(FieldError.forbidden("status.devices", "changing status.devices requires resource=\""
                        + "resourceclaims/driver\", verb=\"" + verbs + "\" permission: resourceclaims.resource.k8s.io "
                        + "\"a\" is forbidden: User \"system:serviceaccount:n:drv\" cannot " + verbs.replaceAll(
                                "[\\[\\]]| .*", "")
                        + " resource \"resourceclaims/driver\" in API group \"resource.k8s.io\" in the namespace \"n\""));
        assertThat(judged("", rights, "resourceclaims", "status", now, old)).isEqualTo(expected);
    }
}
