package org.imageperformer.tools.commands;

import java.util.concurrent.Callable;
import org.imageperformer.tools.cli.BaseCommand;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** Prints the completion script of bash and zsh. */
@Command(
    name = "completion",
    description = "Prints a script that lets bash and zsh complete commands and options.",
    footer = {"", "To use it: source <(${ROOT-COMMAND-NAME} completion)"})
final class CompletionCommand extends BaseCommand implements Callable<Integer> {
  /** Shells look completions up by the name of the program, its folder left out. */
  private static final String PROGRAM = "performer";

  @Override
  public Integer call() {
    out().print(AutoComplete.bash(PROGRAM, spec().root().commandLine()));
    return ExitCode.OK;
  }
}
