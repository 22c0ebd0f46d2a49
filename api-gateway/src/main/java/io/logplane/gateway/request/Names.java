package io.logplane.gateway.request;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What names, keys and label values look like, with upstream's explanations.
///
/// Shape: an empty list means good. Source: k8s.io/apimachinery/pkg/util/validation.
public final class Names {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern SUBDOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final Pattern QUALIFIED_PATTERN = Pattern.compile(QUALIFIED);
    private static final Pattern VALUE = Pattern.compile("(" + QUALIFIED + ")?");
    private static final int MAX_SUBDOMAIN = 253;
    private static final int MAX_PART = 63;

    private Names() {
    }

    public static List<String> subdomainErrors(String text) {
        List<String> errors = new ArrayList<>();
        if (text.length() > MAX_SUBDOMAIN) {
            errors.add("must be no more than 253 characters");
        }
        if (!SUBDOMAIN.matcher(text).matches()) {
            errors.add("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
                    + "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for "
                    + "validation is '" + LABEL + "(\\." + LABEL + ")*')");
        }
        return errors;
    }

    public static List<String> qualifiedNameErrors(String text) {
        List<String> errors = new ArrayList<>();
        int slash = text.indexOf('/');
        if (slash >= 0 && text.indexOf('/', slash + 1) >= 0) {
            errors.add("a qualified name " + explain());
            return errors;
        }
        if (slash >= 0) {
            String prefix = text.substring(0, slash);
            if (prefix.isEmpty()) {
                errors.add("prefix part must be non-empty");
            } else {
                subdomainErrors(prefix).forEach(e -> errors.add("prefix part " + e));
            }
        }
        String name = text.substring(slash + 1);
        if (name.isEmpty()) {
            errors.add("name part must be non-empty");
        } else if (name.length() > MAX_PART) {
            errors.add("name part must be no more than 63 characters");
        }
        if (!QUALIFIED_PATTERN.matcher(name).matches()) {
            errors.add(
                    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with "
                            + "an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex "
                            + "used for validation"
                            + " is '" + QUALIFIED + "')");
        }
        return errors;
    }

    public static List<String> labelValueErrors(String text) {
        List<String> errors = new ArrayList<>();
        if (text.length() > MAX_PART) {
            errors.add("must be no more than 63 characters");
        }
        if (!VALUE.matcher(text).matches()) {
            errors.add("a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
                    + "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or "
                    + "'12345', regex used for validation is '(" + QUALIFIED + ")?')");
        }
        return errors;
    }

    private static String explain() {
        return "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
                + "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '" + QUALIFIED
                + "') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
    }
}
