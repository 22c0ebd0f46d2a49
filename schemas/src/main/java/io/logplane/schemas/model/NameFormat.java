package io.logplane.schemas.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/// The shapes that names, keys and values may have, with the words in which upstream refuses others.
///
/// Shape: [#errors] is empty for a good name. Regular expressions are linear: none nests repetition over the same text.
/// Source: k8s.io/apimachinery/pkg/util/validation; RFC 1123, RFC 1035.
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
    private static final Pattern SUBDOMAIN_PATTERN = Pattern.compile(SUBDOMAIN_FORM);
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
        boolean dash = prefix.length() > 1 && prefix.endsWith("-") && this != PATH_SEGMENT;
        return errors(dash ? prefix.substring(0, prefix.length() - 2) + "a" : prefix);
    }

    public boolean accepts(String text) {
        return errors(text).isEmpty();
    }

    private static List<String> label(String text) {
        List<String> wrong = new ArrayList<>(0);
        tooLong(text, LABEL_LENGTH, "", wrong);
        if (text.length() <= SUBDOMAIN_LENGTH && !LABEL_PATTERN.matcher(text).matches()) {
            wrong.add(SUBDOMAIN_PATTERN.matcher(text).matches()
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
        tooLong(text, SUBDOMAIN_LENGTH, "", wrong);
        if (text.length() <= SUBDOMAIN_LENGTH && !SUBDOMAIN_PATTERN.matcher(text).matches()) {
            wrong.add(form("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, "
                    + "'-' or '.', and must start and end with an alphanumeric character", SUBDOMAIN_FORM,
                    "example.com"));
        }
        return wrong;
    }

    private static List<String> wildcard(String text) {
        return text.startsWith("*.") && SUBDOMAIN_PATTERN.matcher(text.substring(2)).matches()
                ? List.of()
                : List.of(form("a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, "
                        + "which must consist of lower case alphanumeric characters, '-' or '.' and end with an "
                        + "alphanumeric character", "\\*\\." + SUBDOMAIN_FORM, "*.example.com"));
    }

    private static List<String> label1035(String text) {
        List<String> wrong = new ArrayList<>(0);
        tooLong(text, LABEL_LENGTH, "", wrong);
        if (text.length() <= SUBDOMAIN_LENGTH && !LABEL_1035_PATTERN.matcher(text).matches()) {
            wrong.add(form("a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with "
                    + "an alphabetic character, and end with an alphanumeric character", LABEL_1035_FORM, "my-name",
                    "abc-123"));
        }
        return wrong;
    }

    private static List<String> pathSegment(String text) {
        List<String> wrong = new ArrayList<>(0);
        if (text.equals(".") || text.equals("..")) {
            return List.of("may not be '" + text + "'");
        }
        for (String banned : List.of("/", "%")) {
            if (text.contains(banned)) {
                wrong.add("may not contain '" + banned + "'");
            }
        }
        return wrong;
    }

    private static List<String> qualified(String text) {
        int slash = text.indexOf('/');
        if (slash != text.lastIndexOf('/')) {
            return List.of("a qualified name " + qualifiedForm()
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
        }
        List<String> wrong = new ArrayList<>(0);
        if (slash == 0) {
            wrong.add("prefix part must be non-empty");
        } else if (slash > 0) {
            subdomain(text.substring(0, slash)).forEach(w -> wrong.add("prefix part " + w));
        }
        String name = text.substring(slash + 1);
        if (name.isEmpty()) {
            wrong.add("name part must be non-empty");
        }
        tooLong(name, LABEL_LENGTH, "name part ", wrong);
        if (name.length() <= LABEL_LENGTH && !NAME_PATTERN.matcher(name).matches()) {
            wrong.add("name part " + qualifiedForm());
        }
        return wrong;
    }

    private static String qualifiedForm() {
        return form("must consist of alphanumeric characters, '-', '_' or '.', "
                + "and must start and end with an alphanumeric character", NAME_FORM, "MyName", "my.name", "123-abc");
    }

    private static List<String> labelValue(String text) {
        List<String> wrong = new ArrayList<>(0);
        tooLong(text, LABEL_LENGTH, "", wrong);
        if (text.length() <= SUBDOMAIN_LENGTH && !VALUE_PATTERN.matcher(text).matches()) {
            wrong.add(form("a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
                    + "'.', and must start and end with an alphanumeric character", VALUE_FORM, "MyValue", "my_value",
                    "12345"));
        }
        return wrong;
    }

    private static List<String> configKey(String text) {
        List<String> wrong = new ArrayList<>(0);
        tooLong(text, SUBDOMAIN_LENGTH, "", wrong);
        if (text.length() <= SUBDOMAIN_LENGTH && !KEY_PATTERN.matcher(text).matches()) {
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
        tooLong(text, PORT_LENGTH, "", wrong);
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

    private static void tooLong(String text, int max, String part, List<String> wrong) {
        if (text.length() > max) {
            wrong.add(part + "must be no more than " + max + " characters");
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
