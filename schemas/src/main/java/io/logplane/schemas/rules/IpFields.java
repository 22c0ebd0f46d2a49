package io.logplane.schemas.rules;

import io.logplane.schemas.model.IpAddresses;
import java.util.List;

/// Addresses and ranges in fields of built-in types.
///
/// Shape: `known` are the values the old object has there; they stay good whatever today's rules say.
/// Source: KEP-4858.
final class IpFields {
    private static final String LINK_LOCAL_GROUPS = "(?i)ff[0-9a-f]2:.*";

    private IpFields() {
    }

    /// True when nothing is wrong.
    static boolean address(String path, String value, List<String> known, Problems problems) {
        if (known.contains(value)) {
            return true;
        }
        IpAddresses.anyFormError(value).ifPresent(wrong -> problems.invalid(path, value, wrong));
        return IpAddresses.anyFormError(value).isEmpty();
    }

    static void range(String path, String value, List<String> known, Problems problems) {
        if (!known.contains(value)) {
            IpAddresses.anyFormRangeError(value).ifPresent(wrong -> problems.invalid(path, value, wrong));
        }
    }

    /// An address that traffic is sent to: not one that means this host or this link.
    static void destination(String path, String value, Problems problems) {
        if (IpAddresses.anyFormError(value).filter(IpAddresses.REFUSAL::equals).isPresent()) {
            problems.invalid(path, value, "must be a valid IP address");
        }
        if (within(value, "0.0.0.0/32", "::/128")) {
            problems.invalid(path, value, "may not be unspecified (" + value + ")");
        }
        if (within(value, "127.0.0.0/8", "::1/128")) {
            problems.invalid(path, value, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
        }
        if (within(value, "169.254.0.0/16", "fe80::/10")) {
            problems.invalid(path, value, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }
        if (within(value, "224.0.0.0/24", "ff02::/16") || value.matches(LINK_LOCAL_GROUPS)) {
            problems.invalid(path, value, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        }
    }

    private static boolean within(String address, String four, String six) {
        return IpAddresses.contains(four, address) || IpAddresses.contains(six, address);
    }
}
