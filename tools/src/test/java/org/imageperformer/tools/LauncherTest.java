package org.imageperformer.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher, in a copy of the project's outline, with stand-ins for Java and Maven. */
class LauncherTest {
  private static final String FIRST =
      "Building Image Performer (first use, about a minute; longer when libraries must be"
          + " downloaded)...\n";
  private static final String AGAIN = "Building Image Performer (its sources have changed)...\n";

  /** Says what it was called with; the JVM's own questions are answered before. */
  private static final String JAVA =
      """
      #!/bin/sh
      case " $* " in
        *" -XshowSettings:properties "*)
          echo "    java.home = $(dirname "$(dirname "$0")")"
          echo "    java.specification.version = ${FAKE_JAVA_VERSION:-17}"
          exit ;;
        *" -Xshare:"*) exit ;;
      esac
      echo "in $(pwd)"
      echo "libraries ${LD_LIBRARY_PATH}"
      echo "tf32 ${NVIDIA_TF32_OVERRIDE-unset}"
      echo "tf ${TF_CPP_MIN_LOG_LEVEL}, glibc ${GLIBC_TUNABLES}"
      echo "xla ${XLA_FLAGS-unset}"
      echo "letters $(locale charmap)"
      for word; do echo "<$word>"; done
      exit 7
      """;

  /** Leaves what the real build leaves, and counts its runs. */
  private static final String MAVEN =
      """
      #!/bin/sh
      case "$*" in *-version*) printf '\\033[1mApache Maven %s (x)\\033[m\\n' "${FAKE_MAVEN_VERSION:-3.8.7}"; exit ;; esac
      echo "$PWD $*" >>"$FAKE_LOG"
      [ -z "$FAKE_MAVEN_FAILS" ] || { echo "[ERROR] no network"; echo "[ERROR] -> [Help 1]"; exit 1; }
      [ -z "$FAKE_MAVEN_DIES" ] || kill -9 $PPID $(ps -o ppid= -p $PPID)
      case "$*" in
        *dependency:unpack*)
          for word; do case $word in -DoutputDirectory=*) folder=${word#*=} ;; esac; done
          mkdir -p "$folder/org/bytedeco/cuda/linux-x86_64"
          exit ;;
      esac
      sleep 0.3
      mkdir -p tools/target/lib datasets/target
      echo own >datasets/target/datasets-0.1.0.jar
      cp datasets/target/datasets-0.1.0.jar tools/target/lib/
      echo other >tools/target/lib/gson.jar
      echo server >tools/target/lib/serve-0.1.0.jar
      case "$*" in *-Pgpu*) natives=gpu ;; *) natives=cpu ;; esac
      echo "$natives" >"tools/target/lib/natives-$natives.jar"
      echo tools >tools/target/tools-0.1.0.jar
      case "$*" in *-Pcluster*) ;; *) exit ;; esac
      mkdir -p cluster/target/spark/jars cluster/target/product
      echo spark >cluster/target/spark/jars/spark-core.jar
      cp datasets/target/datasets-0.1.0.jar cluster/target/product/
      echo cluster >cluster/target/cluster-0.1.0.jar
      """;

  /** All that TensorFlow needs of CUDA, as the system's loader lists it. */
  private static final List<String> CUDA =
      List.of(
          "libcudart.so.12",
          "libcublas.so.12",
          "libcublasLt.so.12",
          "libcufft.so.11",
          "libcusolver.so.11",
          "libcusparse.so.12",
          "libnvJitLink.so.12",
          "libcudnn.so.9");

  @TempDir private Path temporary;

  private Path root;
  private Path log;

  /** In the place of /. */
  private Path system;

  @BeforeEach
  void outline() throws IOException {
    // A name that breaks careless quoting.
    root = Files.createDirectories(temporary.resolve("image performer's"));
    log = temporary.resolve("maven.log");
    system = Files.createDirectory(temporary.resolve("system"));
    Files.createFile(log);
    Path script = Path.of("..", "performer").toRealPath();
    Files.copy(script, root.resolve("performer"));
    write(root.resolve("pom.xml"), "<project/>");
    write(root.resolve("tools/pom.xml"), "<project/>");
    write(root.resolve("tools/src/main/java/A.java"), "class A {}");
    String libraries = "src/main/resources/org/imageperformer/tools/doctor/cuda-libraries.txt";
    write(root.resolve("tools").resolve(libraries), Files.readString(Path.of(libraries)));
    program("jdk/bin/java", JAVA);
    program("jdk/bin/javac", "#!/bin/sh\n");
    program("bin/mvn", MAVEN);
    program("bin/uname", "#!/bin/sh\necho \"${FAKE_UNAME:-Linux x86_64}\"\n");
    program("bin/ldconfig", "#!/bin/sh\n[ ! -e '" + loader() + "' ] || cat '" + loader() + "'\n");
    Instant past = Instant.now().minusSeconds(60);
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(past));
      }
    }
  }

  @Test
  void theFirstUseBuildsAndRuns() throws Exception {
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));

    Result result = launch(elsewhere, root.resolve("performer"), "test", "a b", "", "$HOME'\"*");

    assertThat(result.err()).isEqualTo(FIRST);
    assertThat(result.status()).isEqualTo(7);
    assertThat(result.lines())
        .startsWith(
            "in " + elsewhere,
            "libraries ",
            "tf32 unset",
            "tf 2, glibc glibc.malloc.hugetlb=1",
            "xla --xla_cpu_prefer_vector_width=512")
        .contains("<-Xmx2048m>", "<-Djava.awt.headless=true>")
        .contains("<-Dperformer.command=" + root.resolve("performer") + ">")
        .endsWith("<org.imageperformer.tools.Main>", "<test>", "<a b>", "<>", "<$HOME'\"*>");
    assertThat(build().resolve("tools.jar")).hasContent("tools");
    assertThat(build().resolve("gson.jar")).hasContent("other");
    assertThat(build().resolve("datasets-0.1.0.jar")).hasContent("own");
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "--verbose serve"})
  void theServersJarsComeWithItsCommand(String words) throws Exception {
    Result result = launch(root, root.resolve("performer"), (words + " run").split(" "));

    assertThat(result.lines())
        .containsSubsequence(
            "<-cp>",
            "<" + build().resolve("tools.jar") + ":" + build().resolve("serve-0.1.0.jar") + ">");
  }

  @ParameterizedTest
  @ValueSource(strings = {"predict run serve", "--help", "completion"})
  void otherCommandsStartWithoutThem(String words) throws Exception {
    Result result = launch(root, root.resolve("performer"), words.split(" "));

    assertThat(result.lines())
        .containsSubsequence("<-cp>", "<" + build().resolve("tools.jar") + ">");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sweep", "predict-many", "--verbose sweep"})
  void sparkComesWithItsCommands(String words) throws Exception {
    Result result = launch(root, root.resolve("performer"), (words + " x").split(" "));

    Path cluster = build().resolve("cluster");
    assertThat(result.err())
        .contains("Maven downloads Apache Spark (about 290 MB) if it does not have it yet.");
    assertThat(result.lines())
        .contains("<--add-opens=java.base/sun.nio.ch=ALL-UNNAMED>")
        .containsSubsequence(
            "<-cp>", "<" + cluster.resolve("product/*") + ":" + cluster.resolve("spark/jars/*>"));
    assertThat(cluster.resolve("spark/jars/spark-core.jar")).hasContent("spark");
    assertThat(cluster.resolve("product/datasets-0.1.0.jar")).hasContent("own");
    assertThat(cluster.resolve("product/cluster-0.1.0.jar")).hasContent("cluster");
  }

  /** Neither the build nor the start of others knows of it, and one build serves all later on. */
  @Test
  void trainStartsWithoutSpark() throws Exception {
    Result before = launch(root, root.resolve("performer"), "train", "sweep");
    assertThat(log).content().doesNotContain("cluster");

    launch(root, root.resolve("performer"), "sweep", "x");
    Result after = launch(root, root.resolve("performer"), "train", "sweep");
    launch(root, root.resolve("performer"), "sweep", "x");

    assertThat(Files.readAllLines(log)).hasSize(2);
    for (Result train : List.of(before, after)) {
      assertThat(train.out()).doesNotContain("spark").doesNotContain("--add-opens");
      assertThat(train.lines().get(train.lines().indexOf("<-cp>") + 1))
          .endsWith("/tools.jar>")
          .doesNotContain(":");
    }
  }

  /**
   * Variables may name a locale that is not there; Java gets one whose names of files are UTF-8.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "LANG=xx_XX.UTF-8",
        "LC_CTYPE=UTF-8",
        "LC_ALL=xx_XX.UTF-8",
        "LC_ALL=C",
        "LANG=POSIX",
        "LANG=",
        "LANG=C.UTF-8",
      })
  void namesOfFilesMayHaveAnyLetters(String variable) throws Exception {
    List<String> environment = List.of("LC_ALL=", "LC_CTYPE=", "LANG=", variable);

    Result result = launch(root, root.resolve("performer"), environment);

    assertThat(result.lines()).contains("letters UTF-8");
  }

  @Test
  void aColonInThePathIsNamed() throws Exception {
    Path folder = Files.createDirectory(temporary.resolve("a:b"));
    Path script = Files.copy(root.resolve("performer"), folder.resolve("performer"));

    Result result = launch(root, script);

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .startsWith("error: there is a colon in the path of this project, " + folder.toRealPath());
    assertThat(log).isEmptyFile();
  }

  @Test
  void theSecondUseOnlyRuns() throws Exception {
    launch(root, root.resolve("performer"));
    Result result = launch(root, Path.of("./performer"), "summary");

    assertThat(result.err()).isEmpty();
    assertThat(result.lines()).contains("<-Dperformer.command=./performer>", "<summary>");
    assertThat(log).content().hasLineCount(1);
  }

  @Test
  void symbolicLinksLeadToTheProject() throws Exception {
    Path link = Files.createSymbolicLink(temporary.resolve("bin/performer"), Path.of("../hop"));
    Files.createSymbolicLink(temporary.resolve("hop"), root.resolve("performer"));

    assertThat(launch(temporary, link).err()).isEqualTo(FIRST);
    assertThat(launch(temporary, Path.of("performer")).err()).isEmpty();
    assertThat(log).content().startsWith(root + " ");
  }

  @Test
  void changedSourcesAreBuiltIntoAnotherFolder() throws Exception {
    launch(root, root.resolve("performer"));
    Path before = build();
    write(root.resolve("tools/src/main/java/A.java"), "class A { }");

    assertThat(launch(root, root.resolve("performer")).err()).isEqualTo(AGAIN);
    assertThat(build()).isNotEqualTo(before);
    assertThat(before.resolve("datasets-0.1.0.jar")).as("may be in use").hasContent("own");
  }

  @Test
  void anInterruptedBuildIsStartedOver() throws Exception {
    Result killed = launch(root, root.resolve("performer"), List.of("FAKE_MAVEN_DIES=1"));
    assertThat(killed.status()).isNotZero();
    Path half = root.resolve("tools/target/classes/A.class");
    write(half, "half a class");

    assertThat(launch(root, root.resolve("performer")).err()).isEqualTo(FIRST);
    assertThat(half).doesNotExist();
    assertThat(launch(root, root.resolve("performer")).err()).isEmpty();
  }

  @Test
  void twoAtOnceBuildOnce() throws Exception {
    Process one = start(root, root.resolve("performer"), List.of(), "one");
    Process two = start(root, root.resolve("performer"), List.of(), "two");

    assertThat(List.of(finish(one).status(), finish(two).status())).containsOnly(7);
    assertThat(log).content().hasLineCount(1);
  }

  @Test
  void aFailedBuildSaysWhyAndWhereTheRestIs() throws Exception {
    Result result = launch(root, root.resolve("performer"), List.of("FAKE_MAVEN_FAILS=1"));

    assertThat(result)
        .isEqualTo(
            new Result(
                1,
                "",
                FIRST
                    + "[ERROR] no network\n"
                    + "error: the build failed; all it said is in "
                    + root.resolve("tools/target/performer/cpu/build.log")
                    + "\n"));
  }

  @Test
  void javaThatIsTooOldIsNamed() throws Exception {
    Result result = launch(root, root.resolve("performer"), List.of("FAKE_JAVA_VERSION=1.8"));

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .startsWith(
            "error: Java 17 or newer is needed, but "
                + temporary.resolve("jdk/bin/java")
                + " is version 1.8\n  Debian, Ubuntu: apt-get install openjdk-17-jdk-headless\n");
  }

  /** Before anything is downloaded, and after another Java has built it. */
  @Test
  void javaThatIsTooNewForSparkIsNamed() throws Exception {
    List<String> newer = List.of("FAKE_JAVA_VERSION=25");
    for (int i = 0; i < 2; i++) {
      Result refused = launch(root, root.resolve("performer"), newer, "predict-many", "x");
      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.err())
          .startsWith(
              "error: predict-many needs Java 17 or 21, as Apache Spark 4.1 does not run on newer"
                  + " ones, but "
                  + temporary.resolve("jdk/bin/java")
                  + " is version 25\n  Debian, Ubuntu: apt-get install openjdk-17-jdk-headless\n");
      // A build for the other commands is one that Spark's could start from.
      assertThat(launch(root, root.resolve("performer"), newer, "train").status()).isEqualTo(7);
    }
    assertThat(Files.readAllLines(log)).hasSize(1);
    assertThat(launch(root, root.resolve("performer"), newer, "sweep", "--help").status())
        .isEqualTo(7);
  }

  @Test
  void aWrongJavaHomeIsNamed() throws Exception {
    Result result = launch(root, root.resolve("performer"), List.of("JAVA_HOME=/nowhere"));

    assertThat(result)
        .isEqualTo(
            new Result(
                1,
                "",
                """
                error: JAVA_HOME is /nowhere, but there is no program bin/java in it
                  Set JAVA_HOME to the folder of a JDK 17 or newer, or unset it to use java from the PATH.
                """));
  }

  @Test
  void aRuntimeWithoutCompilerIsNamed() throws Exception {
    Files.delete(temporary.resolve("jdk/bin/javac"));

    assertThat(launch(root, root.resolve("performer")).err())
        .startsWith(
            "error: a JDK is needed to build, but "
                + temporary.resolve("jdk")
                + " has no compiler (bin/javac)\n");
  }

  @Test
  void mavenThatIsTooOldIsNamed() throws Exception {
    assertThat(launch(root, root.resolve("performer"), List.of("FAKE_MAVEN_VERSION=3.6.3")).err())
        .startsWith("error: Maven 3.8 or newer is needed to build, but mvn is version 3.6.3\n");
  }

  @Test
  void usersSettingsWin() throws Exception {
    Result result =
        launch(
            root,
            root.resolve("performer"),
            List.of(
                "TF_CPP_MIN_LOG_LEVEL=1",
                "GLIBC_TUNABLES=",
                "XLA_FLAGS=",
                "PERFORMER_JAVA_OPTS=-Xmx5g -Dx=y"));

    assertThat(result.lines())
        .contains("tf 1, glibc ", "xla ")
        .containsSubsequence("<-Xmx2048m>", "<-Xmx5g>", "<-Dx=y>", "<-cp>");
  }

  /** Half of what a control group lets the process use. */
  @ParameterizedTest
  @CsvSource({
    "sys/fs/cgroup/memory.max, 0::/, 1073741824, 512",
    "sys/fs/cgroup/a/memory.max, 0::/a/b, 2147483648, 1024",
    "sys/fs/cgroup/memory/memory.limit_in_bytes, 9:memory:/docker/x, 1073741824, 512",
    "sys/fs/cgroup/memory/memory.limit_in_bytes, 9:memory:/, 9223372036854771712, 2048",
    "sys/fs/cgroup/memory.max, 0::/, max, 2048",
    "sys/fs/cgroup/memory.max, 0::/, 17179869184, 2048",
  })
  void theHeapFitsIntoAContainer(String file, String group, String bytes, int heap)
      throws Exception {
    write(system.resolve(file), bytes + "\n");
    write(system.resolve("proc/self/cgroup"), "3:cpu:/\n" + group + "\n");
    assertThat(launch(root, root.resolve("performer"), "test").lines())
        .contains("<-Xmx" + heap + "m>");
  }

  @Test
  void aContainerThatIsTooSmallIsNamedAndWhatNeedsNoTensorFlowGoesOn() throws Exception {
    write(system.resolve("sys/fs/cgroup/memory.max"), "314572800\n");

    Result result = launch(root, root.resolve("performer"), "train");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("may use 300 MB of memory", "needs 640 MB");
    assertThat(launch(root, root.resolve("performer"), "summary").lines()).contains("<-Xmx150m>");
  }

  @ParameterizedTest
  @CsvSource({
    "1900000, summary, 2000000, ",
    "2000000, summary, , 488",
    "3000000, train, 3500000, ",
    "3600000, train, , 878",
    "9000000, train, , 2048",
  })
  void aLimitOnAddressesIsNamedOrHeld(int limit, String command, String needed, String heap)
      throws Exception {
    Path limited = temporary.resolve("limited");
    write(limited, "ulimit -v " + limit + "\nexec \"$@\"\n");
    Result result =
        launch(root, Path.of("/bin/sh"), limited.toString(), root + "/performer", command);

    if (needed != null) {
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err())
          .contains("ulimit -v, is " + limit + " KB, but " + needed + " KB are needed");
    } else {
      assertThat(result.lines()).contains("<-Xmx" + heap + "m>");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-n 40, predict, 128",
    "-n 300, predict,",
    "-S -n 40, predict,",
    "-n 600, predict-many, 1024",
  })
  void aLimitOnOpenFilesIsLiftedOrNamed(String limit, String command, String needed)
      throws Exception {
    Path limited = temporary.resolve("limited.sh");
    write(limited, "ulimit " + limit + "\nexec \"$@\"\n");
    Result result =
        launch(root, Path.of("/bin/sh"), limited.toString(), root + "/performer", command);

    if (needed == null) {
      assertThat(result.lines()).contains("<" + command + ">");
    } else {
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err()).contains("ulimit -n, is ", ", but " + needed + " are needed");
    }
  }

  @Test
  void verboseLetsTensorFlowSpeak() throws Exception {
    assertThat(launch(root, root.resolve("performer"), "test", "--verbose").lines())
        .contains("tf 0, glibc glibc.malloc.hugetlb=1");
  }

  @Test
  void withoutADriverTheProcessorIsTaken() throws Exception {
    Result result = launch(root, root.resolve("performer"), "train");

    assertThat(result.err()).isEqualTo(FIRST);
    assertThat(result.lines()).contains("<-Dperformer.natives=cpu>", "libraries ");
    assertThat(log).content().hasLineCount(1).doesNotContain("gpu").doesNotContain("cuda");
  }

  @ParameterizedTest
  @ValueSource(strings = {"proc/driver/nvidia/version", "dev/nvidiactl"})
  void aDriverChoosesTheGpu(String file) throws Exception {
    write(system.resolve(file), "");
    cudaIsInstalled();

    Result result = launch(root, root.resolve("performer"), "train");

    assertThat(result.err())
        .isEqualTo(
            FIRST
                + """
                Building for the GPU: Maven downloads TensorFlow's GPU library (about 530 MB) if it does not have it yet.
                ./performer --cpu does without.
                """);
    assertThat(result.lines()).contains("<-Dperformer.natives=gpu>", "libraries ", "<train>");
    assertThat(log).content().hasLineCount(1).contains(" -Pgpu");
    assertThat(root.resolve("tools/target/performer/gpu/current")).exists();
    assertThat(root.resolve("tools/target/performer/cpu")).doesNotExist();
  }

  @Test
  void theFirstWordWinsOverTheEnvironmentAndThatOverTheDriver() throws Exception {
    driverIsThere();
    cudaIsInstalled();
    Path script = root.resolve("performer");

    assertThat(finish(start(root, script, List.of("PERFORMER_NATIVES=cpu"), "test")).lines())
        .contains("<-Dperformer.natives=cpu>");
    assertThat(
            finish(start(root, script, List.of("PERFORMER_NATIVES=cpu"), "--gpu", "test")).lines())
        .contains("<-Dperformer.natives=gpu>")
        .endsWith("<org.imageperformer.tools.Main>", "<test>");
    assertThat(
            finish(start(root, script, List.of("PERFORMER_NATIVES=gpu"), "--cpu", "test")).lines())
        .contains("<-Dperformer.natives=cpu>")
        .endsWith("<org.imageperformer.tools.Main>", "<test>");
  }

  @Test
  void buildsOfBothKindsKeepTheirOwnNatives() throws Exception {
    launch(root, root.resolve("performer"), "--cpu", "datasets");
    launch(root, root.resolve("performer"), "--gpu", "datasets");

    assertThat(build("cpu").resolve("natives-cpu.jar")).exists();
    assertThat(build("gpu").resolve("natives-gpu.jar")).exists();
    assertThat(build("gpu").resolve("natives-cpu.jar")).doesNotExist();
  }

  @Test
  void unknownNativesAreNamed() throws Exception {
    assertThat(launch(root, root.resolve("performer"), List.of("PERFORMER_NATIVES=tpu")))
        .isEqualTo(new Result(1, "", "error: PERFORMER_NATIVES is tpu, but must be cpu or gpu\n"));
  }

  @Test
  void otherPlatformsHaveNoGpuLibrary() throws Exception {
    driverIsThere();
    List<String> arm = List.of("FAKE_UNAME=Linux aarch64");

    assertThat(finish(start(root, root.resolve("performer"), arm, "test")).lines())
        .contains("<-Dperformer.natives=cpu>");
    assertThat(finish(start(root, root.resolve("performer"), arm, "--gpu", "test")))
        .isEqualTo(
            new Result(
                1,
                "",
                """
                error: TensorFlow's GPU library is for Linux on x86-64 only, and this is Linux aarch64
                  Leave out --gpu (and PERFORMER_NATIVES=gpu) to compute on the processor.
                """));
  }

  @Test
  void missingCudaLibrariesAreDownloadedOnce() throws Exception {
    driverIsThere();
    cudaIsInstalled();
    Files.writeString(
        loader(), Files.readString(loader()).replace("libcudnn.so.9 ", "libcudnn.so.8 "));
    Path script = root.resolve("performer");
    launch(root, script, "datasets");

    Result first = launch(root, script, "train");
    Result second = launch(root, script, "train");

    String libraries =
        "libraries "
            + root.resolve(
                "tools/target/performer/cuda-12.6-9.5-1.5.11/org/bytedeco/cuda/linux-x86_64");
    assertThat(first.err())
        .isEqualTo(
            """
            These CUDA 12 and cuDNN 9 libraries are not on this system: libcudnn.so.9
            Downloading NVIDIA's libraries (2.0 GB; 5 GB of disk in all), once; ./performer --cpu does without...
            """);
    assertThat(first.lines()).contains(libraries);
    assertThat(second.err()).isEmpty();
    assertThat(second.lines()).contains(libraries);
    assertThat(Files.readAllLines(log))
        .hasSize(2)
        .last(STRING)
        .contains("dependency:unpack")
        .contains("-Dartifact=org.bytedeco:cuda:12.6-9.5-1.5.11:jar:linux-x86_64-redist");
  }

  @ParameterizedTest
  @ValueSource(strings = {"doctor", "datasets", "train --help", "train --device cpu", "--version"})
  void whatComputesNothingOnAGpuDownloadsNoCuda(String words) throws Exception {
    driverIsThere();

    assertThat(launch(root, root.resolve("performer"), words.split(" ")).status()).isEqualTo(7);
    assertThat(log).content().hasLineCount(1).doesNotContain("cuda");
  }

  @Test
  void aFailedDownloadNamesTheWayWithout() throws Exception {
    driverIsThere();
    launch(root, root.resolve("performer"), "datasets");

    Result result =
        finish(start(root, root.resolve("performer"), List.of("FAKE_MAVEN_FAILS=1"), "train"));

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .contains("[ERROR] no network\n")
        .endsWith("  ./performer --cpu does without the GPU and its libraries.\n");
    assertThat(launch(root, root.resolve("performer"), "train").status()).isEqualTo(7);
  }

  @Test
  void cudaBesideTheSystemsLibrariesIsFound() throws Exception {
    driverIsThere();
    Path cuda = system.resolve("usr/local/cuda/lib64");
    for (String library : CUDA) {
      write(cuda.resolve(library), "");
    }

    assertThat(launch(root, root.resolve("performer"), "train").lines())
        .contains("libraries " + cuda);
    assertThat(log).content().hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "train, '', tf32 0",
    "train --precision bf16, '', tf32 0",
    "train --precision tf32, '', tf32 unset",
    "train --precision=tf32, '', tf32 unset",
    "train, 1, tf32 1",
    "--cpu train, '', tf32 unset"
  })
  void productsOfFloat32AreExactOnAGpuUnlessTf32IsWanted(
      String words, String variable, String expected) throws Exception {
    driverIsThere();
    for (String library : CUDA) {
      write(system.resolve("usr/local/cuda/lib64").resolve(library), "");
    }
    List<String> environment =
        variable.isEmpty() ? List.of() : List.of("NVIDIA_TF32_OVERRIDE=" + variable);

    assertThat(
            finish(start(root, root.resolve("performer"), environment, words.split(" "))).lines())
        .contains(expected);
  }

  @Test
  void cudaThatTheUserNamesIsTaken() throws Exception {
    driverIsThere();
    Path cuda = temporary.resolve("cuda");
    for (String library : CUDA) {
      write(cuda.resolve(library), "");
    }

    assertThat(
            finish(
                    start(
                        root,
                        root.resolve("performer"),
                        List.of("LD_LIBRARY_PATH=/nowhere:" + cuda),
                        "train"))
                .lines())
        .contains("libraries /nowhere:" + cuda);
    assertThat(log).content().hasLineCount(1);
  }

  @Test
  void aGpuWithoutADriverIsWarnedAboutAndDownloadsNoCuda() throws Exception {
    launch(root, root.resolve("performer"), "--gpu", "datasets");

    assertThat(launch(root, root.resolve("performer"), "--gpu", "train").err())
        .isEqualTo(
            """
            warning: there is no NVIDIA driver (no /proc/driver/nvidia/version, no /dev/nvidiactl):
              TensorFlow's GPU library will find no GPU. See ./performer doctor.
            """);
    assertThat(log).content().hasLineCount(1);
  }

  private void driverIsThere() throws IOException {
    write(system.resolve("proc/driver/nvidia/version"), "NVRM version: NVIDIA UNIX 560.35.03\n");
  }

  private void cudaIsInstalled() throws IOException {
    StringBuilder lines = new StringBuilder("8 libs found in cache `/etc/ld.so.cache'\n");
    CUDA.forEach(name -> lines.append("\t" + name + " (libc6,x86-64) => /usr/lib/" + name + "\n"));
    Files.writeString(loader(), lines);
  }

  /** What the system's loader knows. */
  private Path loader() {
    return temporary.resolve("ldconfig.txt");
  }

  private record Result(int status, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }
  }

  private Result launch(Path folder, Path script, String... args) throws Exception {
    return finish(start(folder, script, List.of(), args));
  }

  private Result launch(Path folder, Path script, List<String> environment, String... args)
      throws Exception {
    return finish(start(folder, script, environment, args));
  }

  private Process start(Path folder, Path script, List<String> environment, String... args)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of("env", "-u", "JAVA_HOME", "-u", "GLIBC_TUNABLES"));
    command.addAll(List.of("-u", "TF_CPP_MIN_LOG_LEVEL", "-u", "PERFORMER_JAVA_OPTS"));
    command.addAll(List.of("-u", "XLA_FLAGS"));
    command.addAll(List.of("-u", "PERFORMER_NATIVES", "-u", "LD_LIBRARY_PATH"));
    command.add("PERFORMER_SYSTEM_ROOT=" + system);
    command.add("FAKE_LOG=" + log);
    command.add(
        "PATH=" + temporary.resolve("bin") + ":" + temporary.resolve("jdk/bin") + ":/usr/bin:/bin");
    command.addAll(environment);
    command.add(script.toString());
    command.addAll(List.of(args));
    return new ProcessBuilder(command).directory(folder.toFile()).start();
  }

  private static Result finish(Process process) throws IOException, InterruptedException {
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    return new Result(process.waitFor(), out, err);
  }

  /** The folder of the newest complete build. */
  private Path build() throws IOException {
    return build("cpu");
  }

  private Path build(String natives) throws IOException {
    Path store = root.resolve("tools/target/performer").resolve(natives);
    return store.resolve(Files.readAllLines(store.resolve("current")).get(0));
  }

  private void program(String name, String text) throws IOException {
    Path file = temporary.resolve(name);
    write(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
