package io.logplane.representation.decode;

import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/// Our parser's problems in the words of upstream's parser.
final class YamlProblems {
    private static final String[][] WORDS = {{"expected the node content", "did not find expected node content"},
        {"expected ',' or ']'", "did not find expected ',' or ']'"},
        {"expected ',' or '}'", "did not find expected ',' or '}'"},
        {"mapping values are not allowed here", "mapping values are not allowed in this context"},
        {"that cannot start any token", "found character that cannot start any token"},
        {"could not find expected ':'", "could not find expected ':'"},
        {"found unexpected end of stream", "found unexpected end of stream"},
        {"expected '<document start>'", "did not find expected <document start>"}};

    private YamlProblems() {
    }

    static String text(MarkedYamlEngineException malformed) {
        String problem = malformed.getProblem();
        for (String[] words : WORDS) {
            if (problem.contains(words[0])) {
                return words[1];
            }
        }
        if (problem.contains("expected <block end>")) {
            return malformed.getContext() != null && malformed.getContext().contains("collection")
                    ? "did not find expected '-' indicator"
                    : "did not find expected key";
        }
        return problem;
    }
}
