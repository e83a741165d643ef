package org.imageperformer.tools.bench;

/** What is measured: one unit of work, over and over. Owns native memory. */
public interface Workload extends AutoCloseable {

  /** Does the work once; returns how many images it went through. */
  int run();

  @Override
  void close();
}
