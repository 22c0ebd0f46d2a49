package io.logplane.extension.cel;

import static io.logplane.extension.cel.Function.AUTHORIZER;
import static io.logplane.extension.cel.Function.DECISION;
import static io.logplane.extension.cel.Function.GROUP_CHECK;
import static io.logplane.extension.cel.Function.PATH_CHECK;
import static io.logplane.extension.cel.Function.RESOURCE_CHECK;
import static io.logplane.extension.cel.Function.member;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import io.logplane.extension.cel.Access.Decision;
import io.logplane.extension.cel.Access.GroupCheck;
import io.logplane.extension.cel.Access.PathCheck;
import io.logplane.extension.cel.Access.ResourceCheck;
import io.logplane.schemas.model.NameFormat;
import java.util.List;
import java.util.Map;

/// `authorizer.group('apps').resource('deployments').namespace('x').check('get').allowed()`.
///
/// Selectors narrow what is asked; our authorizers do not look at them, which can only refuse more.
final class AccessFunctions {
    private static final CelType TEXT = SimpleType.STRING;

    static final List<Function> ALL = List.of(
            member("path", "authorizer_path", PATH_CHECK, in -> path((Access) in[0], (String) in[1]), AUTHORIZER, TEXT),
            member("group", "authorizer_group", GROUP_CHECK, in -> new GroupCheck((Access) in[0], (String) in[1]),
                    AUTHORIZER, TEXT),
            member("serviceAccount", "authorizer_serviceaccount", AUTHORIZER, in -> serviceAccount((Access) in[0],
                    (String) in[1], (String) in[2]), AUTHORIZER, TEXT, TEXT),
            member("resource", "groupcheck_resource", RESOURCE_CHECK, in -> new ResourceCheck(((GroupCheck) in[0])
                    .access(), ((GroupCheck) in[0]).group(), Map.of("resource", (String) in[1])), GROUP_CHECK, TEXT),
            part("subresource", "resourcecheck_subresource"), part("namespace", "resourcecheck_namespace"),
            part("name", "resourcecheck_name"), part("fieldSelector", "resourcecheck_fieldselector"),
            part("labelSelector", "resourcecheck_labelselector"),
            member("check", "pathcheck_check", DECISION, in -> ((PathCheck) in[0]).check((String) in[1]), PATH_CHECK,
                    TEXT),
            member("check", "resourcecheck_check", DECISION, in -> ((ResourceCheck) in[0]).check((String) in[1]),
                    RESOURCE_CHECK, TEXT),
            member("allowed", "decision_allowed", SimpleType.BOOL, in -> ((Decision) in[0]).allowed(), DECISION),
            member("reason", "decision_reason", TEXT, in -> ((Decision) in[0]).reason(), DECISION),
            member("error", "decision_error", TEXT, in -> ((Decision) in[0]).error(), DECISION),
            member("errored", "decision_errored", SimpleType.BOOL, in -> !((Decision) in[0]).error().isEmpty(),
                    DECISION));

    private AccessFunctions() {
    }

    private static Function part(String name, String overload) {
        return member(name, overload, RESOURCE_CHECK, in -> ((ResourceCheck) in[0]).with(name, (String) in[1]),
                RESOURCE_CHECK, TEXT);
    }

    private static PathCheck path(Access access, String path) {
        if (path.isEmpty()) {
            throw new Function.Wrong("path must not be empty");
        }
        return new PathCheck(access, path);
    }

    private static Access serviceAccount(Access access, String namespace, String name) {
        if (!NameFormat.LABEL.accepts(namespace)) {
            throw new Function.Wrong("Invalid service account namespace");
        }
        if (!NameFormat.SUBDOMAIN.accepts(name)) {
            throw new Function.Wrong("Invalid service account name");
        }
        return new Access(access.serviceAccounts().of(namespace, name), access.serviceAccounts());
    }
}
