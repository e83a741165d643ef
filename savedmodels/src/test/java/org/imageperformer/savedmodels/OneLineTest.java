package org.imageperformer.savedmodels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OneLineTest {

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new AccessDeniedException("a.csv"), "permission denied"),
        Arguments.of(new NoSuchFileException("b"), "no such file or directory (b)"),
        Arguments.of(
            new FileSystemException("a.csv", null, "Read-only file system"),
            "read-only file system"),
        Arguments.of(new FileSystemException("a.csv"), "the system refuses it"),
        Arguments.of(new IOException("No space left\non device"), "no space left"),
        Arguments.of(new IOException("I/O error"), "I/O error"),
        Arguments.of(new IOException(), "it cannot be read or written"),
        Arguments.of(new EOFException(), "it ends too early"),
        Arguments.of(new BufferUnderflowException(), "buffer underflow"),
        Arguments.of(new UTFDataFormatException(), "UTF data format"),
        Arguments.of(
            new UncheckedIOException(new NoSuchFileException("a.csv")),
            "no such file or directory"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whatWentWrongWithAFile(Exception failure, String words) {
    assertThat(OneLine.reason(failure, Path.of("a.csv"))).isEqualTo(words);
  }

  @Test
  void whatATerminalWouldObeyIsNotShown() {
    assertThat(OneLine.of("a\nb\u001b[2J\u202ec")).isEqualTo("a?b?[2J\u202ec");
    assertThat(OneLine.of("a\nb\u001b[2J\u202ec\ud83d\ude00", 99))
        .isEqualTo("a?b?[2J?c\ud83d\ude00");
    assertThat(OneLine.of("\ud83d\ude00\ud83d\ude00\ud83d\ude00", 2))
        .isEqualTo("\ud83d\ude00\ud83d\ude00...");
    assertThat(OneLine.quoted("a\"b")).isEqualTo("\"a\"b\"");
  }

  @Test
  void whatWentWrongInALibrary() {
    Exception failure = new IllegalStateException("\nfirst\n  second ");
    assertThat(OneLine.reason(failure)).isEqualTo("first second");
    assertThat(OneLine.firstLine(failure)).isEqualTo("first");
    assertThat(OneLine.reason(new IllegalStateException(" "))).isEqualTo("illegal state");
  }
}
