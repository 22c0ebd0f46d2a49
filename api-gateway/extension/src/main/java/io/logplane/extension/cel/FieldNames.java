package io.logplane.extension.cel;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// How a property is spelled as a field of an expression, and back.
///
/// | in the property | in the expression |
/// |---|---|
/// | `__`, `.`, `-`, `/` | `__underscores__`, `__dot__`, `__dash__`, `__slash__` |
/// | a reserved word | the word between double underscores, or as it is |
///
/// Errors: none; a name no escape can spell is empty.
/// Source: k8s.io/apiserver/pkg/cel (escaping).
public final class FieldNames {
    private static final Set<String> RESERVED = Set.of("true", "false", "null", "in", "as", "break", "const",
            "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return",
            "var", "void", "while");
    private static final Pattern SPELLABLE = Pattern.compile("[a-zA-Z_./-][a-zA-Z0-9_./-]*");

    private FieldNames() {
    }

    public static Optional<String> escape(String property) {
        if (RESERVED.contains(property)) {
            return Optional.of("__" + property + "__");
        }
        if (!SPELLABLE.matcher(property).matches()) {
            return Optional.empty();
        }
        return Optional.of(property.replace("__", "__underscores__").replace(".", "__dot__").replace("-", "__dash__")
                .replace("/", "__slash__"));
    }

    /// True for a word that names a field without its underscores too.
    public static boolean reserved(String field) {
        return RESERVED.contains(field);
    }

    /// A reserved word without its underscores; any other field as it is.
    static String keyword(String field) {
        boolean escaped = field.length() > 4 && field.startsWith("__") && field.endsWith("__");
        String bare = escaped ? field.substring(2, field.length() - 2) : field;
        return reserved(bare) ? bare : field;
    }

    /// Shape: a text that is no escape comes back as it is.
    public static String unescape(String field) {
        if (!field.contains("__")) {
            return field;
        }
        String keyword = keyword(field);
        return !keyword.equals(field)
                ? keyword
                : field.replace("__dot__", ".").replace("__dash__", "-").replace("__slash__", "/")
                        .replace("__underscores__", "__");
    }
}
