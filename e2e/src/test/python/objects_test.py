"""Typed and generic objects: made, read, changed, refused, deleted."""

import itertools
import os
import tempfile

from kubernetes import client, dynamic, utils
from kubernetes.client.rest import ApiException
from kubernetes.dynamic.exceptions import ConflictError, DynamicApiError, NotFoundError

from plane import InNamespace, connect, eventually, workload

GROUP = "python.logplane.io"
MANIFEST = """
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: listed}}
- {apiVersion: v1, kind: Service, metadata: {name: listed}, spec: {ports: [{port: 80}]}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: listed}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
"""


class TypedTest(InNamespace):
    def test_every_list_of_a_served_version_is_understood(self):
        listed = 0
        for name in sorted(name for name in dir(client) if name.endswith("Api")):
            api = getattr(client, name)(self.api)
            for method in dir(api):
                whole = method.startswith("list_") and "_namespaced_" not in method and "custom_object" not in method
                if whole and not method.endswith("_with_http_info"):
                    try:
                        getattr(api, method)()
                        listed += 1
                    except ApiException as refused:
                        self.assertEqual(404, refused.status, method)
                    except ValueError as insisting:  # on what the API allows to be null
                        self.assertIn("must not be `None`", str(insisting), method)
        self.assertGreater(listed, 40)

    def test_an_object_is_made_replaced_and_deleted(self):
        maps = {"namespace": self.namespace}
        made = self.core.create_namespaced_config_map(body={"metadata": {"name": "a"}, "data": {"k": "v"}}, **maps)
        self.refused(409, "AlreadyExists", 'configmaps "a" already exists', self.core.create_namespaced_config_map,
                     body={"metadata": {"name": "a"}}, **maps)
        made.data["k"] = "w"
        self.assertEqual("w", self.core.replace_namespaced_config_map("a", body=made, **maps).data["k"])
        self.refused(409, "Conflict", 'Operation cannot be fulfilled on configmaps "a": the object has been modified; '
                     'please apply your changes to the latest version and try again',
                     self.core.replace_namespaced_config_map, "a", body=made, **maps)
        self.assertEqual("Success", self.core.delete_namespaced_config_map("a", **maps).status)
        self.refused(404, "NotFound", 'configmaps "a" not found', self.core.read_namespaced_config_map, "a", **maps)
        self.refused(400, "BadRequest", 'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot '
                     'unmarshal number into Go struct field ConfigMap.data of type string',
                     self.core.create_namespaced_config_map, body={"metadata": {"name": "a"}, "data": {"k": 1}}, **maps)

    def test_a_list_comes_in_pages(self):
        for _ in range(7):
            self.core.create_namespaced_config_map(self.namespace, {
                "metadata": {"generateName": "page-", "labels": {"page": ""}}})
        sizes, token = [], None
        while token != "":
            page = self.core.list_namespaced_config_map(self.namespace, label_selector="page", limit=3,
                                                        **({"_continue": token} if token else {}))
            sizes.append(len(page.items))
            token = page.metadata._continue or ""
        self.assertEqual([3, 3, 1], sizes)
        self.core.delete_collection_namespaced_config_map(self.namespace, label_selector="page")
        self.assertEqual([], self.core.list_namespaced_config_map(self.namespace, label_selector="page").items)

    def test_patches_merge_by_key_or_follow_steps(self):
        self.apps.create_namespaced_deployment(self.namespace, workload("patched"))
        variable = {"name": "c", "env": [{"name": "A", "value": "1"}]}
        merged = self.apps.patch_namespaced_deployment("patched", self.namespace, {
            "spec": {"template": {"spec": {"containers": [variable]}}}})
        self.assertEqual(["sleep", "1000"], merged.spec.template.spec.containers[0].command)
        stepped = self.apps.patch_namespaced_deployment("patched", self.namespace, [
            {"op": "remove", "path": "/spec/template/spec/containers/0/env"}])
        self.assertIsNone(stepped.spec.template.spec.containers[0].env)
        self.refused(422, "Invalid", "the server rejected our request due to an error in our request",
                     self.apps.patch_namespaced_deployment, "patched", self.namespace,
                     [{"op": "test", "path": "/spec/replicas", "value": 7}])
        scale = self.apps.read_namespaced_deployment_scale("patched", self.namespace)
        scale.metadata.resource_version = None  # the controller writes, too
        scale.spec.replicas = 2
        self.apps.replace_namespaced_deployment_scale("patched", self.namespace, scale)
        self.assertEqual(2, self.apps.read_namespaced_deployment("patched", self.namespace).spec.replicas)

    def test_dependents_go_stay_or_go_first(self):
        for policy in ["Foreground", "Background", "Orphan"]:
            name = policy.lower()
            self.apps.create_namespaced_replica_set(self.namespace, workload(name))
            eventually(lambda: self.pods(name))
            answer = self.apps.delete_namespaced_replica_set(
                name, self.namespace, body=client.V1DeleteOptions(propagation_policy=policy), async_req=True).get()
            self.assertEqual(policy == "Background", answer.status == "Success")
            eventually(lambda: not self.apps.list_namespaced_replica_set(
                self.namespace, field_selector="metadata.name=" + name).items)
            if policy == "Orphan":
                self.assertIsNone(self.pods(name)[0].metadata.owner_references)
                self.core.delete_collection_namespaced_pod(self.namespace, label_selector="app=orphan")
            eventually(lambda: not self.pods(name))

    def pods(self, name):
        return self.core.list_namespaced_pod(self.namespace, label_selector="app=" + name).items

    def test_a_file_of_objects_is_created_once(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(MANIFEST)
            file.flush()
            utils.create_from_yaml(self.api, file.name, namespace=self.namespace)
            with self.assertRaises(utils.FailToCreateError) as raised:
                utils.create_from_yaml(self.api, file.name, namespace=self.namespace)
        self.assertEqual(["Conflict"] * 3, [refused.reason for refused in raised.exception.api_exceptions])

    def test_an_account_has_the_rights_it_was_given(self):
        self.core.create_namespaced_service_account(self.namespace, {"metadata": {"name": "robot"}})
        client.RbacAuthorizationV1Api(self.api).create_namespaced_role_binding(self.namespace, {
            "metadata": {"name": "robot"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
            "subjects": [{"kind": "ServiceAccount", "name": "robot", "namespace": self.namespace}]})
        token = self.core.create_namespaced_service_account_token("robot", self.namespace, {"spec": {}}).status.token
        robot = connect()
        robot.configuration.cert_file = robot.configuration.key_file = None
        robot = client.ApiClient(robot.configuration)
        robot.configuration.api_key = {"authorization": "Bearer " + token}
        core = client.CoreV1Api(robot)
        eventually(lambda: self.allowed(robot))
        self.assertTrue(core.list_namespaced_config_map(self.namespace).items)
        user = "system:serviceaccount:%s:robot" % self.namespace
        self.refused(403, "Forbidden", 'secrets is forbidden: User "%s" cannot list resource "secrets" in API group "" '
                     'in the namespace "%s"' % (user, self.namespace), core.list_namespaced_secret, self.namespace)
        robot.configuration.api_key = {"authorization": "Bearer " + token[:-9]}
        self.refused(401, "Unauthorized", "Unauthorized", core.list_namespaced_config_map, self.namespace)

    def allowed(self, robot):
        asked = {"verb": "list", "resource": "configmaps", "namespace": self.namespace}
        return client.AuthorizationV1Api(robot).create_self_subject_access_review(
            {"spec": {"resourceAttributes": asked}}).status.allowed


class GenericTest(InNamespace):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.cache = os.path.join(self.folder.name, "discovered")
        self.client = dynamic.DynamicClient(self.api, cache_file=self.cache)

    def test_every_type_that_is_discovered_is_listed(self):
        kinds = [found for found in self.client.resources.search()
                 if type(found) is dynamic.Resource and "list" in found.verbs
                 and not found.group.endswith("logplane.io")]
        self.assertGreater(len(kinds), 55)
        for kind in kinds:
            self.assertEqual(kind.kind + "List", kind.get().kind)

    def test_a_custom_type_is_there_as_soon_as_it_is_defined(self):
        definitions = self.client.resources.get(api_version="apiextensions.k8s.io/v1", kind="CustomResourceDefinition")
        count = {"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}}}
        schema = {"type": "object", "properties": {"spec": count, "status": count}}
        version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema},
                   "subresources": {"status": {}, "scale": {"specReplicasPath": ".spec.n",
                                                            "statusReplicasPath": ".status.n"}}}
        definitions.create(body={
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "pets." + GROUP},
            "spec": {"group": GROUP, "scope": "Namespaced", "versions": [version],
                     "names": {"plural": "pets", "kind": "Pet", "shortNames": ["pt"]}}})
        self.addCleanup(lambda: definitions.delete(name="pets." + GROUP))
        self.use(self.client.resources.get(short_names=["pt"]))
        again = dynamic.DynamicClient(self.api, cache_file=self.cache)
        self.assertEqual("pets", again.resources.get(api_version=GROUP + "/v1", kind="Pet").name)
        self.use_untyped(client.CustomObjectsApi(self.api))

    def use(self, pets):
        merge = {"content_type": "application/merge-patch+json"}
        one = {"name": "one", "namespace": self.namespace}
        made = pets.create(body=self.pet("one", 1), namespace=self.namespace)
        with self.assertRaises(DynamicApiError) as raised:
            pets.create(body=self.pet("none", 0), namespace=self.namespace)
        self.assertEqual('Pet.%s "none" is invalid: spec.n: Invalid value: 0: spec.n in body should be greater than or '
                         'equal to 1' % GROUP, raised.exception.summary())
        with self.assertRaises(DynamicApiError) as raised:
            pets.patch(body={"spec": {"n": 2}}, **one)
        self.assertEqual(415, raised.exception.status)
        self.assertEqual(2, pets.patch(body={"spec": {"n": 2}}, **one, **merge).spec.n)
        with self.assertRaises(ConflictError):
            pets.replace(body=made.to_dict(), namespace=self.namespace)
        self.assertEqual(3, pets.status.patch(body={"status": {"n": 3}}, **one, **merge).status.n)
        scale = pets.scale.patch(body={"spec": {"replicas": 5}}, **one, **merge)
        self.assertEqual((5, 3), (scale.spec.replicas, scale.status.replicas))
        self.assertEqual([("MODIFIED", 2), ("MODIFIED", 2), ("MODIFIED", 5)], self.told(pets, made, 3))
        pets.delete(namespace=self.namespace, label_selector="a!=b")
        with self.assertRaises(NotFoundError):
            pets.get(**one)

    def told(self, pets, since, count):
        events = pets.watch(namespace=self.namespace, resource_version=since.metadata.resourceVersion)
        return [(event["type"], event["object"].spec.n) for event in itertools.islice(events, count)]

    def use_untyped(self, api):
        pets = (GROUP, "v1", self.namespace, "pets")
        made = api.create_namespaced_custom_object(*pets, self.pet("two", 1))
        made["spec"]["n"] = 2
        self.assertEqual(2, api.replace_namespaced_custom_object(*pets, "two", made)["spec"]["n"])
        self.assertEqual(3, api.patch_namespaced_custom_object(*pets, "two", {"spec": {"n": 3}})["spec"]["n"])
        self.assertEqual(3, api.get_namespaced_custom_object_scale(*pets, "two")["spec"]["replicas"])
        self.assertEqual(1, len(api.list_cluster_custom_object(GROUP, "v1", "pets")["items"]))
        self.assertEqual("Success", api.delete_namespaced_custom_object(*pets, "two")["status"])

    @staticmethod
    def pet(name, n):
        return {"apiVersion": GROUP + "/v1", "kind": "Pet", "metadata": {"name": name}, "spec": {"n": n}}
