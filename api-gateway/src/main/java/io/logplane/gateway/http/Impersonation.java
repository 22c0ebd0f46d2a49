package io.logplane.gateway.http;

import io.logplane.gateway.authn.User;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.authz.Decision;
import io.logplane.gateway.authz.Question;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Refused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Who may act as whom: as a node, a service account or another user for a single verb, or, as ever, for everything.
///
/// Every mode that fits is asked in order, that which was good last before the others. A narrow one wants two rights:
/// `impersonate-on:MODE:VERB` on what is asked for, and `impersonate:MODE` on each part of the other identity. The
/// first refusal is the one told.
/// Thread: any. Source: KEP-5284; k8s.io/apiserver/pkg/endpoints/filters/impersonation.
final class Impersonation {
    private static final String GROUP = "authentication.k8s.io";
    private static final String NODE = "system:node:";
    private static final String ACCOUNT = "system:serviceaccount:";
    /// Of so many parts, the right to all of them is asked for first.
    private static final int MANY = 4;
    private static final String ASSOCIATED_KEYS = "authentication.kubernetes.io/associated-node-keys";

    /// Requesters remembered.
    private static final int REMEMBERED = 10_000;

    private final Authorizer authorizer;
    /// Which mode was good for a requester the last time: most use one only.
    private final Map<String, Mode> lastGood = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Mode> eldest) {
            return size() > REMEMBERED;
        }
    };

    Impersonation(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    private enum Mode {
        ASSOCIATED_NODE("associated-node"), ARBITRARY_NODE("arbitrary-node"), ACCOUNT("serviceaccount"), USER(
                "user-info"), EVERYTHING("");

        private final String text;

        Mode(String text) {
            this.text = text;
        }

        String verb() {
            return this == EVERYTHING ? "impersonate" : "impersonate:" + text;
        }

        boolean fits(User wanted, User requester) {
            boolean nameOnly = wanted.uid().isEmpty() && wanted.groups().isEmpty() && wanted.extra().isEmpty();
            Optional<String> node = nodeOf(wanted.name());
            return switch (this) {
                case ASSOCIATED_NODE -> nameOnly && node.isPresent() && accountOf(requester.name()).isPresent()
                        && requester.extra().getOrDefault(User.NODE_NAME, List.of()).equals(List.of(node.get()));
                case ARBITRARY_NODE -> nameOnly && node.isPresent();
                case ACCOUNT -> nameOnly && accountOf(wanted.name()).isPresent();
                case USER -> node.isEmpty() && accountOf(wanted.name()).isEmpty();
                case EVERYTHING -> true;
            };
        }
    }

    /// Whom a request is made as. Shape: `constraint` is the narrow right it rests on, "" when there is none.
    record Acting(User user, String constraint) {
    }

    /// Shape: `wanted` as the headers say, nothing added. Errors: 403 in the words of the first mode that fits.
    Acting act(User wanted, Question asked) {
        Optional<Refused> first = Optional.empty();
        for (Mode mode : modes(asked.user())) {
            if (!mode.fits(wanted, asked.user())) {
                continue;
            }
            try {
                allowed(mode, wanted, asked);
                remember(asked.user(), mode);
                return new Acting(acting(mode, wanted), mode == Mode.EVERYTHING ? "" : mode.verb());
            } catch (Refused refused) {
                first = first.or(() -> Optional.of(refused));
            }
        }
        throw first.orElseThrow();
    }

    /// The one that was good for the requester last, then the others.
    private List<Mode> modes(User requester) {
        List<Mode> modes = new ArrayList<>(List.of(Mode.values()));
        Mode last;
        synchronized (lastGood) {
            last = lastGood.get(requester.name());
        }
        if (last != null) {
            modes.remove(last);
            modes.addFirst(last);
        }
        return modes;
    }

    private void remember(User requester, Mode mode) {
        synchronized (lastGood) {
            lastGood.put(requester.name(), mode);
        }
    }

    /// 400 for who asks for parts of an identity without a name; Go's way of writing down a value.
    static Refused nobody(User wanted) {
        String extra = new TreeMap<>(wanted.extra()).entrySet().stream().map(entry -> Refusals.quoted(entry.getKey())
                + ":" + texts(entry.getValue())).collect(Collectors.joining(", "));
        return Refusals.badRequest("requested &user.DefaultInfo{Name:\"\", UID:" + Refusals.quoted(wanted.uid())
                + ", Groups:" + (wanted.groups().isEmpty() ? "[]string(nil)" : texts(wanted.groups()))
                + ", Extra:map[string][]string" + (extra.isEmpty() ? "(nil)" : "{" + extra + "}")
                + "} without impersonating a user name");
    }

    private static String texts(List<String> texts) {
        return texts.stream().map(Refusals::quoted).collect(Collectors.joining(", ", "[]string{", "}"));
    }

    private void allowed(Mode mode, User wanted, Question asked) {
        User requester = mode == Mode.ASSOCIATED_NODE ? withoutExtra(asked.user()) : asked.user();
        if (mode != Mode.EVERYTHING) {
            RequestInfo info = asked.info();
            authorizer.require(new Question(requester, new RequestInfo(info.resourceRequest(), info.path(),
                    "impersonate-on:" + mode.text + ":" + info.verb(), info.group(), info.version(), info.resource(),
                    info.subresource(), info.namespace(), info.name(), false), asked.fields(), asked.labels()));
        }
        name(mode, wanted.name(), requester);
        if (!wanted.uid().isEmpty()) {
            authorizer.require(requester, right(mode, GROUP, "uids", "", wanted.uid()));
        }
        groups(mode, wanted.groups(), requester);
        extra(mode, wanted.extra(), requester);
    }

    /// The right must hold for every node, since which one is his is known.
    private static User withoutExtra(User requester) {
        return new User(requester.name(), requester.uid(), requester.groups(), Map.of(ASSOCIATED_KEYS, List.copyOf(
                new TreeSet<>(requester.extra().keySet()))));
    }

    private void name(Mode mode, String name, User requester) {
        String group = mode == Mode.EVERYTHING ? "" : GROUP;
        Optional<String[]> account = accountOf(name);
        Optional<String> node = nodeOf(name);
        if (account.isPresent()) {
            authorizer.require(requester, new RequestInfo(true, "", mode.verb(), group, "v1", "serviceaccounts", "",
                    account.get()[0], account.get()[1], false));
        } else if (mode != Mode.EVERYTHING && node.isPresent()) {
            authorizer.require(requester, right(mode, group, "nodes", "", mode == Mode.ASSOCIATED_NODE
                    ? "*"
                    : node.get()));
        } else {
            authorizer.require(requester, right(mode, group, "users", "", name));
        }
    }

    private void groups(Mode mode, List<String> groups, User requester) {
        String api = mode == Mode.EVERYTHING ? "" : GROUP;
        if (mode != Mode.EVERYTHING) {
            if (groups.contains("")) {
                throw refused(requester, right(mode, api, "groups", "", ""),
                        "impersonating the empty string group is not allowed");
            }
            if (groups.contains(User.MASTERS)) {
                throw refused(requester, right(mode, api, "groups", "", User.MASTERS),
                        "impersonating the system:masters group is not allowed");
            }
            if (groups.size() >= MANY && authorizer.allows(requester, right(mode, api, "groups", "", "*"))) {
                return;
            }
        }
        groups.forEach(group -> authorizer.require(requester, right(mode, api, "groups", "", group)));
    }

    private void extra(Mode mode, Map<String, List<String>> extra, User requester) {
        if (mode != Mode.EVERYTHING && !extra.isEmpty()) {
            String wrong = wrong(extra);
            if (!wrong.isEmpty()) {
                throw refused(requester, right(mode, GROUP, "userextras", "", ""), wrong);
            }
            int values = extra.values().stream().mapToInt(List::size).sum();
            if (values >= MANY && authorizer.allows(requester, right(mode, GROUP, "userextras", "*", "*"))) {
                return;
            }
        }
        extra.forEach((key, values) -> values.forEach(value -> authorizer.require(requester, right(mode, GROUP,
                "userextras", key, value))));
    }

    /// Keys are lower case already: they were a header's name.
    private static String wrong(Map<String, List<String>> extra) {
        for (Map.Entry<String, List<String>> entry : extra.entrySet()) {
            String key = entry.getKey();
            if (key.isEmpty()) {
                return "impersonating the empty string key in extra is not allowed";
            }
            int slash = key.indexOf('/');
            if (slash < 0 || !isSubdomain(key.substring(0, slash)) || slash == key.length() - 1) {
                return "impersonating an invalid key in extra is not allowed: extra.key: Invalid value: "
                        + Refusals.quoted(key)
                        + ": must be a domain-prefixed path (such as \"acme.io/foo\")";
            }
            if (entry.getValue().contains("")) {
                return "impersonating the empty string value in extra is not allowed";
            }
        }
        return "";
    }

    private static Refused refused(User requester, RequestInfo info, String why) {
        return Authorizer.refusal(requester, info, Decision.noOpinion(why));
    }

    private static RequestInfo right(Mode mode, String group, String resource, String subresource, String name) {
        return new RequestInfo(true, "", mode.verb(), group, "v1", resource, subresource, "", name, false);
    }

    /// The groups that follow from a name are added where none are asked for. The old way gives a node none.
    private static User acting(Mode mode, User wanted) {
        List<String> groups = new ArrayList<>(wanted.groups());
        if (groups.isEmpty() && (accountOf(wanted.name()).isPresent() || mode == Mode.ASSOCIATED_NODE
                || mode == Mode.ARBITRARY_NODE)) {
            groups.addAll(User.named(wanted.name()).groups());
        }
        if (wanted.name().equals(User.ANONYMOUS.name())) {
            if (!groups.contains(User.UNAUTHENTICATED)) {
                groups.add(User.UNAUTHENTICATED);
            }
        } else if (!groups.contains(User.AUTHENTICATED) && !groups.contains(User.UNAUTHENTICATED)) {
            groups.add(User.AUTHENTICATED);
        }
        return wanted.withGroups(groups);
    }

    private static Optional<String> nodeOf(String name) {
        return name.startsWith(NODE) && isSubdomain(name.substring(NODE.length()))
                ? Optional.of(name.substring(NODE.length()))
                : Optional.empty();
    }

    /// Namespace and name.
    private static Optional<String[]> accountOf(String name) {
        String[] parts = name.split(":", -1);
        return name.startsWith(ACCOUNT) && parts.length == 4 && NameFormat.LABEL.accepts(parts[2])
                && isSubdomain(parts[3])
                        ? Optional.of(new String[]{parts[2], parts[3]})
                        : Optional.empty();
    }

    private static boolean isSubdomain(String text) {
        return NameFormat.SUBDOMAIN.accepts(text);
    }
}
