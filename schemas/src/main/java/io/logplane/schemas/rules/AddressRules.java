package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.IpAddresses;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Rules;
import java.util.List;

/// Addresses of services and the ranges they come from.
///
/// Source: https://kubernetes.io/docs/reference/networking/virtual-ips/#ip-address-objects
public final class AddressRules {
    private static final int MAX_RANGES = 2;

    private AddressRules() {
    }

    /// IPAddresses: the name is the address, in its one canonical form.
    public record Addresses() implements Rules {

        @Override
        public NameFormat nameFormat() {
            return NameFormat.ADDRESS;
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            JsonNode parent = Tree.at(object, "spec.parentRef");
            if (!parent.isObject()) {
                problems.required("spec.parentRef");
                return problems.list();
            }
            problems.formatIfSet(NameFormat.SUBDOMAIN, parent, "spec.parentRef", "group");
            for (String field : List.of("resource", "name")) {
                if (problems.requireText(parent, "spec.parentRef", field)) {
                    problems.formatIfSet(NameFormat.PATH_SEGMENT, parent, "spec.parentRef", field);
                }
            }
            problems.formatIfSet(NameFormat.PATH_SEGMENT, parent, "spec.parentRef", "namespace");
            return problems.list();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            problems.unchangedStruct(object, old, "spec.parentRef", "ParentReference");
            return problems.list();
        }
    }

    /// ServiceCIDRs.
    public record Ranges() implements SpecRules {

        @Override
        public List<FieldError> validateCreate(ObjectNode object) {
            Problems problems = new Problems();
            List<String> ranges = Tree.texts(object, "spec.cidrs");
            if (ranges.isEmpty()) {
                problems.required("spec.cidrs", "at least one CIDR required");
            } else if (ranges.size() > MAX_RANGES) {
                problems.invalid("spec.cidrs", shown(ranges), "may only hold up to 2 values");
            } else if (ranges.size() == MAX_RANGES && !dual(ranges)) {
                problems.invalid("spec.cidrs", shown(ranges), "may specify no more than one IP for each IP "
                        + "family, i.e 192.168.0.0/24 and 2001:db8::/64");
            } else {
                for (int i = 0; i < ranges.size(); i++) {
                    String path = "spec.cidrs[" + i + "]";
                    String range = ranges.get(i);
                    IpAddresses.rangeError(range).ifPresent(wrong -> problems.invalid(path, range, wrong));
                }
            }
            return problems.list();
        }

        /// A second range may be added; those that are there stay.
        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            List<String> now = Tree.texts(object, "spec.cidrs");
            List<String> before = Tree.texts(old, "spec.cidrs");
            Problems problems = new Problems();
            boolean added = before.size() == 1 && now.size() == 2;
            if (!added && now.size() != before.size()) {
                problems.invalid("spec.cidrs", object.at("/spec/cidrs"), Problems.IMMUTABLE);
                return problems.list();
            }
            for (int i = 0; i < before.size(); i++) {
                if (!now.get(i).equals(before.get(i))) {
                    problems.invalid("spec.cidrs[" + i + "]", now.get(i), Problems.IMMUTABLE);
                }
            }
            if (added) {
                validateCreate(object).forEach(problems::add);
            }
            return problems.list();
        }

        @Override
        public boolean hasGeneration() {
            return false;
        }

        private static ObjectNode shown(List<String> ranges) {
            ObjectNode spec = Json.newObject();
            ranges.forEach(spec.putArray("CIDRs")::add);
            return spec;
        }

        private static boolean dual(List<String> ranges) {
            return ranges.stream().allMatch(IpAddresses::isRange)
                    && ranges.get(0).contains(":") != ranges.get(1).contains(":");
        }
    }
}
