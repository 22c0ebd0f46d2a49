package io.logplane.schemas.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.Optional;

/// One CustomResourceDefinition, read. Shape: the object itself, never changed through here.
///
/// Source: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.
public record Definition(ObjectNode object) {
    public static final String GROUP = "apiextensions.k8s.io";
    public static final String PLURAL = "customresourcedefinitions";
    /// Holds a definition back until its objects are gone.
    public static final String FINALIZER = "customresourcecleanup.apiextensions.k8s.io";
    public static final String ESTABLISHED = "Established";
    public static final String NAMES_ACCEPTED = "NamesAccepted";
    public static final String TERMINATING = "Terminating";
    public static final String API_APPROVED = "KubernetesAPIApprovalPolicyConformant";
    static final String APPROVAL = "api-approved.kubernetes.io";

    public static ObjectKey key(String name) {
        return ObjectKey.of(GROUP, PLURAL, "", name);
    }

    public String name() {
        return Tree.text(object, "metadata.name");
    }

    public String group() {
        return Tree.text(object, "spec.group");
    }

    public String plural() {
        return Tree.text(object, "spec.names.plural");
    }

    public boolean namespaced() {
        return Tree.text(object, "spec.scope").equals("Namespaced");
    }

    /// The names it has been given, which are the ones it is served under.
    public JsonNode acceptedNames() {
        return Tree.at(object, "status.acceptedNames");
    }

    public List<ObjectNode> versions() {
        return Tree.objects(object, "spec.versions");
    }

    public Optional<ObjectNode> storage() {
        return versions().stream().filter(version -> Tree.flag(version, "storage")).findFirst();
    }

    public boolean deleting() {
        return Tree.has(object, "metadata.deletionTimestamp");
    }

    public boolean is(String condition) {
        return condition(condition).filter(found -> Tree.text(found, "status").equals("True")).isPresent();
    }

    public Optional<ObjectNode> condition(String type) {
        return Tree.objects(object, "status.conditions").stream().filter(found -> Tree.text(found, "type").equals(type))
                .findFirst();
    }

    /// Groups of the Kubernetes community, whose types need its approval.
    public static boolean protectedGroup(String group) {
        return group.equals("k8s.io") || group.endsWith(".k8s.io") || group.equals("kubernetes.io")
                || group.endsWith(".kubernetes.io");
    }
}
