package io.logplane.gateway.authn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who asks. Source: k8s.io/apiserver/pkg/authentication/user.
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    public static final String MASTERS = "system:masters";
    public static final String AUTHENTICATED = "system:authenticated";
    public static final String UNAUTHENTICATED = "system:unauthenticated";
    public static final String NODES = "system:nodes";
    /// Key of `extra`: which credential it was.
    public static final String CREDENTIAL_ID = "authentication.kubernetes.io/credential-id";
    /// Key of `extra`: the node whose pod holds the token.
    public static final String NODE_NAME = "authentication.kubernetes.io/node-name";
    private static final String NODE_PREFIX = "system:node:";
    private static final String ACCOUNT_PREFIX = "system:serviceaccount:";
    public static final User ANONYMOUS = new User("system:anonymous", "", List.of(UNAUTHENTICATED), Map.of());

    public User {
        groups = List.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    /// A user by name alone, with the groups that follow from the name: for commands and impersonation.
    public static User named(String name) {
        return new User(name, "", groupsOf(name), Map.of());
    }

    /// Whoever was authenticated is in the group that says so, except the anonymous user, however he came.
    public static List<String> withAuthenticated(String name, List<String> groups) {
        if (name.equals(ANONYMOUS_NAME) || groups.contains(AUTHENTICATED) || groups.contains(UNAUTHENTICATED)) {
            return groups;
        }
        List<String> more = new ArrayList<>(groups);
        more.add(AUTHENTICATED);
        return more;
    }

    static List<String> groupsOf(String name) {
        List<String> groups = new ArrayList<>();
        if (name.startsWith(ACCOUNT_PREFIX) && name.split(":").length == 4) {
            groups.add("system:serviceaccounts");
            groups.add("system:serviceaccounts:" + name.split(":")[2]);
        }
        if (name.startsWith(NODE_PREFIX)) {
            groups.add(NODES);
        }
        groups.add(name.equals(ANONYMOUS_NAME) ? UNAUTHENTICATED : AUTHENTICATED);
        return groups;
    }

    private static final String ANONYMOUS_NAME = "system:anonymous";

    public boolean superuser() {
        return groups.contains(MASTERS);
    }

    /// The node this user is, if it is one.
    public Optional<String> node() {
        return name.startsWith(NODE_PREFIX) && groups.contains(NODES)
                ? Optional.of(name.substring(NODE_PREFIX.length()))
                : Optional.empty();
    }

    public User withGroups(List<String> others) {
        return new User(name, uid, others, extra);
    }
}
