package io.logplane.gateway.authz;

/// What a link of the chain says. Shape: `reason` and `error` are "" when there is nothing to say.
public record Decision(Verdict verdict, String reason, String error) {
    /// No opinion lets the next link decide; when none allows, it is a no.
    public enum Verdict {
        ALLOW, DENY, NO_OPINION
    }

    public static final Decision NO_OPINION = new Decision(Verdict.NO_OPINION, "", "");
    public static final Decision ALLOW = new Decision(Verdict.ALLOW, "", "");

    public static Decision noOpinion(String reason) {
        return new Decision(Verdict.NO_OPINION, reason, "");
    }

    public boolean allowed() {
        return verdict == Verdict.ALLOW;
    }
}
