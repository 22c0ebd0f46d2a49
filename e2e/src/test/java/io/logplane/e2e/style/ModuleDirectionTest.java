package io.logplane.e2e.style;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/// Dependencies point one way, and cores call nothing that has chance, time or I/O in it.
class ModuleDirectionTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.logplane");
    private static final String[] CORES = {"io.logplane.state.core..", "io.logplane.scheduler.core..",
        "io.logplane.scheduler.plugins..", "io.logplane.controllers.core..", "io.logplane.node.core..",
        "io.logplane.cli.core..",
        "io.logplane.schemas.types..", "io.logplane.schemas.rules..", "io.logplane.schemas.columns..",
        "io.logplane.schemas.quota..", "io.logplane.schemas.versions..",
        "io.logplane.schemas.definitions..", "io.logplane.extension..",
        "io.logplane.gateway.podsecurity..", "io.logplane.gateway.identity..", "io.logplane.gateway.audit..",
        "io.logplane.gateway.flow.."};

    @Test
    void modules_depend_in_flow_order_only() {
        layeredArchitecture().consideringOnlyDependenciesInLayers().layer("schemas").definedBy("io.logplane.schemas..")
                .layer("broker").definedBy("io.logplane.broker..").layer("state").definedBy("io.logplane.state..")
                .layer("extension").definedBy("io.logplane.extension..").layer("streaming")
                .definedBy("io.logplane.streaming..")
                .layer("representation").definedBy("io.logplane.representation..").layer("gateway")
                .definedBy("io.logplane.gateway..")
                .layer("scheduler").definedBy("io.logplane.scheduler..").layer("controllers")
                .definedBy("io.logplane.controllers..")
                .layer("node").definedBy("io.logplane.node..").layer("cli").definedBy("io.logplane.cli..")
                .layer("launcher")
                .definedBy("io.logplane.launcher..").whereLayer("launcher").mayNotBeAccessedByAnyLayer()
                .whereLayer("extension").mayOnlyBeAccessedByLayers("gateway")
                .whereLayer("streaming").mayOnlyBeAccessedByLayers("gateway", "node")
                .whereLayer("cli")
                .mayOnlyBeAccessedByLayers("launcher").whereLayer("gateway").mayOnlyBeAccessedByLayers("launcher")
                .whereLayer("scheduler")
                .mayOnlyBeAccessedByLayers("launcher").whereLayer("controllers").mayOnlyBeAccessedByLayers("launcher")
                .whereLayer("node")
                .mayOnlyBeAccessedByLayers("launcher").whereLayer("broker").mayOnlyBeAccessedByLayers("launcher", "cli")
                .whereLayer("representation").mayOnlyBeAccessedByLayers("gateway", "extension").whereLayer("state")
                .mayOnlyBeAccessedByLayers("gateway", "cli", "launcher").withOptionalLayers(true).check(MAIN);
    }

    @Test
    void cores_have_no_clock_chance_threads_or_files() {
        noClasses().that().resideInAnyPackage(CORES).should().callMethod(Instant.class, "now").orShould()
                .callMethod(System.class,
                        "currentTimeMillis")
                .orShould().callMethod(System.class, "nanoTime").orShould().callMethod(System.class, "getenv",
                        String.class)
                .orShould().dependOnClassesThat().areAssignableTo(Clock.class).orShould().dependOnClassesThat()
                .areAssignableTo(Random.class).orShould().callMethod(UUID.class, "randomUUID").orShould()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocalRandom.class).orShould().dependOnClassesThat().areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.file..", "java.net.http..", "org.apache.kafka..", "io.javalin..",
                        "org.rocksdb..")
                .allowEmptyShould(true).check(MAIN);
    }
}
