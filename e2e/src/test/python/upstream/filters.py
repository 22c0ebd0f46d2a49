"""What happens to a request before anybody looks at its object: methods, paths, times, who asks, as whom, whether.

Upstream's answers were had with an authorizer that has no opinion of anybody but administrators, and with an issuer of
tokens, so that tokens are looked at. Not asked: who may read what without rights of his own, which RBAC decides.
"""
from itertools import product

MAPS = "/api/v1/namespaces/default/configmaps"
METHODS = ("HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "FOO", "get")
PATHS = ("/api/v1/namespaces/none/configmaps/x", "/api/v1/nodes/none", "/api/v1/nodes/none/status",
         "/apis/apps/v1/namespaces/none/deployments/x/status", "/api/v1/nopes", "/api/v1/namespaces/none/nopes/x",
         "/apis/nope.io/v1/things", "/version/x", "/openapi/v1")


def methods_of_every_path(s):
    for path, method in product(PATHS, METHODS):
        if method == "PATCH" and "nope" not in path or path == "/openapi/v1" or path == "/version/x":
            continue
        s.ask(method, path)


def methods_of_documents(s):
    for path, method in product(("/version", "/healthz", "/livez/ping", "/"), METHODS):
        status, _ = s.ask(method, path, quiet=True)
        s.note([method, path, status])


def what_is_no_object_is_indented(s):
    for path, accept in (("/version", "*/*"), ("/", "application/yaml"), (MAPS + "/none", "text/html"),
                         (MAPS + "/none", "application/xml"), ("/api/v1/nopes", "text/plain")):
        _, _, content, headers = s.server.ask("GET", path, None, {"Accept": accept})
        s.note([path, accept, headers["Content-Type"], content[:4].decode(), content[-2:].decode()])
    for accept in ("text/html", "application/*", "application/yaml", "application/json;q=0.1, text/html"):
        status, answer = s.get("/version", Accept=accept, quiet=True)
        s.note([accept, status, answer.get("message") if isinstance(answer, dict) else answer])


def times_of_requests(s):
    for time in ("1", "0", "0s", "-1s", "foo", "1d", "999h", "%20", "+1s", "1h1", "9999999999h", "%D9%A3s",
                 "1s&timeout=x", "x&timeout=1s", "1ns"):
        s.get(f"{MAPS}/none?timeout={time}")
    s.get(f"{MAPS}?watch=1&timeout=foo&timeoutSeconds=1&fieldSelector=metadata.name%3Dnone")
    s.post(MAPS + "?timeout=soon", {"metadata": {"name": "soon"}})


def bodies_that_are_no_gzip(s):
    s.post(MAPS + "?dryRun=All", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "plain"}},
           Content_Encoding="gzip", quiet=True)
    s.post(MAPS + "?dryRun=All", "{", Content_Encoding="gzip")
    s.post(MAPS + "?dryRun=All", "{", Content_Encoding="br")





def credentials_that_are_none(s):
    for value in ("Bearer", "Bearer ", "Bearer  abc", "bearer abc", "BEARER abc", "Bearer abc def", "Bearer\tabc",
                  "Basic Zm9vOmJhcg==", "Basic", "foo", "Token abc", "Bearer a.b.c", "Bearer ,", "", "Negotiate x"):
        s.get(MAPS + "/none", Authorization=value, nobody=True)
    for accept in ("application/yaml", "text/html"):
        s.get(MAPS + "/none", Authorization="Bearer abc", Accept=accept, nobody=True)
    s.get(MAPS + "/none?access_token=abc", nobody=True)
    for method, path in product(("GET", "POST", "PATCH", "DELETE", "OPTIONS"), (MAPS, MAPS + "/none", "/nope")):
        s.ask(method, path, nobody=True)
    s.get(MAPS + "?watch=1", nobody=True)


def tokens_of_web_sockets(s):
    prefix, upgrade = "base64url.bearer.authorization.k8s.io.", {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec_WebSocket_Version": "13"}
    for protocols in (prefix + "YWJj, x", prefix + "YWJj", "x, " + prefix + "YWJj", prefix + "!!!, x", prefix + ", x",
                      prefix + "YWJj, " + prefix + "YWJj, x", prefix + "_-4, x", "x"):
        s.get(MAPS + "?watch=1", Sec_WebSocket_Protocol=protocols, nobody=True, **upgrade)
    s.get(MAPS + "?watch=1", Sec_WebSocket_Protocol=prefix + "YWJj, x", nobody=True)


def identities_that_cannot_be_taken(s):
    for headers in (
            {"User": ""}, {"Group": "g"}, {"Uid": "u"}, {"Extra-a": "v"}, {"User": "", "Extra-a": "v"},
            {"Uid": "u\"", "Group": "g", "Extra-b": "w", "Extra-A": "v"}, {"Foo": "x"}, {"Extra-a%2fb": ""}):
        s.get(MAPS + "/none", **{"Impersonate-" + name: value for name, value in headers.items()})


def refusals_of_the_one_acted_as(s):
    for user in ("jane", "system:anonymous", "system:serviceaccount:default:x", "system:serviceaccount:a.b:x",
                 "system:foo", "  jane  ", "a/b:c", 'q"x"', "<b>&", "Jürgen".encode().decode("latin-1")):
        s.get(MAPS + "/none", Impersonate_User=user)
    for method, path in product(("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"), (
            MAPS, MAPS + "/x", "/api/v1/nodes", "/api/v1/nodes/x/status", "/api/v1/namespaces/default/pods/x/exec",
            "/apis/apps/v1/deployments", "/apis/apps/v1/namespaces/default/deployments/x/scale", "/nope/a%20b",
            "/apis/nope.io/v1/things/x", "/logs/")):
        s.ask(method, path, Impersonate_User="jane")
    for query in ("watch=1", "fieldSelector=metadata.name%3Dx", "labelSelector=%21%21", "fieldSelector=%21"):
        s.get(MAPS + "?" + query, Impersonate_User="jane")
    for accept in ("text/html", "application/json;as=Table;v=v1;g=meta.k8s.io"):
        s.get(MAPS, Impersonate_User="jane", Accept=accept)
    s.post(MAPS, "{", Impersonate_User="jane", kind="foo/bar")


def identities_of_administrators(s):
    masters = {"Impersonate_Group": "system:masters", "Impersonate_User": "jane"}
    s.get(MAPS + "/none", **masters)
    s.get(MAPS + "/none", Impersonate_Uid="7", **masters)
    s.get(MAPS + "/none", **masters, **{"Impersonate-Extra-a%zz": "x", "Impersonate-Extra-": "y"})
