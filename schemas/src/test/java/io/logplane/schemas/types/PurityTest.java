package io.logplane.schemas.types;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The catalogue and its rules are pure: the same object gives the same answer on every machine at every time.
class PurityTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.logplane.schemas.model",
                    "io.logplane.schemas.types", "io.logplane.schemas.rules", "io.logplane.schemas.columns",
                    "io.logplane.schemas.definitions");

    @Test
    void noRuleAsksTheClockChanceOrTheMachine() {
        noClasses().should().callMethod(Instant.class, "now").orShould().callMethod(LocalDateTime.class, "now")
                .orShould().callMethod(UUID.class, "randomUUID").orShould().callMethod(System.class,
                        "currentTimeMillis")
                .orShould().callMethod(System.class, "nanoTime").orShould().callMethod(System.class, "getenv",
                        String.class)
                .orShould().dependOnClassesThat().areAssignableTo(Clock.class).check(CLASSES);
    }

    /// A [URI] is a text taken apart: unlike a URL it asks nobody.
    @Test
    void noRuleTouchesFilesNetworkThreadsOrRandomNumbers() {
        noClasses().should().dependOnClassesThat(resideInAnyPackage("java.nio.file..", "java.net..",
                "java.util.concurrent..").and(not(type(URI.class).or(type(URISyntaxException.class))))).orShould()
                .dependOnClassesThat().haveFullyQualifiedName("java.lang.Thread")
                .orShould().dependOnClassesThat().haveFullyQualifiedName("java.util.Random").check(CLASSES);
    }

    @Test
    void whatShowsObjectsDoesNotKnowWhatChecksThem() {
        noClasses().that().resideInAPackage("..columns..").should().dependOnClassesThat().resideInAPackage("..rules..")
                .check(CLASSES);
        noClasses().that().resideInAPackage("..model..").should().dependOnClassesThat()
                .resideInAnyPackage("..rules..", "..columns..", "..types..").check(CLASSES);
    }
}
