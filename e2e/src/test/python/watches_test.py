"""What is told while it happens: events, and who leads."""

import logging
import os
import threading

from kubernetes import config, watch
from kubernetes.client.rest import ApiException
from kubernetes.leaderelection import electionconfig, leaderelection
from kubernetes.leaderelection.resourcelock.configmaplock import ConfigMapLock

from plane import LIMIT, InNamespace


class WatchesTest(InNamespace):
    def test_each_event_is_told_before_the_next_is_there(self):
        maps = self.core.list_namespaced_config_map
        before = maps(self.namespace).metadata.resource_version
        steps = [lambda: self.core.create_namespaced_config_map(self.namespace, {"metadata": {"name": "a"}}),
                 lambda: self.core.patch_namespaced_config_map("a", self.namespace, {"data": {"k": "v"}}),
                 lambda: self.core.delete_namespaced_config_map("a", self.namespace)]
        told, watching = [], watch.Watch()
        steps[0]()
        for event in watching.stream(maps, self.namespace, resource_version=before):
            told.append((event["type"], event["object"].metadata.name))
            if len(told) == len(steps):
                watching.stop()
            else:
                steps[len(told)]()
        self.assertEqual([("ADDED", "a"), ("MODIFIED", "a"), ("DELETED", "a")], told)
        self.assertEqual(told, self.since(before, len(told)))
        self.core.create_namespaced_config_map(self.namespace, {"metadata": {"name": "b"}})
        self.assertEqual([("ADDED", "b")], self.since(watching.resource_version, 1))
        self.assertEqual([("ADDED", "b")], self.since(None, 1, field_selector="metadata.name=b"))

    def since(self, revision, count, **named):
        """The first events of a watch that begins there."""
        told, watching = [], watch.Watch()
        for event in watching.stream(self.core.list_namespaced_config_map, self.namespace, resource_version=revision,
                                     **named):
            told.append((event["type"], event["object"].metadata.name))
            if len(told) == count:
                watching.stop()
        return told

    def test_a_revision_that_is_none_is_refused(self):
        with self.assertRaises(ApiException) as raised:
            self.since("x", 1)
        self.assertEqual(500, raised.exception.status)

    def test_one_candidate_leads(self):
        config.load_kube_config(os.environ["KUBECONFIG"])
        logging.disable(logging.INFO)
        led = threading.Event()
        settings = electionconfig.Config(
            ConfigMapLock("leader", self.namespace, "first"), lease_duration=4, renew_deadline=3, retry_period=1,
            onstarted_leading=led.set, onstopped_leading=None)
        threading.Thread(target=leaderelection.LeaderElection(settings).run, daemon=True).start()
        self.assertTrue(led.wait(LIMIT))
        record = self.core.read_namespaced_config_map("leader", self.namespace).metadata.annotations
        self.assertIn('"holderIdentity": "first"', record["control-plane.alpha.kubernetes.io/leader"])
