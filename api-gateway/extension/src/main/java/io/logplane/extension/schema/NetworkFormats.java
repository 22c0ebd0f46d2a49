package io.logplane.extension.schema;

import com.google.re2j.Pattern;
import io.logplane.schemas.model.IpAddresses;

/// Formats of addresses: those of networks, of the web and of mail.
///
/// Source: net, net/url and net/mail of Go, by which upstream checks them.
final class NetworkFormats {
    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\x{80}-\\x{10FFFF}-]+";
    private static final String QUOTED = "\"([^\"\\\\\\x00-\\x1f]|\\\\.)*\"";
    private static final String ADDRESS = "(" + ATOM + "(\\." + ATOM + ")*|" + QUOTED + ")@(" + ATOM + "(\\." + ATOM
            + ")*|\\[[^\\[\\]\\\\\\s]+\\])";
    private static final Pattern EMAIL = Pattern.compile("\\s*(" + ADDRESS + "|((" + ATOM + "|" + QUOTED + ")[ .]*)*<"
            + ADDRESS + ">)\\s*");
    private static final Pattern MAC = Pattern.compile(
            "[0-9a-fA-F]{2}((:[0-9a-fA-F]{2}){5}|(:[0-9a-fA-F]{2}){7}|(:[0-9a-fA-F]{2}){19}|(-[0-9a-fA-F]{2}){5}"
                    + "|(-[0-9a-fA-F]{2}){7}|(-[0-9a-fA-F]{2}){19})|[0-9a-fA-F]{4}((\\.[0-9a-fA-F]{4}){2}"
                    + "|(\\.[0-9a-fA-F]{4}){3}|(\\.[0-9a-fA-F]{4}){9})"
                    + "|[0-9a-fA-F]{12}|[0-9a-fA-F]{16}|[0-9a-fA-F]{40}");
    private static final Pattern URI = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*:[^\\x00-\\x1f\\x7f]+|"
            + "/[^\\x00-\\x1f\\x7f]*|\\*)");
    private static final Pattern BAD_ESCAPE = Pattern.compile("%([^0-9a-fA-F]|[0-9a-fA-F][^0-9a-fA-F]|.?$)");
    private static final Pattern AUTHORITY = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*).*");
    private static final Pattern GOOD_AUTHORITY = Pattern
            .compile("([^@ <>\"]*@)?(\\[[^\\[\\]]+\\]|[^\\[\\]: <>\"\\\\^`{|}]*)"
                    + "(:[0-9]*)?");

    private NetworkFormats() {
    }

    /// An absolute URI or path, as a request line may name it.
    static boolean uri(String text) {
        if (!URI.matches(text) || BAD_ESCAPE.matcher(path(text)).find()) {
            return false;
        }
        var authority = AUTHORITY.matcher(text);
        return !authority.matches() || GOOD_AUTHORITY.matches(authority.group(1));
    }

    private static String path(String text) {
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query);
    }

    static boolean email(String text) {
        return EMAIL.matches(text);
    }

    static boolean ipv4(String text) {
        return text.contains(".") && IpAddresses.isLooseAddress(text);
    }

    static boolean ipv6(String text) {
        return IpAddresses.isV6(text);
    }

    static boolean cidr(String text) {
        return IpAddresses.isRange(text);
    }

    static boolean mac(String text) {
        return MAC.matches(text);
    }
}
