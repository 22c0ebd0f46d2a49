package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Namespaces: held by their finalizer until they are empty.
public final class NamespaceRules implements SpecRules {
    /// Every namespace carries its name as a label, for selectors.
    public static final String NAME_LABEL = "kubernetes.io/metadata.name";
    public static final String FINALIZER = "kubernetes";

    @Override
    public NameFormat nameFormat() {
        return NameFormat.LABEL;
    }

    @Override
    public String zeroStatus() {
        return "{\"phase\":\"Active\"}";
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        ObjectNode metadata = Tree.object(object, "metadata");
        String name = Tree.text(metadata, "name");
        if (!name.isEmpty()) {
            Tree.object(metadata, "labels").put(NAME_LABEL, name);
        }
        Tree.object(object, "spec");
        Tree.setDefault(Tree.object(object, "status"), "phase", "Active");
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        SpecRules.super.prepareForCreate(object);
        ObjectNode spec = Tree.object(object, "spec");
        ArrayNode finalizers = spec.get("finalizers") instanceof ArrayNode there ? there : spec.putArray("finalizers");
        if (!Tree.texts(spec, "finalizers").contains(FINALIZER)) {
            finalizers.add(FINALIZER);
        }
        applyDefaults(object);
    }

    @Override
    public void prepareForUpdate(ObjectNode object, ObjectNode old) {
        SpecRules.super.prepareForUpdate(object, old);
        Tree.copy("finalizers", Tree.object(old, "spec"), Tree.object(object, "spec"));
    }

    @Override
    public void prepareForSubresource(String subresource, ObjectNode object, ObjectNode old) {
        if (subresource.equals("finalize")) {
            Tree.copy("status", old, object);
        } else {
            SpecRules.super.prepareForSubresource(subresource, object, old);
        }
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Problems problems = new Problems();
        for (String finalizer : Tree.texts(object, "spec.finalizers")) {
            finalizer("spec.finalizers", finalizer, problems);
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        if (subresource.equals("finalize")) {
            List<String> finalizers = Tree.texts(object, "spec.finalizers");
            for (int i = 0; i < finalizers.size(); i++) {
                finalizer("spec.finalizers[" + i + "]", finalizers.get(i), problems);
            }
            return problems.list();
        }
        String phase = Tree.text(object, "status.phase");
        boolean terminating = Tree.has(object, "metadata.deletionTimestamp");
        if (!terminating && !phase.equals("Active")) {
            problems.invalid("status.Phase", phase, "may only be 'Active' if `deletionTimestamp` is empty");
        } else if (terminating && !phase.equals("Terminating")) {
            problems.invalid("status.Phase", phase, "may only be 'Terminating' if `deletionTimestamp` is not empty");
        }
        return problems.list();
    }

    private static void finalizer(String path, String finalizer, Problems problems) {
        problems.format(NameFormat.QUALIFIED, path, finalizer);
        ObjectMetaRules.knownFinalizer(path, finalizer, problems);
    }

    @Override
    public boolean hasGeneration() {
        return false;
    }
}
