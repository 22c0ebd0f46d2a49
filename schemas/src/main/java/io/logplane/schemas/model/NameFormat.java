package io.logplane.schemas.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The shapes that names, keys and values may have, with the words in which upstream refuses others.
///
/// Shape: [#errors] is empty for a good name. Regular expressions are linear and none loops over a group: a name may be
/// as long as a body.
/// Source: k8s.io/apimachinery/pkg/util/validation and pkg/api/validate/content, whose lengths are in characters and
/// in bytes; both count bytes. RFC 1123, RFC 1035.
public enum NameFormat {
    /// Most objects: lower case, dots allowed, 253 characters.
    SUBDOMAIN(NameFormat::subdomain),
    /// Namespaces, containers, volumes: lower case, no dots, 63 characters.
    LABEL(NameFormat::label),
    /// As LABEL, starting with a letter.
    LABEL_1035(NameFormat::label1035),
    /// RBAC objects: whatever can be one segment of a path.
    PATH_SEGMENT(NameFormat::pathSegment),
    /// Hosts that stand for all names below a domain: `*.example.com`.
    WILDCARD(NameFormat::wildcard),
    /// Keys of labels and annotations: optional prefix and a name.
    QUALIFIED(NameFormat::qualified),
    /// Values of labels.
    LABEL_VALUE(NameFormat::labelValue),
    /// Keys of ConfigMaps and Secrets.
    CONFIG_KEY(NameFormat::configKey),
    /// Names of environment variables.
    ENVIRONMENT(NameFormat::environment),
    /// Names of ports.
    PORT(NameFormat::port),
    /// Names that are IP addresses, in their one canonical form.
    ADDRESS(text -> IpAddresses.error(text).stream().toList());

    public static final int LABEL_LENGTH = 63;
    public static final int SUBDOMAIN_LENGTH = 253;
    private static final int PORT_LENGTH = 15;
    private static final String LABEL_FORM = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN_FORM = LABEL_FORM + "(\\." + LABEL_FORM + ")*";
    private static final String LABEL_1035_FORM = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final String NAME_FORM = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String VALUE_FORM = "(" + NAME_FORM + ")?";
    private static final String KEY_FORM = "[-._a-zA-Z0-9]+";
    private static final Pattern LABEL_PATTERN = Pattern.compile(LABEL_FORM);
    private static final Pattern LABEL_1035_PATTERN = Pattern.compile(LABEL_1035_FORM);
    private static final Pattern NAME_PATTERN = Pattern.compile(NAME_FORM);
    private static final Pattern VALUE_PATTERN = Pattern.compile(VALUE_FORM);
    private static final Pattern KEY_PATTERN = Pattern.compile(KEY_FORM);
    private static final Pattern ENVIRONMENT_PATTERN = Pattern.compile("[ -<>-~]+");

    private final Function<String, List<String>> check;

    NameFormat(Function<String, List<String>> check) {
        this.check = check;
    }

    /// What is wrong with `text`, in upstream's words; empty when nothing is.
    public List<String> errors(String text) {
        return check.apply(text);
    }

    /// Same for a generateName: a trailing dash is allowed because characters follow it.
    public List<String> prefixErrors(String prefix) {
        if (this == PATH_SEGMENT) {
            return segmentPart(prefix);
        }
        boolean dash = prefix.length() > 1 && prefix.endsWith("-");
        return errors(dash ? prefix.substring(0, prefix.length() - 2) + "a" : prefix);
    }

    public boolean accepts(String text) {
        return errors(text).isEmpty();
    }

    /// How long a text is in UTF-8: upstream counts so.
    public static int bytes(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
        }
        return bytes;
    }

    private static List<String> label(String text) {
        List<String> wrong = new ArrayList<>(0);
        tooLong(text, LABEL_LENGTH, wrong);
        if (!LABEL_PATTERN.matcher(text).matches()) {
            wrong.add(isSubdomain(text)
                    ? "must not contain dots"
                    : form(
                            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
                                    + "and must start and end with an alphanumeric character",
                            LABEL_FORM, "my-name", "123-abc"));
        }
        return wrong;
    }

    private static List<String> subdomain(String text) {
        List<String> wrong = new ArrayList<>(0);
        tooLong(text, SUBDOMAIN_LENGTH, wrong);
        if (!isSubdomain(text)) {
            wrong.add(subdomainForm());
        }
        return wrong;
    }

    private static String subdomainForm() {
        return form("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, "
                + "'-' or '.', and must start and end with an alphanumeric character", SUBDOMAIN_FORM, "example.com");
    }

    private static boolean isSubdomain(String text) {
        int start = 0;
        for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', start)) {
            if (!LABEL_PATTERN.matcher(text).region(start, dot).matches()) {
                return false;
            }
            start = dot + 1;
        }
        return LABEL_PATTERN.matcher(text).region(start, text.length()).matches();
    }

    private static List<String> wildcard(String text) {
        List<String> wrong = new ArrayList<>(0);
        tooLong(text, SUBDOMAIN_LENGTH, wrong);
        if (!text.startsWith("*.") || !isSubdomain(text.substring(2))) {
            wrong.add(form("a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, "
                    + "which must consist of lower case alphanumeric characters, '-' or '.' and end with an "
                    + "alphanumeric character", "\\*\\." + SUBDOMAIN_FORM, "*.example.com"));
        }
        return wrong;
    }

    private static List<String> label1035(String text) {
        List<String> wrong = new ArrayList<>(0);
        tooLong(text, LABEL_LENGTH, wrong);
        if (!LABEL_1035_PATTERN.matcher(text).matches()) {
            wrong.add(form("a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with "
                    + "an alphabetic character, and end with an alphanumeric character", LABEL_1035_FORM, "my-name",
                    "abc-123"));
        }
        return wrong;
    }

    private static List<String> pathSegment(String text) {
        return text.equals(".") || text.equals("..") ? List.of("may not be '" + text + "'") : segmentPart(text);
    }

    private static List<String> segmentPart(String text) {
        return Stream.of("/", "%").filter(text::contains).map(banned -> "may not contain '" + banned + "'").toList();
    }

    private static List<String> qualified(String text) {
        int slash = text.indexOf('/');
        if (slash != text.lastIndexOf('/')) {
            return List.of("a valid label key " + keyForm()
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
        }
        List<String> wrong = new ArrayList<>(0);
        String prefix = text.substring(0, Math.max(slash, 0));
        if (slash == 0) {
            wrong.add("prefix part must be non-empty");
        } else if (slash > 0) {
            tooManyBytes(prefix, SUBDOMAIN_LENGTH, "prefix part ", wrong);
            if (!isSubdomain(prefix)) {
                wrong.add("prefix part " + subdomainForm());
            }
        }
        String name = text.substring(slash + 1);
        if (name.isEmpty()) {
            wrong.add("name part must be non-empty");
        }
        tooManyBytes(name, LABEL_LENGTH, "name part ", wrong);
        if (!NAME_PATTERN.matcher(name).matches()) {
            wrong.add("name part " + keyForm());
        }
        return wrong;
    }

    private static String keyForm() {
        return form("must consist of alphanumeric characters, '-', '_' or '.', "
                + "and must start and end with an alphanumeric character", NAME_FORM, "MyName", "my.name", "123-abc");
    }

    private static List<String> labelValue(String text) {
        List<String> wrong = new ArrayList<>(0);
        tooManyBytes(text, LABEL_LENGTH, "", wrong);
        if (!VALUE_PATTERN.matcher(text).matches()) {
            wrong.add(form("a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
                    + "'.', and must start and end with an alphanumeric character", VALUE_FORM, "MyValue", "my_value",
                    "12345"));
        }
        return wrong;
    }

    private static List<String> configKey(String text) {
        List<String> wrong = new ArrayList<>(0);
        tooLong(text, SUBDOMAIN_LENGTH, wrong);
        if (!KEY_PATTERN.matcher(text).matches()) {
            wrong.add(form("a valid config key must consist of alphanumeric characters, '-', '_' or '.'", KEY_FORM,
                    "key.name", "KEY_NAME", "key-name"));
        }
        wrong.addAll(upwards(text));
        return wrong;
    }

    private static List<String> environment(String text) {
        List<String> wrong = new ArrayList<>(0);
        if (!ENVIRONMENT_PATTERN.matcher(text).matches()) {
            wrong.add("a valid environment variable name must consist only of printable ASCII characters "
                    + "other than '='");
        }
        return wrong;
    }

    private static List<String> port(String text) {
        List<String> wrong = new ArrayList<>(0);
        tooLong(text, PORT_LENGTH, wrong);
        if (!Pattern.matches("[-a-z0-9]+", text.toLowerCase(Locale.ROOT))
                || !text.equals(text.toLowerCase(Locale.ROOT))) {
            wrong.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (text.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            wrong.add("must contain at least one letter (a-z)");
        }
        if (text.contains("--")) {
            wrong.add("must not contain consecutive hyphens");
        }
        if (text.startsWith("-") || text.endsWith("-")) {
            wrong.add("must not begin or end with a hyphen");
        }
        return wrong;
    }

    private static List<String> upwards(String text) {
        if (text.equals(".") || text.equals("..")) {
            return List.of("must not be '" + text + "'");
        }
        return text.startsWith("..") ? List.of("must not start with '..'") : List.of();
    }

    private static void tooLong(String text, int max, List<String> wrong) {
        if (bytes(text) > max) {
            wrong.add("must be no more than " + max + " characters");
        }
    }

    private static void tooManyBytes(String text, int max, String part, List<String> wrong) {
        if (bytes(text) > max) {
            wrong.add(part + "must be no more than " + max + " bytes");
        }
    }

    private static String form(String message, String regex, String... examples) {
        StringBuilder out = new StringBuilder(message).append(" (e.g. ");
        for (int i = 0; i < examples.length; i++) {
            out.append(i > 0 ? " or " : "").append('\'').append(examples[i]).append("', ");
        }
        return out.append("regex used for validation is '").append(regex).append("')").toString();
    }
}
