package io.logplane.representation.decode;

import io.logplane.representation.StructType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Where in a document a reader is; texts are only made when there is something to say.
///
/// Shape: each level is a struct field, a map key or a list index. Thread: one reader's.
final class Place {
    private static final int START = 32;
    private @Nullable StructType[] structs = new StructType[START];
    private @Nullable String[] names = new String[START];
    private int[] indexes = new int[START];
    private int depth;

    void field(StructType struct, String name) {
        push(struct, name, -1);
    }

    void key(String name) {
        push(null, name, -1);
    }

    void element(int index) {
        push(null, null, index);
    }

    private void push(@Nullable StructType struct, @Nullable String name, int index) {
        if (depth == indexes.length) {
            structs = Arrays.copyOf(structs, depth * 2);
            names = Arrays.copyOf(names, depth * 2);
            indexes = Arrays.copyOf(indexes, depth * 2);
        }
        structs[depth] = struct;
        names[depth] = name;
        indexes[depth++] = index;
    }

    boolean isTop() {
        return depth == 0;
    }

    void pop() {
        depth--;
    }

    /// `spec.containers[0].image`, as strict decoding names a field.
    String strictPath(String last) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            if (indexes[i] >= 0) {
                out.append('[').append(indexes[i]).append(']');
            } else {
                out.append('.').append(names[i]);
            }
        }
        out.append('.').append(last);
        return out.charAt(0) == '.' ? out.substring(1) : out.toString();
    }

    /// `Container.spec.containers.image`: the innermost struct, then the struct fields on the way; "" at the top.
    String goField() {
        StringBuilder path = new StringBuilder();
        StructType innermost = null;
        for (int i = 0; i < depth; i++) {
            StructType struct = structs[i];
            if (struct != null) {
                innermost = struct;
                path.append('.').append(struct.goPath(String.valueOf(names[i])));
            }
        }
        return innermost == null ? "" : innermost.simpleName() + path;
    }
}
