package io.logplane.state.sealed;

import io.logplane.schemas.model.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// One named key of the provider `aesgcm`.
///
/// Shape of a box: 32 bytes of salt, then AES-256-GCM (nonce of zeros, tag of 16 bytes) under a key that HKDF-SHA256
/// makes of this key and the salt for this one object. So a nonce never meets its key again and the key needs no
/// rotation after so many writes. The object's key in the log is authenticated with it: a box cannot be moved to
/// another object.
/// Thread: any. Source: RFC 5869, NIST SP 800-38D; the idea of a salt for each write is Kubernetes' KMS v2.
final class SealingKey {
    static final String PROVIDER = "aesgcm";
    private static final int SALT = 32;
    private static final int TAG_BITS = 128;
    private static final byte[] NONCE = new byte[12];
    private static final byte[] PURPOSE = "logplane object".getBytes(StandardCharsets.US_ASCII);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String by;
    private final SecretKey secret;

    SealingKey(String name, byte[] secret) {
        this.by = PROVIDER + ":v1:" + name + ":";
        this.secret = new SecretKeySpec(secret, "HKDF");
    }

    /// What `sealedBy` says of objects sealed with this key.
    String by() {
        return by;
    }

    SealedForm seal(ObjectKey key, byte[] plain) {
        byte[] salt = new byte[SALT];
        RANDOM.nextBytes(salt);
        try {
            byte[] hidden = cipher(Cipher.ENCRYPT_MODE, key, salt).doFinal(plain);
            byte[] box = Arrays.copyOf(salt, SALT + hidden.length);
            System.arraycopy(hidden, 0, box, SALT, hidden.length);
            return new SealedForm(by, box);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("cannot encrypt", impossible);
        }
    }

    /// Empty: not made with this key, not for this object, or damaged.
    Optional<byte[]> open(ObjectKey key, byte[] box) {
        if (box.length < SALT) {
            return Optional.empty();
        }
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(box, SALT)).doFinal(box, SALT,
                    box.length - SALT));
        } catch (GeneralSecurityException notOurs) {
            return Optional.empty();
        }
    }

    private Cipher cipher(int mode, ObjectKey key, byte[] salt) throws GeneralSecurityException {
        SecretKey once = KDF.getInstance("HKDF-SHA256").deriveKey("AES", HKDFParameterSpec.ofExtract().addIKM(secret)
                .addSalt(salt).thenExpand(PURPOSE, 32));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, once, new GCMParameterSpec(TAG_BITS, NONCE));
        cipher.updateAAD(key.text().getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
