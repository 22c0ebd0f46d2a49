package io.logplane.representation.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/// What a plain YAML scalar means, by YAML 1.1 as upstream's parser reads it.
final class YamlScalars {
    private static final Set<String> TRUE = Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On",
            "ON");
    private static final Set<String> FALSE = Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off",
            "OFF");
    private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> NOT_JSON = Set.of(".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf",
            "-.Inf",
            "-.INF", ".nan", ".NaN", ".NAN");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?");
    private static final String STRING_TAG = "tag:yaml.org,2002:str";
    private static final String BINARY_TAG = "tag:yaml.org,2002:binary";
    /// Longer digit strings stay text, so that no number costs quadratic time.
    private static final int MAX_DIGITS = 400;

    private YamlScalars() {
    }

    static JsonNode value(ScalarEvent scalar) {
        String text = scalar.getValue();
        Optional<String> tag = scalar.getTag();
        if (tag.isPresent() && tag.get().equals(BINARY_TAG)) {
            return binary(text);
        }
        boolean plain = tag.isEmpty() ? scalar.isPlain() : !tag.get().equals(STRING_TAG) && !tag.get().equals("!");
        return plain ? resolved(text) : TextNode.valueOf(text);
    }

    private static JsonNode binary(String text) {
        try {
            return TextNode.valueOf(new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notBase64) {
            throw new Malformed("yaml: !!binary value contains invalid base64 data");
        }
    }

    static JsonNode resolved(String text) {
        if (NULL.contains(text)) {
            return NullNode.instance;
        }
        if (TRUE.contains(text)) {
            return BooleanNode.TRUE;
        }
        if (FALSE.contains(text)) {
            return BooleanNode.FALSE;
        }
        if (NOT_JSON.contains(text)) {
            throw new Malformed("json: unsupported value: " + text);
        }
        char first = text.charAt(0);
        boolean number = first >= '0' && first <= '9' || first == '+' || first == '-' || first == '.';
        return number && text.length() <= MAX_DIGITS ? number(text) : TextNode.valueOf(text);
    }

    private static JsonNode number(String text) {
        String plain = text.replace("_", "");
        Optional<BigInteger> whole = integer(plain);
        if (whole.isPresent() && whole.get().bitLength() <= 64) {
            return whole.get().bitLength() < 64
                    ? LongNode.valueOf(whole.get().longValueExact())
                    : BigIntegerNode.valueOf(whole.get());
        }
        if (!FLOAT.matcher(plain).matches()) {
            return TextNode.valueOf(text);
        }
        double value = Double.parseDouble(plain);
        if (Double.isInfinite(value)) {
            return TextNode.valueOf(text);
        }
        BigDecimal decimal = BigDecimal.valueOf(value);
        return decimal.stripTrailingZeros().scale() <= 0 && Math.abs(value) < 1e18
                ? LongNode.valueOf(decimal.longValueExact())
                : DecimalNode.valueOf(decimal);
    }

    /// Bases by prefix: `0x`, `0b`, `0o` and, as in C, a plain leading zero.
    private static Optional<BigInteger> integer(String text) {
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        int base = 10;
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            base = switch (digits.charAt(1)) {
                case 'x', 'X' -> 16;
                case 'b', 'B' -> 2;
                default -> 8;
            };
            digits = digits.substring(Character.isLetter(digits.charAt(1)) ? 2 : 1);
        }
        try {
            if (digits.isEmpty() || Character.digit(digits.charAt(0), base) < 0) {
                return Optional.empty();
            }
            BigInteger value = new BigInteger(digits, base);
            return Optional.of(negative ? value.negate() : value);
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }
}
