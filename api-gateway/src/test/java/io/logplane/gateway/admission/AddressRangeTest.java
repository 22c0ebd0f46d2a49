package io.logplane.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRangeTest {
    private final AddressRange range = AddressRange.of("10.96.0.0/16");

    @Test
    void offsetsCountFromTheNetworkAddress() {
        assertThat(range.at(1)).isEqualTo("10.96.0.1");
        assertThat(range.at(65_535)).isEqualTo("10.96.255.255");
        assertThat(range.size()).isEqualTo(65_536);
    }

    @ParameterizedTest
    @CsvSource({"10.96.3.4,true", "10.97.0.1,false", "10.96.300.1,false", "10.96.1,false", "010.96.0.1,false"})
    void onlyItsOwnAddressesAreInside(String address, boolean inside) {
        assertThat(range.contains(address)).isEqualTo(inside);
    }
}
