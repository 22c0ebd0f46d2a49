package io.logplane.gateway.outbound;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;

/// What went wrong between two machines, in the words of Go's network library.
public final class NetworkWords {
    private static final int HTTPS = 443;

    private NetworkWords() {
    }

    public static String of(IOException broken, URI address) {
        Throwable root = root(broken);
        if (root instanceof UnresolvedAddressException || root instanceof UnknownHostException) {
            return "dial tcp: lookup " + address.getHost() + ": no such host";
        }
        if (broken instanceof ConnectException) {
            return "dial tcp " + authority(address) + ": connect: connection refused";
        }
        String said = String.valueOf(root.getMessage());
        return said.equals("EOF reached while reading") ? "EOF" : said;
    }

    private static Throwable root(IOException broken) {
        Throwable root = broken;
        while (root.getCause() != null && !String.valueOf(root.getMessage()).startsWith("tls: ")) {
            root = root.getCause();
        }
        return root;
    }

    private static String authority(URI address) {
        int port = address.getPort() < 0 ? HTTPS : address.getPort();
        try {
            String host = InetAddress.getByName(address.getHost()).getHostAddress();
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        } catch (UnknownHostException gone) {
            return address.getHost() + ":" + port;
        }
    }
}
