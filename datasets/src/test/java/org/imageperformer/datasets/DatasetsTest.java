package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.cifar.CifarFiles;
import org.imageperformer.datasets.cifar.CifarSource;
import org.imageperformer.datasets.fetch.Downloader;
import org.imageperformer.datasets.fetch.FileServer;
import org.imageperformer.datasets.fetch.Published;
import org.imageperformer.datasets.fetch.RemoteFile;
import org.imageperformer.datasets.idx.IdxFiles;
import org.imageperformer.datasets.idx.IdxSource;
import org.imageperformer.datasets.sets.FashionMnistSample;
import org.imageperformer.datasets.sets.MnistSample;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class DatasetsTest {
  private static final String FOUR =
      "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz,"
          + " t10k-labels-idx1-ubyte.gz";
  private static final String WITHOUT_NETWORK =
      ". Without a network: MNISTSample and FashionMNISTSample need no files, and FashionMNIST is in"
          + " Debian's package dataset-fashion-mnist.";

  private final ImageSet train = IdxFiles.random(11, 28, 28, 1, 3);
  private final ImageSet test = IdxFiles.random(7, 28, 28, 1, 5);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("org.imageperformer.datasets");
  private FileServer server;
  private IdxSource digits;
  private IdxSource fashion;
  private CifarSource cifar;
  @TempDir private Path folder;
  private Path data;
  private Path debian;

  @BeforeEach
  void prepare() throws IOException {
    data = folder.resolve("data");
    debian = folder.resolve("debian");
    server = new FileServer();
    digits = idx(Datasets.info("MNIST"), List.of(), Optional.empty());
    fashion = idx(Datasets.info("FashionMNIST"), List.of(), Optional.of(debian));
    cifar = cifar(List.of());
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void end() {
    logger.detachAppender(log);
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"MNIST", "MNIST/raw"})
  void readsFlatAndTorchvisionFolders(String place) throws IOException {
    IdxFiles.write(data.resolve(place), train, test);

    Dataset dataset = Datasets.loadOffline(digits, data, 28);

    assertThat(dataset.train().size()).isEqualTo(11);
    assertThat(dataset.train().image(10)).isEqualTo(train.image(10));
    assertThat(dataset.train().label(10)).isEqualTo(train.label(10));
    assertThat(dataset.test().image(6)).isEqualTo(test.image(6));
    assertThat(dataset.sources().stream().map(SourceFile::name))
        .containsExactly(
            "train-images-idx3-ubyte",
            "train-labels-idx1-ubyte",
            "t10k-images-idx3-ubyte",
            "t10k-labels-idx1-ubyte");
    assertThat(dataset.sources().get(0).location())
        .isEqualTo(data.resolve(place).resolve("train-images-idx3-ubyte").toString());
  }

  @Test
  void readsGzipFilesWhateverTheirName() throws IOException {
    Path mnist = data.resolve("MNIST");
    IdxFiles.write(mnist, train, test);
    gzip(mnist, "train-images-idx3-ubyte", "train-images-idx3-ubyte.gz");
    gzip(mnist, "train-labels-idx1-ubyte", "train-labels-idx1-ubyte");
    Files.move(mnist.resolve("t10k-images-idx3-ubyte"), mnist.resolve("t10k-images-idx3-ubyte.gz"));

    Dataset dataset = Datasets.loadOffline(digits, data, 32);

    assertThat(dataset.train()).hasToString("11 images of 32x32x1");
    assertThat(dataset.test()).hasToString("7 images of 32x32x1");
  }

  @Test
  void theUsersFolderComesBeforeDebians() throws IOException {
    IdxFiles.write(debian, train, test);
    assertThat(Datasets.loadOffline(fashion, data, 28).train().size()).isEqualTo(11);
    assertThat(log.list).isEmpty();

    IdxFiles.write(data.resolve("FashionMNIST"), /* train= */ test, /* test= */ train);
    assertThat(Datasets.loadOffline(fashion, data, 28).train().size()).isEqualTo(7);
  }

  @Test
  void saysWhenItPassesOverAnIncompleteFolder() throws IOException {
    IdxFiles.write(debian, train, test);
    IdxFiles.write(data.resolve("FashionMNIST"), train, test);
    Files.delete(data.resolve("FashionMNIST/t10k-labels-idx1-ubyte"));

    Datasets.loadOffline(fashion, data, 28);

    assertThat(warnings())
        .containsExactly(
            data.resolve("FashionMNIST")
                + " lacks [t10k-labels-idx1-ubyte.gz]: using "
                + debian
                + " instead");
  }

  @Test
  void debiansFolderServesNoOtherDataSet() throws IOException {
    IdxFiles.write(debian, train, test);

    assertThatThrownBy(() -> Datasets.loadOffline(digits, data, 28))
        .isInstanceOf(DatasetException.class);
  }

  @Test
  void warnsOnceOfFilesThatAreNotThePublishedOnes() throws IOException {
    Path mnist = data.resolve("MNIST");
    IdxFiles.write(mnist, train, test);
    digits = mnist(originals(train, test, URI.create("http://localhost/")));
    Datasets.loadOffline(digits, data, 28);
    assertThat(log.list).isEmpty();

    Files.write(mnist.resolve("t10k-labels-idx1-ubyte"), IdxFiles.labels(train.first(7)));
    Datasets.loadOffline(digits, data, 28);

    assertThat(warnings())
        .containsExactly(
            mnist
                + ": not the published MNIST files, used as they are: t10k-labels-idx1-ubyte (MD5 "
                + IdxFiles.md5(IdxFiles.labels(train.first(7)))
                + ")");
  }

  @Test
  void refusesDifferentNumbersOfImagesAndLabels() throws IOException {
    Path mnist = data.resolve("MNIST");
    IdxFiles.write(mnist, train, test);
    Files.write(mnist.resolve("train-labels-idx1-ubyte"), IdxFiles.labels(train.first(10)));

    assertThatThrownBy(() -> Datasets.loadOffline(digits, data, 28))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            mnist.resolve("train-images-idx3-ubyte")
                + ": expected 10 images, as many as "
                + mnist.resolve("train-labels-idx1-ubyte")
                + " has labels, found 11. Put the two files of one set together.");
  }

  @Test
  void refusesAFolderInPlaceOfAFile() throws IOException {
    Path mnist = data.resolve("MNIST");
    IdxFiles.write(mnist, train, test);
    Files.delete(mnist.resolve("train-labels-idx1-ubyte"));
    Files.createDirectory(mnist.resolve("train-labels-idx1-ubyte"));

    assertThatThrownBy(() -> Datasets.loadOffline(digits, data, 28))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            mnist.resolve("train-labels-idx1-ubyte")
                + ": expected a file, found something else. Replace it with the data set's file.");
  }

  @Test
  void saysWhatToDoWithoutANetwork() throws IOException {
    assertThatThrownBy(() -> Datasets.loadOffline(digits, data, 32))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "MNIST is not on this machine. Put "
                + FOUR
                + " (gzip or unpacked) into "
                + data.resolve("MNIST")
                + WITHOUT_NETWORK);
    assertThatThrownBy(() -> Datasets.loadOffline(cifar, data, 32))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "CIFAR10 is not on this machine. Put cifar-10-binary.tar.gz (or the unpacked folder"
                + " cifar-10-batches-bin) into "
                + data.resolve("CIFAR10")
                + WITHOUT_NETWORK);

    IdxFiles.write(data.resolve("MNIST/raw"), train, test);
    Files.delete(data.resolve("MNIST/raw/t10k-images-idx3-ubyte"));
    assertThatThrownBy(() -> Datasets.loadOffline(digits, data, 32))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "MNIST is not on this machine. Put t10k-images-idx3-ubyte.gz (gzip or unpacked) into "
                + data.resolve("MNIST/raw")
                + WITHOUT_NETWORK);
  }

  @Test
  void downloadsWhatIsNowhere() throws IOException {
    digits = mnist(originals(train, test, serve(train, test)));
    List<String> finished = new ArrayList<>();
    DownloadListener listener =
        new DownloadListener() {
          @Override
          public void finished(String file, Path path) {
            finished.add(file);
          }
        };

    Dataset dataset = Datasets.load(digits, data, 28, listener);

    assertThat(dataset.train().image(10)).isEqualTo(train.image(10));
    assertThat(finished).containsExactly(FOUR.split(", "));
    assertThat(data.resolve("MNIST/t10k-labels-idx1-ubyte.gz")).exists();
    int requests = server.requests().size();
    Datasets.load(digits, data, 28, listener);
    assertThat(server.requests()).hasSize(requests);
    assertThat(log.list).isEmpty();
  }

  @Test
  void downloadsOnlyTheMissingPublishedFiles() throws IOException {
    Path raw = data.resolve("MNIST/raw");
    IdxFiles.write(raw, train, test);
    Files.delete(raw.resolve("t10k-images-idx3-ubyte"));
    digits = mnist(originals(train, test, serve(train, test)));

    Dataset dataset = Datasets.load(digits, data, 28, DownloadListener.silent());

    assertThat(dataset.test().size()).isEqualTo(7);
    assertThat(server.requests()).containsExactly("/t10k-images-idx3-ubyte.gz");
    assertThat(raw.resolve("t10k-images-idx3-ubyte.gz")).exists();
  }

  @Test
  void doesNotCompleteAUsersOwnFilesWithPublishedOnes() throws IOException {
    Path mnist = data.resolve("MNIST");
    IdxFiles.write(mnist, /* train= */ test, /* test= */ train);
    Files.delete(mnist.resolve("t10k-images-idx3-ubyte"));
    digits = mnist(originals(train, test, serve(train, test)));

    assertThatThrownBy(() -> Datasets.load(digits, data, 28, DownloadListener.silent()))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            mnist
                + ": lacks t10k-images-idx3-ubyte.gz, and train-images-idx3-ubyte is not the"
                + " published file (MD5 "
                + IdxFiles.md5(IdxFiles.images(test))
                + "), so the download would not fit to it. Add your own files or move it away.");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void downloadsAnArchive() throws IOException {
    byte[] archive = IdxFiles.gzip(CifarFiles.tar(CifarFiles.contents(3)));
    URI mirror = server.at("/cifar-10-binary.tar.gz", (reply, n) -> reply.whole(archive));
    RemoteFile file =
        new RemoteFile(
            "cifar-10-binary.tar.gz",
            RemoteFile.Checks.STORED,
            IdxFiles.md5(archive),
            -1,
            archive.length,
            List.of(mirror));
    cifar = cifar(List.of(file));

    Dataset dataset = Datasets.load(cifar, data, 32, DownloadListener.silent());

    assertThat(dataset.train().size()).isEqualTo(20);
    assertThat(log.list).isEmpty();

    Files.write(
        data.resolve("CIFAR10/cifar-10-binary.tar.gz"),
        IdxFiles.gzip(CifarFiles.tar(CifarFiles.contents(4))));
    Datasets.loadOffline(cifar, data, 32);
    assertThat(warnings())
        .containsExactly(
            data.resolve("CIFAR10/cifar-10-binary.tar.gz")
                + ": not the published CIFAR10 archive (MD5 "
                + IdxFiles.md5(Files.readAllBytes(data.resolve("CIFAR10/cifar-10-binary.tar.gz")))
                + "), used as it is");
  }

  @Test
  void saysWhatToDoWhenNoMirrorHelps() throws IOException {
    URI gone = server.at("/train-images-idx3-ubyte.gz", (reply, n) -> reply.status(404));
    digits = mnist(originals(train, test, gone.resolve("/")));

    assertThatThrownBy(() -> Datasets.load(digits, data, 28, DownloadListener.silent()))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "MNIST could not be downloaded to "
                + data.resolve("MNIST")
                + ". train-images-idx3-ubyte.gz: "
                + gone
                + ": HTTP status 404. Put "
                + FOUR
                + " (gzip or unpacked) into "
                + data.resolve("MNIST")
                + WITHOUT_NETWORK);
  }

  @Test
  void downloadSaysWhereTheFilesAre() throws IOException {
    digits = mnist(originals(train, test, serve(train, test)));

    assertThat(digits.download(data, DownloadListener.silent())).isEqualTo(data.resolve("MNIST"));
    int requests = server.requests().size();
    assertThat(digits.download(data, DownloadListener.silent())).isEqualTo(data.resolve("MNIST"));
    assertThat(server.requests()).hasSize(requests);
    assertThatThrownBy(
            () -> Datasets.download(Datasets.info("MNISTSample"), data, DownloadListener.silent()))
        .isInstanceOf(DatasetException.class)
        .hasMessage("MNISTSample ships with the program: nothing to download.");
  }

  @Test
  void tellsWhereEveryDataSetIs() throws IOException {
    assertThat(status())
        .containsExactly(
            "MNIST ABSENT " + data.resolve("MNIST") + " missing " + FOUR,
            "FashionMNIST ABSENT " + data.resolve("FashionMNIST") + " missing " + FOUR,
            "CIFAR10 ABSENT " + data.resolve("CIFAR10") + " missing cifar-10-binary.tar.gz",
            "MNISTSample SHIPPED classpath:org/imageperformer/datasets/samples/MNISTSample 5000"
                + " training and 1000 test images",
            "FashionMNISTSample SHIPPED"
                + " classpath:org/imageperformer/datasets/samples/FashionMNISTSample 5000 training"
                + " and 1000 test images");

    IdxFiles.write(data.resolve("MNIST/raw"), train, test);
    IdxFiles.write(debian, train, test);
    CifarFiles.write(data.resolve("CIFAR10/cifar-10-batches-bin"), CifarFiles.contents(1));
    assertThat(status().subList(0, 3))
        .containsExactly(
            "MNIST DATA_PATH " + data.resolve("MNIST/raw") + " 4 files",
            "FashionMNIST DEBIAN_PACKAGE " + debian + " 4 files",
            "CIFAR10 DATA_PATH " + data.resolve("CIFAR10/cifar-10-batches-bin") + " 6 files");

    Files.delete(data.resolve("CIFAR10/cifar-10-batches-bin/test_batch.bin"));
    assertThat(status().get(2))
        .isEqualTo(
            "CIFAR10 ABSENT "
                + data.resolve("CIFAR10/cifar-10-batches-bin")
                + " missing test_batch.bin");
    Files.write(data.resolve("CIFAR10/a.tar.gz"), new byte[1]);
    assertThat(status().get(2))
        .isEqualTo("CIFAR10 DATA_PATH " + data.resolve("CIFAR10/a.tar.gz") + " 1 archive");
    Files.write(data.resolve("CIFAR10/b.tar.gz"), new byte[1]);
    assertThat(status().get(2))
        .startsWith("CIFAR10 ABSENT " + data.resolve("CIFAR10") + " ")
        .contains("expected one .tar.gz archive, found a.tar.gz, b.tar.gz");
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1025, Integer.MAX_VALUE})
  void refusesImageSizesOutOfRange(int imageSize) {
    String message = "An image size of " + imageSize + ": expected 1 to 1024.";
    assertThatThrownBy(() -> Datasets.loadOffline(Datasets.info("MNISTSample"), data, imageSize))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(
            () ->
                Datasets.load(
                    Datasets.info("MNISTSample"), data, imageSize, DownloadListener.silent()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void theSamplesHaveEveryClass() {
    for (DatasetInfo name :
        List.of(Datasets.info("MNISTSample"), Datasets.info("FashionMNISTSample"))) {
      Dataset dataset = Datasets.loadOffline(name, data, 28);
      for (ImageSet images : List.of(dataset.train(), dataset.test())) {
        int[] counts = new int[10];
        for (int i = 0; i < images.size(); i++) {
          counts[images.label(i)]++;
        }
        assertThat(Arrays.stream(counts).min().getAsInt()).isGreaterThan(images.size() / 15);
      }
    }
  }

  private IdxSource mnist(List<RemoteFile> files) {
    return idx(Datasets.info("MNIST"), files, Optional.empty());
  }

  private static IdxSource idx(DatasetInfo name, List<RemoteFile> files, Optional<Path> debian) {
    return new IdxSource(name, published(files), debian, ImageStore.usual());
  }

  private static CifarSource cifar(List<RemoteFile> files) {
    return new CifarSource(Datasets.info("CIFAR10"), published(files), ImageStore.usual());
  }

  private static Published published(List<RemoteFile> files) {
    return new Published(
        files,
        new Downloader(
            new Downloader.Limits(
                Duration.ofSeconds(5), Duration.ofSeconds(30), 2, Duration.ZERO)));
  }

  private static Map<String, byte[]> idxFiles(ImageSet train, ImageSet test) {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("train-images-idx3-ubyte.gz", IdxFiles.images(train));
    files.put("train-labels-idx1-ubyte.gz", IdxFiles.labels(train));
    files.put("t10k-images-idx3-ubyte.gz", IdxFiles.images(test));
    files.put("t10k-labels-idx1-ubyte.gz", IdxFiles.labels(test));
    return files;
  }

  /** MNIST as if these images had been published at the mirror. */
  private static List<RemoteFile> originals(ImageSet train, ImageSet test, URI mirror) {
    Map<String, byte[]> contents = idxFiles(train, test);
    List<RemoteFile> files = new ArrayList<>();
    for (String name : List.of(FOUR.split(", "))) {
      byte[] content = contents.get(name);
      files.add(
          RemoteFile.gzip(
              name, IdxFiles.md5(content), content.length, List.of(mirror.resolve("/" + name))));
    }
    return files;
  }

  private URI serve(ImageSet train, ImageSet test) {
    idxFiles(train, test)
        .forEach(
            (name, content) ->
                server.at("/" + name, (reply, n) -> reply.whole(IdxFiles.gzip(content))));
    return URI.create("http://localhost:" + server.port() + "/");
  }

  private List<String> status() {
    return Stream.of(digits, fashion, cifar, new MnistSample(), new FashionMnistSample())
        .map(source -> source.status(data))
        .map(one -> one.dataset() + " " + one.place() + " " + one.location() + " " + one.note())
        .toList();
  }

  private List<String> warnings() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static void gzip(Path folder, String from, String to) throws IOException {
    byte[] content = Files.readAllBytes(folder.resolve(from));
    Files.delete(folder.resolve(from));
    Files.write(folder.resolve(to), IdxFiles.gzip(content));
  }

  @Test
  void hiddenFilesBesideAnArchiveAreNoData() throws IOException {
    Path place = Files.createDirectories(data.resolve("CIFAR10"));
    byte[] archive = IdxFiles.gzip(CifarFiles.tar(CifarFiles.contents(1)));
    Files.write(place.resolve("cifar.tar.gz"), archive);
    Files.write(place.resolve("._cifar.tar.gz"), new byte[] {0, 5, 22, 7});
    Files.write(place.resolve(".old.tar.gz"), new byte[9]);

    assertThat(Datasets.loadOffline(Datasets.info("CIFAR10"), data, 32).train().size())
        .isEqualTo(20);
  }
}
