package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Rules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Storage drivers: what one can do, and on which nodes it runs.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/csi-driver-v1/
public final class DriverRules {
    private static final long SHORTEST_TOKEN_SECONDS = 600;
    private static final long LONGEST_TOKEN_SECONDS = 1L << 32;
    private static final long SHORTEST_PERIOD_SECONDS = 10;
    private static final int NODE_ID_LENGTH = 256;

    private DriverRules() {
    }

    /// CSIDrivers.
    public record Drivers() implements Specified {

        @Override
        public void applyDefaults(ObjectNode object) {
            ObjectNode spec = Tree.object(object, "spec");
            Tree.setDefault(spec, "attachRequired", true);
            Tree.setDefault(spec, "podInfoOnMount", false);
            Tree.setDefault(spec, "storageCapacity", false);
            Tree.setDefault(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
            if (spec.path("volumeLifecycleModes").isEmpty()) {
                spec.putArray("volumeLifecycleModes").add("Persistent");
            }
            Tree.setDefault(spec, "requiresRepublish", false);
            Tree.setDefault(spec, "seLinuxMount", false);
        }

        @Override
        public void prepareForCreate(ObjectNode object) {
            prepareForUpdate(object, Json.newObject());
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old) {
            DisabledFields.unlessInUse(object, old, "spec", "preventPodSchedulingIfMissing");
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            JsonNode spec = object.path("spec");
            problems.oneOfIfSet(spec, "spec", "fsGroupPolicy", "File", "None", "ReadWriteOnceWithFSType");
            tokens(spec, problems);
            for (String mode : Tree.texts(spec, "volumeLifecycleModes")) {
                if (!mode.equals("Persistent") && !mode.equals("Ephemeral")) {
                    problems.notSupported("spec.volumeLifecycleModes", mode, "Persistent", "Ephemeral");
                }
            }
            String period = "nodeAllocatableUpdatePeriodSeconds";
            if (Tree.has(spec, period) && Tree.number(spec, period) < SHORTEST_PERIOD_SECONDS) {
                problems.invalid("spec." + period, Tree.number(spec, period),
                        "must be greater than or equal to 10 seconds");
            }
            String secret = "serviceAccountTokenInSecrets";
            if (Tree.has(spec, secret) && spec.path("tokenRequests").isEmpty()) {
                problems.invalid("spec." + secret, spec.path(secret),
                        secret + " is set but no tokenRequests are specified");
            }
            return problems.list();
        }

        /// The path `attachedRequired` is upstream's slip of the pen; clients see it so.
        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            JsonNode attach = Tree.at(object, "spec.attachRequired");
            if (!Problems.same(attach, Tree.at(old, "spec.attachRequired"))) {
                problems.invalid("spec.attachedRequired", attach, Problems.IMMUTABLE);
            }
            problems.unchanged(object, old, "spec", "volumeLifecycleModes");
            return problems.list();
        }

        @Override
        public boolean allowsUnconditionalUpdate() {
            return false;
        }

        private static void tokens(JsonNode spec, Problems problems) {
            List<ObjectNode> requests = Tree.objects(spec, "tokenRequests");
            Set<String> audiences = new HashSet<>();
            for (int i = 0; i < requests.size(); i++) {
                String path = "spec.tokenRequests[" + i + "]";
                String audience = Tree.text(requests.get(i), "audience");
                if (!audiences.add(audience)) {
                    problems.duplicate(path + ".audience", audience);
                } else if (Tree.has(requests.get(i), "expirationSeconds")) {
                    long seconds = Tree.number(requests.get(i), "expirationSeconds");
                    if (seconds < SHORTEST_TOKEN_SECONDS) {
                        problems.invalid(path + ".expirationSeconds", seconds,
                                "may not specify a duration less than 10 minutes");
                    } else if (seconds > LONGEST_TOKEN_SECONDS) {
                        problems.invalid(path + ".expirationSeconds", seconds,
                                "may not specify a duration larger than 2^32 seconds");
                    }
                }
            }
        }
    }

    /// CSINodes.
    public record DriverNodes() implements Rules {

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            List<ObjectNode> drivers = Tree.objects(object, "spec.drivers");
            Set<String> names = new HashSet<>();
            for (int i = 0; i < drivers.size(); i++) {
                String path = "spec.drivers[" + i + "]";
                driver(drivers.get(i), path, problems);
                if (!names.add(Tree.text(drivers.get(i), "name"))) {
                    problems.duplicate(path + ".name", Tree.text(drivers.get(i), "name"));
                }
                keys(Tree.texts(drivers.get(i), "topologyKeys"), path, problems);
            }
            return problems.list();
        }

        /// A driver keeps its entry as it is, but for how many volumes it can take.
        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            for (ObjectNode before : Tree.objects(old, "spec.drivers")) {
                for (ObjectNode now : Tree.objects(object, "spec.drivers")) {
                    ObjectNode rest = now.deepCopy().without("allocatable");
                    if (Tree.text(now, "name").equals(Tree.text(before, "name"))
                            && !Problems.same(rest, before.deepCopy().without("allocatable"))) {
                        problems.invalid("spec.drivers", GoStruct.of(rest, "CSINodeDriver"), Problems.IMMUTABLE);
                    }
                }
            }
            return problems.list();
        }

        @Override
        public boolean allowsUnconditionalUpdate() {
            return false;
        }

        private static void driver(ObjectNode driver, String path, Problems problems) {
            VolumeSources.driver(path + ".name", Tree.text(driver, "name"), problems);
            String id = Tree.text(driver, "nodeID");
            if (id.isEmpty()) {
                problems.required(path + ".nodeID");
            } else if (NameFormat.bytes(id) > NODE_ID_LENGTH) {
                problems.invalid(path + ".nodeID", id, "must be " + NODE_ID_LENGTH + " characters or less");
            }
            problems.notNegative(driver.path("allocatable"), path + ".allocatable", "count");
        }

        private static void keys(List<String> keys, String path, Problems problems) {
            Set<String> seen = new HashSet<>();
            for (String key : keys) {
                if (key.isEmpty()) {
                    problems.required(path);
                }
                if (!seen.add(key)) {
                    problems.duplicate(path, key);
                }
                problems.format(NameFormat.QUALIFIED, path, key);
            }
        }
    }
}
