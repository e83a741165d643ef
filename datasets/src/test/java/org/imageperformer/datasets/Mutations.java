package org.imageperformer.datasets;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/**
 * Damages files in the ways that disks, networks and attackers do. The same seed, the same damage.
 */
final class Mutations {
  private static final int[] TELLING = {
    0,
    1,
    -1,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    255,
    256,
    1024,
    1025,
    2049,
    2051,
    1 << 16,
    1 << 24
  };

  private final Random random;

  Mutations(long seed) {
    random = new Random(seed);
  }

  /** A copy with one to four damages. */
  byte[] of(byte[] original) {
    byte[] bytes = original.clone();
    int damages = 1 + random.nextInt(4);
    for (int i = 0; i < damages; i++) {
      bytes = damaged(bytes);
    }
    return bytes;
  }

  private byte[] damaged(byte[] bytes) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt(256)};
    }
    int at = position(bytes);
    switch (random.nextInt(9)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2 -> putInt(bytes, at, TELLING[random.nextInt(TELLING.length)]);
      case 3 -> putInt(bytes, at & ~3, TELLING[random.nextInt(TELLING.length)]);
      case 4 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 5 -> {
        return spliced(bytes, at, at, randomBytes(1 + random.nextInt(40)));
      }
      case 6 -> {
        return spliced(bytes, at, Math.min(at + 1 + random.nextInt(40), bytes.length), new byte[0]);
      }
      case 7 -> {
        int end = Math.min(at + 1 + random.nextInt(600), bytes.length);
        return spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
      }
      default ->
          Arrays.fill(
              bytes,
              at,
              Math.min(at + random.nextInt(100), bytes.length),
              (byte) random.nextInt(256));
    }
    return bytes;
  }

  /** Headers are what matters: half of all damage is done to the first bytes. */
  private int position(byte[] bytes) {
    int within = random.nextBoolean() ? Math.min(bytes.length, 32) : bytes.length;
    return random.nextInt(within);
  }

  private static void putInt(byte[] bytes, int at, int value) {
    if (at + 4 <= bytes.length) {
      ByteBuffer.wrap(bytes).putInt(at, value);
    }
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] replacement) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    out.writeBytes(replacement);
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }
}
