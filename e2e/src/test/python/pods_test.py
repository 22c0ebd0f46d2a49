"""Streams of a running pod: what it prints, what is said to it, what it serves."""

import json
import unittest

from kubernetes import client, watch
from kubernetes.client.rest import ApiException
from kubernetes.stream import portforward, stream

from plane import IMAGE, LIMIT, InNamespace, first

TALKING = "mkdir /www; echo welcome > /www/index.html; httpd -p 8080 -h /www; while :; do echo tick; sleep 1; done"


class PodsTest(InNamespace):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.runs_containers():
            cls.tearDownClass()
            raise unittest.SkipTest("only hollow nodes")
        cls.core.create_namespaced_pod(cls.namespace, {"metadata": {"name": "talker"}, "spec": {
            "terminationGracePeriodSeconds": 0, "containers": [
                {"name": "web", "image": IMAGE, "command": ["sh", "-c", TALKING]},
                {"name": "echo", "image": IMAGE, "command": ["cat"], "stdin": True}]}})
        first(cls.core.list_namespaced_pod, cls.ready, cls.namespace)
        cls.pod = ("talker", cls.namespace)

    @classmethod
    def runs_containers(cls):
        runtimes = [node.status.node_info.container_runtime_version for node in cls.core.list_node().items]
        return any(runtime.startswith("containerd") for runtime in runtimes)

    @staticmethod
    def ready(pod):
        return any(c.type == "Ready" and c.status == "True" for c in pod.status.conditions or [])

    def execute(self, *command, **named):
        return stream(self.core.connect_get_namespaced_pod_exec, *self.pod, command=list(command), stdout=True,
                      stderr=True, **{"container": "web", "stdin": False, "tty": False, **named})

    def test_a_command_is_run_and_talked_to(self):
        self.assertEqual("out\n", self.execute("echo", "out"))
        self.assertEqual(3_000_000, len(self.execute("sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x")))
        shell = self.execute("sh", stdin=True, _preload_content=False)
        shell.write_stdin("echo $((6*7))\n")
        self.assertEqual("42", shell.readline_stdout(timeout=LIMIT))
        shell.write_stdin("echo bad >&2\n")
        self.assertEqual("bad", shell.readline_stderr(timeout=LIMIT))
        shell.write_stdin("exit 5\n")
        shell.run_forever(timeout=LIMIT)
        self.assertEqual((5, False), (shell.returncode, shell.is_open()))

    def test_a_terminal_has_a_size(self):
        # A size is set beside what is typed, in no order with it.
        shell = self.execute("sh", "-c", "until stty size 2>/dev/null | grep 77; do sleep 0.1; done", stdin=True,
                             tty=True, _preload_content=False)
        shell.write_channel(4, json.dumps({"Width": 77, "Height": 33}))
        shell.run_forever(timeout=LIMIT)
        self.assertIn("33 77", shell.read_stdout())

    def test_a_command_in_no_container_is_refused(self):
        with self.assertRaises(ApiException) as raised:
            self.execute("id", container="nope")
        self.assertIn("Handshake status 400", str(raised.exception))

    def test_a_container_is_attached_to(self):
        # The library waits at the socket even when the answer has come and lies in its TLS buffer (seen: 11 bytes
        # pending): another word wakes it. None is lost, the first answer is the one to the first word.
        echo = stream(self.core.connect_get_namespaced_pod_attach, *self.pod, container="echo", stdin=True, stdout=True,
                      stderr=True, tty=False, _preload_content=False)
        answer = None
        for word in range(LIMIT):
            echo.write_stdin(f"ping {word}\n")
            answer = echo.readline_stdout(timeout=1)
            if answer:
                break
        self.assertEqual("ping 0", answer)
        echo.close()

    def test_a_port_is_forwarded(self):
        forward = portforward(self.core.connect_get_namespaced_pod_portforward, *self.pod, ports="8080")
        socket = forward.socket(8080)
        socket.setblocking(True)
        socket.sendall(b"GET / HTTP/1.0\r\n\r\n")
        page = b""
        for part in iter(lambda: socket.recv(1024), b""):
            page += part
        self.assertTrue(page.endswith(b"welcome\n"), page)
        self.assertIsNone(forward.error(8080))

    def test_a_page_comes_through_the_proxy(self):
        self.assertEqual("welcome\n", self.core.connect_get_namespaced_pod_proxy_with_path(
            "talker:8080", self.namespace, "index.html"))

    def test_a_log_is_read_and_followed(self):
        log = self.core.read_namespaced_pod_log
        self.assertEqual("tick\n", log(*self.pod, container="web", tail_lines=1))
        following, lines = watch.Watch(), []
        for line in following.stream(log, *self.pod, container="web"):
            lines.append(line)
            if len(lines) == 4:
                following.stop()
        self.assertEqual(["tick"] * 4, lines)
        self.refused(400, "BadRequest", "a container name must be specified for pod talker, choose one of: [web echo]",
                     log, *self.pod)
        self.refused(422, "Invalid", 'PodLogOptions "talker" is invalid: tailLines: Invalid value: -1: must be greater '
                     'than or equal to 0', log, *self.pod, container="web", tail_lines=-1)

    def test_a_pod_is_evicted(self):
        self.core.create_namespaced_pod(self.namespace, {"metadata": {"name": "leaving"}, "spec": {"containers": [
            {"name": "c", "image": IMAGE, "command": ["sleep", "1000"]}]}})
        kind = client.V1Eviction if hasattr(client, "V1Eviction") else client.V1beta1Eviction
        self.core.create_namespaced_pod_eviction("leaving", self.namespace, kind(metadata=client.V1ObjectMeta(
            name="leaving"), delete_options=client.V1DeleteOptions(grace_period_seconds=0)))
        self.refused(404, "NotFound", 'pods "leaving" not found', self.core.read_namespaced_pod, "leaving",
                     self.namespace)
