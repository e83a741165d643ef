package org.imageperformer.tools.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.Shifts;
import org.imageperformer.datasets.Turn;
import org.imageperformer.datasets.TurnedImages;
import org.imageperformer.eval.EvalException;
import org.imageperformer.savedmodels.Results;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {
  private static final String HOSTILE = "<img src=x onerror=alert(1)>&amp;\"'<script>";
  private static final int MIN_SHIFT = 3;

  @TempDir private Path folder;
  private Path output;
  private final TinyRuns.Failures failures = new TinyRuns.Failures();

  @BeforeEach
  void name() {
    output = folder.resolve("report.html");
  }

  @Test
  void resultsAreThoseOfTheRunsAndTheirModels() throws IOException {
    Path first = TinyRuns.run(folder.resolve("runs/a"), Datasets.info("MNIST"), 0);
    Path second = TinyRuns.run(folder.resolve("runs/b"), Datasets.info("MNIST"), 5);

    Page page = written(first, second);

    assertThat(failures.lines).isEmpty();
    assertThat(page.text("//title")).isEqualTo("Image Performer: 2 runs on MNIST");
    assertThat(page.texts("//table[@class='runs']/thead/tr/th"))
        .containsExactly(
            "run",
            "model",
            "val loss",
            "val acc",
            "test loss",
            "test acc",
            "parameters",
            "epochs",
            "dim",
            "depth",
            "heads",
            "batch size",
            "learning rate");
    ImageSet test = TinyRuns.images(TinyRuns.TEST, 1);
    assertThat(page.texts("//table[@class='runs']/tbody/tr[1]/*"))
        .containsExactly(
            "a",
            "Tiny",
            "0.7500",
            "0.5000",
            fourDigits(loss(test, 0)),
            fourDigits(accuracy(test, 0)),
            "12\u202f345",
            "3",
            "\u2013",
            "\u2013",
            "\u2013",
            "16",
            "0.00005");
    assertThat(page.texts("//table[@class='runs']/tbody/tr[2]/*"))
        .contains("b", "5.7500", fourDigits(loss(test, 5)), fourDigits(accuracy(test, 5)));
    // Equal validation accuracies are both the best.
    assertThat(page.texts("//table[@class='runs']/tbody/tr[1]//strong"))
        .contains("0.7500", "0.5000");
    assertThat(page.texts("//table[@class='runs']/tbody/tr[2]//strong")).contains("0.5000");
  }

  @Test
  void theConfusionMatrixCountsEveryTestImage() throws IOException {
    Path run = TinyRuns.run(folder.resolve("a"), Datasets.info("FashionMNIST"), 2);

    Page page = written(run);

    ImageSet test = TinyRuns.images(TinyRuns.TEST, 1);
    int[][] expected = new int[TinyRuns.CLASSES][TinyRuns.CLASSES];
    for (int i = 0; i < test.size(); i++) {
      expected[test.label(i)][predicted(test, i, 2)]++;
    }
    for (int actual = 0; actual < TinyRuns.CLASSES; actual++) {
      String row = "//table[@class='matrix']/tbody/tr[" + (actual + 1) + "]";
      assertThat(page.text(row + "/th"))
          .isEqualTo(Datasets.info("FashionMNIST").classNames().get(actual));
      List<String> counts =
          IntStream.of(expected[actual]).mapToObj(Integer::toString).collect(Collectors.toList());
      int total = IntStream.of(expected[actual]).sum();
      counts.add(String.format(Locale.ROOT, "%.3f", (double) expected[actual][actual] / total));
      assertThat(page.texts(row + "/td")).isEqualTo(counts);
    }
  }

  @Test
  void mistakesComeSurestFirst() throws IOException {
    Path run = TinyRuns.run(folder.resolve("a"), Datasets.info("MNIST"), 2);

    Page page = written(run);

    ImageSet test = TinyRuns.images(TinyRuns.TEST, 1);
    List<Integer> wrong =
        IntStream.range(0, test.size())
            .filter(i -> predicted(test, i, 2) != test.label(i))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -probability(test, i, 2)))
            .limit(12)
            .toList();
    assertThat(wrong).hasSize(12);
    assertThat(page.texts("//ul[@class='mistakes']//img/@alt"))
        .isEqualTo(
            wrong.stream()
                .map(
                    i ->
                        "Test image "
                            + i
                            + ", a "
                            + test.label(i)
                            + " taken for a "
                            + predicted(test, i, 2))
                .toList());
    assertThat(page.texts("//ul[@class='mistakes']//small"))
        .isEqualTo(
            wrong.stream()
                .map(i -> String.format(Locale.ROOT, "%.3f, no. %d", probability(test, i, 2), i))
                .toList());
    assertThat(page.texts("//ul[@class='mistakes']//img/@src"))
        .isEqualTo(wrong.stream().map(i -> Png.of(test, i).uri()).toList());
  }

  @Test
  void shiftedImagesAreThoseThatQualify() throws IOException {
    Path first = TinyRuns.run(folder.resolve("a"), Datasets.info("MNIST"), 0);
    Path second = TinyRuns.run(folder.resolve("b"), Datasets.info("MNIST"), 5);

    Page page = written(first, second);

    ImageSet test = TinyRuns.images(TinyRuns.TEST, 1);
    ImageSet moved = test.subset(Shifts.qualifying(test, Set.of(1, 3), MIN_SHIFT));
    assertThat(page.text("//section[@id='shift-0']/figure/figcaption"))
        .contains(moved.size() + " images of the class 1 or 3 moved sideways by \u22123 to +3");
    assertThat(page.texts("//table[@class='strip']/thead//th"))
        .containsExactly("shift", "\u22123", "\u22122", "0", "+2", "+3");
    assertThat(page.texts("//table[@class='strip']//img/@src"))
        .isEqualTo(
            Stream.of(-3, -2, 0, 2, 3)
                .map(shift -> Png.of(Shifts.shifted(moved, shift), 0).uri())
                .toList());
    List<String> opinions = new ArrayList<>();
    for (int shift : new int[] {-3, -2, 0, 2, 3}) {
      ImageSet shifted = Shifts.shifted(moved, shift);
      int predicted = predicted(shifted, 0, 5);
      opinions.add(
          (predicted == moved.label(0) ? "\u2713 " : "\u2717 ")
              + predicted
              + String.format(Locale.ROOT, " %.3f", probability(shifted, 0, 5)));
    }
    assertThat(page.texts("//table[@class='strip']/tbody/tr[3]/td")).isEqualTo(opinions);
    for (int shift = -MIN_SHIFT; shift <= MIN_SHIFT; shift++) {
      ImageSet shifted = Shifts.shifted(moved, shift);
      assertThat(
              page.texts("//table[@class='numbers']/tbody/tr[" + (shift + MIN_SHIFT + 1) + "]/td"))
          .containsExactly(
              fourDigits(accuracy(shifted, 0)),
              fourDigits(loss(shifted, 0)),
              fourDigits(accuracy(shifted, 5)),
              fourDigits(loss(shifted, 5)));
    }
  }

  @ParameterizedTest
  @CsvSource({"MNIST, false", "CIFAR10, true"})
  void turnedImagesAreTheFirstOfTheTestSet(String dataset, boolean disc) throws IOException {
    DatasetInfo info = Datasets.info(dataset);
    Path first = TinyRuns.run(folder.resolve("a"), info, 0);
    Path second = TinyRuns.run(folder.resolve("b"), info, 5);
    List<Double> angles = List.of(180.0, 0.0, -22.5);

    Report.write(
        request(
            MIN_SHIFT,
            Optional.of(new ReportRequest.Rotation(angles, 23, disc)),
            Optional.empty(),
            first,
            second),
        output);

    Page page = Page.parse(Files.readString(output));
    assertThat(failures.lines).isEmpty();
    String section = "//section[@id='angle-0']";
    assertThat(page.texts("//nav//a[@href='#angle-0']")).containsExactly("Turned images");
    assertThat(page.text(section + "/h2")).isEqualTo("Turned images of " + dataset);
    assertThat(page.text(section + "/figure/figcaption"))
        .startsWith("Accuracy and mean loss on the first 23 images of the test set")
        .contains(disc ? "All but the largest circle" : "Black enters at the corners.")
        .doesNotContain("know quarter turns");
    assertThat(page.texts(section + "//div[@class='plot']/@aria-label"))
        .containsExactly(
            "Accuracy against angle, 2 runs on " + dataset,
            "Loss against angle, 2 runs on " + dataset);
    assertThat(page.texts(section + "//table[@class='strip']/thead//th"))
        .containsExactly("angle", "\u221222.5\u00b0", "0\u00b0", "180\u00b0");
    ImageSet test = TinyRuns.images(23, info.channels());
    List<ImageSet> turned =
        Stream.of(-22.5, 0.0, 180.0)
            .map(angle -> new TurnedImages(test, Turn.by(angle), disc).toSet())
            .toList();
    assertThat(page.texts(section + "//table[@class='strip']//img/@src"))
        .isEqualTo(turned.stream().map(images -> Png.of(images, 0).uri()).toList());
    for (int run = 0; run < 2; run++) {
      int seed = 5 * run;
      assertThat(page.texts(section + "//table[@class='strip']/tbody/tr[" + (run + 2) + "]/td"))
          .isEqualTo(
              turned.stream()
                  .map(
                      images ->
                          (predicted(images, 0, seed) == images.label(0) ? "\u2713 " : "\u2717 ")
                              + info.classNames().get(predicted(images, 0, seed))
                              + String.format(Locale.ROOT, " %.3f", probability(images, 0, seed)))
                  .toList());
    }
    for (int row = 0; row < turned.size(); row++) {
      assertThat(page.texts(section + "//table[@class='numbers']/tbody/tr[" + (row + 1) + "]/td"))
          .containsExactly(
              fourDigits(accuracy(turned.get(row), 0)),
              fourDigits(loss(turned.get(row), 0)),
              fourDigits(accuracy(turned.get(row), 5)),
              fourDigits(loss(turned.get(row), 5)));
    }
  }

  @Test
  void turnedImagesAreNoMoreThanCount() throws IOException {
    Path run = TinyRuns.run(folder.resolve("a"), Datasets.info("MNIST"), 0);

    Report.write(
        request(
            MIN_SHIFT,
            Optional.of(new ReportRequest.Rotation(List.of(90.0), 1000, false)),
            Optional.of(11),
            run),
        output);

    Page page = Page.parse(Files.readString(output));
    assertThat(page.text("//section[@id='angle-0']/figure/figcaption"))
        .contains("on the first 11 images of the test set");
    assertThat(page.texts("//section/h2"))
        .containsSubsequence("Shifted images of MNIST", "Turned images of MNIST");
  }

  @Test
  void namesFromFilesAreNothingButText() throws IOException {
    Path hostile = folder.resolve("runs").resolve(HOSTILE);
    Map<String, Object> hparams = TinyRuns.hparams(Datasets.info("MNIST"));
    hparams.put("model", HOSTILE);
    hparams.put(HOSTILE, HOSTILE + "\u0000\u001b[31m\u202e");
    hparams.put("n_parameters", HOSTILE);
    List<String> classes = new ArrayList<>(Datasets.info("MNIST").classNames());
    classes.set(1, HOSTILE + "1");
    TinyRuns.bare(hostile, hparams, Datasets.info("MNIST"), classes, 0);
    Path broken = Files.createDirectories(folder.resolve("runs/<b onload=alert(2)>"));

    Page page =
        written(hostile, TinyRuns.run(folder.resolve("runs/b"), Datasets.info("MNIST"), 1), broken);

    assertThat(page.texts("//script | //@onerror | //@onload")).isEmpty();
    assertThat(page.texts("//img/@src")).allMatch(source -> source.startsWith("data:image/png;"));
    assertThat(page.texts("//a/@href")).allMatch(target -> target.startsWith("#"));
    assertThat(page.text("//table[@class='runs']/tbody/tr[1]/th")).isEqualTo(HOSTILE);
    assertThat(page.text("//table[@class='runs']/tbody/tr[1]/td[1]")).isEqualTo(HOSTILE);
    assertThat(page.text("//section[@id='run-0']//table[@class='matrix']/tbody/tr[2]/th"))
        .isEqualTo(HOSTILE + "1");
    assertThat(page.texts("//table[@class='hparams']/tbody/tr[td[1]/bdi]/th")).contains(HOSTILE);
    assertThat(page.texts("//table[@class='hparams']//td"))
        .contains(HOSTILE + "\ufffd\ufffd[31m\u202e");
  }

  @Test
  void theSameRunsGiveTheSameFileInEveryLocale() throws IOException {
    Path first = TinyRuns.run(folder.resolve("a"), Datasets.info("MNIST"), 0);
    Path second = TinyRuns.run(folder.resolve("b"), Datasets.info("MNISTSample"), 5);
    Locale before = Locale.getDefault();
    Set<String> different = new HashSet<>();
    try {
      for (String locale : List.of("en-US", "de-DE", "ar-EG-u-nu-arab", "th-TH-u-nu-thai")) {
        Locale.setDefault(Locale.forLanguageTag(locale));
        write(first, second);
        different.add(Files.readString(output));
      }
    } finally {
      Locale.setDefault(before);
    }
    assertThat(different).hasSize(1);
  }

  @Test
  void everyNameWithinThePageIsUniqueAndEveryReferenceLeadsSomewhere() throws IOException {
    Page page =
        written(
            TinyRuns.run(folder.resolve("a"), Datasets.info("MNIST"), 0),
            TinyRuns.run(folder.resolve("b"), Datasets.info("MNIST"), 1),
            TinyRuns.run(folder.resolve("c_d"), Datasets.info("FashionMNIST"), 2));

    List<String> names = page.texts("//@id");
    assertThat(names).doesNotHaveDuplicates();
    assertThat(page.texts("//a/@href"))
        .isNotEmpty()
        .allSatisfy(target -> assertThat(names).contains(target.substring(1)));
    assertThat(page.texts("//@clip-path"))
        .isNotEmpty()
        .allSatisfy(clip -> assertThat(names).contains(clip.replaceAll("url\\(#(.*)\\)", "$1")));
    assertThat(page.texts("//section[h2]/h2"))
        .containsExactly(
            "Results",
            "Training",
            "Shifted images of MNIST",
            "Shifted images of FashionMNIST",
            "a",
            "b",
            "c_d",
            "Hyperparameters");
    assertThat(page.texts("//table[@class='runs']/tbody/tr/td[1]"))
        .containsExactly("Tiny on MNIST", "Tiny on MNIST", "Tiny on FashionMNIST");
  }

  @Test
  void aBrokenRunDoesNotHideTheOthers() throws IOException {
    Path good = TinyRuns.run(folder.resolve("good"), Datasets.info("MNIST"), 0);
    Path noModel = TinyRuns.run(folder.resolve("model"), Datasets.info("MNIST"), 0);
    Files.delete(noModel.resolve("saved_model/saved_model.pb"));
    Path noHparams = Files.createDirectories(folder.resolve("hparams"));
    Path badMetrics = TinyRuns.run(folder.resolve("metrics"), Datasets.info("MNIST"), 0);
    Files.writeString(badMetrics.resolve("metrics.csv"), "epoch,loss\n1,2\n");
    Path badResults = TinyRuns.run(folder.resolve("results"), Datasets.info("MNIST"), 0);
    Files.writeString(badResults.resolve("results.json"), "{");

    Report.Outcome outcome =
        Report.write(
            request(MIN_SHIFT, Optional.empty(), good, noModel, noHparams, badMetrics, badResults),
            output);

    Page page = Page.parse(Files.readString(output));
    assertThat(outcome.problems())
        .extracting(Problem::run)
        .containsExactly(noHparams, badMetrics, noModel, badResults);
    assertThat(failures.lines).hasSize(4);
    assertThat(page.texts("//section[@class='problems']//bdi"))
        .containsExactly(
            noHparams.toString(), badMetrics.toString(), noModel.toString(), badResults.toString());
    assertThat(page.text("//section[@class='problems']//li[1]"))
        .isEqualTo(noHparams + ": " + noHparams + " is no run directory: it has no hparams.json");
    assertThat(page.texts("//table[@class='runs']/tbody/tr/th"))
        .containsExactly("good", "metrics", "results");
  }

  @Test
  void whatARunLacksIsSaid() throws IOException {
    Path bare =
        TinyRuns.bare(
            folder.resolve("bare"),
            TinyRuns.hparams(Datasets.info("CIFAR10")),
            Datasets.info("CIFAR10"),
            Datasets.info("CIFAR10").classNames(),
            3);

    Report.Outcome outcome = Report.write(request(MIN_SHIFT, Optional.empty(), bare), output);

    Page page = Page.parse(Files.readString(output));
    assertThat(outcome.problems()).isEmpty();
    assertThat(outcome.notes()).isEmpty();
    assertThat(page.texts("//table[@class='runs']/tbody/tr/td[position() = 2 or position() = 3]"))
        .containsExactly("\u2013", "\u2013");
    assertThat(page.text("//section[@id='runs']/p")).contains("by the command test RUN_DIR");
    assertThat(page.text("//p[@class='note']"))
        .isEqualTo("None of the runs has a metrics.csv: there are no training curves.");
    assertThat(page.texts("//section[starts-with(@id, 'shift')]")).isEmpty();
  }

  @Test
  void resultsThatChangedSinceTrainingAreNoted() throws IOException {
    Path run = TinyRuns.run(folder.resolve("a"), Datasets.info("MNIST"), 0);
    ImageSet test = TinyRuns.images(TinyRuns.TEST, 1);

    assertThat(written(run).texts("//section[@id='run-0']/p[@class='note']"))
        .containsExactly(
            "The run's results.json says test accuracy 0.1250: the test images or the model are"
                + " others now than when it was written.");

    new Results(1, 1, 1, accuracy(test, 0), 1).write(run.resolve("results.json"));
    assertThat(written(run).texts("//section[@id='run-0']/p[@class='note']")).isEmpty();
  }

  @Test
  void aQuickReportUsesTheFirstTestImages() throws IOException {
    Path run = TinyRuns.run(folder.resolve("a"), Datasets.info("MNIST"), 0);

    Report.write(request(MIN_SHIFT, Optional.of(11), run), output);

    Page page = Page.parse(Files.readString(output));
    ImageSet test = TinyRuns.images(11, 1);
    assertThat(page.text("//header/p"))
        .endsWith("Only the first 11 test images count in this quick report.");
    assertThat(page.texts("//table[@class='runs']/tbody/tr/td"))
        .contains(fourDigits(loss(test, 0)), fourDigits(accuracy(test, 0)));
    int moved = Shifts.qualifying(test, Set.of(1, 3), MIN_SHIFT).length;
    assertThat(page.text("//section[@id='shift-0']/figure/figcaption"))
        .contains(" on " + Words.images(moved) + " of the class 1 or 3");
  }

  @Test
  void withoutImagesToShiftTheRestIsShown() throws IOException {
    Path run = TinyRuns.run(folder.resolve("a"), Datasets.info("MNIST"), 0);

    Report.Outcome outcome = Report.write(request(8, Optional.of(40), run), output);

    assertThat(outcome.problems()).isEmpty();
    assertThat(outcome.notes())
        .containsExactly(
            "there are no shift curves for MNIST: none of its first 40 test images of the class 1"
                + " or 3 can be moved by 8 columns both ways; choose a smaller --min_shift or a"
                + " larger --limit_test");
    Page page = Page.parse(Files.readString(output));
    assertThat(page.text("//p[@class='note' and contains(., 'shift')]"))
        .startsWith("There are no shift curves for MNIST");
    assertThat(page.texts("//table[@class='matrix']")).hasSize(1);
  }

  @Test
  void nothingIsWrittenWhenNothingCanBeShown() throws IOException {
    Files.writeString(output, "<html>old");
    Path run = TinyRuns.run(folder.resolve("a"), Datasets.info("MNIST"), 0);
    Path none = folder.resolve("none");

    assertThatThrownBy(() -> Report.write(request(MIN_SHIFT, Optional.empty(), none), output))
        .isInstanceOf(EvalException.class)
        .hasMessage("no report was written: none of the runs can be shown");
    assertThat(failures.lines).containsExactly("none: " + none + " is no run directory: not found");
    assertThatThrownBy(
            () ->
                Report.write(
                    new ReportRequest(
                        List.of(run),
                        TinyRuns.options(failures),
                        Set.of(10),
                        8,
                        Optional.empty(),
                        Optional.empty(),
                        ""),
                    output))
        .isInstanceOf(EvalException.class)
        .hasMessageEndingWith("there is no label 10: MNIST has the labels 0 to 9");
    Path nowhere = folder.resolve("nowhere/report.html");
    assertThatThrownBy(() -> Report.write(request(MIN_SHIFT, Optional.empty(), run), nowhere))
        .isInstanceOf(EvalException.class)
        .hasMessage("cannot write " + nowhere + ": there is no folder " + nowhere.getParent());
    assertThatThrownBy(() -> Report.write(request(MIN_SHIFT, Optional.empty(), run), folder))
        .isInstanceOf(EvalException.class)
        .hasMessage("cannot write " + folder + ": it is a folder");
    assertThat(output).hasContent("<html>old");
  }

  private Page written(Path... runs) throws IOException {
    write(runs);
    return Page.parse(Files.readString(output));
  }

  private void write(Path... runs) {
    Report.write(request(MIN_SHIFT, Optional.empty(), runs), output);
  }

  private ReportRequest request(int minShift, Optional<Integer> limitTest, Path... runs) {
    return request(minShift, Optional.empty(), limitTest, runs);
  }

  private ReportRequest request(
      int minShift,
      Optional<ReportRequest.Rotation> rotation,
      Optional<Integer> limitTest,
      Path... runs) {
    return new ReportRequest(
        List.of(runs),
        TinyRuns.options(failures),
        Set.of(1, 3),
        minShift,
        rotation,
        limitTest,
        "Image Performer 0.1.0");
  }

  private static int predicted(ImageSet images, int index, int seed) {
    return TinyRuns.argMax(TinyRuns.probabilities(images, index, seed));
  }

  private static double probability(ImageSet images, int index, int seed) {
    double[] probabilities = TinyRuns.probabilities(images, index, seed);
    return probabilities[TinyRuns.argMax(probabilities)];
  }

  private static double accuracy(ImageSet images, int seed) {
    return IntStream.range(0, images.size())
        .map(i -> predicted(images, i, seed) == images.label(i) ? 1 : 0)
        .average()
        .orElseThrow();
  }

  private static double loss(ImageSet images, int seed) {
    return IntStream.range(0, images.size())
        .mapToDouble(i -> -Math.log(TinyRuns.probabilities(images, i, seed)[images.label(i)]))
        .average()
        .orElseThrow();
  }

  private static String fourDigits(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
