package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Pem;
import io.logplane.schemas.model.Tree;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// CertificateSigningRequests: what may be asked for, and that decisions stay.
///
/// Whoever asks is put in by admission.
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/
public record SigningRules() implements SpecRules {
    private static final int SHORTEST_SECONDS = 600;
    private static final String LEGACY = "kubernetes.io/legacy-unknown";
    private static final String[] USAGES = {"any", "cert sign", "client auth", "code signing", "content commitment",
        "crl sign", "data encipherment", "decipher only", "digital signature", "email protection", "encipher only",
        "ipsec end system", "ipsec tunnel", "ipsec user", "key agreement", "key encipherment", "microsoft sgc",
        "netscape sgc", "ocsp signing", "s/mime", "server auth", "signing", "timestamping"};
    private static final List<String> LASTING = List.of("Approved", "Denied", "Failed");
    private static final List<String> DECISIONS = List.of("Approved", "Denied");
    private static final String CERTIFICATE = "status.certificate";
    private static final int LONGEST_NAME = 2 * NameFormat.SUBDOMAIN_LENGTH + NameFormat.LABEL_LENGTH + 2;

    /// A request may be called anything that fits into a path.
    @Override
    public NameFormat nameFormat() {
        return NameFormat.PATH_SEGMENT;
    }

    @Override
    public boolean hasGeneration() {
        return false;
    }

    @Override
    public List<FieldError> validateCreate(ObjectNode object) {
        Problems problems = new Problems();
        spec(object.path("spec"), problems);
        return problems.list();
    }

    @Override
    public void prepareForUpdate(ObjectNode object, ObjectNode old) {
        SpecRules.super.prepareForUpdate(object, old);
        Tree.copy("spec", old, object);
    }

    /// Who approves writes the conditions, who signs the rest; a decision that is there already he leaves as it is.
    @Override
    public void prepareForSubresource(String subresource, ObjectNode object, ObjectNode old) {
        SpecRules.keepAllBut("status", object, old);
        ObjectNode status = Tree.object(object, "status");
        if (subresource.equals("approval")) {
            ObjectNode kept = old.path("status").isObject() ? old.path("status").deepCopy() : Json.newObject();
            Tree.copy("conditions", status, kept);
            object.set("status", kept);
            return;
        }
        for (String type : DECISIONS) {
            List<ObjectNode> before = conditions(old, type);
            List<ObjectNode> after = conditions(object, type);
            for (int i = 0; i < after.size() && before.size() == after.size(); i++) {
                after.get(i).removeAll().setAll(before.get(i));
            }
        }
    }

    /// Conditions without times get them; the time of a transition stays as long as the status of its condition.
    @Override
    public void stamp(String subresource, ObjectNode object, ObjectNode old, String now) {
        if (subresource.isEmpty()) {
            return;
        }
        for (ObjectNode one : Tree.objects(object, "status.conditions")) {
            Tree.setDefault(one, "lastUpdateTime", now);
            if (!Tree.has(one, "lastTransitionTime")) {
                one.put("lastTransitionTime", Tree.objects(old, "status.conditions").stream().filter(before -> Tree
                        .text(before, "type").equals(Tree.text(one, "type"))
                        && Tree.text(before, "status").equals(Tree
                                .text(one, "status")))
                        .map(before -> Tree.text(before, "lastTransitionTime")).filter(
                                time -> !time.isEmpty())
                        .findFirst().orElse(now));
            }
        }
    }

    /// The spec never changes: what is stored was checked.
    @Override
    public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        conditions(object, old, problems);
        String before = Tree.text(old, CERTIFICATE);
        boolean same = before.equals(Tree.text(object, CERTIFICATE));
        String wrong = same || !PemCertificates.wrong(decoded(before)).isEmpty()
                ? ""
                : PemCertificates.wrong(decoded(Tree.text(object, CERTIFICATE)));
        if (!wrong.isEmpty()) {
            problems.invalid(CERTIFICATE, "<certificate data>", wrong);
        }
        for (String type : LASTING) {
            if (count(object, type) < count(old, type)) {
                problems.forbidden("status.conditions", "updates may not remove a condition of type \"" + type + "\"");
            }
        }
        for (String type : DECISIONS) {
            if (!subresource.equals("approval") && count(object, type) > count(old, type)) {
                problems.forbidden("status.conditions", "updates may not add a condition of type \"" + type + "\"");
            }
        }
        if (!before.isEmpty() && !same) {
            problems.forbidden(CERTIFICATE, "updates may not modify existing certificate content");
        }
        return problems.list();
    }

    private static void spec(JsonNode spec, Problems problems) {
        String wrong = wrong(decoded(Tree.text(spec, "request")));
        if (!wrong.isEmpty()) {
            problems.invalid("spec.request", spec.path("request"), wrong);
        }
        List<String> usages = Tree.texts(spec, "usages");
        if (usages.isEmpty()) {
            problems.required("spec.usages");
        }
        for (int i = 0; i < usages.size(); i++) {
            if (!List.of(USAGES).contains(usages.get(i))) {
                problems.notSupported("spec.usages[" + i + "]", usages.get(i), USAGES);
            }
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < usages.size(); i++) {
            if (!seen.add(usages.get(i))) {
                problems.duplicate("spec.usages[" + i + "]", usages.get(i));
            }
        }
        signer(Tree.text(spec, "signerName"), problems);
        long seconds = Tree.number(spec, "expirationSeconds");
        if (Tree.has(spec, "expirationSeconds") && seconds < SHORTEST_SECONDS) {
            problems.invalid("spec.expirationSeconds", seconds,
                    "may not specify a duration less than 600 seconds (10 minutes)");
        }
    }

    private static String wrong(byte[] request) {
        List<Pem> blocks = Pem.blocks(request);
        return blocks.isEmpty() || !blocks.getFirst().type().equals("CERTIFICATE REQUEST")
                ? "PEM block type must be CERTIFICATE REQUEST"
                : Pkcs10.wrong(blocks.getFirst().bytes());
    }

    private static byte[] decoded(String base64) {
        return Base64.getMimeDecoder().decode(base64);
    }

    private static void signer(String name, Problems problems) {
        String at = "spec.signerName";
        String[] parts = name.split("/", -1);
        if (name.isEmpty()) {
            problems.required(at);
        } else if (name.equals(LEGACY)) {
            problems.invalid(at, name, "the legacy signerName is not allowed via this API version");
        } else if (parts.length != 2) {
            problems.invalid(at, name,
                    "must be a fully qualified domain and path of the form 'example.com/signer-name'");
        } else {
            if (parts[0].length() > NameFormat.SUBDOMAIN_LENGTH) {
                problems.tooLong(at, NameFormat.SUBDOMAIN_LENGTH);
            }
            labels(NameFormat.LABEL, parts[0], problems);
            if (!parts[0].contains(".")) {
                problems.invalid(at, parts[0], "should be a domain with at least two segments separated by dots");
            }
            labels(NameFormat.SUBDOMAIN, parts[1], problems);
            if (name.length() > LONGEST_NAME) {
                problems.tooLong(at, LONGEST_NAME);
            }
        }
    }

    /// The first part between dots that is no good says so.
    private static void labels(NameFormat format, String part, Problems problems) {
        for (String label : part.split("\\.", -1)) {
            List<String> wrong = format.errors(label);
            wrong.forEach(w -> problems.invalid("spec.signerName", part,
                    "validating label " + Problems.quoted(label) + ": " + w));
            if (!wrong.isEmpty()) {
                return;
            }
        }
    }

    private static void conditions(ObjectNode object, ObjectNode old, Problems problems) {
        boolean both = count(old, "Approved") > 0 && count(old, "Denied") > 0;
        Set<String> types = new HashSet<>();
        boolean repeated = !Tree.objects(old, "status.conditions").stream().allMatch(c -> types.add(Tree.text(c,
                "type")));
        Set<String> seen = new HashSet<>();
        List<ObjectNode> all = Tree.objects(object, "status.conditions");
        for (int i = 0; i < all.size(); i++) {
            String at = "status.conditions[" + i + "]";
            String type = Tree.text(all.get(i), "type");
            if (type.isEmpty() && count(old, "") == 0) {
                problems.required(at + ".type");
            }
            if (LASTING.contains(type)) {
                problems.oneOf(all.get(i), at, "status", "True");
            } else {
                problems.oneOf(all.get(i), at, "status", "False", "True", "Unknown");
            }
            String other = type.equals("Approved") ? "Denied" : type.equals("Denied") ? "Approved" : "-";
            if (!both && seen.contains(other)) {
                problems.invalid(at + ".type", type, "Approved and Denied conditions are mutually exclusive");
            }
            if (!seen.add(type) && !repeated) {
                problems.duplicate(at + ".type", type);
            }
        }
    }

    private static List<ObjectNode> conditions(JsonNode object, String type) {
        return Tree.objects(object, "status.conditions").stream().filter(c -> Tree.text(c, "type").equals(type))
                .toList();
    }

    private static int count(JsonNode object, String type) {
        return conditions(object, type).size();
    }
}
