package io.logplane.controllers.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Names made from what they stand for, so that a repeated pass makes the same ones.
public final class Names {
    /// Letters and digits that make no words. Source: k8s.io/apimachinery/pkg/util/rand.
    private static final String SAFE = "bcdfghjklmnpqrstvwxz2456789";
    /// Length of a suffix; 27^5 = 14 million names a parent.
    private static final int SUFFIX = 5;
    /// Longest parent part: a generated name has at most 63 characters.
    private static final int MAX_BASE = 63 - SUFFIX;

    private Names() {
    }

    /// The `index`-th of the fixed sequence of children's names of a parent.
    public static String child(String parent, String parentUid, int index) {
        String base = parent + "-";
        return (base.length() > MAX_BASE ? base.substring(0, MAX_BASE) : base)
                + safe(digest(parentUid + "/" + index), SUFFIX);
    }

    /// `length` safe letters out of a digest.
    public static String safe(byte[] digest, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(SAFE.charAt(Math.floorMod((digest[2 * i] << 8) | (digest[2 * i + 1] & 0xff), SAFE.length())));
        }
        return text.toString();
    }

    public static String hex(String content, int bytes) {
        return HexFormat.of().formatHex(digest(content), 0, bytes);
    }

    public static byte[] digest(String content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
