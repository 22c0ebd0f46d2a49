package io.logplane.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BootstrapTokenKeeperTest {
    /// The example is that of k8s.io/cluster-bootstrap/token/jws.
    @Test
    void aSignatureIsWhatAMachineThatJoinsComputesItself() {
        assertThat(BootstrapTokenKeeper.signature("Hello from the other side. I must have called a thousand times.",
                "joshua", "my voice is my passcode")).isEqualTo(
                        "eyJhbGciOiJIUzI1NiIsImtpZCI6Impvc2h1YSJ9..VShe2taLd-YTrmWuRkcL_8QTNDHYxQIEBsAYYiIj1_8");
    }
}
