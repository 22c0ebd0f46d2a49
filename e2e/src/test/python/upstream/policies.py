"""Validating and mutating policies of admission, and what binds them.

What k8s.io/kubernetes defaults is written out, and what it validates is not asked: see webhooks.py. A policy whose
expressions do not compile can be stored there only, so none is asked about.
"""
import time

from webhooks import A, C, _custom, _define, _map, _rule, _undefine

N = "/api/v1/namespaces"
LONG = ("[0,1,2,3,4,5,6,7,8,9].all(a, [0,1,2,3,4,5,6,7,8,9].all(b, [0,1,2,3,4,5,6,7,8,9].all(c, "
        "[0,1,2,3,4,5,6,7,8,9].all(d, [0,1,2,3,4,5,6,7,8,9].all(e, [0,1,2,3,4,5,6,7,8,9].all(f, "
        "[0,1,2,3,4,5,6,7,8,9].all(g, [0,1,2,3,4,5,6,7,8,9].all(h, a + b + c + d + e + f + g + h >= 0))))))))")


def _constraints(case=None, rules=None, excluded=None, **more):
    constraints = {"matchPolicy": "Equivalent", "namespaceSelector": {}, "objectSelector": {
        "matchLabels": {"case": case}} if case else {}, "resourceRules": rules or [_rule()], **more}
    if excluded:
        constraints["excludeResourceRules"] = excluded
    return constraints


class _Policies:
    """Policies that are there for the time of a scenario."""

    count = 0

    def __init__(self, s, kind="Validating"):
        self.s, self.kind, self.paths = s, kind, []
        self.policies = A + kind.lower() + "admissionpolicies"
        self.bindings = A + kind.lower() + "admissionpolicybindings"

    def create(self, path, kind, name, spec):
        self.s.delete(path + "/" + name, quiet=True)
        status, answer = self.s.post(path, {"apiVersion": "admissionregistration.k8s.io/v1", "kind": kind,
                                            "metadata": {"name": name, "labels": {"asked": "yes"}}, "spec": spec},
                                     quiet=True)
        if status != 201:
            self.s.note([name, status, self.s.normal(answer)])
        self.paths.append(path + "/" + name)

    def policy(self, name, constraints=None, binding=True, **spec):
        own = {} if self.kind == "Validating" else {"reinvocationPolicy": "Never"}
        self.create(self.policies, self.kind + "AdmissionPolicy", name, {
            "failurePolicy": "Fail", "matchConstraints": constraints or _constraints(name), **own, **spec})
        if binding is not False:
            self.bind(name, name, **({} if binding is True else binding))

    def bind(self, policy, name, **spec):
        own = {"validationActions": ["Deny"]} if self.kind == "Validating" else {}
        self.create(self.bindings, self.kind + "AdmissionPolicyBinding", name, {"policyName": policy, **own, **spec})

    def rule(self, name, expression, *, conditions=(), variables=(), **more):
        rule = {name: more.pop(name) for name in ("message", "messageExpression", "reason") if name in more}
        self.policy(name, validations=[{"expression": expression, **rule}], matchConditions=[
            {"name": "c%d" % number, "expression": one} for number, one in enumerate(conditions)], variables=[
                {"name": one, "expression": value} for one, value in variables], **more)

    def apply(self, name, *expressions, **more):
        self.policy(name, mutations=[{"patchType": "ApplyConfiguration", "applyConfiguration": {"expression": one}}
                                     for one in expressions], **more)

    def patch(self, name, *expressions, **more):
        self.policy(name, mutations=[{"patchType": "JSONPatch", "jsonPatch": {"expression": one}}
                                     for one in expressions], **more)

    def ready(self):
        """Waits until all of them count: the last one does."""
        _Policies.count += 1
        name = "zzz-ready-%d" % _Policies.count
        last = _Policies(self.s, self.kind)
        if self.kind == "Validating":
            last.rule(name, "false")
        else:
            last.patch(name, "[JSONPatch{op: 'remove', path: '/none'}]")
        self.until(422 if self.kind == "Validating" else 403, name)
        last.gone()

    def until(self, code, case):
        for _ in range(100):
            status, _ = self.s.post(C + "?dryRun=All", _map("ready", case=case), quiet=True)
            if status == code:
                return
            time.sleep(0.05)
        self.s.note("never ready")

    def gone(self):
        for path in self.paths:
            self.s.delete(path, quiet=True)

    def sorted(self):
        """Puts warnings of the last answer in order: upstream's policies have none."""
        self.s.answers[-1]["headers"].get("Warning", []).sort()

    def ask(self, *names, query="?dryRun=All"):
        for name in names:
            self.s.post(C + query, _map("asked", {"a": "1", "b": "two"}, case=name))
            self.sorted()


def rules_that_are_broken(s):
    s.delete(C + "/broken", quiet=True)
    p = _Policies(s)
    p.rule("said", "object.data.a == '2'", message="a must be 2")
    p.rule("unsaid", " object.data.a  == '2' ")
    p.rule("multi", "object.data.a ==\n '2'")
    p.rule("expressed", "false", message="other", messageExpression="'a is ' + string(object.data.a)")
    p.rule("blank", "false", message=" other ", messageExpression="'  '")
    p.rule("lines", "false", message="other", messageExpression="'a\\nb'")
    p.rule("failing", "false", message="other", messageExpression="string(object.data.none)")
    p.rule("long", "false", message="other", messageExpression="string(object.data.b)")
    p.rule("spaced", "false", messageExpression="' x '")
    for reason in ("Forbidden", "Invalid", "RequestEntityTooLarge"):
        p.rule(reason.lower(), "false", reason=reason, message="no")
    p.policy("several", validations=[{"expression": "true"}, {"expression": "object.data.a == '2'", "message": "one"},
                                     {"expression": "false", "message": "two", "reason": "Forbidden"}])
    p.policy("error-first", validations=[{"expression": "object.data.none == '2'", "message": "one", "reason":
                                          "Forbidden"}, {"expression": "false", "message": "two"}])
    p.ready()
    p.ask("said", "unsaid", "multi", "expressed", "blank", "lines", "failing", "spaced", "forbidden", "invalid",
          "requestentitytoolarge", "several", "error-first")
    for length in (5120, 5121):
        s.post(C + "?dryRun=All", _map("asked", {"b": "y" * length}, case="long"))
    s.post(C, _map("broken", {"a": "2"}, case="said"))
    s.put(C + "/broken", _map("broken", {"a": "3"}, case="said"))
    s.patch(C + "/broken", {"data": {"a": "3"}})
    s.apply(C + "/broken", _map("broken", {"a": "3"}, case="said"), force=True)
    s.apply(C + "/broken-2", _map("broken-2", {"a": "3"}, case="said"))
    s.delete(C + "/broken")
    s.delete(C + "?labelSelector=case")
    s.post(C, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {
        "generateName": "generated-", "labels": {"case": "unsaid"}}})
    p.gone()


def expressions_that_fail(s):
    p = _Policies(s)
    cases = {"key": "object.data.none == 'x'", "zero": "1 / (size(object.data) - 2) == 1", "index": "[1][size("
             "object.data)] == 1", "dyn": "dyn(object.data.a) + 1 == 2", "conversion": "int(object.data.b) == 1",
             "regex": "object.data.a.matches(object.data.c)", "field": "object.none.other == 1",
             "old": "oldObject.data.a == '1'", "overflow": "int(object.data.a) + 9223372036854775807 == 1",
             "format": "quantity(object.data.b).isInteger()", "ip": "ip(object.data.b).family() == 4",
             "url": "url(object.data.b).getHost() == ''", "duration": "duration(object.data.b) == duration('1s')",
             "cost": LONG,
             "type": "object.data.a < 2", "ambiguous": "object.data.a == 1",
             "list": "object.metadata.labels[0] == 'x'", "exists": "object.data.exists(k, object.data[k] < 5)",
             "semver": "semver(object.data.b).major() == 1", "substring": "object.data.b.substring(7) == ''",
             "extra": "request.userInfo.extra['none'][0] == ''", "optional": "object.data[?'none'].hasValue()",
             "or-value": "object.?data.?none.orValue('x') == 'x'", "null": "object.metadata.annotations == null",
             "blank": "  object.data.none == 'x'  ",
             "lines": "object.data.a == '1' &&\n  object.data.none == 'x'"}
    for name, expression in cases.items():
        p.rule(name, expression)
        if name in ("key", "cost"):
            p.rule(name + "-ignored", expression, failurePolicy="Ignore")
            p.rule(name + "-warned", expression, binding={"validationActions": ["Warn"]})
    p.ready()
    p.ask(*cases, "key-ignored", "key-warned", "cost-ignored", "cost-warned")
    p.gone()


def actions_of_bindings(s):
    p = _Policies(s)
    p.rule("warned", "false", message="no", binding={"validationActions": ["Warn"]})
    p.rule("audited", "false", message="no", binding={"validationActions": ["Audit"]})
    p.rule("both", "false", message="no", binding={"validationActions": ["Warn", "Audit"]})
    p.rule("denied", "false", message="no", binding={"validationActions": ["Deny", "Audit"]})
    p.rule("two", "false", message="no", binding={"validationActions": ["Warn"]})
    p.bind("two", "two-a", validationActions=["Deny"])
    p.rule("unbound", "false", binding=False)
    p.rule("narrowed", "false", binding={"matchResources": _constraints(rules=[_rule(operations=("UPDATE",))])})
    p.rule("by-label", "false", binding={"matchResources": {"matchPolicy": "Equivalent", "namespaceSelector": {},
                                                            "objectSelector": {"matchLabels": {"more": "yes"}}}})
    p.rule("by-namespace", "false", binding={"matchResources": {"matchPolicy": "Equivalent", "namespaceSelector": {
        "matchLabels": {"none": "yes"}}, "objectSelector": {}}})
    p.rule("quoted", "false", messageExpression="'\"quoted\" \\\\ é ' + object.data.b", binding={"validationActions": [
        "Warn"]})
    p.rule("long", "false", messageExpression="string(object.data.b) + 'x'", binding={"validationActions": ["Warn"]})
    p.ready()
    p.ask("warned", "audited", "both", "denied", "two", "unbound", "narrowed", "by-label", "by-namespace", "quoted")
    s.post(C + "?dryRun=All", _map("asked", {"b": "y" * 4000}, case="long"))
    s.post(C + "?dryRun=All", _map("asked", case="by-label", more="yes"))
    p.gone()


def what_expressions_see(s):
    s.patch(N + "/default", {"metadata": {"labels": {"seen": "yes"}}}, quiet=True)
    p = _Policies(s)
    shown = ("request.kind.kind", "request.kind.version + request.kind.group", "request.name", "request.operation",
             "request.resource.resource", "request.requestKind.kind", "request.namespace", "request.userInfo.username",
             "request.requestResource.resource", "request.subResource", "request.requestSubResource",
             "string(request.dryRun)", "request.userInfo.groups.join(',')", "string(request.userInfo.extra.size())",
             "string(request.options.kind) + string(request.options.apiVersion)", "namespaceObject.metadata.name",
             "string(request.options.fieldManager)", "string(request.options.dryRun[0])",
             "string(request.options.fieldValidation)", "string(request.options.gracePeriodSeconds)",
             "namespaceObject.metadata.labels['seen']", "string(object.metadata.name)", "string(oldObject.kind)",
             "string(object.metadata.generateName)", "string(object.kind) + string(object.apiVersion)",
             "string(oldObject.metadata.name)")
    true = ("has(object.metadata.uid)", "has(object.metadata.managedFields)", "has(object.metadata.resourceVersion)",
            "has(object.metadata.creationTimestamp)", "has(request.options.fieldManager)",
            "has(request.options.dryRun)", "has(request.subResource)", "oldObject == null", "object == null",
            "has(oldObject.metadata.resourceVersion)", "type(object) == map",
            "type(namespaceObject.metadata.labels) == map",
            "has(object.metadata.generation)", "object == oldObject")
    every = (*shown, *("(%s) ? 'yes' : 'no'" % one for one in true))
    for number, expression in enumerate(every):
        told = expression.replace("'", "").replace('"', "")
        p.rule("sees-%d" % number, "false", messageExpression="'%s ' + (%s)" % (told, expression),
               constraints=_constraints("sees-%d" % (number % 4)), binding={"validationActions": ["Warn"]})
    p.ready()
    for case in ("sees-0", "sees-1", "sees-2", "sees-3"):  # all warnings of one answer may not be long
        p.ask(case)
        p.ask(case, query="?dryRun=All&fieldManager=me&fieldValidation=Strict")
        s.post(C, _map("seen", case=case), quiet=True)
        s.patch(C + "/seen?fieldManager=me", {"data": {"x": "y"}})
        p.sorted()
        s.put(C + "/seen", _map("seen", {"x": "z"}, case=case))
        p.sorted()
        s.delete(C + "/seen?gracePeriodSeconds=2")
        p.sorted()
    p.gone()
    s.patch(N + "/default", {"metadata": {"labels": {"seen": None}}}, quiet=True)


def variables_are_evaluated_once_they_are_named(s):
    p = _Policies(s)
    p.rule("simple", "variables.a == '2'", variables=[("a", "object.data.a")])
    p.rule("chained", "variables.c", messageExpression="string(variables.b) + string(variables.a)", variables=[
        ("a", "object.data.a"), ("b", "variables.a + 'b'"), ("c", "variables.b == 'x'")])
    p.rule("failing", "variables.a == '2'", variables=[("a", "object.data.none")])
    p.rule("nested", "variables.b == '2'", variables=[("a", "object.data.none"), ("b", "variables.a + 'x'")])
    p.rule("unused", "object.data.a == '2'", variables=[("a", "object.data.none")])
    p.rule("guarded", "has(object.data.none) ? variables.a == 'x' : object.data.a == '2'", variables=[
        ("a", "object.data.none")])
    p.rule("costly", "variables.a", variables=[("a", LONG)])
    p.rule("typed", "variables.n > 5 && variables.l.exists(x, x == 'a')", variables=[
        ("n", "size(object.data)"), ("l", "object.data.map(k, k)")])
    p.rule("mapped", "variables.m['b'] == 'x'", variables=[("m", "object.data")])
    p.rule("message", "false", messageExpression="string(variables.none)", message="fallback", variables=[
        ("none", "object.data.none")])
    p.rule("params-null", "variables.p", variables=[("p", "object.data.a == '9' || request.name == ''")])
    p.ready()
    p.ask("simple", "chained", "failing", "nested", "unused", "guarded", "costly", "typed", "mapped", "message",
          "params-null")
    p.gone()


def conditions_of_policies(s):
    p = _Policies(s)
    cases = {"true": ["true"], "false": ["false"], "error": ["object.data.none == 'x'"],
             "errors": ["object.data.none == 'x'", "object.data.nil == 'x'"], "mixed": ["object.data.none == 'x'",
                                                                                      "false"],
             "user": ["request.userInfo.username == 'nobody'"], "cost": [LONG],
             "name": ["request.name == 'asked'"], "spaced": [" object.data.none == 'x' "],
             "namespace": ["namespaceObject != null"], "allowed": [
                 "authorizer.group('').resource('configmaps').namespace('default').check('get').allowed()"]}
    for name, conditions in cases.items():
        p.rule(name, "false", conditions=conditions, message="reached")
    p.rule("ignored", "false", conditions=["object.data.none == 'x'"], failurePolicy="Ignore")
    p.rule("warned", "false", conditions=["object.data.none == 'x'"], binding={"validationActions": ["Warn"]})
    p.rule("audited", "false", conditions=["object.data.none == 'x'"], binding={"validationActions": ["Audit"]})
    p.ready()
    p.ask(*cases, "ignored", "warned", "audited")
    p.gone()


def constraints_of_policies(s):
    path, = _define(s, "constraineds", subresources={"status": {}, "scale": {
        "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"}})
    p = _Policies(s)
    group = ("constraineds.example.com",)
    every = {"validations": [{"expression": "false", "messageExpression": "request.kind.kind + ' ' + request.resource"
                              ".resource + ' ' + (has(request.subResource) ? request.subResource : '') + ' ' + "
                              "request.operation"}],
             "binding": {"validationActions": ["Warn"]}}
    for name, constraints in {
            "whole": _constraints(rules=[_rule(("constraineds",), groups=group)]),
            "parts": _constraints(rules=[_rule(("constraineds/*",), groups=group)]),
            "status": _constraints(rules=[_rule(("*/status",), groups=group)]),
            "excluded": _constraints(rules=[_rule(("*/*",), groups=group)], excluded=[_rule(("*/scale",),
                                                                                       groups=group)]),
            "named": _constraints(rules=[{**_rule(("constraineds",), groups=group), "resourceNames": ["one", "x"]}]),
            "not-named": _constraints(rules=[_rule(("constraineds",), groups=group)], excluded=[
                {**_rule(("constraineds",), groups=group), "resourceNames": ["one"]}]),
            "cluster": _constraints(rules=[_rule(("*",), groups=group, scope="Cluster")]),
            "creates": _constraints(rules=[_rule(("*",), groups=group, operations=("CREATE",))]),
            "deletes": _constraints(rules=[_rule(("*",), groups=group, operations=("DELETE",))]),
            "none": _constraints(rules=[_rule(("*",), groups=group, versions=("v2",))])}.items():
        p.policy("by-" + name, constraints, **every)
    p.ready()
    s.post(path, _custom(path, "one", {"replicas": 1}))
    p.sorted()
    s.post(path + "?dryRun=All", {**_custom(path, "x"), "metadata": {"generateName": "generated-"}})
    p.sorted()
    s.post(path, _custom(path, "two"))
    p.sorted()
    s.patch(path + "/one", {"spec": {"replicas": 2}})
    p.sorted()
    s.patch(path + "/one", {"spec": {"replicas": 2}})
    p.sorted()
    s.patch(path + "/one/status", {"status": {"replicas": 2}})
    p.sorted()
    s.patch(path + "/one/scale", {"spec": {"replicas": 3}})
    p.sorted()
    s.get(path + "/one/scale")
    s.delete(path + "/one")
    p.sorted()
    s.delete(path)
    p.sorted()
    p.gone()
    _undefine(s, "constraineds")


def versions_that_policies_see(s):
    old, new = _define(s, "policieds", ("v1beta1", "v1"))
    p = _Policies(s)
    group = ("policieds.example.com",)
    every = {"validations": [{"expression": "false", "messageExpression": "object.apiVersion + ' ' + request.kind."
                              "version + ' ' + request.resource.version + ' ' + request.requestKind.version"}],
             "binding": {"validationActions": ["Warn"]}}
    p.policy("beta", _constraints(rules=[_rule(("policieds",), groups=group, versions=("v1beta1",))]), **every)
    p.policy("stable", _constraints(rules=[_rule(("policieds",), groups=group, versions=("v1",))]), **every)
    p.policy("exact", _constraints(rules=[_rule(("policieds",), groups=group, versions=("v1",))],
                                   matchPolicy="Exact"), **every)
    p.policy("bound", _constraints(rules=[_rule(("policieds",), groups=group)]), **{**every, "binding": {
        "validationActions": ["Warn"], "matchResources": _constraints(rules=[_rule(("policieds",), groups=group,
                                                                              versions=("v1beta1",))])}})
    p.policy("bound-exact", _constraints(rules=[_rule(("policieds",), groups=group)]), **{**every, "binding": {
        "validationActions": ["Warn"], "matchResources": _constraints(rules=[_rule(
            ("policieds",), groups=group, versions=("v1beta1",))], matchPolicy="Exact")}})
    p.ready()
    s.post(new, _custom(new, "one"))
    p.sorted()
    s.post(old, _custom(old, "two"))
    p.sorted()
    s.patch(new + "/two", {"spec": {"b": "2"}})
    p.sorted()
    p.gone()
    _undefine(s, "policieds")


def _parameters(s):
    """Two namespaces that serve as parameters."""
    for name, most in (("param-a", "1"), ("param-b", "2")):
        s.post(N, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {
            "param": "yes", "max": most}}}, quiet=True)
        s.patch(N + "/" + name, {"metadata": {"labels": {"param": "yes", "max": most}}}, quiet=True)
    return {"paramKind": {"apiVersion": "v1", "kind": "Namespace"}}


def _ref(action="Deny", **more):
    return {"paramRef": {"parameterNotFoundAction": action, **more}}


def parameters_of_policies(s):
    kind = _parameters(s)
    p = _Policies(s)

    def ref(action="Deny", **more):
        return {"validationActions": ["Deny"], **_ref(action, **more)}
    told = {"messageExpression": "params == null ? 'no params' : string(params.metadata.name) + ' ' + "
            "string(params.metadata.labels.max)"}
    p.rule("named", "false", **told, **kind, binding=ref(name="param-a"))
    p.rule("missing", "false", **told, **kind, binding=ref(name="none"))
    p.rule("allowed", "false", **told, **kind, binding=ref("Allow", name="none"))
    p.rule("selected", "params.metadata.labels.max == '1'", **told, **kind, binding=ref(selector={
        "matchLabels": {"param": "yes"}}))
    p.rule("unselected", "false", **told, **kind, binding=ref(selector={"matchLabels": {"param": "no"}}))
    p.rule("without", "false", **told, **kind)
    p.rule("unknown", "false", paramKind={"apiVersion": "v1", "kind": "Unknown"}, binding=ref(name="a"))
    p.rule("unknown-ignored", "false", paramKind={"apiVersion": "example.com/v1", "kind": "Unknown"},
           failurePolicy="Ignore", binding=ref(name="a"))
    p.rule("local", "false", constraints=_constraints("local", [_rule(("namespaces",))]), paramKind={
        "apiVersion": "v1", "kind": "ConfigMap"}, binding=ref(name="param-a"))
    p.rule("in", "false", **kind, binding=ref(name="default", namespace="default"))
    p.rule("shape", "params.kind == 'Namespace' && params.apiVersion == 'v1' && has(params.metadata.managedFields) && "
           "has(params.metadata.uid) && has(params.metadata.resourceVersion) && false", **kind, binding=ref(
               name="param-a"))
    p.rule("failing", "params.metadata.labels.none == 'x'", **kind, binding=ref(name="param-a"))
    p.rule("condition", "false", conditions=["params.metadata.labels.max == '2'"], **told, **kind,
           binding=ref(selector={"matchExpressions": [{"key": "param", "operator": "Exists"}]}))
    p.rule("unasked", "object.data.a == '2'", binding=ref(name="none"))
    p.ready()
    p.ask("named", "missing", "allowed", "selected", "unselected", "without", "unknown", "unknown-ignored", "in",
          "shape", "failing", "condition", "unasked")
    s.post(N + "?dryRun=All", {"apiVersion": "v1", "kind": "Namespace", "metadata": {
        "name": "params", "labels": {"case": "local"}}})
    s.patch(N + "/param-a", {"metadata": {"labels": {"max": "7"}}}, quiet=True)
    time.sleep(0.2)
    p.ask("named")
    p.gone()


def annotations_for_the_audit_record(s):
    p = _Policies(s)
    p.policy("annotated", auditAnnotations=[{"key": "a", "valueExpression": "string(object.data.a)"},
                                            {"key": "n", "valueExpression": "null"}])
    p.policy("failing", auditAnnotations=[{"key": "a", "valueExpression": "string(object.data.none)"}])
    p.policy("ignored", failurePolicy="Ignore", auditAnnotations=[{"key": "a", "valueExpression":
                                                                  "string(object.data.none)"}])
    p.policy("warned", auditAnnotations=[{"key": "a", "valueExpression": " string(object.data.none) "}], binding={
        "validationActions": ["Warn"]})
    p.policy("costly", auditAnnotations=[{"key": "a", "valueExpression": "(%s) ? 'x' : 'y'" % LONG}])
    p.policy("besides", auditAnnotations=[{"key": "a", "valueExpression": "string(object.data.none)"}],
             validations=[{"expression": "false", "message": "first"}])
    p.policy("permitted", auditAnnotations=[{"key": "a", "valueExpression": "authorizer.group('').resource("
                                             "'configmaps').check('get').allowed() ? 'yes' : 'no'"}])
    p.ready()
    p.ask("annotated", "failing", "ignored", "warned", "costly", "besides", "permitted")
    p.gone()


def questions_to_the_authorizer(s):
    p = _Policies(s)
    cases = ("authorizer.path('/healthz').check('get').allowed()", "authorizer.requestResource.check('create')."
             "allowed()", "authorizer.group('apps').resource('deployments').subresource('status').namespace('x').name("
             "'y').check('update').allowed()", "authorizer.group('').resource('pods').check('get').reason() == ''",
             "authorizer.group('').resource('pods').check('get').errored()",
             "authorizer.group('').resource('pods').check('get').error() == ''")
    for number, expression in enumerate(cases):
        p.rule("asks-%d" % number, "!(%s)" % expression, constraints=_constraints("asks"),
               binding={"validationActions": ["Warn"]})
    p.ready()
    p.ask("asks")
    p.gone()


def policies_count_from_the_time_they_change(s):
    p = _Policies(s)
    p.rule("changing", "object.data.a == '2'", message="first")
    p.until(422, "changing")
    p.ask("changing")
    path = p.policies + "/changing"
    s.patch(path, [{"op": "replace", "path": "/spec/validations/0/expression", "value": "object.data.a == '1'"}],
            kind="application/json-patch+json", quiet=True)
    p.until(201, "changing")
    p.ask("changing")
    s.patch(path, [{"op": "replace", "path": "/spec/validations/0", "value": {"expression": "false", "message":
                                                                              "second"}}],
            kind="application/json-patch+json", quiet=True)
    p.until(422, "changing")
    p.ask("changing")
    s.delete(p.bindings + "/changing", quiet=True)
    p.until(201, "changing")
    p.ask("changing")
    p.gone()


def budgets_of_policies(s):
    p = _Policies(s)
    part = LONG.replace("[0,1,2,3,4,5,6,7,8,9].all(a, ", "", 1).replace("a + b", "b")[:-1].replace(
        "[0,1,2,3,4,5,6,7,8,9].all(b, ", "", 1).replace("b + c", "c")[:-1]
    p.policy("shared", validations=[{"expression": part, "message": "m%d" % number} for number in range(12)])
    p.policy("messages", validations=[{"expression": "false", "messageExpression": "%s ? 'long' : 'x'" % LONG}])
    p.policy("after", validations=[{"expression": LONG, "message": "one"}, {"expression": "false", "message": "two"}])
    p.policy("shared-ignored", failurePolicy="Ignore", validations=[{"expression": LONG}, {"expression": "false",
                                                                                       "message": "two"}])
    p.ready()
    p.ask("shared", "messages", "after", "shared-ignored")
    p.gone()


def mutations_by_apply_configurations(s):
    p = _Policies(s, "Mutating")
    cases = {
        "data": "Object{data: {'x': 'y'}}", "labels": "Object{metadata: Object.metadata{labels: {'added': 'yes'}}}",
        "annotations": "Object{metadata: Object.metadata{annotations: {'by': request.userInfo.username}}}",
        "override": "Object{data: {'a': 'changed'}}", "empty": "Object{}", "unknown": "Object{none: 'x'}",
        "wrong-type": "Object{data: {'x': 1}}", "wrong-nested": "Object{metadata: Object.metadata{labels: 'x'}}",
        "wrong-name": "Object{metadata: Object.meta{labels: {'a': 'b'}}}", "error": "Object{data: {'x': object.data."
        "none}}", "finalizers": "Object{metadata: Object.metadata{finalizers: ['example.com/f']}}",
        "owners": "Object{metadata: Object.metadata{ownerReferences: [Object.metadata.ownerReferences{apiVersion: 'v1',"
        " kind: 'ConfigMap', name: 'x', uid: 'u'}]}}", "name": "Object{metadata: Object.metadata{name: 'other'}}",
        "immutable": "Object{immutable: true}", "optional": "Object{?immutable: optional.none(), data: {'o': 'p'}}",
        "conditional": "object.data.a == '1' ? Object{data: {'c': 'd'}} : Object{}",
        "kind": "Object{kind: 'Secret'}", "generation": "Object{metadata: Object.metadata{generation: 7}}",
        "null": "Object{data: {'x': null}}",
        "cost": "Object{immutable: %s}" % LONG, "duplicated": "Object{metadata: Object.metadata{finalizers: "
        "['example.com/f', 'example.com/f']}}"}
    for name, expression in cases.items():
        p.apply(name, expression)
    p.apply("twice", "Object{data: {'x': 'one'}}", "Object{data: {'y': object.data.x + 'two'}}")
    p.apply("half", "Object{data: {'x': object.data.none}}", "Object{data: {'y': 'two'}}")
    p.apply("ignored", "Object{data: {'x': object.data.none}}", "Object{data: {'y': 'two'}}", failurePolicy="Ignore")
    p.apply("variable", "Object{data: {'x': variables.v}}", variables=[{"name": "v", "expression":
                                                                        "object.data.a + '!'"}])
    p.apply("condition", "Object{data: {'x': 'y'}}", matchConditions=[{"name": "c", "expression": "false"}])
    p.apply("condition-error", "Object{data: {'x': 'y'}}", matchConditions=[
        {"name": "c", "expression": "object.data.none == 'x'"}])
    p.apply("namespaced", "Object{data: {'x': namespaceObject.metadata.name}}")
    p.ready()
    p.ask(*cases, "twice", "half", "ignored", "variable", "condition", "condition-error", "namespaced")
    s.post(C, _map("mutated", case="data"))
    s.patch(C + "/mutated", {"data": {"x": "mine"}})
    s.patch(C + "/mutated", {"data": {"z": "mine"}})
    s.apply(C + "/mutated", _map("mutated", {"x": "theirs"}, case="data"))
    s.delete(C + "/mutated")
    p.gone()


def mutations_by_patches(s):
    p = _Policies(s, "Mutating")
    cases = {
        "add": "[JSONPatch{op: 'add', path: '/data/x', value: 'y'}]",
        "none": "[].map(x, JSONPatch{op: 'remove', path: x})",
        "map": "[JSONPatch{op: 'add', path: '/data', value: {'x': 'y'}}]",
        "object": "[JSONPatch{op: 'add', path: '/metadata', value: Object.metadata{name: 'asked', labels: {'q': "
        "'r'}}}]", "odd-object": "[JSONPatch{op: 'add', path: '/metadata', value: Object.metadata{labels: "
        "Object.other{q: 'r'}}}]", "remove": "[JSONPatch{op: 'remove', path: '/data/b'}]",
        "remove-none": "[JSONPatch{op: 'remove', path: '/data/none'}]",
        "replace-none": "[JSONPatch{op: 'replace', path: '/data/none', value: 'x'}]",
        "test": "[JSONPatch{op: 'test', path: '/data/a', value: '2'}, JSONPatch{op: 'add', path: '/data/x', value: "
        "'y'}]", "test-right": "[JSONPatch{op: 'test', path: '/data/a', value: '1'}, JSONPatch{op: 'add', path: "
        "'/data/x', value: 'y'}]", "test-none": "[JSONPatch{op: 'test', path: '/data/none', value: '2'}]",
        "move": "[JSONPatch{op: 'move', from: '/data/a', path: '/data/x'}]",
        "copy": "[JSONPatch{op: 'copy', from: '/data/a', path: '/data/x'}]",
        "copy-none": "[JSONPatch{op: 'copy', from: '/data/none', path: '/data/x'}]",
        "odd": "[JSONPatch{op: 'odd', path: '/data/a'}]", "no-op": "[JSONPatch{path: '/data/a'}]",
        "no-path": "[JSONPatch{op: 'remove'}]", "no-value": "[JSONPatch{op: 'add', path: '/data/x'}]",
        "number": "[JSONPatch{op: 'add', path: '/data/x', value: 1}]", "unknown": "[JSONPatch{op: 'add', path: "
        "'/none', value: 1}]", "deep": "[JSONPatch{op: 'add', path: '/none/x', value: 1}]",
        "escaped": "[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a/b~c'), value: 'x'}]",
        "escaped-label": "[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a.b/c'), value: "
        "'x'}]", "error": "[JSONPatch{op: 'add', path: '/data/x', value: object.data.none}]",
        "name": "[JSONPatch{op: 'replace', path: '/metadata/name', value: 'other'}]",
        "root": "[JSONPatch{op: 'replace', path: '', value: {'kind': 'ConfigMap'}}]",
        "quoted": "[JSONPatch{op: 'add', path: '/data/ab', value: 'x\\u00e9\\\"'}]",
        "bool": "[JSONPatch{op: 'add', path: '/immutable', value: true}]",
        "null": "[JSONPatch{op: 'add', path: '/data/x', value: null}]",
        "double": "[JSONPatch{op: 'add', path: '/metadata/generation', value: 1.5}]",
        "large": "[JSONPatch{op: 'add', path: '/metadata/generation', value: 9007199254740993}]",
        "bytes": "[JSONPatch{op: 'add', path: '/data/x', value: b'abc'}]",
        "time": "[JSONPatch{op: 'add', path: '/data/x', value: timestamp('2001-01-01T00:00:00Z')}]",
        "duration": "[JSONPatch{op: 'add', path: '/data/x', value: duration('1h')}]",
        "list": "[JSONPatch{op: 'add', path: '/metadata/finalizers', value: ['example.com/f']}]",
        "append": "[JSONPatch{op: 'add', path: '/metadata/finalizers/-', value: 'example.com/f'}]",
        "uint": "[JSONPatch{op: 'add', path: '/data/x', value: 1u}]", "type": "[JSONPatch{op: 'add', path: '/data/x', "
        "value: type(1)}]"}
    for name, expression in cases.items():
        p.patch(name, expression)
    p.patch("half", "[JSONPatch{op: 'remove', path: '/none'}]", "[JSONPatch{op: 'add', path: '/data/x', value: 'y'}]")
    p.patch("ignored", "[JSONPatch{op: 'remove', path: '/none'}]",
            "[JSONPatch{op: 'add', path: '/data/x', value: 'y'}]", failurePolicy="Ignore")
    p.ready()
    p.ask(*cases, "half", "ignored")
    p.gone()


def mutations_that_change_nothing_a_second_time(s):
    p = _Policies(s, "Mutating")
    p.apply("e1", "Object{data: {'x': 'y'}}", constraints=_constraints("idempotent"), reinvocationPolicy="IfNeeded")
    p.apply("e2", "Object{data: {'x': 'y'}}", constraints=_constraints("idempotent"), reinvocationPolicy="IfNeeded")
    p.ready()
    p.ask("idempotent")
    p.gone()


def parameters_of_mutations(s):
    kind = _parameters(s)
    p = _Policies(s, "Mutating")
    add = "Object{data: {string(params.metadata.name): 'seen'}}"
    p.apply("named", add, **kind, binding=_ref(name="param-a"))
    p.apply("selected", add, **kind, binding=_ref(selector={"matchLabels": {"param": "yes"}}))
    p.apply("missing", add, **kind, binding=_ref(name="none"))
    p.apply("allowed", add, **kind, binding=_ref("Allow", name="none"))
    p.apply("missing-ignored", add, failurePolicy="Ignore", **kind, binding=_ref(name="none"))
    p.apply("unknown", "Object{}", paramKind={"apiVersion": "v1", "kind": "Unknown"}, binding=_ref(name="a"))
    p.apply("without", "Object{data: {'x': params == null ? 'null' : 'there'}}", **kind)
    p.ready()
    p.ask("named", "selected", "missing", "allowed", "missing-ignored", "unknown", "without")
    p.gone()
    for name in ("param-a", "param-b"):
        s.delete(N + "/" + name, quiet=True)


def mutations_come_before_validations(s):
    m, v = _Policies(s, "Mutating"), _Policies(s)
    m.apply("before", "Object{data: {'a': 'mutated'}}")
    v.rule("after", "object.data.a == '1'", messageExpression="string(object.data.a)",
           constraints=_constraints("before"))
    m.ready()
    v.ready()
    m.ask("before")
    m.gone()
    v.gone()


def policies_are_blind_to_themselves(s):
    p = _Policies(s)
    p.rule("blind", "false", constraints=_constraints(rules=[_rule(("*",), groups=("admissionregistration.k8s.io",))]),
           message="seen")
    p.ready()
    for kind in ("ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration"):
        path = A + kind.lower() + "s"
        body = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": kind, "metadata": {"name": "unseen"}}
        body.update({"spec": {"policyName": "x", "validationActions": ["Deny"]}} if kind.endswith("Binding") else {
            "webhooks": []})
        s.note(s.post(path + "?dryRun=All", body, quiet=True)[0])
    p.gone()


def namespaces_and_policies(s):
    p = _Policies(s)
    p.rule("of-namespaces", "false", messageExpression="'seen ' + request.namespace + (namespaceObject == null ? "
           "' none' : ' one')", constraints=_constraints("of-namespaces", [_rule(("namespaces", "configmaps"))],
                                                  namespaceSelector={"matchExpressions": [
                                                      {"key": "policed", "operator": "Exists"}]}))
    p.rule("nowhere", "false", message="seen")
    p.ready()

    def namespace(name, **labels):
        return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
    s.post(N + "?dryRun=All", namespace("policed", case="of-namespaces", policed="yes"))
    s.note(s.post(N + "?dryRun=All", namespace("policed", case="of-namespaces"), quiet=True)[0])
    p.ask("of-namespaces")
    s.post(N + "/nowhere/configmaps", _map("asked", case="nowhere"))
    p.gone()
