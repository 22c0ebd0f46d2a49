package io.logplane.extension.schema;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The formats of texts a schema may name; any other name says nothing.
///
/// Shape: names are compared without their dashes: `date-time` is `datetime`.
/// Source: k8s.io/apiextensions-apiserver/pkg/apiserver/validation/formats.go,
/// k8s.io/kube-openapi/pkg/validation/strfmt.
final class Formats {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern HOSTNAME = Pattern.compile("^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]"
            + "{0,62})?)|([a-zA-Z0-9\\p{S}\\p{L}](([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}"
            + "([a-zA-Z0-9\\p{S}\\p{L}])(-?[a-zA-Z0-9\\p{S}\\p{L}]){1,62})$");
    private static final Pattern TIME = Pattern.compile("([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?"
            + "(z|([+-][0-9]{2}:[0-9]{2}))");
    private static final Pattern PART_OF_DURATION = Pattern.compile("(\\d+)\\s*([A-Za-zµ]+)");
    private static final int LONGEST_FACTOR = 18;
    private static final Pattern GO_DURATION = Pattern.compile(
            "[-+]?(0|(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)");
    private static final Pattern UNIT = Pattern.compile(
            "(?i)(ns|us|µs|ms|s|m|h|hr|d|w|wk|nano.*|micro.*|milli.*|sec.*|min.*|hour.*|day.*|week.*)");
    private static final Pattern CARD = Pattern.compile("(4[0-9]{12}([0-9]{3})?|5[1-5][0-9]{14}|6(011|5[0-9][0-9])"
            + "[0-9]{12}|3[47][0-9]{13}|3(0[0-5]|[68][0-9])[0-9]{11}|(2131|1800|35\\d{3})\\d{11})");
    private static final int LONGEST_HOSTNAME = 255;
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME = 253;

    private static final Set<String> KNOWN = Set.of("bsonobjectid", "uri", "email", "hostname", "ipv4", "ipv6", "cidr",
            "mac", "uuid", "uuid3", "uuid4", "uuid5", "isbn", "isbn10", "isbn13", "creditcard", "ssn", "hexcolor",
            "rgbcolor", "byte", "password", "date", "duration", "datetime", "quantity", "k8sshortname", "k8slongname");
    private static final Set<String> INTEGERS = Set.of("int32", "int64");
    private static final Set<String> NUMBERS = Set.of("double", "float");
    private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-fA-F]{24}");
    private static final Pattern UUID = uuid("[0-9a-f]{4}", "[0-9a-f]{4}");
    private static final Pattern UUID3 = uuid("3[0-9a-f]{3}", "[0-9a-f]{4}");
    private static final Pattern UUID4 = uuid("4[0-9a-f]{3}", "[89ab][0-9a-f]{3}");
    private static final Pattern UUID5 = uuid("5[0-9a-f]{3}", "[89ab][0-9a-f]{3}");
    private static final Pattern SSN = Pattern.compile("\\d{3}[- ]?\\d{2}[- ]?\\d{4}");
    private static final Pattern HEX_COLOR = Pattern.compile("#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})");
    private static final Pattern RGB_COLOR = rgb();
    private static final Pattern BASE64 = Pattern.compile(
            "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})");
    private static final Pattern SHORT_NAME = Pattern.compile(LABEL);
    private static final Pattern LONG_NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

    private Formats() {
    }

    /// The format a schema names; "" when it names none, or none that is known for its type.
    static String of(Structural schema) {
        String format = Tree.text(schema.raw(), "format");
        boolean text = schema.type().isEmpty() && !schema.intOrString() || schema.type().equals("string");
        return text && known(format) ? format : "";
    }

    /// The format a schema names, of texts or numbers; "" when it names none, or none that is known for its type.
    static String ofType(Structural schema) {
        String format = Tree.text(schema.raw(), "format");
        boolean number = schema.type().equals("integer") && INTEGERS.contains(format)
                || schema.type().equals("number") && NUMBERS.contains(format);
        return number ? format : of(schema);
    }

    /// The formats a schema names, and all below it, that mean nothing for their type.
    static void unknown(Structural schema, Set<String> found) {
        String format = Tree.text(schema.raw(), "format");
        boolean known = switch (schema.type()) {
            case "", "string" -> known(format);
            case "integer" -> INTEGERS.contains(format);
            case "number" -> NUMBERS.contains(format);
            default -> false;
        };
        if (!format.isEmpty() && !known) {
            found.add(format);
        }
        schema.items().ifPresent(items -> unknown(items, found));
        for (Structural.Junctor junctor : Structural.Junctor.values()) {
            schema.nested(junctor).forEach(nested -> unknown(nested, found));
        }
        schema.properties().values().forEach(property -> unknown(property, found));
        schema.additional().ifPresent(further -> unknown(further, found));
    }

    static boolean known(String format) {
        return KNOWN.contains(normal(format));
    }

    static boolean fits(String format, String text) {
        return switch (normal(format)) {
            case "bsonobjectid" -> OBJECT_ID.matches(text);
            case "uri" -> NetworkFormats.uri(text);
            case "email" -> NetworkFormats.email(text);
            case "hostname" -> hostname(text);
            case "ipv4" -> NetworkFormats.ipv4(text);
            case "ipv6" -> NetworkFormats.ipv6(text);
            case "cidr" -> NetworkFormats.cidr(text);
            case "mac" -> NetworkFormats.mac(text);
            case "uuid" -> UUID.matches(text);
            case "uuid3" -> UUID3.matches(text);
            case "uuid4" -> UUID4.matches(text);
            case "uuid5" -> UUID5.matches(text);
            case "isbn" -> isbn10(text) || isbn13(text);
            case "isbn10" -> isbn10(text);
            case "isbn13" -> isbn13(text);
            case "creditcard" -> creditCard(text);
            case "ssn" -> text.length() == 11 && SSN.matches(text);
            case "hexcolor" -> HEX_COLOR.matches(text);
            case "rgbcolor" -> RGB_COLOR.matches(text);
            case "byte" -> BASE64.matches(text);
            case "date" -> date(text);
            case "duration" -> duration(text);
            case "datetime" -> dateTime(text);
            case "quantity" -> quantity(text);
            case "k8sshortname" -> text.length() <= LONGEST_LABEL && SHORT_NAME.matches(text);
            case "k8slongname" -> text.length() <= LONGEST_NAME && LONG_NAME.matches(text);
            default -> true;
        };
    }

    private static String normal(String format) {
        return format.replace("-", "");
    }

    private static Pattern uuid(String third, String fourth) {
        return Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?" + third + "-?" + fourth + "-?[0-9a-f]{12}");
    }

    private static Pattern rgb() {
        String part = "\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*";
        return Pattern.compile("rgb\\(" + part + "," + part + "," + part + "\\)");
    }

    private static boolean hostname(String text) {
        return HOSTNAME.matcher(text).find() && text.length() <= LONGEST_HOSTNAME
                && List.of(text.split("\\.", -1)).stream().allMatch(label -> label.length() <= LONGEST_LABEL);
    }

    private static boolean date(String text) {
        try {
            return text.length() == 10 && !LocalDate.parse(text).toString().isEmpty();
        } catch (DateTimeParseException notADate) {
            return false;
        }
    }

    private static boolean dateTime(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split("t", -1);
        if (parts.length < 2 || !date(parts[0]) || !TIME.matches(parts[1])) {
            return false;
        }
        String time = parts[1];
        return time.substring(0, 2).compareTo("23") <= 0 && time.substring(3, 5).compareTo("59") <= 0
                && time.substring(6, 8).compareTo("59") <= 0;
    }

    /// `1h30m` as Go writes it, or `2 days 3 hours`.
    private static boolean duration(String text) {
        if (GO_DURATION.matches(text)) {
            return true;
        }
        Matcher parts = PART_OF_DURATION.matcher(text);
        boolean found = false;
        while (parts.find()) {
            if (parts.group(1).length() > LONGEST_FACTOR) {
                return false;
            }
            found |= UNIT.matches(parts.group(2));
        }
        return found;
    }

    private static boolean quantity(String text) {
        return Quantity.tryParse(text).isPresent();
    }

    private static boolean isbn10(String text) {
        String digits = text.replaceAll("[\\s-]+", "");
        if (!digits.matches("[0-9]{9}[0-9X]")) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            char digit = digits.charAt(i);
            sum += (i + 1) * (digit == 'X' ? 10 : digit - '0');
        }
        return sum % 11 == 0;
    }

    private static boolean isbn13(String text) {
        String digits = text.replaceAll("[\\s-]+", "");
        if (!digits.matches("[0-9]{13}")) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 13; i++) {
            sum += (i % 2 == 0 ? 1 : 3) * (digits.charAt(i) - '0');
        }
        return sum % 10 == 0;
    }

    private static boolean creditCard(String text) {
        String digits = text.replaceAll("[^0-9]+", "");
        if (!CARD.matches(digits)) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int weighed = i % 2 == 0 ? digit : digit * 2;
            sum += weighed > 9 ? weighed - 9 : weighed;
        }
        return sum % 10 == 0;
    }
}
