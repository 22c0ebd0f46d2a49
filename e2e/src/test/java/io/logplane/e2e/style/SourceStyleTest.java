package io.logplane.e2e.style;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/// The measurable part of the style rules, over every main source of every module.
class SourceStyleTest {
    private static final int MAX_FILE_LINES = 500;
    private static final int MAX_FUNCTION_LINES = 70;
    private static final int MAX_PARAMETERS = 7;
    private static final int MAX_COLUMNS = 120;
    /// A record's components are its declaration, not a call with many arguments.
    private static final Pattern BANNED_PACKAGE = Pattern.compile("\\.(util|common|helper|impl|manager)(\\.|;|$)");
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|XXX|HACK)\\b");

    @Test
    void files_functions_parameters_and_lines_keep_their_limits() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path file : mainSources()) {
            List<String> lines = Files.readAllLines(file);
            if (lines.size() > MAX_FILE_LINES) {
                broken.add(file + " has " + lines.size() + " lines");
            }
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).length() > MAX_COLUMNS && !lines.get(i).strip().startsWith("/// |")) {
                    broken.add(file + ":" + (i + 1) + " is " + lines.get(i).length() + " columns wide");
                }
                if (UNFINISHED.matcher(lines.get(i)).find()) {
                    broken.add(file + ":" + (i + 1) + " names itself unfinished");
                }
            }
        }
        broken.addAll(longFunctions(mainSources()));
        assertThat(broken).isEmpty();
    }

    @Test
    void every_main_package_says_what_is_here_and_is_null_marked() throws IOException {
        List<String> broken = new ArrayList<>();
        Set<Path> folders = new java.util.TreeSet<>();
        mainSources().forEach(file -> folders.add(file.getParent()));
        for (Path folder : folders) {
            Path info = folder.resolve("package-info.java");
            if (!Files.exists(info) || !Files.readString(info).contains("@NullMarked")) {
                broken.add(folder + " has no @NullMarked package-info.java");
            }
            if (BANNED_PACKAGE.matcher(folder.toString().replace('/', '.')).find()) {
                broken.add(folder + " has a name that says nothing");
            }
        }
        assertThat(broken).isEmpty();
    }

    private static List<String> longFunctions(List<Path> files) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> broken = new ArrayList<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null,
                    manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                unit.accept(new FunctionLengths(unit, positions, broken), null);
            }
        }
        return broken;
    }

    private static List<Path> mainSources() {
        Path root = Path.of("").toAbsolutePath().getParent();
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(f -> f.toString().endsWith(".java") && f.toString().contains("/src/main/java/")
                    && !f.toString().contains("/target/")).sorted().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static final class FunctionLengths extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> broken;

        FunctionLengths(CompilationUnitTree unit, SourcePositions positions, List<String> broken) {
            this.unit = unit;
            this.positions = positions;
            this.broken = broken;
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            LineMap lines = unit.getLineMap();
            long start = positions.getStartPosition(unit, method);
            long end = positions.getEndPosition(unit, method);
            if (start >= 0 && end > start) {
                long length = lines.getLineNumber(end) - lines.getLineNumber(start) + 1;
                String where = unit.getSourceFile().getName() + ":" + lines.getLineNumber(start) + " "
                        + method.getName();
                if (length > MAX_FUNCTION_LINES) {
                    broken.add(where + " has " + length + " lines");
                }
                if (method.getParameters().size() > MAX_PARAMETERS && !method.getName().contentEquals("<init>")) {
                    broken.add(where + " has " + method.getParameters().size() + " parameters");
                }
            }
            return super.visitMethod(method, null);
        }
    }
}
