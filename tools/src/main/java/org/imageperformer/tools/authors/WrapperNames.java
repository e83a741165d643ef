package org.imageperformer.tools.authors;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.imageperformer.savedmodels.OneLine;

/** What compiling, dividing or averaging a model puts into the names of its weights. */
final class WrapperNames {

  /**
   * Wherever they stand, as any part of a model can be wrapped: torch.compile's, those of its fully
   * sharded parallelism and of activation checkpointing. No model has parts of these names.
   */
  private static final Pattern ANYWHERE =
      Pattern.compile(
          "(?<![^.])(_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module|_forward_module|_original_module)\\.");

  /**
   * Before all names or none, as parts may have these names: DataParallel, DistributedDataParallel
   * and AveragedModel; the usual attribute of a class around a model.
   */
  private static final List<String> BEFORE_ALL = List.of("module.", "model.");

  /** How many models AveragedModel has averaged; beside the weights, without a prefix. */
  private static final String AVERAGED = "n_averaged";

  private WrapperNames() {}

  /**
   * The tensors by the names that they have without wrappers; these may stand one after the other.
   *
   * @param file for messages
   * @param tensors by name
   * @param notes told what was left out
   * @throws RefusedException if two tensors would have the same name
   */
  static <T> Map<String, T> leaveOut(Path file, Map<String, T> tensors, Consumer<String> notes) {
    Map<String, T> bare = withoutInner(file, tensors, notes);
    for (Optional<String> found = before(bare); found.isPresent(); found = before(bare)) {
      String prefix = found.get();
      Map<String, T> shorter = new LinkedHashMap<>();
      bare.forEach(
          (name, tensor) -> {
            if (!name.equals(AVERAGED)) {
              shorter.put(name.substring(prefix.length()), tensor);
            }
          });
      notes.accept(file + ": all names of weights begin with " + prefix + ", which is left out");
      bare = shorter;
    }
    return bare;
  }

  private static <T> Map<String, T> withoutInner(
      Path file, Map<String, T> tensors, Consumer<String> notes) {
    Map<String, T> bare = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          String shorter = ANYWHERE.matcher(name).replaceAll("");
          if (bare.putIfAbsent(shorter, tensor) != null) {
            throw new RefusedException(
                "two of its tensors are named "
                    + OneLine.quoted(shorter)
                    + " without the names of wrappers");
          }
        });
    String found =
        tensors.keySet().stream()
            .flatMap(name -> ANYWHERE.matcher(name).results())
            .map(match -> match.group(1) + ".")
            .distinct()
            .collect(Collectors.joining(", "));
    if (!found.isEmpty()) {
      notes.accept(file + ": names of weights contain " + found + " which is left out");
    }
    return bare;
  }

  private static Optional<String> before(Map<String, ?> tensors) {
    List<String> names = tensors.keySet().stream().filter(name -> !name.equals(AVERAGED)).toList();
    return BEFORE_ALL.stream()
        .filter(
            prefix -> !names.isEmpty() && names.stream().allMatch(name -> name.startsWith(prefix)))
        .findFirst();
  }
}
