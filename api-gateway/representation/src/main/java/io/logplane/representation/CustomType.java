package io.logplane.representation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType.Gvk;
import java.util.List;

/// A type outside the field table, as its own schema describes it.
///
/// Thread: any; immutable.
public interface CustomType {

    /// Takes out of `object` what the schema does not know, in place; apiVersion, kind and metadata stay as they are.
    ///
    /// Shape: one text for each field taken out, `unknown field "spec.a"`, ordered by path.
    List<String> prune(ObjectNode object);

    /// Takes out nulls that may not be and have no default, in place.
    void dropNulls(ObjectNode object);

    /// Reads the metadata of objects inside an object as that of any other, in place; [#prune] comes before.
    ///
    /// Shape: texts as of [#prune]. Errors: [io.logplane.representation.decode.Malformed] for metadata of a wrong kind,
    /// and where apiVersion or kind is no text.
    List<String> readEmbedded(ObjectNode object);

    /// Fills in defaults, in place.
    void applyDefaults(ObjectNode object);

    /// The definition of its kind for OpenAPI. Shape: `three` for v3, else v2.
    ObjectNode published(Gvk kind, boolean three);

    /// The definition of its list. Shape: `list` is the list's kind, `plural` how the type is called.
    ObjectNode publishedList(Gvk kind, String list, String plural, boolean three);

    /// How places in an object merge and who may own what.
    MergeType merging();
}
