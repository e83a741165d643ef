package org.imageperformer.datasets.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FileProblemTest {
  static Stream<Arguments> problems() {
    return Stream.of(
        Arguments.of(new AccessDeniedException("a"), "permission denied"),
        Arguments.of(new NoSuchFileException("a"), "there is no such file or folder"),
        Arguments.of(new FileAlreadyExistsException("a"), "a file is in the way of a folder"),
        Arguments.of(new NotDirectoryException("a"), "a file is in the way of a folder"),
        Arguments.of(
            new FileSystemException("a", null, "Read-only file system"), "Read-only file system"),
        Arguments.of(new FileSystemException("a"), "the system refuses it"),
        Arguments.of(new IOException("Input/output error"), "Input/output error"),
        Arguments.of(new ClosedChannelException(), "the system refuses it"));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void areSaidInWords(IOException failure, String words) {
    assertThat(FileProblem.of(failure)).isEqualTo(words);
  }
}
