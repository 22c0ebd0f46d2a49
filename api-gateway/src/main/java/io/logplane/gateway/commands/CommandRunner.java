package io.logplane.gateway.commands;

import io.logplane.gateway.custom.Catalogue;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.aggregation.RemoteContent;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.request.Query;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.gateway.write.DeleteOptions;
import io.logplane.gateway.write.Pipeline;
import io.logplane.gateway.write.WriteContext;
import io.logplane.gateway.write.WriteOptions;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.record.Command;
import io.logplane.schemas.record.CommandVerb;
import io.logplane.schemas.record.Outcome;
import io.logplane.schemas.types.ResourceType;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One command through the pipeline, as the user it names.
///
/// Shape: always an outcome, never an exception: a refusal is an answer, a fault is 500 and one log line.
/// Thread: any; blocks until the change has been replayed.
public final class CommandRunner {
    private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);
    private static final String JSON = "application/json";
    private static final String MERGE = "application/merge-patch+json";

    private final Pipeline pipeline;
    private final Authorizer authorizer;
    private final InstantSource clock;
    private final Catalogue catalogue;
    private final RemoteContent elsewhere;

    public CommandRunner(Pipeline pipeline, Authorizer authorizer, InstantSource clock, Catalogue catalogue,
            RemoteContent elsewhere) {
        this.elsewhere = elsewhere;
        this.pipeline = pipeline;
        this.authorizer = authorizer;
        this.clock = clock;
        this.catalogue = catalogue;
    }

    public Outcome run(Command command) {
        try {
            Answer answer = attempt(command);
            return outcome(command, answer.code(), answer.revision(), "", "");
        } catch (Refused refused) {
            Refusal refusal = refused.refusal();
            return outcome(command, refusal.code(), 0, refusal.reason(), refusal.message());
        } catch (RuntimeException fault) {
            LOG.error("a fault in command {} for {}", command.getId(), command.getKey(), fault);
            return outcome(command, 500, 0, "InternalError", String.valueOf(fault.getMessage()));
        }
    }

    private record Answer(int code, long revision) {
    }

    private Answer attempt(Command command) {
        ObjectKey key = ObjectKey.tryParse(command.getKey()).orElseThrow(() -> Refusals.badRequest(
                "not an object key: " + command.getKey()));
        ResourceType type = catalogue.ofKey(key).orElseThrow(Refusals::noSuchResource);
        WriteContext context = context(command, key, type);
        authorizer.require(context.user(), context.info());
        return switch (command.getVerb()) {
            case CREATE -> {
                var written = pipeline.create(context, body(command), JSON);
                yield new Answer(written.code(), written.revision());
            }
            case REPLACE -> {
                if (command.getSubresource().equals("finalize")) {
                    leave(key.name());
                }
                var written = pipeline.put(context, bytes(conditions(command, Json.object(body(command)))), JSON);
                yield new Answer(written.code(), written.revision());
            }
            case MERGE_PATCH -> {
                var written = pipeline.patch(context, bytes(conditions(command, Json.object(body(command)))), MERGE,
                        unused -> {
                        });
                yield new Answer(written.code(), written.revision());
            }
            case DELETE -> {
                var deleted = pipeline.delete(context, deleteOptions(command));
                yield new Answer(200, deleted.object().revision());
            }
            case BIND -> {
                long revision = pipeline.bind(context, bytes(conditions(command, Json.object(body(command)))), JSON)
                        .revision();
                yield new Answer(201, revision);
            }
            case EVICT -> {
                var unused = pipeline.evict(context, body(command), JSON);
                yield new Answer(201, 0);
            }
        };
    }

    /// A namespace goes when nobody keeps anything in it.
    private void leave(String namespace) {
        Optional<String> left = elsewhere.empty(namespace);
        if (left.isPresent()) {
            throw Refusals.conflict("", "namespaces", namespace, left.get());
        }
    }

    private static WriteContext context(Command command, ObjectKey key, ResourceType type) {
        String verb = switch (command.getVerb()) {
            case CREATE, BIND, EVICT -> "create";
            case REPLACE -> "update";
            case MERGE_PATCH -> "patch";
            case DELETE -> "delete";
        };
        String subresource = switch (command.getVerb()) {
            case BIND -> "binding";
            case EVICT -> "eviction";
            case CREATE, REPLACE, MERGE_PATCH, DELETE -> command.getSubresource();
        };
        boolean plainCreate = command.getVerb() == CommandVerb.CREATE;
        RequestInfo info = new RequestInfo(true, key.text(), verb, type.group(), type.version(), type.plural(),
                subresource, namespace(key, type), plainCreate ? "" : key.name(), false);
        String by = command.getCause().getBy();
        WriteOptions options = new WriteOptions(false, by.isEmpty() ? "logplane" : by, WriteOptions.PLAIN.validation(),
                false);
        return new WriteContext(User.named(command.getUser()), info, type, options, new WriteContext.Origin(
                "logplane-commands/" + by, "", command.getId(), Optional.of(command.getCause())));
    }

    /// A namespace is authorized in itself, as upstream does.
    private static String namespace(ObjectKey key, ResourceType type) {
        return type.plural().equals("namespaces") && type.group().isEmpty() ? key.name() : key.apiNamespace();
    }

    private static byte[] body(Command command) {
        if (command.getBody() == null) {
            throw Refusals.badRequest("the command has no body");
        }
        java.nio.ByteBuffer buffer = command.getBody().duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static byte[] bytes(ObjectNode object) {
        return Json.bytes(object);
    }

    /// Writes what the command expects into the body, where the pipeline checks it.
    private static ObjectNode conditions(Command command, ObjectNode body) {
        if (command.getExpectedUid() == null && command.getExpectedRevision() == null) {
            return body;
        }
        ObjectNode metadata = body.path("metadata") instanceof ObjectNode found ? found : body.putObject("metadata");
        if (command.getExpectedUid() != null) {
            metadata.put("uid", command.getExpectedUid());
        }
        if (command.getExpectedRevision() != null && command.getVerb() != CommandVerb.BIND) {
            metadata.put("resourceVersion", Long.toString(command.getExpectedRevision()));
        }
        return body;
    }

    private static DeleteOptions deleteOptions(Command command) {
        Optional<ObjectNode> body = command.getBody() == null
                ? Optional.empty()
                : Optional.of(Json.object(body(command)));
        DeleteOptions options = DeleteOptions.of(body, Query.EMPTY);
        Optional<String> uid = command.getExpectedUid() == null
                ? options.uid()
                : Optional.of(command.getExpectedUid());
        Optional<String> revision = command.getExpectedRevision() == null
                ? options.resourceVersion()
                : Optional.of(Long.toString(command.getExpectedRevision()));
        String propagation = options.cascades() ? options.propagation() : "Background"; // as upstream's controllers
        return new DeleteOptions(options.graceSeconds(), propagation, options.orphanDependents(), uid,
                revision, false);
    }

    private Outcome outcome(Command command, int code, long revision, String reason, String message) {
        return new Outcome(command.getId(), command.getKey(), command.getPrimary(), command.getCause().getBy(), code,
                revision, reason, message, clock.millis());
    }
}
