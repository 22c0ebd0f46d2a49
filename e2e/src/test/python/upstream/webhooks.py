"""Webhooks and policies that users hook into admission.

The webhooks are served here, over HTTPS, with a certificate that openssl makes. Whatever k8s.io/kubernetes defaults is
written out, since the libraries do not know its defaults; for the same reason what is validated of configurations and
policies is not asked here.
"""
import atexit
import base64
import http.server
import json
import os
import shutil
import ssl
import subprocess
import tempfile
import threading
import time

A = "/apis/admissionregistration.k8s.io/v1/"
C = "/api/v1/namespaces/default/configmaps"
D = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


class _Hook:
    """The server of all webhooks: keeps what it is asked, answers by path."""

    running = None

    def __init__(self):
        self.asked, self.answers, self.lock = [], {}, threading.Lock()
        directory = tempfile.mkdtemp()
        atexit.register(shutil.rmtree, directory, True)
        self.certificate, key = os.path.join(directory, "c"), os.path.join(directory, "k")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out",
                        self.certificate, "-days", "2", "-subj", "/CN=hook", "-addext", "subjectAltName=IP:127.0.0.1"],
                       check=True, capture_output=True)
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                hook.answer(self)

            do_GET = do_POST

            def log_message(self, *_):
                pass

        class Quiet(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Quiet(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, request):
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        path = request.path.partition("?")[0]
        try:
            review = json.loads(body)
        except ValueError:
            review = {}
        with self.lock:
            self.asked.append((request.path, {name: request.headers.get(name) for name in (
                "Content-Type", "Accept", "User-Agent")}, review))
        made = self.answers.get(path, _allowed)(review)
        code, headers, content = made if isinstance(made, tuple) else (200, {}, made)
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        try:
            request.send_response(code)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                request.send_header(name, value)
            request.send_header("Content-Length", str(len(content)))
            request.end_headers()
            request.wfile.write(content)
        except OSError:
            request.close_connection = True

    def seen(self):
        """What it was asked since the last time."""
        with self.lock:
            asked, self.asked = self.asked, []
        return asked


def _hook():
    _Hook.running = _Hook.running or _Hook()
    return _Hook.running


def _review(asked, **response):
    return {"apiVersion": asked.get("apiVersion"), "kind": "AdmissionReview",
            "response": {"uid": asked.get("request", {}).get("uid"), **response}}


def _allowed(asked):
    return _review(asked, allowed=True)


def _patch(*operations, **more):
    patch = base64.b64encode(json.dumps(list(operations)).encode()).decode()
    return lambda asked: _review(asked, allowed=True, patchType="JSONPatch", patch=patch, **more)


def _deny(**status):
    return lambda asked: _review(asked, allowed=False, status=status)


def _rule(resources=("configmaps",), operations=("*",), groups=("",), versions=("*",), scope="*"):
    return {"apiGroups": list(groups), "apiVersions": list(versions), "operations": list(operations),
            "resources": list(resources), "scope": scope}


def _webhook(name, *, path=None, selector=None, **more):
    hook = _hook()
    bundle = base64.b64encode(open(hook.certificate, "rb").read()).decode()
    return {"name": name + ".example.com", "rules": [_rule()], "sideEffects": "None", "failurePolicy": "Fail",
            "admissionReviewVersions": ["v1"], "matchPolicy": "Equivalent", "namespaceSelector": {},
            "objectSelector": {"matchLabels": {"hook": "yes"}} if selector is None else selector, "timeoutSeconds": 10,
            "clientConfig": {"url": f"https://127.0.0.1:{hook.port}/{path or name}", "caBundle": bundle}, **more}


class _Hooks:
    """Configurations of webhooks that are there for the time of a scenario."""

    def __init__(self, s):
        self.s, self.hook, self.paths = s, _hook(), []
        s.hide(f"127.0.0.1:{self.hook.port}", "127.0.0.1:PORT")
        for kind in ("mutating", "validating"):  # of a scenario that failed
            s.delete(A + kind + "webhookconfigurations?labelSelector=asked", quiet=True)
        self.hook.answers.clear()
        self.hook.seen()

    def mutating(self, name, *hooks):
        return self.add("mutating", name, [{"reinvocationPolicy": "Never", **hook} for hook in hooks])

    def validating(self, name, *hooks):
        return self.add("validating", name, list(hooks))

    def add(self, kind, name, hooks):
        path = A + kind + "webhookconfigurations"
        body = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": kind.capitalize() + "WebhookConfiguration",
                "metadata": {"name": name, "labels": {"asked": "yes"}}, "webhooks": hooks}
        self.s.delete(path + "/" + name, quiet=True)
        status, answer = self.s.post(path, body, quiet=True)
        if status != 201:
            self.s.note(["configuration", status, self.s.normal(answer)])
        self.paths.append(path + "/" + name)
        return path + "/" + name

    def ready(self):
        """Waits until all of them count: the last one is asked."""
        probe = self.add("validating", "zzz-ready", [_webhook("ready", selector={"matchLabels": {"ready": "yes"}})])
        for _ in range(100):
            self.s.post(C + "?dryRun=All", _map("ready", ready="yes"), quiet=True)
            if any(path.startswith("/ready") for path, _, _ in self.hook.seen()):
                break
            time.sleep(0.05)
        self.gone(probe)

    def gone(self, path):
        self.s.delete(path, quiet=True)
        self.paths.remove(path)

    def seen(self, headers=False, owners=True):
        """Keeps what the webhooks were asked since the last time."""
        for path, sent, review in self.hook.seen():
            for part in () if owners else ("object", "oldObject"):
                review["request"][part]["metadata"].pop("managedFields", None)
            self.s.note(self.s.normal([path, *([sent] if headers else []), review]))

    def called(self):
        """Keeps which webhooks were asked."""
        self.s.note([path.partition("?")[0] for path, _, _ in self.hook.seen()])

    def done(self):
        for path in list(self.paths):
            self.gone(path)
        self.s.delete(C + "?labelSelector=hook", quiet=True)
        self.settled()

    def settled(self):
        for _ in range(100):
            self.hook.seen()
            self.s.post(C + "?dryRun=All", _map("settled", hook="yes"), quiet=True)
            if not self.hook.seen():
                return
            time.sleep(0.05)


def _map(name, data=None, **labels):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "labels": labels},
            "data": data or {"a": "1"}}


def _marked(name, data=None, **labels):
    return _map(name, data, hook="yes", **labels)


def _wait(s, path, there=True):
    for _ in range(100):
        status, _ = s.get(path, quiet=True)
        if (status == 200) == there:
            return
        time.sleep(0.1)


def _define(s, plural, versions=("v1",), scope="Namespaced", **of_version):
    """Defines a type of custom objects whose schema takes anything."""
    group = plural + ".example.com"
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True, "properties": {
        "spec": {"type": "object", "x-kubernetes-preserve-unknown-fields": True, "properties": {
            "replicas": {"type": "integer"}, "a": {"type": "string"}, "d": {"type": "string", "default": "dee"},
            "items": {"type": "array", "items": {"type": "object", "x-kubernetes-preserve-unknown-fields": True,
                      "properties": {"name": {"type": "string"}}, "required": ["name"]},
                      "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]},
            "atoms": {"type": "array", "x-kubernetes-list-type": "atomic", "items": {"type": "string"}}}},
        "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}}}
    kind = plural[:-1].capitalize()
    body = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": plural + "." + group}, "spec": {
                "group": group, "scope": scope, "names": {"plural": plural, "singular": plural[:-1], "kind": kind,
                                                          "listKind": kind + "List"},
                "versions": [{"name": version, "served": True, "storage": version == versions[0], "schema": schema,
                              **of_version} for version in versions]}}
    _undefine(s, plural)
    status, answer = s.post(D, body, quiet=True)
    if status != 201:
        s.note(["definition", status, s.normal(answer)])
    below = "/namespaces/default/" if scope == "Namespaced" else "/"
    paths = [f"/apis/{group}/{version}{below}{plural}" for version in versions]
    for version in versions:
        _wait(s, f"/apis/{group}/{version}/{plural}")
    return paths


def _undefine(s, plural):
    path = f"{D}/{plural}.{plural}.example.com"
    s.delete(path, quiet=True)
    _wait(s, path, False)


def _custom(path, name, spec=None, **more):
    _, _, group, version, *rest = path.split("/")
    return {"apiVersion": f"{group}/{version}", "kind": rest[-1][:-1].capitalize(),
            "metadata": {"name": name, "labels": {"hook": "yes"}}, "spec": spec or {"a": "1"}, **more}


def what_is_sent_of_writes_of_a_built_in_type(s):
    h = _Hooks(s)
    h.mutating("sent", _webhook("m"))
    h.validating("sent", _webhook("v"))
    h.ready()
    s.post(C, _marked("sent"))
    h.seen(headers=True)
    s.post(C + "?fieldManager=me&fieldValidation=Strict&dryRun=All", {**_marked("sent-2"), "metadata": {
        "generateName": "generated-", "labels": {"hook": "yes"}, "finalizers": ["example.com/f"]}})
    h.seen()
    _, found = s.get(C + "/sent", quiet=True)
    found["data"]["b"] = "2"
    s.put(C + "/sent?fieldManager=you", found)
    h.seen()
    s.patch(C + "/sent", {"data": {"c": "3"}})
    h.seen()
    s.patch(C + "/sent", {"data": {"c": "3"}})
    h.seen()
    s.patch(C + "/sent", [{"op": "remove", "path": "/data/c"}], kind="application/json-patch+json")
    h.seen()
    s.apply(C + "/sent", _marked("sent", {"d": "4"}), manager="applier", force=True)
    h.seen()
    s.apply(C + "/sent-3?dryRun=All", _marked("sent-3", {"d": "4"}), manager="applier")
    h.seen()
    s.patch(C + "/sent", {"metadata": {"labels": {"hook": None}}})
    h.seen()
    s.patch(C + "/sent", {"metadata": {"labels": {"hook": "yes"}}})
    h.seen()
    s.delete(C + "/sent?gracePeriodSeconds=3&propagationPolicy=Background&dryRun=All")
    h.seen()
    s.delete(C + "/sent", {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": found["metadata"][
        "uid"]}})
    h.seen()
    s.delete(C + "/sent-none")
    h.seen()
    h.done()


def what_is_sent_of_a_deletion_of_many(s):
    h = _Hooks(s)
    s.post(C, _marked("many-1"), quiet=True)
    s.post(C, _marked("many-2"), quiet=True)
    h.validating("many", _webhook("v", selector={}, rules=[_rule(operations=("DELETE",))]))
    h.mutating("many", _webhook("m", selector={}, rules=[_rule(operations=("DELETE",))]))
    h.ready()
    s.delete(C + "?labelSelector=hook&dryRun=All", quiet=True)
    h.seen()
    s.delete(C + "?labelSelector=hook&gracePeriodSeconds=0", quiet=True)
    h.seen()
    s.delete(C + "?labelSelector=hook", quiet=True)
    h.seen()
    h.done()


def what_is_sent_when_finalizers_hold_an_object(s):
    h = _Hooks(s)
    s.post(C, {**_marked("held"), "metadata": {"name": "held", "labels": {"hook": "yes"}, "finalizers": [
        "example.com/f"]}}, quiet=True)
    h.validating("held", _webhook("v"))
    h.ready()
    s.delete(C + "/held")
    h.seen()
    s.delete(C + "/held")
    h.seen()
    s.patch(C + "/held", {"metadata": {"finalizers": None}}, quiet=True)
    h.seen()
    h.done()


def what_is_sent_of_custom_objects_and_their_parts(s):
    path, = _define(s, "hookeds", subresources={"status": {}, "scale": {
        "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"}})
    h = _Hooks(s)
    rules = [_rule(("*/*",), groups=("hookeds.example.com",))]
    h.mutating("custom", _webhook("m", rules=rules, selector={}))
    h.ready()
    s.post(path, _custom(path, "one", {"replicas": 1}))
    h.seen()
    one = path + "/one"
    s.patch(one + "/status", {"status": {"replicas": 3}})
    h.seen()
    _, found = s.get(one, quiet=True)
    found["status"] = {"replicas": 4}
    s.put(one + "/status?fieldManager=me", found)
    h.seen()
    _, scale = s.get(one + "/scale")
    scale["spec"]["replicas"] = 7
    s.put(one + "/scale?dryRun=All", scale)
    h.seen(owners=False)  # the last of them has no time yet with Logplane
    s.patch(one + "/scale", {"spec": {"replicas": 8}})
    h.seen(owners=False)
    h.hook.answers["/m"] = _patch({"op": "replace", "path": "/spec/replicas", "value": 20})
    s.patch(one + "/scale", {"spec": {"replicas": 9}})
    h.hook.answers["/m"] = _patch({"op": "add", "path": "/spec/more", "value": 20})
    s.patch(one + "/scale", {"spec": {"replicas": 10}})
    h.hook.answers["/m"] = _patch({"op": "replace", "path": "/status", "value": {"replicas": 99}})
    s.patch(one + "/status", {"status": {"x": "y"}})
    s.patch(one, {"spec": {"x": "y"}})
    h.hook.seen()
    h.hook.answers["/m"] = _patch({"op": "add", "path": "/metadata/labels/hooked", "value": "yes"})
    s.patch(one + "/status", {"status": {"x": "z"}})
    h.hook.answers["/m"] = _patch({"op": "add", "path": "/spec/a", "value": 5})
    s.patch(one, {"spec": {"x": "z"}})
    h.hook.answers["/m"] = _patch({"op": "remove", "path": "/spec"}, {"op": "add", "path": "/other", "value": [1.5]})
    s.patch(one, {"spec": {"x": "zz"}})
    h.hook.answers["/m"] = _patch({"op": "replace", "path": "/kind", "value": "Other"})
    s.patch(one, {"spec": {"x": "zzz"}})
    h.hook.answers["/m"] = _patch({"op": "replace", "path": "/metadata/name", "value": "two"})
    s.patch(one, {"spec": {"x": "zzz"}})
    h.hook.answers["/m"] = _patch({"op": "remove", "path": "/spec/d"})
    s.post(path, _custom(path, "three"))
    h.hook.answers.clear()
    s.delete(one)
    h.done()
    _undefine(s, "hookeds")


def versions_of_a_custom_type_are_converted_for_webhooks(s):
    old, new = _define(s, "turneds", ("v1beta1", "v1"))
    h = _Hooks(s)
    group = ("turneds.example.com",)
    h.mutating("turned", _webhook("beta", rules=[_rule(("turneds",), groups=group, versions=("v1beta1",))]),
               _webhook("any", rules=[_rule(("turneds",), groups=group)]),
               _webhook("exact", rules=[_rule(("turneds",), groups=group, versions=("v1beta1",))],
                        matchPolicy="Exact"))
    h.validating("turned", _webhook("stable", rules=[_rule(("turneds",), groups=group, versions=("v1",))]),
                 _webhook("both", rules=[_rule(("turneds",), groups=group, versions=("v1", "v1beta1"))]),
                 _webhook("none", rules=[_rule(("turneds",), groups=group, versions=("v2",))]))
    h.ready()
    h.hook.answers["/beta"] = _patch({"op": "add", "path": "/spec/by", "value": "beta"})
    h.hook.answers["/any"] = _patch({"op": "add", "path": "/spec/also", "value": "any"})
    s.post(new, _custom(new, "one"))
    seen = sorted(h.hook.seen(), key=lambda one: one[0])
    s.note(s.normal([[path, review] for path, _, review in seen]))
    s.patch(old + "/one", {"spec": {"b": "2"}})
    seen = sorted(h.hook.seen(), key=lambda one: one[0])
    s.note(s.normal([[path, review] for path, _, review in seen]))
    s.delete(new + "/one")
    seen = sorted(h.hook.seen(), key=lambda one: one[0])
    s.note(s.normal([[path, review] for path, _, review in seen]))
    h.done()
    _undefine(s, "turneds")


def webhooks_of_the_older_review_are_asked_in_it(s):
    h = _Hooks(s)
    h.mutating("older", _webhook("m", admissionReviewVersions=["v0", "v1beta1", "v1"]))
    h.validating("older", _webhook("v", admissionReviewVersions=["v1beta1"]))
    h.ready()
    h.hook.answers["/m"] = lambda asked: {"response": {"allowed": True, "patch": base64.b64encode(
        b'[{"op":"add","path":"/data/m","value":"m"}]').decode()}}
    s.post(C, _marked("older"))
    h.seen()
    h.hook.answers["/v"] = lambda asked: {"response": {"uid": "other", "allowed": False}}
    s.post(C, _marked("older-2"))
    h.hook.answers["/v"] = lambda asked: {**_review(asked, allowed=True, patch="W10="), "apiVersion":
                                          "admission.k8s.io/v1"}
    s.post(C, _marked("older-3"))
    h.hook.answers["/v"] = lambda asked: {}
    s.post(C, _marked("older-4"))
    h.hook.seen()
    h.done()


def refusals_of_webhooks_are_passed_on(s):
    h = _Hooks(s)
    h.validating("refusing", _webhook("v"))
    h.ready()
    for number, status in enumerate((
            {}, {"message": "no"}, {"reason": "Because"}, {"code": 200, "message": "low"}, {"code": 302},
            {"code": 404, "reason": "NotFound", "message": "gone"}, {"code": 409, "status": "Success"},
            {"code": 599, "message": "odd"}, {"code": -1, "message": "negative"},
            {"code": 429, "details": {"retryAfterSeconds": 7}},
            {"code": 503, "message": "later", "details": {"retryAfterSeconds": 7, "name": "n", "kind": "k",
                                                          "group": "g", "uid": "u"}},
            {"code": 422, "reason": "Invalid", "message": "bad", "details": {"causes": [
                {"reason": "R", "message": "M", "field": "F"}, {"message": "only"}]}},
            {"message": " two\nlines ", "reason": ""}, {"code": 401}, {"code": 403, "reason": "Forbidden"},
            {"code": 500, "message": "x" * 3000}, {"code": 451, "message": "é\u0000"})):
        h.hook.answers["/v"] = _deny(**status)
        s.post(C, _marked("refused-%d" % number))
    h.hook.answers["/v"] = lambda asked: _review(asked, allowed=False)
    s.post(C, _marked("refused"))
    h.hook.answers["/v"] = lambda asked: _review(asked, allowed=False, status=None)
    s.post(C, _marked("refused"))
    h.hook.answers["/v"] = lambda asked: _review(asked)
    s.post(C, _marked("refused"))
    h.hook.answers["/v"] = lambda asked: _review(asked, allowed=True, status={"code": 500, "message": "no"})
    s.post(C, _marked("refused"))
    h.hook.answers["/v"] = _deny(message="no", code=418)
    s.put(C + "/refused", _marked("refused", {"b": "2"}))
    s.patch(C + "/refused", {"data": {"b": "2"}})
    s.apply(C + "/refused", _marked("refused", {"b": "2"}))
    s.delete(C + "/refused")
    s.delete(C + "?labelSelector=hook")
    s.post(C + "?dryRun=All", _marked("refused-dry"))
    h.hook.seen()
    h.done()


def answers_that_are_no_reviews(s):
    h = _Hooks(s)
    h.validating("garbage", _webhook("v"))
    h.mutating("garbage", _webhook("m"))
    h.ready()
    for part in ("v", "m"):
        for number, answer in enumerate((
                lambda asked: {**_allowed(asked), "kind": "Other"},
                lambda asked: {**_allowed(asked), "apiVersion": "admission.k8s.io/v1beta1"},
                lambda asked: {**_allowed(asked), "apiVersion": "v1"},
                lambda asked: {**_allowed(asked), "kind": ""},
                lambda asked: {**_allowed(asked), "apiVersion": ""},
                lambda asked: {**_allowed(asked), "kind": "ConfigMap", "apiVersion": "v1"},
                lambda asked: {"response": _allowed(asked)["response"]},
                lambda asked: {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview"},
                lambda asked: {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": None},
                lambda asked: {"apiVersion": "v1", "kind": "Status", "status": "Failure", "message": "no",
                               "code": 400, "reason": "Odd"},
                lambda asked: {"apiVersion": "v1", "kind": "Status", "status": "Success"},
                lambda asked: _review({**asked, "request": {"uid": "other"}}, allowed=True),
                lambda asked: _review({**asked, "request": {}}, allowed=True),
                lambda asked: _review(asked, allowed="yes"), lambda asked: _review(asked, allowed=None),
                lambda asked: _review(asked, allowed=True, warnings="one"),
                lambda asked: _review(asked, allowed=True, auditAnnotations={"a": 1}),
                lambda asked: _review(asked, allowed=True, status="no"),
                lambda asked: _review(asked, allowed=True, unknown=1),
                lambda asked: {**_review(asked, ALLOWED=True), "Response": 1},
                lambda asked: {}, lambda asked: [], lambda asked: "text", lambda asked: None, lambda asked: b"",
                lambda asked: b"garbage", lambda asked: b"{", lambda asked: b'{"a": 1} x',
                lambda asked: (200, {"Content-Type": "text/plain"}, _allowed(asked)),
                lambda asked: (200, {"Content-Type": "application/yaml"}, _allowed(asked)),
                lambda asked: (200, {"Content-Type": "application/other"}, _allowed(asked)),
                lambda asked: (200, {"Content-Type": "nonsense;;"}, _allowed(asked)),
                lambda asked: (200, {"Content-Type": "application/vnd.kubernetes.protobuf"}, _allowed(asked)),
                lambda asked: (201, {}, _allowed(asked)), lambda asked: (206, {}, _allowed(asked)))):
            h.hook.answers["/" + part] = answer
            s.post(C + "?dryRun=All", _marked("garbage-%s-%d" % (part, number)))
        h.hook.answers.clear()
    h.hook.seen()
    h.done()


def codes_of_failure_from_webhooks(s):
    h = _Hooks(s)
    h.validating("failing", _webhook("v"))
    h.ready()
    for code in (300, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 413, 415, 418,
                 422, 429, 500, 501, 502, 503, 504, 599):
        h.hook.answers["/v"] = lambda asked: (code, {"Content-Type": "text/plain"}, b" some words\n")
        s.post(C + "?dryRun=All", _marked("failing-%d" % code))
    for code in (400, 404, 500, 503):
        for number, (kind, body) in enumerate((
                ("application/json", {"apiVersion": "v1", "kind": "Status", "status": "Failure", "message": "said",
                                      "reason": "Odd", "code": 444}),
                ("application/json", b'{"a": 1}'), ("application/octet-stream", b"\x00\x01"), ("text/html", b""),
                ("application/json", {"apiVersion": "v1", "kind": "Status", "status": "Success"}),
                ("text/plain", b"x" * 3000))):
            h.hook.answers["/v"] = lambda asked: (code, {"Content-Type": kind}, body)
            s.post(C + "?dryRun=All", _marked("failing-%d-%d" % (code, number)))
    h.hook.answers["/v"] = lambda asked: (429, {"Retry-After": "0"}, b"again")
    s.post(C + "?dryRun=All", _marked("failing-retried"))
    s.note(len(h.hook.seen()))
    h.hook.answers["/v"] = lambda asked: (307, {"Location": "/other"}, b"")
    s.post(C + "?dryRun=All", _marked("failing-redirected"))
    h.called()
    h.hook.answers["/v"] = lambda asked: (302, {"Location": "/other"}, b"")
    s.post(C + "?dryRun=All", _marked("failing-redirected"))
    h.called()
    h.done()


def webhooks_that_cannot_be_reached(s):
    h = _Hooks(s)
    names = ("closed", "named", "slow")
    hooks = {name: _webhook(name, selector={"matchLabels": {"to": name}}) for name in names}
    hooks["closed"]["clientConfig"]["url"] = "https://127.0.0.1:1/closed"
    hooks["named"]["clientConfig"]["url"] = f"https://localhost:{h.hook.port}/named"
    s.hide(f"localhost:{h.hook.port}", "localhost:PORT")
    hooks["slow"]["timeoutSeconds"] = 1
    h.validating("unreached", *hooks.values())
    h.mutating("unreached", _webhook("slow-ignored", path="slow", timeoutSeconds=1, failurePolicy="Ignore",
                                     selector={"matchLabels": {"to": "slow-ignored"}}),
               _webhook("closed-ignored", failurePolicy="Ignore", selector={"matchLabels": {"to": "closed-ignored"}},
                        clientConfig=hooks["closed"]["clientConfig"]))
    h.ready()
    h.hook.answers["/slow"] = lambda asked: time.sleep(1.3) or _allowed(asked)
    for name in ("closed", "named", "slow", "slow-ignored", "closed-ignored"):
        s.post(C + "?dryRun=All", _map("unreached", to=name))
    h.hook.seen()
    h.done()


def patches_of_webhooks(s):
    h = _Hooks(s)
    h.mutating("patching", _webhook("m"))
    h.ready()
    raw = "/m"

    def encoded(content, **more):
        return lambda asked: _review(asked, **{"allowed": True, "patch": base64.b64encode(content).decode(),
                                               "patchType": "JSONPatch", **more})
    for number, answer in enumerate((
            _patch({"op": "add", "path": "/data/b", "value": "2"}), _patch(),
            _patch({"op": "remove", "path": "/data/none"}), _patch({"op": "replace", "path": "/data/none",
                                                                    "value": "x"}),
            _patch({"op": "add", "path": "/none/b", "value": "2"}), _patch({"op": "test", "path": "/data/a",
                                                                          "value": "2"}),
            _patch({"op": "test", "path": "/data/a", "value": "1"}), _patch({"op": "odd", "path": "/data/a"}),
            _patch({"op": "add", "path": "/data/b"}), _patch({"op": "add", "path": "/data/b", "value": 2}),
            _patch({"op": "add", "path": "/data/b", "value": None}), _patch({"op": "add", "path": "/odd", "value": 1}),
            _patch({"op": "move", "from": "/data/a", "path": "/data/z"}),
            _patch({"op": "copy", "from": "/data/none", "path": "/data/z"}),
            _patch({"op": "replace", "path": "", "value": {"a": 1}}), _patch({"op": "remove", "path": ""}),
            _patch({"op": "replace", "path": "/metadata/name", "value": "other"}),
            _patch({"op": "replace", "path": "/metadata/namespace", "value": "other"}),
            _patch({"op": "replace", "path": "/metadata/uid", "value": "other"}),
            _patch({"op": "add", "path": "/metadata/labels/UP", "value": "a b"}),
            _patch({"op": "remove", "path": "/kind"}),
            _patch({"op": "remove", "path": "/metadata"}), _patch({"op": "remove", "path": "/metadata/managedFields"}),
            _patch({"op": "add", "path": "/metadata/annotations", "value": {"a": "b"}}),
            _patch({"op": "add", "path": "/metadata/annotations/a", "value": "b"}),
            _patch({"op": "add", "path": "/metadata/ownerReferences", "value": [{"name": "x"}]}),
            _patch({"op": "add", "path": "/metadata/finalizers", "value": ["example.com/f"]}),
            _patch({"op": "add", "path": "/metadata/creationTimestamp", "value": "yesterday"}),
            _patch({"op": "add", "path": "/metadata/creationTimestamp", "value": "2001-01-01T00:00:00Z"}),
            _patch({"op": "add", "path": "/metadata/generation", "value": 7}),
            _patch({"op": "add", "path": "/immutable", "value": "yes"}),
            encoded(b"garbage"), encoded(b"{}"), encoded(b"null"), encoded(b""), encoded(b"[1]"),
            encoded(b'[{"op":"add"}]'), encoded(b'[{"path":"/data/b","value":"1"}]'), encoded(b"[null]"),
            encoded(b"[]", patchType="Other"), encoded(b'[{"op":"test","path":"/x"}]', patchType="Other"),
            encoded(b"[]", patchType=""), encoded(b"[]", patchType=None), encoded(b"", patchType="JSONPatch"),
            encoded(b"[]", patch="***"), encoded(b"[]", patch=1),
            encoded(b'[{"op":"add","path":"/data/b","value":"1"}]', allowed=False))):
        h.hook.answers[raw] = answer
        s.post(C + "?dryRun=All", _marked("patched-%d" % number))
    h.hook.answers[raw] = _patch({"op": "add", "path": "/data/b", "value": "2"})
    s.post(C, _marked("patched"))
    _, found = s.get(C + "/patched")
    h.hook.answers[raw] = _patch({"op": "add", "path": "/data/c", "value": "3"})
    s.put(C + "/patched", {**found, "data": {"a": "1"}})
    s.patch(C + "/patched", {"data": {"d": "4"}})
    s.apply(C + "/patched", _marked("patched", {"e": "5"}))
    h.hook.answers[raw] = _patch({"op": "replace", "path": "/data", "value": found["data"]})
    s.patch(C + "/patched", {"data": {"f": "6"}})
    h.hook.answers[raw] = _patch()
    s.patch(C + "/patched", {"data": {"f": None, "b": "2", "d": None}})
    s.delete(C + "/patched?dryRun=All")
    h.hook.answers[raw] = _patch({"op": "add", "path": "/data/c", "value": "3"})
    s.delete(C + "/patched")
    h.hook.answers[raw] = _allowed
    s.delete(C + "/patched")
    h.hook.seen()
    h.done()


def validating_webhooks_may_not_patch(s):
    h = _Hooks(s)
    h.validating("unpatching", _webhook("v"))
    h.ready()
    h.hook.answers["/v"] = _patch({"op": "add", "path": "/data/b", "value": "2"})
    s.post(C + "?dryRun=All", _marked("unpatched"))
    h.hook.answers["/v"] = lambda asked: _review(asked, allowed=True, patchType="JSONPatch")
    s.post(C + "?dryRun=All", _marked("unpatched"))
    h.hook.answers["/v"] = lambda asked: _review(asked, allowed=True, patch="")
    s.post(C + "?dryRun=All", _marked("unpatched"))
    h.hook.answers["/v"] = lambda asked: _review(asked, allowed=False, patchType="JSONPatch", patch="W10=")
    s.post(C + "?dryRun=All", _marked("unpatched"))
    h.hook.seen()
    h.done()


def warnings_of_webhooks(s):
    h = _Hooks(s)
    h.validating("warning", _webhook("v"))
    h.mutating("warning", _webhook("m"), _webhook("n"))
    h.ready()
    for number, warnings in enumerate((
            ["one", "two", "one"], ["", " "], ["quote \" and \\ and \n and é and \u0001 and \u200b"], ["x" * 300],
            ["%d" % i + "y" * 250 for i in range(20)], ["z" * 5000], ["%d" % i for i in range(80)],
            ["tab\there", "a\r\nb"], ["\ud83d\ude00" * 200])):
        h.hook.answers["/v"] = lambda asked: _review(asked, allowed=True, warnings=warnings)
        s.post(C + "?dryRun=All", _marked("warned-%d" % number))
    h.hook.answers["/v"] = lambda asked: _review(asked, allowed=False, warnings=["refused"])
    h.hook.answers["/m"] = lambda asked: _review(asked, allowed=True, warnings=["m", "same"])
    h.hook.answers["/n"] = lambda asked: _review(asked, allowed=True, warnings=["n", "same"])
    s.post(C + "?dryRun=All&fieldValidation=Warn", {**_marked("warned"), "unknown": 1})
    s.delete(C + "?labelSelector=hook")
    h.hook.seen()
    h.done()


def failures_are_passed_over_where_policy_says_so(s):
    h = _Hooks(s)
    h.mutating("ignoring", _webhook("m", failurePolicy="Ignore"), _webhook("n"))
    h.validating("ignoring", _webhook("v", failurePolicy="Ignore"))
    h.ready()
    h.hook.answers["/n"] = _patch({"op": "add", "path": "/data/n", "value": "n"})
    for number, answer in enumerate((
            lambda asked: (500, {}, b""), lambda asked: b"garbage", lambda asked: _review({}, allowed=True),
            _patch({"op": "remove", "path": "/none"}), lambda asked: _review(asked, allowed=True, patch="W10="),
            lambda asked: _review(asked, allowed=True, patch="e30=", patchType="JSONPatch"),
            lambda asked: _review(asked, allowed=True, patch="W10=", patchType="Other"),
            lambda asked: _review(asked, allowed=True, patchType="Other", patch=base64.b64encode(
                b'[{"op":"test","path":"/a"}]').decode()),
            _deny(message="no"))):
        h.hook.answers["/m"] = h.hook.answers["/v"] = answer
        s.post(C + "?dryRun=All", _marked("ignored-%d" % number))
    h.hook.seen()
    h.done()


def the_order_of_webhooks_and_their_second_turn(s):
    h = _Hooks(s)
    h.mutating("b-order", _webhook("b1", reinvocationPolicy="IfNeeded"), _webhook("b2"))
    h.mutating("a-order", _webhook("a2", reinvocationPolicy="IfNeeded"), _webhook("a1"))
    h.mutating("c-order", _webhook("c", reinvocationPolicy="IfNeeded", selector={"matchLabels": {"late": "yes"}}))
    h.ready()
    s.post(C + "?dryRun=All", _marked("order"))
    h.called()
    h.hook.answers["/b2"] = _patch({"op": "add", "path": "/data/b2", "value": "b2"})
    s.post(C + "?dryRun=All", _marked("order"))
    h.called()
    count = {"n": 0}

    def counting(asked):
        count["n"] += 1
        return _patch({"op": "add", "path": "/data/n", "value": "%d" % count["n"]})(asked)
    h.hook.answers["/b1"] = counting
    s.post(C + "?dryRun=All", _marked("order"))
    h.called()
    h.hook.answers["/a2"] = counting
    s.post(C + "?dryRun=All", _marked("order"))
    h.called()
    h.hook.answers["/b2"] = _patch({"op": "add", "path": "/metadata/labels/late", "value": "yes"})
    s.post(C + "?dryRun=All", _marked("order"))
    h.called()
    h.hook.answers.clear()
    h.hook.answers["/c"] = _patch({"op": "add", "path": "/metadata/labels/late", "value": "yes"})
    h.hook.answers["/a1"] = _patch({"op": "add", "path": "/metadata/labels/late", "value": "yes"})
    s.post(C + "?dryRun=All", _marked("order"))
    h.called()
    h.done()


def rules_choose_what_webhooks_see(s):
    path, = _define(s, "ruleds", subresources={"status": {}, "scale": {
        "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"}})
    wide, = _define(s, "widers", scope="Cluster")
    h = _Hooks(s)
    group = ("ruleds.example.com", "widers.example.com")
    cases = {"all": _rule(("*",), groups=group), "subs": _rule(("*/*",), groups=group),
             "own": _rule(("ruleds/*",), groups=group), "status": _rule(("*/status",), groups=group),
             "scale": _rule(("ruleds/scale",), groups=group), "plain": _rule(("ruleds",), groups=group),
             "cluster": _rule(("*",), groups=group, scope="Cluster"), "odd": _rule(("*/odd",), groups=group),
             "namespaced": _rule(("*/*",), groups=group, scope="Namespaced"),
             "create": _rule(("*/*",), groups=group, operations=("CREATE", "CONNECT")),
             "update": _rule(("*/*",), groups=group, operations=("UPDATE",)),
             "deletes": _rule(("*/*",), groups=group, operations=("DELETE",)),
             "any": _rule(("ruleds", "widers"), groups=("*",), versions=("v1",))}
    h.mutating("ruled", *(_webhook(name, rules=[rule], selector={}) for name, rule in cases.items()))
    h.ready()
    s.post(path, _custom(path, "one", {"replicas": 1}), quiet=True)
    h.called()
    s.patch(path + "/one", {"spec": {"replicas": 2}}, quiet=True)
    h.called()
    s.patch(path + "/one", {"spec": {"replicas": 2}}, quiet=True)
    h.called()
    s.patch(path + "/one/status", {"status": {"replicas": 2}}, quiet=True)
    h.called()
    s.patch(path + "/one/scale", {"spec": {"replicas": 3}}, quiet=True)
    h.called()
    s.delete(path + "/one", quiet=True)
    h.called()
    s.post(wide, _custom(wide, "one"), quiet=True)
    h.called()
    s.delete(wide + "/one", quiet=True)
    h.called()
    h.done()
    _undefine(s, "ruleds")
    _undefine(s, "widers")


def selectors_choose_what_webhooks_see(s):
    N = "/api/v1/namespaces"
    for name, labels in (("hooked-a", {"hooked": "a"}), ("hooked-b", {"hooked": "b"})):
        s.post(N, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}, quiet=True)
    h = _Hooks(s)
    rules = [_rule(("configmaps", "namespaces"))]

    def selecting(name, **selector):
        return _webhook(name, selector={"matchLabels": {"hook": "yes"}}, namespaceSelector=selector, rules=rules)
    h.mutating("selecting", selecting("a", matchLabels={"hooked": "a"}),
               selecting("not-a", matchExpressions=[{"key": "hooked", "operator": "NotIn", "values": ["a"]}]),
               selecting("exists", matchExpressions=[{"key": "hooked", "operator": "Exists"}]),
               _webhook("objects", rules=rules, selector={"matchExpressions": [
                   {"key": "hook", "operator": "In", "values": ["yes", "perhaps"]}]}))
    h.ready()
    for name in ("hooked-a", "hooked-b", "default", "nowhere"):
        s.post(f"{N}/{name}/configmaps?dryRun=All", _marked("selected"), quiet=True)
        h.called()
    for name, labels in (("hooked-c", {"hooked": "a", "hook": "yes"}), ("hooked-d", {"hook": "perhaps"})):
        s.post(N + "?dryRun=All", {"apiVersion": "v1", "kind": "Namespace", "metadata": {
            "name": name, "labels": labels}}, quiet=True)
        h.called()
    s.patch(N + "/hooked-a?dryRun=All", {"metadata": {"labels": {"hook": "yes", "hooked": "b"}}}, quiet=True)
    h.called()
    s.patch(N + "/hooked-b?dryRun=All", {"metadata": {"labels": {"hook": "yes", "hooked": "a"}}}, quiet=True)
    h.called()
    h.done()
    for name in ("hooked-a", "hooked-b"):
        s.delete(f"{N}/{name}", quiet=True)


def conditions_choose_what_webhooks_see(s):
    h = _Hooks(s)

    def conditional(name, *expressions, **more):
        conditions = [{"name": "c%d" % number, "expression": expression} for number, expression in enumerate(
            expressions)]
        return _webhook(name, selector={"matchLabels": {"case": name}}, matchConditions=conditions, **more)
    cases = {
        "true": ("true",), "false": ("false",), "both": ("true", "false"), "error": ("object.data.none == 'x'",),
        "errors": ("object.data.none == 'x'", "object.data.nil == 'y'"), "error-false": ("object.data.none == 'x'",
                                                                                        "false"),
        "has": ("has(object.data.a) && object.data.a == '1'",), "old": ("oldObject == null",),
        "user": ("'system:masters' in request.userInfo.groups",), "name": ("request.name == 'conditional'",),
        "names": ("request.name.startsWith('c') && request.namespace == 'default' && request.operation == 'CREATE' && "
                  "request.resource.resource == 'configmaps' && request.kind.kind == 'ConfigMap' && request.dryRun",),
        "allowed": ("authorizer.group('').resource('configmaps').namespace('default').check('get').allowed()",),
        "own": ("authorizer.requestResource.check('create').allowed()",), "namespace": ("namespaceObject == null",),
        "options": ("request.options.fieldManager == 'me'",), "zero": ("1 / 0 == 1",), "index": ("[1][3] == 1",),
        "type": ("object.data.a > 1",), "dyn": ("dyn(object.data.a) + 1 == 2",), "long": (
            "[0,1,2,3,4,5,6,7,8,9].all(a, [0,1,2,3,4,5,6,7,8,9].all(b, [0,1,2,3,4,5,6,7,8,9].all(c, "
            "[0,1,2,3,4,5,6,7,8,9].all(d, [0,1,2,3,4,5,6,7,8,9].all(e, [0,1,2,3,4,5,6,7,8,9].all(f, a + b + c + d + e "
            "+ f >= 0))))))",), "blank": (" object.data.none == 'x' ",)}
    h.validating("conditional", *(conditional(name, *expressions) for name, expressions in cases.items()))
    h.mutating("conditional", conditional("ignored", "object.data.none == 'x'", failurePolicy="Ignore"))
    h.ready()
    for name in (*cases, "ignored"):
        s.post(C + "?dryRun=All&fieldManager=me", _map("conditional", case=name))
        h.called()
    s.post(C + "?dryRun=All", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {
        "generateName": "generated-", "labels": {"case": "name"}}}, quiet=True)
    h.called()
    s.post(C, _map("conditional", case="old"), quiet=True)
    h.called()
    s.patch(C + "/conditional", {"data": {"b": "1"}}, quiet=True)
    h.called()
    s.delete(C + "/conditional", quiet=True)
    h.called()
    h.done()


def configurations_are_not_shown_to_webhooks(s):
    h = _Hooks(s)
    h.validating("blind", _webhook("v", selector={}, rules=[_rule(("*",), groups=("admissionregistration.k8s.io",))]),
                 _webhook("d", selector={"matchLabels": {"hook": "yes"}}, rules=[_rule(("*",), groups=(
                     "apiextensions.k8s.io",))]))
    h.ready()
    h.hook.answers["/v"] = _deny(message="no")
    body = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": "unseen"}, "webhooks": []}
    s.post(A + "validatingwebhookconfigurations?dryRun=All", body, quiet=True)
    h.called()
    h.done()


def answers_in_other_forms(s):
    h = _Hooks(s)
    h.validating("forms", _webhook("v"))
    h.ready()
    review = {"json": lambda asked: json.dumps(_allowed(asked)).encode(), "yaml": lambda asked: (
        f"apiVersion: {asked.get('apiVersion')}\nkind: AdmissionReview\nresponse:\n"
        f"  uid: {asked.get('request', {}).get('uid')}\n  allowed: yes\n").encode()}
    bodies = {**review, "document": lambda asked: b"---\n" + review["yaml"](asked), "text": lambda _: b"nonsense",
              "html": lambda _: b"<html>", "list": lambda _: b"[]", "null": lambda _: b"null", "open": lambda _: b"{",
              "twice": lambda asked: review["json"](asked) * 2, "spaces": lambda asked: b" \n" + review["json"](asked),
              "protobuf": lambda _: b"k8s\0\n\0", "mark": lambda asked: b"\xef\xbb\xbf" + review["json"](asked)}
    for name, body in bodies.items():
        for kind in ("application/json", "application/yaml", "text/plain", "nonsense"):
            h.hook.answers["/v"] = lambda asked, body=body, kind=kind: (200, {"Content-Type": kind}, body(asked))
            status, answer = s.post(C + "?dryRun=All", _marked("forms"), quiet=True)
            s.note([name, kind, status, answer.get("message")])
    h.done()
