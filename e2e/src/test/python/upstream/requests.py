"""Requests of every kind, their refusals among them: bodies, patches, field ownership, lists, watches, deletes.

Secrets stand for every type: what is asked here does not depend on the type.
"""
import base64
import json
from itertools import product
from urllib.parse import quote

NAMESPACES = "/api/v1/namespaces"
CONFIGS = NAMESPACES + "/default/configmaps"
MERGE, STRATEGIC, OPERATIONS = (f"application/{kind}-patch+json" for kind in ("merge", "strategic-merge", "json"))
DELETE = {"apiVersion": "v1", "kind": "DeleteOptions"}


class _Place:
    """A namespace of its own, with secrets a to e."""

    def __init__(self, session, name):
        self.session, self.url = session, f"{NAMESPACES}/{name}/secrets"
        session.ask("POST", NAMESPACES, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}},
                    quiet=True)
        self.fill()

    def fill(self):
        self.session.ask("DELETE", self.url, quiet=True)
        for number, name in enumerate("abcde"):
            self.session.ask("POST", self.url, self.secret(name, {"l": name, "even": str(number % 2)}), quiet=True)

    @staticmethod
    def secret(name, labels=None, **data):
        metadata = {"name": name, **({"labels": labels} if labels else {})}
        return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque",
                "data": data or {"x": "MQ=="}}


def patches_that_do_not_fit(s):
    place = _Place(s, "answers-patches")
    bodies = ("{}", "[]", "null", "1", '"a"', "{", '{"data":{"x":1}}', '{"data":1}', '{"metadata":{"labels":{"a":1}}}',
              '{"metadata":{"labels":[]}}', '{"metadata":null}', '{"kind":"Foo"}', '{"apiVersion":"v2"}',
              '{"kind":null}', '{"kind":5}', '{"metadata":{"name":"z"}}', '{"metadata":{"namespace":"z"}}',
              '{"metadata":{"resourceVersion":"1"}}', '{"unknown":1}', '{"metadata":{"unknown":{"a":1}}}',
              '{"data":{"x":"MQ==","x":"Mg=="}}')
    for kind, body in product((MERGE, STRATEGIC, OPERATIONS, "application/apply-patch+yaml", "text/plain",
                               "application/json", MERGE + "; charset=utf-8"), bodies):
        if '"Foo"' in body or '"v2"' in body:
            status, answer = s.ask("PATCH", place.url + "/a?fieldManager=m", body, kind=kind, quiet=True)
            s.note([kind, body, status, answer.get("kind"), answer.get("apiVersion"), answer.get("reason")])
        else:
            s.patch(place.url + "/a?fieldManager=m", body, kind=kind)
        place.fill()


def operations_of_json_patches(s):
    url = _Place(s, "answers-operations").url + "/b"
    add = {"op": "add", "path": "/data/y", "value": "Mg=="}
    for operations in (
            [add], [{**add, "path": "data/y"}], [{**add, "path": ""}], [{**add, "op": "replace", "path": "/data/none"}],
            [{"op": "move", "from": "/data/y", "path": "/data/w"}],
            [{"op": "copy", "from": "/data/w", "path": "/data/v"}],
            [{"op": "move", "from": "/data/no", "path": "/data/v"}],
            [{"op": "test", "path": "/data/no", "value": None}],
            [{"op": "test", "path": "/data/x", "value": "MQ=="}], [{"op": "test", "path": "/data/x"}],
            [{"path": "/data/x"}], [{"op": "remove"}], [{"op": "remove", "path": "/data/"}], [{"op": "frob"}],
            [{"op": "add", "path": "/metadata/finalizers", "value": ["a/b"]},
             {"op": "add", "path": "/metadata/finalizers/-", "value": "c/d"},
             {"op": "add", "path": "/metadata/finalizers/0", "value": "a/a"}],
            [{"op": "add", "path": "/metadata/finalizers/9", "value": "c/d"}],
            [{"op": "remove", "path": "/metadata/finalizers/-1"}], [{"op": "remove", "path": "/metadata/finalizers/x"}],
            [{"op": "replace", "path": "/metadata/finalizers/0", "value": 7}],
            [{"op": "remove", "path": "/metadata/finalizers"}], [{"op": "remove", "path": "/metadata/labels"}],
            [{"op": "add", "path": "/metadata/labels/a~1b", "value": "x"}],
            [{"op": "add", "path": "/data", "value": 5}],
            [], [1], {}, "null", [{"op": "replace", "path": "/metadata/name", "value": "z"}],
            [{"op": "remove", "path": "/metadata/name"}], [{"op": "remove", "path": "/metadata"}],
            [{"op": "remove", "path": "/kind"}], [add] * 10001):
        s.patch(url, operations, kind=OPERATIONS)
    for validation in ("Strict", "Warn", "Ignore"):
        s.patch(url + "?fieldValidation=" + validation, [{"op": "add", "path": "/foo", "value": 1, "x": 1}],
                kind=OPERATIONS)


def who_owns_what(s):
    place = _Place(s, "answers-owners")
    url = place.url + "/o"

    def secret(**data):
        return place.secret("o", **data)

    s.apply(url, secret(a="MQ==", b="Mg==")), s.apply(url, secret(a="MQ==", b="Mg=="))
    s.apply(url, secret(a="MQ=="), manager="two"), s.apply(url, secret(a="OQ=="), manager="two")
    s.apply(url, secret(a="OQ=="), manager="two", force=True), s.apply(url, secret(b="Mg=="))
    for metadata in ({"managedFields": []}, {"managedFields": None}, {"managedFields": [{}]}, {"resourceVersion": "1"},
                     {"creationTimestamp": None}, {"name": ""}, {"namespace": "other"}):
        body = secret(b="Mg==")
        body["metadata"].update(metadata)
        s.apply(url, body)
    s.apply(url, {**secret(), "data": [1]})
    s.apply(url, {**secret(), "unknown": 1}), s.apply(url + "?fieldValidation=Strict", {**secret(), "unknown": 1})
    s.apply(url, "{"), s.patch(url, secret(), kind="application/apply-patch+yaml")
    fresh = place.secret("fresh")
    fresh["metadata"]["resourceVersion"] = "5"
    s.apply(place.url + "/fresh", fresh), s.apply(place.url + "/none", {"apiVersion": "v1", "kind": "Secret"})
    for reset in ([], [{}]):
        s.patch(url + "?fieldManager=u", {"metadata": {"managedFields": reset}})
        s.apply(url, secret(q="MQ=="))
        s.put(url + "?fieldManager=u", {**secret(q="MQ=="), "metadata": {"name": "o", "managedFields": reset}})
        s.apply(url, secret(q="MQ=="))


def lists_in_strategic_patches(s):
    name = "answers-lists"
    _Place(s, name)
    url = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{name}/roles/r"
    s.ask("PATCH", url, {"metadata": {"finalizers": None}}, kind=MERGE, quiet=True), s.ask("DELETE", url, quiet=True)
    s.ask("POST", url[:-2], {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {
        "name": "r", "finalizers": ["a/a", "b/b"]}, "rules": [
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]}, quiet=True)
    for metadata in ({"finalizers": ["c/c"]}, {"finalizers": ["b/b", "d/d"]},
                     {"$deleteFromPrimitiveList/finalizers": ["a/a"]},
                     {"$setElementOrder/finalizers": ["e/e", "c/c"], "finalizers": ["e/e"]},
                     {"$setElementOrder/finalizers": "x"}, {"finalizers": [1]}, {"finalizers": {"a": 1}},
                     {"labels": {"a": "b"}}, {"labels": {"$patch": "replace", "c": "d"}}, {"labels": {"$patch": "bad"}},
                     {"$retainKeys": ["name"], "labels": {"a": "b"}}, {"finalizers": None}):
        s.patch(url, {"metadata": metadata}, kind=STRATEGIC)


def bodies_of_creates(s):
    place = _Place(s, "answers-bodies")
    head = '{"apiVersion":"v1","kind":"Secret",'
    rest = ('"metadata":{}}', '"metadata":[]}', '"metadata":{"name":1}}',
            '"metadata":{"name":"a","labels":{"a":null}}}',
            '"metadata":{"name":"b1"},"data":{"x":"!"}}', '"metadata":{"name":"b2"},"data":{"x":5}}',
            '"metadata":{"name":"b3"},"data":[]}', '"metadata":{"name":"b4"},"immutable":"yes"}',
            '"metadata":{"name":"b5","creationTimestamp":"x"}}', '"metadata":{"name":"b6","resourceVersion":"5"}}',
            '"metadata":{"name":"a","generateName":"x"}}', '"metadata":{"name":"b7","namespace":"other"}}',
            '"metadata":{"name":"b8"},"type":"Opaque","unknown":1,"unknown":2,"Data":{"x":"MQ=="}}',
            '"metadata":{"name":"b9"}} trailing', '"metadata":{"name":"b10","finalizers":"a"}}',
            '"metadata":{"name":"b11","generation":1.5}}', '"metadata":{"name":"b12","managedFields":"x"}}')
    for body in ("", "{}", "[]", "null", "1", '"a"', "{", '{"apiVersion":1,"kind":"Secret"}',
                 *(head + end for end in rest)):
        for query in ("", "?fieldValidation=Strict", "?fieldValidation=Ignore"):
            s.post(place.url + query, body.encode())
    for query in ("fieldValidation=Foo", "dryRun=None", "dryRun=", "dryRun=all", "fieldManager=" + "x" * 129):
        s.post(place.url + "?" + query, place.secret("q"))
    for body in ("- a\n", "a: b: c", "\tapiVersion: v1", "x: *nope\n", "", "null", "{",
                 "apiVersion: v1\nkind: Secret\nmetadata: {name: y}\ntype: Opaque\ntype: Opaque\n"):
        for query in ("", "?fieldValidation=Strict"):
            s.post(place.url + query, body, kind="application/yaml")


def replacing(s):
    place = _Place(s, "answers-replacing")
    url = place.url + "/a"
    for change in ({}, {"resourceVersion": "1"}, {"resourceVersion": "x"}, {"resourceVersion": "99999999"},
                   {"uid": "x"}, {"name": "b"}, {"name": None}, {"namespace": "b"}, {"creationTimestamp": None},
                   {"deletionTimestamp": "2020-01-01T00:00:00Z"}, {"deletionGracePeriodSeconds": 3}, {"selfLink": "x"},
                   {"managedFields": [{"manager": "m"}]}):
        _, body = s.ask("GET", url, quiet=True)
        body["metadata"].update(change)
        status, answer = s.ask("PUT", url, body, quiet=True)
        s.note([list(change), status, answer.get("reason"), s.normal(answer.get("message"))])
    s.put(url, {}), s.put(url, {"data": {"x": "Mg=="}}), s.put(place.url + "/none", {})
    s.put(place.url + "/none", place.secret("none")), s.get(url)


def deleting(s):
    place = _Place(s, "answers-deleting")
    for body in ({}, DELETE, {**DELETE, "propagationPolicy": "Foo"}, {**DELETE, "gracePeriodSeconds": -1},
                 {**DELETE, "propagationPolicy": "Orphan", "orphanDependents": False}, {**DELETE, "dryRun": ["Foo"]},
                 {**DELETE, "dryRun": ["All"]}, {**DELETE, "gracePeriodSeconds": "x"}, {"kind": "DeleteOptions"},
                 {**DELETE, "preconditions": {"uid": "x", "resourceVersion": "y"}}, {**DELETE, "unknown": 1}, "{", "[]",
                 "null"):
        s.delete(place.url + "/a", body)
        place.fill()
    for query in ("gracePeriodSeconds=0", "gracePeriodSeconds=x", "propagationPolicy=Foo",
                  "orphanDependents=true&propagationPolicy=Orphan", "dryRun=All", "dryRun=x", "dryRun="):
        s.delete(f"{place.url}/a?{query}")
        place.fill()
    s.patch(place.url + "/a", {"metadata": {"finalizers": ["x/y"]}}), s.delete(place.url + "/a")
    s.post(place.url, place.secret("a"))
    status, answer = s.ask("PATCH", place.url + "/a", {"metadata": {"finalizers": ["x/y", "z/z"]}}, kind=MERGE,
                           quiet=True)
    s.note([status, answer["message"]])
    s.ask("PATCH", place.url + "/a", {"metadata": {"finalizers": None}}, kind=MERGE, quiet=True)
    place.fill()
    for query in ("labelSelector=((", "labelSelector=l%3Da", "dryRun=All", "limit=1", "gracePeriodSeconds=-3", ""):
        s.delete(place.url + "?" + query)


def selecting(s):
    url = _Place(s, "answers-selecting").url
    for text in ("a", "!a", "l in (a,b)", "l notin (a,b)", "l=a,l=b", "l==a", "l!=a", "l>1", "even>0", "even<1",
                 "l in a",
                 "l in ()", "l in (", "=", "a=b=c", "a b", "a,", ",a", "-a=b", "a/b/c=d", "a=!", "l=-x", "l exists",
                 " l=a", "l in (a,)", "(a)", "a!b", "x" * 64 + "=a", "l=" + "x" * 64):
        s.get(f"{url}?labelSelector={quote(text)}")
    for text in ("metadata.name=a", "metadata.name!=a", "metadata.name", "metadata.name=a\\", "metadata.name>a"):
        s.get(f"{url}?fieldSelector={quote(text)}")


def listing(s):
    url = _Place(s, "answers-listing").url
    version = s.ask("GET", url, quiet=True)[1]["metadata"]["resourceVersion"]
    for revision, match, limit in product(("", "0", "now", "x", "-1"), ("", "Exact", "NotOlderThan", "Bad"), ("", "2")):
        query = "&".join(part for part in (revision and "resourceVersion=" + revision.replace("now", version),
                                           match and "resourceVersionMatch=" + match,
                                           limit and "limit=" + limit) if part)
        status, answer = s.ask("GET", f"{url}?{query}", quiet=True)
        s.note([revision, match, limit, status, answer.get("message"), len(answer.get("items", ())),
                answer["metadata"].get("remainingItemCount"), "continue" in answer["metadata"]])


def watching(s):
    url = _Place(s, "answers-watching").url
    initial = "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
    for query, events in (("", 5), ("&resourceVersion=0", 5), ("&allowWatchBookmarks=true", 6),
                          ("&allowWatchBookmarks=true" + initial, 6), ("&resourceVersion=x", 1), ("&continue=x", 1),
                          ("&sendInitialEvents=true&resourceVersionMatch=Exact", 1),
                          ("&resourceVersionMatch=NotOlderThan", 1), ("&sendInitialEvents=false", 1),
                          ("&labelSelector=((", 1), ("&timeoutSeconds=x", 1)):
        s.watch(f"{url}?watch=true{query}", events)


def forms_of_answers(s):
    url = _Place(s, "answers-forms").url
    meta = ";g=meta.k8s.io;v="
    for accept in (None, "*/*", "application/*", "text/plain", "application/json;q=0.1,application/yaml;q=0.9",
                   "application/json;as=PartialObjectMetadata" + meta + "v1", "application/json;v=v1",
                   "application/json;as=PartialObjectMetadataList" + meta + "v1beta1", "application/json;as=Table",
                   "application/json;as=Foo" + meta + "v1,application/json", "application/json;stream=other", "",
                   "application/json;as=Table" + meta + "v2", "application/json;q=x", "application/json;pretty=1"):
        for path in (url + "/a", url):
            status, answer = s.ask("GET", path, Accept=accept, quiet=True)
            s.note([accept, path, status, answer.get("kind"), answer.get("apiVersion"),
                    s.normal(answer.get("message", "").partition(" (*")[0])] if isinstance(answer, dict)
                   else [accept, path, status])


def revisions_of_what_is_created(s):
    for revision in ("1", "x", "0", "", None, "99999999999999999999999"):
        for query in ("?dryRun=All", ""):
            status, answer = s.post(CONFIGS + query, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {
                "name": "revised", "resourceVersion": revision}}, quiet=True)
            said = answer["metadata"].get("resourceVersion")
            s.note([revision, query, status, answer.get("message"), said if query else bool(said)])
            s.delete(CONFIGS + "/revised", quiet=True)
    for text in ("x", "-1"):
        s.get(f"{CONFIGS}/none?resourceVersion={text}")
        s.get(f"{CONFIGS}?resourceVersion={text}&continue=x")


def what_loses_its_last_finalizer(s):
    one = CONFIGS + "/finalized"
    _, made = s.post(CONFIGS, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {
        "name": "finalized", "finalizers": ["example.com/a"]}})
    s.delete(one)
    s.patch(one + "?dryRun=All", {"metadata": {"finalizers": None}})
    s.patch(one, {"metadata": {"finalizers": None}, "data": {"a": "b"}})
    s.get(one)
    path = f"{CONFIGS}?watch=1&timeoutSeconds=2&fieldSelector=metadata.name%3Dfinalized&resourceVersion="
    s.watch(path + made["metadata"]["resourceVersion"], 2)
    s.answers[-1]["ask"] = "WATCH " + path


def types_of_bodies_to_the_letter(s):
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "typed"}}
    for kind in ("APPLICATION/JSON", "application/json; charset=utf-8", "application/json;", "application/json;;",
                 "application/json; charset", 'application/json; a="b', "application/json;a=b;A=c", "application", "/",
                 "application/json, text/plain", "*/*", "text/json"):
        s.post(CONFIGS + "?dryRun=All", body, kind=kind)
        s.delete(CONFIGS + "/none", DELETE, kind=kind)
    for kind in ("APPLICATION/MERGE-PATCH+JSON", MERGE + "; charset=utf-8", MERGE + ";;", MERGE + ", x",
                 MERGE + " ; a=b", "x, " + MERGE, "application/json", ""):
        s.patch(CONFIGS + "/none", {}, kind=kind)
    for accept in ("APPLICATION/JSON", "application/JSON;as=Table;v=v1;g=meta.k8s.io",
                   "application/json;AS=Table;V=v1;G=meta.k8s.io", "application/yaml;stream=watch"):
        s.get(CONFIGS + "?labelSelector=none", Accept=accept)
    for accept in ("application/json;as=Table;v=v1;g=meta.k8s.io", "application/yaml;as=Table;v=v1;g=meta.k8s.io",
                   "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io, application/yaml"):
        s.get(CONFIGS + "/none", Accept=accept)


def watches_that_cannot_be_shown(s):
    url = _Place(s, "answers-unshown").url
    for accept in ("application/yaml", "application/yaml, application/json", "application/yaml;stream=watch",
                   "application/yaml;as=Table;v=v1;g=meta.k8s.io, application/json"):
        s.get(url + "?watch=1&timeoutSeconds=1", Accept=accept)
    for accept in ("application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
                   "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"):
        s.watch(url + "?watch=1&timeoutSeconds=10", 5, Accept=accept)


def tokens_of_lists(s):
    url = _Place(s, "answers-tokens").url
    tokens = [base64.urlsafe_b64encode(json.dumps(token).encode()).decode().rstrip("=") for token in (
        {"v": "other", "rv": 1, "start": "a\0"}, {"v": "meta.k8s.io/v1", "rv": 1},
        {"v": "meta.k8s.io/v1", "start": "a"}, {"v": "meta.k8s.io/v1", "rv": 1, "start": "../x"}, {})]
    for token in (*tokens, "x", "!!", "e30="):
        for more in ("", "&resourceVersion=0", "&resourceVersion=1", "&resourceVersionMatch=Exact"):
            s.get(f"{url}?limit=1&continue={token}{more}")
    _, first = s.get(url + "?limit=1", quiet=True)
    _, rest = s.get(f"{url}?limit=1&resourceVersion=0&continue={first['metadata']['continue']}", quiet=True)
    s.note([[item["metadata"]["name"] for item in rest["items"]], "continue" in rest["metadata"]])


def long_lines_of_yaml(s):
    words = "word " * 40
    texts = (words.strip(), words, "x: " + words, "- " + words, "A" * 200, "\u2603 " * 50, "true " * 30,
             "a  b  " * 30 + "x", " " + words, "line\n" * 3, "line\n" + words.strip())
    s.post(CONFIGS, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "long"},
                     "data": {f"k{number}": text for number, text in enumerate(texts)}}, quiet=True)
    _, answer = s.get(CONFIGS + "/long", Accept="application/yaml", quiet=True)
    s.note(answer.partition("\nkind:")[0])
    s.delete(CONFIGS + "/long", quiet=True)


def types_that_are_accepted(s):
    for accept in ("application/json;q=x", "application/yaml;q=x,application/json;q=0.4", "*/*;q=0", ";", ",,", "*",
                   "application/*;q=0.1,application/yaml", "application/json;q=1.5", "application/yaml;q=-1,*/*;q=0",
                   "application/json;as=Table;v=v1;g=meta.k8s.io;q=x", "application/json;foo", "application/json;=x",
                   "application/json;as=Table;v=v1;g=meta.k8s.io,application/yaml;q=0.1"):
        s.get(CONFIGS + "/none", Accept=accept)
        status, answer = s.get("/apis/apps/v1", Accept=accept, quiet=True)
        s.note([accept, status, s.normal(answer) if status > 200 else str(answer)[:1]])


def queries_as_go_reads_them(s):
    for query in ("limit=%zz", "limit=1;continue=x", "limit", "limit=", "timeoutSeconds=", "limit=x&limit=1",
                  "limit=99999999999999999999", "a;b=1&limit=0", "%zz=1&limit=0", "&&", "limit=-1"):
        status, answer = s.get(CONFIGS + "?labelSelector=none=none&" + query, quiet=True)
        s.note([query, status, s.normal(answer).get("message")])


def paths_that_nobody_serves(s):
    """Of paths outside the API only the status, since the libraries list theirs where kube-apiserver says a word."""
    for path in ("/api/v1/watch", "/api/v1/watch/", "/api/v1/proxy", "/apis/apps/v1/watch", "/api/v1/../v1",
                 *(f"{CONFIGS}/{name}" for name in ("..", "%2e", "a%25b", "a;b", "a+b", "A"))):
        for method in ("GET", "DELETE"):
            status, answer = s.ask(method, path, quiet=True)
            s.note([method, path, status, s.normal(answer)])
    for path in ("//", "//version", "/./version", "/nope/../version", "//api/v1", "/apis//", "/healthz//ping",
                 "/version/x", "/nope", "/apis/nope/v1/x", "/openapi/", "/openapi/v2/x"):
        status, _ = s.get(path, quiet=True)
        s.note([path, status])
