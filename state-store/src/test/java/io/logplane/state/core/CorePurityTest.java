package io.logplane.state.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CorePurityTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.logplane.state");
    /// Calls whose answer differs between two runs or two machines.
    private static final Set<String> CHANCE = Set.of("System.currentTimeMillis", "System.nanoTime", "System.getenv",
            "System.getProperty", "Instant.now", "LocalDateTime.now", "Clock.systemUTC", "UUID.randomUUID",
            "Locale.getDefault", "TimeZone.getDefault", "ZoneId.systemDefault", "Charset.defaultCharset",
            "String.getBytes()", "String.toLowerCase()", "String.toUpperCase()", "String.format", "Set.of", "Map.of",
            "System.identityHashCode", "Math.random");

    @Test
    void theCoreAsksNoClockNoChanceNoMachineAndNoThread() {
        noClasses().that().resideInAPackage("..state.core..").should()
                .callMethodWhere(describe("depends on when or where it runs", CorePurityTest::chance))
                .check(CLASSES);
        noClasses().that().resideInAPackage("..state.core..").should().dependOnClassesThat()
                .resideInAnyPackage("java.io..", "java.nio.file..", "java.net..", "java.util.concurrent..",
                        "org.apache.kafka..", "org.rocksdb..", "org.slf4j..", "com.fasterxml..")
                .check(CLASSES);
        noClasses().that().resideInAPackage("..state.core..").should().dependOnClassesThat()
                .haveNameMatching("java\\.util\\.(HashMap|HashSet|Random)|java\\.lang\\.Thread").check(CLASSES);
    }

    @Test
    void dependenciesInsideTheModulePointOneWay() {
        noClasses().that().resideInAPackage("..state.core..").should().dependOnClassesThat()
                .resideInAnyPackage("..state.rocks..", "..state.kafka..", "..state.stream..", "..state.watch..")
                .check(CLASSES);
        noClasses().that().resideInAPackage("..state.rocks..").should().dependOnClassesThat()
                .resideInAnyPackage("..state.kafka..", "..state.stream..", "..state.watch..").check(CLASSES);
        noClasses().that().resideInAPackage("..state.watch..").should().dependOnClassesThat()
                .resideInAnyPackage("..state.kafka..", "..state.stream..").check(CLASSES);
        noClasses().that().resideInAPackage("..state.kafka..").should().dependOnClassesThat()
                .resideInAnyPackage("..state.stream..").check(CLASSES);
    }

    private static boolean chance(JavaMethodCall call) {
        String name = call.getTargetOwner().getSimpleName() + "." + call.getName();
        boolean bare = call.getTarget().getRawParameterTypes().isEmpty();
        return CHANCE.contains(name) || bare && CHANCE.contains(name + "()");
    }
}
