package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.audit.AuditTrail;
import io.logplane.gateway.audit.Latencies.Layer;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.types.ResourceType;
import io.logplane.state.Proposal;
import io.logplane.state.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One write as admission sees it.
///
/// Shape: `object` may be changed in place by create and update steps; for a delete it is the object as it is.
/// `reads` collects
/// what the decision rests on; a change of any of it before the append makes the log refuse and the pipeline decide
/// anew.
/// Thread: one.
public final class AdmissionRequest {

    /// What is being done.
    public enum Operation {
        CREATE, UPDATE, DELETE, CONNECT
    }

    /// What the client asked for: its own words, before anything was converted. Shape: `options` as of meta.k8s.io/v1.
    public record Asked(RequestInfo info, ResourceType type, ObjectNode options, AuditTrail trail) {
        /// Of a step tried alone: nobody reads its trail.
        public Asked(RequestInfo info, ResourceType type, ObjectNode options) {
            this(info, type, options, new AuditTrail());
        }
    }

    private final User user;
    private final ResourceType type;
    private final Operation operation;
    private final String subresource;
    private final ObjectNode object;
    private final Optional<ObjectNode> old;
    private final boolean dryRun;
    private final List<Proposal.Read> reads = new ArrayList<>();
    private final List<Runnable> undos = new ArrayList<>();
    private final List<Consumer<Boolean>> dones = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private Optional<Asked> asked = Optional.empty();
    private boolean ownKind;
    private Runnable defaults = () -> {
    };
    private Runnable settle = () -> {
    };
    private boolean reshaped;
    private Supplier<Runnable> hide = () -> () -> {
    };

    public AdmissionRequest(User user, ResourceType type, Operation operation, String subresource, ObjectNode object,
            Optional<ObjectNode> old, boolean dryRun) {
        this.user = user;
        this.type = type;
        this.operation = operation;
        this.subresource = subresource;
        this.object = object;
        this.old = old;
        this.dryRun = dryRun;
    }

    public User user() {
        return user;
    }

    public ResourceType type() {
        return type;
    }

    public Operation operation() {
        return operation;
    }

    public String subresource() {
        return subresource;
    }

    public ObjectNode object() {
        return object;
    }

    public Optional<ObjectNode> old() {
        return old;
    }

    public boolean dryRun() {
        return dryRun;
    }

    /// Shape: that of the request, whatever hooks make of the object.
    public String namespace() {
        return asked.filter(words -> type.namespaced()).map(words -> words.info().namespace()).orElseGet(
                this::objectNamespace);
    }

    private String objectNamespace() {
        return object.path("metadata").path("namespace").asText();
    }

    public String name() {
        return object.path("metadata").path("name").asText();
    }

    public boolean creates(String plural) {
        return operation == Operation.CREATE && subresource.isEmpty() && is(plural);
    }

    public boolean is(String plural) {
        return type.plural().equals(plural);
    }

    /// The decision rests on this object staying as it is.
    public void dependsOn(StoredObject other) {
        reads.add(new Proposal.Read(other.key(), other.revision()));
    }

    /// The decision rests on this key being at this revision; 0: on its not being there.
    public void dependsOn(ObjectKey key, long revision) {
        reads.add(new Proposal.Read(key, revision));
    }

    /// Something was set aside outside the object (an address); `giveBack` runs when the write does not happen after
    /// all.
    public void onUndo(Runnable giveBack) {
        undos.add(giveBack);
    }

    /// Runs after the write; told whether the object is gone now.
    public void onDone(Consumer<Boolean> afterwards) {
        dones.add(afterwards);
    }

    public void done(boolean gone) {
        dones.forEach(afterwards -> afterwards.accept(gone));
        undos.clear();
    }

    public void undo() {
        undos.forEach(Runnable::run);
        undos.clear();
    }

    public AdmissionRequest asked(Asked words) {
        this.asked = Optional.of(words);
        return this;
    }

    /// What follows when others have changed the object. Shape: `defaults` at once, `settle` when all of them have: it
    /// brings the object back into what this kind of write may change.
    public AdmissionRequest settling(Runnable defaults, Runnable settle) {
        this.defaults = defaults;
        this.settle = settle;
        return this;
    }

    /// Shape: `hide` takes out of the object what the server decides only after hooks have changed it, and gives what
    /// puts it back.
    public AdmissionRequest hiding(Supplier<Runnable> hide) {
        this.hide = hide;
        return this;
    }

    /// Runs what may change an object before the server has decided what it decides itself.
    public void undecided(Runnable hooks) {
        Runnable decided = hide.get();
        hooks.run();
        decided.run();
        if (reshaped) {
            settle.run();
        }
    }

    /// The object is no object of the type but what was sent to a subresource: a Binding, an Eviction, the options of
    /// a connection. Shape: it says its kind and apiVersion.
    public AdmissionRequest ofItsOwnKind() {
        ownKind = true;
        return this;
    }

    public boolean isOfItsOwnKind() {
        return ownKind;
    }

    /// Empty where a step is tried alone.
    public Optional<Asked> asked() {
        return asked;
    }

    /// To be called by whoever let others change the object.
    public void reshape() {
        reshaped = true;
        defaults.run();
    }

    /// The client hears of it in a Warning header; the write goes on.
    public void warn(String text) {
        warnings.add(text);
    }

    /// So many nanoseconds were spent there.
    public void took(Layer layer, long spent) {
        asked.ifPresent(words -> words.trail().latencies().took(layer, spent));
    }

    /// The audit record of the request says so, whatever becomes of the write. The first word on a key stays.
    public void annotate(String key, String value) {
        asked.ifPresent(words -> words.trail().annotate(key, value));
    }

    /// True when the audit record will hold the request's body.
    public boolean holdsBodies() {
        return asked.isPresent() && asked.get().trail().level().holdsRequest();
    }

    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    public List<Proposal.Read> reads() {
        return List.copyOf(reads);
    }
}
