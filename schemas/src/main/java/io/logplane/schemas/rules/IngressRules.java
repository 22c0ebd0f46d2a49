package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.IpAddresses;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// What an Ingress routes: hosts, paths and what is behind them.
///
/// Source: https://kubernetes.io/docs/concepts/services-networking/ingress/
final class IngressRules {
    private static final String CLASS_ANNOTATION = "kubernetes.io/ingress.class";
    private static final List<String> BAD_PARTS = List.of("//", "/./", "/../", "%2f", "%2F");
    private static final List<String> BAD_ENDS = List.of("/..", "/.");

    private IngressRules() {
    }

    /// Shape: `old` is empty for a new Ingress; what it has wrong may stay wrong where upstream once allowed it.
    static void validate(JsonNode spec, JsonNode old, Problems problems) {
        if (spec.path("rules").isEmpty() && !spec.path("defaultBackend").isObject()) {
            problems.invalid("spec", spec.path("rules"), "either `defaultBackend` or `rules` must be specified");
        }
        if (spec.path("defaultBackend").isObject()) {
            backend(spec.path("defaultBackend"), "spec.defaultBackend", problems);
        }
        boolean looseWildcards = Tree.objects(old, "rules").stream().anyMatch(IngressRules::brokenWildcard);
        List<ObjectNode> rules = Tree.objects(spec, "rules");
        for (int i = 0; i < rules.size(); i++) {
            String at = "spec.rules[" + i + "]";
            host(Tree.text(rules.get(i), "host"), at + ".host", problems);
            if (!looseWildcards || !Tree.text(rules.get(i), "host").contains("*")) {
                paths(rules.get(i).path("http"), at + ".http", problems);
            }
        }
        boolean looseSecrets = Tree.objects(old, "tls").stream().map(tls -> Tree.text(tls, "secretName"))
                .anyMatch(name -> !name.isEmpty() && !NameFormat.SUBDOMAIN.accepts(name));
        List<ObjectNode> tls = Tree.objects(spec, "tls");
        for (int i = 0; i < tls.size(); i++) {
            certificates(tls.get(i), "spec.tls[" + i + "]", looseSecrets, problems);
        }
        if (Tree.has(spec, "ingressClassName")) {
            problems.format(NameFormat.SUBDOMAIN, "spec.ingressClassName", Tree.text(spec, "ingressClassName"));
        }
    }

    /// A new Ingress may not name two classes.
    static void oneClass(JsonNode object, Problems problems) {
        JsonNode annotation = object.path("metadata").path("annotations").path(CLASS_ANNOTATION);
        if (annotation.isTextual() && Tree.has(object, "spec.ingressClassName")
                && !annotation.asText().equals(Tree.text(object, "spec.ingressClassName"))) {
            problems.invalid("annotations." + CLASS_ANNOTATION, annotation.asText(),
                    "must match `ingressClassName` when both are specified");
        }
    }

    private static boolean brokenWildcard(ObjectNode rule) {
        Problems found = new Problems();
        paths(rule.path("http"), "", found);
        return Tree.text(rule, "host").contains("*") && !found.isEmpty();
    }

    private static void host(String host, String at, Problems problems) {
        if (host.isEmpty()) {
            return;
        }
        if (IpAddresses.isAddress(host)) {
            problems.invalid(at, host, "must be a DNS name, not an IP address");
        }
        problems.format(host.contains("*") ? NameFormat.WILDCARD : NameFormat.SUBDOMAIN, at, host);
    }

    private static void certificates(ObjectNode tls, String at, boolean anySecret, Problems problems) {
        List<String> hosts = Tree.texts(tls, "hosts");
        for (int i = 0; i < hosts.size(); i++) {
            String host = hosts.get(i);
            problems.format(host.contains("*") ? NameFormat.WILDCARD : NameFormat.SUBDOMAIN,
                    at + ".hosts[" + i + "]", host);
        }
        if (!anySecret) {
            problems.formatIfSet(NameFormat.SUBDOMAIN, tls, at, "secretName");
        }
    }

    private static void paths(JsonNode http, String at, Problems problems) {
        List<ObjectNode> paths = Tree.objects(http, "paths");
        if (http.isObject() && paths.isEmpty()) {
            problems.required(at + ".paths");
        }
        for (int i = 0; i < paths.size(); i++) {
            path(paths.get(i), at + ".paths[" + i + "]", problems);
        }
    }

    private static void path(ObjectNode path, String at, Problems problems) {
        if (!Tree.has(path, "pathType")) {
            problems.required(at + ".pathType", "pathType must be specified");
            return;
        }
        String value = Tree.text(path, "path");
        switch (Tree.text(path, "pathType")) {
            case "Exact", "Prefix" -> exactPath(value, at + ".path", problems);
            case "ImplementationSpecific" -> {
                if (!value.isEmpty() && !value.startsWith("/")) {
                    problems.invalid(at + ".path", value, "must be an absolute path");
                }
            }
            default -> problems.notSupported(at + ".pathType", Tree.text(path, "pathType"), "Exact",
                    "ImplementationSpecific", "Prefix");
        }
        backend(path.path("backend"), at + ".backend", problems);
    }

    private static void exactPath(String value, String at, Problems problems) {
        if (!value.startsWith("/")) {
            problems.invalid(at, value, "must be an absolute path");
        }
        BAD_PARTS.stream().filter(value::contains)
                .forEach(part -> problems.invalid(at, value, "must not contain '" + part + "'"));
        BAD_ENDS.stream().filter(value::endsWith)
                .forEach(end -> problems.invalid(at, value, "cannot end with '" + end + "'"));
    }

    private static void backend(JsonNode backend, String at, Problems problems) {
        JsonNode service = backend.path("service");
        JsonNode resource = backend.path("resource");
        if (service.isObject() && resource.isObject()) {
            problems.invalid(at, "", "cannot set both resource and service backends");
        } else if (resource.isObject()) {
            reference(resource, at + ".resource", problems);
        } else if (service.isObject()) {
            service(service, at, problems);
        } else {
            problems.invalid(at, "", "resource or service backend is required");
        }
    }

    private static void service(JsonNode service, String at, Problems problems) {
        if (problems.requireText(service, at + ".service", "name")) {
            problems.format(NameFormat.LABEL, at + ".service.name", Tree.text(service, "name"));
        }
        String name = Tree.text(service, "port.name");
        long number = Tree.number(service, "port.number");
        if (!name.isEmpty() && number != 0) {
            problems.invalid(at, "", "cannot set both port name & port number");
        } else if (!name.isEmpty()) {
            problems.format(NameFormat.PORT, at + ".service.port.name", name);
        } else if (number != 0) {
            problems.portNumber(at + ".service.port.number", number);
        } else {
            problems.required(at, "port name or number is required");
        }
    }

    /// An object of any group, by kind and name.
    static void reference(JsonNode reference, String at, Problems problems) {
        if (Tree.has(reference, "apiGroup")) {
            problems.format(NameFormat.SUBDOMAIN, at + ".apiGroup", Tree.text(reference, "apiGroup"));
        }
        for (String field : List.of("kind", "name")) {
            if (problems.requireText(reference, at, field)) {
                problems.format(NameFormat.PATH_SEGMENT, at + "." + field, Tree.text(reference, field));
            }
        }
    }
}
