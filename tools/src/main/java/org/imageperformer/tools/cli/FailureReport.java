package org.imageperformer.tools.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.Set;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.eval.EvalException;
import org.imageperformer.savedmodels.OneLine;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.tools.authors.AuthorsRunException;
import org.imageperformer.tools.plots.PlotException;
import org.imageperformer.training.NonFiniteLossException;
import org.imageperformer.training.TrainingException;
import org.imageperformer.training.checkpoints.CheckpointException;
import org.imageperformer.training.workers.LostWorkerException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Reports work that failed: a reason on standard error, a stack trace with {@code --verbose} only,
 * and exit status 1, or 75 where starting again is the thing to do.
 */
public final class FailureReport implements IExecutionExceptionHandler {
  /** Failures whose message is written for the user; subclasses included. */
  private static final Set<Class<? extends Throwable>> EXPECTED =
      Set.of(
          CommandFailure.class,
          AuthorsRunException.class,
          CheckpointException.class,
          DatasetException.class,
          EvalException.class,
          NonFiniteLossException.class,
          PlotException.class,
          RunException.class,
          TrainingException.class,
          LostWorkerException.class);

  /** Of work that may well succeed when it is started again (EX_TEMPFAIL of sysexits.h). */
  private static final int TEMPORARY = 75;

  private static final String SYSTEM =
      "raise the limits of the shell or container (ulimit -v, ulimit -u, docker run --memory)";

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine commandLine, ParseResult parsed) {
    return print(exception, isVerbose(parsed), commandLine.getErr());
  }

  /** Prints a failure and returns the exit status. */
  public static int print(Throwable failure, boolean verbose, PrintWriter err) {
    // Options and names of damaged files are quoted: they must not speak to the terminal.
    err.println("error: " + OneLine.of(reason(failure)) + hint(failure, verbose));
    if (verbose) {
      failure.printStackTrace(err);
    }
    return failure instanceof LostWorkerException ? TEMPORARY : ExitCode.SOFTWARE;
  }

  /** Whether {@code --verbose} was given, on whatever level. */
  public static boolean isVerbose(ParseResult parsed) {
    for (ParseResult level = parsed; level != null; level = level.subcommand()) {
      if (level.hasMatchedOption("--verbose")) {
        return true;
      }
    }
    return false;
  }

  /** The same, for arguments that were not parsed. */
  public static boolean isVerbose(String... args) {
    return Arrays.asList(args).contains("--verbose");
  }

  /** What went wrong, in one line. */
  public static String reason(Throwable failure) {
    if (failure instanceof UncheckedIOException unchecked) {
      // Whoever had something to say about the file said it; else the cause's name is all there is.
      String message = unchecked.getMessage();
      boolean bare = message == null || message.equals(unchecked.getCause().toString());
      return bare ? reason(unchecked.getCause()) : message;
    }
    if (isExpected(failure)) {
      return failure.getMessage();
    }
    if (failure instanceof FileSystemException problem) {
      // The commands speak of folders.
      return problem.getFile() + ": " + OneLine.reason(problem).replace("directory", "folder");
    }
    if (failure instanceof OutOfMemoryError) {
      String message = String.valueOf(failure.getMessage());
      // Java says so of what the system refuses, too.
      return message.contains("native")
          ? "out of memory or processes (" + message + "): " + SYSTEM
          : "out of memory ("
              + message
              + "); give Java more with PERFORMER_JAVA_OPTS=-Xmx8g, or use smaller batches";
    }
    if (isNativeMemory(failure)) {
      return "TensorFlow has no memory left: take a smaller --batch_size or model; or " + SYSTEM;
    }
    if (NativeCache.isBehind(failure)) {
      return NativeCache.advice(NativeCache.folder(), failure);
    }
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? OneLine.kind(failure)
        : message.strip().replaceAll("\\R\\s*", "; ");
  }

  private static String hint(Throwable failure, boolean verbose) {
    boolean clear =
        isExpected(failure)
            || failure instanceof FileSystemException
            || failure instanceof UncheckedIOException
            || failure instanceof OutOfMemoryError
            || isNativeMemory(failure)
            || NativeCache.isBehind(failure);
    return clear || verbose ? "" : " (unexpected; --verbose shows the stack trace)";
  }

  /** By the name, as help loads no class of TensorFlow's. */
  private static boolean isNativeMemory(Throwable failure) {
    return failure.getClass().getSimpleName().equals("TFResourceExhaustedException");
  }

  private static boolean isExpected(Throwable failure) {
    return failure.getMessage() != null
        && EXPECTED.stream().anyMatch(type -> type.isInstance(failure));
  }
}
