package io.logplane.gateway.authn;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// Users from client certificates: CN is the user, every O a group.
///
/// The chain must end at the Kubernetes CA and the certificate must be meant for clients. Checked here and not in the
/// TLS
/// handshake, so that a wrong certificate gets 401 as upstream gives and not a broken connection.
/// Source: k8s.io/apiserver/pkg/authentication/request/x509.
public final class ClientCertificates {
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private final Set<TrustAnchor> anchors = new HashSet<>();

    public ClientCertificates(List<X509Certificate> authorities) {
        authorities.forEach(ca -> anchors.add(new TrustAnchor(ca, null)));
    }

    /// Empty: not one of ours, expired, or not for clients.
    public Optional<User> user(X509Certificate[] chain) {
        try {
            List<String> usage = chain[0].getExtendedKeyUsage();
            if (usage == null || !usage.contains(CLIENT_AUTH)) {
                return Optional.empty();
            }
            verify(chain);
            return Optional.of(named(chain[0]));
        } catch (CertificateParsingException | InvalidNameException malformed) {
            return Optional.empty();
        } catch (GeneralSecurityException untrusted) {
            return Optional.empty();
        }
    }

    private void verify(X509Certificate[] chain) throws GeneralSecurityException {
        PKIXParameters parameters = new PKIXParameters(anchors);
        parameters.setRevocationEnabled(false);
        List<X509Certificate> path = new ArrayList<>(Arrays.asList(chain));
        path.removeIf(c -> anchors.stream().anyMatch(a -> c.equals(a.getTrustedCert())));
        if (path.isEmpty()) {
            throw new CertificateException("the CA's own certificate is no client certificate");
        }
        CertPathValidator.getInstance("PKIX").validate(CertificateFactory.getInstance("X.509").generateCertPath(path),
                parameters);
    }

    private static User named(X509Certificate certificate) throws InvalidNameException {
        String name = "";
        List<String> groups = new ArrayList<>();
        for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
            var values = rdn.toAttributes().getAll();
            while (values.hasMoreElements()) {
                var attribute = (javax.naming.directory.Attribute) next(values);
                for (int i = 0; i < attribute.size(); i++) {
                    String value = text(attribute, i);
                    if (attribute.getID().equalsIgnoreCase("CN")) {
                        name = value;
                    } else if (attribute.getID().equalsIgnoreCase("O")) {
                        groups.add(value);
                    }
                }
            }
        }
        if (name.isEmpty()) {
            throw new InvalidNameException("no CN");
        }
        groups.add(User.AUTHENTICATED);
        return new User(name, "", groups, Map.of());
    }

    private static Object next(javax.naming.NamingEnumeration<?> values) throws InvalidNameException {
        try {
            return values.next();
        } catch (javax.naming.NamingException odd) {
            throw new InvalidNameException(odd.getMessage());
        }
    }

    private static String text(javax.naming.directory.Attribute attribute, int i) throws InvalidNameException {
        try {
            return String.valueOf(attribute.get(i));
        } catch (javax.naming.NamingException odd) {
            throw new InvalidNameException(odd.getMessage());
        }
    }
}
