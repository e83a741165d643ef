package org.imageperformer.training;

import java.util.Map;

/**
 * The processes that train one model together, as the loop sees them. The chief writes the run
 * directory; all others do the same work and write nothing.
 */
public interface Team {

  /** A process on its own. */
  Team ALONE =
      new Team() {
        @Override
        public boolean chief() {
          return true;
        }

        @Override
        public boolean shared() {
          return false;
        }

        @Override
        public void agree(Map<String, String> facts) {}
      };

  /** Whether this process writes the run directory. */
  boolean chief();

  /** Whether there are other processes. */
  boolean shared();

  /**
   * Waits for all processes and compares what they are about to do.
   *
   * @param facts what must be the same in all of them, by a name for the user
   * @throws TrainingException naming each difference and the process that differs
   */
  void agree(Map<String, String> facts);
}
