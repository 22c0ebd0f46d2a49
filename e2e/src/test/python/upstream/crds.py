"""Custom resource definitions and custom objects.

What is left out, because the two servers rightly differ: the answer to the creation of a definition and its managed
fields (Logplane establishes a definition in that answer, in the name of kube-apiserver), ages in tables, OpenAPI (the
oracle publishes none of custom types), the order of conditions that controllers write.
"""
import time

D = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


def _definition(group, plural, schema, **more):
    kind = plural[:-1].capitalize()
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    version.update(more.pop("version", {}))
    spec = {"group": group, "scope": more.pop("scope", "Namespaced"), "versions": [version],
            "names": {"plural": plural, "singular": plural[:-1], "kind": kind, "listKind": kind + "List"}}
    spec.update(more)
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": plural + "." + group}, "spec": spec}


def _wait(s, path, there=True):
    for _ in range(100):
        status, _ = s.get(path, quiet=True)
        if (status == 200) == there:
            return
        time.sleep(0.1)


def _definition_of(s, path):
    """A definition without what tells who wrote it."""
    status, found = s.get(path, quiet=True)
    s.note([status, s.normal({name: found.get(name) for name in ("spec", "status", "message")})])


class _Type:
    def __init__(self, s, name, schema, **more):
        self.s, self.group, self.plural = (s, name + ".example.com", name + "s")
        self.kind = self.plural[:-1].capitalize()
        body = _definition(self.group, self.plural, schema, **more)
        self.definition = D + "/" + body["metadata"]["name"]
        s.delete(self.definition, quiet=True)
        _wait(s, self.definition, False)
        status, answer = s.post(D, body, quiet=True)
        if status != 201:
            s.note(["definition", status, s.normal(answer)])
        scope = body["spec"]["scope"]
        version = body["spec"]["versions"][0]["name"]
        self.all = f"/apis/{self.group}/{version}/{self.plural}"
        below = "/namespaces/default/" if scope == "Namespaced" else "/"
        self.path = f"/apis/{self.group}/{version}{below}{self.plural}"
        _wait(s, self.all)

    def obj(self, name='a', **fields):
        return {"apiVersion": self.group + "/" + self.all.split("/")[3], "kind": self.kind,
                "metadata": {"name": name}, **fields}

    def post(self, name='a', query='', **fields):
        return self.s.post(self.path + query, self.obj(name, **fields))

    def one(self, name='a'):
        return self.path + "/" + name

    def done(self):
        self.s.delete(self.definition, quiet=True)
        _wait(self.s, self.definition, False)


def _spec(**properties):
    return {"type": "object", "properties": {"spec": {"type": "object", "properties": properties},
            "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}}


ANY = {"x-kubernetes-preserve-unknown-fields": True}


def crud_of_objects(s):
    t = _Type(s, "crud", _spec(a={"type": "integer"}, b={"type": "string"}))
    t.post(spec={"a": 1})
    t.post(spec={"a": 1})
    s.get(t.one())
    s.get(t.one("none"))
    s.get(t.path)
    s.get(t.all)
    s.put(t.one(), t.obj(spec={"a": 2}))
    _, x = s.get(t.one(), quiet=True)
    x["spec"]["a"] = 3
    s.put(t.one(), x)
    s.put(t.one(), x)
    x["metadata"]["name"] = "b"
    s.put(t.one(), x)
    s.put(t.one("new"), t.obj("new", spec={"a": 2}))
    s.post(t.path, {**t.obj("b"), "kind": "Other"})
    s.post(t.path, {**t.obj("b"), "apiVersion": "crud.example.com/v2"})
    s.post(t.path, {**t.obj("b"), "apiVersion": "v1"})
    s.post(t.path, {"metadata": {"name": "b"}})
    s.post(t.path, [1])
    s.post(t.path, "x")
    s.post(t.path, "")
    s.post(t.path, {"apiVersion": "crud.example.com/v1", "kind": "Crud"})
    s.post(t.path, {"apiVersion": "crud.example.com/v1", "kind": "Crud", "metadata": {"generateName": "generated-"}})
    s.post(t.path, t.obj("Bad_Name"))
    s.post(t.path, {**t.obj("c"), "metadata": {"name": "c", "namespace": "other"}})
    s.post(t.path, {**t.obj("c"), "metadata": {"name": "c", "labels": {"a": 1}}})
    s.post(t.path, {**t.obj("c"), "metadata": {"name": "c", "labels": {"a b": "c d"}}})
    s.post(t.path, {**t.obj("c"), "metadata": []})
    s.post(t.path, {**t.obj("c"), "metadata": None})
    s.post(t.path, {**t.obj("c"), "metadata": {"name": 1}})
    s.post(t.all, t.obj("d"))
    s.post(t.path + "?dryRun=All", t.obj("d", spec={"a": 4}))
    s.post(t.path + "?dryRun=x", t.obj("d"))
    s.post(t.path, t.obj("t", spec={"a": "x"}))
    s.post(t.path, t.obj("t", spec={"a": 1.5}))
    s.post(t.path, t.obj("t", spec={"a": None}))
    s.post(t.path, t.obj("t2", spec=None))
    s.post(t.path, t.obj("t3", spec=[]))
    s.post(t.path, t.obj("t4", spec=""))
    s.delete(t.one("none"))
    s.delete(t.one() + "?dryRun=All")
    s.delete(t.one(), {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": "x"}})
    s.delete(t.one(), {"apiVersion": "crud.example.com/v1", "kind": "DeleteOptions"})
    s.delete(t.path)
    s.get(t.path)
    s.get(t.path + "?limit=1&continue=x")
    s.get(t.path + "?fieldSelector=spec.a=1")
    s.get(t.path + "?fieldSelector=metadata.name=a")
    s.get(t.path + "?labelSelector=a in (b)")
    s.ask("PUT", t.path, t.obj())
    s.ask("POST", t.one(), t.obj())
    s.ask("PATCH", t.path, {}, kind="application/merge-patch+json")
    s.get(t.one() + "/status")
    s.get(t.one() + "/scale")
    s.get(t.one() + "/foo")
    s.ask("OPTIONS", t.path)
    s.ask("HEAD", t.path)
    t.done()
    s.get(t.path)
    s.post(t.path, t.obj())


def field_validation(s):
    t = _Type(s, "strict", _spec(a={"type": "integer"}, l={"type": "array", "items": {"type": "object",
            "properties": {"x": {"type": "string"}}}}, m={"type": "object", "additionalProperties": {"type": "object",
            "properties": {"y": {"type": "string"}}}}, e={"type": "object", "x-kubernetes-embedded-resource": True,
            "x-kubernetes-preserve-unknown-fields": True}))
    body = t.obj("a", spec={"a": 1, "u": 1, "l": [{"x": "1", "z": 2}], "m": {"k": {"y": "1", "w": 1}}}, other=1)
    for mode in ('', 'Strict', 'Warn', 'Ignore', 'strict', 'Foo'):
        s.post(t.path + "?dryRun=All" + (f"&fieldValidation={mode}" if mode else ""), body)
    raw = ('{"apiVersion":"strict.example.com/v1","kind":"Strict","metadata":{"name":"b","foo":1,"name":"b"},'
           '"spec":{"a":1,"a":2,"l":[{"x":"1","x":"2"}]},"spec2":1}')
    for mode in ('Strict', 'Warn', 'Ignore'):
        s.post(t.path + f"?dryRun=All&fieldValidation={mode}", raw)
    yaml = ("apiVersion: strict.example.com/v1\nkind: Strict\nmetadata:\n  name: c\n  foo: 1\n"
            "spec:\n  a: 1\n  a: 2\n  b: 1\n")
    for mode in ('Strict', 'Warn', 'Ignore'):
        s.post(t.path + f"?dryRun=All&fieldValidation={mode}", yaml, kind="application/yaml")
    s.post(t.path + "?fieldValidation=Strict", t.obj("s", spec={"a": 1}))
    for mode in ('Strict', 'Warn', 'Ignore'):
        s.patch(t.one("s") + f"?fieldValidation={mode}", {"spec": {"u": 1}, "x": 1, "metadata": {"q": 1}})
        s.patch(t.one('s') + f'?fieldValidation={mode}', '{"spec":{"a":1,"a":2}}')
        s.patch(t.one("s") + f"?fieldValidation={mode}", [{"op": "add", "path": "/spec/u", "value": 1}],
                kind="application/json-patch+json")
        s.patch(t.one('s') + f'?fieldValidation={mode}',
                '[{"op":"add","op":"add","path":"/spec/a","value":1,"foo":2}]', kind='application/json-patch+json')
        s.patch(t.one("s") + f"?fieldManager=x&force=true&fieldValidation={mode}", t.obj("s", spec={"a": 3, "u": 1}),
                kind="application/apply-patch+yaml")
        s.patch(t.one("s") + f"?fieldManager=x&force=true&fieldValidation={mode}",
                "apiVersion: strict.example.com/v1\nkind: Strict\nspec:\n  a: 1\n  a: 2\n",
                kind="application/apply-patch+yaml")
        s.post(t.path + f"?dryRun=All&fieldValidation={mode}", t.obj("e", spec={"e": {"apiVersion": "v1",
                "kind": "Pod", "metadata": {"name": "x", "bad": 1, "ownerReferences": [{"foo": 1}]},
                "any": {"b": 1}}}))
    s.patch(t.one("s"), {"spec": {"a": 1}}, kind="application/strategic-merge-patch+json")
    s.patch(t.one("s"), {"spec": {"a": 1}}, kind="text/plain")
    s.patch(t.one("s"), {"spec": {"a": 1}}, kind="application/json")
    t.done()


def pruning_and_preserving(s):
    t = _Type(s, "prune", {"type": "object", "properties": {"spec": {"type": "object",
            "properties": {"keep": {"type": "object", "x-kubernetes-preserve-unknown-fields": True,
            "properties": {"known": {"type": "object", "properties": {"a": {"type": "string"}}}}}, "any": ANY,
            "open": {"type": "object", "additionalProperties": True}, "map": {"type": "object",
            "additionalProperties": {"type": "string"}}, "list": {"type": "array", "items": ANY},
            "empty": {"type": "object"}, "ios": {"x-kubernetes-int-or-string": True}, "emb": {"type": "object",
            "x-kubernetes-embedded-resource": True, "properties": {"spec": {"type": "object",
            "properties": {"a": {"type": "integer"}}}}}, "embp": {"type": "object",
            "x-kubernetes-embedded-resource": True, "x-kubernetes-preserve-unknown-fields": True}}}}})
    t.post("a", spec={"keep": {"x": {"y": 1}, "known": {"a": "1", "b": "2"}}, "any": [1, {"a": None}, "x"],
            "open": {"a": {"b": 1}}, "map": {"a": "b"}, "list": [1, "x", {"a": 1}, [2]], "empty": {"x": 1}, "ios": 5,
            "z": 1}, status={"a": 1}, top=1)
    t.post("b", spec={"any": "text", "ios": "5%"})
    t.post("c", spec={"any": None, "ios": None})
    t.post("d", spec={"ios": 1.5})
    t.post("d", spec={"ios": True})
    t.post("d", spec={"ios": {"a": 1}})
    t.post("d", spec={"map": {"a": 1}})
    t.post("d", spec={"map": {"a": None}})
    t.post("d", spec={"empty": "x", "list": {}})
    t.post("e", spec={"emb": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "labels": {"a": "b"},
            "unknown": 1, "creationTimestamp": None}, "spec": {"a": 1, "b": 2}, "foo": 1}})
    t.post("f", spec={"emb": {"kind": "Pod"}})
    t.post("f", spec={"emb": {"apiVersion": "", "kind": ""}})
    t.post("f", spec={"emb": {"apiVersion": "a/b/c", "kind": "P_d", "metadata": {"name": "A/b",
            "labels": {"x y": "1"}, "namespace": "A"}}})
    t.post("f", spec={"emb": {"apiVersion": 1, "kind": "Pod"}})
    t.post("f", spec={"emb": {"apiVersion": "v1", "kind": "Pod", "metadata": 1}})
    t.post("f", spec={"emb": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": 1}}})
    t.post("f", spec={"emb": {"apiVersion": "v1", "kind": "Pod", "metadata": {"creationTimestamp": "x"}}})
    t.post("g", spec={"embp": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "generation": 2,
            "managedFields": []}, "x": {"y": 1}}})
    t.post("h", spec={"emb": "x"})
    t.post("i", spec={"emb": {"apiVersion": "v1", "kind": "Pod", "spec": {"a": "x"}}})
    s.get(t.path)
    t.done()


def defaults_and_nulls(s):
    t = _Type(s, "dflt", _spec(s={"type": "string", "default": "x"}, i={"type": "integer", "default": 0},
            b={"type": "boolean", "default": False}, e={"type": "string", "default": ""}, n={"type": "string",
            "nullable": True, "default": "d"}, nn={"type": "string", "nullable": True}, f={"type": "number",
            "default": 1.0}, f2={"type": "number", "default": 1.5}, o={"type": "object", "default": {"a": 1},
            "properties": {"a": {"type": "integer"}, "c": {"type": "string", "default": "in"}}}, o2={"type": "object",
            "default": {}, "properties": {"c": {"type": "string", "default": "in"}}}, o3={"type": "object",
            "properties": {"c": {"type": "string", "default": "in"}}}, l={"type": "array", "default": [],
            "items": {"type": "object", "properties": {"p": {"type": "string", "default": "TCP"}}}},
            m={"type": "object", "additionalProperties": {"type": "object", "properties": {"q": {"type": "integer",
            "default": 7}}}}, arr={"type": "array", "items": {"type": "string"}}))
    _definition_of(s, t.definition)
    t.post("a")
    t.post("b", spec={})
    t.post("c", spec={"s": None, "i": None, "b": None, "n": None, "nn": None, "o": None, "o2": None, "l": None,
            "m": None, "arr": None})
    t.post("d", spec={"l": [{}, {"p": "UDP"}, {"p": None}], "m": {"x": {}, "y": None}, "o3": {}, "arr": ["a", None]})
    t.post("e", spec={"l": [None]})
    t.post("e2", spec=None)
    s.patch(t.one("b"), {"spec": {"s": None, "o": None}})
    s.patch(t.one("b"), [{"op": "remove", "path": "/spec/s"}], kind="application/json-patch+json")
    s.patch(t.one("b"), [{"op": "replace", "path": "/spec/nn", "value": None}], kind="application/json-patch+json")
    s.patch(t.one("b"), [{"op": "add", "path": "/spec/nn", "value": None}], kind="application/json-patch+json")
    s.apply(t.one("z"), t.obj("z", spec={"l": [{}], "nn": None}))
    s.apply(t.one("z"), t.obj("z", spec={"s": "y"}))
    s.get(t.path)
    t.done()


def value_validation(s):
    t = _Type(s, "val", _spec(min={"type": "integer", "minimum": 3, "maximum": 5}, xmin={"type": "number",
            "minimum": 3, "exclusiveMinimum": True, "maximum": 5, "exclusiveMaximum": True}, mul={"type": "number",
            "multipleOf": 0.5}, muli={"type": "integer", "multipleOf": 3}, len={"type": "string", "minLength": 2,
            "maxLength": 4}, pat={"type": "string", "pattern": "^a+$"}, enum={"type": "string", "enum": ["a", "b",
            ""]}, enumi={"type": "integer", "enum": [1, 2]}, enumo={"type": "object",
            "properties": {"a": {"type": "integer"}}, "enum": [{"a": 1}, None], "nullable": True},
            arr={"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "integer"}}, obj={"type": "object",
            "minProperties": 1, "maxProperties": 2, "additionalProperties": {"type": "integer"}},
            req={"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "string"},
            "b": {"type": "string"}}}, one={"type": "object", "properties": {"a": {"type": "string"},
            "b": {"type": "string"}}, "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, any={"type": "object",
            "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}, "anyOf": [{"required": ["a"],
            "properties": {"a": {"minimum": 5}}}, {"required": ["b"]}]}, all={"type": "integer",
            "allOf": [{"minimum": 3}, {"multipleOf": 2}]}, no={"type": "string", "not": {"enum": ["x"]}},
            ios={"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}, {"type": "string"}],
            "pattern": "^[0-9]+%?$"}, i32={"type": "integer", "format": "int32"}, i64={"type": "integer",
            "format": "int64"}, fl={"type": "number", "format": "float"}, dbl={"type": "number", "format": "double"}))
    cases = [("min", 2), ("min", 6), ("min", 4), ("min", 4.0), ("min", 4.5), ("min", "4"), ("min", True), ("xmin", 3),
            ("xmin", 5), ("xmin", 4), ("xmin", 3.000001), ("mul", 0.7), ("mul", 1.5), ("muli", 4), ("muli", 0),
            ("len", "a"), ("len", "abcde"), ("len", "ééé"), ("len", "😀😀😀😀😀"), ("pat", "b"), ("pat", ""), ("pat",
            "aa\n"), ("enum", "c"), ("enum", ""), ("enum", 1), ("enumi", 3), ("enumi", 1.0), ("enumo", {"a": 2}),
            ("enumo", None), ("enumo", {}), ("arr", []), ("arr", [1, 2, 3]), ("arr", [1, "x"]), ("arr", ["x", "y"]),
            ("arr", {}), ("arr", [None]), ("obj", {}), ("obj", {"a": 1, "b": 2, "c": 3}), ("obj", {"a": "x"}), ("req",
            {}), ("req", {"a": "x"}), ("req", {"a": None, "b": "x"}), ("one", {}), ("one", {"a": "x", "b": "y"}),
            ("one", {"a": "x"}), ("any", {}), ("any", {"a": 4}), ("any", {"a": 6}), ("all", 1), ("all", 3), ("all",
            4), ("no", "x"), ("no", "y"), ("ios", "5%"), ("ios", 5), ("ios", "x"), ("ios", 1.5), ("i32", 2147483648),
            ("i32", -2147483649), ("i32", 3.0), ("i64", 9223372036854775807), ("i64", 9223372036854775808), ("i64",
            -9223372036854775808), ("i64", 10000000000.0), ("i64", 1e+19), ("fl", 1e+39), ("fl", 1.1), ("dbl",
            1e+308), ("dbl", 0.1), ("dbl", 5), ("dbl", 1e+21), ("dbl", 123456789012345680000), ("dbl", 1e-07)]
    for field, value in cases:
        t.post("x", "?dryRun=All", spec={field: value})
    t.post("x", "?dryRun=All", spec={"min": 9, "len": "a", "pat": "b", "arr": [1, "x", 3], "req": {}, "one": {}})
    for raw in ('1e400', '1.0', '1E2', '-0', '0.0', '1e2', '100000000000000000000000', '12345678901234567890',
            '0.30000000000000004', '1e-400', '01', '+1', '.5', 'NaN'):
        s.post(t.path + '?dryRun=All',
                '{"apiVersion":"val.example.com/v1","kind":"Val","metadata":{"name":"r"},"spec":{"dbl":%s}}' % raw)
        s.post(t.path + '?dryRun=All',
                '{"apiVersion":"val.example.com/v1","kind":"Val","metadata":{"name":"r"},"spec":{"i64":%s}}' % raw)
    t.done()


def formats(s):
    names = ["bsonobjectid", "uri", "email", "hostname", "ipv4", "ipv6", "cidr", "mac", "uuid", "uuid3", "uuid4",
            "uuid5", "isbn", "isbn10", "isbn13", "creditcard", "ssn", "hexcolor", "rgbcolor", "byte", "password",
            "date", "duration", "datetime", "date-time", "k8s-short-name", "k8s-long-name", "foo"]
    t = _Type(s, "fmt", _spec(**{n.replace("-", ""): {"type": "string", "format": n} for n in names}))
    values = ["", "x", "A-b", "a.b", "a@b.c", "http://a/b?c", "//x", "/a", "1.2.3.4", "::1", "::ffff:1.2.3.4",
            "10.0.0.0/8", "01:23:45:67:89:ab", "123e4567-e89b-12d3-a456-426614174000",
            "123e4567-e89b-42d3-a456-426614174000", "0321751043", "978-0321751041", "4111111111111111", "111-11-1111",
            "#fff", "#FFFFFF", "rgb(1,2,3)", "YWJj", "YWJ", "2020-01-02", "2020-13-02", "1h", "1d", "1h2m3s", "-5m",
            "2020-01-02T03:04:05Z", "2020-01-02T03:04:05.123+01:00", "2020-01-02 03:04:05",
            "507f1f77bcf86cd799439011", "a" * 64, "1 week", "3 days ago"]
    for n in names:
        answers = {v: s.post(t.path + "?dryRun=All", t.obj("x", spec={n.replace("-", ""): v}), quiet=True)
            for v in values}
        s.note([n, [v for v, (status, _) in answers.items() if status == 201]])
    t.done()


def list_types(s):
    t = _Type(s, "lst", _spec(set={"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
            seti={"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "number"}},
            seto={"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "object",
            "x-kubernetes-map-type": "atomic", "properties": {"a": {"type": "integer"}}}}, map={"type": "array",
            "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k", "p"], "items": {"type": "object",
            "required": ["k"], "properties": {"k": {"type": "string"}, "p": {"type": "string", "default": "TCP"},
            "v": {"type": "integer"}}}}, atom={"type": "array", "x-kubernetes-list-type": "atomic",
            "items": {"type": "string"}}, gran={"type": "object", "additionalProperties": {"type": "string"}},
            amap={"type": "object", "x-kubernetes-map-type": "atomic", "additionalProperties": {"type": "string"}},
            deflt={"type": "array", "items": {"type": "string"}}))
    for spec in ({'set': ['a', 'a']}, {'set': ['a', 'b', 'a', 'a']}, {'seti': [1, 1.0]}, {'seti': [1, 2, 1]},
            {'seto': [{'a': 1}, {'a': 1}]}, {'seto': [{'a': 1}, {'a': 2}, {}]}, {'map': [{'k': 'a'}, {'k': 'a'}]},
            {'map': [{'k': 'a'}, {'k': 'a', 'p': 'UDP'}]}, {'map': [{'k': 'a', 'v': 1}, {'k': 'a', 'p': 'TCP',
            'v': 2}]}, {'map': [{}]}, {'map': [{'k': 1}]}, {'atom': ['a', 'a']}):
        t.post("x", "?dryRun=All", spec=spec)
    s.apply(t.one("m"), t.obj("m", spec={"set": ["a", "b"], "map": [{"k": "a", "v": 1}], "atom": ["x"],
            "gran": {"a": "1"}, "amap": {"a": "1"}, "deflt": ["q"]}))
    s.apply(t.one("m"), t.obj("m", spec={"set": ["c", "b"], "map": [{"k": "b", "v": 1}, {"k": "a", "v": 2}],
            "atom": ["y"], "gran": {"b": "1"}, "amap": {"b": "1"}, "deflt": ["r"]}), manager="two")
    s.apply(t.one("m"), t.obj("m", spec={"set": ["c"], "map": [{"k": "b", "v": 1}, {"k": "a", "p": "UDP", "v": 2}],
            "gran": {"b": "1"}}), manager="two")
    s.apply(t.one("m"), t.obj("m", spec={"amap": {"b": "2"}, "atom": ["z"], "gran": {"a": "3"}}), manager="three",
            force=True)
    s.apply(t.one("m"), t.obj("m", spec={"set": ["a"]}))
    s.apply(t.one("m"), t.obj("m"))
    s.apply(t.one("m"), t.obj("m", spec={"set": ["a", "a"]}))
    s.apply(t.one("m"), t.obj("m", spec={"map": [{"k": "a"}, {"k": "a"}]}))
    s.apply(t.one("m"), t.obj("m", spec={"map": [{"v": 1}]}))
    s.apply(t.one("m"), t.obj("m", spec={"set": "x"}))
    s.apply(t.one("m"), t.obj("m", spec={"set": [None]}))
    s.apply(t.one("m"), t.obj("m", spec={"map": None}))
    s.apply(t.one("m"), t.obj("m", spec={"unknown": 1}))
    s.apply(t.one("m"), t.obj("m", spec={"map": [{"k": "a", "v": None}]}))
    s.apply(t.one("m"), t.obj("other"))
    s.ask("PATCH", t.one("m"), t.obj("m"), kind="application/apply-patch+yaml")
    s.apply(t.one("m"), {**t.obj("m"), "metadata": {"name": "m", "managedFields": [{"manager": "x"}]}})
    s.apply(t.one("m"), {**t.obj("m"), "metadata": {"resourceVersion": "1"}})
    s.apply(t.one("m"), "a: [", manager="x")
    s.apply(t.one("m"), "", manager="x")
    s.apply(t.one("m"), "[]", manager="x")
    s.patch(t.one("m"), {"spec": {"map": [{"k": "z"}]}})
    s.get(t.one("m"))
    t.done()


def status_and_generation(s):
    t = _Type(s, "stat", {"type": "object", "properties": {"spec": {"type": "object",
            "properties": {"a": {"type": "integer"}}}, "status": {"type": "object",
            "properties": {"s": {"type": "integer"}, "conditions": {"type": "array", "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["type"], "items": {"type": "object", "required": ["type"],
            "properties": {"type": {"type": "string"}, "status": {"type": "string"}}}}}}}},
            version={"subresources": {"status": {}}})
    t.post("a", spec={"a": 1}, status={"s": 1})
    _, x = s.get(t.one())
    s.get(t.one() + "/status")
    x["status"] = {"s": 2}
    x["spec"]["a"] = 9
    x["metadata"]["labels"] = {"q": "r"}
    s.put(t.one() + "/status", x)
    s.put(t.one() + "/status", x)
    _, x = s.get(t.one(), quiet=True)
    x["status"] = {"s": 5}
    x["spec"]["a"] = 2
    s.put(t.one(), x)
    s.put(t.one() + "/status", t.obj("a", status={"s": 3}))
    s.put(t.one("none") + "/status", t.obj("none", status={}))
    s.patch(t.one() + "/status", {"status": {"s": 3}, "spec": {"a": 77}})
    s.patch(t.one() + "/status", {"status": {"s": "x"}})
    s.patch(t.one() + "/status", {"status": {"u": "x"}})
    s.patch(t.one() + "/status", [{"op": "add", "path": "/status/s", "value": 8}], kind="application/json-patch+json")
    s.patch(t.one() + "/status", {"status": None})
    s.patch(t.one() + "/status", {"metadata": {"labels": {"z": "z"}, "annotations": {"a": "b"},
            "finalizers": ["x/y"]}})
    s.patch(t.one(), {"status": {"s": 4}})
    s.patch(t.one(), {"metadata": {"labels": {"l": "1"}}})
    s.patch(t.one(), {"spec": {"a": 5}})
    s.patch(t.one(), {"spec": {"a": 5}})
    s.apply(t.one() + "/status", t.obj("a", status={"conditions": [{"type": "A", "status": "True"}]}))
    s.apply(t.one() + "/status", t.obj("a", status={"conditions": [{"type": "B", "status": "True"}]}), manager="two")
    s.apply(t.one() + "/status", t.obj("a", status={"conditions": [{"type": "A", "status": "False"}]}), manager="two")
    s.apply(t.one() + "/status", t.obj("a", status={"conditions": [{"type": "A", "status": "False"}]}), manager="two",
            force=True)
    s.apply(t.one("nope") + "/status", t.obj("nope", status={}))
    s.apply(t.one(), t.obj("a", spec={"a": 6}, status={"s": 1}), manager="three")
    s.post(t.one() + "/status", t.obj("a"))
    s.delete(t.one() + "/status")
    s.get(t.path + "/status")
    s.get(f"/apis/{t.group}/v1")
    t.done()


def scale(s):
    t = _Type(s, "scal", {"type": "object", "properties": {"spec": {"type": "object", "properties": {"r": ANY,
            "x": {"type": "string"}}}, "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}},
            version={"subresources": {"status": {}, "scale": {"specReplicasPath": ".spec.r",
            "statusReplicasPath": ".status.r", "labelSelectorPath": ".status.sel"}}})
    def sc(n, r, **m):
        return {"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": n, "namespace": "default", **m},
                "spec": {"replicas": r}}

    p = t.one() + "/scale"
    t.post("a", spec={"r": 3})
    s.get(p)
    s.put(p, sc("a", 5))
    s.put(p, sc("a", -1))
    s.put(p, sc("b", 5))
    s.put(p, sc("a", 5, resourceVersion="1"))
    s.put(p, sc("a", 5, uid="x"))
    s.put(p, {**sc("a", 5), "spec": {}})
    s.patch(p, {"spec": {"replicas": 7}})
    s.patch(p, {"spec": {"replicas": None}})
    s.patch(p, [{"op": "replace", "path": "/spec/replicas", "value": 4}], kind="application/json-patch+json")
    s.patch(p, {"metadata": {"labels": {"a": "b"}}})
    s.patch(t.one() + "/status", {"status": {"r": 2, "sel": "a=b"}})
    s.get(p)
    s.patch(t.one() + "/status", {"status": {"r": "x", "sel": 5}})
    s.get(p)
    s.patch(t.one() + "/status", {"status": {"r": 2.5, "sel": None}})
    s.get(p)
    s.patch(t.one() + "/status", {"status": {"r": None}})
    s.get(p)
    for v in ('x', -1, 1.5, 3000000000, None, {'a': 1}):
        t.post("w", "", spec={"r": v})
        s.get(t.one("w") + "/scale")
        s.put(t.one("w") + "/scale", sc("w", 1))
        s.delete(t.one("w"), quiet=True)
    t.post("n")
    s.get(t.one("n") + "/scale")
    s.put(t.one("n") + "/scale", sc("n", 1))
    s.get(t.one("n"))
    s.get(t.one("zz") + "/scale")
    s.delete(p)
    s.post(p, sc("a", 1))
    t.done()


def tables(s):
    cols = [{'name': n, 'type': ty, 'jsonPath': p, **m} for n, ty, p, m in (('S', 'string', '.spec.s', {}), ('I',
            'integer', '.spec.i', {'description': 'an int', 'format': 'int32'}), ('N', 'number', '.spec.n', {}), ('B',
            'boolean', '.spec.b', {}), ('D', 'date', '.spec.d', {}), ('W', 'string', '.spec.w', {'priority': 1}),
            ('A', 'string', '.spec.arr[*].x', {}), ('F', 'string', '.spec.arr[?(@.x=="b")].y', {}), ('O', 'string',
                '.spec.o', {}), ('L', 'string',
            '.metadata.labels.a\\.b/c', {}), ('Idx', 'string', '.spec.arr[0].x', {}), ('Slice', 'string',
            '.spec.arr[0:2].x', {}), ('Neg', 'string', '.spec.arr[-1].x', {}), ('Q',
            'string', ".spec['s']", {}))]
    t = _Type(s, "tab", {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
            version={"additionalPrinterColumns": cols})
    t.post("a", spec={"s": "x", "i": 5, "n": 1.5, "b": True, "d": "2020-01-02T03:04:05Z", "w": "wide",
            "arr": [{"x": "a", "y": 1}, {"x": "b", "y": 2}], "o": {"k": "v"}})
    t.post("b", spec={})
    t.post("c", spec={"s": 5, "i": "x", "n": "y", "b": "z", "d": "bad", "arr": [], "o": [1, 2]})
    t.post("d", spec={"s": True, "i": 1.5, "n": 3, "b": 0, "d": 5, "arr": {"x": 1}, "o": "t"})
    t.post("e", spec={"s": ["q"], "i": 10000000000, "n": 1e+21, "b": None, "d": None, "arr": [{"x": [1]}], "o": 1.25})
    t.post("f", spec={"s": "ü\n<", "i": -3, "n": -0.5, "b": False, "d": "2999-01-02T03:04:05Z", "o": None})
    for acc in ('application/json;as=Table;v=v1;g=meta.k8s.io', 'application/json;as=Table;v=v1beta1;g=meta.k8s.io',
            'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
            'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
            'application/json;as=Table;v=v2;g=meta.k8s.io',
                            'application/vnd.kubernetes.protobuf,application/json', 'application/cbor',
            'text/plain', '*/*', 'application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io,application/json'):
        s.get(t.path, Accept=acc)
        s.get(t.one("a"), Accept=acc)
    s.get(t.path + "?includeObject=Object", Accept="application/json;as=Table;v=v1;g=meta.k8s.io")
    s.get(t.path + "?includeObject=None&limit=2", Accept="application/json;as=Table;v=v1;g=meta.k8s.io")
    s.get(t.path + "?includeObject=x", Accept="application/json;as=Table;v=v1;g=meta.k8s.io")
    s.watch(t.path + "?watch=1&resourceVersion=0", 6, timeout=3,
            Accept="application/json;as=Table;v=v1;g=meta.k8s.io")
    s.watch(t.path + "?watch=1&resourceVersion=0", 6, timeout=3,
            Accept="application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io")
    t.done()
    t = _Type(s, "plain", {"type": "object"})
    t.post("a")
    s.get(t.path, Accept="application/json;as=Table;v=v1;g=meta.k8s.io")
    t.done()


def selectable_fields(s):
    t = _Type(s, "sel", _spec(a={"type": "string"}, i={"type": "integer"}, b={"type": "boolean"}),
            version={"selectableFields": [{"jsonPath": ".spec.a"}, {"jsonPath": ".spec.i"}, {"jsonPath": ".spec.b"}]})
    t.post("a", spec={"a": "x", "i": 1, "b": True})
    t.post("b", spec={"a": "y", "i": 2, "b": False})
    t.post("c", spec={})
    for q in ('spec.a=x', 'spec.a!=x', 'spec.i=1', 'spec.b=true', 'spec.b=false', 'spec.b=', 'spec.a=',
            'spec.a=x,spec.i=1', 'spec.c=1', 'metadata.name=a,spec.a=x', 'metadata.namespace=default', 'spec.a==x',
            'spec.a in (x)', 'a', '.spec.a=x', 'spec.i=01'):
        s.get(t.path + "?fieldSelector=" + q.replace(" ", "%20"))
    s.watch(t.path + "?watch=1&resourceVersion=0&fieldSelector=spec.a=x", 2, timeout=3)
    s.delete(t.path + "?fieldSelector=spec.a=x")
    s.get(t.path)
    _definition_of(s, t.definition)
    t.done()


def watches_and_definition_changes(s):
    t = _Type(s, "wat", _spec(a={"type": "string"}))
    _, d0 = s.get(t.definition, quiet=True)
    t.post("a", spec={"a": "1", "z": 1})
    _, l = s.get(t.path, quiet=True)
    rv = l["metadata"]["resourceVersion"]
    s.patch(t.one(), {"spec": {"a": "2"}}, quiet=True)
    s.patch(t.one(), {"metadata": {"labels": {"q": "1"}}}, quiet=True)
    s.delete(t.one(), quiet=True)
    s.watch(t.path + "?watch=1&resourceVersion=1x", 1)
    s.watch(t.path + "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true", 1,
            timeout=3)
    s.watch(t.one("x") + "?watch=1&timeoutSeconds=1", 1, timeout=3)
    t.post("k", spec={"a": "1"})
    s.patch(t.definition, [{"op": "add",
            "path": "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/n",
            "value": {"type": "integer", "default": 7}}], kind="application/json-patch+json", quiet=True)
    time.sleep(1.5)
    s.get(t.one("k"))
    t.post("k2", spec={"a": "1", "n": 8})
    _definition_of(s, t.definition)
    s.patch(t.one("k"), {"metadata": {"finalizers": ["x.y/z"]}})
    s.delete(t.one("k"))
    s.get(t.one("k"))
    s.delete(t.one("k"))
    s.patch(t.one("k"), {"spec": {"a": "9"}})
    s.patch(t.one("k"), {"metadata": {"finalizers": ["x.y/z", "q.r/s"]}})
    t.post("k")
    s.patch(t.one("k"), {"metadata": {"finalizers": None}}, quiet=True)
    s.get(t.one("k"))
    _, x = s.get(t.definition, quiet=True)
    rv = x["metadata"]["resourceVersion"]
    s.delete(t.definition, quiet=True)
    time.sleep(2)
    s.get(t.path)
    _definition_of(s, t.definition)
    s.get("/apis/" + t.group)


def two_versions(s):
    sch = _spec(a={"type": "string"})
    sch2 = _spec(a={"type": "string"}, b={"type": "integer", "default": 3})
    c = _definition("two.example.com", "twos", sch)
    c["spec"]["versions"].append({"name": "v2", "served": True, "storage": False, "schema": {"openAPIV3Schema": sch2},
            "deprecated": True})
    c["spec"]["versions"].append({"name": "v3beta1", "served": False, "storage": False,
            "schema": {"openAPIV3Schema": sch2}})
    n = D + "/twos.two.example.com"
    s.delete(n, quiet=True)
    _wait(s, n, False)
    s.post(D, c, quiet=True)
    b = "/apis/two.example.com/"
    _wait(s, b + "v1/twos")
    time.sleep(0.5)
    o = {"apiVersion": "two.example.com/v1", "kind": "Two", "metadata": {"name": "a"}, "spec": {"a": "x", "b": 5}}
    s.post(b + "v1/namespaces/default/twos", o)
    s.get(b + "v2/namespaces/default/twos/a")
    s.get(b + "v1/twos")
    s.get(b + "v2/twos")
    s.get("/apis/two.example.com")
    s.get(b + "v1")
    s.get(b + "v2")
    s.apply(b + "v1/namespaces/default/twos/a", {"apiVersion": "two.example.com/v1", "kind": "Two",
            "metadata": {"name": "a"}, "spec": {"a": "z"}})
    s.patch(n, [{"op": "replace", "path": "/spec/versions/0/storage", "value": False}, {"op": "replace",
            "path": "/spec/versions/1/storage", "value": True}], kind="application/json-patch+json", quiet=True)
    _definition_of(s, n)
    s.patch(n, [{"op": "remove", "path": "/spec/versions/0"}], kind="application/json-patch+json")
    s.patch(n + "/status", {"status": {"storedVersions": ["v2"]}}, quiet=True)
    _definition_of(s, n)
    s.patch(n, {"spec": {"scope": "Cluster"}})
    s.patch(n, {"spec": {"group": "x.y"}})
    s.patch(n, {"spec": {"names": {"plural": "foos"}}})
    s.patch(n, {"spec": {"names": {"kind": "Foo"}}})
    s.patch(n, {"spec": {"names": {"shortNames": ["tw"], "categories": ["all"]}}}, quiet=True)
    time.sleep(1)
    _definition_of(s, n)
    s.get(b + "v2")
    s.get(n + "/scale")
    s.delete(n, quiet=True)
    _wait(s, n, False)


def names_conflicts(s):
    a = _definition("con.example.com", "firsts", {"type": "object"})
    a["spec"]["names"]["shortNames"] = ["fs"]
    b = _definition("con.example.com", "seconds", {"type": "object"})
    b["spec"]["names"].update(kind="First", listKind="FirstList", shortNames=["fs"], singular="first")
    for x in ('firsts', 'seconds'):
        s.delete(D + f"/{x}.con.example.com", quiet=True)
        _wait(s, D + f"/{x}.con.example.com", False)
    s.post(D, a, quiet=True)
    _wait(s, "/apis/con.example.com/v1/firsts")
    s.post(D, b, quiet=True)
    time.sleep(1)
    _definition_of(s, D + "/seconds.con.example.com")
    s.delete(D + "/firsts.con.example.com", quiet=True)
    time.sleep(2)
    _definition_of(s, D + "/seconds.con.example.com")
    s.get("/apis/con.example.com/v1")
    s.delete(D + "/seconds.con.example.com", quiet=True)
    c = _definition("k8s.io", "protes", {"type": "object"})
    s.post(D + "?dryRun=All", c)
    c["metadata"]["annotations"] = {"api-approved.kubernetes.io": "bad"}
    s.post(D + "?dryRun=All", c)
    c["metadata"]["annotations"] = {"api-approved.kubernetes.io": "unapproved, x"}
    s.post(D + "?dryRun=All", {**c, "spec": {}})




def schemas_that_are_refused(s):
    rule, meta = "x-kubernetes-validations", {"x-kubernetes-embedded-resource": True,
                                              "x-kubernetes-preserve-unknown-fields": True, "type": "object"}
    text, number, some = {"type": "string"}, {"type": "integer"}, {"type": "object"}
    for schema in (
            {"type": "bogus"}, {}, {**some, "additionalProperties": False, "properties": {"a": text}},
            {**some, "properties": {"a": text}, "additionalProperties": text}, {**text, "items": text},
            {"type": "array"}, {"type": "array", "items": [text]}, {**text, "$ref": "x"}, {**text, "id": "x"},
            {**some, "x-kubernetes-preserve-unknown-fields": False}, {**number, "default": "x"},
            {**number, "default": 0}, {**some, "default": {"b": 1}}, {**text, "pattern": "("}, {**number,
                "minimum": 10},
            {**meta, "properties": {"metadata": {**some, "properties": {"name": {**text, "default": "%"}}}}},
            {**meta, "properties": {"kind": {**text, "default": "%"}, "apiVersion": {**text, "default": "a/b/c"}}},
            {**meta, "default": {"metadata": {"labels": {"a": 1}}}}, {**meta, "default": {"kind": 5}},
            {"type": "array", "x-kubernetes-list-type": "set", "items": some},
            {"type": "array", "x-kubernetes-list-type": "map", "items": some},
            {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["a"], "items": [text]},
            {**some, "x-kubernetes-map-type": "future", "properties": {"a": {**number,
                rule: [{"rule": "self == oldSelf"}]}}},
            {**number, rule: [{"rule": "self > 0", "message": " "}, {"rule": "self > 0", "message": "a\nb"}]},
            {**number, rule: [{"rule": "self > "}, {"rule": "self"}, {"rule": ""}, {"rule": "self > 0",
                "reason": "x"}]},
            {**number, rule: [{"rule": "self > 0", "messageExpression": "self"}]},
            {**some, "properties": {"namespace": number, "if": number}, rule: [
                {"rule": "self.namespace > 0 && self.__namespace__ > self.if"}, {"rule": "true", "fieldPath": ".x"},
                {"rule": "true", "fieldPath": ".['if']"}, {"rule": "true", "fieldPath": ".['\\q']"}]},
            {"type": "array", "items": {"type": "array", "items": {**text, rule: [{"rule": "self.matches('x')"}]}}},
            {**some, "nullable": True}, {**text, "not": {"type": "string"}}, {**text, "uniqueItems": True}):
        status, answer = s.post(D + "?dryRun=All", _definition("bad.example.com", "bads", {
            "type": "object", "properties": {"a": schema}}), quiet=True)
        s.note([status, s.normal(answer if status >= 300 else answer["spec"])])


def definitions_that_are_refused(s):
    good = _definition("bad.example.com", "bads", {"type": "object"})
    version = good["spec"]["versions"][0]
    for spec in ({"group": "bad"}, {"group": ""}, {"scope": "Planet"}, {"scope": ""},
                 {"versions": [{**version, "name": "V1"}]}, {"versions": [version, version]},
                 {"versions": [{**version, "storage": False}]}, {"versions": [{"name": "v1", "served": True,
                     "storage": True}]},
                 {"versions": [{**version, "deprecationWarning": "x"}]}, {"names": {}}, {"names": {"plural": "Bads",
                     "kind": "bad_"}},
                 {"preserveUnknownFields": True}, {"conversion": {}}, {"conversion": {"strategy": "Other"}},
                 {"conversion": {"strategy": "Webhook"}}, {"conversion": {"strategy": "Webhook", "webhook": {
                     "clientConfig": {"url": ""}, "conversionReviewVersions": ["v9"]}}},
                 {"versions": [{**version, "selectableFields": [{"jsonPath": ".x"}]}]},
                 {"versions": [{**version, "additionalPrinterColumns": [{"name": "", "type": "x", "jsonPath": "y"}]}]},
                 {"versions": [{**version, "subresources": {"scale": {"specReplicasPath": ".x",
                     "statusReplicasPath": ""}}}]}):
        status, answer = s.post(D + "?dryRun=All", {**good, "spec": {**good["spec"], **spec}}, quiet=True)
        s.note([status, s.normal(answer if status >= 300 else answer["spec"])])


def scales_are_patched_and_shown_as_their_objects(s):
    """Not asked: applies and what is strictly checked, which upstream cannot do for lack of a schema of Scale."""
    t = _Type(s, "sca", _spec(r={"type": "integer"}), version={"subresources": {"status": {}, "scale": {
        "specReplicasPath": ".spec.r", "statusReplicasPath": ".status.r", "labelSelectorPath": ".status.sel"}}})
    t.post("a", spec={"r": 1})
    p = t.one() + "/scale"
    for kind in ("application/strategic-merge-patch+json", "application/json", "text/plain"):
        s.patch(p + "?dryRun=x", {"spec": {"replicas": 2}}, kind=kind)
    s.patch(t.one("none") + "/scale", {}, kind="application/strategic-merge-patch+json")
    for mode in ("", "?fieldValidation=Warn", "?fieldValidation=Ignore"):
        s.put(p + mode, {"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {
            "name": "a", "namespace": "default", "x": 1}, "spec": {"replicas": 2, "y": 1}})
        s.patch(p + mode, '{"spec":{"replicas":3,"y":1,"replicas":4}}')
        s.patch(p + mode, [{"op": "add", "path": "/spec/y", "value": 1}], kind="application/json-patch+json")
    table = "application/json;as=Table;v=v1;g=meta.k8s.io"
    for include in ("None", "Object", "Metadata"):
        _, answer = s.get(f"{p}?includeObject={include}", Accept=table, quiet=True)
        s.note([answer["columnDefinitions"], answer["rows"][0]["cells"][:3], s.normal(answer["rows"][0]["object"])])
    for accept in ("application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io", "text/html",
                   "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"):
        s.get(p, Accept=accept)
    status, _ = s.get(p, Accept="application/vnd.kubernetes.protobuf", quiet=True)
    s.note(status)
    t.done()


def what_is_not_served_is_no_page(s):
    t = _Type(s, "srv", _spec(a={"type": "integer"}))
    group, absent = "/apis/srv.example.com", "/apis/nope.example.com"
    for path in (group + "/v1/nothings", group + "/v1/namespaces/default/nothings/a", group + "/v2/srvs", group + "/v2",
                 t.one() + "/nope", t.one() + "/scale", absent, absent + "/v1", absent + "/v1/things"):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            s.ask(method, path, None if method in ("GET", "DELETE") else {})
    t.done()


def what_the_router_looks_at(s):
    """Not asked: patches that change nothing, which upstream writes all the same when they are of scales."""
    t = _Type(s, "rou", _spec(r={"type": "integer"}), version={"subresources": {"status": {}, "scale": {
        "specReplicasPath": ".spec.r", "statusReplicasPath": ".status.r"}}})
    t.post("a", spec={"r": 1})
    for below in ("/scale/x", "/scale/x/y", "/status/x", "/nope/x"):
        for method in ("GET", "PUT", "POST", "DELETE", "OPTIONS"):
            s.ask(method, t.one() + below, {} if method in ("PUT", "POST") else None)
        s.get(t.one("none") + below)
    for path in (t.one(), t.one("none"), t.one() + "/scale", t.one() + "/status", t.one() + "/nope", t.path):
        for method in ("HEAD", "OPTIONS", "FOO"):
            s.ask(method, path)
    for path in ("/apis/rou.example.com", "/apis/rou.example.com/", "/apis/rou.example.com/v1",
                 "/apis/rou.example.com/v1/", "/apis/rou.example.com/v2"):
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"):
            s.ask(method, path, {} if method in ("POST", "PUT", "PATCH") else None)
    for versions in ([], None):
        definition = _definition("nov.example.com", "novs", {"type": "object"})
        definition["spec"]["versions"] = versions
        s.post(D + "?dryRun=All", definition)
    t.done()


def the_definitions_go(s):
    """Whoever asks next finds no types of these scenarios."""
    _, found = s.ask("GET", D, quiet=True)
    names = [item["metadata"]["name"] for item in found["items"] if item["spec"]["group"].endswith(".example.com")]
    for name in names:
        s.ask("DELETE", D + "/" + name, quiet=True)
    for name in names:
        for _ in range(100):
            if s.ask("GET", D + "/" + name, quiet=True)[0] == 404:
                break
            time.sleep(0.2)


def names_in_paths_of_creates(s):
    """The router of custom types asks for the verb alone, and a path that begins with watch is one, whatever the
    method."""
    t = _Type(s, "npc", _spec(r={"type": "integer"}), version={"subresources": {"status": {}, "scale": {
        "specReplicasPath": ".spec.r", "statusReplicasPath": ".status.r"}}})
    for query, metadata in (("/foo", {"name": "foo"}), ("/bar", {"name": "foo"}), ("/bar", {"name": "other"}),
                            ("/bar?dryRun=All", {"name": "third"}), ("/bar", {})):
        s.post(t.path + query, {**t.obj(), "metadata": metadata})
    for below in ("/foo/status", "/foo/scale", "/foo/nope", "/foo/status/x"):
        s.post(t.path + below, t.obj("foo"))
    s.put(t.path, t.obj("foo"))
    for kind in ("application/merge-patch+json", "text/plain"):
        s.patch(t.path, {}, kind=kind)
    s.apply(t.path, t.obj("foo"))
    watched = t.path.replace("/namespaces", "/watch/namespaces")
    query = "?timeoutSeconds=1&resourceVersion=0&fieldSelector=metadata.name=foo"
    for method in ("GET", "POST", "PUT", "DELETE"):
        s.ask(method, watched + "/foo" + query, t.obj("foo"))
        s.ask(method, watched + "/bar" + query, t.obj("foo"))
    s.get(watched + "/foo/status" + query)
    t.done()


def scales_that_say_no_number(s):
    t = _Type(s, "num", _spec(r={"type": "integer"}), version={"subresources": {"scale": {
        "specReplicasPath": ".spec.r", "statusReplicasPath": ".status.r"}}})
    t.post("a")
    s.get(t.one("a") + "/scale")
    for patch in ({}, {"metadata": {"labels": {"a": "b"}}}, {"spec": {"replicas": None}}, {"spec": None}):
        s.patch(t.one("a") + "/scale?dryRun=All", patch)
    t.done()
