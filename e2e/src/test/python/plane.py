"""The server that KUBECONFIG names, and what each suite needs of it."""

import json
import os
import time
import unittest

from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException

LIMIT = 60
IMAGE = "logplane.local/busybox:1"


def connect():
    return config.new_client_from_config(os.environ["KUBECONFIG"])


class InNamespace(unittest.TestCase):
    """Tests in a new namespace, gone after them, in which pods can be made: what every namespace gets is there."""

    @classmethod
    def setUpClass(cls):
        cls.api = connect()
        cls.core = client.CoreV1Api(cls.api)
        cls.apps = client.AppsV1Api(cls.api)
        cls.namespace = cls.core.create_namespace({"metadata": {"generateName": "python-"}}).metadata.name
        for listing, name in [(cls.core.list_namespaced_service_account, "default"),
                              (cls.core.list_namespaced_config_map, "kube-root-ca.crt")]:
            first(listing, lambda made: made.metadata.name == name, cls.namespace)

    @classmethod
    def tearDownClass(cls):
        cls.core.delete_namespace(cls.namespace)
        cls.api.close()

    def refused(self, status, reason, message, call, *arguments, **named):
        """The call is refused with these, all as kube-apiserver says them."""
        with self.assertRaises(ApiException) as raised:
            call(*arguments, **named)
        body = json.loads(raised.exception.body)
        self.assertEqual((status, reason, message), (raised.exception.status, body.get("reason"), body["message"]))


def first(listing, fits, *arguments, **named):
    """The first object of a watch that fits."""
    for event in watch.Watch().stream(listing, *arguments, timeout_seconds=LIMIT, **named):
        if fits(event["object"]):
            return event["object"]
    raise AssertionError("no object of %s fits within %d seconds" % (listing.__name__, LIMIT))


def eventually(true):
    """Asks until it is so."""
    end = time.monotonic() + LIMIT
    while not true():
        if time.monotonic() > end:
            raise AssertionError("still not so after %d seconds" % LIMIT)
        time.sleep(0.2)


def template(name, *containers):
    """What Deployments and ReplicaSets make their pods of."""
    return {"metadata": {"labels": {"app": name}},
            "spec": {"terminationGracePeriodSeconds": 0, "containers": list(containers)}}


def workload(name):
    sleeping = {"name": "c", "image": IMAGE, "command": ["sleep", "1000"]}
    return {"metadata": {"name": name}, "spec": {"replicas": 1, "selector": {"matchLabels": {"app": name}},
                                                 "template": template(name, sleeping)}}
