package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Who is to see an object once more because others changed it after them: for one request and one kind of hook.
///
/// Whoever wants it so is remembered when it has run; a change of the object by anybody moves everyone remembered to
/// those that run again. There are two passes, never three. Thread: one.
/// Source: k8s.io/apiserver/pkg/admission/plugin/webhook/mutating (reinvocationcontext), admission/reinvocation.
final class Reinvocation {
    private final Set<String> remembered = new HashSet<>();
    private final Set<String> again = new HashSet<>();
    private Optional<ObjectNode> left = Optional.empty();
    private boolean second;
    private boolean wanted;

    /// True when this kind of hook changed the object.
    boolean wanted() {
        return wanted;
    }

    /// Begins the second pass. Shape: `now` is the object others have left.
    void secondPass(ObjectNode now) {
        second = true;
        if (left.isPresent() && !left.get().equals(now)) {
            moveAll();
        }
    }

    int round() {
        return second ? 1 : 0;
    }

    boolean runs(String key) {
        return !second || again.contains(key);
    }

    void ran(String key, boolean changed, boolean wantsAgain) {
        if (changed) {
            moveAll();
            wanted = true;
        }
        if (wantsAgain) {
            remembered.add(key);
        }
    }

    /// The end of a pass.
    void leaves(ObjectNode object) {
        left = Optional.of(object.deepCopy());
    }

    private void moveAll() {
        again.addAll(remembered);
        remembered.clear();
    }
}
