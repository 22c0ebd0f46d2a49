"""Asks servers the same questions and compares what they answer.

    answers.py live    SCENARIOS.py A B         run on both servers, print where B answers otherwise than A
    answers.py record  SCENARIOS.py A FILE      run on A, keep the answers
    answers.py compare SCENARIOS.py FILE B      run on B, print where it answers otherwise than what was kept

A and B are kubeconfig files with client certificates. --only REGEX takes the scenarios whose name matches.
A scenario is a function of a module SCENARIOS.py whose name does not begin with an underscore; it gets a Session.
What no two servers can have in common is replaced: uids, times, ages of years, versions (by the order they come in), tokens; the
order of causes and of managed fields, which depends on Go's maps and on seconds, is not compared; nor are status and
managed fields of a definition just created: Logplane establishes it at once.
"""
import argparse
import base64
import http.client
import importlib.util
import json
import re
import ssl
import sys
import tempfile
import urllib.parse

HEADERS = ("Content-Type", "Warning", "Cache-Control", "Allow", "Accept-Patch", "Retry-After", "Location",
           "X-Content-Type-Options", "Content-Encoding", "Vary", "WWW-Authenticate")
UID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
GENERATED = re.compile(r"\b(generated-)[a-z0-9]{5}\b")
AGE = re.compile(r"^\d+y(\d+d)?$")
CREDENTIAL = re.compile(r"X509SHA256=[0-9a-f]{64}")
CURRENT = re.compile(r"(current: |in record \(|resourceVersion\\?\":\\?\")\d+")


class Server:
    """One server, asked over one connection at a time."""

    def __init__(self, kubeconfig):
        text = open(kubeconfig, encoding="utf-8").read()
        self.url = urllib.parse.urlparse(re.search(r"server:\s*\"?([^\s\"]+)", text).group(1))
        self.tls = ssl.create_default_context()
        self.tls.check_hostname, self.tls.verify_mode = False, ssl.CERT_NONE
        self.nobody = ssl.create_default_context()
        self.nobody.check_hostname, self.nobody.verify_mode = False, ssl.CERT_NONE
        with tempfile.NamedTemporaryFile("wb") as certificate, tempfile.NamedTemporaryFile("wb") as key:
            for part, file in (("client-certificate-data", certificate), ("client-key-data", key)):
                file.write(base64.b64decode(re.search(part + r":\s*\"?([A-Za-z0-9+/=]+)", text).group(1)))
                file.flush()
            self.tls.load_cert_chain(certificate.name, key.name)
        self.kept = None

    def connect(self, timeout):
        return http.client.HTTPSConnection(self.url.hostname, self.url.port, timeout=timeout, context=self.tls)

    def ask_as_nobody(self, method, path, body, headers):
        """Without a certificate, over a connection of its own."""
        connection = http.client.HTTPSConnection(self.url.hostname, self.url.port, timeout=70, context=self.nobody)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        answer = response.status, dict(response.getheaders()), response.read(), response.headers
        connection.close()
        return answer

    def ask(self, method, path, body, headers):
        for attempt in range(2):
            connection = self.kept or self.connect(70)
            self.kept = None
            try:
                connection.request(method, path, body, headers)
                response = connection.getresponse()
                answer = response.status, dict(response.getheaders()), response.read(), response.headers
                self.kept = connection
                return answer
            except (ConnectionError, http.client.HTTPException):
                if attempt:
                    raise
        return None


class Session:
    """What a scenario asks with; it keeps the answers."""

    def __init__(self, server):
        self.server, self.answers, self.versions, self.hidden = server, [], {}, {}

    def ask(self, method, path, body=None, kind="application/json", quiet=False, nobody=False, **headers):
        """Returns (status, parsed body or text). headers: names with _ for -."""
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode()
        sent = {"Accept": "application/json"}
        if body is not None:
            sent["Content-Type"] = kind
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        sent = {name: value for name, value in sent.items() if value is not None}
        ask = self.server.ask_as_nobody if nobody else self.server.ask
        status, _, content, every = ask(method, path, body, sent)
        try:
            value = json.loads(content)
        except ValueError:
            value = content.decode("utf-8", "replace")
        if not quiet:
            created = method == "POST" and isinstance(value, dict) and value.get("kind") == "CustomResourceDefinition"
            self.answers.append({"ask": f"{method} {path}", "status": status, "headers": {
                name: every.get_all(name) for name in HEADERS if every.get_all(name)}, "body": self.normal(
                    established_later(value) if created else value)})
        return status, value

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, body, **more):
        return self.ask("POST", path, body, **more)

    def put(self, path, body, **more):
        return self.ask("PUT", path, body, **more)

    def delete(self, path, body=None, **more):
        return self.ask("DELETE", path, body, **more)

    def patch(self, path, body, kind="application/merge-patch+json", **more):
        return self.ask("PATCH", path, body, kind=kind, **more)

    def apply(self, path, body, manager="one", force=False, **more):
        query = f"fieldManager={manager}" + ("&force=true" if force else "")
        separator = "&" if "?" in path else "?"
        return self.ask("PATCH", path + separator + query, body, kind="application/apply-patch+yaml", **more)

    def watch(self, path, events, timeout=5, **headers):
        """Reads so many events, or those of so many seconds."""
        connection = self.server.connect(timeout)
        connection.request("GET", path, None, {"Accept": "application/json", **{
            name.replace("_", "-"): value for name, value in headers.items()}})
        response = connection.getresponse()
        seen, why = [], "enough"
        try:
            while len(seen) < events and response.status == 200:
                line = response.readline()
                if not line:
                    why = "ended"
                    break
                seen.append(self.normal(json.loads(line)))
            if response.status != 200:
                seen = self.normal(json.loads(response.read()))
        except TimeoutError:
            why = "silent"
        connection.close()
        self.answers.append({"ask": f"WATCH {path}", "status": response.status, "why": why, "body": seen})
        return seen

    def hide(self, text, shown):
        """From now on the text is kept as what is shown instead."""
        self.hidden[text] = shown

    def note(self, what):
        """Keeps something a scenario has worked out of answers."""
        self.answers.append({"ask": "note", "body": what})

    def normal(self, value, key=None):
        if isinstance(value, dict):
            value = unordered(value)
            return {name: self.normal_member(name, member, value) for name, member in value.items()}
        if isinstance(value, list):
            return [self.normal(one) for one in value]
        if isinstance(value, str):
            for text, shown in self.hidden.items():
                value = value.replace(text, shown)
            value = AGE.sub("<age>", CREDENTIAL.sub("X509SHA256=<hash>", value))
            return CURRENT.sub(r"\1<rv>", GENERATED.sub(r"\1<suffix>", TIME.sub("<time>", UID.sub("<uid>", value))))
        return value

    def normal_member(self, name, member, parent):
        if name == "resourceVersion" and isinstance(member, str):
            if "uid" not in parent:
                return "<rv>" if member else member
            return "<rv%d>" % self.versions.setdefault(member, len(self.versions) + 1)
        if name == "managedFields" and isinstance(member, list):  # their order depends on the second of each write
            member = sorted(member, key=lambda entry: [str(entry.get(part)) for part in (
                "operation", "manager", "subresource", "apiVersion")] if isinstance(entry, dict) else [])
        if name == "continue" and isinstance(member, str) and member:
            return "<token>"
        return self.normal(member, name)


def unordered(status):
    """A Status whose causes are sorted and not repeated in its message."""
    details = status.get("details")
    causes = details.get("causes") if isinstance(details, dict) else None
    if not causes or len(causes) < 2 or " is invalid: [" not in status.get("message", ""):
        return status
    causes = sorted(causes, key=lambda cause: (cause.get("field", ""), cause.get("message", "")))
    return {**status, "details": {**details, "causes": causes},
            "message": status["message"].partition("[")[0] + "causes"}


def established_later(definition):
    metadata, status = definition.get("metadata", {}), definition.get("status", {})
    return {**definition, "metadata": {name: value for name, value in metadata.items() if name != "managedFields"},
            "status": {name: value for name, value in status.items() if name not in ("conditions", "acceptedNames")}}


def scenarios(file, only):
    spec = importlib.util.spec_from_file_location("scenarios", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [(name, function) for name, function in vars(module).items()
            if callable(function) and not name.startswith("_") and function.__module__ == "scenarios"
            and re.search(only, name)]


def run(server, function):
    session = Session(server)
    try:
        function(session)
    except Exception as failure:  # the answers before it are worth comparing
        session.note(f"{type(failure).__name__}: {failure}")
    return session.answers


def differences(one, other, path=""):
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted({*one, *other}, key=str):
            if name not in one:
                yield f"{path}.{name}: only there: {short(other[name])}"
            elif name not in other:
                yield f"{path}.{name}: only here: {short(one[name])}"
            else:
                yield from differences(one[name], other[name], f"{path}.{name}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other)):
            yield from differences(left, right, f"{path}[{index}]")
    elif one != other or type(one) is not type(other):
        yield f"{path}:\n      expected {short(one)}\n      answered {short(other)}"


def short(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) < 1500 else text[:1500] + "…"


def compare(name, expected, answered):
    found = []
    for index in range(max(len(expected), len(answered))):
        if index >= len(expected) or index >= len(answered):
            found.append(f"  {len(expected)} answers expected, {len(answered)} came")
            break
        lines = list(differences(expected[index], answered[index]))
        if lines:
            found.append(f"  {index} {expected[index]['ask']}")
            found.extend("    " + line for line in lines)
    if found:
        print(name)
        print("\n".join(found))
    return bool(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=("live", "record", "compare"))
    parser.add_argument("scenarios")
    parser.add_argument("first")
    parser.add_argument("second")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    chosen = scenarios(options.scenarios, options.only)
    if options.mode == "record":
        server = Server(options.first)
        kept = {name: run(server, function) for name, function in chosen}
        with open(options.second, "w", encoding="utf-8") as file:
            json.dump(kept, file, indent=1, sort_keys=True, ensure_ascii=False)
            file.write("\n")
        return 0
    asked = Server(options.second)
    if options.mode == "live":
        expected = Server(options.first)
        wrong = sum(compare(name, run(expected, function), run(asked, function)) for name, function in chosen)
    else:
        with open(options.first, encoding="utf-8") as file:
            kept = json.load(file)
        wrong = sum(compare(name, kept.get(name, []), json.loads(json.dumps(run(asked, function))))
                    for name, function in chosen)
    print(f"{len(chosen) - wrong} of {len(chosen)} scenarios answered alike")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
