package io.logplane.extension.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logplane.extension.cel.DeclaredType.ListOf;
import io.logplane.extension.cel.DeclaredType.MapOf;
import io.logplane.extension.cel.DeclaredType.Scalar;
import io.logplane.extension.cel.DeclaredType.Struct;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CelTableTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Struct POD = new Struct("object", Map.of("name", Scalar.STRING, "replicas", Scalar.INT,
            "ratio", Scalar.DOUBLE, "ports", new ListOf(new Struct("object.ports", Map.of("port", Scalar.INT, "name",
                    Scalar.STRING))),
            "labels", new MapOf(Scalar.STRING), "since", Scalar.TIMESTAMP, "wait", Scalar.DURATION, "namespace",
            Scalar.STRING, "a-b", Scalar.STRING, "either", Scalar.DYN));
    private static final String OBJECT = """
            {"name":"web","replicas":3,"ratio":1,"ports":[{"port":80,"name":"http"},{"port":443,"name":"https"}],
             "labels":{"app":"x","a.b/c":"y"},"since":"2026-01-02T03:04:05Z","wait":"1h30m","namespace":"ns",
             "a-b":"dash","either":"50%","nothing":null}
            """;
    private static final CelEnvironment ENVIRONMENT = CelEnvironment.builder().variable("self", POD)
            .variable("object", Scalar.DYN).authorizer().build();

    private static JsonNode object() throws Exception {
        return JSON.readTree(OBJECT);
    }

    private static Map<String, Object> variables() throws Exception {
        Access access = new Access(asked -> new Access.Decision(asked.verb().equals("get") && (asked.resource().equals(
                "pods") || asked.path().equals("/healthz")), "because", ""),
                (namespace, name) -> asked -> new Access.Decision(
                        namespace.equals("a") && name.equals("b"), "", ""));
        return Map.of("self", JsonValues.of(object(), POD), "object", JsonValues.of(object()), "authorizer", access,
                "authorizer.requestResource", access.resource("", "pods", "", "ns", "web"));
    }

    private static String shown(String expression) throws Exception {
        return switch (ENVIRONMENT.compile(expression).evaluate(variables(), Budget.ofRequest())) {
            case Evaluated.Value value -> Texts.display(value.value());
            case Evaluated.Failed failed -> "! " + failed.message();
            case Evaluated.OverBudget over -> "! " + over.message();
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        // standard, typed and untyped
        "self.name == 'web'|true", "object.name + '!'|web!", "self.replicas > 2.5|true", "object.ratio == 1.0|true",
        "type(self.ratio) == double|true", "self.labels['app']|x", "'app' in self.labels|true",
        "self.ports.all(p, p.port > 0)|true", "self.ports.exists_one(p, p.name == 'http')|true",
        "self.ports.map(p, p.port)|[80, 443]", "self.ports.filter(p, p.port > 100).size()|1",
        "has(self.labels)|true", "has(object.missing)|false", "object.nothing == null|true",
        "self.since.getFullYear()|2026", "self.wait > duration('1h')|true", "self.__namespace__|ns",
        "self.a__dash__b|dash", "object.namespace|ns", "object.?missing.orValue('d')|d",
        "object.?labels.?app.orValue('d')|x", "[?object.?missing, dyn(1)].size()|1", "self.either|50%",
        "type(self.either) == string|true", "object.ports[1].port|443", "self.ports[0] == self.ports[0]|true",
        "object.missing|! no such key: missing", "1/0|! division by zero", "object.name + 1|! no such overload",
        "object.nothing.x|! no such key: x", "self.labels['none']|! no such key: none",
        "int(object.name) == 1|! type conversion error from 'string' to 'int'",
        "double(object.name) == 1.0|! type conversion error from 'string' to 'double'",
        "duration(object.name) == duration('1s')|! type conversion error from 'string' to 'google.protobuf.Duration'",
        "timestamp(object.name) == self.since|! type conversion error from 'string' to 'google.protobuf.Timestamp'",
        "object.name.substring(7)|! index out of range: 7",
        "semver(object.name)|! No Major.Minor.Patch elements found",
        "semver('1.x.0')|! Invalid character(s) found in minor number \"x\"",
        "semver('1.02.0')|! Minor number must not contain leading zeroes \"02\"",
        "ip(object.name)|! IP Address \"web\" parse error during conversion from string: ParseAddr(\"web\"): unable to "
                + "parse IP",
        "[1][3]|! index out of bounds: 3", "9223372036854775807 + 1|! integer overflow",
        "false && object.missing|false",
        // strings
        "'tacocat'.charAt(3)|o",
        "'%s is %d of %.2f %x'.format([dyn('a'), dyn(3), dyn(1.5), dyn(255)])|a is 3 of 1.50 ff",
        "'a,b'.split(',')|[a, b]", "['a','b'].join('-')|a-b", "'AbC'.lowerAscii()|abc", "' x '.trim()|x",
        "'hello'.substring(1,3)|el", "'hello'.indexOf('l')|2", "'hello'.lastIndexOf('l')|3",
        "'aXbX'.replace('X','y')|ayby", "'%s'.format([[1, 'a'].map(x, dyn(x))])|[1, a]",
        "'a'.matches('^[a-z]$')|true", "'abc 123'.find('[0-9]+')|123", "'1, 2, 3'.findAll('[0-9]+', 2)|[1, 2]",
        "'%d'.format([dyn('a')])|! error during formatting: decimal clause can only be used on integers, was given string",
        // lists
        "[1,2,3].isSorted()|true", "['b','a'].isSorted()|false", "[1,2,3].sum()|6", "[1.5,2.0].sum()|3.5",
        "[3,1,2].min()|1", "[3,1,2].max()|3", "[1,2,2].indexOf(2)|1", "[1,2,2].lastIndexOf(2)|2",
        "[2,1].sort()|[1, 2]", "[1,1,2].distinct()|[1, 2]", "[[1],[2]].flatten()|[1, 2]", "[1,2,3].slice(1,2)|[2]",
        "self.ports.map(p, p.port).sum()|523", "[].max()|! max called on empty list",
        // urls
        "url('https://h:80/p?a=1').getHost()|h:80", "url('https://h:80/p').getPort()|80",
        "url('https://[::1]:80/').getHostname()|::1", "url('https://h/p?a=1&a=2').getQuery()['a']|[1, 2]",
        "isURL('no url')|false",
        "url('/a b').getScheme()|! URL parse error during conversion from string: parse \"/a b\": invalid URI for request",
        // quantities
        "quantity('1Gi').isGreaterThan(quantity('500Mi'))|true", "quantity('1k') == quantity('1000')|true",
        "quantity('50k').add(20).asInteger()|50020", "quantity('1.5').isInteger()|false",
        "quantity('1000m').isInteger()|false",
        "quantity('0.3').asApproximateFloat() == 0.3|false", "isQuantity('Gi')|true", "isQuantity('x')|false",
        "sign(quantity('-1'))|-1", "quantity('200m').compareTo(quantity('0.2'))|0",
        // addresses
        "ip('10.0.0.1').family()|4", "isIP('10.0.0.01')|false", "ip('::1').isLoopback()|true",
        "ip.isCanonical('FE80::1')|false", "string(ip('2001:DB8:0:0::1'))|2001:db8::1",
        "cidr('10.0.0.0/8').containsIP('10.1.1.1')|true", "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')|true",
        "string(cidr('10.1.2.3/8').masked())|10.0.0.0/8", "cidr('10.0.0.0/8').prefixLength()|8",
        "string(cidr('10.0.0.0/8').ip())|10.0.0.0", "string(1)|1", "isCIDR('10.0.0.0/33')|false",
        "ip('8.8.8.8').isGlobalUnicast()|true",
        // versions and formats
        "semver('1.2.3-rc.1').isLessThan(semver('1.2.3'))|true", "semver('v1.2', true).patch()|0",
        "isSemver('1.02.3')|false", "semver('1.2.3').compareTo(semver('1.10.0'))|-1",
        "format.dns1123Label().validate('ok')|Optional.empty", "format.dns1123Label().validate('Not').hasValue()|true",
        "format.named('uuid').hasValue()|true", "format.named('nope').hasValue()|false",
        // sets, two variables
        "sets.contains([1,2],[1])|true", "sets.intersects([1],[2])|false", "{'a':1}.all(k, v, k == 'a' && v == 1)|true",
        "[1,2].transformList(i, v, i * v)|[0, 2]",
        "[optional.of(1), optional.none()].unwrapOpt()|[1]",
        // texts that stand for something they are not
        "duration('x') == duration('1s')|! compile", "timestamp('x') == null|! compile", "'a'.matches('[')|! compile",
        "matches('[', 'a')|! compile", "[duration('1s')].all(d, d < duration('1'))|! compile",
        // members of different kinds
        "[object.name, 'x']|! compile", "[1, dyn(2)]|! compile", "{'a': dyn(1), 'b': 2}|! compile",
        "{dyn('a'): 1, 'b': 2}|! compile", "'%s %d'.format(['a', 1])|a 1", "[dyn(1), dyn('a')].size()|2",
        // texts that do not format what they are given
        "'%d'.format(['a'])|! compile", "'%d %s'.format([1])|! compile", "'%d'.format([1, 2])|! compile",
        "'%z'.format([1])|! compile", "'%'.format([])|! compile", "'%.2'.format([1.0])|! compile",
        "'%s'.format([[quantity('1')]])|! compile", "'%% %X %.1f'.format([255, 1.0])|% FF 1.0",
        "'%d'.format([dyn(1)])|1",
        // order by a key
        "[{'a': 2}, {'a': 1}].sortBy(x, x.a)|[{a: 1}, {a: 2}]", "['bb', 'a'].sortBy(x, size(x))|[a, bb]",
        "[3, 1, 2].sortBy(x, -x)[0]|3", "[dyn(2), dyn(1)].sortBy(x, x)|[1, 2]",
        // libraries upstream does not have
        "math.greatest(1, 2.5)|! compile", "base64.encode(b'a')|! compile", "'abc'.reverse()|! compile",
        // authorizer
        "authorizer.group('').resource('pods').namespace('x').check('get').allowed()|true",
        "authorizer.path('/healthz').check('get').allowed()|true",
        "authorizer.requestResource.check('delete').allowed()|false",
        "authorizer.requestResource.check('get').reason()|because",
        "authorizer.serviceAccount('a','b').path('/x').check('get').allowed()|true",
        "authorizer.serviceAccount('A','b').path('/x').check('get').allowed()|! Invalid service account namespace"})
    void an_expression_says_what_upstream_says(String expression, String expected) throws Exception {
        if (expected.equals("! compile")) {
            assertThatThrownBy(() -> shown(expression)).isInstanceOf(CompileFailed.class);
            return;
        }
        assertThat(shown(expression)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "self.nope|ERROR: <input>:1:5: undefined field 'nope'\\n | self.nope\\n | ....^",
        "missing|ERROR: <input>:1:1: undeclared reference to 'missing' (in container '')\\n | missing\\n | ^",
        "self.name + 1|ERROR: <input>:1:11: found no matching overload for '_+_' applied to '(string, int)'"})
    void a_wrong_expression_is_refused_with_the_place(String expression, String expected) {
        assertThatThrownBy(() -> ENVIRONMENT.compile(expression)).isInstanceOf(CompileFailed.class)
                .hasMessageStartingWith(expected.replace("\\n", "\n"));
    }

    @Test
    void an_error_is_forgiven_when_the_other_side_decides() throws Exception {
        assertThat(shown("object.missing == 1 || true")).isEqualTo("true");
    }

    @Test
    void a_syntax_error_says_so() {
        assertThatThrownBy(() -> ENVIRONMENT.compile("self.name +")).hasMessageStartingWith(
                "ERROR: <input>:1:12: Syntax error: mismatched input '<EOF>' expecting");
    }

    @Test
    void a_result_of_another_type_is_refused() {
        assertThatThrownBy(() -> ENVIRONMENT.compile("self.name", "bool")).hasMessage(
                "must evaluate to bool but got string");
        assertThatThrownBy(() -> ENVIRONMENT.compile("object.name", "bool")).hasMessage(
                "must evaluate to bool but got dyn");
        assertThatThrownBy(() -> ENVIRONMENT.compile("[1]", "string", "null_type")).hasMessage(
                "must evaluate to one of [string null_type] but got list(int)");
    }

    @Test
    void an_expression_that_loops_too_long_is_ended_and_cannot_swallow_it() throws Exception {
        String loop = "lists.range(1000).all(a, lists.range(1000).all(b, a + b >= 0)) || true";
        assertThat(shown(loop)).isEqualTo("! operation cancelled: actual cost limit exceeded");
    }

    @Test
    void expressions_of_one_request_share_a_budget() throws Exception {
        Expression expression = ENVIRONMENT.compile("lists.range(100).all(a, a >= 0)");
        Budget measured = Budget.ofRequest();
        expression.evaluate(variables(), measured);
        Budget budget = new Budget((Budget.PER_REQUEST - measured.left()) * 3 / 2);
        Evaluated first = expression.evaluate(variables(), budget);
        Evaluated second = expression.evaluate(variables(), budget);
        assertThat(first).isEqualTo(new Evaluated.Value(true));
        assertThat(second).isEqualTo(new Evaluated.OverBudget(true));
    }

    @Test
    void what_an_expression_says_is_json_again() throws Exception {
        Evaluated made = ENVIRONMENT
                .compile("{'a': dyn([dyn(1), dyn('x'), dyn(object.labels)]), 'd': dyn(duration('90s'))}")
                .evaluate(variables(), Budget.ofRequest());
        assertThat(JsonValues.json(((Evaluated.Value) made).value()).orElseThrow()).hasToString("""
                {"a":[1,"x",{"app":"x","a.b/c":"y"}],"d":"90s"}""");
    }
}
