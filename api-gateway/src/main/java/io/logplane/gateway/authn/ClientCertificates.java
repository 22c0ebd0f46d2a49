package io.logplane.gateway.authn;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/// Users from client certificates: CN is the user, every O a group.
///
/// The chain must end at the Kubernetes CA and the certificate must be meant for clients. Checked here and not in the
/// TLS handshake, so that a wrong certificate gets 401 as upstream gives and not a broken connection.
/// Source: k8s.io/apiserver/pkg/authentication/request/x509.
public final class ClientCertificates {
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USAGE = "2.5.29.37.0";
    /// The attribute of a subject that carries a user's uid (1.3.6.1.4.1.57683.2), as [#NAMES] spells it.
    private static final String UID = "KUBERNETESUID";
    private static final Map<String, String> NAMES = Map.of("1.3.6.1.4.1.57683.2", UID);
    private final Set<TrustAnchor> anchors = new HashSet<>();

    public ClientCertificates(List<X509Certificate> authorities) {
        authorities.forEach(ca -> anchors.add(new TrustAnchor(ca, null)));
    }

    /// Empty: not one of ours, expired, or not for clients.
    public Optional<User> user(X509Certificate[] chain) {
        try {
            return vouchesFor(chain) ? Optional.of(named(chain[0])) : Optional.empty();
        } catch (InvalidNameException | GeneralSecurityException malformed) {
            return Optional.empty();
        }
    }

    /// True: good, but it names nobody; whoever shows it is anonymous.
    public boolean nameless(X509Certificate[] chain) {
        return vouchesFor(chain) && commonName(chain[0]).isEmpty();
    }

    /// True: issued by one of the authorities, for clients or for anything, and valid now.
    public boolean vouchesFor(X509Certificate[] chain) {
        try {
            List<String> usage = chain[0].getExtendedKeyUsage();
            if (usage != null && !usage.contains(CLIENT_AUTH) && !usage.contains(ANY_USAGE)) {
                return false;
            }
            verify(chain);
            return true;
        } catch (GeneralSecurityException untrusted) {
            return false;
        }
    }

    /// "" when there is none.
    static String commonName(X509Certificate certificate) {
        try {
            return subject(certificate, "CN").stream().reduce("", (before, last) -> last);
        } catch (InvalidNameException malformed) {
            return "";
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

    private static User named(X509Certificate certificate) throws InvalidNameException, GeneralSecurityException {
        String name = commonName(certificate);
        if (name.isEmpty()) {
            throw new InvalidNameException("no CN");
        }
        List<String> uids = subject(certificate, UID);
        if (uids.size() > 1 || uids.stream().anyMatch(String::isEmpty)) {
            throw new InvalidNameException("more than one uid, or an empty one");
        }
        List<String> groups = new ArrayList<>(subject(certificate, "O"));
        byte[] print = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        return new User(name, uids.isEmpty() ? "" : uids.getFirst(), User.withAuthenticated(name, groups), Map.of(
                User.CREDENTIAL_ID, List.of("X509SHA256=" + HexFormat.of().formatHex(print))));
    }

    /// The values of one attribute, in the order of the certificate.
    private static List<String> subject(X509Certificate certificate, String attribute) throws InvalidNameException {
        List<String> found = new ArrayList<>();
        String subject = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253, NAMES);
        for (Rdn rdn : new LdapName(subject).getRdns()) {
            var values = rdn.toAttributes().getAll();
            while (values.hasMoreElements()) {
                var next = (javax.naming.directory.Attribute) next(values);
                for (int i = 0; i < next.size(); i++) {
                    if (next.getID().equalsIgnoreCase(attribute)) {
                        found.add(text(next, i));
                    }
                }
            }
        }
        return found;
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
