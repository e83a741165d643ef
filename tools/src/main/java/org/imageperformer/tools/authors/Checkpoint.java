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
 * @param hparams its {@code hyper_parameters}: {@code null}, text, truth values, numbers, or {@link
 *     Opaque}
 * @param tensors its {@code state_dict}, or the file itself if it is nothing but tensors, in order
 */
record Checkpoint(
    OptionalLong epoch,
    OptionalLong globalStep,
    Map<String, Object> hparams,
    Map<String, WeightTensor> tensors) {
  private static final String STATE = "state_dict";

  /** Newer versions of Lightning, and older ones. */
  private static final List<String> HPARAMS =
      List.of("hyper_parameters", "hparams", "module_arguments");

  private static final String HINT =
      "; nothing was executed. If you trust the file, copy the run and keep the plain weights"
          + " (PyTorch 1.13 or newer): python -c \"import torch; f = 'FILE.ckpt'; c = torch.load(f,"
          + " map_location='cpu', weights_only=False); torch.save({'epoch': c.get('epoch'),"
          + " 'global_step': c.get('global_step'), 'state_dict': {k: v.detach().float() for k, v in"
          + " c['state_dict'].items()}}, f)\"";

  private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);

  /**
   * Reads a checkpoint.
   *
   * @throws AuthorsRunException if the file is damaged, hostile or something else
   */
  static Checkpoint read(Path file, ReadLimits limits) {
    return read(
        file,
        limits,
        (archive, entries) -> {
          Outline outline = Outline.of(entries);
          Map<String, StoredTensor> state =
              WrapperNames.leaveOut(
                  file,
                  state(outline.bare() ? entries : entries.get(STATE), outline.bare()),
                  LOG::warn);
          return new Checkpoint(
              outline.epoch(),
              outline.globalStep(),
              outline.hparams(),
              tensors(state, archive, limits));
        });
  }

  /**
   * What a checkpoint says beside its weights.
   *
   * @param bare whether it is nothing but tensors
   * @param epoch its {@code epoch}, if it has one
   * @param globalStep its {@code global_step}, if it has one
   * @param hparams its {@code hyper_parameters}
   */
  record Outline(
      boolean bare, OptionalLong epoch, OptionalLong globalStep, Map<String, Object> hparams) {

    /**
     * Reads it, without the weights.
     *
     * @throws AuthorsRunException if the file is damaged, hostile or something else
     */
    static Outline read(Path file, ReadLimits limits) {
      return Checkpoint.read(file, limits, (archive, entries) -> of(entries));
    }

    private static Outline of(Map<?, ?> entries) {
      if (!entries.containsKey(STATE)) {
        return new Outline(true, OptionalLong.empty(), OptionalLong.empty(), Map.of());
      }
      return new Outline(
          false,
          counter(entries, "epoch"),
          counter(entries, "global_step"),
          HPARAMS.stream()
              .filter(entries::containsKey)
              .findFirst()
              .map(key -> Checkpoint.hparams(entries.get(key)))
              .orElse(Map.of()));
    }
  }

  private interface Reader<T> {
    T read(TorchArchive archive, Map<?, ?> entries) throws IOException;
  }

  private static <T> T read(Path file, ReadLimits limits, Reader<T> reader) {
    try (TorchArchive archive = TorchArchive.open(file)) {
      Object root = TorchUnpickler.read(archive.pickle(limits.pickleBytes()));
      if (!(root instanceof Map<?, ?> entries)) {
        throw new RefusedException(
            "expected a dictionary with a "
                + STATE
                + ", found "
                + PythonKind.of(root)
                + (root instanceof Opaque ? HINT : ""));
      }
      return reader.read(archive, entries);
    } catch (RefusedException e) {
      throw new AuthorsRunException(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new AuthorsRunException(file + ": cannot be read: " + OneLine.reason(e), e);
    }
  }

  private static Map<String, StoredTensor> state(Object found, boolean bare) {
    if (found instanceof Opaque) {
      throw new RefusedException(
          "its " + STATE + " is " + found + ", expected a dictionary of tensors" + HINT);
    }
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
                        + " is "
                        + PythonKind.of(value)
                        + ", expected a tensor with a name"
                        + (value instanceof Opaque ? HINT : ""));
          }
          state.put(name, tensor);
        });
    return state;
  }

  private static OptionalLong counter(Map<?, ?> entries, String name) {
    Object found = entries.get(name);
    return (found instanceof Integer || found instanceof Long) && ((Number) found).longValue() >= 0
        ? OptionalLong.of(((Number) found).longValue())
        : OptionalLong.empty();
  }

  private static Map<String, Object> hparams(Object found) {
    Map<?, ?> entries =
        found instanceof Opaque object
            ? object.attributes()
            : found instanceof Map<?, ?> dictionary ? dictionary : Map.of();
    Map<String, Object> hparams = new LinkedHashMap<>();
    entries.forEach(
        (key, value) -> {
          if (key instanceof String name) {
            boolean plain =
                value == null
                    || value instanceof String
                    || value instanceof Boolean
                    || value instanceof Number;
            hparams.put(name, plain ? value : new Opaque(PythonKind.of(value)));
          }
        });
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
