package org.imageperformer.cluster;

/** Into how many parts pictures are divided, each a task and a file of the output. */
final class PartCount {
  /** For each of the tasks at a time: the last ones to end leave little idle. */
  private static final int PER_TASK = 4;

  /** Smaller parts are not worth a task, and a file of the output. */
  private static final int SMALLEST = 64;

  /** Larger ones are too much to be done again when an executor dies. */
  private static final int LARGEST = 4096;

  private PartCount() {}

  /**
   * Parts of at most {@value #LARGEST} and, but for whole rounds of tasks, at least {@value
   * #SMALLEST} pictures; about {@value #PER_TASK} for each task at a time.
   *
   * @param pictures at least 1
   * @param tasks that run at a time
   * @throws ArithmeticException when that is more than an int holds
   */
  static int of(long pictures, int tasks) {
    long wanted = Math.min(shares(pictures, SMALLEST), (long) PER_TASK * tasks);
    long parts = Math.max(wanted, shares(pictures, LARGEST));
    // One part more than a round of tasks would leave all but one of them idle.
    return Math.toIntExact(parts <= tasks ? parts : shares(parts, tasks) * tasks);
  }

  private static long shares(long things, int size) {
    return (things + size - 1) / size;
  }
}
