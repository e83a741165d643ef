package org.imageperformer.tfmodels.graph;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Random streams that are a pure function of (seed, purpose, index), so that an interrupted run
 * continues with the numbers that it would have drawn, and no stream depends on what else was drawn
 * before it.
 */
public final class RandomStreams {

  private RandomStreams() {}

  /**
   * The stream of that seed, purpose (for example a weight's name) and index (a redraw, a step).
   */
  public static RandomGenerator stream(long seed, String purpose, long index) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(key(seed, purpose, index));
  }

  /** 64 well-mixed bits of (seed, purpose, index). */
  public static long key(long seed, String purpose, long index) {
    byte[] name = purpose.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES + name.length);
    bytes.putLong(seed).putLong(index).put(name);
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes.array())).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
