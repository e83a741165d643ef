package org.imageperformer.tools.bench;

/** What is measured: one unit of work, over and over. Owns native memory. */
public interface Workload extends AutoCloseable {

  /**
   * A unit of work that was done.
   *
   * @param images that it went through, and that no other process counts
   * @param last whether nothing more is to be done for now
   */
  record Done(int images, boolean last) {}

  /**
   * Does the work once.
   *
   * @param last whether this process wants nothing more afterwards; processes that share their work
   *     end together
   */
  Done run(boolean last);

  @Override
  void close();
}
