package org.imageperformer.datasets.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.DownloadListener;
import org.imageperformer.datasets.idx.IdxFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DownloaderTest {
  private static final String NAME = "images.gz";

  private final byte[] content = randomBytes(300_000);
  private final byte[] gzip = IdxFiles.gzip(content);
  private final Downloader downloader = downloader(Duration.ofSeconds(20), 3);

  /** Only for servers that do stall: a machine that is busy for a second looks like them. */
  private final Downloader impatient = downloader(Duration.ofSeconds(1), 2);

  private final Journal journal = new Journal();
  private FileServer server;
  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    server = new FileServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void fetchesAWholeFile() throws Exception {
    fetch(server.at("/a", (reply, n) -> reply.whole(gzip)));

    assertThat(target()).hasBinaryContent(gzip);
    assertNothingElse();
    assertThat(journal.lines.get(0)).isEqualTo("started 0 of " + gzip.length);
    assertThat(journal.lastHave).isEqualTo(gzip.length);
    assertThat(journal.lines.get(journal.lines.size() - 1)).isEqualTo("finished " + target());
  }

  @Test
  void resumesABrokenTransfer() throws Exception {
    fetch(
        server.at(
            "/a",
            (reply, n) -> {
              if (n == 1) {
                reply.broken(gzip, 100_000);
              } else {
                reply.whole(gzip);
              }
            }));

    assertThat(target()).hasBinaryContent(gzip);
    List<String> requests = server.requests();
    assertThat(requests).hasSize(2);
    assertThat(requests.get(1)).matches("/a bytes=[1-9][0-9]*-");
    assertThat(journal.lines.get(2)).matches("started [1-9][0-9]* of " + gzip.length);
  }

  @Test
  void resumesWhatAKilledProcessLeft() throws Exception {
    Files.write(part(), Arrays.copyOf(gzip, 1234));

    fetch(server.at("/a", (reply, n) -> reply.whole(gzip)));

    assertThat(target()).hasBinaryContent(gzip);
    assertThat(server.requests()).containsExactly("/a bytes=1234-");
  }

  @Test
  void takesWhatAKilledProcessHadWholeButNotRenamed() throws Exception {
    Files.write(part(), gzip);

    fetch(server.at("/a", (reply, n) -> reply.status(500)));

    assertThat(target()).hasBinaryContent(gzip);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void startsAgainWhenTheServerKnowsNoRanges() throws Exception {
    fetch(
        server.at(
            "/a",
            (reply, n) -> {
              if (n == 1) {
                reply.broken(gzip, 100_000);
              } else {
                reply.wholeIgnoringRanges(gzip);
              }
            }));

    assertThat(target()).hasBinaryContent(gzip);
  }

  @Test
  void startsAgainWhenWhatIsHereDoesNotFit() throws Exception {
    Files.write(part(), randomBytes(5000));

    fetch(server.at("/a", (reply, n) -> reply.whole(gzip)));

    assertThat(target()).hasBinaryContent(gzip);
    assertThat(server.requests()).containsExactly("/a bytes=5000-", "/a");
  }

  @Test
  void startsAgainWhenMoreIsHereThanThere() throws Exception {
    Files.write(part(), randomBytes(gzip.length));

    fetch(server.at("/a", (reply, n) -> reply.whole(gzip)));

    assertThat(target()).hasBinaryContent(gzip);
    assertThat(server.requests()).containsExactly("/a bytes=" + gzip.length + "-", "/a");
  }

  @Test
  void wrongBytesLeadToTheNextMirror() throws Exception {
    byte[] wrong = IdxFiles.gzip(randomBytes(299_999));

    fetch(
        server.at("/wrong", (reply, n) -> reply.whole(wrong)),
        server.at("/right", (reply, n) -> reply.whole(gzip)));

    assertThat(target()).hasBinaryContent(gzip);
    assertThat(server.requests()).containsExactly("/wrong", "/right");
    assertThat(journal.lines).anyMatch(line -> line.startsWith("failed wrong content: MD5 "));
  }

  @Test
  void anotherGzipWrapperOfTheSameContentIsRight() throws Exception {
    byte[] other = gzip.clone();
    other[9] = 3; // the operating system noted in the header

    fetch(server.at("/a", (reply, n) -> reply.whole(other)));

    assertThat(target()).hasBinaryContent(other);
  }

  @Test
  void missingFilesLeadToTheNextMirror() throws Exception {
    fetch(
        server.at("/gone", (reply, n) -> reply.status(404)),
        server.at("/busy", (reply, n) -> reply.status(503)),
        server.at("/moved", (reply, n) -> reply.redirect(URI.create("/here"))),
        server.at("/here", (reply, n) -> reply.whole(gzip)));

    assertThat(target()).hasBinaryContent(gzip);
    assertThat(server.requests()).containsExactly("/gone", "/busy", "/moved", "/here");
  }

  @Test
  void aStallIsResumedThenGivenUp() throws Exception {
    fetch(
        impatient,
        server.at("/stalls", (reply, n) -> reply.stalled(gzip, n == 1 ? 70_000 : 0)),
        server.at("/works", (reply, n) -> reply.whole(gzip)));

    assertThat(target()).hasBinaryContent(gzip);
    assertThat(server.requests().get(0)).isEqualTo("/stalls");
    assertThat(server.requests().get(1)).startsWith("/stalls bytes=");
    assertThat(server.requests().get(server.requests().size() - 1)).startsWith("/works");
    assertThat(journal.lines).contains("failed stalled for 1.0 s");
  }

  @Test
  void aServerThatNeverAnswersIsGivenUp() throws Exception {
    fetch(
        impatient,
        server.at("/silent", (reply, n) -> reply.silent()),
        server.at("/works", (reply, n) -> reply.whole(gzip)));

    assertThat(target()).hasBinaryContent(gzip);
  }

  @Test
  void aServerThatDripsIsGivenUp() throws Exception {
    fetch(
        impatient,
        server.at("/drips", (reply, n) -> reply.drip(20)),
        server.at("/works", (reply, n) -> reply.whole(gzip)));

    assertThat(target()).hasBinaryContent(gzip);
    assertThat(journal.lines).contains("failed stalled for 1.0 s");
  }

  @Test
  void aTransferBeyondTheExpectedSizeIsCutOff() throws Exception {
    fetch(
        server.at("/endless", (reply, n) -> reply.endless()),
        server.at("/announced", (reply, n) -> reply.whole(new byte[400_000])),
        server.at("/works", (reply, n) -> reply.whole(gzip)));

    assertThat(target()).hasBinaryContent(gzip);
    assertThat(journal.mostHave).isLessThan(600_000);
    assertThat(journal.lines.stream().filter(line -> line.startsWith("failed")))
        .containsExactly(
            "failed more than the 307096 bytes that the file can have",
            "failed more than the 307096 bytes that the file can have");
  }

  @Test
  void aBombIsCutOffWhenItIsChecked() {
    byte[] bomb = IdxFiles.gzip(new byte[50_000_000]);

    assertThat(failure(server.at("/bomb", (reply, n) -> reply.whole(bomb))).reasons())
        .singleElement()
        .asString()
        .contains("wrong content: ", "expected at most 300000 bytes, found more");
    assertThat(target()).doesNotExist();
  }

  @Test
  void saysWhatHappenedAtEveryMirror() throws Exception {
    URI gone = server.at("/gone", (reply, n) -> reply.status(404));
    URI wrong = server.at("/wrong", (reply, n) -> reply.whole(new byte[] {1, 2, 3}));
    URI dead = URI.create("http://localhost:" + unusedPort() + "/");

    DownloadFailedException failure = failure(gone, wrong, dead);

    assertThat(failure.file()).isEqualTo(NAME);
    assertThat(failure.reasons())
        .containsExactly(
            gone + ": HTTP status 404",
            wrong
                + ": wrong content: MD5 5289df737df57326fcdd22597afb1fac instead of "
                + IdxFiles.md5(content),
            dead + ": cannot be reached");
    assertThat(target()).doesNotExist();
  }

  @Test
  void keepsWhatCameForTheNextTry() {
    failure(
        server.at(
            "/a",
            (reply, n) -> {
              if (n == 1) {
                reply.broken(gzip, 50_000);
              } else {
                reply.broken(gzip, 0);
              }
            }));

    assertThat(target()).doesNotExist();
    assertThat(part()).exists();
  }

  @Test
  void checksArchivesAsTheyAre() throws Exception {
    RemoteFile archive =
        new RemoteFile(
            NAME,
            RemoteFile.Checks.STORED,
            IdxFiles.md5(gzip),
            -1,
            1_000_000,
            List.of(server.at("/a", (reply, n) -> reply.whole(gzip))));

    downloader.fetch(List.of(archive), folder, journal);

    assertThat(target()).hasBinaryContent(gzip);
  }

  @Test
  void asksForNothingThatIsHere() throws Exception {
    Files.write(target(), new byte[] {1});

    fetch(server.at("/a", (reply, n) -> reply.whole(gzip)));

    assertThat(server.requests()).isEmpty();
    assertThat(target()).hasBinaryContent(new byte[] {1});
  }

  @Test
  void usesTheDefaultProxy() throws Exception {
    server.at("/mnist/images.gz", (reply, n) -> reply.whole(gzip));
    ProxySelector before = ProxySelector.getDefault();
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            return List.of(
                new Proxy(Proxy.Type.HTTP, new InetSocketAddress("localhost", server.port())));
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException e) {}
        });
    try {
      fetch(URI.create("http://mirror.invalid/mnist/images.gz"));
    } finally {
      ProxySelector.setDefault(before);
    }

    assertThat(target()).hasBinaryContent(gzip);
  }

  @Test
  void threadsWaitForEachOther() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    URI mirror =
        server.at(
            "/a",
            (reply, n) -> {
              await(go);
              reply.whole(gzip);
            });
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      CountDownLatch waiting = new CountDownLatch(1);
      List<Future<?>> downloads = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        DownloadListener listener =
            new DownloadListener() {
              @Override
              public void waiting(Path where) {
                waiting.countDown();
              }
            };
        Downloader patient =
            new Downloader(
                new Downloader.Limits(
                    Duration.ofSeconds(5), Duration.ofSeconds(20), 1, Duration.ZERO));
        downloads.add(
            threads.submit(
                () -> {
                  patient.fetch(List.of(file(mirror)), folder, listener);
                  return null;
                }));
      }
      await(waiting);
      go.countDown();
      for (Future<?> download : downloads) {
        download.get(20, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(target()).hasBinaryContent(gzip);
    assertThat(server.requests()).containsExactly("/a");
  }

  /** What the processes of {@link #processesWaitForEachOther} run. */
  static final class Fetch {
    private Fetch() {}

    public static void main(String[] args) throws DownloadFailedException {
      RemoteFile file =
          RemoteFile.gzip(NAME, args[1], Long.parseLong(args[2]), List.of(URI.create(args[3])));
      new Downloader(Downloader.Limits.usual())
          .fetch(List.of(file), Path.of(args[0]), DownloadListener.silent());
    }
  }

  @Test
  void processesWaitForEachOther() throws Exception {
    URI mirror =
        server.at(
            "/a",
            (reply, n) -> {
              sleep(1500); // both processes are there by then
              reply.whole(gzip);
            });
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Fetch.class.getName(),
                  folder.toString(),
                  IdxFiles.md5(content),
                  Integer.toString(content.length),
                  mirror.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    }
    for (Process process : processes) {
      assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }
    assertThat(target()).hasBinaryContent(gzip);
    assertThat(server.requests()).containsExactly("/a");
    assertNothingElse();
  }

  @Test
  void anInterruptEndsTheDownloadAndKeepsWhatCame() throws Exception {
    URI mirror = server.at("/a", (reply, n) -> reply.stalled(gzip, 50_000));
    Downloader patient =
        new Downloader(
            new Downloader.Limits(Duration.ofSeconds(5), Duration.ofSeconds(30), 1, Duration.ZERO));
    Thread self = Thread.currentThread();
    DownloadListener interrupting =
        new DownloadListener() {
          @Override
          public void progress(String file, long have, long total) {
            if (have >= 50_000) {
              self.interrupt();
            }
          }
        };

    assertThatThrownBy(() -> patient.fetch(List.of(file(mirror)), folder, interrupting))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "The download to " + folder + " was interrupted; the next one goes on from here.");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(part()).hasSize(50_000);
  }

  @Test
  void saysWhenTheFolderCannotBeWrittenTo() throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[1]);
    URI mirror = server.at("/a", (reply, n) -> reply.whole(gzip));

    assertThatThrownBy(() -> downloader.fetch(List.of(file(mirror)), file, journal))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith(file + ": cannot be written to (")
        .hasMessageEndingWith("). Choose another folder or make room.");
  }

  private static Downloader downloader(Duration stall, int attempts) {
    return new Downloader(
        new Downloader.Limits(Duration.ofSeconds(5), stall, attempts, Duration.ofMillis(10)));
  }

  private void fetch(URI... mirrors) throws DownloadFailedException {
    fetch(downloader, mirrors);
  }

  private void fetch(Downloader with, URI... mirrors) throws DownloadFailedException {
    with.fetch(List.of(file(mirrors)), folder, journal);
  }

  private DownloadFailedException failure(URI... mirrors) {
    return catchThrowableOfType(DownloadFailedException.class, () -> fetch(mirrors));
  }

  private RemoteFile file(URI... mirrors) {
    return RemoteFile.gzip(NAME, IdxFiles.md5(content), content.length, List.of(mirrors));
  }

  private Path target() {
    return folder.resolve(NAME);
  }

  private Path part() {
    return folder.resolve(NAME + ".part");
  }

  private void assertNothingElse() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder(NAME, ".download.lock");
    }
  }

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static int unusedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Notes what a listener is told; progress only as the latest and the highest value. */
  private static final class Journal implements DownloadListener {
    private final List<String> lines = new ArrayList<>();
    private long lastHave;
    private long mostHave;

    @Override
    public void started(String file, URI from, long have, long total) {
      lines.add("started " + have + " of " + total);
    }

    @Override
    public void progress(String file, long have, long total) {
      lastHave = have;
      mostHave = Math.max(mostHave, have);
    }

    @Override
    public void failed(String file, URI from, String reason) {
      lines.add("failed " + reason);
    }

    @Override
    public void finished(String file, Path path) {
      lines.add("finished " + path);
    }
  }
}
