package io.logplane.schemas.model;

import java.util.Optional;
import java.util.regex.Pattern;

/// Texts that are IP addresses, without asking any resolver.
///
/// Source: RFC 4291 section 2.2 for the IPv6 form.
public final class IpAddresses {
    public static final String REFUSAL = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
    private static final Pattern SLOPPY = Pattern.compile("0*" + BYTE + "(\\.0*" + BYTE + "){3}");
    private static final String BEYOND = "must not have bits set beyond the prefix length";
    private static final int GROUPS = 8;
    private static final int WORD_BITS = 16;
    private static final int V4_BITS = 32;
    private static final int V6_BITS = 128;
    private static final int LONGEST = 45;

    private IpAddresses() {
    }

    public static boolean isAddress(String text) {
        return isV4(text) || isV6(text);
    }

    /// As [#isAddress], with zeros before the numbers of an IPv4 address, which old fields still allow.
    public static boolean isLooseAddress(String text) {
        return isAddress(text) || text.length() <= LONGEST && SLOPPY.matcher(text).matches();
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

    /// As [#isRange], with zeros before the numbers of an IPv4 address.
    public static boolean isLooseRange(String text) {
        int slash = text.indexOf('/');
        String bits = text.substring(slash + 1);
        return isRange(text) || slash > 0 && SLOPPY.matcher(text.substring(0, slash)).matches()
                && bits.matches("[0-9]{1,3}") && Integer.parseInt(bits) <= V4_BITS;
    }

    /// What is wrong with an address that must be written in its one canonical form (RFC 5952); empty: nothing.
    public static Optional<String> error(String text) {
        return anyFormError(text).or(() -> canonical(text, text(words(text))));
    }

    /// As [#error], for fields that are older than the one form: other spellings are good too, but none that two
    /// programs could read differently.
    public static Optional<String> anyFormError(String text) {
        if (!isAddress(text)) {
            return Optional.of(SLOPPY.matcher(text).matches() ? "must not have leading 0s" : REFUSAL);
        }
        return mapped(text) ? Optional.of("must not be an IPv4-mapped IPv6 address") : Optional.empty();
    }

    /// As [#error], for `address/bits`.
    public static Optional<String> rangeError(String text) {
        return anyFormRangeError(text).or(() -> {
            int slash = text.indexOf('/');
            return canonical(text, text(words(text.substring(0, slash))) + text.substring(slash));
        });
    }

    /// As [#anyFormError], for `address/bits`.
    public static Optional<String> anyFormRangeError(String text) {
        int slash = text.indexOf('/');
        String bits = text.substring(slash + 1);
        if (!isLooseRange(text)) {
            return Optional.of("must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
        }
        if (!isRange(text) || bits.startsWith("0") && bits.length() > 1) {
            return Optional.of("must not have leading 0s in IP or prefix length");
        }
        if (mapped(text.substring(0, slash))) {
            return Optional.of("must not have an IPv4-mapped IPv6 address");
        }
        int[] words = words(text.substring(0, slash));
        for (int i = 0; i < words.length; i++) {
            if ((words[i] & (1 << free(bits(text), i)) - 1) != 0) {
                return Optional.of(BEYOND);
            }
        }
        return Optional.empty();
    }

    /// The one form of an address as loose as any program reads it: with zeros in front, IPv4 inside IPv6. Empty: it is
    /// none.
    public static Optional<String> preferred(String text) {
        if (SLOPPY.matcher(text).matches()) {
            return Optional.of(text.replaceAll("(?<![0-9])0+(?=[0-9])", ""));
        }
        return isV6(text) ? Optional.of(text(mapped(text) ? v4(words(text)) : words(text))) : Optional.empty();
    }

    /// As [#preferred], for `address/bits`: the network, without bits beyond the prefix.
    public static Optional<String> network(String text) {
        int slash = text.indexOf('/');
        Optional<String> address = slash < 0 ? Optional.empty() : preferred(text.substring(0, slash));
        String length = text.substring(slash + 1);
        if (address.isEmpty() || !length.matches("[0-9]{1,3}")) {
            return Optional.empty();
        }
        int[] words = words(address.get());
        int whole = words.length * WORD_BITS;
        int bits = Integer.parseInt(length) - (text.contains(":") ? GROUPS * WORD_BITS - whole : 0);
        for (int i = 0; i < words.length; i++) {
            words[i] &= -(1 << free(bits, i));
        }
        return bits < 0 || bits > whole ? Optional.empty() : Optional.of(text(words) + "/" + bits);
    }

    /// What is wrong with an address of an interface: `address/bits`, where the address keeps all its bits.
    public static Optional<String> interfaceError(String text) {
        if (!isLooseRange(text)) {
            return Optional.of("must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)");
        }
        int slash = text.indexOf('/');
        String address = preferred(text.substring(0, slash)).orElse("");
        int bits = Integer.parseInt(text.substring(slash + 1));
        int inside = address.contains(":") || bits <= V4_BITS ? bits : bits - (V6_BITS - V4_BITS);
        String canonical = address + "/" + inside;
        return text.equals(canonical)
                ? Optional.empty()
                : Optional.of("must be in canonical form (" + GoText.quote(canonical) + ")");
    }

    /// Whether all programs read a range as the same one, if perhaps not as its network.
    public static boolean isPlainRange(String text) {
        return anyFormRangeError(text).filter(wrong -> !wrong.equals(BEYOND)).isEmpty();
    }

    /// Whether a range holds an address; false when either is none.
    public static boolean contains(String range, String address) {
        if (!isRange(range) || !isAddress(address)) {
            return false;
        }
        int slash = range.indexOf('/');
        int[] base = words(range.substring(0, slash));
        int[] words = words(address);
        boolean same = base.length == words.length;
        for (int i = 0; same && i < words.length; i++) {
            same = (base[i] ^ words[i]) >> free(bits(range), i) == 0;
        }
        return same;
    }

    /// Whether a range holds all of another.
    public static boolean containsRange(String outer, String inner) {
        return isRange(outer) && isRange(inner) && contains(outer, inner.substring(0, inner.indexOf('/')))
                && bits(outer) <= bits(inner);
    }

    private static int bits(String range) {
        return Integer.parseInt(range.substring(range.indexOf('/') + 1));
    }

    /// How many bits of the word at `index` a prefix of `bits` leaves open.
    private static int free(int bits, int index) {
        return Math.clamp((index + 1) * WORD_BITS - (long) bits, 0, WORD_BITS);
    }

    private static Optional<String> canonical(String text, String canonical) {
        return text.equals(canonical)
                ? Optional.empty()
                : Optional.of("must be in canonical form (\"" + canonical + "\")");
    }

    /// The 16-bit words of an address that is one: two of them for IPv4, eight for IPv6.
    private static int[] words(String text) {
        if (isV4(text)) {
            String[] bytes = text.split("\\.", -1);
            return new int[]{Integer.parseInt(bytes[0]) << 8 | Integer.parseInt(bytes[1]),
                Integer.parseInt(bytes[2]) << 8 | Integer.parseInt(bytes[3])};
        }
        int[] words = new int[GROUPS];
        int gap = text.indexOf("::");
        String head = gap < 0 ? text : text.substring(0, gap);
        String tail = gap < 0 ? "" : text.substring(gap + 2);
        put(head, words, 0);
        put(tail, words, GROUPS - groups(tail));
        return words;
    }

    private static void put(String text, int[] words, int from) {
        int at = from;
        for (String part : text.isEmpty() ? new String[0] : text.split(":", -1)) {
            if (part.contains(".")) {
                int[] two = words(part);
                words[at++] = two[0];
                words[at++] = two[1];
            } else {
                words[at++] = Integer.parseInt(part, 16);
            }
        }
    }

    private static int[] v4(int[] mapped) {
        return new int[]{mapped[GROUPS - 2], mapped[GROUPS - 1]};
    }

    private static boolean mapped(String text) {
        int[] words = words(text);
        return words.length == GROUPS && words[5] == 0xffff
                && (words[0] | words[1] | words[2] | words[3] | words[4]) == 0;
    }

    private static String text(int[] words) {
        if (words.length < GROUPS) {
            return (words[0] >> 8) + "." + (words[0] & 255) + "." + (words[1] >> 8) + "." + (words[1] & 255);
        }
        int best = 0;
        int longest = 1; // a single zero is written out
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && words[end] == 0) {
                end++;
            }
            if (end - i > longest) {
                best = i;
                longest = end - i;
            }
        }
        return longest == 1
                ? hex(words, 0, GROUPS)
                : hex(words, 0, best) + "::" + hex(words, best + longest, GROUPS);
    }

    private static String hex(int[] words, int from, int to) {
        StringBuilder out = new StringBuilder();
        for (int i = from; i < to; i++) {
            out.append(i > from ? ":" : "").append(Integer.toHexString(words[i]));
        }
        return out.toString();
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
