package io.logplane.extension.cel;

import static io.logplane.extension.cel.Function.FORMAT;
import static io.logplane.extension.cel.Function.global;
import static io.logplane.extension.cel.Function.member;

import com.google.re2j.Pattern;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The formats an expression may check texts against: `format.dns1123Label().validate(self.name)`.
///
/// Source: the format library of k8s.io/apiserver/pkg/cel/library; messages of k8s.io/apimachinery validation.
enum NamedFormat {
    DNS_1123_LABEL("dns1123Label", "[a-z0-9]([-a-z0-9]*[a-z0-9])?", 63, "a lowercase RFC 1123 label must consist of "
            + "lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. "
            + "'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"), //
    DNS_1123_SUBDOMAIN("dns1123Subdomain", "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*", 253,
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
                    + "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
                    + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"), //
    DNS_1035_LABEL("dns1035Label", "[a-z]([-a-z0-9]*[a-z0-9])?", 63, "a DNS-1035 label must consist of lower case "
            + "alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric "
            + "character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
            + "'[a-z]([-a-z0-9]*[a-z0-9])?')"), //
    QUALIFIED_NAME("qualifiedName",
            "([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
                    + "([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]",
            317,
            "name part must consist of alphanumeric characters,"
                    + " '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or "
                    + "'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?"
                    + "[A-Za-z0-9]')"), //
    DNS_1123_LABEL_PREFIX("dns1123LabelPrefix", "[a-z0-9][-a-z0-9]*", 63, DNS_1123_LABEL.message), //
    DNS_1123_SUBDOMAIN_PREFIX("dns1123SubdomainPrefix",
            "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9][-a-z0-9]*)*\\.?|" + "[a-z0-9][-a-z0-9]*", 253,
            DNS_1123_SUBDOMAIN.message), //
    DNS_1035_LABEL_PREFIX("dns1035LabelPrefix", "[a-z][-a-z0-9]*", 63, DNS_1035_LABEL.message), //
    LABEL_VALUE("labelValue", "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?", 63, "a valid label must be an empty string"
            + " or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
            + "character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
            + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"), //
    URI("uri", "([A-Za-z][A-Za-z0-9+.-]*:.*|/.*)", Integer.MAX_VALUE, "invalid URI for request"), //
    UUID("uuid", "(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", Integer.MAX_VALUE,
            "does not match the UUID format"), //
    BYTE("byte", "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", Integer.MAX_VALUE, "invalid base64"), //
    DATE("date", "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", Integer.MAX_VALUE, "invalid date"), //
    DATETIME("datetime",
            "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:"
                    + "([0-5][0-9]|60)(\\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])",
            Integer.MAX_VALUE, "invalid datetime");

    private final String spelling;
    private final Pattern pattern;
    private final int longest;
    private final String message;

    NamedFormat(String spelling, String pattern, int longest, String message) {
        this.spelling = spelling;
        this.pattern = Pattern.compile(pattern);
        this.longest = longest;
        this.message = message;
    }

    Optional<String> problem(String text) {
        if (text.length() > longest) {
            return Optional.of("must be no more than " + longest + " characters");
        }
        return pattern.matches(text) ? Optional.empty() : Optional.of(message);
    }

    private static Object named(String name) {
        for (NamedFormat format : values()) {
            if (format.spelling.equals(name)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    static List<Function> functions() {
        List<Function> all = new ArrayList<>();
        for (NamedFormat format : values()) {
            all.add(global("format." + format.spelling, "format-" + format.spelling, FORMAT, unused -> format));
        }
        all.add(global("format.named", "format-named", OptionalType.create(FORMAT), in -> named((String) in[0]),
                SimpleType.STRING));
        all.add(member("validate", "format-validate", OptionalType.create(ListType.create(SimpleType.STRING)),
                in -> ((NamedFormat) in[0]).problem((String) in[1]).map(List::of), FORMAT, SimpleType.STRING));
        return all;
    }
}
