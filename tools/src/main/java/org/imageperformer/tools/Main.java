package org.imageperformer.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.imageperformer.tools.cli.FailureReport;
import org.imageperformer.tools.cli.LogLevel;
import org.imageperformer.tools.cli.ModelCommand;
import org.imageperformer.tools.cli.NamedCommands;
import org.imageperformer.tools.cli.NativeCache;
import org.imageperformer.tools.cli.Spellings;
import org.imageperformer.tools.cli.UsageErrors;
import org.imageperformer.tools.commands.RootCommand;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.TypeConversionException;

/**
 * The entry of the command line, and the one place that ends the process.
 *
 * <p>Exit status: 0 success, 1 the work failed, 2 wrong usage (cli.md, "The command line").
 */
public final class Main {
  /** The system property in which the launcher passes the name it was called by. */
  private static final String COMMAND_PROPERTY = "performer.command";

  private Main() {}

  /**
   * Runs the command line and ends the process with its exit status.
   *
   * @param args the words after the name of the program
   */
  public static void main(String[] args) {
    System.exit(
        run(
            // Not System.out, which keeps failures to itself.
            new PrintWriter(new FileOutputStream(FileDescriptor.out), true, UTF_8),
            new PrintWriter(System.err, true, UTF_8),
            args));
  }

  /**
   * Runs the command line within this process.
   *
   * @param out where results and help go
   * @param err where errors go
   * @param args the words after the name of the program
   * @return the exit status
   */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    int status = execute(commandLine(out, err, new NamedCommands(args)), err, args);
    // Results that went nowhere are no success: a full disk, a reader that has gone.
    if (out.checkError() && status == ExitCode.OK) {
      err.println(
          "error: standard output cannot be written, and what was to be shown there is lost: is the"
              + " disk full, or has the program that reads it ended?");
      status = ExitCode.SOFTWARE;
    }
    err.flush();
    return status;
  }

  private static int execute(CommandLine commandLine, PrintWriter err, String... args) {
    try {
      return commandLine.execute(new Spellings(commandLine.getCommandSpec()).ours(args));
    } catch (Error error) {
      return FailureReport.print(error, FailureReport.isVerbose(args), err);
    }
  }

  /** Returns the parser of all commands, with all their options. */
  static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    return commandLine(out, err, CommandLine.defaultFactory());
  }

  private static CommandLine commandLine(PrintWriter out, PrintWriter err, IFactory factory) {
    return new CommandLine(new RootCommand(), factory)
        .setCommandName(System.getProperty(COMMAND_PROPERTY, "./performer"))
        .setOut(out)
        .setErr(err)
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
        .setUsageHelpWidth(100)
        .setUsageHelpLongOptionsMaxWidth(36)
        .setExpandAtFiles(false)
        .registerConverter(Path.class, Main::path)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(Main::execute)
        .setParameterExceptionHandler(new UsageErrors())
        .setExecutionExceptionHandler(new FailureReport());
  }

  /** An empty word, often a variable of the shell that is not set, would name this folder. */
  private static Path path(String word) {
    if (word.isEmpty()) {
      throw new TypeConversionException("an empty path");
    }
    return Path.of(word);
  }

  /** A model named beside --help is asked about. */
  private static void narrowHelp(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    if (last.isUsageHelpRequested() && last.commandSpec().userObject() instanceof ModelCommand) {
      ModelCommand.narrowHelp(last.commandSpec(), last);
    }
  }

  private static int execute(ParseResult parsed) {
    narrowHelp(parsed);
    Integer help = CommandLine.executeHelpRequest(parsed);
    if (help != null) {
      return help;
    }
    if (!parsed.hasSubcommand()) {
      parsed.commandSpec().commandLine().usage(parsed.commandSpec().commandLine().getErr());
      return ExitCode.USAGE;
    }
    // Not before this point: logging takes longer to start than help takes to print.
    LogLevel.set(FailureReport.isVerbose(parsed));
    NativeCache.choose();
    return new RunLast().execute(parsed);
  }
}
