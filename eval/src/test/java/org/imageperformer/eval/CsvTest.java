package org.imageperformer.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.Results;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTest {
  private static final SweepCsv SHIFTS = new SweepCsv(SweepAxis.SHIFT);
  private static final SweepCsv ANGLES = new SweepCsv(SweepAxis.ANGLE);

  @TempDir Path folder;
  private final Locale before = Locale.getDefault();

  @BeforeEach
  void useCommas() {
    Locale.setDefault(Locale.GERMANY);
  }

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  private static RunResult result(String run, String exp) {
    Map<String, Object> hparams = new LinkedHashMap<>();
    hparams.put("model", "Performer");
    hparams.put("batch_size", 16);
    hparams.put("learning_rate", 0.001);
    hparams.put("no_projection", true);
    hparams.put("content_rel_attn", false);
    hparams.put("max_steps", null);
    hparams.put("exp_name", exp);
    hparams.put("n_parameters", 123456789);
    return new RunResult(
        Path.of(run),
        HParams.of(hparams),
        new Results(1.0 / 3, 0.9, 1234.5678901234567, 1, 123456789));
  }

  @Test
  void aSeries() throws IOException {
    Path file = folder.resolve("test.csv");
    EvaluationCsv.writeSeries(file, result("runs/a", "a, \"b\""));
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            ,0
            model,Performer
            batch_size,16
            learning_rate,0.001
            no_projection,True
            content_rel_attn,False
            max_steps,
            exp_name,"a, ""b\"""
            val/loss,0.3333333333333333
            val/acc,0.9
            test/loss,1234.5678901234567
            test/acc,1.0
            n_parameters,123456789
            """);
  }

  @Test
  void aTable() throws IOException {
    Path file = folder.resolve("all.csv");
    RunResult other =
        new RunResult(
            Path.of("runs/ü,2"),
            HParams.of(Map.of("clipping_dist", 8)),
            new Results(2, 0, Double.NaN, Double.POSITIVE_INFINITY, 7));
    EvaluationCsv.writeTable(file, List.of(result("runs/a", "e"), other));
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            run_dir,model,batch_size,learning_rate,no_projection,content_rel_attn,max_steps,exp_name,clipping_dist,val/loss,val/acc,test/loss,test/acc,n_parameters
            runs/a,Performer,16,0.001,True,False,,e,,0.3333333333333333,0.9,1234.5678901234567,1.0,123456789
            "runs/ü,2",,,,,,,,8,2.0,0.0,NaN,Inf,7
            """);
    List<EvaluationRow> rows = EvaluationCsv.readTable(file);
    assertThat(rows.get(0).results()).isEqualTo(result("", "").results());
    assertThat(rows.get(1).runDir()).isEqualTo("runs/ü,2");
    assertThat(rows.get(1).results()).isEqualTo(other.results());
    assertThat(rows.get(1).hparams())
        .containsEntry("clipping_dist", "8")
        .containsEntry("model", "");
  }

  @Test
  void shifts() throws IOException {
    Path file = folder.resolve("shift.csv");
    List<SweepRow> rows =
        List.of(
            new SweepRow("runs/a,b", -10, 0.25, 0.43757501244544983, 3.2, 2.114480495452881),
            new SweepRow("runs/a,b", 10, 1, Double.NaN, 1e-7, Double.NaN));
    SHIFTS.write(file, rows);
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            ,run_dir,shift,accuracy_mean,accuracy_std,loss_mean,loss_std
            0,"runs/a,b",-10,0.25,0.43757501244544983,3.2,2.114480495452881
            1,"runs/a,b",10,1.0,,1.0E-7,
            """);
    assertThat(SHIFTS.read(file)).isEqualTo(rows);
  }

  @Test
  void angles() throws IOException {
    Path file = folder.resolve("rotation.csv");
    List<SweepRow> rows =
        List.of(
            new SweepRow("runs/a", -0.0, 0.25, 0.5, 3.2, 2.5),
            new SweepRow("runs/a", 22.5, 1, Double.NaN, 1e-7, Double.NaN),
            new SweepRow("runs/a", -360, 1, 0, 1, 0));
    ANGLES.write(file, rows);
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            ,run_dir,angle,accuracy_mean,accuracy_std,loss_mean,loss_std
            0,runs/a,0,0.25,0.5,3.2,2.5
            1,runs/a,22.5,1.0,,1.0E-7,
            2,runs/a,-360,1.0,0.0,1.0,0.0
            """);
    assertThat(ANGLES.read(file))
        .isEqualTo(
            List.of(new SweepRow("runs/a", 0, 0.25, 0.5, 3.2, 2.5), rows.get(1), rows.get(2)));
    assertThatThrownBy(() -> SHIFTS.read(file))
        .isInstanceOf(EvalException.class)
        .hasMessageContaining("expected a table with the header ,run_dir,shift,");
    Files.writeString(file, Files.readString(file).replace("22.5", "Inf"));
    assertThatThrownBy(() -> ANGLES.read(file))
        .isInstanceOf(EvalException.class)
        .hasMessage(file + " line 3: angle should be a finite number, found \"Inf\"");
  }

  @Test
  void dataSetsAreNamedWhereThereAreSeveral() throws IOException {
    Path file = folder.resolve("shift.csv");
    SweepRow digits = new SweepRow("a", 1, 0.25, 0.5, 3.5, 2.5, Optional.of("MNIST"));
    SweepRow clothes = new SweepRow("b", 1, 0.5, 0, 1, 0, Optional.of("FashionMNIST"));
    SHIFTS.write(file, List.of(digits, clothes));
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            ,run_dir,shift,accuracy_mean,accuracy_std,loss_mean,loss_std,dataset
            0,a,1,0.25,0.5,3.5,2.5,MNIST
            1,b,1,0.5,0.0,1.0,0.0,FashionMNIST
            """);
    assertThat(SHIFTS.read(file)).containsExactly(digits, clothes);
    // As the authors' tables, also one below the other.
    Files.writeString(file, Files.readString(file).repeat(2));
    assertThat(SHIFTS.read(file)).containsExactly(digits, clothes, digits, clothes);

    SHIFTS.write(file, List.of(digits, digits));
    assertThat(Files.readAllLines(file))
        .startsWith(",run_dir,shift,accuracy_mean,accuracy_std,loss_mean,loss_std")
        .endsWith("1,a,1,0.25,0.5,3.5,2.5");
    assertThat(SHIFTS.read(file)).extracting(SweepRow::dataset).containsOnly(Optional.empty());
  }

  private Path reference(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = CsvTest.class.getResourceAsStream(name)) {
      Files.copy(in, file);
    }
    return file;
  }

  @Test
  void readsTheAuthorsEvaluations() throws IOException {
    List<EvaluationRow> rows = EvaluationCsv.readTable(reference("model_evaluations.csv"));
    assertThat(rows).hasSize(44);
    EvaluationRow row = rows.get(0);
    assertThat(row.runDir())
        .isEqualTo(
            "lightning_logs/fixed/check_lengthscales/RelativePerformer_CIFAR10_linear_scales16");
    assertThat(row.results())
        .isEqualTo(new Results(1.116649866, 0.628554285, 1.114990354, 0.616740108, 4745242));
    assertThat(row.hparams())
        .hasSize(25)
        .containsEntry("content_rel_attn", "FALSE")
        .containsEntry("schedule", "constant")
        .containsEntry("schedule.1", "constant")
        .containsEntry("seed", "");
    assertThat(rows.get(43).hparams())
        .containsEntry("seed", "3294046280")
        .containsEntry("schedule.1", "");
  }

  @Test
  void readsTheAuthorsShifts() throws IOException {
    List<SweepRow> fashion = SHIFTS.read(reference("FashionMNIST_1_shift.csv"));
    assertThat(fashion).hasSize(51);
    assertThat(fashion.get(0))
        .isEqualTo(new SweepRow("Performer", -8, 0, 0, 14.737039566040039, 2.114480495452881));
    // This one is tables one below the other: the header comes again between them.
    List<SweepRow> mnist = SHIFTS.read(reference("MNIST_1_shift.csv"));
    assertThat(
            mnist.stream().collect(Collectors.groupingBy(SweepRow::runDir, Collectors.counting())))
        .hasSize(5)
        .allSatisfy((run, count) -> assertThat(count).isIn(17L, 16L));
    assertThat(mnist.get(mnist.size() - 1).lossStd()).isEqualTo(0.5490954518318176);
  }

  @Test
  void writingReadsBackTheAuthorsShiftsByteForByte() throws IOException {
    Path original = reference("FashionMNIST_1_shift.csv");
    Path copy = folder.resolve("copy.csv");
    SHIFTS.write(copy, SHIFTS.read(original));
    assertThat(SHIFTS.read(copy)).isEqualTo(SHIFTS.read(original));
    assertThat(Files.readAllLines(copy)).hasSameSizeAs(Files.readAllLines(original));
    assertThat(Files.readAllLines(copy).subList(0, 3))
        .isEqualTo(Files.readAllLines(original).subList(0, 3));
  }

  @Test
  void saysWhatIsWrongWithATable() throws IOException {
    Path file = folder.resolve("t.csv");
    assertThatThrownBy(() -> SHIFTS.read(file))
        .isInstanceOf(EvalException.class)
        .hasMessage("there is no file " + file);
    Files.writeString(file, "a,b\n1,2\n");
    assertThatThrownBy(() -> SHIFTS.read(file))
        .hasMessage(
            file
                + ": expected a table with the header"
                + " ,run_dir,shift,accuracy_mean,accuracy_std,loss_mean,loss_std, found a,b");
    assertThatThrownBy(() -> EvaluationCsv.readTable(file))
        .hasMessage(
            file
                + ": expected a table with the columns run_dir, val/loss, val/acc, test/loss,"
                + " test/acc, n_parameters, found [a, b]");
    String header = ",run_dir,shift,accuracy_mean,accuracy_std,loss_mean,loss_std\n";
    Files.writeString(file, header + "0,a,1.5,0,0,0,0\n");
    assertThatThrownBy(() -> SHIFTS.read(file))
        .hasMessage(file + " line 2: shift should be an integer, found \"1.5\"");
    Files.writeString(file, header + "0,a,99999999999,0,0,0,0\n");
    assertThatThrownBy(() -> SHIFTS.read(file))
        .hasMessage(file + " line 2: shift should be at most 2147483647, found \"99999999999\"");
    Files.writeString(file, header + "0,a,1,0,x,0,0\n");
    assertThatThrownBy(() -> SHIFTS.read(file))
        .hasMessage(file + " line 2: accuracy_std should be a number, found \"x\"");
    Files.writeString(file, header + "0,a,1,0\n");
    assertThatThrownBy(() -> SHIFTS.read(file))
        .isInstanceOf(EvalException.class)
        .hasMessageStartingWith(file + ": not a CSV table: ");
    Files.writeString(file, "");
    assertThatThrownBy(() -> EvaluationCsv.readTable(file)).hasMessageEndingWith("found []");
    assertThatThrownBy(() -> SHIFTS.write(folder.resolve("no/t.csv"), List.of()))
        .hasMessage(
            "cannot write "
                + folder.resolve("no/t.csv")
                + ": there is no folder "
                + folder.resolve("no"));
    assertThatThrownBy(() -> SHIFTS.write(folder, List.of()))
        .hasMessage("cannot write " + folder + ": it is a folder");
  }
}
