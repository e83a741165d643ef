package org.imageperformer.tools.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What all commands share.
 *
 * <p>A command implements {@link java.util.concurrent.Callable} and returns its exit status.
 * Whatever it throws ends as a message and status 1 ({@link FailureReport}), a {@link #wrongUsage}
 * as status 2. Its fields are options only: loading the class must not load TensorFlow, or {@code
 * --help} is slow. Options are declared in the authors' spelling, {@code --batch_size}; {@link
 * Spellings} takes care of the others.
 */
@Command(
    showDefaultValues = true,
    sortOptions = false,
    usageHelpWidth = 100,
    parameterListHeading = "%nParameters:%n",
    optionListHeading = "%nOptions:%n",
    synopsisHeading = "Usage: ")
public abstract class BaseCommand {
  /** The system property by which the launcher says that standard error is a terminal. */
  static final String TERMINAL_PROPERTY = "performer.terminal";

  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      description = "Say more while working, and show the stack trace of an error.",
      showDefaultValue = Visibility.NEVER,
      order = Integer.MAX_VALUE - 1)
  @SuppressWarnings("UnusedVariable") // read from the parse result, whatever the level
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.",
      order = Integer.MAX_VALUE)
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  /** Returns the description of this command, its parsed arguments among it. */
  protected final CommandSpec spec() {
    return spec;
  }

  /** Returns where results go. */
  protected final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Returns where progress goes. */
  protected final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Returns where progress is shown; to be closed. */
  protected final ProgressDisplay progress() {
    PrintStream stream = WriterStream.over(err());
    return terminal() ? ProgressDisplay.bar(stream) : ProgressDisplay.lines(stream);
  }

  /** Whether progress goes to a terminal, where a line can be drawn over. */
  final boolean terminal() {
    return Boolean.getBoolean(TERMINAL_PROPERTY);
  }

  /** Returns the error of arguments that do not fit together; throw it. */
  protected final ParameterException wrongUsage(String reason) {
    return new ParameterException(spec.commandLine(), reason);
  }
}
