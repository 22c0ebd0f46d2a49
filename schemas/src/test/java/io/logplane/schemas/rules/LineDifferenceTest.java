package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is expected here was written by Python's `difflib.unified_diff`.
class LineDifferenceTest {

    /// A row: lines before and after, one letter each; the difference, `/` for ends of lines.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", value = {
        "abc|abc|``",
        "``|a|`@@ -0,0 +1 @@/+a/`",
        "a|``|`@@ -1 +0,0 @@/-a/`",
        "ab|acab|`@@ -1,2 +1,4 @@/+a/+c/ a/ b/`",
        "abcdefgh|abcdXfgh|`@@ -2,7 +2,7 @@/ b/ c/ d/-e/+X/ f/ g/ h/`",
        "abcdefghijklm|aXcdefghijYlm|`@@ -1,5 +1,5 @@/ a/-b/+X/ c/ d/ e/@@ -8,6 +8,6 @@/ h/ i/ j/-k/+Y/ l/ m/`",
        "abcdefghijk|aXcdefghYjk|`@@ -1,11 +1,11 @@/ a/-b/+X/ c/ d/ e/ f/ g/ h/-i/+Y/ j/ k/`",
        "qabxcd|abycdf|`@@ -1,6 +1,6 @@/-q/ a/ b/-x/+y/ c/ d/+f/`"})
    void the_longest_run_of_equal_lines_stays(String before, String after, String expected) {
        assertThat(LineDifference.unified(letters(before), letters(after)).replace('\n', '/')).isEqualTo(expected);
    }

    @Test
    void a_line_that_a_long_text_is_full_of_starts_no_run() {
        List<String> before = new ArrayList<>(Collections.nCopies(199, "}"));
        before.add("a");
        List<String> after = new ArrayList<>(List.of("b"));
        after.addAll(Collections.nCopies(199, "}"));
        assertThat(LineDifference.unified(before, after)).startsWith("@@ -1,200 +1,200 @@\n-}\n");
    }

    private static List<String> letters(String text) {
        return text == null ? List.of() : text.chars().mapToObj(Character::toString).toList();
    }
}
