package io.logplane.state.core;

/// How far one writer has come. Shape: `epoch` of its newest accepted hello, `sequence` of its newest change in that
/// epoch
/// (0: none yet).
public record WriterPosition(long epoch, long sequence) {
}
