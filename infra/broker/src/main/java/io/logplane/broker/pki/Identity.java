package io.logplane.broker.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/// A private key and the certificate that says whose it is. Thread: any.
record Identity(PrivateKey key, X509Certificate certificate) {
}
