package org.imageperformer.tools;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The rules between the modules (architecture.md). */
class ArchitectureTest {
  private static final String ROOT = "org.imageperformer.";

  /** What each module may use of the others. */
  private static final Map<String, List<String>> ALLOWED =
      Map.of(
          "tfmodels", List.of("options"),
          "options", List.of(),
          "datasets", List.of("options"),
          "savedmodels", List.of(),
          "training", List.of("options", "tfmodels", "datasets", "savedmodels"),
          "eval", List.of("savedmodels", "datasets"),
          "serve", List.of("savedmodels", "datasets"),
          "tools",
              List.of(
                  "options", "training", "eval", "serve", "tfmodels", "datasets", "savedmodels"));

  private static final List<String> MODULES = ALLOWED.keySet().stream().sorted().toList();

  private static JavaClasses classes;

  @BeforeAll
  static void load() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.imageperformer");
  }

  @Test
  void everyClassBelongsToAModule() {
    assertThat(classes)
        .isNotEmpty()
        .allMatch(
            type ->
                MODULES.stream()
                    .anyMatch(module -> resideInAPackage(ROOT + module + "..").test(type)));
  }

  @ParameterizedTest
  @FieldSource("MODULES")
  void aModuleUsesOnlyWhatItMay(String module) {
    String[] others =
        MODULES.stream()
            .filter(other -> !other.equals(module) && !ALLOWED.get(module).contains(other))
            .map(other -> ROOT + other + "..")
            .toArray(String[]::new);

    noClasses()
        .that()
        .resideInAPackage(ROOT + module + "..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(others))
        .check(classes);
  }

  @Test
  void dataSetsKnowNoTensorFlow() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "datasets..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.tensorflow..", "org.bytedeco..")
        .check(classes);
  }

  @Test
  void modelsKnowNoFiles() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "tfmodels..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..", "java.net..")
        .check(classes);
  }

  @Test
  void onlyTheCommandLineKnowsPicocliAndLogback() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "tools..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "ch.qos.logback..")
        .check(classes);
  }

  @Test
  void onlyTheServerKnowsItsLibraries() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "serve..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.eclipse.jetty..", "com.fasterxml..", "io.micrometer..")
        .check(classes);
  }

  @Test
  void nobodyKnowsSpark() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..")
        .check(classes);
  }

  @Test
  void nobodyButMainUsesCommands() {
    noClasses()
        .that(areNot(Main.class))
        .and()
        .resideOutsideOfPackage(ROOT + "tools.commands..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "tools.commands..")
        .check(classes);
  }

  @Test
  void onlyWhatCommandsShareKnowsTheTerminal() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "tools.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("me.tongfei..", "org.jline..")
        .check(classes);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.imageperformer.(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void onlyMainEndsTheProcess() {
    for (Class<?> type : List.of(System.class, Runtime.class)) {
      for (String method : List.of("exit", "halt")) {
        if (Stream.of(type.getMethods()).anyMatch(known -> known.getName().equals(method))) {
          noClasses()
              .that(areNot(Main.class))
              .should()
              .callMethod(type, method, int.class)
              .check(classes);
        }
      }
    }
  }

  @Test
  void onlyMainUsesTheStandardStreams() {
    for (String stream : List.of("out", "err", "in")) {
      noClasses()
          .that(areNot(Main.class))
          .should()
          .accessField(System.class, stream)
          .check(classes);
    }
  }

  private static DescribedPredicate<JavaClass> areNot(Class<?> type) {
    return DescribedPredicate.describe(
        "are not " + type.getSimpleName(), candidate -> !candidate.isEquivalentTo(type));
  }
}
