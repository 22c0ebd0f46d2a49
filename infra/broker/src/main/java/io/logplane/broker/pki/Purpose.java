package io.logplane.broker.pki;

import java.util.List;

/// What a certificate is to say.
///
/// Shape: `organisation` may be empty; `hosts` are DNS names and IP addresses mixed, empty for a pure client.
record Purpose(String commonName, String organisation, boolean server, boolean client, List<String> hosts) {
    Purpose {
        hosts = List.copyOf(hosts);
    }

    static Purpose client(String commonName, String organisation) {
        return new Purpose(commonName, organisation, false, true, List.of());
    }

    static Purpose server(String commonName, String organisation, List<String> hosts) {
        return new Purpose(commonName, organisation, true, false, hosts);
    }

    static Purpose both(String commonName, String organisation, List<String> hosts) {
        return new Purpose(commonName, organisation, true, true, hosts);
    }
}
