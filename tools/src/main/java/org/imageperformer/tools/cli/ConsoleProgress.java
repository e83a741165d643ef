package org.imageperformer.tools.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import org.imageperformer.training.listener.TrainingListener;

/**
 * Tells a person how the training goes: a live bar or lines within an epoch, a line per epoch, the
 * reason for stopping. The text is the same in every locale.
 */
final class ConsoleProgress implements TrainingListener {

  private final PrintStream out;
  private final ProgressDisplay display;
  private int maxEpochs;

  private ConsoleProgress(PrintStream out, ProgressDisplay display) {
    this.out = out;
    this.display = display;
  }

  /**
   * With a live bar.
   *
   * @param terminal that understands a carriage return, usually standard error; not closed
   */
  public static ConsoleProgress bar(PrintStream terminal) {
    return new ConsoleProgress(terminal, new BarDisplay(terminal));
  }

  /**
   * With a plain line every 5 seconds and no control characters.
   *
   * @param log usually standard error; not closed
   */
  public static ConsoleProgress lines(PrintStream log) {
    return lines(log, System::nanoTime);
  }

  static ConsoleProgress lines(PrintStream log, LongSupplier nanoTime) {
    return new ConsoleProgress(log, new LineDisplay(log, nanoTime));
  }

  @Override
  public void trainingStarted(TrainingStarted event) {
    maxEpochs = event.maxEpochs();
    if (event.step() > 0) {
      out.println("going on after step " + event.step());
    }
  }

  @Override
  public void stepEnded(StepEnded event) {
    String message = text("loss %.4f  acc %.4f", event.epochLoss(), event.epochAccuracy());
    if (event.imagesPerSecond().isPresent()) {
      double rate = event.imagesPerSecond().getAsDouble();
      message += speed(event.imagesPerSecond()) + "  " + clock(event.imagesLeft() / rate) + " left";
    }
    display.show(epoch(event.epoch()), event.stepInEpoch(), event.stepsPerEpoch(), message);
  }

  @Override
  public void evaluationProgressed(EvaluationProgressed event) {
    display.show(event.images(), event.done(), event.total(), "");
  }

  @Override
  public void epochEnded(EpochEnded event) {
    display.clear();
    out.println(
        epoch(event.epoch())
            + "  step "
            + event.step()
            + text("  train loss %.4f acc %.4f", event.trainLoss(), event.trainAccuracy())
            + text("  val loss %.4f acc %.4f", event.validationLoss(), event.validationAccuracy())
            + speed(event.imagesPerSecond())
            + "  "
            + clock(event.seconds())
            + (event.complete() ? "" : "  (cut short)")
            + (event.best() ? "  best" : ""));
  }

  @Override
  public void trainingEnded(TrainingEnded event) {
    display.clear();
    out.println("training ended: " + event.reason());
  }

  @Override
  public void tested(Tested event) {
    display.clear();
  }

  @Override
  public void close() {
    display.close();
  }

  private String epoch(int epoch) {
    return "epoch " + epoch + "/" + maxEpochs;
  }

  private static String speed(OptionalDouble imagesPerSecond) {
    return imagesPerSecond.isPresent()
        ? text("  %.1f images/s", imagesPerSecond.getAsDouble())
        : "";
  }

  /** Hours, minutes and seconds. */
  private static String clock(double seconds) {
    long all = Math.round(seconds);
    return text("%d:%02d:%02d", all / 3600, all / 60 % 60, all % 60);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
