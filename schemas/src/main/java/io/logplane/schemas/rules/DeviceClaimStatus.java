package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.IpAddresses;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// What a claim got and who uses it: written by the scheduler and the drivers.
final class DeviceClaimStatus {
    private static final int MAX_USERS = 256;
    private static final int MAX_CONDITIONS = 8;
    private static final int MAX_ADDRESSES = 16;
    private static final int MAX_INTERFACE_BYTES = 256;
    private static final int MAX_HARDWARE_BYTES = 128;
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private DeviceClaimStatus() {
    }

    /// A device that was given back has no status any more.
    static void dropReleased(JsonNode status, JsonNode old) {
        Set<JsonNode> released = allocated(old);
        released.removeAll(allocated(status));
        if (status.path("devices") instanceof ArrayNode devices) {
            for (int i = devices.size() - 1; i >= 0; i--) {
                if (released.contains(device(devices.get(i)))) {
                    devices.remove(i);
                }
            }
            if (devices.isEmpty()) {
                ((ObjectNode) status).remove("devices");
            }
        }
    }

    static void check(ObjectNode object, ObjectNode old, Set<String> requests, Problems problems) {
        JsonNode status = object.path("status");
        DeviceRules.set(status, "status", "reservedFor", MAX_USERS, DeviceRules.text("uid"), problems, (user, at) -> {
            problems.requireText(user, at, "resource");
            problems.requireText(user, at, "name");
            problems.requireText(user, at, "uid");
        });
        Set<JsonNode> allocated = allocated(status);
        DeviceRules.set(status, "status", "devices", Integer.MAX_VALUE, DeviceClaimStatus::device, problems,
                (device, at) -> device(device, at, allocated, problems));
        users(object, old, problems);
        JsonNode allocation = status.path("allocation");
        JsonNode before = Tree.at(old, "status.allocation");
        if (allocation.isObject() && before.isObject()) {
            if (!Problems.same(allocation, before)) {
                problems.invalid("status.allocation", GoStruct.of(allocation, "AllocationResult"),
                        Problems.IMMUTABLE);
            }
        } else if (allocation.isObject()) {
            allocation(allocation, requests, problems);
        }
    }

    private static void users(ObjectNode object, ObjectNode old, Problems problems) {
        JsonNode status = object.path("status");
        List<ObjectNode> users = Tree.objects(status, "reservedFor");
        if (!users.isEmpty() && !status.path("allocation").isObject()) {
            problems.forbidden("status.reservedFor", "may not be specified when `allocated` is not set");
        } else if (Tree.has(object, "metadata.deletionTimestamp")
                && !Tree.objects(old, "status.reservedFor").containsAll(users)) {
            problems.forbidden("status.reservedFor", "new entries may not be added while `deallocationRequested` or "
                    + "`deletionTimestamp` are set");
        }
    }

    private static void allocation(JsonNode allocation, Set<String> requests, Problems problems) {
        String path = "status.allocation.devices";
        JsonNode devices = allocation.path("devices");
        DeviceRules.each(devices, path, "results", DeviceRules.MAX_LIST, problems, (result, at) -> {
            DeviceClaimRules.requestName(Tree.text(result, "request"), at + ".request", requests, problems);
            problems.driverName(at + ".driver", Tree.text(result, "driver"));
            DeviceRules.poolName(at + ".pool", Tree.text(result, "pool"), problems);
            problems.format(NameFormat.LABEL, at + ".device", Tree.text(result, "device"));
            DeviceRules.bindingConditions(result, at, problems);
            DeviceRules.tolerations(result, at, problems);
            share(result, at, problems);
        });
        DeviceRules.each(devices, path, "config", 2 * DeviceRules.MAX_LIST, problems, (config, at) -> {
            problems.oneOf(config, at, "source", "FromClaim", "FromClass");
            DeviceRules.names(config, at, "requests", DeviceRules.MAX_LIST, problems, (name, n) -> DeviceClaimRules
                    .requestName(name, n, requests, problems));
            DeviceRules.opaque(config, at, problems);
        });
        SchedulingRules.nodeSelector(allocation.path("nodeSelector"), "status.allocation.nodeSelector", problems);
    }

    private static void device(ObjectNode device, String path, Set<JsonNode> allocated, Problems problems) {
        problems.driverName(path + ".driver", Tree.text(device, "driver"));
        DeviceRules.poolName(path + ".pool", Tree.text(device, "pool"), problems);
        problems.format(NameFormat.LABEL, path + ".device", Tree.text(device, "device"));
        share(device, path, problems);
        if (!allocated.contains(device(device))) {
            problems.invalid(path, device(device), "must be an allocated device in the claim");
        }
        if (device.path("conditions").size() > MAX_CONDITIONS) {
            problems.tooMany(path + ".conditions", device.path("conditions").size(), MAX_CONDITIONS);
        }
        ConditionRules.check(device.path("conditions"), path + ".conditions", problems);
        if (Tree.has(device, "data")) {
            DeviceRules.json(device, path, "data", problems);
        }
        network(device.path("networkData"), path + ".networkData", problems);
    }

    private static void network(JsonNode network, String path, Problems problems) {
        if (DeviceRules.bytes(Tree.text(network, "interfaceName")) > MAX_INTERFACE_BYTES) {
            problems.tooLong(path + ".interfaceName", MAX_INTERFACE_BYTES);
        }
        if (DeviceRules.bytes(Tree.text(network, "hardwareAddress")) > MAX_HARDWARE_BYTES) {
            problems.tooLong(path + ".hardwareAddress", MAX_HARDWARE_BYTES);
        }
        DeviceRules.names(network, path, "ips", MAX_ADDRESSES, problems, (address, at) -> IpAddresses.interfaceError(
                address).ifPresent(wrong -> problems.invalid(at, address, wrong)));
    }

    private static void share(JsonNode device, String path, Problems problems) {
        String share = Tree.text(device, "shareID");
        if (Tree.has(device, "shareID")) {
            String wrong = unreadable(share);
            if (!wrong.isEmpty()) {
                problems.invalid(path + ".shareID", share, "error validating uid: " + wrong);
            } else if (!UUID.matcher(share).matches()) {
                problems.invalid(path + ".shareID", share, "uid must be in RFC 4122 normalized form, "
                        + "`xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters");
            }
        }
    }

    /// Why upstream's parser, which takes several forms, takes this for no UUID; "" when it does.
    private static String unreadable(String text) {
        int length = DeviceRules.bytes(text);
        String plain = switch (length) {
            case 32 -> text.replaceFirst("(.{8})(.{4})(.{4})(.{4})", "$1-$2-$3-$4-");
            case 36 -> text;
            case 38 -> text.substring(1, text.length() - 1);
            case 45 -> text.substring("urn:uuid:".length());
            default -> "";
        };
        if (plain.isEmpty()) {
            return "invalid UUID length: " + length;
        }
        if (length == 45 && !text.regionMatches(true, 0, "urn:uuid:", 0, 9)) {
            return "invalid urn prefix: " + Problems.quoted(text.substring(0, 9));
        }
        if (length == 38 && !(text.startsWith("{") && text.endsWith("}"))) {
            return "invalid bracketed UUID format";
        }
        return UUID.matcher(plain.toLowerCase(Locale.ROOT)).matches() ? "" : "invalid UUID format";
    }

    private static Set<JsonNode> allocated(JsonNode status) {
        Set<JsonNode> all = new HashSet<>();
        Tree.objects(status, "allocation.devices.results").forEach(result -> all.add(device(result)));
        return all;
    }

    /// Which device it is, as refusals show it.
    private static JsonNode device(JsonNode device) {
        return Json.newObject().put("Driver", Tree.text(device, "driver")).put("Pool", Tree.text(device, "pool"))
                .put("Device", Tree.text(device, "device")).put("ShareID", Tree.text(device, "shareID"));
    }
}
