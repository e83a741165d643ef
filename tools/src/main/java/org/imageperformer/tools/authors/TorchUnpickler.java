package org.imageperformer.tools.authors;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;
import org.imageperformer.savedmodels.OneLine;

/**
 * Reads the {@code data.pkl} of a checkpoint: tensors and plain values. All else is {@link Opaque}.
 *
 * <p>The library's reader builds an object for any name, calls {@code __setstate__} by reflection,
 * and takes constructors from a registry that the whole program shares. So everything that names,
 * calls or builds ({@code GLOBAL, REDUCE, NEWOBJ, BUILD}) is handled here, by {@link KnownName};
 * what only pushes plain values goes to the library; every other opcode is refused. The work stays
 * proportional to the length of the pickle: announced lengths are checked before memory is taken,
 * no opcode copies or hashes a whole container.
 */
final class TorchUnpickler extends Unpickler {
  private static final int LONGEST_INTEGER = 255;
  private static final int LONGEST_WORDS = 200;

  private TorchUnpickler() {}

  /**
   * The object that the pickle describes: dictionaries as {@link Map} in their order, lists and
   * sets as {@link List}, tuples as {@code Object[]}, tensors as {@link StoredTensor}, objects of
   * classes that are not known as {@link Opaque}.
   *
   * @throws RefusedException if the pickle is damaged or asks for more than a checkpoint needs
   */
  static Object read(byte[] pickle) {
    TorchUnpickler unpickler = new TorchUnpickler();
    try {
      return unpickler.load(new ByteArrayInputStream(pickle));
    } catch (RefusedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The library reports damage as whatever exception the damage happens to cause.
      throw new RefusedException("its data.pkl is damaged: " + OneLine.reason(e), e);
    } finally {
      unpickler.close();
    }
  }

  @Override
  protected Object dispatch(short opcode) throws IOException {
    switch (opcode) {
      case Opcodes.GLOBAL -> {
        String module = PickleUtils.readline(input);
        stack.add(KnownName.find(module, PickleUtils.readline(input)));
      }
      case Opcodes.STACK_GLOBAL -> {
        String name = pop(String.class);
        stack.add(KnownName.find(pop(String.class), name));
      }
      case Opcodes.REDUCE, Opcodes.NEWOBJ -> call(pop(Object[].class));
      case Opcodes.NEWOBJ_EX -> {
        pop(Map.class);
        call(pop(Object[].class));
      }
      case Opcodes.BUILD -> {
        Object state = stack.pop();
        if (stack.peek() instanceof Opaque object) {
          object.build(state);
        } else {
          // The attributes of a dictionary (an OrderedDict's _metadata) are not needed.
          peek(Map.class);
        }
      }
      case Opcodes.POP -> stack.pop();
      case Opcodes.POP_MARK -> stack.pop_all_since_marker();
      case Opcodes.EMPTY_DICT -> stack.add(new LinkedHashMap<>());
      case Opcodes.SETITEM -> {
        Object value = stack.pop();
        Object key = stack.pop();
        setItems(List.of(new Entry(key, value)));
      }
      case Opcodes.SETITEMS -> setItems(entries(stack.pop_all_since_marker()));
      case Opcodes.EMPTY_SET -> stack.add(new ArrayList<>(0));
      case Opcodes.FROZENSET -> {
        stack.pop_all_since_marker();
        stack.add(new Opaque("a frozenset"));
      }
      case Opcodes.APPENDS, Opcodes.ADDITEMS -> {
        List<Object> items = stack.pop_all_since_marker();
        if (!(stack.peek() instanceof Opaque)) {
          list().addAll(items);
        }
      }
      case Opcodes.APPEND -> {
        Object item = stack.pop();
        if (!(stack.peek() instanceof Opaque)) {
          list().add(item);
        }
      }
      case Opcodes.BINUNICODE, Opcodes.BINSTRING, Opcodes.BINBYTES -> {
        checkLength(4);
        return super.dispatch(opcode);
      }
      case Opcodes.BINUNICODE8, Opcodes.BINBYTES8, Opcodes.BYTEARRAY8 -> {
        checkLength(8);
        return super.dispatch(opcode);
      }
      case Opcodes.LONG4 -> {
        if (checkLength(4) > LONGEST_INTEGER) {
          throw new RefusedException("its data.pkl holds an integer of absurd length");
        }
        return super.dispatch(opcode);
      }
      case Opcodes.PROTO,
          Opcodes.FRAME,
          Opcodes.STOP,
          Opcodes.MARK,
          Opcodes.NONE,
          Opcodes.NEWTRUE,
          Opcodes.NEWFALSE,
          Opcodes.BININT,
          Opcodes.BININT1,
          Opcodes.BININT2,
          Opcodes.LONG1,
          Opcodes.BINFLOAT,
          Opcodes.SHORT_BINUNICODE,
          Opcodes.SHORT_BINSTRING,
          Opcodes.SHORT_BINBYTES,
          Opcodes.EMPTY_LIST,
          Opcodes.EMPTY_TUPLE,
          Opcodes.TUPLE,
          Opcodes.TUPLE1,
          Opcodes.TUPLE2,
          Opcodes.TUPLE3,
          Opcodes.BINPUT,
          Opcodes.LONG_BINPUT,
          Opcodes.MEMOIZE,
          Opcodes.BINGET,
          Opcodes.LONG_BINGET,
          Opcodes.BINPERSID -> {
        return super.dispatch(opcode);
      }
      default ->
          throw new RefusedException(
              "its data.pkl uses the pickle opcode 0x"
                  + Integer.toHexString(opcode)
                  + ", which PyTorch does not write: it is damaged or no checkpoint");
    }
    return NO_RETURN_VALUE;
  }

  /** A storage: ("storage", storage class, key, location, number of elements). */
  @Override
  protected Object persistentLoad(Object id) {
    if (id instanceof Object[] parts
        && parts.length >= 5
        && "storage".equals(parts[0])
        && parts[1] instanceof KnownName storageClass
        && parts[2] instanceof String key) {
      Optional<ElementType> known = storageClass.storageType();
      if (known.isEmpty()) {
        return new Opaque("a storage of " + storageClass);
      }
      ElementType type = known.get();
      long count = Numbers.natural(parts[4], "the length of a storage");
      return new StorageReference(key, type, Math.multiplyExact(count, (long) type.bytes()));
    }
    throw new RefusedException("its data.pkl refers to outside data that is no storage");
  }

  private record Entry(Object key, Object value) {}

  private static List<Entry> entries(List<Object> items) {
    if (items.size() % 2 != 0) {
      throw new RefusedException("its data.pkl is damaged: a dictionary has a key without a value");
    }
    List<Entry> entries = new ArrayList<>(items.size() / 2);
    for (int i = 0; i < items.size(); i += 2) {
      entries.add(new Entry(items.get(i), items.get(i + 1)));
    }
    return entries;
  }

  /** A call of what lies on the stack. */
  private void call(Object[] args) {
    if (stack.peek() instanceof Opaque object) {
      stack.pop();
      stack.add(new Opaque(OneLine.of("what " + object + " gives", LONGEST_WORDS)));
    } else {
      stack.add(pop(KnownName.class).call(args));
    }
  }

  private void setItems(List<Entry> entries) {
    if (stack.peek() instanceof Opaque object) {
      entries.forEach(entry -> object.put(dictionaryKey(entry.key()), entry.value()));
      return;
    }
    // The only maps here are those of this class and of KnownName, from Object to Object.
    @SuppressWarnings("unchecked")
    Map<Object, Object> target = peek(Map.class);
    entries.forEach(entry -> target.put(dictionaryKey(entry.key()), entry.value()));
  }

  /** Containers are no keys in Python either; hashing one here could take forever. */
  private static Object dictionaryKey(Object key) {
    if (key instanceof KnownName known) {
      return known.name();
    }
    if (key == null
        || key instanceof String
        || key instanceof Boolean
        || key instanceof Integer
        || key instanceof Long
        || key instanceof BigInteger
        || key instanceof Double
        || key instanceof Object[]
        || key instanceof byte[]
        || key instanceof Opaque) {
      return key;
    }
    throw new RefusedException(
        "its data.pkl is damaged: a dictionary key is " + PythonKind.of(key));
  }

  private List<Object> list() {
    // The only lists here are those of the library and of this class, of Object.
    @SuppressWarnings("unchecked")
    List<Object> list = peek(List.class);
    return list;
  }

  private <T> T pop(Class<T> type) {
    T value = peek(type);
    stack.pop();
    return value;
  }

  private <T> T peek(Class<T> type) {
    Object value = stack.peek();
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    throw new RefusedException(
        "its data.pkl is damaged: %s where %s is expected"
            .formatted(PythonKind.of(value), PythonKind.of(type)));
  }

  /** The announced length of what follows, which must be there before memory is taken for it. */
  private long checkLength(int lengthBytes) throws IOException {
    input.mark(lengthBytes);
    byte[] announced = PickleUtils.readbytes(input, lengthBytes);
    long length =
        lengthBytes == 4
            ? PickleUtils.bytes_to_uint(announced, 0)
            : PickleUtils.bytes_to_long(announced, 0);
    if (length < 0 || length > input.available()) {
      throw new RefusedException(
          "its data.pkl is damaged: it announces %s bytes where %s are left"
              .formatted(Long.toUnsignedString(length), input.available()));
    }
    input.reset();
    return length;
  }
}
