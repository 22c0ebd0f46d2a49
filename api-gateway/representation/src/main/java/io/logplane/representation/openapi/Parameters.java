package io.logplane.representation.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Parameters of operations. In v2 most are shared by name; in v3 each is written where it is used.
///
/// Shape: a shared parameter is named as upstream publishes it: its name, a dash and eight characters that upstream
/// derives from its description. Any other is `name:type`, in the query.
final class Parameters {
    private static final int SUFFIX = 9;
    private static final Set<String> IN_PATH = Set.of("namespace-vgWSWtn3", "path-z6Ciiujn");
    private static final List<String> SHARED = List.of("""
            allowWatchBookmarks-HC2hJt-J:boolean command-Py3eQybp:string container-1GeXxFDC:string
            container-_Q-EJ3nR:string container-i5dOmRiM:string continue-QfD61s0i:string fieldManager-7c6nTn1T:string
            fieldManager-Qy4HdaTW:string fieldSelector-xIcQKXFG:string follow-9OIXh_2R:boolean force-tOGGb0Yi:boolean
            gracePeriodSeconds--K5HaBOS:integer ignoreStoreReadErrorWithClusterBreakingPotential-QbNkfIqj:boolean
            insecureSkipTLSVerifyBackend-gM00jVbe:boolean labelSelector-5Zw57w4C:string limit-1NfNmdNH:integer
            limitBytes-zwd1RXuc:integer namespace-vgWSWtn3:string orphanDependents-uRB25kX5:boolean
            path-QCf0eosM:string path-oPbzgLUj:string path-rFDtV0x9:string path-z6Ciiujn:string
            ports-91KROJmm:integer pretty-tJGM1-ng:string previous-1jxDPu3y:boolean propagationPolicy-6jk3prlO:string
            resourceVersion-5WAnf1kx:string resourceVersionMatch-t8XhRHeC:string sendInitialEvents-rLXlEK_k:boolean
            shardSelector-Kgyki_3_:string sinceSeconds-vE2NLdnP:integer stderr-26jJhFUR:boolean
            stderr-W_1TNlWc:boolean stdin-PSzNhyUC:boolean stdin-sEFnN3IS:boolean stdout--EZLRwV1:boolean
            stdout-005YMKE6:boolean stream-l-48cgXv:string tailLines-9xQLWHMV:integer timeoutSeconds-yvYezaOC:integer
            timestamps-c17fW1w_:boolean tty-g7MlET_l:boolean tty-s0flW37O:boolean watch-XNNPZGbK:boolean
            """.trim().split("\\s+"));
    private static final String PRETTY = "pretty-tJGM1-ng";
    private static final List<String> LIST = List.of("allowWatchBookmarks-HC2hJt-J", "continue-QfD61s0i",
            "fieldSelector-xIcQKXFG", "labelSelector-5Zw57w4C", "limit-1NfNmdNH", "resourceVersion-5WAnf1kx",
            "resourceVersionMatch-t8XhRHeC", "sendInitialEvents-rLXlEK_k", "shardSelector-Kgyki_3_",
            "timeoutSeconds-yvYezaOC", "watch-XNNPZGbK", PRETTY);
    private static final List<String> DELETE = List.of("dryRun:string", "gracePeriodSeconds--K5HaBOS",
            "ignoreStoreReadErrorWithClusterBreakingPotential-QbNkfIqj", "orphanDependents-uRB25kX5",
            "propagationPolicy-6jk3prlO", PRETTY);
    /// What each kind of operation takes, by the verb it is.
    private static final Map<String, List<String>> BY_VERB = Map.of("list", LIST, "watch", LIST, "get",
            List.of(PRETTY), "create",
            List.of("dryRun:string", "fieldManager-Qy4HdaTW", "fieldValidation:string", PRETTY), "update",
            List.of("dryRun:string", "fieldManager-Qy4HdaTW", "fieldValidation:string", PRETTY), "patch",
            List.of("dryRun:string", "fieldManager-7c6nTn1T", "fieldValidation:string", "force-tOGGb0Yi", PRETTY),
            "delete", DELETE, "deletecollection", collection());
    /// What each connection takes, by the kind of its options.
    private static final Map<String, List<String>> BY_OPTIONS = Map.of("PodAttachOptions",
            List.of("container-_Q-EJ3nR", "stderr-26jJhFUR", "stdin-sEFnN3IS", "stdout-005YMKE6", "tty-g7MlET_l"),
            "PodExecOptions",
            List.of("command-Py3eQybp", "container-i5dOmRiM", "stderr-W_1TNlWc", "stdin-PSzNhyUC", "stdout--EZLRwV1",
                    "tty-s0flW37O"),
            "PodPortForwardOptions", List.of("ports-91KROJmm"), "PodProxyOptions", List.of("path-oPbzgLUj"),
            "ServiceProxyOptions", List.of("path-QCf0eosM"), "NodeProxyOptions", List.of("path-rFDtV0x9"));
    private static final List<String> LOG = List.of("container-1GeXxFDC", "follow-9OIXh_2R",
            "insecureSkipTLSVerifyBackend-gM00jVbe", "limitBytes-zwd1RXuc", PRETTY, "previous-1jxDPu3y",
            "sinceSeconds-vE2NLdnP", "stream-l-48cgXv", "tailLines-9xQLWHMV", "timestamps-c17fW1w_");

    private final boolean v3;

    Parameters(boolean v3) {
        this.v3 = v3;
    }

    private static List<String> collection() {
        Set<String> all = new LinkedHashSet<>(LIST);
        all.removeAll(List.of("watch-XNNPZGbK", "allowWatchBookmarks-HC2hJt-J"));
        all.addAll(DELETE);
        return List.copyOf(all);
    }

    static List<String> ofVerb(String verb) {
        return BY_VERB.getOrDefault(verb, List.of());
    }

    /// Only of custom types upstream tells that an object can be read at a revision.
    static List<String> ofCustomGet() {
        return List.of(PRETTY, "resourceVersion-5WAnf1kx");
    }

    static List<String> ofOptions(String kind) {
        return BY_OPTIONS.getOrDefault(kind, List.of());
    }

    static List<String> ofLog() {
        return LOG;
    }

    /// Where an operation is.
    static List<String> ofPath(boolean named, boolean namespaced, boolean tail) {
        List<String> all = new ArrayList<>();
        if (named) {
            all.add("name:string");
        }
        if (namespaced) {
            all.add("namespace-vgWSWtn3");
        }
        if (tail) {
            all.add("path-z6Ciiujn");
        }
        return all;
    }

    static List<String> sorted(List<String> specs) {
        return specs.stream().sorted(Comparator.comparing(Parameters::name).thenComparing(s -> !IN_PATH.contains(s)))
                .toList();
    }

    private static String name(String spec) {
        int colon = spec.indexOf(':');
        return colon > 0 ? spec.substring(0, colon) : spec.substring(0, spec.length() - SUFFIX);
    }

    /// The parameter as an operation or a path lists it.
    ObjectNode of(String spec) {
        int colon = spec.indexOf(':');
        if (colon > 0) {
            String in = spec.startsWith("name:") ? "path" : "query";
            return written(name(spec), spec.substring(colon + 1), in);
        }
        return v3
                ? written(name(spec), type(spec), in(spec))
                : Json.newObject().put("$ref", "#/parameters/" + spec);
    }

    private static String type(String shared) {
        return SHARED.stream().filter(s -> s.startsWith(shared + ":")).map(s -> s.substring(shared.length() + 1))
                .findFirst().orElseThrow();
    }

    private static String in(String shared) {
        return IN_PATH.contains(shared) ? "path" : "query";
    }

    private ObjectNode written(String name, String type, String in) {
        ObjectNode parameter = Json.newObject().put("in", in).put("name", name);
        if (in.equals("path")) {
            parameter.put("required", true);
        }
        if (v3) {
            parameter.putObject("schema").put("type", type).put("uniqueItems", true);
            return parameter;
        }
        return parameter.put("type", type).put("uniqueItems", true);
    }

    /// All shared parameters of v2 by name, bodies among them.
    Map<String, ObjectNode> shared(ObjectNode patch, ObjectNode deleteOptions) {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        ObjectNode delete = Json.newObject().put("in", "body").put("name", "body");
        delete.set("schema", deleteOptions);
        all.put(DELETE_BODY, delete);
        ObjectNode patched = Json.newObject().put("in", "body").put("name", "body").put("required", true);
        patched.set("schema", patch);
        all.put(PATCH_BODY, patched);
        for (String spec : SHARED) {
            String shared = spec.substring(0, spec.lastIndexOf(':'));
            all.put(shared, written(name(shared), type(shared), in(shared)));
        }
        return all;
    }

    static final String DELETE_BODY = "body-2Y1dVQaQ";
    static final String PATCH_BODY = "body-78PwaGsr";
}
