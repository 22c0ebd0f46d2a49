package io.logplane.scheduler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The core and the plugins stay pure, and nothing points back at the shell.
class ArchitectureTest {
    private static final String[] PURE = {"io.logplane.scheduler.core..", "io.logplane.scheduler.plugins.."};
    private final JavaClasses classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.logplane.scheduler");

    @Test
    void cores_know_no_kafka_no_logs_no_files_no_threads_and_no_shell() {
        noClasses().that().resideInAnyPackage(PURE).should().dependOnClassesThat().resideInAnyPackage(
                "org.apache.kafka..", "org.slf4j..", "java.io..", "java.nio.file..", "java.net..",
                "java.util.concurrent..", "io.logplane.scheduler.stream..", "io.logplane.schemas.wire..")
                .check(classes);
    }

    @Test
    void cores_ask_neither_clock_nor_chance_nor_environment() {
        noClasses().that().resideInAnyPackage(PURE).should().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(System.class, "nanoTime").orShould().callMethod(System.class, "getenv")
                .orShould().callMethod(java.time.Instant.class, "now").orShould().callMethod(Math.class, "random")
                .orShould().dependOnClassesThat().areAssignableTo(java.util.Random.class)
                .orShould().dependOnClassesThat().areAssignableTo(Thread.class).check(classes);
    }

    @Test
    void the_core_does_not_know_the_plugins() {
        noClasses().that().resideInAPackage("io.logplane.scheduler.core..").should().dependOnClassesThat()
                .resideInAPackage("io.logplane.scheduler.plugins..").check(classes);
    }
}
