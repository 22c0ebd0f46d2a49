package io.logplane.schemas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({"1000m,1", "0.5,500m", "1024Mi,1Gi", "1.5Gi,1536Mi", "1e3,1e3", "100M,100M", "0,0", "0Mi,0", "-1,-1",
        "12e6,12e6", "0.5Ki,512", "1500m,1500m", "1000000,1M", "1k,1k", "1000k,1M", "1024,1024", "1024Ki,1Mi",
        "1E,1E", "1Ei,1Ei", "0.0000000001,1n", "100n,100n", "1000n,1u", "+5,5", "5.,5", ".5,500m", "1E3,1e3",
        "9223372036854775807,9223372036854775807", "99999999999999999999,9223372036854775807", "2Ti,2Ti",
        "-1.5,-1500m"})
    void isPrintedInCanonicalForm(String text, String canonical) {
        Quantity quantity = Quantity.parse(text);
        assertThat(quantity).hasToString(canonical);
        assertThat(Quantity.parse(quantity.toString())).hasToString(quantity.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"two", "", "1 Gi", "Gi", "-", "1Gi ", "1.5.5x", "0x10"})
    void refusesWhatIsNoQuantity(String text) {
        assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(IllegalArgumentException.class).hasMessage(
                "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    }

    @Test
    void tellsWrongNumbersFromWrongSuffixes() {
        assertThatThrownBy(() -> Quantity.parse("1.2.3")).hasMessage("unable to parse numeric part of quantity");
        assertThatThrownBy(() -> Quantity.parse("1Kim")).hasMessage("unable to parse quantity's suffix");
        assertThatThrownBy(() -> Quantity.parse("1e999999999")).hasMessage("unable to parse quantity's suffix");
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
