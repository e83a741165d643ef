package org.imageperformer.savedmodels;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * A loaded SavedModel of a run: images in, {@link Predictions} out (cli.md, "The SavedModel"). It
 * holds native memory until it is closed. All methods may be called from several threads.
 *
 * <p>A SavedModel is a program: its operations can do what this process can, reading files among
 * them. Damaged files are answered by errors, but load only models from where you would run a
 * program from.
 */
public final class SavedModel implements AutoCloseable {

  /** The signature of raw images. */
  public static final String SERVING_DEFAULT = "serving_default";

  /** The signature of PNG and JPEG images. */
  public static final String ENCODED_IMAGES = "encoded_images";

  /** Input of {@link #SERVING_DEFAULT}, uint8 [batch, height, width, channels]. */
  public static final String IMAGES = "images";

  /** Input of {@link #ENCODED_IMAGES}, string [batch]. */
  public static final String IMAGE_BYTES = "image_bytes";

  /** Output of both, float32 [batch, classes]. */
  public static final String LOGITS = "logits";

  /** Output of both, float32 [batch, classes]. */
  public static final String PROBABILITIES = "probabilities";

  /** Output of both, int64 [batch]. */
  public static final String CLASSES = "classes";

  static final String TAG = "serve";
  static final String MODEL_JSON = "assets.extra/model.json";

  /** The graph, too, which has the types of the operations that the notes name. */
  private static final RunOptions NOTING =
      RunOptions.newBuilder()
          .setTraceLevel(RunOptions.TraceLevel.FULL_TRACE)
          .setOutputPartitionGraphs(true)
          .build();

  private record Run(Predictions predictions, Optional<RunMetadata> notes) {}

  private final Path file;
  private final ModelInfo info;
  private final LoadOptions options;
  private final LoadedGraph graph;
  private final Endpoint rawImages;
  private final Endpoint encodedImages;
  private final String noEncodedImages;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private SavedModel(
      Path file, ModelInfo info, LoadOptions options, LoadedGraph graph, MetaGraphDef metaGraph) {
    this.file = file;
    this.info = info;
    this.options = options;
    this.graph = graph;
    int classes = info.classes().size();
    this.rawImages =
        Endpoint.resolve(
            file,
            graph.graph(),
            metaGraph,
            SERVING_DEFAULT,
            IMAGES,
            DataType.DT_UINT8,
            new long[] {-1, info.height(), info.width(), info.channels()},
            classes);
    if (metaGraph.containsSignatureDef(ENCODED_IMAGES)) {
      this.encodedImages =
          Endpoint.resolve(
              file,
              graph.graph(),
              metaGraph,
              ENCODED_IMAGES,
              IMAGE_BYTES,
              DataType.DT_STRING,
              new long[] {-1},
              classes);
      this.noEncodedImages = null;
    } else {
      this.encodedImages = null;
      this.noEncodedImages =
          "%s: there is no signature %s, found %s"
              .formatted(file, ENCODED_IMAGES, metaGraph.getSignatureDefMap().keySet());
    }
  }

  /**
   * Loads a model. On the processor what the file says is computed by faster operations where there
   * are some, which give the same up to rounding (docs/performance.md, "Constant weights" and
   * "LayerNorm").
   *
   * @param path the folder of a SavedModel, or a run's folder that has one
   * @param options how it will be run. On the processor the first session of a process settles the
   *     number of threads inside an operation for all of them (TensorFlow shares that pool); loaded
   *     first, a model is given one, since it uses the cores by predicting several chunks at once
   * @return the model, to be closed
   * @throws RunException when there is none, or it or assets.extra/compiled.pb is damaged, or it
   *     lacks model.json or the signature {@link #SERVING_DEFAULT}, or a signature has other types
   *     or shapes than cli.md says
   */
  public static SavedModel load(Path path, LoadOptions options) {
    Path directory = require(path);
    Path file = directory.resolve(SavedModelFile.NAME);
    MetaGraphDef metaGraph = SavedModelFile.read(directory);
    ModelInfo info = ModelInfo.read(directory.resolve(MODEL_JSON));
    LoadedGraph graph = LoadedGraph.load(directory, metaGraph, options);
    try {
      return new SavedModel(file, info, options, graph, metaGraph);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  /**
   * Returns the folder of the SavedModel at a path.
   *
   * @param path the folder of a SavedModel, or a run's folder that has one
   * @throws RunException when there is none
   */
  public static Path require(Path path) {
    return find(path).orElseThrow(() -> absent(path));
  }

  /**
   * Reads what a model says about itself, without loading it.
   *
   * @param path the folder of a SavedModel, or a run's folder that has one
   * @throws RunException when there is none, or it does not say
   */
  public static ModelInfo describe(Path path) {
    return ModelInfo.read(require(path).resolve(MODEL_JSON));
  }

  /**
   * Returns whether a SavedModel is there, whole or not.
   *
   * @param path the folder of a SavedModel, or a run's folder
   */
  public static boolean isPresent(Path path) {
    return find(path).isPresent();
  }

  private static Optional<Path> find(Path path) {
    Path inside = path.resolve("saved_model");
    // The last is where a model stays that was being replaced when its process was killed.
    return Stream.of(path, inside, AtomicFiles.previous(inside))
        .filter(directory -> Files.isRegularFile(directory.resolve(SavedModelFile.NAME)))
        .findFirst();
  }

  private static RunException absent(Path path) {
    return new RunException(
        "there is no SavedModel in %s: expected %s or saved_model/%s%s"
            .formatted(
                path,
                SavedModelFile.NAME,
                SavedModelFile.NAME,
                Files.exists(path) ? "" : ", but the folder does not exist"));
  }

  /** Returns what the model says about itself. */
  public ModelInfo info() {
    return info;
  }

  /** Returns whether {@link #predictEncoded} can be used. */
  public boolean takesEncodedImages() {
    return encodedImages != null;
  }

  /**
   * Predicts one batch.
   *
   * @param images uint8 [count, height, width, channels], flat, from the buffer's position, which
   *     is left where it is
   * @param count images, 1 or more
   * @return a prediction for each
   * @throws IllegalArgumentException when the buffer does not hold exactly so many images
   * @throws IllegalStateException after {@link #close}
   * @throws RunException when the model fails
   */
  public Predictions predict(ByteBuffer images, int count) {
    return predict(images, count, false).predictions();
  }

  /**
   * Predicts one batch as {@link #predict} does, and has TensorFlow note how long each operation
   * takes. It keeps notes of one run of a process at a time.
   *
   * @param images uint8 [count, height, width, channels], flat, from the buffer's position
   * @param count images, 1 or more
   * @return the notes, with the graph that was run
   * @throws IllegalArgumentException when the buffer does not hold exactly so many images
   * @throws IllegalStateException after {@link #close}
   * @throws RunException when the model fails
   */
  public RunMetadata profile(ByteBuffer images, int count) {
    return predict(images, count, true).notes().orElseThrow();
  }

  private Run predict(ByteBuffer images, int count, boolean noting) {
    long expected = (long) count * info.imageBytes();
    if (count < 1 || images.remaining() != expected) {
      throw new IllegalArgumentException(
          "expected %s images of %sx%sx%s (%s bytes), found %s bytes"
              .formatted(
                  count,
                  info.height(),
                  info.width(),
                  info.channels(),
                  expected,
                  images.remaining()));
    }
    Shape shape = Shape.of(count, info.height(), info.width(), info.channels());
    lock.readLock().lock();
    try {
      checkOpen();
      try (TUint8 tensor = TUint8.tensorOf(shape, DataBuffers.of(images.slice()))) {
        return run(rawImages, tensor, count, noting);
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Predicts one batch of encoded images. One that cannot be decoded fails the whole batch.
   *
   * @param images PNG or JPEG files of any size, 1 or more
   * @return a prediction for each
   * @throws IllegalStateException after {@link #close}
   * @throws RunException when the model has no such signature, or fails
   */
  public Predictions predictEncoded(List<byte[]> images) {
    if (images.isEmpty()) {
      throw new IllegalArgumentException("expected 1 or more images, found none");
    }
    if (encodedImages == null) {
      throw new RunException(noEncodedImages);
    }
    lock.readLock().lock();
    try {
      checkOpen();
      byte[][] bytes = images.toArray(byte[][]::new);
      try (TString tensor =
          TString.tensorOfBytes(Shape.of(bytes.length), DataBuffers.of(bytes, true, false))) {
        return run(encodedImages, tensor, bytes.length, false).predictions();
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Predicts any number of images, in chunks, several at the same time.
   *
   * <p>The size of the chunks: a model whose key stabilizer is {@code batch} gets batches of the
   * size it was trained with (the last one smaller), in the order of the images, since its
   * predictions depend on the batch. Every other model gets what is fastest: on the processor what
   * it says itself, or else 4 images, whose tensors stay in the cache, and 128 on an accelerator;
   * less where so few images are that a thread would go without.
   *
   * @param count images
   * @param images where they come from
   * @param progress told the number of images done so far, by one thread at a time
   * @return a prediction for each, in order
   * @throws IllegalArgumentException when the source gives an image of another size
   * @throws IllegalStateException after {@link #close}
   * @throws RunException when the model fails, or the thread is interrupted
   */
  public Predictions predictAll(int count, ImageSource images, IntConsumer progress) {
    Predictions all = Predictions.empty(count, info.classes().size());
    ParallelChunks chunks = new ParallelChunks(count, chunk(count), options.threads());
    chunks.run(
        () -> {
          ByteBuffer buffer = ByteBuffer.allocateDirect(chunks.largest() * info.imageBytes());
          return (first, size) -> {
            buffer.clear();
            for (int i = first; i < first + size; i++) {
              int before = buffer.position();
              images.copyImage(i, buffer);
              checkImage(i, buffer.position() - before);
            }
            all.fill(first, predict(buffer.flip(), size));
          };
        },
        progress);
    return all;
  }

  /** Several images of a wrong size may have the right one together. */
  private void checkImage(int index, int bytes) {
    if (bytes != info.imageBytes()) {
      throw new IllegalArgumentException(
          "image %s: expected %sx%sx%s (%s bytes), found %s bytes"
              .formatted(
                  index, info.height(), info.width(), info.channels(), info.imageBytes(), bytes));
    }
  }

  private int chunk(int count) {
    return info.dependsOnBatch()
        ? imagesAtOnce()
        : Math.min(imagesAtOnce(), (count - 1) / options.threads() + 1);
  }

  /** Returns how many images {@link #predictAll} gives to one run, if there are enough. */
  public int imagesAtOnce() {
    if (info.dependsOnBatch()) {
      return info.batchSize();
    }
    return switch (options.device()) {
      case CPU -> info.imagesAtOnce().orElse(4);
      case GPU -> 128;
    };
  }

  private Run run(Endpoint endpoint, Tensor input, int count, boolean noting) {
    int classCount = info.classes().size();
    Session.Runner runner =
        graph
            .session()
            .runner()
            .feed(endpoint.input(), input)
            .fetch(endpoint.logits())
            .fetch(endpoint.probabilities())
            .fetch(endpoint.classes());
    try (Result result = noting ? runner.setOptions(NOTING).runAndFetchMetadata() : runner.run()) {
      Shape rows = Shape.of(count, classCount);
      float[] logits = floats(endpoint, LOGITS, result.get(0), rows);
      float[] probabilities = floats(endpoint, PROBABILITIES, result.get(1), rows);
      Tensor classTensor = checked(endpoint, CLASSES, result.get(2), Shape.of(count));
      long[] classes = new long[count];
      classTensor.asRawTensor().data().asLongs().read(classes);
      for (long index : classes) {
        if (index < 0 || index >= classCount) {
          throw new RunException(
              "%s: signature %s predicted class %s of %s"
                  .formatted(file, endpoint.name(), index, classCount));
        }
      }
      return new Run(
          new Predictions(count, classCount, logits, probabilities, classes), result.getMetadata());
    } catch (TensorFlowException | IllegalArgumentException e) {
      throw new RunException(
          file + ": signature " + endpoint.name() + " failed: " + OneLine.firstLine(e), e);
    }
  }

  private float[] floats(Endpoint endpoint, String name, Tensor tensor, Shape shape) {
    float[] values = new float[Math.toIntExact(shape.size())];
    checked(endpoint, name, tensor, shape).asRawTensor().data().asFloats().read(values);
    return values;
  }

  private Tensor checked(Endpoint endpoint, String name, Tensor tensor, Shape shape) {
    if (!tensor.shape().equals(shape)) {
      throw new RunException(
          "%s: signature %s: output %s should be %s, found %s"
              .formatted(file, endpoint.name(), name, shape, tensor.shape()));
    }
    return tensor;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the SavedModel " + file + " is closed");
    }
  }

  /** Frees the model, after the predictions that are under way. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        graph.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
