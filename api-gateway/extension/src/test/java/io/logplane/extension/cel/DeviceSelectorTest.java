package io.logplane.extension.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.extension.cel.DeviceSelector.Fine;
import io.logplane.extension.cel.DeviceSelector.TooExpensive;
import io.logplane.extension.cel.DeviceSelector.Wrong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceSelectorTest {

    @ParameterizedTest
    @ValueSource(strings = {"true", "device.driver == 'gpu.example.com'", "device.allowMultipleAllocations",
        "device.attributes['gpu.example.com'].healthy", "device.attributes['gpu.example.com']['healthy']",
        "device.attributes['gpu.example.com'].name == 'fish'", "device.attributes['gpu.example.com'].cores > 4",
        "device.attributes['gpu.example.com'].version.isGreaterThan(semver('1.2.3'))",
        "device.attributes['gpu.example.com'].name.startsWith('fi')",
        "device.attributes['gpu.example.com'].name.lowerAscii().contains('is')",
        "device.attributes['gpu.example.com'].name.matches('^f.*$')",
        "device.attributes['gpu.example.com'].names.size() == 2",
        "device.capacity['gpu.example.com'].memory.isGreaterThan(quantity('16Gi'))",
        "device.capacity['gpu.example.com'].memory.compareTo(quantity('16Gi')) >= 0",
        "'gpu.example.com' in device.attributes && 'name' in device.attributes['gpu.example.com']",
        "has(device.attributes['gpu.example.com'].name)", "device.attributes.all(d, d.endsWith('.example.com'))",
        "device.attributes.exists(d, device.attributes[d].exists(n, n.startsWith('x')))",
        "cel.bind(dra, device.attributes['gpu.example.com'], dra.one && dra.other.contains('x'))",
        "device.?attributes['gpu.example.com'].?name.orValue('x') == 'fish'"})
    void speaks_of_the_driver_the_attributes_and_the_capacity_of_a_device(String expression) {
        assertThat(DeviceSelector.judge(expression)).isEqualTo(new Fine());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"1|must evaluate to bool or the unknown type, not int",
        "device.driver|must evaluate to bool or the unknown type, not string",
        "dyn(true)|must evaluate to bool or the unknown type, not dyn",
        "device.capacity['a'].b|must evaluate to bool or the unknown type, not kubernetes.Quantity",
        "device.attributes['a']|must evaluate to bool or the unknown type, not map(string, google.protobuf.Any)",
        "?!|compilation failed: ERROR: <input>:1:1: Syntax error",
        "device.name|compilation failed: ERROR: <input>:1:7: "
                + "undefined field 'name'",
        "object.driver == ''|compilation failed: ERROR: <input>:1:1: undeclared reference to 'object'",
        "device.attributes['a'].ids.exists(id, id == 1)|compilation failed: ERROR: <input>:1:23: expression of type 'any' "
                + "cannot be range of a comprehension",
        "device.attributes['a'].ids.includes('fish')|compilation failed: ERROR: <input>:1:36: undeclared reference to "
                + "'includes'",
        "device.capacity['a'].b > 5|compilation failed: ERROR: <input>:1:24: found no matching overload for '_>_'"})
    void is_told_what_is_wrong_with_it(String expression, String why) {
        assertThat(DeviceSelector.judge(expression)).isInstanceOfSatisfying(Wrong.class, wrong -> assertThat(wrong
                .why()).startsWith(why));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "device.attributes.all(a, device.attributes.all(b, device.attributes.all(c, device.attributes.all(d, "
                + "a + b + c + d != ''))))",
        "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].all(x, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].all(y, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"
                + ".all(z, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].all(u, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].all(v, "
                + "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].all(w, int('1'.find('[0-9]*')) < 100))))))"})
    void may_not_cost_more_than_one_call_of_a_policy(String expression) {
        assertThat(DeviceSelector.judge(expression)).isEqualTo(new TooExpensive());
    }
}
