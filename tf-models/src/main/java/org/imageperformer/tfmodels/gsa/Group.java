package org.imageperformer.tfmodels.gsa;

import java.util.Locale;
import org.imageperformer.options.Labelled;

/**
 * A finite group of rotations by multiples of 360/n degrees, with or without mirrors (gsa.md
 * section 1). Element (s, r), s = 1 for a mirrored one, has the index {@code s n + r} and acts on
 * offsets (row, column) by the matrix {@code A = R(2 pi r / n) diag(1, -1)^s}: the column changes
 * its sign first, then the rotation. Element 0 is the identity.
 */
public enum Group implements Labelled {
  /** Translations alone. */
  Z2(1, false),
  P4(4, false),
  P8(8, false),
  P12(12, false),
  P16(16, false),
  /** Mirrors without rotations. */
  MZ2(1, true),
  P4M(4, true),
  P8M(8, true);

  private final int rotations;
  private final boolean mirrors;

  Group(int rotations, boolean mirrors) {
    this.rotations = rotations;
    this.mirrors = mirrors;
  }

  @Override
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Number of rotations, n. */
  public int rotations() {
    return rotations;
  }

  /** Whether there are mirrored elements. */
  public boolean mirrors() {
    return mirrors;
  }

  /** Number of elements, G. */
  public int order() {
    return mirrors ? 2 * rotations : rotations;
  }

  /** s, 1 for a mirrored element. */
  int mirror(int element) {
    return element / rotations;
  }

  /** r, the number of steps of 360/n degrees. */
  int rotation(int element) {
    return element % rotations;
  }

  /** The element (s, r mod n). */
  int element(int mirror, int rotation) {
    return mirror * rotations + Math.floorMod(rotation, rotations);
  }

  /** The element whose matrix is {@code A_a A_b}. */
  public int product(int a, int b) {
    int r = mirror(a) == 0 ? rotation(b) : -rotation(b);
    return element(mirror(a) ^ mirror(b), rotation(a) + r);
  }

  /** The element whose matrix is the inverse of a's. */
  public int inverse(int a) {
    return mirror(a) == 0 ? element(0, -rotation(a)) : a;
  }

  /** The key's element as the query's sees it, {@code T[g, m] = m g^-1 = T[g S, m S]}. */
  public int relative(int query, int key) {
    return product(key, inverse(query));
  }

  /** {@code A_a (row, column)}. */
  double[] act(int a, double row, double column) {
    double angle = 2 * Math.PI * rotation(a) / rotations;
    double flipped = mirror(a) == 0 ? column : -column;
    return new double[] {
      Math.cos(angle) * row - Math.sin(angle) * flipped,
      Math.sin(angle) * row + Math.cos(angle) * flipped
    };
  }
}
