package org.imageperformer.tools.authors;

import java.math.BigInteger;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.imageperformer.savedmodels.OneLine;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.Schema;

/**
 * The values of YAML 1.1 as PyYAML reads them: {@code yes} and {@code off} are truth values, {@code
 * 010} is 8, {@code 1_000} a thousand, {@code 1:30} ninety, and {@code 1e-3}, without a point, is
 * text. What is no text, truth value or number is {@link Opaque}, whatever its tag; nothing is
 * built or executed.
 */
final class PyYaml {
  static final Schema SCHEMA = new PyYamlSchema();

  private static final String PYTHON = "python/";
  private static final Tag TIMESTAMP = new Tag(Tag.PREFIX + "timestamp");

  private static final Pattern BOOL = Pattern.compile("(?i:yes|no|true|false|on|off)");
  private static final Pattern INT =
      Pattern.compile(
          "[-+]?(0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(:[0-5]?[0-9])+)");
  private static final Pattern FLOAT =
      Pattern.compile(
          "[-+]?[0-9][0-9_]*\\.[0-9_]*([eE][-+][0-9]+)?|\\.[0-9][0-9_]*([eE][-+][0-9]+)?"
              + "|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\\.[0-9_]*"
              + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
  private static final Pattern NULL = Pattern.compile("~|null|Null|NULL|");
  private static final Pattern DATE =
      Pattern.compile("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \\t].*)?");

  /** With an explicit tag. */
  private static final Pattern ANY_FLOAT =
      Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]{1,9})?");

  private static final BigInteger SIXTY = BigInteger.valueOf(60);

  private PyYaml() {}

  private static final class PyYamlSchema implements Schema {
    @Override
    public ScalarResolver getScalarResolver() {
      return (text, plain) -> plain ? tag(text) : Tag.STR;
    }

    @Override
    public Map<Tag, ConstructNode> getSchemaTagConstructors() {
      return Map.of();
    }
  }

  private static Tag tag(String text) {
    if (NULL.matcher(text).matches()) {
      return Tag.NULL;
    }
    if (BOOL.matcher(text).matches() && isOneCase(text)) {
      return Tag.BOOL;
    }
    if (INT.matcher(text).matches()) {
      return Tag.INT;
    }
    if (FLOAT.matcher(text).matches()) {
      return Tag.FLOAT;
    }
    return DATE.matcher(text).matches() ? TIMESTAMP : Tag.STR;
  }

  /** Lower, upper, or with a capital: yEs is text. */
  private static boolean isOneCase(String text) {
    String tail = text.substring(1);
    return tail.equals(tail.toLowerCase(Locale.ROOT)) || text.equals(text.toUpperCase(Locale.ROOT));
  }

  /**
   * The entries of a document that is a mapping, or an object that is one. Keys that are no text
   * are left out.
   *
   * @throws RefusedException if it is something else
   */
  static Map<String, Object> entries(Node document) {
    if (document instanceof ScalarNode scalar && value(scalar) == null) {
      return Map.of();
    }
    Map<String, Object> entries = new LinkedHashMap<>();
    put(mapping(document), entries, Collections.newSetFromMap(new IdentityHashMap<>()));
    return entries;
  }

  private static MappingNode mapping(Node document) {
    String tag = name(document.getTag());
    if (document instanceof MappingNode mapping) {
      if (tag.startsWith(PYTHON + "object/")) {
        // A dictionary of a class of its own.
        return entry(mapping, "dictitems").or(() -> entry(mapping, "state")).orElse(mapping);
      }
      return mapping;
    }
    throw new RefusedException(
        "expected one \"name: value\" a line, found " + description(document));
  }

  private static Optional<MappingNode> entry(MappingNode mapping, String key) {
    return mapping.getValue().stream()
        .filter(pair -> pair.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key))
        .map(NodeTuple::getValueNode)
        .filter(MappingNode.class::isInstance)
        .map(MappingNode.class::cast)
        .findFirst();
  }

  /** Merged entries first, which the mapping's own replace. */
  private static void put(MappingNode mapping, Map<String, Object> entries, Set<Node> merged) {
    if (!merged.add(mapping)) {
      return;
    }
    Map<String, Object> own = new LinkedHashMap<>();
    for (NodeTuple pair : mapping.getValue()) {
      if (!(pair.getKeyNode() instanceof ScalarNode key)) {
        continue;
      }
      if (key.isPlain() && key.getValue().equals("<<")) {
        merge(pair.getValueNode(), entries, merged);
      } else if (value(key) instanceof String name) {
        own.put(
            name, own.containsKey(name) ? new Opaque("given twice") : value(pair.getValueNode()));
      }
    }
    entries.putAll(own);
  }

  private static void merge(Node node, Map<String, Object> entries, Set<Node> merged) {
    if (node instanceof MappingNode other) {
      put(other, entries, merged);
    } else if (node instanceof SequenceNode list) {
      // The first of several counts most.
      List<Node> others = list.getValue();
      for (int i = others.size() - 1; i >= 0; i--) {
        if (others.get(i) instanceof MappingNode other) {
          put(other, entries, merged);
        }
      }
    }
  }

  private static Object value(Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      return new Opaque(description(node));
    }
    String text = scalar.getValue();
    try {
      return switch (name(node.getTag())) {
        case "null", PYTHON + "none" -> null;
        case "str", PYTHON + "str", PYTHON + "unicode" -> text;
        case "bool", PYTHON + "bool" -> bool(text);
        case "int", PYTHON + "int", PYTHON + "long" -> integer(text);
        case "float", PYTHON + "float" -> number(text);
        default -> new Opaque(description(node));
      };
    } catch (NumberFormatException e) {
      return new Opaque("a wrong !!" + name(node.getTag()));
    }
  }

  private static String description(Node node) {
    return switch (name(node.getTag())) {
      case "seq" -> "a list";
      case "map" -> "a mapping";
      case "timestamp" -> "a date";
      case "str", "int", "float", "bool", "null" -> "a single value";
      default -> "a value with the tag " + OneLine.quoted("!!" + name(node.getTag()));
    };
  }

  private static String name(Tag tag) {
    String value = tag.getValue();
    return value.startsWith(Tag.PREFIX) ? value.substring(Tag.PREFIX.length()) : value;
  }

  private static Boolean bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "yes", "true", "on" -> true;
      case "no", "false", "off" -> false;
      default -> throw new NumberFormatException(text);
    };
  }

  private static Number integer(String text) {
    String digits = text.replace("_", "");
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    BigInteger value;
    if (digits.startsWith("0b")) {
      value = new BigInteger(digits.substring(2), 2);
    } else if (digits.startsWith("0x")) {
      value = new BigInteger(digits.substring(2), 16);
    } else if (digits.indexOf(':') >= 0) {
      value = BigInteger.ZERO;
      for (String part : digits.split(":", -1)) {
        value = value.multiply(SIXTY).add(new BigInteger(part));
      }
    } else {
      value = new BigInteger(digits, digits.length() > 1 && digits.charAt(0) == '0' ? 8 : 10);
    }
    value = negative ? value.negate() : value;
    if (value.bitLength() < Integer.SIZE) {
      return value.intValue();
    }
    return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
  }

  private static Double number(String text) {
    String digits = text.replace("_", "").toLowerCase(Locale.ROOT);
    return switch (digits) {
      case ".nan" -> Double.NaN;
      case ".inf", "+.inf" -> Double.POSITIVE_INFINITY;
      case "-.inf" -> Double.NEGATIVE_INFINITY;
      default -> digits.indexOf(':') < 0 ? plain(digits) : ofBaseSixty(digits);
    };
  }

  private static double ofBaseSixty(String digits) {
    double sum = 0;
    for (String part : digits.replaceFirst("^[-+]", "").split(":", -1)) {
      sum = sum * 60 + plain(part);
    }
    return digits.startsWith("-") ? -sum : sum;
  }

  private static double plain(String digits) {
    if (!ANY_FLOAT.matcher(digits).matches()) {
      throw new NumberFormatException(digits);
    }
    return Double.parseDouble(digits);
  }
}
