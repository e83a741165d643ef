package org.imageperformer.options;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One row: all that is to be known of an option. Immutable; the methods that say more about it give
 * a new row. Two rows are the same option if they have the same name.
 *
 * <pre>
 * static final Option&lt;Integer&gt; POS_SCALES =
 *     Option.integer("pos_scales", 4).atLeast(1).affects(MODEL).help("Frequencies of the encoding.");
 * </pre>
 *
 * @param <T> type of its values
 */
public final class Option<T> {
  /** How a value stands in a file of hyperparameters. */
  public enum Form {
    /** As the text that the command line takes. */
    TEXT,
    /** A whole number that fits an int. */
    INTEGER,
    /** A whole number. */
    LONG,
    /** A number. */
    NUMBER,
    /** True or false. */
    BOOLEAN
  }

  /** Something that a value must be. */
  private record Check<T>(Predicate<T> passes, Function<T, String> problem) {}

  /** What a row says besides its values. */
  private record About(
      Affects affects,
      boolean changeable,
      boolean speed,
      boolean hidden,
      String help,
      List<String> aliases,
      Map<String, String> synonyms) {

    About with(Affects other) {
      return new About(other, other.changeable(), speed, hidden, help, aliases, synonyms);
    }

    About withHelp(String text) {
      return new About(affects, changeable, speed, hidden, text, aliases, synonyms);
    }
  }

  private final String name;
  private final Type<T> type;
  private final Supplier<Optional<T>> standard;
  private final Optional<String> standardText;
  private final List<Check<T>> checks;
  private final About about;

  private Option(
      String name,
      Type<T> type,
      Supplier<Optional<T>> standard,
      Optional<String> standardText,
      List<Check<T>> checks,
      About about) {
    this.name = name;
    this.type = type;
    this.standard = standard;
    this.standardText = standardText;
    this.checks = checks;
    this.about = about;
  }

  private static <T> Option<T> of(String name, Type<T> type, T standard) {
    Optional<T> value = Optional.ofNullable(standard);
    return new Option<>(
        name,
        type,
        () -> value,
        Optional.empty(),
        List.of(),
        new About(Affects.TRAINING, false, false, false, "", List.of(), Map.of()));
  }

  /**
   * A whole number.
   *
   * @param standard its default, null for none
   */
  public static Option<Integer> integer(String name, Integer standard) {
    return of(name, Type.number(Form.INTEGER, "a whole number", Integer::valueOf), standard);
  }

  /**
   * A whole number of 64 bits.
   *
   * @param standard its default, null for none
   */
  public static Option<Long> longInteger(String name, Long standard) {
    return of(name, Type.number(Form.LONG, "a whole number", Long::valueOf), standard);
  }

  /**
   * A number.
   *
   * @param standard its default, null for none
   */
  public static Option<Double> number(String name, Double standard) {
    return of(name, Type.number(Form.NUMBER, "a number", Double::valueOf), standard);
  }

  /** Off unless it is named; takes no value on the command line. */
  public static Option<Boolean> flag(String name) {
    return of(name, Type.FLAG, false);
  }

  /** True or false, said in words. */
  public static Option<Boolean> bool(String name, boolean standard) {
    return of(name, Type.BOOL, standard);
  }

  /**
   * A word or text.
   *
   * @param standard its default, null for none
   */
  public static Option<String> text(String name, String standard) {
    return parsed(name, text -> text, standard).label("NAME");
  }

  /** A file or folder. */
  public static Option<Path> path(String name, Path standard) {
    return parsed(name, Path::of, standard).label("DIR");
  }

  /** One of a type's constants. */
  public static <T extends Enum<T> & Labelled> Option<T> choice(String name, T standard) {
    Class<T> type = standard.getDeclaringClass();
    List<String> labels = Labelled.labels(type);
    return of(
        name,
        new Type<>(
            Form.TEXT,
            String.join("|", labels),
            () -> labels,
            text -> Labelled.of(type, name, text),
            Labelled::label),
        standard);
  }

  /**
   * One of several names.
   *
   * @param names asked for when they are needed
   */
  public static Option<String> oneOf(String name, String standard, Supplier<List<String>> names) {
    Function<String, String> known =
        text -> {
          if (!names.get().contains(text)) {
            throw Words.unknown(name, text, names.get());
          }
          return text;
        };
    return of(name, new Type<>(Form.TEXT, "", names, known, text -> text), standard);
  }

  /** Whole numbers with commas between; {@code (1,2)} and {@code [1, 2]} are understood, too. */
  public static Option<List<Integer>> integers(String name, List<Integer> standard) {
    return list(name, "whole numbers", Integer::valueOf, standard);
  }

  /** Numbers with commas between; {@code (1,2)} and {@code [1, 2]} are understood, too. */
  public static Option<List<Double>> numbers(String name, List<Double> standard) {
    return list(name, "numbers", Double::valueOf, standard);
  }

  private static <T> Option<List<T>> list(
      String name, String what, Function<String, T> parser, List<T> standard) {
    return parsed(
            name,
            text -> {
              String items = text.replaceAll("[()\\[\\]\\s]", "");
              try {
                return items.isEmpty()
                    ? List.<T>of()
                    : Arrays.stream(items.split(",", -1))
                        .filter(item -> !item.isEmpty() || !items.endsWith(","))
                        .map(parser)
                        .toList();
              } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                    "'" + text + "' is no list: expected " + what + " such as 1,2", e);
              }
            },
            standard)
        .formatted(list -> list.stream().map(String::valueOf).collect(Collectors.joining(",")))
        .label("N,N");
  }

  /**
   * Something else, by its text.
   *
   * @param parser throws IllegalArgumentException, with what was expected, for a wrong text
   * @param standard its default, null for none
   */
  public static <T> Option<T> parsed(String name, Function<String, T> parser, T standard) {
    return of(name, new Type<>(Form.TEXT, "TEXT", List::of, parser, String::valueOf), standard);
  }

  private Option<T> with(Type<T> other) {
    return new Option<>(name, other, standard, standardText, checks, about);
  }

  /** With another word for its value in the help. */
  public Option<T> label(String label) {
    return with(type.withLabel(label));
  }

  /** With texts that its parser reads back, where {@code toString} is none. */
  public Option<T> formatted(Function<T, String> format) {
    return with(type.withFormat(format));
  }

  /** With what the help says of its default, where that is none or is found out later. */
  public Option<T> standardText(String text) {
    return new Option<>(name, type, standard, Optional.of(text), checks, about);
  }

  /** With a default that is made anew each time. */
  public Option<T> drawn(Supplier<T> value, String text) {
    return new Option<>(
        name, type, () -> Optional.of(value.get()), Optional.of(text), checks, about);
  }

  /** With another default, as its text. */
  public Option<T> standard(String text) {
    Optional<T> value = Optional.of(parse(text));
    return new Option<>(name, type, () -> value, Optional.empty(), checks, about);
  }

  private Option<T> with(About other) {
    return new Option<>(name, type, standard, standardText, checks, other);
  }

  /** With what another value changes. */
  public Option<T> affects(Affects what) {
    return with(about.with(what));
  }

  /** One that a run that goes on may have another value of, against the rule of its kind. */
  public Option<T> changeable() {
    return with(
        new About(
            about.affects,
            true,
            about.speed,
            about.hidden,
            about.help,
            about.aliases,
            about.synonyms));
  }

  /** One that decides how long a step takes, though it does not define the model. */
  public Option<T> speed() {
    return with(
        new About(
            about.affects,
            about.changeable,
            true,
            about.hidden,
            about.help,
            about.aliases,
            about.synonyms));
  }

  /** Kept with a run, but not on the command line. */
  public Option<T> hidden() {
    return with(
        new About(
            about.affects,
            about.changeable,
            about.speed,
            true,
            about.help,
            about.aliases,
            about.synonyms));
  }

  /** With another name that the command line understands; help shows its own name alone. */
  public Option<T> alias(String other) {
    List<String> all = new ArrayList<>(about.aliases);
    all.add(other);
    return with(
        new About(
            about.affects,
            about.changeable,
            about.speed,
            about.hidden,
            about.help,
            List.copyOf(all),
            about.synonyms));
  }

  /** With another word for one of its values, in small letters. */
  public Option<T> synonym(String other, String value) {
    Map<String, String> all = new LinkedHashMap<>(about.synonyms);
    all.put(other, value);
    return with(
        new About(
            about.affects,
            about.changeable,
            about.speed,
            about.hidden,
            about.help,
            about.aliases,
            Map.copyOf(all)));
  }

  /** With a sentence or two for the help. */
  public Option<T> help(String text) {
    return with(about.withHelp(text));
  }

  /**
   * With one more condition.
   *
   * @param problem what to say of a value that does not pass
   */
  public Option<T> check(Predicate<T> passes, Function<T, String> problem) {
    List<Check<T>> all = new ArrayList<>(checks);
    all.add(new Check<>(passes, problem));
    return new Option<>(name, type, standard, standardText, List.copyOf(all), about);
  }

  /** With the smallest number it may be. */
  public Option<T> atLeast(long least) {
    return check(
        value -> ((Number) value).longValue() >= least,
        value -> name + " is " + value + ", must be at least " + least);
  }

  /** Its name: on the command line, in the authors' spelling, and in hparams.json. */
  public String name() {
    return name;
  }

  /** Other names that the command line understands. */
  public List<String> aliases() {
    return about.aliases;
  }

  /** What the help calls its value; empty for a flag. */
  public String label() {
    List<String> choices = choices();
    return type.label().isEmpty() && !choices.isEmpty() ? String.join("|", choices) : type.label();
  }

  /** The texts that it can be; empty for any. */
  public List<String> choices() {
    return type.choices().get();
  }

  /** Whether it takes no value on the command line. */
  public boolean isFlag() {
    return form() == Form.BOOLEAN && type.label().isEmpty();
  }

  /** How its values stand in a file of hyperparameters. */
  public Form form() {
    return type.form();
  }

  /** Its value when it is not given. */
  public Optional<T> standard() {
    return standard.get();
  }

  /** What the help says of its default. */
  public String standardText() {
    return standardText.orElseGet(() -> standard().map(this::format).orElse("none"));
  }

  /** What another value changes. */
  public Affects affects() {
    return about.affects;
  }

  /** Whether a run that goes on may have another value than before. */
  public boolean isChangeable() {
    return about.changeable;
  }

  /** Whether it decides how long a step takes. */
  public boolean isSpeed() {
    return about.speed || about.affects == Affects.MODEL;
  }

  /** Whether it is kept with a run, but not on the command line. */
  public boolean isHidden() {
    return about.hidden;
  }

  /** A sentence or two for the help. */
  public String help() {
    return about.help;
  }

  /** The text that {@link #parse} reads back. */
  public String format(T value) {
    return type.format().apply(value);
  }

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException if it is none of its values
   */
  public T parse(String text) {
    return type.parser().apply(text);
  }

  /**
   * Reads a word of the command line; a choice in small or capital letters.
   *
   * @throws IllegalArgumentException naming the option, what was expected and found
   */
  public T argument(String word) {
    List<String> choices = choices();
    String known = about.synonyms.getOrDefault(word.toLowerCase(Locale.ROOT), word);
    String text =
        choices.contains(known)
            ? known
            : choices.stream().filter(known::equalsIgnoreCase).findFirst().orElse(word);
    if (!choices.isEmpty() && !choices.contains(text)) {
      throw new IllegalArgumentException(
          name
              + " is "
              + text
              + ", must be one of "
              + String.join(", ", choices)
              + Words.nearest(text, choices).map(near -> " (" + near + "?)").orElse(""));
    }
    try {
      return parse(text);
    } catch (NumberFormatException e) {
      boolean large = text.matches("[+-]?\\d+");
      throw new IllegalArgumentException(
          name + " is " + text + (large ? ", too large a number" : ", must be " + type.expected()),
          e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  /** What a file of hyperparameters holds: a text, number or truth value. */
  public Object toPlain(T value) {
    return form() == Form.TEXT ? format(value) : value;
  }

  /**
   * Reads back what {@link #toPlain} gave.
   *
   * @param plain of the type that {@link #form} says
   * @throws IllegalArgumentException for a text that is none of its values
   */
  @SuppressWarnings("unchecked") // As the form says.
  public T ofPlain(Object plain) {
    return form() == Form.TEXT ? parse((String) plain) : (T) plain;
  }

  /** What is wrong with a value; empty if nothing is. */
  public List<String> problems(T value) {
    return checks.stream()
        .filter(check -> !check.passes().test(value))
        .map(check -> check.problem().apply(value))
        .toList();
  }

  @Override
  public String toString() {
    return name;
  }
}
