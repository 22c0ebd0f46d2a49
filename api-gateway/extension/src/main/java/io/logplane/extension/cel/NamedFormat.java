package io.logplane.extension.cel;

import static io.logplane.extension.cel.Function.FORMAT;
import static io.logplane.extension.cel.Function.global;
import static io.logplane.extension.cel.Function.member;

import com.google.re2j.Pattern;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import io.logplane.schemas.model.NameFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The formats an expression may check texts against: `format.dns1123Label().validate(self.name)`.
///
/// Source: the format library of k8s.io/apiserver/pkg/cel/library; messages of k8s.io/apimachinery validation.
enum NamedFormat {
    DNS_1123_LABEL("dns1123Label", NameFormat.LABEL::errors), //
    DNS_1123_SUBDOMAIN("dns1123Subdomain", NameFormat.SUBDOMAIN::errors), //
    DNS_1035_LABEL("dns1035Label", NameFormat.LABEL_1035::errors), //
    QUALIFIED_NAME("qualifiedName", NameFormat.QUALIFIED::errors), //
    DNS_1123_LABEL_PREFIX("dns1123LabelPrefix", NameFormat.LABEL::prefixErrors), //
    DNS_1123_SUBDOMAIN_PREFIX("dns1123SubdomainPrefix", NameFormat.SUBDOMAIN::prefixErrors), //
    DNS_1035_LABEL_PREFIX("dns1035LabelPrefix", NameFormat.LABEL_1035::prefixErrors), //
    LABEL_VALUE("labelValue", NameFormat.LABEL_VALUE::errors), //
    URI("uri", "([A-Za-z][A-Za-z0-9+.-]*:.*|/.*)", "invalid URI for request"), //
    UUID("uuid", "(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}",
            "does not match the UUID format"), //
    BYTE("byte", "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", "invalid base64"), //
    DATE("date", "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", "invalid date"), //
    DATETIME("datetime",
            "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:"
                    + "([0-5][0-9]|60)(\\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])",
            "invalid datetime");

    private final String spelling;
    private final java.util.function.Function<String, List<String>> check;

    NamedFormat(String spelling, java.util.function.Function<String, List<String>> check) {
        this.spelling = spelling;
        this.check = check;
    }

    NamedFormat(String spelling, String pattern, String message) {
        Pattern compiled = Pattern.compile(pattern);
        this.spelling = spelling;
        check = text -> compiled.matches(text) ? List.of() : List.of(message);
    }

    Optional<List<String>> problems(String text) {
        return Optional.of(check.apply(text)).filter(wrong -> !wrong.isEmpty());
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
                in -> ((NamedFormat) in[0]).problems((String) in[1]), FORMAT, SimpleType.STRING));
        return all;
    }
}
