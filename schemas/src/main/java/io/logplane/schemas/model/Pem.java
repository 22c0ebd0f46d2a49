package io.logplane.schemas.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One block of a PEM text: what stands between a `-----BEGIN TYPE-----` and its `-----END TYPE-----`.
///
/// Shape: text around the blocks, and what looks like one and is none, counts for nothing, as for Go.
/// Source: RFC 7468; Go's encoding/pem.
public record Pem(String type, boolean headers, byte[] bytes) {
    private static final Pattern BEGIN = Pattern.compile("(?m)^-----BEGIN (.*)-----[ \\t\\r]*$");
    private static final Pattern END = Pattern.compile("(?m)^-----END (.*)-----[ \\t\\r]*$");
    private static final Pattern HEADER = Pattern.compile("[^\\n]*:[^\\n]*(\\n|$)");

    public static List<Pem> blocks(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        List<Pem> all = new ArrayList<>();
        Matcher begin = BEGIN.matcher(text);
        Matcher end = END.matcher(text);
        int from = 0;
        while (begin.find(from)) {
            from = begin.end();
            if (end.find(from) && end.group(1).equals(begin.group(1))
                    && add(begin.group(1), text.substring(from, end.start()).stripLeading(), all)) {
                from = end.end();
            }
        }
        return all;
    }

    /// Says whether it was a block.
    private static boolean add(String type, String inside, List<Pem> all) {
        Matcher header = HEADER.matcher(inside);
        int start = 0;
        while (header.find(start) && header.start() == start) {
            start = header.end();
        }
        try {
            String base64 = inside.substring(start).replaceAll("\\s", "");
            all.add(new Pem(type, start > 0, Base64.getDecoder().decode(base64)));
            return true;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
