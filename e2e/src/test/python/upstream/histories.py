"""Random lives of custom objects, over definitions of real projects.

    DEFINITIONS="a.yaml b.yaml …" SEED=1 COUNT=100 answers.py live histories.py UPSTREAM.kubeconfig LOGPLANE.kubeconfig

Definitions of Camel K are in org.apache.camel.k:camel-k-crds, Strimzi's come out of io.strimzi:crd-generator, both on
Maven Central. Not recorded: a definition has half a megabyte. Differences to expect here:

- Where an update carries a field of a wrong type that its endpoint ignores, upstream drops all managed fields and
  answers as before; Logplane keeps them. Conflicts with "before-first-apply" follow from that.
- Upstream stores a default status with the next write, whatever that one changes: one revision more.
- The order of conflicts with several managers, which is that of Go's maps.
- Under several versions, an apply of upstream's may leave null where it takes something out, and refuse itself.
"""
import copy
import os
import random
import time

import yaml

D = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
JUNK = [None, 1, "s", True, {}, [], {"a": 1}, [1, "x"], [{"n": None}], 1.5, -3, ""]
TEXTS = ["a", "", "x-y", "10", "all", "\u00e4" * 3, "A" * 70]
NUMBERS = [0, 1, 5, -1, 9093, 2 ** 31, 2 ** 40]


def _value(luck, schema, depth=0):
    if "enum" in schema:
        return copy.deepcopy(luck.choice(schema["enum"]))
    if schema.get("x-kubernetes-int-or-string"):
        return luck.choice([1, "10%", "a"])
    kind = schema.get("type", "object")
    if kind == "array":
        return [_value(luck, schema.get("items", {}), depth + 1) for _ in range(luck.randint(0, 3))]
    if kind == "string":
        special = {"date-time": ["2026-01-01T00:00:00Z", "yesterday"], "byte": ["YQ==", "%%"]}
        return luck.choice(special.get(schema.get("format"), TEXTS))
    if kind != "object":
        return luck.choice({"integer": NUMBERS, "number": [0, 1.5, -2], "boolean": [True, False]}[kind])
    made = {}
    likely = 0.35 if depth < 2 else 0.2 if depth < 5 else 0.05
    for name, inner in schema.get("properties", {}).items():
        if name in schema.get("required", []) or luck.random() < likely:
            made[name] = _value(luck, inner, depth + 1)
    if isinstance(schema.get("additionalProperties"), dict):
        for index in range(luck.randint(0, 2)):
            made[f"k{index}"] = _value(luck, schema["additionalProperties"], depth + 1)
    if schema.get("x-kubernetes-preserve-unknown-fields") and luck.random() < 0.5:
        made["free"] = {"x": [1, "2", None]}
    return made


def _places(value):
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield value, name
        yield from _places(member)


def _spoil(luck, value):
    for _ in range(luck.choice([0, 0, 1, 1, 2, 4])):
        places = list(_places(value.get("spec", {})))
        if not places:
            return
        holder, name = luck.choice(places)
        how = luck.random()
        if how < 0.5:
            holder[name] = copy.deepcopy(luck.choice(JUNK))
        elif how < 0.7 and isinstance(holder, dict):
            del holder[name]
        elif isinstance(holder, dict):
            holder[f"unknown{luck.randint(0, 9)}"] = luck.choice([1, {"z": 2}])
        else:
            holder.append(copy.deepcopy(holder[name]))


class _Life:
    """One object of a definition, in any of its versions."""

    def __init__(self, s, luck, definition, name):
        self.s, self.luck, self.name, self.spec = s, luck, name, definition["spec"]
        self.versions = [version for version in self.spec["versions"] if version.get("served")]

    def parts(self, version):
        properties = version["schema"]["openAPIV3Schema"].get("properties", {})
        return {part: _value(self.luck, properties[part]) for part in ("spec", "status")
                if part in properties and (part == "spec" or self.luck.random() < 0.4)}

    def whole(self, version, **metadata):
        return {"apiVersion": self.spec["group"] + "/" + version["name"], "kind": self.spec["names"]["kind"],
                "metadata": {"name": self.name, **metadata}, **self.parts(version)}

    def path(self, version):
        space = "/namespaces/default" if self.spec["scope"] == "Namespaced" else ""
        return f"/apis/{self.spec['group']}/{version['name']}{space}/{self.spec['names']['plural']}"

    def live(self):
        luck, version = self.luck, self.luck.choice(self.versions)
        body = self.whole(version)
        _spoil(luck, body)
        valid = luck.choice(["Strict", "Warn", "Ignore"])
        status, _ = self.s.post(f"{self.path(version)}?fieldManager=c&fieldValidation={valid}", body)
        if status != 201:
            return
        for _ in range(luck.randint(2, 6)):
            self.change(luck.choice(self.versions))
        self.s.get(f"{self.path(version)}/{self.name}")
        self.s.delete(f"{self.path(version)}/{self.name}")

    def change(self, version):
        luck = self.luck
        item = f"{self.path(version)}/{self.name}"
        path = item + ("/status" if luck.random() < 0.25 else "") + "?fieldManager=" + luck.choice("abc")
        how = luck.random()
        if how < 0.5:
            forced = luck.choice(["", "&force=true"])
            self.s.patch(path + forced, self.whole(version), kind="application/apply-patch+yaml")
        elif how < 0.7:
            body = self.parts(version)
            _spoil(luck, body)
            self.s.patch(path, body)
        elif how < 0.85:
            _, found = self.s.get(item, quiet=True)
            self.s.put(path, self.whole(version, resourceVersion=found["metadata"]["resourceVersion"]))
        else:
            operation = {"op": luck.choice(["add", "replace", "remove", "test"]),
                         "path": luck.choice(["/spec/x", "/metadata/labels", "/spec", "/metadata/annotations"]),
                         "value": luck.choice([{}, {"a": "b"}, "x", None])}
            self.s.patch(path, [operation], kind="application/json-patch+json")


def _history(definition, index):
    def history(s):
        name = definition["metadata"]["name"]
        if s.get(f"{D}/{name}", quiet=True)[0] == 404:
            s.post(D, definition, quiet=True)
            time.sleep(3)  # upstream establishes it a little later
        _Life(s, random.Random(f"{os.environ.get('SEED', 1)} {index}"), definition, f"life-{index}").live()
    return history


def _all():
    definitions = [yaml.safe_load(open(file, encoding="utf-8")) for file in os.environ.get("DEFINITIONS", "").split()]
    luck = random.Random(os.environ.get("SEED", "1"))
    for index in range(int(os.environ.get("COUNT", 100)) if definitions else 0):
        yield f"history_{index}", _history(luck.choice(definitions), index)


globals().update(_all())
