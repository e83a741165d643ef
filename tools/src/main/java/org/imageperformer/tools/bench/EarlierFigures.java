package org.imageperformer.tools.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.imageperformer.savedmodels.JsonText;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.tools.bench.Benchmark.Figures;
import org.imageperformer.tools.bench.Benchmark.Subject;

/** What {@code bench --json} printed before, to compare with what it measures now. */
public final class EarlierFigures {

  /** A speed that differs by less is not taken for another one, whatever the rounds say. */
  private static final double TOLERANCE = 0.03;

  /** What became of a setting. */
  public enum Verdict {
    /** No round of now is as fast as the slowest of before, and the machine alone is not why. */
    SLOWER("slower"),
    /** The other way round. */
    FASTER("faster"),
    /** The speeds differ, and so do those of matrix products. */
    MACHINE("the machine differs"),
    /** The rounds overlap, or differ by little. */
    SAME("no difference beyond that of rounds");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }

    /** For people. */
    public String text() {
      return text;
    }
  }

  /**
   * One setting, before and now.
   *
   * @param before earlier figures
   * @param now figures of the same model, work and options
   */
  public record Change(Figures before, Figures now) {
    /** Images per second, now over before. */
    public double speed() {
      return now.imagesPerSecond() / before.imagesPerSecond();
    }

    /** The rate of matrix products in the setting's precision, now over before. */
    public double machine() {
      return matrix(now) / matrix(before);
    }

    private static double matrix(Figures figures) {
      return figures.bf16() ? figures.matrixGflopsBf16() : figures.matrixGflops();
    }

    /** What this says of the program. */
    public Verdict verdict() {
      double corrected = speed() / machine();
      if (now.fastest() < before.slowest() && speed() < 1 - TOLERANCE) {
        return corrected < 1 - TOLERANCE ? Verdict.SLOWER : Verdict.MACHINE;
      }
      if (now.slowest() > before.fastest() && speed() > 1 + TOLERANCE) {
        return corrected > 1 + TOLERANCE ? Verdict.FASTER : Verdict.MACHINE;
      }
      return Verdict.SAME;
    }
  }

  private final Path file;
  private final List<Figures> figures;

  private EarlierFigures(Path file, List<Figures> figures) {
    this.file = file;
    this.figures = figures;
  }

  /**
   * Reads what {@code bench --json} printed.
   *
   * @throws RunException if the file is missing or something else
   */
  public static EarlierFigures read(Path file) {
    List<Figures> figures = JsonText.records(file, Figures.class);
    for (int i = 0; i < figures.size(); i++) {
      Figures each = figures.get(i);
      if (each.model() == null
          || each.variant() == null
          || each.phase() == null
          || each.settings() == null
          || !positive(each, Figures::imagesPerSecond)
          || !positive(each, Figures::slowest)
          || !positive(each, Figures::fastest)
          || !positive(each, Change::matrix)) {
        throw new RunException(
            file
                + ": expected what this version's bench --json prints, found no model, variant,"
                + " phase, settings or speed in entry "
                + (i + 1)
                + ". Print it again.");
      }
    }
    return new EarlierFigures(file, figures);
  }

  private static boolean positive(Figures figures, ToDoubleFunction<Figures> value) {
    double number = value.applyAsDouble(figures);
    return number > 0 && Double.isFinite(number);
  }

  /**
   * Sees that there will be something to compare, before it is measured.
   *
   * @throws RunException if nothing of that was measured before
   */
  public void expect(List<Subject> subjects) {
    boolean any =
        subjects.stream()
            .anyMatch(
                each ->
                    find(each.model(), each.variant(), each.phaseName(), each.settings())
                        .isPresent());
    if (!any) {
      throw new RunException(
          file
              + ": expected figures of "
              + String.join(
                  "; ",
                  subjects.stream()
                      .map(each -> text(each.name(), each.phaseName(), each.settings()))
                      .toList())
              + ", found those of "
              + String.join(
                  "; ",
                  figures.stream()
                      .map(
                          each ->
                              text(
                                  (each.model() + " " + each.variant()).strip(),
                                  each.phase(),
                                  each.settings()))
                      .toList())
              + ". Measure the same models with the same options.");
    }
  }

  private static String text(String name, String phase, String settings) {
    return name + " (" + phase + ", " + settings + ")";
  }

  /** What was measured both times. */
  public List<Change> compare(List<Figures> now) {
    List<Change> changes = new ArrayList<>();
    for (Figures each : now) {
      find(each.model(), each.variant(), each.phase(), each.settings())
          .ifPresent(before -> changes.add(new Change(before, each)));
    }
    return changes;
  }

  private Optional<Figures> find(String model, String variant, String phase, String settings) {
    return figures.stream()
        .filter(
            each ->
                each.model().equals(model)
                    && each.variant().equals(variant)
                    && each.phase().equals(phase)
                    && each.settings().equals(settings))
        .findFirst();
  }
}
