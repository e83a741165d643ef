package org.imageperformer.tools.equivariance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.Shifts;
import org.imageperformer.datasets.Turn;
import org.imageperformer.datasets.TurnedImages;
import org.imageperformer.tfmodels.models.Symmetry;

/**
 * Moves all positions by the same amount, which a translation-equivariant model does not notice,
 * and pictures on an empty background, which it notices at the edges of the image alone. To tell
 * why a model notices, the edges are moved alone, too, and the random features exchanged. For
 * models of a group of rotations and mirrors, pictures are turned by every element of it.
 */
public final class EquivarianceProbe {
  private static final int[] POSITIONS = {1, 2, 4, 8, 16, 32};
  private static final int[] PICTURES = {1, 2, 4, 8};
  private static final int DRAWS = 4;

  private final MovedModel model;
  private final int limit;
  private final BiConsumer<Integer, Integer> progress;

  /**
   * @param model stays the caller's to close
   * @param limit images to compare at most, 1 or more
   * @param progress told how many of how many moves are done
   */
  public EquivarianceProbe(MovedModel model, int limit, BiConsumer<Integer, Integer> progress) {
    this.model = model;
    this.limit = limit;
    this.progress = progress;
  }

  /**
   * What was found.
   *
   * @param logitDeviation standard deviation of the logits that nothing was moved for, to compare
   *     changes with
   * @param moves what each move did
   */
  public record Outcome(double logitDeviation, List<Move> moves) {}

  /**
   * Tries all moves on test images.
   *
   * @param dataset of the model; pictures are moved only where the background is empty
   */
  public Outcome probe(Dataset dataset) {
    List<Move> moves = new ArrayList<>();
    int total =
        4 * POSITIONS.length
            + (model.hasRandomFeatures() ? DRAWS : 0)
            + (dataset.info().shiftable() ? 4 * PICTURES.length : 0)
            + turns().size();
    ImageSet images = dataset.test().first(limit);
    float[][] before = model.logits(images, 0, 0);
    for (int distance : POSITIONS) {
      for (int[] direction : new int[][] {{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
        int rows = distance * direction[0];
        int columns = distance * direction[1];
        float[][] after = model.readsPositions() ? model.logits(images, rows, columns) : before;
        add(moves, total, Move.What.POSITIONS, rows, columns, before, after);
      }
    }
    if (model.hasRandomFeatures()) {
      for (int draw = 1; draw <= DRAWS; draw++) {
        try (MovedModel other = model.withOtherFeatures(draw)) {
          add(moves, total, Move.What.FEATURES, 0, 0, before, other.logits(images, 0, 0));
        }
      }
    }
    if (dataset.info().shiftable()) {
      probePictures(dataset, total, moves);
    }
    for (Turn turn : turns()) {
      float[][] after = model.logits(new TurnedImages(images, turn, false).toSet(), 0, 0);
      boolean exact = turn.exact(images.height(), images.width());
      moves.add(
          new Move(
              exact ? Move.What.TURNED : Move.What.INTERPOLATED,
              0,
              0,
              turn,
              before.length,
              LogitChange.between(before, after)));
      progress.accept(moves.size(), total);
    }
    return new Outcome(deviation(before), moves);
  }

  /** The elements of the model's group but the identity. */
  private List<Turn> turns() {
    Symmetry symmetry = model.symmetry();
    List<Turn> turns = new ArrayList<>();
    for (boolean mirrored : symmetry.mirrors() ? new boolean[] {false, true} : new boolean[1]) {
      for (int step = 0; step < symmetry.rotations(); step++) {
        turns.add(new Turn(360.0 * step / symmetry.rotations(), mirrored));
      }
    }
    return turns.subList(1, turns.size());
  }

  private static double deviation(float[][] logits) {
    double[] all =
        Arrays.stream(logits)
            .flatMapToDouble(row -> IntStream.range(0, row.length).mapToDouble(j -> row[j]))
            .toArray();
    double mean = Arrays.stream(all).average().orElseThrow();
    return Math.sqrt(Arrays.stream(all).map(x -> (x - mean) * (x - mean)).average().orElseThrow());
  }

  private void probePictures(Dataset dataset, int total, List<Move> moves) {
    Set<Integer> labels =
        IntStream.range(0, dataset.info().classNames().size()).boxed().collect(Collectors.toSet());
    for (int distance : PICTURES) {
      ImageSet images =
          dataset.test().subset(Shifts.qualifying(dataset.test(), labels, distance)).first(limit);
      if (images.size() == 0) {
        return;
      }
      float[][] before = model.logits(images, 0, 0);
      for (int columns : new int[] {distance, -distance}) {
        ImageSet moved = Shifts.shifted(images, columns);
        float[][] after = model.logits(moved, 0, 0);
        add(moves, total, Move.What.PICTURE, 0, columns, before, after);
        float[][] edges = model.readsPositions() ? model.logits(moved, 0, -columns) : after;
        add(moves, total, Move.What.EDGES, 0, columns, before, edges);
      }
    }
  }

  private void add(
      List<Move> moves,
      int total,
      Move.What what,
      int rows,
      int columns,
      float[][] before,
      float[][] after) {
    moves.add(new Move(what, rows, columns, before.length, LogitChange.between(before, after)));
    progress.accept(moves.size(), total);
  }
}
