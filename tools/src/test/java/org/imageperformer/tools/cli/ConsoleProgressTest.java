package org.imageperformer.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import org.imageperformer.training.listener.TrainingListener.EpochEnded;
import org.imageperformer.training.listener.TrainingListener.EvaluationProgressed;
import org.imageperformer.training.listener.TrainingListener.StepEnded;
import org.imageperformer.training.listener.TrainingListener.TrainingEnded;
import org.imageperformer.training.listener.TrainingListener.TrainingStarted;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ConsoleProgressTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final AtomicLong nanos = new AtomicLong();
  private Locale before;

  @BeforeEach
  void useALocaleWithOtherDigits() {
    before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
  }

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(before);
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static StepEnded step(int step, OptionalDouble speed) {
    return new StepEnded(step, 2, step, 50, 800 - 16 * step, 9, 9, 1.23456, 0.4, 0.001, 1, speed);
  }

  private static EpochEnded epoch(boolean best, boolean complete) {
    return new EpochEnded(
        2, 100, 1.5, 0.25, 1.25, 0.5, 0.001, OptionalDouble.of(24.06), 3725.4, best, complete);
  }

  private void play(ConsoleProgress progress, long nanosPerStep) {
    progress.trainingStarted(new TrainingStarted(1, 50, 50, 800, 9));
    progress.stepEnded(step(1, OptionalDouble.empty()));
    for (int i = 2; i <= 50; i++) {
      nanos.addAndGet(nanosPerStep);
      progress.stepEnded(step(i, OptionalDouble.of(2.5)));
    }
    for (int i = 1; i <= 3; i++) {
      nanos.addAndGet(nanosPerStep);
      progress.evaluationProgressed(new EvaluationProgressed("validation", i, 3));
    }
    progress.epochEnded(epoch(true, true));
    progress.epochEnded(epoch(false, false));
    progress.trainingEnded(new TrainingEnded("max_epochs 9 reached", 100, 7));
    progress.close();
  }

  @Test
  void aLogFileGetsALineEveryFiveSeconds() {
    play(ConsoleProgress.lines(out, nanos::get), 400_000_000L);
    assertThat(text().lines())
        .containsExactly(
            "going on after step 50",
            "epoch 2/9  14/50  loss 1.2346  acc 0.4000  2.5 images/s  0:03:50 left",
            "epoch 2/9  27/50  loss 1.2346  acc 0.4000  2.5 images/s  0:02:27 left",
            "epoch 2/9  40/50  loss 1.2346  acc 0.4000  2.5 images/s  0:01:04 left",
            "validation  3/3",
            "epoch 2/9  step 100  train loss 1.5000 acc 0.2500  val loss 1.2500 acc 0.5000  24.1"
                + " images/s  1:02:05  best",
            "epoch 2/9  step 100  train loss 1.5000 acc 0.2500  val loss 1.2500 acc 0.5000  24.1"
                + " images/s  1:02:05  (cut short)",
            "training ended: max_epochs 9 reached");
    assertThat(text().chars()).allMatch(c -> c == '\n' || (c >= ' ' && c < 127));
  }

  @Test
  void aTerminalGetsABarThatLeavesWholeLines() throws InterruptedException {
    ConsoleProgress progress = ConsoleProgress.bar(out);
    progress.trainingStarted(new TrainingStarted(0, 0, 50, 800, 9));
    progress.stepEnded(step(20, OptionalDouble.of(2.5)));
    for (int i = 0; i < 1500 && !text().contains("40%"); i++) {
      Thread.sleep(20);
    }
    assertThat(text())
        .contains("\repoch 2/9 40% [====")
        .contains("] loss 1.2346  acc 0.4000  2.5 images/s  0:03:12 left");
    progress.evaluationProgressed(new EvaluationProgressed("validation", 1, 3));
    progress.epochEnded(epoch(true, true));
    progress.close();
    assertThat(text())
        .endsWith(
            "\repoch 2/9  step 100  train loss 1.5000 acc 0.2500  val loss 1.2500 acc 0.5000  24.1"
                + " images/s  1:02:05  best"
                + System.lineSeparator());
    assertThat(text().split("[\r\n]+"))
        .allSatisfy(line -> assertThat(line.length()).isLessThan(130));
    assertThat(text()).doesNotContain("\u001b");
  }

  @Test
  void theBarsLineFitsWhateverTheMessage() {
    BarDisplay display = new BarDisplay(out);
    display.show("epoch 100000/100000", 1, 2, "x".repeat(200));
    display.close();
    assertThat(text().split("[\r\n]+"))
        .allSatisfy(line -> assertThat(line.length()).isLessThan(80));
  }
}
