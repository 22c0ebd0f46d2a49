package io.logplane.gateway.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.outbound.WebhookClient;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A stored configuration that cannot be used (written before it was checked, or by another version) stays in force.
class UnusableHooksTest {
    private static final String RULES = "'rules':[{'apiGroups':[''],'apiVersions':['v1'],'operations':['CREATE'],"
            + "'resources':['pods']}]";
    private static final Lookup NOTHING = new Lookup() {
        @Override
        public Optional<StoredObject> here(ObjectKey key) {
            return Optional.empty();
        }

        @Override
        public Optional<StoredObject> newest(ObjectKey key) {
            return Optional.empty();
        }

        @Override
        public List<StoredObject> list(String prefix) {
            return List.of();
        }
    };

    private static ObjectNode json(String single) {
        return Json.object(single.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static String hook(String name, String more) {
        return "{'name':'" + name + "','sideEffects':'None'," + RULES + more + "}";
    }

    @Test
    void oneBadWebhookFailsItsCallsAndLeavesItsNeighboursAlone() {
        Hooks hooks = new Hooks(NOTHING);
        String sound = ",'clientConfig':{'url':'https://a.example/x'}";
        hooks.put("validatingwebhookconfigurations", json("{'metadata':{'name':'c'},'webhooks':[" + hook("address",
                ",'clientConfig':{'url':'https://a b/'}") + ","
                + hook("condition", sound
                        + ",'matchConditions':[{'name':'n','expression':'(('}]")
                + ","
                + hook("selector", sound + ",'objectSelector':{'matchExpressions':[{'key':'k','operator':'Nonsense'}]}")
                + ","
                + hook("sound", sound) + "]}"));

        List<Webhook> all = hooks.snapshot().validatingWebhooks();

        assertThat(all).extracting(Webhook::name).containsExactly("address", "condition", "selector", "sound");
        assertThat(all).extracting(Webhook::ignoresFailure).containsOnly(false);
        for (String broken : List.of("address", "condition", "selector")) {
            Webhook webhook = all.stream().filter(one -> one.name().equals(broken)).findFirst().orElseThrow();
            assertThat(webhook.matching().rules()).as(broken).hasSize(1);
            assertThatThrownBy(() -> webhook.client().call(Json.newObject())).as(broken).isInstanceOf(
                    WebhookClient.CallFailed.class);
        }
    }

    @Test
    void aPolicyThatDoesNotCompileBreaksWhatItIsAboutAndABadBindingNarrowsNothing() {
        Hooks hooks = new Hooks(NOTHING);
        hooks.put("validatingadmissionpolicies", json("{'metadata':{'name':'p'},'spec':{'matchConstraints':{"
                + RULES.replace("rules", "resourceRules") + "},'validations':[{'expression':'(('}]}}"));
        hooks.put("validatingadmissionpolicybindings", json("{'metadata':{'name':'b'},'spec':{'policyName':'p',"
                + "'validationActions':['Deny'],'matchResources':{'objectSelector':{'matchExpressions':[{'key':'k',"
                + "'operator':'Nonsense'}]}}}}"));

        Policy<Policy.Validations> policy = hooks.snapshot().validatingPolicies().getFirst();

        assertThat(policy.unusable()).isNotEmpty();
        assertThat(policy.ignoresFailure()).isFalse();
        assertThat(policy.matching().rules()).hasSize(1);
        assertThat(policy.bindings()).hasSize(1);
        assertThat(policy.bindings().getFirst().matching().objects().isEverything()).isTrue();
    }
}
