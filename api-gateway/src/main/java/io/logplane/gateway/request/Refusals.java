package io.logplane.gateway.request;

import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refusal.Cause;
import io.logplane.schemas.model.Refusal.Details;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// The refusals of the gateway in upstream's words.
///
/// Source: k8s.io/apimachinery/pkg/api/errors.
public final class Refusals {
    private static final Details NO_DETAILS = Details.of("", "", "");
    /// What a client that may try again at once is told to wait.
    public static final int RETRY_SECONDS = 1;

    /// What [#late] says.
    public static final Refusal LATE = Refusal.of(504, "Timeout",
            "Timeout: request did not complete within the allotted timeout", Details.of("", "", ""));

    private Refusals() {
    }

    public static Refused badRequest(String message) {
        return new Refused(Refusal.of(400, "BadRequest", message));
    }

    public static Refused unauthorized() {
        return new Refused(Refusal.of(401, "Unauthorized", "Unauthorized"));
    }

    public static Refused notFound(ResourceType type, String name) {
        return notFound(type.group(), type.plural(), name);
    }

    public static Refused notFound(String group, String resource, String name) {
        return new Refused(Refusal.of(404, "NotFound", qualified(group, resource) + " " + quoted(name) + " not found",
                Details.of(name, group, resource)));
    }

    /// No such resource type, subresource or path below the API.
    public static Refused noSuchResource() {
        return new Refused(Refusal.of(404, "NotFound", "the server could not find the requested resource", NO_DETAILS));
    }

    public static Refused methodNotAllowed() {
        return new Refused(Refusal.of(405, "MethodNotAllowed",
                "the server does not allow this method on the requested resource", NO_DETAILS));
    }

    /// A custom type whose definition is being deleted takes no new objects.
    public static Refused closing(ResourceType type) {
        return new Refused(Refusal.of(405, "MethodNotAllowed",
                "create not allowed while custom resource definition is terminating", Details.of("", type.group(), type
                        .plural())));
    }

    public static Refused alreadyExists(ResourceType type, String name) {
        return alreadyExists(type, name, "");
    }

    /// Shape: `prefix` says what is with the object that exists.
    public static Refused alreadyExists(ResourceType type, String name, String prefix) {
        return new Refused(Refusal.of(409, "AlreadyExists", prefix + type.qualifiedName() + " " + quoted(name)
                + " already exists", Details.of(name, type.group(), type.plural())));
    }

    /// 409 for an object that asked for a generated name as well.
    public static Refused noUniqueName(ResourceType type, String name) {
        Details details = new Details(name, type.group(), type.plural(), "", List.of(), OptionalInt.of(RETRY_SECONDS));
        return new Refused(Refusal.of(409, "AlreadyExists", type.qualifiedName() + " " + quoted(name)
                + " already exists, the server was not able to generate a unique name for the object", details));
    }

    /// The same of an object that is on its way out.
    public static Refused beingDeleted(Refused exists) {
        Refusal was = exists.refusal();
        return new Refused(new Refusal(was.code(), was.reason(), "object is being deleted: " + was.message(), was
                .details()));
    }

    public static Refused conflict(String group, String resource, String name, String why) {
        return new Refused(Refusal.of(409, "Conflict", "Operation cannot be fulfilled on " + qualified(group, resource)
                + " " + quoted(name) + ": " + why, Details.of(name, group, resource)));
    }

    public static Refused modified(ResourceType type, String name) {
        return conflict(type.group(), type.plural(), name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    public static Refused forbidden(String group, String resource, String name, String why) {
        String subject = name.isEmpty()
                ? qualified(group, resource) + " is forbidden: "
                : qualified(group, resource) + " " + quoted(name) + " is forbidden: ";
        return new Refused(Refusal.of(403, "Forbidden", subject + why, Details.of(name, group, resource)));
    }

    public static Refused forbidden(ResourceType type, String name, String why) {
        return forbidden(type.group(), type.plural(), name, why);
    }

    /// 422: `kind` with its group, and one cause per field.
    public static Refused invalid(String group, String kind, String name, List<FieldError> errors) {
        List<Cause> causes = errors.stream().map(e -> new Cause(e.type().reason(), e.message(), e.field())).toList();
        List<String> lines = errors.stream().map(e -> e.field() + ": " + e.message()).distinct().toList();
        String listed = lines.size() == 1 ? lines.getFirst() : "[" + String.join(", ", lines) + "]";
        String what = group.isEmpty() ? kind : kind + "." + group;
        return new Refused(Refusal.of(422, "Invalid", what + " " + quoted(name) + " is invalid: " + listed,
                new Details(name, group, kind, "", causes, OptionalInt.empty())));
    }

    public static Refused tooLarge() {
        return new Refused(Refusal.of(413, "RequestEntityTooLarge", "Request entity too large: limit is "
                + io.logplane.schemas.topics.Topics.MAX_OBJECT_BYTES));
    }

    public static Refused unsupportedMediaType(List<String> accepted) {
        return new Refused(Refusal.of(415, "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: "
                        + String.join(", ", accepted)));
    }

    public static Refused unsupportedPatchType() {
        return new Refused(Refusal.of(415, "UnsupportedMediaType", "415: Unsupported Media Type", NO_DETAILS));
    }

    /// Of a custom type that is asked for as the metadata of one object.
    public static Refused aList() {
        return new Refused(Refusal.of(406, "NotAcceptable",
                "you requested PartialObjectMetadata, but the requested object is a list "
                        + "(*unstructured.UnstructuredList)"));
    }

    /// Of a custom object that is asked for as a list.
    public static Refused notAList() {
        return new Refused(Refusal.of(500, "", "content is not a list"));
    }

    /// Of a custom type, whose answers are made by another part of upstream.
    public static Refused notAccepted() {
        return new Refused(Refusal.of(406, "NotAcceptable", "only the following media types are accepted: "
                + "application/json, application/yaml, application/vnd.kubernetes.protobuf"));
    }

    /// 406 for a watch in a form that has no stream.
    public static Refused noSuchStream() {
        return new Refused(Refusal.of(406, "NotAcceptable", "only the following media types are accepted: "
                + "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch"));
    }

    public static Refused notSupported(ResourceType type, String verb) {
        return new Refused(
                Refusal.of(405, "MethodNotAllowed", verb + " is not supported on resources of kind " + quoted(
                        type.qualifiedName()), Details.of("", type.group(), type.plural())));
    }

    public static Refused notAcceptable(String available) {
        return new Refused(Refusal.of(406, "NotAcceptable",
                "406: Not Acceptable\n\nAvailable representations: " + available, NO_DETAILS));
    }

    /// 406 for an object that has no such form.
    public static Refused notInThatForm(String message) {
        return new Refused(Refusal.of(406, "NotAcceptable", message));
    }

    /// 410: the revision is past retention.
    public static Refused expired(long asked, long oldest) {
        return new Refused(Refusal.of(410, "Expired", "too old resource version: " + asked + " (" + oldest + ")"));
    }

    /// 504: the revision asked for lies in the future.
    public static Refused revisionTooLarge(long asked, long current) {
        Details details = new Details("", "", "", "", List.of(new Cause("ResourceVersionTooLarge",
                "Too large resource version", "")), OptionalInt.of(RETRY_SECONDS));
        return new Refused(Refusal.of(504, "Timeout", "Timeout: Too large resource version: " + asked + ", current: "
                + current, details));
    }

    /// 504: nobody knows whether the change is in the log.
    public static Refused outcomeUnknown(String why) {
        return new Refused(Refusal.of(504, "Timeout", "Timeout: request did not complete within the allotted timeout: "
                + why, retry()));
    }

    /// 504: the client took longer to send its request than there was time to answer it. Nothing was done.
    public static Refused late() {
        return new Refused(LATE);
    }

    /// 503: certainly not done, worth a retry.
    public static Refused unavailable(String why) {
        return new Refused(Refusal.of(503, "ServiceUnavailable", why, retry()));
    }

    public static Refused tooManyRequests(String message) {
        return new Refused(Refusal.of(429, "TooManyRequests", message, retry()));
    }

    /// 400 of a name that can be none. Shape: `why` as upstream has it.
    public static Refused badName(String name, String why) {
        return badRequest("Name parameter invalid: " + quoted(name) + ": " + why);
    }

    /// 500 as upstream answers errors it has no class for: no reason, no details.
    public static Refused unclassified(String message) {
        return new Refused(Refusal.of(500, "", message));
    }

    public static Refused internal(String message) {
        return new Refused(Refusal.of(500, "InternalError", "Internal error occurred: " + message,
                new Details("", "", "", "", List.of(new Cause("", message, "")), OptionalInt.empty())));
    }

    /// A refusal of the same kind with one more cause.
    public static Refused withCause(Refused refused, Cause cause) {
        Refusal was = refused.refusal();
        Details details = was.details().orElse(NO_DETAILS);
        List<Cause> causes = Stream.concat(details.causes().stream(), Stream.of(cause)).toList();
        return new Refused(new Refusal(was.code(), was.reason(), was.message(), Optional.of(new Details(details.name(),
                details.group(), details.kind(), details.uid(), causes, details.retryAfterSeconds()))));
    }

    /// Go's %q for ordinary text.
    public static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        out.append(String.format(java.util.Locale.ROOT, "\\x%02x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    public static String qualified(String group, String resource) {
        return group.isEmpty() ? resource : resource + "." + group;
    }

    private static Details retry() {
        return new Details("", "", "", "", List.of(), OptionalInt.of(RETRY_SECONDS));
    }
}
