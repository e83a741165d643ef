package org.imageperformer.tools.authors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.imageperformer.savedmodels.OneLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What counts of a checkpoint file: the weights and how far training had come. The states of the
 * optimizer and of callbacks are not read.
 *
 * @param epoch its {@code epoch}, if it has one
 * @param globalStep its {@code global_step}, if it has one
 * @param hparams its {@code hyper_parameters} that are {@code null}, text, truth values or numbers
 * @param tensors its {@code state_dict}, or the file itself if it is nothing but tensors, in order
 */
record Checkpoint(
    OptionalLong epoch,
    OptionalLong globalStep,
    Map<String, Object> hparams,
    Map<String, WeightTensor> tensors) {
  private static final String STATE = "state_dict";

  /** Of torch.compile, and of its DataParallel and DistributedDataParallel. */
  private static final List<String> WRAPPERS = List.of("_orig_mod.", "module.");

  private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);

  /**
   * Reads a checkpoint.
   *
   * @throws AuthorsRunException if the file is damaged, hostile or something else
   */
  static Checkpoint read(Path file, ReadLimits limits) {
    try (TorchArchive archive = TorchArchive.open(file)) {
      Object root = TorchUnpickler.read(archive.pickle(limits.pickleBytes()));
      if (!(root instanceof Map<?, ?> entries)) {
        throw new RefusedException(
            "expected a dictionary with a " + STATE + ", found another object");
      }
      boolean bare = !entries.containsKey(STATE);
      Map<String, StoredTensor> state =
          withoutWrappers(file, state(bare ? entries : entries.get(STATE), bare));
      return new Checkpoint(
          bare ? OptionalLong.empty() : counter(entries, "epoch"),
          bare ? OptionalLong.empty() : counter(entries, "global_step"),
          bare ? Map.of() : hparams(entries.get("hyper_parameters")),
          tensors(state, archive, limits));
    } catch (RefusedException e) {
      throw new AuthorsRunException(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new AuthorsRunException(file + ": cannot be read: " + OneLine.reason(e), e);
    }
  }

  private static Map<String, StoredTensor> state(Object found, boolean bare) {
    if (!(found instanceof Map<?, ?> entries) || entries.isEmpty()) {
      throw new RefusedException("its " + STATE + " holds no tensors");
    }
    Map<String, StoredTensor> state = new LinkedHashMap<>();
    entries.forEach(
        (key, value) -> {
          if (!(key instanceof String name && value instanceof StoredTensor tensor)) {
            throw new RefusedException(
                bare
                    ? "it has no " + STATE + ", and is not itself a dictionary of tensors"
                    : "the entry "
                        + (key instanceof String text ? OneLine.quoted(text) : "(no text)")
                        + " of its "
                        + STATE
                        + " is not a tensor with a name");
          }
          state.put(name, tensor);
        });
    return state;
  }

  /**
   * Without what compiling a model or spreading it over GPUs puts before all of its names; they may
   * stand one after the other.
   */
  private static Map<String, StoredTensor> withoutWrappers(
      Path file, Map<String, StoredTensor> state) {
    Map<String, StoredTensor> bare = state;
    for (Optional<String> found = wrapper(bare); found.isPresent(); found = wrapper(bare)) {
      String prefix = found.get();
      Map<String, StoredTensor> shorter = new LinkedHashMap<>();
      bare.forEach((name, tensor) -> shorter.put(name.substring(prefix.length()), tensor));
      LOG.warn("{}: all names of weights begin with {}, which is left out", file, prefix);
      bare = shorter;
    }
    return bare;
  }

  private static Optional<String> wrapper(Map<String, StoredTensor> state) {
    return WRAPPERS.stream()
        .filter(prefix -> state.keySet().stream().allMatch(name -> name.startsWith(prefix)))
        .findFirst();
  }

  private static OptionalLong counter(Map<?, ?> entries, String name) {
    return entries.containsKey(name)
        ? OptionalLong.of(Numbers.natural(entries.get(name), "its " + name))
        : OptionalLong.empty();
  }

  private static Map<String, Object> hparams(Object found) {
    Map<String, Object> hparams = new LinkedHashMap<>();
    if (found instanceof Map<?, ?> entries) {
      entries.forEach(
          (key, value) -> {
            if (key instanceof String name
                && (value == null
                    || value instanceof String
                    || value instanceof Boolean
                    || value instanceof Number)) {
              hparams.put(name, value);
            }
          });
    }
    return hparams;
  }

  private static Map<String, WeightTensor> tensors(
      Map<String, StoredTensor> state, TorchArchive archive, ReadLimits limits) throws IOException {
    Map<StorageReference, List<String>> byStorage = new LinkedHashMap<>();
    state.forEach(
        (name, tensor) -> {
          if (tensor.count() > 0) {
            byStorage.computeIfAbsent(tensor.storage(), s -> new ArrayList<>()).add(name);
          }
        });
    checkMemory(state, byStorage.keySet(), limits.weightBytes());

    ByteOrder order = archive.byteOrder();
    Map<String, float[]> values = new HashMap<>();
    for (var entry : byStorage.entrySet()) {
      ByteBuffer bytes = ByteBuffer.wrap(archive.storage(entry.getKey())).order(order);
      for (String name : entry.getValue()) {
        values.put(name, values(name, state.get(name), bytes));
      }
    }
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    state.forEach(
        (name, tensor) -> {
          float[] content = tensor.count() > 0 ? values.get(name) : new float[0];
          tensors.put(name, new WeightTensor(name, tensor.shape(), content));
        });
    return tensors;
  }

  private static void checkMemory(
      Map<String, StoredTensor> state, Iterable<StorageReference> storages, long limit) {
    // A double, as a hostile sum would wrap around in a long.
    double bytes = 0;
    for (StorageReference storage : storages) {
      bytes += storage.bytes();
    }
    for (StoredTensor tensor : state.values()) {
      bytes += 4.0 * tensor.count();
    }
    if (bytes > limit) {
      throw new RefusedException(
          ("its weights need %s MiB of memory, at most %s MiB are given to them (half of"
                  + " Java's heap, 2 GiB at most)")
              .formatted((long) Math.ceil(bytes / (1 << 20)), limit >> 20));
    }
  }

  private static float[] values(String name, StoredTensor stored, ByteBuffer bytes) {
    try {
      return stored.read(bytes);
    } catch (RefusedException e) {
      throw new RefusedException("the tensor " + OneLine.quoted(name) + " " + e.getMessage(), e);
    }
  }
}
