package org.imageperformer.datasets.cifar;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that fails once more is read than was allowed: guards a parser against size bombs. */
final class BudgetInputStream extends FilterInputStream {
  private long budget;

  BudgetInputStream(InputStream in) {
    super(in);
  }

  /** Allows so many bytes from here on; what was left of the previous budget is gone. */
  void allow(long bytes) {
    budget = bytes;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    if (value >= 0) {
      spend(1);
    }
    return value;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    // One byte over the budget may be read, so that its exact end is no failure.
    int count = super.read(buffer, offset, (int) Math.min(length, budget + 1));
    spend(Math.max(count, 0));
    return count;
  }

  @Override
  public long skip(long bytes) throws IOException {
    long skipped = super.skip(Math.min(bytes, budget + 1));
    spend(skipped);
    return skipped;
  }

  private void spend(long bytes) throws IOException {
    budget -= bytes;
    if (budget < 0) {
      throw new IOException("more data than the archive's headers account for");
    }
  }
}
