package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Rules of a workload: what is to be warned of in its pods, is so in its template.
interface TemplateRules extends SpecRules {

    default String templatePath() {
        return "spec.template";
    }

    /// Whether pods, and by that hosts, get its name.
    default boolean namesHosts() {
        return true;
    }

    /// What else than the template there is to be warned of.
    default void warn(ObjectNode object, Warnings warnings) {
    }

    @Override
    default List<String> warningsOnCreate(ObjectNode object) {
        Warnings warnings = new Warnings();
        if (namesHosts()) {
            warnings.hostName(object, "Pod names and hostnames");
        }
        PodWarnings.template(object, templatePath(), warnings);
        warn(object, warnings);
        return warnings.list();
    }

    /// Whoever leaves the spec alone has heard of its template before.
    @Override
    default List<String> warningsOnUpdate(String subresource, ObjectNode object, ObjectNode old) {
        Warnings warnings = new Warnings();
        if (subresource.isEmpty()) {
            if (raisesGeneration(object, old)) {
                PodWarnings.template(object, templatePath(), warnings);
            }
            warn(object, warnings);
        }
        return warnings.list();
    }
}
