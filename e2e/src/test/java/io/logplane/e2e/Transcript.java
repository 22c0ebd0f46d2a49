package io.logplane.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A recorded session of kubectl: commands with what they must print.
///
/// | line | means |
/// |---|---|
/// | `# …` before the first command | where the expectation comes from |
/// | `$ …` | a command of bash; `$NS` is the namespace of the session |
/// | `$~ …` | the same, repeated until it prints what follows: something happens in the background |
/// | `[to 1.27]` | what follows, up to the next command, is what versions up to 1.27 print instead |
/// | `[exit N]` | the exit code, when it is not 0 |
/// | any other | output and errors as they come, in the form that [#normal] gives |
record Transcript(String name, List<Step> steps) {
    private static final String RANDOM = "[bcdfghjklmnpqrstvwxz2456789]";
    /// What differs from run to run, in order: each pattern is replaced by its text on both sides.
    private static final Map<Pattern, String> VARYING = patterns();

    /// Shape: `outputs` from the version (minor number) up to which it holds, ascending; the last holds for the rest.
    record Step(int line, String command, boolean eventually, List<Output> outputs) {
        String expected(int minor) {
            return outputs.stream().filter(o -> minor <= o.upTo()).findFirst().orElseThrow().text();
        }
    }

    record Output(int upTo, String text) {
    }

    static Transcript read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < lines.size();) {
            int end = i + 1;
            while (end < lines.size() && !command(lines.get(end))) {
                end++;
            }
            if (command(lines.get(i))) {
                steps.add(step(i + 1, lines.get(i), lines.subList(i + 1, end)));
            }
            i = end;
        }
        return new Transcript(file.getFileName().toString(), steps);
    }

    private static boolean command(String line) {
        return line.startsWith("$ ") || line.startsWith("$~ ");
    }

    private static Step step(int number, String command, List<String> lines) {
        List<Output> older = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int upTo = Integer.MAX_VALUE;
        for (String line : lines) {
            if (line.startsWith("[to 1.")) {
                older.add(new Output(upTo, text.toString()));
                text.setLength(0);
                upTo = Integer.parseInt(line.substring(6, line.length() - 1));
            } else if (!line.isBlank()) {
                text.append(line).append('\n');
            }
        }
        older.add(new Output(upTo, text.toString()));
        older.sort(java.util.Comparator.comparingInt(Output::upTo));
        return new Step(number, command.substring(command.indexOf(' ') + 1), command.startsWith("$~"), List.copyOf(
                older));
    }

    /// The output of a command with everything that differs from run to run taken out.
    static String normal(Shell.Result result, String namespace) {
        String text = result.all().replace(namespace, "<ns>");
        for (Map.Entry<Pattern, String> varying : VARYING.entrySet()) {
            text = varying.getKey().matcher(text).replaceAll(varying.getValue());
        }
        StringBuilder out = new StringBuilder();
        text.lines().map(String::stripTrailing).filter(l -> !l.isEmpty()).forEach(l -> out.append(l).append('\n'));
        if (result.code() != 0) {
            out.append("[exit ").append(result.code()).append("]\n");
        }
        return out.toString();
    }

    private static Map<Pattern, String> patterns() {
        Map<Pattern, String> all = new java.util.LinkedHashMap<>();
        all.put(Pattern.compile("\u001b\\[[0-9;]*m"), "");
        all.put(Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z"), "<time>");
        all.put(Pattern.compile("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d \\+0000"), "<time>");
        all.put(Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<uid>");
        all.put(Pattern.compile("(resourceVersion\"?: \")\\d+\""), "$1<rv>\"");
        all.put(Pattern.compile("(version to be 1, was )\\d+"), "$1<rv>");
        all.put(Pattern.compile("(-|hash=)" + RANDOM + "{8,10}(-" + RANDOM + "{5})?\\b"), "$1<hash>");
        all.put(Pattern.compile("(kube-api-access)-" + RANDOM + "{5}"), "$1-<hash>");
        all.put(Pattern.compile("container-\\d+"), "container-<n>");
        all.put(Pattern.compile("client \\(1\\.\\d+\\)"), "client (<version>)");
        all.put(Pattern.compile("127\\.0\\.0\\.1:\\d+"), "<server>");
        all.put(Pattern.compile("\\b10\\.\\d+\\.\\d+\\.\\d+\\b"), "<ip>");
        all.put(Pattern.compile("\\b(\\d+[dhms]){1,2}\\b"), "<age>");
        all.put(Pattern.compile("(?<=\\S) {2,}"), "  ");
        all.put(Pattern.compile("-{3,}"), "---");
        all.put(Pattern.compile("\\t"), " ");
        return all;
    }
}
