package io.logplane.gateway.outbound;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/// Trusts one server: its certificate comes from this bundle (or from the system's authorities) and names this server,
/// whatever address it is reached by.
///
/// Source: RFC 6125; services are reached by address and verified as `<service>.<namespace>.svc`.
public final class ServerTrust extends X509ExtendedTrustManager {
    private static final int DNS = 2;
    private static final int ADDRESS = 7;

    private final String serverName;
    private final byte[] bundle;
    private final boolean anything;

    /// Shape: an empty bundle means the system's authorities; `anything` checks nothing.
    public ServerTrust(String serverName, byte[] bundle, boolean anything) {
        this.serverName = serverName;
        this.bundle = bundle.clone();
        this.anything = anything;
    }

    public SSLContext context(KeyManager... keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[]{this}, null);
            return context;
        } catch (GeneralSecurityException unusable) {
            throw new IllegalStateException(unusable);
        }
    }

    /// The name asked for is the service's, not the address.
    public SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters();
        if (!serverName.isEmpty() && !serverName.matches("[0-9.]+|.*:.*")) {
            parameters.setServerNames(List.of(new SNIHostName(serverName.getBytes(
                    StandardCharsets.US_ASCII))));
        }
        return parameters;
    }

    private X509TrustManager authorities() throws CertificateException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            if (bundle.length == 0) {
                factory.init((KeyStore) null);
            } else {
                store.load(null, null);
                Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509").generateCertificates(
                        new ByteArrayInputStream(bundle));
                int number = 0;
                for (Certificate certificate : found) {
                    store.setCertificateEntry("authority-" + number++, certificate);
                }
                factory.init(store);
            }
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager found) {
                    return found;
                }
            }
            throw new CertificateException("no trust manager");
        } catch (GeneralSecurityException | IOException unusable) {
            throw new CertificateException("unable to load root certificates", unusable);
        }
    }

    private void check(X509Certificate[] chain, String authType) throws CertificateException {
        if (anything) {
            return;
        }
        try {
            authorities().checkServerTrusted(chain, authType);
        } catch (CertificateException untrusted) {
            throw new CertificateException(
                    "tls: failed to verify certificate: x509: certificate signed by unknown authority", untrusted);
        }
        Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
        if (names == null || !names(names)) {
            throw new CertificateException("tls: failed to verify certificate: x509: " + misnamed(chain[0],
                    names == null ? List.of() : names));
        }
    }

    private String wanted() {
        return serverName.replaceAll("^\\[|]$", "").toLowerCase(Locale.ROOT);
    }

    /// What Go says of a certificate for others.
    private String misnamed(X509Certificate certificate, Collection<List<?>> names) {
        if (names.isEmpty() && certificate.getSubjectX500Principal().getName().contains("CN=" + wanted())) {
            return "certificate relies on legacy Common Name field, use SANs instead";
        }
        boolean address = wanted().contains(":") || wanted().matches("[0-9.]+");
        List<String> valid = names.stream().filter(name -> name.get(0).equals(address ? ADDRESS : DNS)).map(
                name -> String.valueOf(name.get(1))).toList();
        if (valid.isEmpty()) {
            return address
                    ? "cannot validate certificate for " + wanted() + " because it doesn't contain any IP SANs"
                    : "certificate is not valid for any names, but wanted to match " + wanted();
        }
        return "certificate is valid for " + String.join(", ", valid) + ", not " + wanted();
    }

    private boolean names(Collection<List<?>> names) {
        String wanted = wanted();
        for (List<?> name : names) {
            String value = String.valueOf(name.get(1)).toLowerCase(Locale.ROOT);
            boolean kind = name.get(0).equals(DNS) || name.get(0).equals(ADDRESS);
            boolean wildcard = value.startsWith("*.") && wanted.indexOf('.') > 0 && wanted.substring(wanted.indexOf(
                    '.')).equals(value.substring(1));
            if (kind && (value.equals(wanted) || wildcard)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this end asks, it is not asked");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
