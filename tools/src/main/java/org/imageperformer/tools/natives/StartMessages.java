package org.imageperformer.tools.natives;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.imageperformer.tfmodels.graph.CompiledFunctions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;

/**
 * Keeps from standard error what TensorFlow says once in every process, by Abseil's log, whatever
 * {@code TF_CPP_MIN_LOG_LEVEL} says: that a pass is not enabled, that XLA is there and has compiled
 * something. Each is provoked by a graph of one operation while standard error is a file; what else
 * came is written after that. Real work has standard error for itself, so that what it says last in
 * a crash is not lost.
 */
public final class StartMessages {
  private static final Logger LOG = LoggerFactory.getLogger(StartMessages.class);

  /** TensorFlow's own variable; 0 asks for all that it has to say. */
  private static final String LEVEL = "TF_CPP_MIN_LOG_LEVEL";

  private static final int STANDARD_ERROR = 2;
  private static final int OWNER_ONLY = 0600;

  /** Abseil's line of information, or what it says before its first line of any kind. */
  private static final Pattern INFORMATION =
      Pattern.compile(
          "I\\d{4} \\d\\d:\\d\\d:\\S+ +\\d+ \\S+:\\d+\\] .*"
              + "|WARNING: All log messages before absl::InitializeLog\\(\\) is called .*");

  private static boolean session;
  private static boolean compiler;

  /** The system's functions, which Java has none of. */
  private interface CLibrary extends Library {
    int dup(int descriptor) throws LastErrorException;

    int dup2(int from, int to) throws LastErrorException;

    int close(int descriptor) throws LastErrorException;

    int creat(String path, int mode) throws LastErrorException;
  }

  private StartMessages() {}

  /**
   * Has what comes with the first session of a process over, once for all.
   *
   * @param compiling whether functions for the processor may be compiled: what comes with the first
   *     of them, too
   * @param config of the session that comes next: the first of a process settles for all what they
   *     share, threads and the memory of GPUs among it
   */
  public static synchronized void keepOff(boolean compiling, ConfigProto config) {
    if (!wanted() || (compiling ? compiler : session)) {
      return;
    }
    session = true;
    compiler |= compiling;
    // Loaded before, so that what is wrong with the library itself is seen and thrown as ever.
    LOG.debug("TensorFlow {}", TensorFlow.version());
    withoutInformation(() -> run(compiling, config));
  }

  private static boolean wanted() {
    String level = System.getenv(LEVEL);
    return level != null && !level.equals("0");
  }

  private static void run(boolean compiling, ConfigProto config) {
    try (Graph graph = new Graph();
        CompiledFunctions functions = new CompiledFunctions()) {
      Ops tf = Ops.create(graph);
      // Fed, as TensorFlow computes what is constant beforehand and without XLA.
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(1)));
      Operand<TFloat32> y =
          compiling
              ? functions.callOne(
                  tf, "start", Map.of("x", x), (inner, in) -> inner.math.neg(in.get("x")))
              : tf.math.neg(x);
      try (Session started = new Session(graph, config);
          TFloat32 zero = TFloat32.vectorOf(0f);
          Result result = started.runner().feed(x, zero).fetch(y).run()) {
        Objects.requireNonNull(result);
      }
    }
  }

  private static void withoutInformation(Runnable work) {
    try {
      byte[] others = others(captured(work));
      // The descriptor itself, as TensorFlow uses it; never closed.
      new FileOutputStream(FileDescriptor.err).write(others);
    } catch (IOException | LastErrorException | LinkageError e) {
      // No room for a file or a library: TensorFlow's lines are no reason to stop.
      LOG.debug("standard error cannot be caught", e);
    }
  }

  /**
   * What comes on standard error while something is done. That this fails is no failure of the work
   * that comes next, which says itself what is wrong.
   */
  static String captured(Runnable work) throws IOException {
    CLibrary system = Native.load("c", CLibrary.class);
    Path file = Files.createTempFile("performer-start", ".log");
    try {
      int kept = system.dup(STANDARD_ERROR);
      try {
        int descriptor = system.creat(file.toString(), OWNER_ONLY);
        system.dup2(descriptor, STANDARD_ERROR);
        system.close(descriptor);
        work.run();
      } catch (TensorFlowException e) {
        LOG.debug("TensorFlow could not be started beforehand", e);
      } finally {
        system.dup2(kept, STANDARD_ERROR);
        system.close(kept);
      }
      return Files.readString(file, ISO_8859_1);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** The bytes of all lines but those of information. */
  static byte[] others(String lines) {
    return lines
        .lines()
        .filter(line -> !INFORMATION.matcher(line).matches())
        .map(line -> line + "\n")
        .collect(Collectors.joining())
        .getBytes(ISO_8859_1);
  }
}
