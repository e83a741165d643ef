package org.imageperformer.tools.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.IModelTransformer;

/**
 * Leaves out the options that a command takes from models and trainings if the arguments do not
 * name the command: a tenth of a second at every start.
 */
public final class NamedCommands implements IFactory {
  /** Writes about the options of all commands. */
  private static final String COMPLETION = "completion";

  private final IFactory usual = CommandLine.defaultFactory();
  private final List<String> words;

  /**
   * @param args the words after the name of the program
   */
  public NamedCommands(String... args) {
    words = List.of(args);
  }

  @Override
  @SuppressWarnings("unchecked") // picocli wants a transformer, of whatever class
  public <K> K create(Class<K> type) throws Exception {
    K created = usual.create(type);
    if (created instanceof IModelTransformer transformer && !words.contains(COMPLETION)) {
      IModelTransformer named =
          command -> words.contains(command.name()) ? transformer.transform(command) : command;
      return (K) named;
    }
    return created;
  }
}
