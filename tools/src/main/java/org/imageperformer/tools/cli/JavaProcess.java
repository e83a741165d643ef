package org.imageperformer.tools.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** This program in another process. */
public final class JavaProcess {
  private JavaProcess() {}

  /**
   * The command that starts it with this process's Java, its options and class path. Whether there
   * is a terminal is not handed on: what another process says goes through this one.
   *
   * @param mainClass by name, as it uses the commands and not they it
   * @param words its arguments
   */
  public static List<String> command(String mainClass, List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.removeIf(option -> option.startsWith("-D" + BaseCommand.TERMINAL_PROPERTY + "="));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(words);
    return command;
  }
}
