package io.logplane.gateway.request;

/// What a request asks for, parsed once and used by authorization and by storage alike, so that the two never disagree.
///
/// Shape: for a resource request `verb` is the Kubernetes verb ("" for an HTTP method without one), `group` "" for
/// core, `resource`
/// the plural, `subresource`, `namespace`, `name` "" when absent. For another request `resourceRequest` is false and
/// only `path`
/// and `verb` (the lower-case method) count. `legacyWatch` tells of the `/watch/` prefix.
/// Source: k8s.io/apiserver/pkg/endpoints/request.
public record RequestInfo(boolean resourceRequest, String path, String verb, String group, String version,
        String resource, String subresource, String namespace, String name, boolean legacyWatch) {

    public static RequestInfo nonResource(String path, String method) {
        return new RequestInfo(false, path, method.toLowerCase(java.util.Locale.ROOT), "", "", "", "", "", "", false);
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /// `pods` or `pods/log`, as RBAC names it.
    public String resourceAndSubresource() {
        return subresource.isEmpty() ? resource : resource + "/" + subresource;
    }

    /// Whether the path goes on below the subresource. There is nothing below most; what is below a proxy is its
    /// target's, and below those of custom types nobody looks.
    public boolean deeper() {
        boolean below = !namespace.isEmpty() && !resource.equals("namespaces");
        int before = (group.isEmpty() ? 2 : 3) + (legacyWatch ? 1 : 0) + (below ? 2 : 0);
        return !subresource.isEmpty() && path.chars().filter(c -> c == '/').count() > before + 3;
    }

    public RequestInfo withVerb(String other) {
        return new RequestInfo(resourceRequest, path, other, group, version, resource, subresource, namespace, name,
                legacyWatch);
    }

    public RequestInfo withName(String other) {
        return new RequestInfo(resourceRequest, path, verb, group, version, resource, subresource, namespace, other,
                legacyWatch);
    }
}
