package org.imageperformer.tools.authors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.imageperformer.tools.Damage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real files with random damage: they read, or are refused by name; nothing else, and not slowly.
 * Hundreds in every build, in the fuzz profile {@code -Dimageperformer.mutations} of each format.
 */
class MutationTest {
  private static final int FEW = 400;
  private static final int MANY = Integer.getInteger("imageperformer.mutations", 100_000);
  private static final long SEED = 20210214;
  // A mutant takes some milliseconds; this much would be another kind of work.
  private static final double MOST_SECONDS_EACH = 5;

  private static final Path GOLDEN = RunFolder.golden("relative-content");

  @TempDir private Path temp;

  /** How the mutants fared. */
  private record Tally(int read, int refused, double slowestSeconds) {}

  @Test
  void fewMutants() throws IOException {
    checkCheckpoints(FEW * 3 / 4);
    checkHparams(FEW / 4);
    checkWeightFiles(FEW / 4);
  }

  @Test
  @Tag("fuzz")
  void manyCheckpoints() throws IOException {
    checkCheckpoints(MANY);
  }

  @Test
  @Tag("fuzz")
  void manyHparams() throws IOException {
    checkHparams(MANY);
  }

  @Test
  @Tag("fuzz")
  void manyWeightFiles() throws IOException {
    checkWeightFiles(MANY);
  }

  private void checkCheckpoints(int mutants) throws IOException {
    check(mutatePickles(mutants - mutants / 3));
    check(mutateZips(mutants / 3));
  }

  private void checkHparams(int mutants) throws IOException {
    check(mutateHparams(mutants));
  }

  /** Damage is noticed, but not all bytes matter: both kinds must occur. */
  private static void check(Tally tally) {
    assertThat(tally.read()).as("read %s", tally).isPositive();
    assertThat(tally.refused()).as("refused %s", tally).isPositive();
    assertThat(tally.slowestSeconds()).as("slowest %s", tally).isLessThan(MOST_SECONDS_EACH);
  }

  /** GSA-Nets' files: half of the damage in what is pickled, half anywhere in the zip. */
  private void checkWeightFiles(int mutants) throws IOException {
    GsaCase golden = GsaCase.read("p4-local", Files.createDirectories(temp.resolve("weights")));
    RunFolder run = new RunFolder(temp.resolve("weights/run"));
    byte[] pickle = new byte[0];
    String pickleName = "";
    try (ZipFile zip = new ZipFile(golden.file().toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        try (InputStream in = zip.getInputStream(entry)) {
          byte[] bytes = in.readAllBytes();
          run.entry(entry.getName(), bytes);
          if (entry.getName().endsWith("data.pkl")) {
            pickle = bytes;
            pickleName = entry.getName();
          }
        }
      }
    }
    byte[] wholePickle = pickle;
    String name = pickleName;
    byte[] whole = Files.readAllBytes(golden.file());
    ReadLimits limits = new ReadLimits(1 << 20, 16 << 20);
    Tally pickles =
        tally(
            "pickles of .pt",
            mutants / 2,
            random -> {
              Path zip = run.entry(name, Damage.bytes(wholePickle, random)).write();
              return Files.copy(zip, golden.file(), StandardCopyOption.REPLACE_EXISTING);
            },
            file -> assertThat(golden.read(limits).values()).isNotEmpty());
    check(pickles);
    check(
        tally(
            "zips of .pt",
            mutants - mutants / 2,
            random -> Files.write(golden.file(), Damage.bytes(whole, random)),
            file -> assertThat(golden.read(limits).values()).isNotEmpty()));
  }

  private Tally mutatePickles(int mutants) throws IOException {
    RunFolder run = goldenRun("pickles");
    byte[] pickle = new byte[0];
    Path source = golden();
    try (ZipFile zip = new ZipFile(source.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        try (InputStream in = zip.getInputStream(entry)) {
          byte[] bytes = in.readAllBytes();
          run.entry(entry.getName(), bytes);
          pickle = entry.getName().endsWith("data.pkl") ? bytes : pickle;
        }
      }
    }
    byte[] whole = pickle;
    return tally(
        "pickles of .ckpt",
        mutants,
        random -> {
          run.entry("epoch=0-step=7/data.pkl", Damage.bytes(whole, random)).write();
          return run.directory();
        });
  }

  private Tally mutateZips(int mutants) throws IOException {
    RunFolder run = goldenRun("zips");
    byte[] whole = Files.readAllBytes(golden());
    int directory = endOfEntries(whole);
    return tally(
        "zips of .ckpt",
        mutants,
        random -> {
          // Half of the damage goes to the directory of the zip, which is short.
          byte[] bytes = Damage.bytes(whole, random);
          if (random.nextBoolean()) {
            byte[] tail = Damage.bytes(Arrays.copyOfRange(whole, directory, whole.length), random);
            bytes = Arrays.copyOf(whole, directory + tail.length);
            System.arraycopy(tail, 0, bytes, directory, tail.length);
          }
          Files.write(run.checkpoint(), bytes);
          return run.directory();
        });
  }

  private Tally mutateHparams(int mutants) throws IOException {
    RunFolder run = new RunFolder(temp.resolve("yamls"));
    Files.copy(golden(), run.checkpoint());
    byte[] whole = Files.readAllBytes(GOLDEN.resolve("hparams.yaml"));
    return tally(
        "YAML",
        mutants,
        random -> {
          Files.write(run.directory().resolve("hparams.yaml"), Damage.bytes(whole, random));
          return run.directory();
        });
  }

  private interface Mutant {
    Path make(Random random) throws IOException;
  }

  private static Tally tally(String what, int mutants, Mutant mutant) throws IOException {
    ReadLimits limits = new ReadLimits(1 << 20, 16 << 20);
    return tally(
        what, mutants, mutant, run -> assertThat(imported(run, limits).values()).isNotEmpty());
  }

  /** All that import does before it writes. */
  private static PublishedProgram.Trained imported(Path run, ReadLimits limits) {
    return new PerformerProgram()
        .read(
            run,
            new ImportRequest(
                run.resolveSibling("imported"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                builder -> builder),
            limits);
  }

  private static Tally tally(String what, int mutants, Mutant mutant, Consumer<Path> reader)
      throws IOException {
    int read = 0;
    int refused = 0;
    long slowest = 0;
    for (int i = 0; i < mutants; i++) {
      // A seed for each, so that one can be looked at alone.
      Path run = mutant.make(new Random(SEED + i));
      long start = System.nanoTime();
      try {
        reader.accept(run);
        read++;
      } catch (AuthorsRunException e) {
        assertThat(e.getMessage()).startsWith(run.toString()).doesNotContain("\n");
        refused++;
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("mutant " + i + " of " + run.getFileName(), e);
      }
      slowest = Math.max(slowest, System.nanoTime() - start);
    }
    Tally tally = new Tally(read, refused, slowest / 1e9);
    if (mutants > FEW) {
      System.out.printf("%d mutants, %s: %s%n", mutants, what, tally);
    }
    return tally;
  }

  private static int endOfEntries(byte[] zip) {
    for (int i = 0; i + 3 < zip.length; i++) {
      if (zip[i] == 'P' && zip[i + 1] == 'K' && zip[i + 2] == 1 && zip[i + 3] == 2) {
        return i;
      }
    }
    throw new AssertionError("no zip directory");
  }

  private RunFolder goldenRun(String name) throws IOException {
    return new RunFolder(temp.resolve(name))
        .hparams(Files.readString(GOLDEN.resolve("hparams.yaml")));
  }

  private static Path golden() {
    return GOLDEN.resolve("checkpoints").resolve(RunFolder.NAME);
  }
}
