package org.imageperformer.tfmodels.models;

import java.util.List;
import java.util.OptionalLong;

/**
 * The work of one image's forward pass, in floating-point operations: two for each multiply-add of
 * the matrix products, as the layers declare it. What is done element by element (normalisation,
 * exponentials, GELU, dropout) is left out.
 *
 * @param parts in the order of the computation; every trained weight belongs to one of them
 */
public record Cost(List<Part> parts) {
  /** Operations of a multiply-add. */
  public static final long MULTIPLY_ADD = 2;

  /**
   * A part of a model.
   *
   * @param name for a person
   * @param weights prefix of its weights' names
   * @param operations for one image; empty for a part without work of its own
   */
  public record Part(String name, String weights, OptionalLong operations) {
    /** A part with work. */
    public Part(String name, String weights, long operations) {
      this(name, weights, OptionalLong.of(operations));
    }

    /** A part without work of its own, named like its weights. */
    public Part(String name) {
      this(name, name, OptionalLong.empty());
    }

    /** Whether a weight of that name belongs to it. */
    public boolean owns(String weight) {
      return weight.equals(weights) || weight.startsWith(weights + "/");
    }
  }

  /** Copies the list. */
  public Cost {
    parts = List.copyOf(parts);
  }

  /** The forward pass. */
  public long forward() {
    return parts.stream().mapToLong(part -> part.operations().orElse(0)).sum();
  }

  /** A training step's share of one image: forward, and back by inputs and by weights. */
  public long training() {
    return 3 * forward();
  }
}
