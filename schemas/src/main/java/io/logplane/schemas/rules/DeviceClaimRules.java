package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Requests for devices: claims, templates of them, and the classes they name.
public final class DeviceClaimRules {
    private static final int MAX_ALTERNATIVES = 8;
    private static final String ONE_KIND = "exactly one of `exactly` or `firstAvailable` is required";
    private static final String NO_REQUEST = "must be the name of a request in the claim or the name of a request and "
            + "a subrequest separated by '/'";

    private DeviceClaimRules() {
    }

    /// DeviceClasses.
    public record Classes(Expressions expressions) implements Specified, ExpressionRules {
        @Override
        public Classes judgedBy(Expressions judges) {
            return new Classes(judges);
        }

        @Override
        public List<FieldError> validateCreate(ObjectNode object) {
            return check(object, expressions);
        }

        /// Selectors that all stand as they stood are not compiled anew.
        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            boolean stored = Problems.same(Tree.at(object, "spec.selectors"), Tree.at(old, "spec.selectors"));
            return check(object, stored ? Expressions.NONE : expressions);
        }

        /// Shape: without what is wrong with expressions, which every change of them answers for.
        @Override
        public List<FieldError> known(ObjectNode old) {
            return check(old, Expressions.NONE);
        }

        private static List<FieldError> check(ObjectNode object, Expressions expressions) {
            Problems problems = new Problems();
            JsonNode spec = object.path("spec");
            DeviceRules.selectors(spec, "spec", expressions, problems);
            DeviceRules.each(spec, "spec", "config", DeviceRules.MAX_LIST, problems, (config, at) -> DeviceRules.opaque(
                    config, at, problems));
            String extended = Tree.text(spec, "extendedResourceName");
            if (Tree.has(spec, "extendedResourceName") && (!extended.contains("/")
                    || extended.contains("kubernetes.io/") || extended.startsWith("requests.")
                    || !NameFormat.QUALIFIED.accepts("requests." + extended))) {
                problems.invalid("spec.extendedResourceName", extended, "must be a valid extended resource name");
            }
            return problems.list();
        }
    }

    /// ResourceClaims.
    public record Claims(Expressions expressions) implements SpecRules, ExpressionRules {
        @Override
        public Claims judgedBy(Expressions judges) {
            return new Claims(judges);
        }

        @Override
        public List<String> keepsOfMetadata(String subresource) {
            return METADATA;
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            defaults(object.path("spec"));
            Tree.objects(object, "status.allocation.devices.results").forEach(DeviceClaimRules::tolerations);
        }

        /// What cannot change is looked at once.
        @Override
        public List<FieldError> validateCreate(ObjectNode object) {
            Problems problems = new Problems();
            new SpecCheck(object.path("spec").path("devices"), expressions, problems).check("spec.devices");
            return problems.list();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            return specUnchanged(object, old, "ResourceClaimSpec");
        }

        @Override
        public void prepareForSubresource(String subresource, ObjectNode object, ObjectNode old) {
            SpecRules.super.prepareForSubresource(subresource, object, old);
            DeviceClaimStatus.dropReleased(object.path("status"), old.path("status"));
        }

        @Override
        public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            DeviceClaimStatus.check(object, old, requestNames(object.path("spec").path("devices")), problems);
            return problems.list();
        }

        @Override
        public boolean hasGeneration() {
            return false;
        }
    }

    /// ResourceClaimTemplates.
    public record Templates(Expressions expressions) implements ExpressionRules {
        @Override
        public Templates judgedBy(Expressions judges) {
            return new Templates(judges);
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            defaults(Tree.at(object, "spec.spec"));
        }

        @Override
        public List<FieldError> validateCreate(ObjectNode object) {
            Problems problems = new Problems();
            JsonNode metadata = Tree.at(object, "spec.metadata");
            ObjectMetaRules.labels(metadata.path("labels"), "spec.metadata.labels", problems);
            ObjectMetaRules.annotations(metadata.path("annotations"), "spec.metadata.annotations", problems);
            new SpecCheck(Tree.at(object, "spec.spec.devices"), expressions, problems).check("spec.spec.devices");
            return problems.list();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            return specUnchanged(object, old, "ResourceClaimTemplateSpec");
        }
    }

    /// A request of a claim by its name, or one of its alternatives as `request/alternative`.
    static void requestName(String name, String path, Set<String> names, Problems problems) {
        String[] parts = name.split("/", -1);
        if (parts.length <= 2) {
            for (String part : parts) {
                problems.format(NameFormat.LABEL, path, part);
            }
        }
        if (!names.contains(name)) {
            problems.invalid(path, name, NO_REQUEST);
        }
    }

    private static List<FieldError> specUnchanged(ObjectNode object, ObjectNode old, String type) {
        Problems problems = new Problems();
        problems.unchangedStruct(object, old, "spec", type);
        return problems.list();
    }

    private static void defaults(JsonNode spec) {
        for (ObjectNode request : Tree.objects(spec, "devices.requests")) {
            if (request.path("exactly") instanceof ObjectNode exactly) {
                count(exactly);
            }
            Tree.objects(request, "firstAvailable").forEach(DeviceClaimRules::count);
        }
    }

    private static void tolerations(ObjectNode holder) {
        Tree.objects(holder, "tolerations").forEach(toleration -> Tree.setDefault(toleration, "operator", "Equal"));
    }

    private static void count(ObjectNode request) {
        if (Tree.text(request, "allocationMode").isEmpty()) {
            request.put("allocationMode", "ExactCount");
        }
        if (Tree.text(request, "allocationMode").equals("ExactCount") && Tree.number(request, "count") == 0) {
            request.put("count", 1);
        }
        tolerations(request);
    }

    private static Set<String> requestNames(JsonNode devices) {
        Set<String> names = new TreeSet<>();
        for (ObjectNode request : Tree.objects(devices, "requests")) {
            String name = Tree.text(request, "name");
            names.add(name);
            Tree.objects(request, "firstAvailable").forEach(r -> names.add(name + "/" + Tree.text(r, "name")));
        }
        return names;
    }

    /// What is asked for, of a claim or a template.
    private record SpecCheck(JsonNode devices, Set<String> names, Expressions expressions, Problems problems) {
        SpecCheck(JsonNode devices, Expressions expressions, Problems problems) {
            this(devices, requestNames(devices), expressions, problems);
        }

        void check(String at) {
            DeviceRules.set(devices, at, "requests", DeviceRules.MAX_LIST, DeviceRules.text("name"), problems,
                    this::request);
            DeviceRules.each(devices, at, "constraints", DeviceRules.MAX_LIST, problems, this::constraint);
            DeviceRules.each(devices, at, "config", DeviceRules.MAX_LIST, problems, (config, path) -> {
                references(config, path);
                DeviceRules.opaque(config, path, problems);
            });
        }

        private void references(ObjectNode holder, String path) {
            DeviceRules.names(holder, path, "requests", DeviceRules.MAX_LIST, problems, (name, at) -> requestName(name,
                    at, names, problems));
        }

        private void request(ObjectNode request, String path) {
            problems.format(NameFormat.LABEL, path + ".name", Tree.text(request, "name"));
            boolean alternatives = !Tree.objects(request, "firstAvailable").isEmpty();
            boolean exactly = request.path("exactly").isObject();
            if (alternatives && exactly) {
                problems.invalid(path, MissingNode.getInstance(), ONE_KIND + ", but multiple fields are set");
            } else if (alternatives) {
                DeviceRules.set(request, path, "firstAvailable", MAX_ALTERNATIVES, DeviceRules.text("name"), problems,
                        (one, at) -> {
                            problems.format(NameFormat.LABEL, at + ".name", Tree.text(one, "name"));
                            wanted(one, at);
                        });
            } else if (exactly) {
                wanted(request.path("exactly"), path + ".exactly");
            } else {
                problems.required(path, ONE_KIND);
            }
        }

        private void wanted(JsonNode request, String path) {
            if (problems.requireText(request, path, "deviceClassName")) {
                problems.formatIfSet(NameFormat.SUBDOMAIN, request, path, "deviceClassName");
            }
            DeviceRules.selectors(request, path, expressions, problems);
            String mode = Tree.text(request, "allocationMode");
            long count = Tree.number(request, "count");
            switch (mode) {
                case "All" -> {
                    if (count != 0) {
                        problems.invalid(path + ".count", count,
                                "must not be specified when allocationMode is 'All'");
                    }
                }
                case "ExactCount" -> {
                    if (count <= 0) {
                        problems.invalid(path + ".count", count, "must be greater than zero");
                    }
                }
                default -> problems.notSupported(path + ".allocationMode", mode, "All", "ExactCount");
            }
            DeviceRules.tolerations(request, path, problems);
        }

        private void constraint(ObjectNode constraint, String path) {
            references(constraint, path);
            if (Tree.has(constraint, "matchAttribute")) {
                DeviceRules.fullName(path + ".matchAttribute", Tree.text(constraint, "matchAttribute"), problems);
            } else if (Tree.has(constraint, "distinctAttribute")) {
                DeviceRules.fullName(path + ".distinctAttribute", Tree.text(constraint, "distinctAttribute"),
                        problems);
            } else {
                problems.required(path, "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but "
                        + "multiple fields are set");
            }
        }
    }
}
