package org.imageperformer.tools.authors;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.imageperformer.savedmodels.OneLine;

/**
 * A class or function that the pickle of a checkpoint may name. The pickle can do no more with it
 * than {@link #call}, which runs the few lines below and nothing of Python or of the JDK by name.
 */
final class KnownName {
  private static final int LONGEST_WORDS = 200;
  private static final Map<String, KnownName> KNOWN = known();

  private final String name;
  private final Object meaning;
  private final Function<Object[], Object> body;

  private KnownName(String name, Object meaning, Function<Object[], Object> body) {
    this.name = name;
    this.meaning = meaning;
    this.body = body;
  }

  /** Looks a name up. A call of one that is not known gives an {@link Opaque}. */
  static KnownName find(String module, String name) {
    String full = module + "." + name;
    KnownName known = KNOWN.get(full);
    return known != null
        ? known
        : new KnownName(full, null, args -> new Opaque("an object of " + OneLine.quoted(full)));
  }

  /** The Python name, with its module. */
  String name() {
    return name;
  }

  /** The element type, if this is a storage class whose elements are known. */
  Optional<ElementType> storageType() {
    return meaning instanceof ElementType type && name.endsWith("Storage")
        ? Optional.of(type)
        : Optional.empty();
  }

  /** In words: {@code the class or function "numpy.dtype"}. */
  @Override
  public String toString() {
    return "the class or function " + OneLine.quoted(name);
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
    for (String parameter : List.of("_rebuild_parameter", "_rebuild_parameter_with_state")) {
      put(names, "torch._utils." + parameter, null, KnownName::parameter);
    }
    put(names, "torch._tensor._rebuild_from_type_v2", null, KnownName::rebuildFromType);
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
            return new Opaque("a collections.OrderedDict as older versions of Python wrote it");
          }
          return new LinkedHashMap<>();
        });
    // What makes the values of missing keys does not matter here.
    put(names, "collections.defaultdict", null, args -> new LinkedHashMap<>());
    return Map.copyOf(names);
  }

  private static void put(
      Map<String, KnownName> names, String name, Object meaning, Function<Object[], Object> body) {
    names.put(name, new KnownName(name, meaning, body));
  }

  /** (storage, storage_offset, size, stride, ...): what follows does not change the values. */
  private static Object rebuildTensor(Object[] args) {
    if (args.length > 0 && args[0] instanceof Opaque storage) {
      return new Opaque(OneLine.of("a tensor in " + storage, LONGEST_WORDS));
    }
    return view(args, argument(args, 0, StorageReference.class, "a tensor"));
  }

  /** (storage, storage_offset, size, stride, requires_grad, backward_hooks, dtype, metadata). */
  private static Object rebuildTypedTensor(Object[] args) {
    if (args.length > 0 && args[0] instanceof Opaque) {
      return rebuildTensor(args);
    }
    StorageReference storage = argument(args, 0, StorageReference.class, "a tensor");
    KnownName dtype = argument(args, 6, KnownName.class, "a tensor");
    if (!(dtype.meaning instanceof ElementType type) || dtype.name.endsWith("Storage")) {
      return new Opaque("a tensor of the type " + OneLine.quoted(dtype.name));
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

  /** (tensor, requires_grad, ...). */
  private static Object parameter(Object[] args) {
    return args.length > 0 && args[0] instanceof Opaque
        ? args[0]
        : argument(args, 0, StoredTensor.class, "torch._utils._rebuild_parameter");
  }

  /** (function, class, its arguments, attributes): a tensor with a class of its own. */
  private static Object rebuildFromType(Object[] args) {
    String of = "torch._tensor._rebuild_from_type_v2";
    KnownName function = argument(args, 0, KnownName.class, of);
    // Not within itself, which could go on until the stack ends.
    return function.name.equals(of)
        ? new Opaque("a tensor within itself")
        : function.call(argument(args, 2, Object[].class, of));
  }

  private static <T> T argument(Object[] args, int index, Class<T> type, String of) {
    if (index < args.length && type.isInstance(args[index])) {
      return type.cast(args[index]);
    }
    throw new RefusedException(
        "its pickle builds " + of + " from the wrong values (argument " + (index + 1) + ")");
  }
}
