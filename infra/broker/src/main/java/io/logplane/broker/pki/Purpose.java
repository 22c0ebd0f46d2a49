package io.logplane.broker.pki;

import java.util.List;

/// What a certificate is to say.
///
/// Shape: `organisation` may be empty; `hosts` are DNS names and IP addresses mixed, empty for a pure client; `rsa`
/// false means
/// an EC P-256 key.
record Purpose(String commonName, String organisation, boolean server, boolean client, List<String> hosts,
        boolean rsa) {
    Purpose {
        hosts = List.copyOf(hosts);
    }

    static Purpose client(String commonName, String organisation) {
        return new Purpose(commonName, organisation, false, true, List.of(), false);
    }

    /// A client that is a person: an RSA key, because client libraries that people use take a PKCS#8 key for RSA.
    static Purpose person(String user, String group) {
        return new Purpose(user, group, false, true, List.of(), true);
    }

    static Purpose server(String commonName, String organisation, List<String> hosts) {
        return new Purpose(commonName, organisation, true, false, hosts, false);
    }

    static Purpose both(String commonName, String organisation, List<String> hosts) {
        return new Purpose(commonName, organisation, true, true, hosts, false);
    }
}
