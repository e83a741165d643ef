package org.imageperformer.training.engine;

/**
 * The part of a batch that one process of several goes through: whole chunks, whose numbers in the
 * batch say what is random in them, whoever goes through them.
 *
 * @param rank of the process, from 0 on
 * @param size processes in all
 */
public record Share(int rank, int size) {

  /** Of the only process. */
  public static final Share ALL = new Share(0, 1);

  /**
   * Checks that the process is one of them.
   *
   * @throws IllegalArgumentException if it is not
   */
  public Share {
    if (rank < 0 || rank >= size) {
      throw new IllegalArgumentException(
          "rank must be at least 0 and below " + size + ", not " + rank);
    }
  }

  /** The first chunk of a batch that belongs to the share. */
  int first(int chunks) {
    return bound(chunks, rank);
  }

  /** The first chunk after the share. */
  int end(int chunks) {
    return bound(chunks, rank + 1);
  }

  private int bound(int chunks, int rank) {
    return Math.toIntExact((long) chunks * rank / size);
  }
}
