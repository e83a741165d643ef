package org.imageperformer.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Damages files as disks, networks and attackers do. The same random numbers, the same damage. */
public final class Damage {
  private static final int INTERESTING = 8;

  /** What a JSON or CSV file is made of. */
  private static final Pattern TOKEN = Pattern.compile("\"[^\"\n]*+\"|[-+.\\w]++|[,:\\[\\]{}\\n]");

  /** What no program writes there. */
  private static final List<String> HOSTILE =
      List.of(
          "",
          "-1",
          "0",
          "1e308",
          "1e999",
          "-9223372036854775808",
          "9223372036854775807",
          "99999999999999999999999999",
          "2147483648",
          "0.1",
          "NaN",
          "inf",
          "null",
          "true",
          "\"\"",
          "\"\\u0000\"",
          "\"../../../../etc/passwd\"",
          "\"/dev/zero\"",
          "\"a\\nb\\u001b[31m\"",
          "{}",
          "[]",
          "[null]",
          "{\"a\": {\"b\": [1, 2]}}",
          "\"",
          "\n",
          ",,,,",
          "\uFEFF",
          "\u65e5\u672c",
          "[".repeat(20_000),
          "{\"a\":".repeat(20_000),
          "9".repeat(20_000),
          "\"" + "x".repeat(100_000) + "\"");

  private Damage() {}

  /** A change of some bytes of a file. */
  private interface Change {
    byte[] to(byte[] whole, Random random);
  }

  /** A copy with one to three changes of bytes. */
  public static byte[] bytes(byte[] whole, Random random) {
    byte[] bytes = whole;
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      bytes = CHANGES[random.nextInt(CHANGES.length)].to(bytes, random);
    }
    return bytes;
  }

  /**
   * A copy of a text in which tokens are missing, doubled, exchanged or hostile, or bytes wrong.
   */
  static byte[] text(byte[] whole, Random random) {
    if (random.nextInt(3) == 0) {
      return bytes(whole, random);
    }
    String text = new String(whole, UTF_8);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      List<MatchResult> tokens = TOKEN.matcher(text).results().toList();
      if (tokens.isEmpty()) {
        break;
      }
      MatchResult token = tokens.get(random.nextInt(tokens.size()));
      MatchResult other = tokens.get(random.nextInt(tokens.size()));
      String replacement =
          switch (random.nextInt(5)) {
            case 0 -> "";
            case 1 -> token.group() + token.group();
            case 2 -> other.group();
            default -> HOSTILE.get(random.nextInt(HOSTILE.size()));
          };
      text = text.substring(0, token.start()) + replacement + text.substring(token.end());
    }
    return text.getBytes(UTF_8);
  }

  private static final Change[] CHANGES = {
    (whole, random) -> {
      byte[] bytes = whole.clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      return bytes;
    },
    (whole, random) -> {
      byte[] bytes = whole.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      return bytes;
    },
    (whole, random) -> {
      // Another number in four bytes: huge, negative, zero.
      byte[] bytes = whole.clone();
      int[] numbers = {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0, 1 << 30, 65536, 255, 1};
      if (bytes.length > INTERESTING) {
        ByteBuffer.wrap(bytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(random.nextInt(bytes.length - 4), numbers[random.nextInt(numbers.length)]);
      }
      return bytes;
    },
    (whole, random) -> Arrays.copyOf(whole, 1 + random.nextInt(whole.length)),
    (whole, random) -> {
      // A piece is left out, or occurs twice.
      int from = random.nextInt(whole.length);
      int length = random.nextInt(Math.min(64, whole.length - from));
      byte[] piece = Arrays.copyOfRange(whole, from, from + length);
      byte[] rest = Arrays.copyOfRange(whole, from + length, whole.length);
      ByteBuffer bytes = ByteBuffer.allocate(whole.length + length).put(whole, 0, from);
      if (random.nextBoolean()) {
        bytes.put(piece).put(piece);
      }
      bytes.put(rest);
      return bytes.position() == 0 ? whole : Arrays.copyOf(bytes.array(), bytes.position());
    },
  };
}
