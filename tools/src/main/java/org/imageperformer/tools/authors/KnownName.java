package org.imageperformer.tools.authors;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.imageperformer.savedmodels.OneLine;

/**
 * A class or function that the pickle of a checkpoint may name. The pickle can do no more with it
 * than {@link #call}, which runs the few lines below and nothing of Python or of the JDK by name.
 */
final class KnownName {
  private static final String LIGHTNING = "pytorch_lightning";
  private static final Map<String, KnownName> KNOWN = known();

  private final String name;
  private final Object meaning;
  private final Function<Object[], Object> body;

  private KnownName(String name, Object meaning, Function<Object[], Object> body) {
    this.name = name;
    this.meaning = meaning;
    this.body = body;
  }

  /**
   * Looks a name up.
   *
   * @throws RefusedException naming it, if it is not one of the known ones
   */
  static KnownName find(String module, String name) {
    String full = module + "." + name;
    KnownName known = KNOWN.get(full);
    if (known != null) {
      return known;
    }
    if (module.equals(LIGHTNING) || module.startsWith(LIGHTNING + ".")) {
      // Lightning keys its dictionaries with such classes and subclasses dict: a name suffices.
      return new KnownName(full, null, args -> new LinkedHashMap<>());
    }
    throw new RefusedException(
        "its pickle names "
            + OneLine.quoted(full)
            + ", which is not among the classes and functions that a checkpoint needs: refused,"
            + " nothing was executed. If you trust the file, copy the run and keep the weights alone"
            + " (PyTorch 1.13 or newer): python -c \"import torch; f = 'FILE.ckpt'; c = torch.load(f,"
            + " map_location='cpu', weights_only=False); torch.save({k: c[k] for k in ('epoch',"
            + " 'global_step', 'state_dict')}, f)\"");
  }

  /** The Python name, with its module. */
  String name() {
    return name;
  }

  /** The element type, if this is a storage class. */
  ElementType storageType() {
    if (meaning instanceof ElementType type && name.endsWith("Storage")) {
      return type;
    }
    throw new RefusedException(
        "a storage is of class " + name + ", expected one such as torch.FloatStorage");
  }

  /** What the call gives, as Python would. */
  Object call(Object[] args) {
    if (body == null) {
      throw new RefusedException("its pickle calls " + name + ", which is nothing to call");
    }
    return body.apply(args);
  }

  private static Map<String, KnownName> known() {
    Map<String, KnownName> names = new TreeMap<>();
    for (ElementType type : ElementType.values()) {
      put(names, "torch." + type.storageName(), type, null);
      for (String typeName : type.typeNames()) {
        put(names, "torch." + typeName, type, null);
      }
    }
    // A storage of bytes without a type of its own; _rebuild_tensor_v3 gives the type.
    put(names, "torch.storage.UntypedStorage", ElementType.UINT8, null);
    put(names, "torch.UntypedStorage", ElementType.UINT8, null);
    // Named in newer files, never with elements of a known type.
    put(names, "torch.storage.TypedStorage", null, null);
    put(names, "torch.storage._LegacyStorage", null, null);

    put(names, "torch._utils._rebuild_tensor", null, KnownName::rebuildTensor);
    put(names, "torch._utils._rebuild_tensor_v2", null, KnownName::rebuildTensor);
    put(names, "torch._utils._rebuild_tensor_v3", null, KnownName::rebuildTypedTensor);
    put(names, "torch._utils._rebuild_parameter", null, args -> tensor(args, 0));
    put(names, "torch.Size", null, args -> argument(args, 0, Object[].class, "torch.Size"));
    // Where a tensor once was does not matter here.
    put(names, "torch.device", null, args -> "device");

    // In Python these copy their argument; sharing it keeps a small file from growing large.
    for (String builtins : List.of("builtins", "__builtin__")) {
      for (String set : List.of("set", "frozenset")) {
        String name = builtins + "." + set;
        put(names, name, null, args -> argument(args, 0, List.class, name));
      }
    }
    put(
        names,
        "collections.OrderedDict",
        null,
        args -> {
          if (args.length > 0) {
            throw new RefusedException("its pickle calls collections.OrderedDict with arguments");
          }
          return new LinkedHashMap<>();
        });
    return Map.copyOf(names);
  }

  private static void put(
      Map<String, KnownName> names, String name, Object meaning, Function<Object[], Object> body) {
    names.put(name, new KnownName(name, meaning, body));
  }

  /** (storage, storage_offset, size, stride, ...): what follows does not change the values. */
  private static StoredTensor rebuildTensor(Object[] args) {
    return view(args, argument(args, 0, StorageReference.class, "a tensor"));
  }

  /** (storage, storage_offset, size, stride, requires_grad, backward_hooks, dtype, metadata). */
  private static StoredTensor rebuildTypedTensor(Object[] args) {
    StorageReference storage = argument(args, 0, StorageReference.class, "a tensor");
    KnownName dtype = argument(args, 6, KnownName.class, "a tensor");
    if (!(dtype.meaning instanceof ElementType type) || dtype.name.endsWith("Storage")) {
      throw new RefusedException("a tensor's dtype is " + dtype.name + ", which is none");
    }
    return view(args, new StorageReference(storage.key(), type, storage.bytes()));
  }

  private static StoredTensor view(Object[] args, StorageReference storage) {
    return new StoredTensor(
        storage,
        argument(args, 1, Object.class, "a tensor"),
        argument(args, 2, Object[].class, "a tensor"),
        argument(args, 3, Object[].class, "a tensor"));
  }

  private static StoredTensor tensor(Object[] args, int index) {
    return argument(args, index, StoredTensor.class, "torch._utils._rebuild_parameter");
  }

  private static <T> T argument(Object[] args, int index, Class<T> type, String of) {
    if (index < args.length && type.isInstance(args[index])) {
      return type.cast(args[index]);
    }
    throw new RefusedException(
        "its pickle builds " + of + " from the wrong values (argument " + (index + 1) + ")");
  }
}
