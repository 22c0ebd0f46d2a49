package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// CertificateSigningRequests: what may be asked, decided and signed. All causes joined by "; ", "-" for none.
class SigningValidationTest {
    private static final ResourceType REQUESTS = Samples.type("certificatesigningrequests.certificates.k8s.io");
    /// Of a P-256 key, in PEM and base64.
    private static final String P256 = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIR01HNENB"
            + "UUF3RERFS01BZ0dBMVVFQXhNQllUQlpNQk1HQnlxR1NNNDlBZ0VHQ0NxR1NNNDlBd0VIQTBJQQpCTmVEcUFBYmZtSThNcDJ"
            + "GL0E1eHE2RGphdy8xY0R0Q25oaEt6UE0zeFRURWdwa0Q4cDJWRTlTcjBEU0lZTE9mClMrQXF2em9UbmlhdjkwNHdveWpnZG"
            + "orZ0FEQUtCZ2dxaGtqT1BRUURBZ05JQURCRkFpQlB3WVRpVFNKdWU1RnUKNmlURjI1SUlFblVBcEZGZXZzODZScEpLWDI0R"
            + "nNBSWhBTy9ObFZXeVoxK0FxU2J0VkN3VTZ5Qng0VVB0YjM3Vgo1MTNKbDR0VWZ2eFIKLS0tLS1FTkQgQ0VSVElGSUNBVEUg"
            + "UkVRVUVTVC0tLS0tCg==";
    /// Signed by its own key, in PEM and base64.
    private static final String CERTIFICATE = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJLRENCejZBREFnRUNB"
            + "aUVBMTRPb0FCdCtZand5bllYOERuR3JvT05yRC9Wd08wS2VHRXJNOHpmRk5NUXcKQ2dZSUtvWkl6ajBFQXdJd0RERUtNQWd"
            + "HQTFVRUF4TUJZVEFpR0E4d01EQXhNREV3TVRBd01EQXdNRm9ZRHpBdwpNREV3TVRBeE1EQXdNREF3V2pBTU1Rb3dDQVlEVl"
            + "FRREV3RmhNRmt3RXdZSEtvWkl6ajBDQVFZSUtvWkl6ajBECkFRY0RRZ0FFMTRPb0FCdCtZand5bllYOERuR3JvT05yRC9Wd"
            + "08wS2VHRXJNOHpmRk5NU0NtUVB5blpVVDFLdlEKTkloZ3M1OUw0Q3EvT2hPZUpxLzNUakNqS09CMlB6QUtCZ2dxaGtqT1BR"
            + "UURBZ05JQURCRkFpRUEza1JHYjF2TAo0YXBNYTdIb1lWenRhRDlrOGJZZDRJVVZDNUpZbG5McVlJNENJR242ZGpiZ1IwK3Z"
            + "tcFR0Nm5rRkdmL2JqdDIrCjJKaG9Iby9VcWs2TTZ4c1gKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'spec':{'request':'YQ==','usages':['client','any','any'],"
                + "'expirationSeconds':599}}|spec.request: Invalid value: \"YQ==\": PEM block type must be CERTIFICATE "
                + "REQUEST; spec.usages[0]: Unsupported value: \"client\": supported values: \"any\", \"cert sign\", "
                + "\"client auth\", \"code signing\", \"content commitment\", \"crl sign\", \"data encipherment\", "
                + "\"decipher only\", \"digital signature\", \"email protection\", \"encipher only\", \"ipsec end "
                + "system\", \"ipsec tunnel\", \"ipsec user\", \"key agreement\", \"key encipherment\", \"microsoft "
                + "sgc\", \"netscape sgc\", \"ocsp signing\", \"s/mime\", \"server auth\", \"signing\", "
                + "\"timestamping\"; spec.usages[2]: Duplicate value: \"any\"; spec.signerName: Required value; "
                + "spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 seconds (10 "
                + "minutes)"})
    void aRequestIsChecked(String object, String expected) {
        ObjectNode asked = Samples.created(REQUESTS, Samples.json(object));
        assertThat(Samples.told(REQUESTS.problems(asked))).isEqualTo(expected);
    }

    /// `$` stands for a good request's body, `^` for one whose signature is of something else.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "$|-", "^|x509: ECDSA verification failure", "AA==|asn1: syntax error: truncated tag or length",
        "|asn1: syntax error: sequence truncated", "MAA=|asn1: syntax error: sequence truncated",
        "MAUB|asn1: syntax error: data truncated",
        "AAA=|asn1: structure error: tags don't match (16 vs {class:0 tag:0 length:0 isCompound:false}) "
                + "{optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> "
                + "stringType:0 timeType:0 set:false omitEmpty:false} certificateRequest @2"})
    void aRequestIsSignedByItsOwnKey(String body, String expected) {
        byte[] good = body(P256);
        byte[] forged = good.clone();
        forged[forged.length - 1] ^= 1;
        String encoded = body == null ? "" : body.replace("$", text(good)).replace("^", text(forged));
        assertThat(refused("-----BEGIN CERTIFICATE REQUEST-----\n" + encoded
                + "\n-----END CERTIFICATE REQUEST-----\n")).isEqualTo(expected);
    }

    @Test
    void textAroundARequestCountsForNothingAndAnotherBlockForNoRequest() {
        String pem = new String(Base64.getDecoder().decode(P256), StandardCharsets.US_ASCII);
        assertThat(refused("hello\n" + pem + "more")).isEqualTo("-");
        assertThat(refused(pem.replace("-----BEGIN CERTIFICATE REQUEST-----\n",
                "-----BEGIN CERTIFICATE REQUEST-----\nA: b\n\n"))).isEqualTo("-");
        assertThat(refused(new String(Base64.getDecoder().decode(CERTIFICATE), StandardCharsets.US_ASCII) + pem))
                .isEqualTo("PEM block type must be CERTIFICATE REQUEST");
        assertThat(refused(pem.replace("END CERTIFICATE", "END NEW CERTIFICATE"))).isEqualTo(
                "PEM block type must be CERTIFICATE REQUEST");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "kubernetes.io/legacy-unknown|spec.signerName: Invalid value: \"kubernetes.io/legacy-unknown\": the legacy "
                + "signerName is not allowed via this API version",
        "example.com|spec.signerName: Invalid value: \"example.com\": must be a fully qualified domain and path of the "
                + "form 'example.com/signer-name'",
        "<long>.example/s|spec.signerName: Too long: may not be more than 253 bytes",
        "example.com/<wide>|spec.signerName: Invalid value: \"<wide>\": validating label \"<wide>\": must be no more "
                + "than 253 characters",
        "example/s|spec.signerName: Invalid value: \"example\": should be a domain with at least two segments separated"
                + " by dots",
        "Example.com/S|spec.signerName: Invalid value: \"Example.com\": validating label \"Example\": <label>; "
                + "spec.signerName: Invalid value: \"S\": validating label \"S\": <subdomain>"})
    void aSignersNameIsADomainAndAPath(String signer, String expected) {
        ObjectNode object = Samples.created(REQUESTS);
        Tree.object(object, "spec").put("signerName", full(signer));
        assertThat(Samples.told(REQUESTS.problems(object))).isEqualTo(full(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "status|[{'type':'Approved','status':'True','reason':'other'},{'type':'Failed','status':'True'}]|-",
        "status|[]|status.conditions: Forbidden: updates may not remove a condition of type \"Approved\"",
        "status|[{'type':'Approved','status':'True'},{'type':'Denied','status':'True'}]|status.conditions[1].type: "
                + "Invalid value: \"Denied\": Approved and Denied conditions are mutually exclusive; status.conditions:"
                + " Forbidden: updates may not add a condition of type \"Denied\"",
        "approval|[{'type':'Approved','status':'True'},{'type':'Denied','status':'True'}]|status.conditions[1].type: "
                + "Invalid value: \"Denied\": Approved and Denied conditions are mutually exclusive",
        "approval|[{'type':'Denied','status':'False'},{'status':'x'}]|status.conditions[0].status: Unsupported value: "
                + "\"False\": supported values: \"True\"; status.conditions[1].type: Required value; "
                + "status.conditions[1].status: Unsupported value: \"x\": supported values: \"False\", \"True\", "
                + "\"Unknown\"; status.conditions: Forbidden: updates may not remove a condition of type \"Approved\"",
        "approval|[{'type':'Approved','status':'True'},{'type':'A','status':'True'},{'type':'A','status':'False'}]|"
                + "status.conditions[2].type: Duplicate value: \"A\""})
    void aDecisionOnARequestStays(String subresource, String conditions, String expected) {
        ObjectNode old = Samples.created(REQUESTS);
        old.set("status", Samples.json("{'conditions':[{'type':'Approved','status':'True','reason':'r'}]}"));
        assertThat(written(subresource, "{'status':{'conditions':" + conditions + "}}", old)).isEqualTo(expected);
    }

    /// `$` stands for a good certificate.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "$|-", "text\\n$$more|-", "text|must contain at least one CERTIFICATE PEM block",
        "$-----BEGIN KEY-----\\nAA==\\n-----END KEY-----\\n|only CERTIFICATE PEM blocks are allowed, found \"KEY\"",
        "-----BEGIN CERTIFICATE-----\\nAA==\\n-----END CERTIFICATE-----\\n|x509: malformed certificate",
        "-----BEGIN CERTIFICATE-----\\n-----END CERTIFICATE-----\\n|found CERTIFICATE PEM block containing 0 "
                + "certificates",
        "-----BEGIN CERTIFICATE-----\\nA: b\\n\\nAA==\\n-----END CERTIFICATE-----\\n|no PEM block headers are "
                + "permitted"})
    void whatIsHandedOutIsACertificate(String pem, String expected) {
        ObjectNode old = Samples.created(REQUESTS);
        String certificate = text(pem.replace("\\n", "\n").replace("$", new String(Base64.getDecoder().decode(
                CERTIFICATE), StandardCharsets.US_ASCII)).getBytes(StandardCharsets.US_ASCII));
        assertThat(written("status", "{'status':{'certificate':'" + certificate + "'}}", old)).isEqualTo(expected
                .equals("-") ? "-" : "status.certificate: Invalid value: \"<certificate data>\": " + expected);
    }

    @Test
    void aCertificateStaysAndWhoApprovesHandsOutNone() {
        ObjectNode old = Samples.created(REQUESTS);
        Tree.object(old, "status").put("certificate", "YQ==");
        assertThat(written("status", "{'status':{'certificate':'Yg=='}}", old)).isEqualTo(
                "status.certificate: Forbidden: updates may not modify existing certificate content");
        assertThat(prepared("approval", "{'status':{'certificate':'Yg=='}}", old).path("status")).isEqualTo(Samples
                .json("{'certificate':'YQ=='}"));
    }

    @Test
    void whatWasAskedAndDecidedIsLeftAloneByAnUpdate() {
        ObjectNode old = Samples.created(REQUESTS);
        ObjectNode now = old.deepCopy();
        Samples.merge(now, Samples.json("{'spec':{'signerName':'a.example/b'},'status':{'certificate':'YQ=='}}"));
        REQUESTS.rules().prepareForUpdate(now, old);
        assertThat(now).isEqualTo(old);
    }

    private static String refused(String pem) {
        String request = text(pem.getBytes(StandardCharsets.US_ASCII));
        ObjectNode object = Samples.created(REQUESTS);
        Tree.object(object, "spec").put("request", request);
        return Samples.told(REQUESTS.problems(object)).replace("spec.request: Invalid value: \"" + request + "\": ",
                "");
    }

    private static ObjectNode prepared(String subresource, String patch, ObjectNode old) {
        ObjectNode now = old.deepCopy();
        Samples.merge(now, Samples.json(patch));
        REQUESTS.rules().prepareForSubresource(subresource, now, old);
        return now;
    }

    private static String written(String subresource, String patch, ObjectNode old) {
        return Samples.told(REQUESTS.judge(subresource, prepared(subresource, patch, old), old).errors());
    }

    private static byte[] body(String base64) {
        String pem = new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
        return Base64.getDecoder().decode(pem.replaceAll("-----[A-Z ]+-----|\n", ""));
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /// Names of formats stand for what the formats say.
    private static String full(String text) {
        return text.replace("<subdomain>", NameFormat.SUBDOMAIN.errors("A").getFirst()).replace("<label>",
                NameFormat.LABEL.errors("A").getFirst()).replace("<long>", "a".repeat(40) + ".a".repeat(110))
                .replace("<wide>", "a".repeat(254));
    }
}
