package io.logplane.schemas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({"0,0", "1,1", "1000m,1", "0.5,500m", "1.5Gi,1536Mi", "1024Mi,1Gi", "1000,1k", "1500,1500", "100,100",
        "010,010", "1.500,1.500", "1.50,1500m", "1e03,1e03", "1000e3,1e6", "01Ki,01Ki", "008Ki,8Ki", "Ki,0",
        "1e3,1e3", "1E3,1E3", "12e6,12e6", "0.1Ki,102400m", "1023,1023", "512Ki,512Ki", "2048,2048", "-1Ki,-1Ki",
        "1Ei,1Ei", "100Ei,9223372036854775807", "0.0000000001,1n", "1.23456789012,1234567891n", "+5,+5", "1e30,1e30",
        "123456789012345678901,123456789012345678901", "3.0,3", "100M,100M", "1000000k,1G", "-0,0", "5E,5E", "0Gi,0",
        "1000Ki,1000Ki", "1e-3,1e-3", "0Mi,0", "-1,-1", "0.5Ki,512", "1500m,1500m", "1000000,1M", "1k,1k", "1000k,1M",
        "1024,1024", "1024Ki,1Mi", "1E,1E", "100n,100n", "1000n,1u", "5.,5.", ".5,500m",
        "9223372036854775807,9223372036854775807", "99999999999999999999,99999999999999999999", "2Ti,2Ti",
        "-1.5,-1500m", "-,0", "+,0", "Gi,0", "1.1Ki,1126400m", "1e1000000,10e999999", "1e999999,1e999999",
        "1e-1000000,1e-9", "-1.23456789012,-1234567891n"})
    void isPrintedAsUpstreamDoes(String text, String canonical) {
        assertThat(Quantity.parse(text)).hasToString(canonical);
        assertThat(Quantity.canonical(" " + text)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two", "", "1 Gi", "1Gi ", "1.5.5x", "0x10", "1.2.3"})
    void refusesWhatIsNoQuantity(String text) {
        String words = "quantities must match the regular expression "
                + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
        assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(IllegalArgumentException.class).hasMessage(words);
    }

    @Test
    void tellsWrongNumbersFromWrongSuffixes() {
        assertThatThrownBy(() -> Quantity.parse("Ei")).hasMessage("unable to parse numeric part of quantity");
        assertThatThrownBy(() -> Quantity.parse("1Kim")).hasMessage("unable to parse quantity's suffix");
        assertThatThrownBy(() -> Quantity.canonical("1e")).hasMessage("unable to parse quantity's suffix");
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1.0,", "1000m,", "5k,5000", "1Ki,1024", "9223372036854775807,", "1e100,", "-7,-7"})
    void isAWholeNumberWhereUpstreamSaysSo(String text, @Nullable Long whole) {
        assertThat(Quantity.parse(text).asLong()).isEqualTo(
                whole == null ? OptionalLong.empty() : OptionalLong.of(whole));
    }

    @ParameterizedTest
    @CsvSource({"0.3,0.30000000000000004", "1.5,1.5", "1n,1e-9", "2Gi,2147483648", "1e400,Infinity"})
    void isAsNearAsUpstreamComes(String text, double near) {
        assertThat(Quantity.parse(text).approximate()).isEqualTo(near);
    }

    @Test
    void comparesAmountsHoweverWritten() {
        assertThat(Quantity.parse("1Gi")).isEqualTo(Quantity.parse("1024Mi")).isEqualTo(Quantity.parse("1073741824"))
                .hasSameHashCodeAs(Quantity.parse("1073741824"));
        assertThat(Quantity.parse("999m")).isLessThan(Quantity.parse("1"));
    }

    @Test
    void roundsUpToWholeUnitsAndThousandths() {
        assertThat(Quantity.parse("1500m").value()).isEqualTo(2);
        assertThat(Quantity.parse("1500m").milliValue()).isEqualTo(1500);
        assertThat(Quantity.parse("1Gi").value()).isEqualTo(1L << 30);
        assertThat(Quantity.parse("100u").milliValue()).isEqualTo(1);
        assertThat(Quantity.parse("8E").milliValue()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void addsAndSubtractsExactly() {
        assertThat(Quantity.parse("100m").plus(Quantity.parse("900m"))).hasToString("1");
        assertThat(Quantity.ZERO.plus(Quantity.parse("1Gi"))).hasToString("1Gi");
        assertThat(Quantity.parse("2Gi").minus(Quantity.parse("512Mi"))).hasToString("1536Mi");
        assertThat(Quantity.parse("1.500").plus(Quantity.ZERO)).as("written anew").hasToString("1500m");
        assertThat(Quantity.parse("9E").plus(Quantity.parse("9E"))).hasToString("18E");
        assertThat(Quantity.parse("0.1Ki").roundedToMilli()).hasToString("102400m");
        assertThat(Quantity.parse("1.0000001").roundedToMilli()).hasToString("1001m");
        assertThat(Quantity.parse("+1").roundedToMilli()).hasToString("+1");
    }

    @Test
    void canonicalTextOfRandomQuantitiesReadsBackEqual() {
        Random random = new Random(7);
        String[] suffixes = {"", "m", "u", "n", "k", "M", "G", "Ki", "Mi", "Gi", "e3", "e-3"};
        for (int i = 0; i < 2000; i++) {
            String text = random.nextInt(100_000) / (random.nextBoolean() ? 1.0 : 100.0)
                    + suffixes[random.nextInt(suffixes.length)];
            Quantity quantity = Quantity.parse(text);
            assertThat(Quantity.parse(quantity.toString()).toString()).as(text).isEqualTo(quantity.toString());
        }
    }
}
