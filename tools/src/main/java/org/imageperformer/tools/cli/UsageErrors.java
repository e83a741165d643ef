package org.imageperformer.tools.cli;

import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.imageperformer.options.Words;
import org.imageperformer.savedmodels.OneLine;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Reports wrong usage: the reason, the nearest known spelling, and where the help is; exit status
 * 2.
 */
public final class UsageErrors implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException exception, String[] args) {
    CommandLine commandLine = exception.getCommandLine();
    CommandSpec spec = commandLine.getCommandSpec();
    PrintWriter err = commandLine.getErr();
    err.println(
        "error: "
            + mistaken(exception, spec, args).orElseGet(() -> reason(exception, spec))
            + suggestion(exception, spec).map(known -> " Did you mean " + known + "?").orElse(""));
    err.println(spec.qualifiedName() + " --help shows the usage.");
    if (FailureReport.isVerbose(args)) {
      exception.printStackTrace(err);
    }
    return ExitCode.USAGE;
  }

  /**
   * A file whose name begins with a dash, taken for an option: what is said to be missing is there.
   */
  private static Optional<String> mistaken(
      ParameterException exception, CommandSpec spec, String... args) {
    if (!(exception instanceof MissingParameterException)) {
      return Optional.empty();
    }
    List<String> known = spec.options().stream().flatMap(o -> Arrays.stream(o.names())).toList();
    return Arrays.stream(args)
        .takeWhile(word -> !word.equals("--"))
        .filter(word -> word.length() > 1 && word.startsWith("-") && !known.contains(name(word)))
        .findFirst()
        .map(
            word ->
                "unknown option "
                    + OneLine.of(name(word))
                    + (word.startsWith("--") && !new File(word).exists() ? "." : advice(word)));
  }

  private static boolean isFile(UnmatchedArgumentException unmatched, String word) {
    return unmatched.isUnknownOption() && new File(word).exists();
  }

  private static String advice(String word) {
    return "; a file of that name is written ./" + OneLine.of(word);
  }

  private static String reason(ParameterException exception, CommandSpec spec) {
    if (exception instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      String whole = unmatched.getUnmatched().get(0);
      String word = OneLine.of(name(whole));
      if (isFile(unmatched, whole)) {
        return "unknown option " + word + advice(whole);
      }
      if (unmatched.isUnknownOption()) {
        return "unknown option "
            + word
            + Spellings.instead(word).map(other -> ": " + other + ".").orElse(".");
      }
      return spec.subcommands().isEmpty()
          ? "unexpected argument " + word + "."
          : "unknown command " + word + ".";
    }
    List<String> values = values(exception);
    if (values.isEmpty() && kind(exception).isEmpty()) {
      return exception.getMessage();
    }
    String argument =
        exception.getArgSpec() instanceof OptionSpec option
            ? option.longestName()
            : exception.getArgSpec().paramLabel();
    return argument
        + ": expected "
        + kind(exception).orElseGet(() -> "one of " + String.join(", ", values))
        + "; found "
        + (exception.getValue().isEmpty() ? "''" : OneLine.of(exception.getValue(), 120))
        + ".";
  }

  /** What the argument had to be, in words: the parser speaks of Java's types. */
  private static Optional<String> kind(ParameterException exception) {
    if (exception.getArgSpec() == null || exception.getValue() == null) {
      return Optional.empty();
    }
    Class<?> type = exception.getArgSpec().typeInfo().getAuxiliaryTypes()[0];
    if (type == Path.class) {
      return Optional.of("the name of a file or folder in the locale's characters");
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return Optional.of(
          "a whole number below 2^" + (type == int.class || type == Integer.class ? 31 : 63));
    }
    return type == double.class || type == Double.class
        ? Optional.of("a number")
        : Optional.empty();
  }

  /** What the argument may be, when it was something else and the choice is limited. */
  private static List<String> values(ParameterException exception) {
    ArgSpec argument = exception.getArgSpec();
    if (argument == null
        || exception.getValue() == null
        || argument.completionCandidates() == null) {
      return List.of();
    }
    List<String> values = new ArrayList<>();
    argument.completionCandidates().forEach(values::add);
    return values;
  }

  private static Optional<String> suggestion(ParameterException exception, CommandSpec spec) {
    if (exception instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      String whole = unmatched.getUnmatched().get(0);
      String word = name(whole);
      if (Spellings.instead(word).isPresent() || isFile(unmatched, whole)) {
        return Optional.empty();
      }
      return unmatched.isUnknownOption()
          ? Words.nearest(Spellings.snakeCase(word), optionNames(spec))
          : Words.nearest(word, spec.subcommands().keySet());
    }
    return exception.getValue() == null
        ? Optional.empty()
        : Words.nearest(exception.getValue(), values(exception));
  }

  private static List<String> optionNames(CommandSpec spec) {
    return spec.options().stream()
        .filter(option -> !option.hidden())
        .map(OptionSpec::names)
        .flatMap(Arrays::stream)
        .filter(name -> name.startsWith("--"))
        .toList();
  }

  /** What stands before the value in {@code --name=value}. */
  private static String name(String word) {
    int equals = word.indexOf('=');
    return word.startsWith("-") && equals > 0 ? word.substring(0, equals) : word;
  }
}
