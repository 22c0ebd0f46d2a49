package io.logplane.extension.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What rules make of lists of type `set` and `map`: no order in `==`, and `+` merges.
class ListRulesTest {
    private static final ObjectNode OLD = Yaml.object("""
            spec:
              set: [a, b]
              ids: [1, 2]
              map: [{k: x, v: 1}, {k: w, v: 2}]
              two: [{k: x, namespace: p, tags: [s, t]}, {k: x, namespace: q}]
              list: [a, b]
              deep: {m: [a, b]}
              lists: [[a, b], [c]]
            """);
    private static final ObjectNode NEW = Yaml.object("""
            spec:
              set: [b, a]
              ids: [2, 1]
              map: [{k: w, v: 2}, {k: x, v: 1}]
              two: [{k: x, namespace: q}, {k: x, namespace: p, tags: [t, s]}]
              list: [b, a]
              deep: {m: [b, a]}
              lists: [[b, a], [c]]
            """);

    private static CustomSchema schema(String rule) {
        return CustomSchema.of(Yaml.object("""
                type: object
                properties:
                  spec:
                    type: object
                    x-kubernetes-validations: [{rule: "%s", message: broken}]
                    properties:
                      set: {type: array, x-kubernetes-list-type: set, items: {type: string}}
                      ids: {type: array, x-kubernetes-list-type: set, items: {type: integer}}
                      map: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k],
                        items: {type: object, properties: {k: {type: string}, v: {type: integer}}}}
                      two: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k, namespace],
                        items: {type: object, properties: {k: {type: string}, namespace: {type: string},
                          tags: {type: array, x-kubernetes-list-type: set, items: {type: string}}}}}
                      list: {type: array, items: {type: string}}
                      deep: {type: object, additionalProperties:
                        {type: array, x-kubernetes-list-type: set, items: {type: string}}}
                      lists: {type: array, items:
                        {type: array, x-kubernetes-list-type: set, items: {type: string}}}
                """.formatted(rule)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        // equal in any order, the list on the left decides
        "self.set == oldSelf.set|true", "self.set != oldSelf.set|false", "self.ids == oldSelf.ids|true",
        "self.map == oldSelf.map|true", "self.two == oldSelf.two|true", "self.list == oldSelf.list|false",
        "self.deep == oldSelf.deep|true", "self.lists == oldSelf.lists|true",
        "self.set == ['a', 'b']|true", "['a', 'b'] == self.set|false", "['b', 'a'] == self.set|true",
        "self.set == ['a', 'a']|false", "self.set == ['a', 'c']|false", "self.set == ['a', 'b', 'a']|false",
        "self.set == self.list|true", "self.map == self.map.filter(m, m.k != 'x')|false",
        "self.map[0] == oldSelf.map[1]|true", "self.two[1] == oldSelf.two[0]|true",
        "['a', 'b'] in self.lists|true", "['a', 'c'] in self.lists|false", "'a' in self.set|true",
        "self.set[0] == 'b'|true", "dyn(self.set) == dyn(1)|false",
        // sums
        "(self.set + ['c', 'a', 'c']).map(s, s) == ['b', 'a', 'c']|true", "self.set + ['c'] == ['c', 'a', 'b']|true",
        "self.set + self.set == self.set|true", "self.list + ['b'] == ['b', 'a', 'b']|true",
        "(['b'] + self.set).size() == 3|true", "(self.ids + [3, 2]).map(i, i) == [2, 1, 3]|true",
        "(self.map + oldSelf.map).map(m, m.k) == ['w', 'x']|true",
        "(self.map.filter(m, m.k == 'x') + oldSelf.map).size() == 3|true",
        "(dyn(self.map) + dyn([{'k': dyn('x'), 'v': dyn(7)}, {'k': dyn('z'), 'v': dyn(9)}])).map(m, m.v) == [2, 7, 9]|true",
        "dyn(self.two) + dyn([{'k': 'x', 'namespace': 'r'}]) != dyn(self.two)|true",
        "dyn(1) + dyn(2) == 3|true", "'a' + 'b' == 'ab'|true", "[1, 2].map(i, i + 1) == [2, 3]|true",
        "dyn(1) in [1.0]|true", "{'k': [dyn(1)]} == {'k': [dyn(1.0)]}|true", "{1: 2} == {1: 3}|false",
        "'k' in {'k': 1}|true"})
    void a_rule_holds_or_does_not(String rule, boolean holds) {
        assertThat(schema(rule).validate(NEW, Optional.of(OLD)).stream().map(FieldError::message).toList()).as(rule)
                .isEqualTo(
                        holds ? List.of() : List.of("Invalid value: broken"));
    }
}
