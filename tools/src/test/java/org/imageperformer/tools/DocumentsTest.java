package org.imageperformer.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The pages in docs: what is cited is there, and what is there is the program. */
class DocumentsTest {
  private static final Path ROOT = Path.of("..");
  private static final Path DOCS = ROOT.resolve("docs");

  /** Line breaks of comments in Java, scripts and XML, and of pages. */
  private static final Pattern BREAK = Pattern.compile("\\s*\\R\\s*(?:\\*(?!/)|//|#)?\\s*");

  /** A page of docs, and after it a section by number or title, or a command. */
  private static final Pattern CITATION =
      Pattern.compile(
          "(?<![\\w./-])(?:docs/)?([a-z][a-z-]*\\.md)\\b"
              + "(?:,? sections? (\\d+)(?: and (\\d+))?|,? \"([^\"]+)\"|,? \\{@code ([^}]+)})?");

  /** A title before its page, as the pages cite each other. */
  private static final Pattern TITLE_FIRST =
      Pattern.compile("\"([^\"]+)\" in (?:docs/)([a-z][a-z-]*\\.md)");

  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?)\\s*$");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^()\\s]+)\\)");
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z0-9_-]*");

  /** A library's name in its jar's. */
  private static final Pattern JAR = Pattern.compile("/([^/!]+?)-\\d[^/!]*\\.jar!");

  private static final String TEST_LIBRARIES =
      "apiguardian-api|archunit.*|assertj-core|byte-buddy|failureaccess|guava|j2objc-annotations|jimfs"
          + "|junit-.*|listenablefuture|opentest4j|surefire.*|common-j.*"
          + "|datasets|eval|serve|savedmodels|tf-models|tools|training|options";

  /** A place that names a page. */
  private record Citation(Path file, String page, List<String> sections) {
    List<String> problems() {
      if (!Files.isRegularFile(DOCS.resolve(page))) {
        return List.of(file + " cites " + page + ", which docs does not have");
      }
      Set<String> headings = headings(DOCS.resolve(page));
      return sections.stream()
          .filter(section -> headings.stream().noneMatch(heading -> names(heading, section)))
          .map(section -> file + " cites " + page + ", \"" + section + "\": no such heading")
          .toList();
    }

    /** By its number, its whole title, or, of several, a command in it. */
    private static boolean names(String heading, String section) {
      return heading.equals(section)
          || heading.startsWith(section + ". ")
          || heading.replaceFirst("^\\d+\\. ", "").equals(section)
          || List.of(heading.split(", ")).contains(section);
    }
  }

  @Test
  void whatSourcesCiteIsThere() {
    List<Citation> citations = new ArrayList<>();
    for (Path file : files(DocumentsTest::isSource)) {
      citations.addAll(citations(file, read(file)));
    }

    assertThat(citations.stream().map(Citation::page))
        .contains("models.md", "cli.md", "data.md", "architecture.md", "gpu.md");
    assertThat(citations.stream().flatMap(citation -> citation.sections().stream()))
        .contains("4", "The SavedModel", "Shifted images", "test-shifted");
    assertThat(citations).flatMap(Citation::problems).isEmpty();
  }

  @Test
  void whatPagesCiteIsThere() {
    List<Citation> citations = new ArrayList<>();
    for (Path page : pages().toList()) {
      String text = read(page).replace("`", "");
      citations.addAll(citations(page, text));
      Matcher matcher = TITLE_FIRST.matcher(BREAK.matcher(text).replaceAll(" "));
      matcher
          .results()
          .forEach(
              found -> citations.add(new Citation(page, found.group(2), List.of(found.group(1)))));
    }

    assertThat(citations.stream().flatMap(citation -> citation.sections().stream()))
        .contains("6", "A run directory");
    assertThat(citations).flatMap(Citation::problems).isEmpty();
  }

  static Stream<Path> pages() {
    return Stream.concat(
        Stream.of(ROOT.resolve("README.md"), ROOT.resolve("results/README.md")),
        files(path -> path.startsWith(DOCS)).stream());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadToFiles(Path page) {
    assertThat(LINK.matcher(read(page)).results().map(link -> link.group(1)))
        .filteredOn(target -> !target.matches("[a-z]+:.*|#.*"))
        .allSatisfy(
            target -> assertThat(page.resolveSibling(target.replaceFirst("#.*", ""))).exists());
  }

  @Test
  void theReadmeLeadsToEveryPage() {
    String readme = read(ROOT.resolve("README.md"));

    assertThat(files(path -> path.startsWith(DOCS)))
        .isNotEmpty()
        .allSatisfy(page -> assertThat(readme).contains("(docs/" + page.getFileName() + ")"));
  }

  @Test
  void theTestCommandOfTheReadmeIsWhatCiRuns() {
    assertThat(read(ROOT.resolve("README.md"))).contains("```\nmvn -B verify\n```");
    assertThat(read(ROOT.resolve(".ci/run"))).contains("\nmvn -B verify\n");
  }

  @Test
  void thePageOfTheCommandLineHasAllCommandsAndOptions() {
    Set<String> commands = new TreeSet<>();
    Set<String> options = new TreeSet<>();
    PrintWriter nowhere = new PrintWriter(PrintWriter.nullWriter());
    collect(Main.commandLine(nowhere, nowhere).getCommandSpec(), commands, options);
    String page = read(DOCS.resolve("cli.md"));

    assertThat(commands)
        .contains("train")
        .allSatisfy(command -> assertThat(page).containsPattern("(?m)^\\|.*`" + command + "[ `]"));
    assertThat(
            OPTION
                .matcher(page)
                .results()
                .map(MatchResult::group)
                .map(option -> "--" + option.substring(2).replace('-', '_'))
                .distinct())
        .containsExactlyInAnyOrderElementsOf(options);
  }

  @Test
  void theNoticeNamesEveryLibraryThatShips() throws IOException {
    Set<String> shipped = new TreeSet<>();
    for (URL manifest :
        Collections.list(getClass().getClassLoader().getResources("META-INF/MANIFEST.MF"))) {
      Matcher jar = JAR.matcher(manifest.toString());
      if (jar.find() && !jar.group(1).matches(TEST_LIBRARIES)) {
        shipped.add(jar.group(1));
      }
    }
    String notice = read(ROOT.resolve("NOTICE"));

    assertThat(shipped)
        .contains("gson", "logback-core", "tensorflow-core-native", "VectorGraphics2D")
        .allSatisfy(
            library ->
                assertThat(notice)
                    .containsPattern("(?m)^  (.*, )?" + Pattern.quote(library) + "(,| |$)"));
  }

  private static void collect(CommandSpec command, Set<String> commands, Set<String> options) {
    command.options().stream()
        .filter(option -> !option.hidden())
        .forEach(option -> options.add(option.longestName()));
    for (CommandLine subcommand : command.subcommands().values()) {
      CommandSpec spec = subcommand.getCommandSpec();
      if (!spec.usageMessage().hidden()) {
        commands.add(spec.parent().root() == spec.parent() ? spec.name() : qualified(spec));
        collect(spec, commands, options);
      }
    }
  }

  /** Such as {@code datasets download}. */
  private static String qualified(CommandSpec spec) {
    return spec.parent().name() + " " + spec.name();
  }

  private static List<Citation> citations(Path file, String text) {
    List<Citation> citations = new ArrayList<>();
    Matcher matcher = CITATION.matcher(BREAK.matcher(text).replaceAll(" "));
    while (matcher.find()) {
      List<String> sections = new ArrayList<>();
      for (int group = 2; group <= matcher.groupCount(); group++) {
        if (matcher.group(group) != null) {
          sections.add(matcher.group(group));
        }
      }
      citations.add(new Citation(file, matcher.group(1), sections));
    }
    return citations;
  }

  private static Set<String> headings(Path page) {
    Set<String> headings = new HashSet<>();
    HEADING
        .matcher(read(page))
        .results()
        .forEach(heading -> headings.add(heading.group(1).replace("`", "")));
    return headings;
  }

  private static boolean isSource(Path path) {
    String name = path.getFileName().toString();
    return name.endsWith(".java")
        || name.equals("pom.xml")
        || path.equals(ROOT.resolve("performer"));
  }

  /** Files of the repository, without what is built, trained and downloaded. */
  private static List<Path> files(Predicate<Path> wanted) {
    Set<String> others = Set.of("target", ".git", "data", "runs", "pretrained");
    try (Stream<Path> all =
        Files.find(
            ROOT,
            20,
            (path, attributes) ->
                attributes.isRegularFile()
                    && wanted.test(path)
                    && Stream.of(path.toString().split("/")).noneMatch(others::contains))) {
      return all.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
