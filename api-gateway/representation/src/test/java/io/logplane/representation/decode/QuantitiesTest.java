package io.logplane.representation.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantitiesTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({"0,0", "1,1", "1000m,1", "0.5,500m", "1.5Gi,1536Mi", "1024Mi,1Gi", "1000,1k", "1500,1500", "100,100",
        "010,010", "1.500,1.500", "1.50,1500m", "1e03,1e03", "1000e3,1e6", "01Ki,01Ki", "008Ki,8Ki", "Ki,0",
        "1e3,1e3", "1E3,1E3", "12e6,12e6", "0.1Ki,102400m", "1023,1023", "512Ki,512Ki", "2048,2048", "-1Ki,-1Ki",
        "1Ei,1Ei",
        "100Ei,9223372036854775807", "0.0000000001,1n", "1.23456789012,1234567891n", "+5,+5", "1e30,1e30",
        "123456789012345678901,123456789012345678901", "3.0,3", "100M,100M",
        "1000000k,1G",
        "-0,0", "5E,5E", "0Gi,0", "1000Ki,1000Ki", "1e-3,1e-3"})
    void is_canonical(String text, String canonical) {
        assertThat(Quantities.canonical(text)).isEqualTo(canonical);
    }

    @Test
    void withoutDigitsOnlyAShortTextIsZero() {
        assertThatThrownBy(() -> Quantities.canonical("Ei")).isInstanceOf(Malformed.class).hasMessage(
                "unable to parse numeric part of quantity");
    }
}
