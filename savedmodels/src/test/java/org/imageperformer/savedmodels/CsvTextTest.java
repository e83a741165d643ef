package org.imageperformer.savedmodels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.imageperformer.savedmodels.CsvText.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTextTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void outline() {
    file = folder.resolve("t.csv");
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      CsvText.write(
          file,
          List.of(
              List.of("a", "b", "c", "d"),
              Arrays.asList("x, \"y\"\nz", 1.0 / 3, null, true),
              List.of(-7L, Double.NEGATIVE_INFINITY, Double.NaN, false)));
    } finally {
      Locale.setDefault(before);
    }

    assertThat(file)
        .hasContent(
            """
            a,b,c,d
            "x, ""y""
            z",0.3333333333333333,,True
            -7,-Inf,NaN,False
            """);
    assertThat(CsvText.readTable(file))
        .containsExactly(
            new Row(1, List.of("a", "b", "c", "d")),
            new Row(2, List.of("x, \"y\"\nz", "0.3333333333333333", "", "True")),
            new Row(4, List.of("-7", "-Inf", "NaN", "False")));
  }

  @Test
  void numbersAreThoseOfPandas() {
    assertThat(List.of("1e-7", " 2 ", "Inf", "-inf", "", "nan", "NaN"))
        .extracting(CsvText::number)
        .containsExactly(
            1e-7,
            2.0,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.NaN,
            Double.NaN,
            Double.NaN);
    assertThatThrownBy(() -> CsvText.number("1,5")).isInstanceOf(NumberFormatException.class);
  }

  @Test
  void tornRowsAreReadButAreNoTable() throws IOException {
    Files.writeString(file, "a,b\n1,2\n3");

    assertThat(CsvText.read(file))
        .extracting(Row::fields)
        .containsExactly(List.of("a", "b"), List.of("1", "2"), List.of("3"));
    assertThatThrownBy(() -> CsvText.readTable(file))
        .isInstanceOf(IOException.class)
        .hasMessage("line 3: expected 2 fields, found 1");
  }

  @Test
  void whatIsTooLargeIsNotRead() throws IOException {
    Files.writeString(file, "a\n\"" + "b".repeat(70_000));
    assertThatThrownBy(() -> CsvText.read(file)).isInstanceOf(IOException.class);
    Files.writeString(file, "1\n".repeat(1_000_001));
    assertThatThrownBy(() -> CsvText.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage("expected at most 1000000 rows, found more");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(1L << 30);
    }
    assertThatThrownBy(() -> CsvText.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage("expected at most 67108864 bytes, found 1073741824");
    assertThatThrownBy(() -> CsvText.read(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }
}
