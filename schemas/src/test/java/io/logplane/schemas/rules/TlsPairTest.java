package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.model.Der;
import io.logplane.schemas.model.Tree;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Secrets of type kubernetes.io/tls: what their writers are warned of. Keys are made for the test alone.
class TlsPairTest {
    private static final String SWITCHED = "tls: failed to find certificate PEM data in certificate input, but did find "
            + "a private key; PEM inputs may have been switched";

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void aPairFitsAndAnotherKeyDoesNot(String algorithm) throws GeneralSecurityException {
        KeyPair pair = pair(algorithm);
        String certificate = pem("CERTIFICATE", certificate(pair.getPublic()));
        assertThat(warned(certificate, pem("PRIVATE KEY", pair.getPrivate().getEncoded()))).isEmpty();
        assertThat(warned(certificate, pem("PRIVATE KEY", pair(algorithm).getPrivate().getEncoded()))).containsExactly(
                "tls: private key does not match public key");
    }

    @Test
    void theOlderFormsOfKeysAreReadAndKindsOfKeysToldApart() throws Exception {
        KeyPair rsa = pair("RSA");
        KeyPair curve = pair("EC");
        String rsaKey = pem("RSA PRIVATE KEY", inner(rsa));
        Der older = new Der(inner(curve)).next(Der.SEQUENCE, "").inside();
        Der pkcs8 = new Der(curve.getPrivate().getEncoded()).next(Der.SEQUENCE, "").inside();
        pkcs8.any();
        Der algorithm = pkcs8.any().inside();
        algorithm.any();
        String curveKey = pem("EC PRIVATE KEY", Der.sequence(older.any().whole(), older.any().whole(), Der.of(0xa0,
                algorithm.any().whole())));

        assertThat(warned(pem("CERTIFICATE", certificate(rsa.getPublic())), "text\n" + rsaKey)).isEmpty();
        assertThat(warned(pem("CERTIFICATE", certificate(curve.getPublic())), curveKey)).isEmpty();
        assertThat(warned(pem("CERTIFICATE", certificate(curve.getPublic())), rsaKey)).containsExactly(
                "tls: private key type does not match public key type");
    }

    /// Rows: types of the blocks, all of one zero byte, of the certificate and of the key.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "``|``|tls: failed to find any PEM data in certificate input", "RSA PRIVATE KEY|CERTIFICATE|" + SWITCHED,
        "A,B|``|tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the "
                + "following types: [A B]",
        "CERTIFICATE|``|tls: failed to find any PEM data in key input",
        "CERTIFICATE|CERTIFICATE|tls: found a certificate rather than a key in the PEM for the private key",
        "CERTIFICATE|EC PARAMETERS|tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after "
                + "skipping PEM blocks of the following types: [EC PARAMETERS]",
        "CERTIFICATE|EC PARAMETERS,PRIVATE KEY|x509: malformed certificate"})
    void whatIsNoPairIsNamed(String certificate, String key, String expected) {
        assertThat(warned(blocks(certificate), blocks(key))).containsExactly(expected);
    }

    @Test
    void aKeyThatIsNoneIsNamedAndOtherSecretsAreLeftAlone() throws GeneralSecurityException {
        assertThat(warned(pem("CERTIFICATE", certificate(pair("EC").getPublic())), blocks("PRIVATE KEY")))
                .containsExactly("tls: failed to parse private key");
        assertThat(Samples.type("secrets").rules().warningsOnCreate(Samples.json("{'type':'Opaque'}"))).isEmpty();
    }

    private static List<String> warned(String certificate, String key) {
        ObjectNode secret = Samples.json("{'type':'kubernetes.io/tls'}");
        Tree.object(secret, "data").put("tls.crt", text(certificate)).put("tls.key", text(key));
        return Samples.type("secrets").rules().warningsOnUpdate("", secret, secret);
    }

    private static String text(String pem) {
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    }

    private static String blocks(String types) {
        return types.isEmpty()
                ? ""
                : String.join("", List.of(types.split(",")).stream().map(type -> pem(type,
                        new byte[1])).toList());
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + Base64.getEncoder().encodeToString(der) + "\n-----END " + type
                + "-----\n";
    }

    private static KeyPair pair(String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("RSA")) {
            generator.initialize(1024);
        }
        return generator.generateKeyPair();
    }

    /// What PKCS #8 wraps.
    private static byte[] inner(KeyPair pair) throws Der.Malformed {
        Der inside = new Der(pair.getPrivate().getEncoded()).next(Der.SEQUENCE, "").inside();
        inside.any();
        inside.any();
        return inside.any().content();
    }

    /// Nobody looks who signed it.
    private static byte[] certificate(PublicKey key) {
        HexFormat hex = HexFormat.of();
        byte[] algorithm = hex.parseHex("300506032b6570");
        byte[] name = hex.parseHex("300c310a300806035504030c0161");
        byte[] time = Der.of(0x17, "260101000000Z".getBytes(StandardCharsets.US_ASCII));
        byte[] asked = Der.sequence(hex.parseHex("020101"), algorithm, name, Der.sequence(time, time), name, key
                .getEncoded());
        return Der.sequence(asked, algorithm, Der.of(Der.BIT_STRING, new byte[2]));
    }
}
