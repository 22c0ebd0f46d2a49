package io.logplane.gateway.authz;

import static io.logplane.gateway.authz.Decision.noOpinion;

import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import java.util.List;
import java.util.Set;

/// What a node may do: its own node and lease, the pods bound to it, and what those pods need.
///
/// Objects that others have too are open to a node only while something bound to it leads to them ([NodeRelations]).
/// Everything else follows the rules of the role `system:node`. Who is no node gets no opinion.
/// Thread: any; reads the state.
/// Source: kubernetes/plugin/pkg/auth/authorizer/node.
public final class NodeAuthorizer implements Authorizer.Link {
    private static final Set<String> READ = Set.of("get", "list", "watch");
    private static final Set<String> OWN = Set.of("get", "create", "update", "patch", "delete");
    private final NodeRelations relations;
    private final List<PolicyRule> rules;

    /// Shape: `rules` those of the bootstrap role `system:node`.
    public NodeAuthorizer(NodeRelations relations, List<PolicyRule> rules) {
        this.relations = relations;
        this.rules = List.copyOf(rules);
    }

    @Override
    public Decision decide(Question question) {
        return question.user().node().map(node -> decide(node, question)).orElse(Decision.NO_OPINION);
    }

    @Override
    public String notListed(User user) {
        return user.node().isPresent() ? "node authorizer does not support user rule resolution" : "";
    }

    private Decision decide(String node, Question question) {
        RequestInfo info = question.info();
        if (!info.resourceRequest()) {
            return granted(info);
        }
        return switch (info.group() + "/" + info.resource()) {
            case "/secrets", "/configmaps" -> namespaced(node, info);
            case "/persistentvolumeclaims" ->
                info.subresource().equals("status") ? status(node, info) : get(node, info);
            case "/persistentvolumes", "resource.k8s.io/resourceclaims", "storage.k8s.io/volumeattachments" -> get(node,
                    info);
            case "/serviceaccounts" -> token(node, info);
            case "/nodes" -> node(node, info);
            case "/pods" -> pod(node, question);
            case "coordination.k8s.io/leases" -> lease(node, info);
            case "storage.k8s.io/csinodes" -> csiNode(node, info);
            case "resource.k8s.io/resourceslices" -> slice(node, question);
            default -> granted(info);
        };
    }

    private Decision granted(RequestInfo info) {
        return rules.stream().anyMatch(rule -> rule.allows(info)) ? Decision.ALLOW : Decision.NO_OPINION;
    }

    /// Single objects only: list and watch must name theirs.
    private Decision namespaced(String node, RequestInfo info) {
        if (!READ.contains(info.verb())) {
            return noOpinion("can only read resources of this type");
        }
        if (!info.subresource().isEmpty()) {
            return noOpinion("cannot read subresource");
        }
        if (info.namespace().isEmpty()) {
            return noOpinion("can only read namespaced object of this type");
        }
        return related(node, info);
    }

    private Decision get(String node, RequestInfo info) {
        if (!info.verb().equals("get")) {
            return noOpinion("can only get individual resources of this type");
        }
        return info.subresource().isEmpty() ? related(node, info) : noOpinion("cannot get subresource");
    }

    private Decision status(String node, RequestInfo info) {
        return info.verb().equals("update") || info.verb().equals("patch")
                ? related(node, info)
                : noOpinion("can only get/update/patch this type");
    }

    /// Its own pods' accounts: their tokens, and the account itself, which may name a provider of image credentials.
    private Decision token(String node, RequestInfo info) {
        if (info.verb().equals("get")) {
            return get(node, info);
        }
        if (!info.verb().equals("create") || info.name().isEmpty()) {
            return noOpinion("can only create tokens for individual service accounts");
        }
        return info.subresource().equals("token")
                ? related(node, info)
                : noOpinion("can only create token subresource of serviceaccount");
    }

    private Decision related(String node, RequestInfo info) {
        if (info.name().isEmpty()) {
            return noOpinion("No Object name found");
        }
        return relations.lead(node, info.resource(), info.namespace(), info.name())
                ? Decision.ALLOW
                : noOpinion("no relationship found between node '" + node + "' and this object");
    }

    private static Decision node(String node, RequestInfo info) {
        String verb = info.verb();
        boolean writes = verb.equals("update") || verb.equals("patch");
        if (info.subresource().equals("status")) {
            return writes ? Decision.ALLOW : Decision.NO_OPINION;
        }
        if (!info.subresource().isEmpty()) {
            return Decision.NO_OPINION;
        }
        if (writes || verb.equals("create")) {
            return Decision.ALLOW; // whose node it is, admission sees
        }
        if (!READ.contains(verb)) {
            return Decision.NO_OPINION;
        }
        if (info.name().isEmpty()) {
            return noOpinion("node '" + node + "' cannot read all nodes, only its own Node object");
        }
        return info.name().equals(node)
                ? Decision.ALLOW
                : noOpinion("node '" + node + "' cannot read '" + info.name() + "', only its own Node object");
    }

    private Decision pod(String node, Question question) {
        RequestInfo info = question.info();
        String verb = info.verb();
        boolean writes = verb.equals("update") || verb.equals("patch");
        return switch (info.subresource()) {
            case "" -> switch (verb) {
                case "get" -> related(node, info);
                case "list", "watch" -> {
                    if (question.fields().exact("spec.nodeName").filter(node::equals).isPresent()) {
                        yield Decision.ALLOW;
                    }
                    yield info.name().isEmpty()
                            ? noOpinion("can only list/watch pods with spec.nodeName field selector")
                            : related(node, info);
                }
                case "create", "delete" -> Decision.ALLOW; // of which pods, admission sees
                default -> Decision.NO_OPINION;
            };
            case "status" -> writes ? Decision.ALLOW : Decision.NO_OPINION;
            case "eviction" -> verb.equals("create") ? Decision.ALLOW : Decision.NO_OPINION;
            default -> Decision.NO_OPINION;
        };
    }

    private static Decision lease(String node, RequestInfo info) {
        if (!OWN.contains(info.verb())) {
            return noOpinion("can only get, create, update, patch, or delete a node lease");
        }
        if (!info.namespace().equals("kube-node-lease")) {
            return noOpinion("can only access leases in the " + Refusals.quoted("kube-node-lease")
                    + " system namespace");
        }
        return info.verb().equals("create") || info.name().equals(node)
                ? Decision.ALLOW
                : noOpinion("can only access node lease with the same name as the requesting node");
    }

    private static Decision csiNode(String node, RequestInfo info) {
        if (!OWN.contains(info.verb())) {
            return noOpinion("can only get, create, update, patch, or delete a CSINode");
        }
        if (!info.subresource().isEmpty()) {
            return noOpinion("cannot authorize CSINode subresources");
        }
        return info.verb().equals("create") || info.name().equals(node)
                ? Decision.ALLOW
                : noOpinion("can only access CSINode with the same name as the requesting node");
    }

    private Decision slice(String node, Question question) {
        RequestInfo info = question.info();
        if (!info.subresource().isEmpty()) {
            return noOpinion("cannot authorize ResourceSlice subresources");
        }
        return switch (info.verb()) {
            case "create" -> Decision.ALLOW; // for which node, admission sees
            case "get", "update", "patch", "delete" -> related(node, info);
            case "list", "watch", "deletecollection" -> question.fields().exact("spec.nodeName").or(() -> question
                    .fields().exact("nodeName")).filter(node::equals).isPresent()
                            ? Decision.ALLOW
                            : noOpinion("can only list/watch/deletecollection resourceslices with nodeName field "
                                    + "selector");
            default -> noOpinion("only the following verbs are allowed for a ResourceSlice: get, watch, list, create, "
                    + "update, patch, delete, deletecollection");
        };
    }
}
