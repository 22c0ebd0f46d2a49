"""Makes random cases for `cases` (src/test/go/cases), which answers them with Kubernetes' own libraries.

    cases.py WHAT OPENAPI COUNT [SEED] | cases >FILE

WHAT is merge, apply, decode or text; OPENAPI an OpenAPI v2 document of kube-apiserver. Objects draw all their values
from a few, so that patches and managers meet.
"""
import copy
import json
import random
import sys

WORDS, NUMBERS = ("a", "b", "c"), (1, 2, 3)
API, META = "io.k8s.api.", "io.k8s.apimachinery.pkg.apis.meta.v1."
LEFT_OUT = ("kind", "apiVersion", "managedFields")
LIKED = ("metadata", "spec", "template", "containers", "ports", "volumes", "env", "taints", "conditions", "subsets",
         "webhooks", "ephemeralContainers", "volumeMounts", "imagePullSecrets", "secrets", "tolerations", "hostAliases",
         "topologySpreadConstraints", "addresses", "finalizers", "ownerReferences", "matchConditions", "status")
KEYS = ("name", "containerPort", "port", "uid", "ip", "mountPath", "devicePath", "key", "type", "topologyKey", "driver",
        "expression")
ODD = (None, 1, "s", True, [], {}, [1], {"a": 1}, 1.5, -1, "", [None], [{}], {"a": None})
AMOUNTS = ("1", "1k", "1Ki", "1e3", "0.5", "100m", "1.5Gi", 1, 1.5, "0", "1024Mi", "0.1Ki", "+1", "1.500")
TIMES = {"Time": ("2020-01-01T00:00:00Z", "2020-01-01T01:00:00.5+01:00"),
         "MicroTime": ("2020-01-01T00:00:00.123456Z", "2020-01-01T01:00:00.000000+01:00")}


class Maker:
    """Makes values by the definitions of an OpenAPI document."""

    def __init__(self, definitions, dice, patch=False, plain=True):
        self.definitions, self.dice, self.patch, self.plain = definitions, dice, patch, plain

    def chance(self, share):
        return self.dice.random() < share

    def value(self, schema, depth):
        if "$ref" in schema:
            return self.object(schema["$ref"].rsplit("/", 1)[1], depth)
        if self.patch and self.chance(.06):
            return None
        kind, form = schema.get("type", "object"), schema.get("format")
        if kind == "array":
            return self.list(schema, depth)
        if kind == "object":
            inner = schema.get("additionalProperties") or {"type": "string"}
            return {key: self.value(inner, depth) for key in self.dice.sample(WORDS, self.dice.choice((0, 1, 2)))}
        if kind == "string":
            texts = ("MQ==", "eA==") if form == "byte" else WORDS if self.plain else WORDS + ("", "\u00e9\t<&>")
            return self.dice.choice(texts)
        return self.dice.choice({"integer": NUMBERS if self.plain else NUMBERS + (0, -1), "number": (1, 1.5),
                                 "boolean": (True, False)}[kind])

    def list(self, schema, depth):
        items = [self.value(schema["items"], depth) for _ in range(self.dice.choice((0, 1, 2, 3)))]
        items = [item for item in items if item is not None or self.chance(.05)]
        keys = schema.get("x-kubernetes-list-map-keys") or [schema.get("x-kubernetes-patch-merge-key")]
        seen, kept = set(), []
        for item in items:
            same = json.dumps([item.get(key) for key in keys] if keys[0] and isinstance(item, dict) else item)
            if same not in seen:
                kept.append(item)
            seen.add(same)
        return kept

    def object(self, name, depth):
        last = name.rsplit(".", 1)[1]
        if last == "Quantity":
            return self.dice.choice(("1", "2") if self.plain else AMOUNTS)
        if last in TIMES:
            return TIMES[last][0] if self.plain else self.dice.choice(TIMES[last])
        if last == "IntOrString":
            return self.dice.choice((1, "a"))
        if last in ("FieldsV1", "RawExtension"):
            return {"a": {"b": 1}}
        properties = self.definitions[name].get("properties")
        if not properties or depth <= 0:
            return {}
        made = {key: self.value(properties[key], depth - 1) for key in self.keys(name, properties, depth)}
        if self.patch:
            self.direct(made, properties)
        return made

    def keys(self, name, properties, depth):
        all_keys = [key for key in properties if key not in LEFT_OUT]
        chosen = set(self.dice.sample(all_keys, min(len(all_keys), self.dice.choice((1, 2, 3)))))
        for keys, share in ((LIKED, .75 if depth > 3 else .4), (self.definitions[name].get("required", ()), .9),
                            (KEYS, .95), (("protocol",), .5)):
            chosen.update(key for key in keys if key in all_keys and self.chance(share))
        return sorted(chosen)

    def direct(self, made, properties):
        """Adds directives of strategic merge patches, some of them wrong."""
        for name in list(made):
            items = made[name]
            if isinstance(items, list):
                self.direct_list(made, name, items, properties[name].get("x-kubernetes-patch-merge-key"))
        if self.chance(.05):
            made["$patch"] = self.dice.choice(("delete", "replace", "merge", "bad"))
        if self.chance(.06):
            made["$retainKeys"] = [key for key in made if not key.startswith("$")][:self.dice.choice((1, 9))]

    def direct_list(self, made, name, items, key):
        maps = [item for item in items if isinstance(item, dict)]
        if maps and self.chance(.2):
            self.dice.choice(maps)["$patch"] = self.dice.choice(("delete", "delete", "replace", "merge", 1))
        if key and maps and self.chance(.25):
            order = [{key: item[key]} for item in maps if key in item] + [{key: self.dice.choice(WORDS)}]
            self.dice.shuffle(order)
            made["$setElementOrder/" + name] = order
        if name == "finalizers" and self.chance(.3):
            made["$deleteFromPrimitiveList/" + name] = [self.dice.choice(WORDS)]
            made["$setElementOrder/" + name] = sorted(set(filter(None, items)) | {self.dice.choice(WORDS)})


def without_empty(value):
    if isinstance(value, dict):
        inner = {key: without_empty(member) for key, member in value.items()}
        return {key: member for key, member in inner.items() if member not in (None, {}, [])}
    if isinstance(value, list):
        return [item for item in map(without_empty, value) if item not in (None, {}, [])]
    return value


def merges(definitions, kinds, dice):
    kind, name = dice.choice(kinds)
    return {"kind": kind, "original": Maker(definitions, dice).object(name, 6),
            "patch": Maker(definitions, dice, patch=True).object(name, 6)}


def applies(definitions, kinds, dice):
    kind, name = dice.choice(kinds)
    steps = []
    for _ in range(dice.choice((2, 3, 4, 5))):
        made = without_empty(Maker(definitions, dice).object(name, 6))
        made.pop("status", None)
        made["metadata"] = {"name": "x", "namespace": "d", "uid": "u", **{
            key: member for key, member in made.get("metadata", {}).items()
            if key in ("labels", "annotations", "finalizers", "ownerReferences")}}
        made.update(apiVersion="/".join(filter(None, kind[:2])), kind=kind[2])
        steps.append({"apply": dice.random() < .7, "manager": dice.choice(("one", "two", "three")),
                      "force": dice.random() < .5, "object": made})
    return {"kind": kind, "steps": steps}


def bodies(definitions, kinds, dice):
    kind, name = dice.choice(kinds)
    made = Maker(definitions, dice, plain=False).object(name, 6)
    for _ in range(dice.choice((0, 0, 1, 2))):
        places = list(inside(made))
        if places:
            holder, key = dice.choice(places)
            if isinstance(holder, dict) and dice.random() < .4:
                holder[dice.choice(("unknown", str(key).upper()))] = copy.deepcopy(holder[key])
            else:
                holder[key] = copy.deepcopy(dice.choice(ODD))
    made.update(apiVersion="/".join(filter(None, kind[:2])), kind=kind[2])
    return {"kind": kind, "body": json.dumps(made)}


def inside(value):
    for key, member in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(member, (dict, list)):
            yield from inside(member)


def texts(_definitions, _kinds, dice):
    pieces = ("a", "b", "x/y", "1", "1024", "0", ".", "500", "Ki", "Mi", "m", "k", "e3", "E", "+", "-", ",", "=", "==",
              "!=", "!", " in ", " notin ", "(", ")", ">", "<", " ", "\\", "\\,", "\u00e9", "metadata.name")
    if dice.random() < .5:
        return {"text": "".join(dice.choice(pieces) for _ in range(dice.choice((1, 2, 3, 4, 6))))}
    terms = ("a=b", "a==", "b!=x y", "a in (b,1)", "b notin ()", "a", "!a", "a>1", "b<x", "a in b", " a = 1 ", "-a=b",
             "metadata.name=a\\,b", "")
    return {"text": dice.choice((",", " , ", ",,")).join(dice.choice(terms) for _ in range(dice.choice((1, 2, 3))))}


def main(what, document, count, seed="1"):
    with open(document, encoding="utf-8") as opened:
        definitions = json.load(opened)["definitions"]
    kinds = [([of["group"], of["version"], of["kind"]], name) for name, definition in sorted(definitions.items())
             for of in definition.get("x-kubernetes-group-version-kind", ())
             if name.startswith(API) and not of["kind"].endswith("List")]
    make, dice = {"merge": merges, "apply": applies, "decode": bodies, "text": texts}[what], random.Random(int(seed))
    for _ in range(int(count)):
        print(json.dumps(make(definitions, kinds, dice)))


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    main(*sys.argv[1:])
