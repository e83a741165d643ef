package org.imageperformer.tools.bench;

import java.util.function.Consumer;
import org.tensorflow.proto.RunMetadata;

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

  /**
   * Does the work once while TensorFlow notes what each operation takes, in one thread.
   *
   * @param listener told after every run of a session
   * @return images that were gone through
   */
  int profile(Consumer<RunMetadata> listener);

  @Override
  void close();
}
