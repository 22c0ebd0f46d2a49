package io.logplane.schemas.model;

import java.util.regex.Pattern;

/// Texts that are IP addresses, without asking any resolver.
///
/// Source: RFC 4291 section 2.2 for the IPv6 form.
public final class IpAddresses {
    public static final String REFUSAL = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
    private static final int GROUPS = 8;
    private static final int LONGEST = 45;

    private IpAddresses() {
    }

    public static boolean isAddress(String text) {
        return isV4(text) || isV6(text);
    }

    public static boolean isV4(String text) {
        return V4.matcher(text).matches();
    }

    public static boolean isV6(String text) {
        if (text.length() > LONGEST || !text.contains(":")) {
            return false;
        }
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text) == GROUPS;
        }
        int before = groups(text.substring(0, gap));
        int after = groups(text.substring(gap + 2));
        return before >= 0 && after >= 0 && before + after < GROUPS;
    }

    /// An address, a slash and how many of its bits are the network's.
    public static boolean isRange(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            return false;
        }
        String address = text.substring(0, slash);
        int bits = Integer.parseInt(text.substring(slash + 1));
        return isV4(address) && bits <= 32 || isV6(address) && bits <= 128;
    }

    /// How many 16-bit groups the text is; -1 when it is none.
    private static int groups(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        String[] parts = text.split(":", -1);
        int count = 0;
        for (int i = 0; i < parts.length; i++) {
            if (i == parts.length - 1 && isV4(parts[i])) {
                count += 2;
            } else if (GROUP.matcher(parts[i]).matches()) {
                count++;
            } else {
                return -1;
            }
        }
        return count;
    }
}
