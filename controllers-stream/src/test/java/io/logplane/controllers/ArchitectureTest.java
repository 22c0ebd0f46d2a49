package io.logplane.controllers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.logplane.controllers.core.Controller;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What the build forbids: clocks, chance, threads and I/O in cores; Kafka outside the shell; upward dependencies.
final class ArchitectureTest {
    private static final String[] CORES = {"io.logplane.controllers.core..", "io.logplane.controllers.loop..",
        "io.logplane.controllers.workload..", "io.logplane.controllers.cluster..", "io.logplane.controllers.node..",
        "io.logplane.controllers.network.."};
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.logplane.controllers");

    @Test
    void coresHaveNoClock() {
        noClasses().that().resideInAnyPackage(CORES).should().callMethod(Instant.class, "now")
                .orShould().callMethod(LocalDateTime.class, "now")
                .orShould().callMethod(System.class, "currentTimeMillis").orShould()
                .callMethod(System.class, "nanoTime").orShould().dependOnClassesThat()
                .areAssignableTo(Clock.class).orShould().dependOnClassesThat().areAssignableTo(InstantSource.class)
                .check(MAIN);
    }

    @Test
    void coresHaveNoChance() {
        noClasses().that().resideInAnyPackage(CORES).should().dependOnClassesThat().areAssignableTo(Random.class)
                .orShould().dependOnClassesThat().areAssignableTo(SecureRandom.class)
                .orShould().callMethod(UUID.class, "randomUUID").orShould().callMethod(Math.class, "random")
                .check(MAIN);
    }

    @Test
    void coresHaveNoThreadsFilesSocketsOrEnvironment() {
        noClasses().that().resideInAnyPackage(CORES).should().dependOnClassesThat()
                .resideInAnyPackage("java.util.concurrent..", "java.net..", "java.nio.file..", "java.io..",
                        "org.slf4j..", "org.apache.kafka..")
                .orShould().dependOnClassesThat().areAssignableTo(Thread.class)
                .orShould().dependOnClassesThat().areAssignableTo(Path.class)
                .orShould().callMethod(System.class, "getenv").orShould()
                .callMethod(System.class, "getProperty", String.class).check(MAIN);
    }

    @Test
    void onlyTheShellKnowsKafka() {
        noClasses().that().resideOutsideOfPackage("io.logplane.controllers.stream..").should().dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..").check(MAIN);
    }

    @Test
    void dependenciesPointOneWay() {
        noClasses().that().resideInAPackage("io.logplane.controllers.core..").should().dependOnClassesThat()
                .resideInAnyPackage("io.logplane.controllers.loop..", "io.logplane.controllers.workload..",
                        "io.logplane.controllers.cluster..", "io.logplane.controllers.node..",
                        "io.logplane.controllers.network..", "io.logplane.controllers.stream..")
                .check(MAIN);
        noClasses().that().resideInAPackage("io.logplane.controllers.loop..").should().dependOnClassesThat()
                .resideInAnyPackage("io.logplane.controllers.workload..", "io.logplane.controllers.cluster..",
                        "io.logplane.controllers.node..", "io.logplane.controllers.network..",
                        "io.logplane.controllers.stream..")
                .check(MAIN);
        noClasses().that()
                .resideInAnyPackage("io.logplane.controllers.workload..", "io.logplane.controllers.cluster..",
                        "io.logplane.controllers.node..", "io.logplane.controllers.network..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.logplane.controllers.loop..", "io.logplane.controllers.stream..").check(MAIN);
    }

    @Test
    void controllersHoldNothing() {
        classes().that().implement(Controller.class).should().haveOnlyFinalFields().check(MAIN);
    }
}
