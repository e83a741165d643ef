package org.imageperformer.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionTest {
  private enum Colour implements Labelled {
    DARK_RED("dark-red"),
    BLUE("blue");

    private final String label;

    Colour(String label) {
      this.label = label;
    }

    @Override
    public String label() {
      return label;
    }
  }

  private static final Option<Integer> ROWS =
      Option.integer("rows", 3).atLeast(1).affects(Affects.MODEL).help("Rows.");
  private static final Option<Double> RATE =
      Option.number("rate", 0.5)
          .check(rate -> rate < 1, rate -> "rate is " + rate + ", must be below 1");
  private static final Option<Colour> COLOUR = Option.choice("colour", Colour.BLUE);
  private static final Option<Boolean> PLAIN = Option.flag("plain");
  private static final Option<Boolean> GROWTH = Option.bool("growth", true);
  private static final Option<List<Integer>> STEPS = Option.integers("steps", List.of(400));
  private static final Option<Long> LIMIT = Option.longInteger("limit", null);
  private static final Option<Path> WHERE = Option.path("where", Path.of("data"));
  private static final OptionSet ALL =
      OptionSet.of(ROWS, RATE, COLOUR, PLAIN, GROWTH, STEPS, LIMIT, WHERE);

  @Test
  void aRowSaysEverything() {
    assertThat(ROWS.name()).isEqualTo("rows");
    assertThat(ROWS.label()).isEqualTo("N");
    assertThat(ROWS.standard()).hasValue(3);
    assertThat(ROWS.standardText()).isEqualTo("3");
    assertThat(ROWS.affects()).isEqualTo(Affects.MODEL);
    assertThat(ROWS.help()).isEqualTo("Rows.");
    assertThat(COLOUR.label()).isEqualTo("dark-red|blue");
    assertThat(COLOUR.choices()).containsExactly("dark-red", "blue");
    assertThat(LIMIT.standardText()).isEqualTo("none");
    assertThat(LIMIT.standardText("all").standardText()).isEqualTo("all");
    assertThat(PLAIN.isFlag()).isTrue();
    assertThat(GROWTH.isFlag()).isFalse();
  }

  @Test
  void wordsOfTheCommandLineAreRead() {
    assertThat(ROWS.argument("7")).isEqualTo(7);
    assertThat(COLOUR.argument("dark-red")).isEqualTo(Colour.DARK_RED);
    assertThat(GROWTH.argument("false")).isFalse();
    assertThat(PLAIN.argument("")).isTrue();
    assertThat(WHERE.argument("x/y")).isEqualTo(Path.of("x/y"));
    for (String text : List.of("150,300", "(150,300)", "[150, 300]", "(150,300,)")) {
      assertThat(STEPS.argument(text)).as(text).containsExactly(150, 300);
    }
    assertThat(STEPS.argument("(400,)")).containsExactly(400);
    assertThat(STEPS.argument("()")).isEmpty();
  }

  @Test
  void wrongWordsAreExplained() {
    assertThatThrownBy(() -> ROWS.argument("a")).hasMessage("rows is a, must be a whole number");
    assertThatThrownBy(() -> ROWS.argument("99999999999"))
        .hasMessage("rows is 99999999999, too large a number");
    assertThatThrownBy(() -> RATE.argument("fast")).hasMessage("rate is fast, must be a number");
    assertThatThrownBy(() -> COLOUR.argument("bleu"))
        .hasMessage("colour is bleu, must be one of dark-red, blue (blue?)");
    assertThatThrownBy(() -> COLOUR.parse("green"))
        .hasMessage("unknown colour 'green'; known: dark-red, blue");
    assertThatThrownBy(() -> STEPS.argument("1,,2"))
        .hasMessage("steps: '1,,2' is no list: expected whole numbers such as 1,2");
  }

  @Test
  void filesHoldPlainValues() {
    Options options = ALL.defaults().with(COLOUR, Colour.DARK_RED).with(STEPS, List.of(1, 2));
    Map<String, Object> plain = options.toPlain();
    assertThat(plain)
        .containsEntry("rows", 3)
        .containsEntry("rate", 0.5)
        .containsEntry("colour", "dark-red")
        .containsEntry("plain", false)
        .containsEntry("steps", "1,2")
        .containsEntry("limit", null)
        .containsEntry("where", "data");
    assertThat(plain.keySet()).containsExactlyElementsOf(names(ALL));
    assertThat(COLOUR.ofPlain(plain.get("colour"))).isEqualTo(Colour.DARK_RED);
    assertThat(STEPS.ofPlain(plain.get("steps"))).containsExactly(1, 2);
    assertThat(ROWS.ofPlain(plain.get("rows"))).isEqualTo(3);
  }

  @Test
  void valuesBelongToRows() {
    Options options = ALL.defaults();
    assertThat(options.get(ROWS)).isEqualTo(3);
    assertThat(options.find(LIMIT)).isEmpty();
    assertThat(options.with(LIMIT, 5L).get(LIMIT)).isEqualTo(5);
    assertThat(options.with(LIMIT, 5L).without(LIMIT)).isEqualTo(options);
    assertThat(options.only(OptionSet.of(RATE)).toPlain()).isEqualTo(Map.of("rate", 0.5));
    Option<Integer> other = Option.integer("columns", 1);
    assertThat(options.find(other)).isEmpty();
    assertThatThrownBy(() -> options.get(LIMIT)).hasMessage("limit has no value here");
    assertThatThrownBy(() -> options.with(other, 1)).hasMessage("there is no option columns here");
  }

  @Test
  void problemsComeInTheOrderOfTheRows() {
    assertThat(ALL.defaults().problems()).isEmpty();
    assertThat(ALL.defaults().with(RATE, 1.0).with(ROWS, 0).problems())
        .containsExactly("rows is 0, must be at least 1", "rate is 1.0, must be below 1");
  }

  @Test
  void setsTakeOtherDefaults() {
    OptionSet other = ALL.withDefaults(Map.of("rows", "8", "colour", "dark-red", "foreign", "x"));
    assertThat(other.defaults().get(ROWS)).isEqualTo(8);
    assertThat(other.defaults().get(COLOUR)).isEqualTo(Colour.DARK_RED);
    assertThat(other.find("rows").orElseThrow().standardText()).isEqualTo("8");
    assertThat(other.defaults().with(ROWS, 0).problems()).hasSize(1);
  }

  @Test
  void otherSpellingsAreForTheCommandLineAlone() {
    Option<Colour> colour = COLOUR.alias("color").alias("tint").synonym("maroon", "dark-red");
    assertThat(colour.help("x").affects(Affects.DATA).aliases()).containsExactly("color", "tint");
    assertThat(colour.argument("Maroon")).isEqualTo(Colour.DARK_RED);
    assertThat(colour.argument("DARK-RED")).isEqualTo(Colour.DARK_RED);
    assertThat(colour.choices()).doesNotContain("maroon");
    assertThatThrownBy(() -> colour.parse("maroon")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNameStandsInASetOnce() {
    assertThatThrownBy(() -> OptionSet.of(ROWS).plus(Option.text("rows", "x")))
        .hasMessage("two options are named 'rows'");
  }

  private static List<String> names(OptionSet set) {
    return set.rows().stream().<String>map(Option::name).toList();
  }
}
