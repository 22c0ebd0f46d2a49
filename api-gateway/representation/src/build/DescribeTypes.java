import java.io.IOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;

/// Run by the build: reads the descriptions in the annotations of the official Java client's model classes and writes
/// them beside the field table. No class is loaded, nothing of the jar is kept but the sentences.
///
/// Arguments: the jar, `types.txt`, the file to write.
final class DescribeTypes {
    private static final String MODELS = "io/kubernetes/client/openapi/models/";

    private DescribeTypes() {
    }

    public static void main(String[] args) throws IOException {
        Map<String, String> lines = new TreeMap<>();
        try (JarFile jar = new JarFile(args[0])) {
            for (String line : Files.readAllLines(Path.of(args[1]))) {
                if (line.startsWith("@")) {
                    String definition = "io.k8s." + line.substring(1).split(" ")[0];
                    describe(jar, definition).forEach((field, text) -> {
                        if (!text.isEmpty()) {
                            lines.put(definition + "\t" + field, definition + "\t" + field + "\t" + escaped(text));
                        }
                    });
                }
            }
        }
        Path out = Path.of(args[2]);
        Files.createDirectories(out.getParent());
        Files.writeString(out, String.join("\n", lines.values()) + "\n");
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", " ");
    }

    /// Texts by JSON name; "" is the type's own.
    private static Map<String, String> describe(JarFile jar, String definition) throws IOException {
        Map<String, String> texts = new HashMap<>();
        for (String name : classNames(definition)) {
            var entry = jar.getEntry(MODELS + name + ".class");
            if (entry == null) {
                continue;
            }
            ClassModel model = ClassFile.of().parse(jar.getInputStream(entry).readAllBytes());
            model.findAttribute(Attributes.runtimeVisibleAnnotations())
                    .ifPresent(found -> text(found, "ApiModel;", "description").forEach(text -> texts.put("", text)));
            Map<String, String> jsonNames = new HashMap<>();
            model.fields().forEach(field -> field.findAttribute(Attributes.runtimeVisibleAnnotations())
                    .ifPresent(found -> text(found, "SerializedName;", "value").forEach(json -> jsonNames.put(key(json), json))));
            for (MethodModel method : model.methods()) {
                String getter = method.methodName().stringValue();
                String json = getter.startsWith("get") ? jsonNames.get(key(getter.substring(3))) : null;
                if (json != null) {
                    method.findAttribute(Attributes.runtimeVisibleAnnotations())
                            .ifPresent(found -> text(found, "ApiModelProperty;", "value").forEach(text -> texts.put(json, text)));
                }
            }
            return texts;
        }
        return texts;
    }

    private static String key(String name) {
        return name.replace("$", "").replace("-", "").toLowerCase(Locale.ROOT);
    }

    private static List<String> text(RuntimeVisibleAnnotationsAttribute found, String type, String element) {
        for (Annotation annotation : found.annotations()) {
            if (annotation.className().stringValue().endsWith("/" + type)) {
                return annotation.elements().stream().filter(e -> e.name().equalsString(element))
                        .filter(e -> e.value() instanceof AnnotationValue.OfString)
                        .map(e -> ((AnnotationValue.OfString) e.value()).stringValue()).toList();
            }
        }
        return List.of();
    }

    /// `io.k8s.api.core.v1.Event` is `CoreV1Event`, `io.k8s.api.core.v1.Pod` is `V1Pod`.
    private static List<String> classNames(String definition) {
        String[] parts = definition.split("\\.");
        String kind = parts[parts.length - 1];
        String version = capital(parts[parts.length - 2]);
        return List.of(capital(parts[parts.length - 3]) + version + kind, version + kind);
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
