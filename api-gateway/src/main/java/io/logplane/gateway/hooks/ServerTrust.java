package io.logplane.gateway.hooks;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
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
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
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
        if (!names(chain[0])) {
            throw new CertificateException("tls: failed to verify certificate: x509: certificate is not valid for "
                    + serverName);
        }
    }

    private boolean names(X509Certificate certificate) throws CertificateException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names == null) {
            return false;
        }
        String wanted = serverName.replaceAll("^\\[|]$", "").toLowerCase(Locale.ROOT);
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
