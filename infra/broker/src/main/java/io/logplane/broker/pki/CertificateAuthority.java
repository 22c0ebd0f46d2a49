package io.logplane.broker.pki;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Signs certificates with a self-signed EC P-256 root that it keeps in two PEM files.
///
/// Limits: the root lives [#ROOT_LIFE], what it signs [#LEAF_LIFE]; [#fits] wants a new one [#RENEW_BEFORE] the end.
/// Errors: IllegalStateException naming the file that cannot be read or the certificate that cannot be made.
/// Thread: any.
/// Source: RFC 5280; https://kubernetes.io/docs/setup/best-practices/certificates/
final class CertificateAuthority {
    /// What kubeadm gives an administrator.
    private static final int RSA_BITS = 2048;
    private static final Duration ROOT_LIFE = Duration.ofDays(10 * 365);
    private static final Duration LEAF_LIFE = Duration.ofDays(5 * 365);
    /// A machine restarted once a year never meets an expired certificate.
    private static final Duration RENEW_BEFORE = Duration.ofDays(365);
    /// Clocks of other machines may be behind.
    private static final Duration BACKDATED = Duration.ofHours(1);
    private static final int SERIAL_BITS = 127;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Identity root;

    private CertificateAuthority(Identity root) {
        this.root = root;
    }

    /// Reads the root from its files; makes it when there is none.
    static CertificateAuthority ensure(Path certificateFile, Path keyFile, String commonName) {
        if (Files.exists(certificateFile) && Files.exists(keyFile)) {
            return new CertificateAuthority(PemFiles.readIdentity(certificateFile, keyFile));
        }
        Identity made = selfSigned(commonName);
        PemFiles.writeKey(keyFile, made.key());
        PemFiles.writeCertificate(certificateFile, made.certificate());
        return new CertificateAuthority(made);
    }

    X509Certificate certificate() {
        return root.certificate();
    }

    Identity issue(Purpose purpose) {
        try {
            KeyPair pair = purpose.rsa() ? newRsaKey() : newKey();
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new JcaX509CertificateHolder(root.certificate()).getSubject(), serial(),
                    Date.from(Instant.now().minus(BACKDATED)), Date.from(Instant.now().plus(LEAF_LIFE)),
                    name(purpose.commonName(), purpose.organisation()), pair.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(usages(purpose)))
                    .addExtension(Extension.subjectKeyIdentifier, false,
                            ids.createSubjectKeyIdentifier(pair.getPublic()))
                    .addExtension(Extension.authorityKeyIdentifier, false,
                            ids.createAuthorityKeyIdentifier(root.certificate()));
            if (!purpose.hosts().isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names(purpose.hosts())));
            }
            return sign(builder, pair, root.key());
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException broken) {
            throw new IllegalStateException("cannot make a certificate for " + purpose.commonName(), broken);
        }
    }

    /// Whether a certificate found on disk still serves: signed by this root, not near its end, with all host names.
    boolean fits(X509Certificate found, Purpose purpose) {
        try {
            found.verify(root.certificate().getPublicKey());
            return found.getNotAfter().toInstant().isAfter(Instant.now().plus(RENEW_BEFORE))
                    && hostsOf(found).containsAll(purpose.hosts());
        } catch (GeneralSecurityException otherRoot) {
            return false;
        }
    }

    static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static KeyPair newRsaKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(RSA_BITS);
        return generator.generateKeyPair();
    }

    private static Identity selfSigned(String commonName) {
        try {
            KeyPair pair = newKey();
            X500Name name = name(commonName, "");
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(name, serial(),
                    Date.from(Instant.now().minus(BACKDATED)), Date.from(Instant.now().plus(ROOT_LIFE)), name,
                    pair.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true,
                            new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature))
                    .addExtension(Extension.subjectKeyIdentifier, false,
                            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            return sign(builder, pair, pair.getPrivate());
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException broken) {
            throw new IllegalStateException("cannot make the root certificate " + commonName, broken);
        }
    }

    private static Identity sign(X509v3CertificateBuilder builder, KeyPair pair, PrivateKey signer)
            throws GeneralSecurityException, OperatorCreationException {
        return new Identity(pair.getPrivate(), new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer))));
    }

    private static X500Name name(String commonName, String organisation) {
        X500NameBuilder builder = new X500NameBuilder(BCStyle.INSTANCE);
        if (!organisation.isEmpty()) {
            builder.addRDN(BCStyle.O, organisation);
        }
        return builder.addRDN(BCStyle.CN, commonName).build();
    }

    private static KeyPurposeId[] usages(Purpose purpose) {
        List<KeyPurposeId> usages = new ArrayList<>();
        if (purpose.client()) {
            usages.add(KeyPurposeId.id_kp_clientAuth);
        }
        if (purpose.server()) {
            usages.add(KeyPurposeId.id_kp_serverAuth);
        }
        return usages.toArray(KeyPurposeId[]::new);
    }

    private static GeneralName[] names(List<String> hosts) {
        return hosts.stream().distinct()
                .map(host -> new GeneralName(isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host))
                .toArray(GeneralName[]::new);
    }

    private static boolean isAddress(String host) {
        return host.contains(":") || host.matches("[0-9]+(\\.[0-9]+){3}");
    }

    private static Set<String> hostsOf(X509Certificate certificate) throws GeneralSecurityException {
        Set<String> hosts = new TreeSet<>();
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names != null) {
            names.forEach(name -> hosts.add(String.valueOf(name.get(1))));
        }
        return hosts;
    }

    private static BigInteger serial() {
        return new BigInteger(SERIAL_BITS, RANDOM).add(BigInteger.ONE);
    }
}
