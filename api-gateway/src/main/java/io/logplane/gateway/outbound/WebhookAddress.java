package io.logplane.gateway.outbound;

import io.logplane.schemas.model.GoUrl;
import java.net.IDN;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a webhook is asked: an address as Go reads and writes it, and what Java's client takes for it.
///
/// Java's client knows no host with an underscore, and others that Go asks a name server about: those it is given by
/// number. Shape: `authority` is the host with its port, if it has one; `path` is without escapes.
/// Source: Go 1.26, net/url, net (isDomainName); k8s.io/client-go/rest, which cleans the path.
record WebhookAddress(String authority, String path) {
    private static final int MAX_PORT = 65_535;
    private static final Pattern PORT = Pattern.compile(":([0-9]*)$");
    /// Labels of letters, digits, underscores and inner hyphens; a number alone is none.
    private static final Pattern NAME = Pattern.compile("(?=.*[A-Za-z_-])(?!-)[A-Za-z0-9_-]{1,63}(?<!-)"
            + "(\\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\\.?");
    private static final Pattern NUMBERS = Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
    private static final String IN_PATH = "-_.~$&+,/:;=@";
    private static final String IN_HOST = IN_PATH + "!'()*[]<>\"";

    WebhookAddress {
        authority = authority.endsWith(":") ? authority.substring(0, authority.length() - 1) : authority;
        path = cleaned(path);
    }

    /// Errors: [GoUrl.Malformed].
    static WebhookAddress of(String url) {
        GoUrl parsed = GoUrl.parse(url);
        return new WebhookAddress(parsed.host(), parsed.path());
    }

    /// As errors name it.
    String shown() {
        return "https://" + escaped(authority, IN_HOST) + escaped(path, IN_PATH);
    }

    /// The name alone, as a certificate has it.
    String host() {
        String host = PORT.matcher(authority).replaceFirst("");
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : ascii(host);
        return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
    }

    /// Errors: UnknownHostException; URISyntaxException for a port that is none.
    URI uri(String query) throws UnknownHostException, URISyntaxException {
        String rest = escaped(path, IN_PATH) + "?" + query;
        var port = PORT.matcher(authority);
        String number = port.find() ? port.group(1) : "";
        if (!number.isEmpty() && (number.length() > 9 || Integer.parseInt(number) > MAX_PORT)) {
            throw new URISyntaxException(authority, "dial tcp: address " + number + ": invalid port");
        }
        String host = PORT.matcher(authority).replaceFirst("");
        if (!host.startsWith("[") && !NUMBERS.matcher(host).matches() && !NAME.matcher(ascii(host)).matches()) {
            throw new UnknownHostException(ascii(host));
        }
        Optional<URI> plain = plain(rest);
        return plain.isPresent() ? plain.get() : byNumber(ascii(host), number, rest);
    }

    /// Empty for what Java does not take.
    private Optional<URI> plain(String rest) {
        try {
            return Optional.of(new URI("https://" + authority + rest)).filter(uri -> uri.getHost() != null && !uri
                    .getHost().endsWith("."));
        } catch (URISyntaxException notInJava) {
            return Optional.empty();
        }
    }

    private static URI byNumber(String name, String port, String rest) throws UnknownHostException {
        try {
            String address = InetAddress.getByName(name).getHostAddress();
            return URI.create("https://" + (address.contains(":") ? "[" + address + "]" : address) + (port.isEmpty()
                    ? ""
                    : ":" + port) + rest);
        } catch (UnknownHostException unknown) {
            throw new UnknownHostException(name);
        }
    }

    private static String ascii(String host) {
        try {
            return host.chars().allMatch(letter -> letter < 0x80) ? host : IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException noName) {
            return host;
        }
    }

    /// No empty steps, none back, no slash at the end.
    private static String cleaned(String path) {
        Deque<String> steps = new ArrayDeque<>();
        for (String step : path.split("/")) {
            if (step.equals("..")) {
                steps.pollLast();
            } else if (!step.isEmpty() && !step.equals(".")) {
                steps.addLast(step);
            }
        }
        return "/" + String.join("/", steps);
    }

    private static String escaped(String text, String plain) {
        StringBuilder out = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char letter = (char) (each & 0xff);
            boolean kept = letter < 0x80 && (Character.isLetterOrDigit(letter) || plain.indexOf(letter) >= 0);
            out.append(kept ? String.valueOf(letter) : "%" + HexFormat.of().withUpperCase().toHexDigits(each));
        }
        return out.toString();
    }
}
