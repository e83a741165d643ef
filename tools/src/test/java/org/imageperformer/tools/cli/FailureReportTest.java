package org.imageperformer.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.imageperformer.training.TrainingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureReportTest {
  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new CommandFailure("no runs below results"), "no runs below results"),
        Arguments.of(new NoSuchFileException("a.csv"), "a.csv: no such file or folder"),
        Arguments.of(
            new UncheckedIOException(new AccessDeniedException("a.csv")),
            "a.csv: permission denied"),
        Arguments.of(
            new UncheckedIOException(
                "cannot write metrics.csv: No space left on device",
                new IOException("No space left on device")),
            "cannot write metrics.csv: No space left on device"),
        Arguments.of(
            new OutOfMemoryError("Java heap space"),
            "out of memory (Java heap space); give Java more with PERFORMER_JAVA_OPTS=-Xmx8g, or"
                + " use smaller batches"),
        Arguments.of(
            new IllegalStateException("lost"),
            "lost (unexpected; --verbose shows the stack trace)"),
        Arguments.of(
            new IOException("disk on fire"),
            "disk on fire (unexpected; --verbose shows the stack trace)"),
        Arguments.of(
            new IllegalStateException("two nodes\n\t name: x"),
            "two nodes; name: x (unexpected; --verbose shows the stack trace)"),
        Arguments.of(
            new NullPointerException(),
            "null pointer (unexpected; --verbose shows the stack trace)"),
        Arguments.of(
            new TrainingException("unknown options: a\nb\u001b[31m\u0000"),
            "unknown options: a?b?[31m?"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureIsOneLine(Throwable failure, String reason) {
    StringWriter err = new StringWriter();

    int status = FailureReport.print(failure, false, new PrintWriter(err, true));

    assertThat(status).isEqualTo(1);
    assertThat(err).hasToString("error: " + reason + "\n");
  }

  @Test
  void verboseAddsTheStackTrace() {
    StringWriter err = new StringWriter();

    FailureReport.print(new IllegalStateException("lost"), true, new PrintWriter(err, true));

    assertThat(err.toString())
        .startsWith("error: lost\njava.lang.IllegalStateException: lost\n")
        .contains("\tat " + FailureReportTest.class.getName());
  }
}
