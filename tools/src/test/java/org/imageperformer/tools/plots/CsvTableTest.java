package org.imageperformer.tools.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvTableTest {
  private static final List<String> COLUMNS = List.of("run_dir", "shift", "loss_mean");

  @TempDir private Path folder;

  @Test
  void readsWhatPandasWrites() throws IOException {
    CsvTable table =
        read(
            """
            ,run_dir,shift,extra,loss_mean
            0,"runs/a, ""b""\",-3,x,1e-7
            1,c,4,,
            2,c,5,,inf
            """);

    assertThat(table.rows())
        .extracting(row -> row.text("run_dir"))
        .containsExactly("runs/a, \"b\"", "c", "c");
    assertThat(table.rows()).extracting(row -> row.integer("shift")).containsExactly(-3, 4, 5);
    assertThat(table.rows())
        .extracting(row -> row.number("loss_mean"))
        .containsExactly(1e-7, Double.NaN, Double.POSITIVE_INFINITY);
  }

  @Test
  void aByteOrderMarkAndWindowsLineEndsAreFine() throws IOException {
    assertThat(read("\uFEFFrun_dir,shift,loss_mean\r\na,1,2\r\n").rows()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|expected the columns run_dir, shift, loss_mean and at least one row below them, found"
            + " no rows",
        "'run_dir,shift,loss_mean'|expected the columns run_dir, shift, loss_mean and at least one"
            + " row below them, found no rows",
        "'run_dir,shift,loss\na,1,2'|expected the columns run_dir, shift, loss_mean; loss_mean is"
            + " missing among run_dir,shift,loss",
        "'a;b\n1;2'|expected the columns run_dir, shift, loss_mean; run_dir, shift, loss_mean are"
            + " missing among a;b",
      })
  void wrongTablesAreRefused(String text, String reason) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(PlotException.class)
        .hasMessage(file() + ": " + reason);
  }

  @Test
  void aWrongFieldIsNamedByLineAndColumn() throws IOException {
    CsvTable table = read("run_dir,shift,loss_mean\na,1,2\nb,1.5,many\n");

    assertThatThrownBy(() -> table.rows().get(1).integer("shift"))
        .isInstanceOf(PlotException.class)
        .hasMessage(file() + ", line 3, column shift: expected a whole number, found \"1.5\"");
    assertThatThrownBy(() -> table.rows().get(1).number("loss_mean"))
        .isInstanceOf(PlotException.class)
        .hasMessage(file() + ", line 3, column loss_mean: expected a number, found \"many\"");
  }

  @Test
  void rowsOfAnotherLengthAreRefused() {
    assertThatThrownBy(() -> read("run_dir,shift,loss_mean\na,1,2\nb,1\n"))
        .isInstanceOf(PlotException.class)
        .hasMessage(file() + ", line 3: expected 3 fields, as in the header, found 2");
    assertThatThrownBy(() -> read("run_dir,shift,loss_mean\na,1,2,3\n"))
        .isInstanceOf(PlotException.class)
        .hasMessage(file() + ", line 2: expected 3 fields, as in the header, found 4");
  }

  @Test
  void bytesThatAreNoTextAreRefusedInPrintableWords() throws IOException {
    Files.write(file(), new byte[] {'P', 'N', 'G', 0x1b, '[', '2', 'J', '\n', 0, 1});

    assertThatThrownBy(() -> CsvTable.read(file(), COLUMNS))
        .isInstanceOf(PlotException.class)
        .hasMessageEndingWith("are missing among PNG?[2J");
  }

  @Test
  void aFieldWithoutEndIsRefused() {
    assertThatThrownBy(() -> read("run_dir,shift,loss_mean\n\"" + "a".repeat(200_000)))
        .isInstanceOf(PlotException.class)
        .hasMessageStartingWith(file() + ": is not a CSV file: ");
  }

  @Test
  void missingFilesAndFoldersAreRefused() {
    assertThatThrownBy(() -> CsvTable.read(file(), COLUMNS))
        .isInstanceOf(PlotException.class)
        .hasMessage(file() + ": no such file");
    assertThatThrownBy(() -> CsvTable.read(folder, COLUMNS))
        .isInstanceOf(PlotException.class)
        .hasMessage(folder + ": expected a CSV file, found a folder");
  }

  private CsvTable read(String text) throws IOException {
    Files.writeString(file(), text);
    return CsvTable.read(file(), COLUMNS);
  }

  private Path file() {
    return folder.resolve("table.csv");
  }
}
