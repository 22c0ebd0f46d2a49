package io.logplane.extension.cel;

import static io.logplane.extension.cel.Function.CIDR;
import static io.logplane.extension.cel.Function.IP;
import static io.logplane.extension.cel.Function.Wrong;
import static io.logplane.extension.cel.Function.global;
import static io.logplane.extension.cel.Function.member;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Addresses and address ranges: `ip('10.0.0.1')`, `cidr('10.0.0.0/8').containsIP(…)`.
///
/// Errors: zones, addresses of version 4 written as version 6, leading zeros and host names are no addresses.
/// Source: the IP and CIDR libraries of k8s.io/apiserver/pkg/cel/library.
final class Network {
    private static final CelType TEXT = SimpleType.STRING;
    private static final CelType BOOL = SimpleType.BOOL;
    private static final CelType INT = SimpleType.INT;
    private static final Pattern V4 = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    static final List<Function> ALL = List.of(
            global("ip", "string_to_ip", IP, in -> address((String) in[0]), TEXT),
            global("isIP", "is_ip", BOOL, in -> tryAddress((String) in[0]).isPresent(), TEXT),
            global("ip.isCanonical", "ip_is_canonical", BOOL, in -> text(address((String) in[0])).equals(in[0]), TEXT),
            member("family", "ip_family", INT, in -> in[0] instanceof Inet4Address ? 4L : 6L, IP),
            member("isUnspecified", "ip_is_unspecified", BOOL, in -> ((InetAddress) in[0]).isAnyLocalAddress(), IP),
            member("isLoopback", "ip_is_loopback", BOOL, in -> ((InetAddress) in[0]).isLoopbackAddress(), IP),
            member("isLinkLocalMulticast", "ip_is_link_local_multicast", BOOL, in -> linkLocalMulticast(
                    (InetAddress) in[0]), IP),
            member("isLinkLocalUnicast", "ip_is_link_local_unicast", BOOL, in -> ((InetAddress) in[0])
                    .isLinkLocalAddress(), IP),
            member("isGlobalUnicast", "ip_is_global_unicast", BOOL, in -> globalUnicast((InetAddress) in[0]), IP),
            global("string", "ip_to_string", TEXT, in -> text((InetAddress) in[0]), IP),
            global("cidr", "string_to_cidr", CIDR, in -> Cidr.parse((String) in[0]), TEXT),
            global("isCIDR", "is_cidr", BOOL, in -> Cidr.tryParse((String) in[0]).isPresent(), TEXT),
            member("containsIP", "cidr_contains_ip_ip", BOOL, in -> ((Cidr) in[0]).contains((InetAddress) in[1]), CIDR,
                    IP),
            member("containsIP", "cidr_contains_ip_string", BOOL, in -> ((Cidr) in[0]).contains(address(
                    (String) in[1])), CIDR, TEXT),
            member("containsCIDR", "cidr_contains_cidr", BOOL, in -> ((Cidr) in[0]).contains((Cidr) in[1]), CIDR, CIDR),
            member("containsCIDR", "cidr_contains_cidr_string", BOOL, in -> ((Cidr) in[0]).contains(Cidr.parse(
                    (String) in[1])), CIDR, TEXT),
            member("ip", "cidr_ip", IP, in -> ((Cidr) in[0]).address(), CIDR),
            member("prefixLength", "cidr_prefix_length", INT, in -> (long) ((Cidr) in[0]).length(), CIDR),
            member("masked", "cidr_masked", CIDR, in -> ((Cidr) in[0]).masked(), CIDR),
            global("string", "cidr_to_string", TEXT, in -> in[0].toString(), CIDR));

    private Network() {
    }

    /// An address with the length of its prefix. Shape: as written; [#masked] drops the bits of the host.
    record Cidr(InetAddress address, int length) {
        static Cidr parse(String text) {
            return tryParse(text).orElseThrow(() -> new Wrong("network address parse error during conversion from "
                    + "string: netip.ParsePrefix(\"" + text + "\")"));
        }

        static Optional<Cidr> tryParse(String text) {
            int slash = text.lastIndexOf('/');
            if (slash < 0 || !text.substring(slash + 1).matches("0|[1-9][0-9]{0,2}")) {
                return Optional.empty();
            }
            int length = Integer.parseInt(text.substring(slash + 1));
            return tryAddress(text.substring(0, slash)).filter(found -> length <= found.getAddress().length * 8)
                    .map(found -> new Cidr(found, length));
        }

        boolean contains(InetAddress other) {
            return other.getAddress().length == address.getAddress().length
                    && prefix(other).equals(prefix(address));
        }

        boolean contains(Cidr other) {
            return other.length >= length && contains(other.address);
        }

        private BigInteger prefix(InetAddress of) {
            return new BigInteger(1, of.getAddress()).shiftRight(of.getAddress().length * 8 - length);
        }

        Cidr masked() {
            byte[] bytes = address.getAddress();
            for (int bit = length; bit < bytes.length * 8; bit++) {
                bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
            }
            return new Cidr(fromBytes(bytes), length);
        }

        @Override
        public String toString() {
            return text(address) + "/" + length;
        }
    }

    static InetAddress address(String text) {
        return tryAddress(text).orElseThrow(() -> new Wrong("IP Address \"" + text
                + "\" parse error during conversion from string: ParseAddr(\"" + text + "\"): unable to parse IP"));
    }

    static Optional<InetAddress> tryAddress(String text) {
        if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            InetAddress found = InetAddress.getByName(text); // no look-up: the text is an address by its form
            boolean mapped = text.contains(":") && found instanceof Inet4Address;
            return mapped ? Optional.empty() : Optional.of(found);
        } catch (UnknownHostException notAnAddress) {
            return Optional.empty();
        }
    }

    private static InetAddress fromBytes(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException(wrongLength);
        }
    }

    private static boolean linkLocalMulticast(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4
                ? bytes[0] == (byte) 224 && bytes[1] == 0 && bytes[2] == 0
                : address.isMCLinkLocal();
    }

    private static boolean globalUnicast(InetAddress address) {
        return !(address.isAnyLocalAddress() || address.isLoopbackAddress() || address.isMulticastAddress()
                || address.isLinkLocalAddress() || broadcast(address.getAddress()));
    }

    private static boolean broadcast(byte[] bytes) {
        return bytes.length == 4 && Arrays.equals(bytes, new byte[]{-1, -1, -1, -1});
    }

    /// The canonical text: version 6 in lower case with its longest run of zeros cut out (RFC 5952).
    static String text(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return address.getHostAddress();
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        int start = -1;
        int longest = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && groups[i + run] == 0) {
                run++;
            }
            if (run > longest) {
                start = i;
                longest = run;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += longest - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":").append(Integer
                        .toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
