package org.imageperformer.serve.page;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.imageperformer.savedmodels.ModelInfo;
import org.imageperformer.serve.models.ModelVersion;
import org.imageperformer.serve.models.ServedModel;
import org.imageperformer.serve.page.SampleImages.Sample;
import org.imageperformer.serve.page.ShownModel.NotShownException;

/** The files of the page, and what it needs to know about the models. */
public final class Page {
  /** Where {@link #description} is. */
  public static final String DESCRIPTION = "/page.json";

  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, File> files =
      Map.of(
          "/", File.read("page.html", "text/html; charset=utf-8"),
          "/page.css", File.read("page.css", "text/css; charset=utf-8"),
          "/page.js", File.read("page.js", "text/javascript; charset=utf-8"));

  private final Collection<ServedModel> models;
  private final Map<SampleSet, List<Sample>> samples = new ConcurrentHashMap<>();

  /** A file, in memory. */
  public static final class File {
    private final String contentType;
    private final byte[] body;

    private File(String contentType, byte[] body) {
      this.contentType = contentType;
      this.body = body;
    }

    private static File read(String name, String contentType) {
      try (InputStream in = Page.class.getResourceAsStream(name)) {
        return new File(contentType, in.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Returns its type, with the character set. */
    public String contentType() {
      return contentType;
    }

    /** Returns all of it; not to be changed. */
    public byte[] body() {
      return body;
    }
  }

  private record SampleSet(String dataset, int side) implements Comparable<SampleSet> {
    @Override
    public int compareTo(SampleSet other) {
      int names = dataset.compareTo(other.dataset);
      return names != 0 ? names : Integer.compare(side, other.side);
    }
  }

  /**
   * @param models that are served, in the order in which they are shown
   */
  public Page(Collection<ServedModel> models) {
    this.models = models;
  }

  /**
   * Returns a file.
   *
   * @param path of the request
   * @return empty if there is none
   */
  public Optional<File> file(String path) {
    return Optional.ofNullable(files.get(path));
  }

  /**
   * Returns the models, each with what it takes or why it is not shown, and test images, as JSON.
   */
  public byte[] description() {
    Set<SampleSet> wanted = new TreeSet<>();
    try (ByteArrayBuilder bytes = new ByteArrayBuilder();
        JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeArrayFieldStart("models");
      for (ServedModel model : models) {
        json.writeStartObject();
        json.writeStringField("name", model.name());
        try {
          ShownModel shown = look(model);
          write(json, shown);
          if (shown.height() == shown.width()) {
            wanted.add(new SampleSet(sample(shown), shown.height()));
          }
        } catch (NotShownException e) {
          json.writeStringField("not_shown", e.getMessage());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("samples");
      for (Sample sample : samples(wanted)) {
        json.writeStartObject();
        json.writeStringField("dataset", sample.dataset());
        json.writeStringField("class", sample.label());
        json.writeNumberField("side", sample.side());
        json.writeStringField("pixels", sample.pixels());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      json.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("an array failed", e);
    }
  }

  private static ShownModel look(ServedModel model) throws NotShownException {
    ModelVersion version =
        model
            .acquire(OptionalLong.empty())
            .orElseThrow(() -> new NotShownException("no version of it is served"));
    try {
      return ShownModel.of(version);
    } finally {
      version.release();
    }
  }

  private static void write(JsonGenerator json, ShownModel model) throws IOException {
    if (model.info().isPresent()) {
      json.writeStringField("model", model.info().get().model());
      json.writeStringField("dataset", model.info().get().dataset());
    }
    json.writeStringField("input", model.input());
    json.writeNumberField("height", model.height());
    json.writeNumberField("width", model.width());
    json.writeNumberField("channels", model.channels());
    json.writeBooleanField(
        "depends_on_batch", model.info().map(ModelInfo::dependsOnBatch).orElse(false));
    json.writeArrayFieldStart("classes");
    for (String name : model.classes()) {
      json.writeString(name);
    }
    json.writeEndArray();
  }

  private static String sample(ShownModel model) {
    return SampleImages.nearest(model.info().map(ModelInfo::dataset).orElse(""));
  }

  private List<Sample> samples(Set<SampleSet> wanted) {
    List<Sample> all = new ArrayList<>();
    for (SampleSet set : wanted) {
      all.addAll(samples.computeIfAbsent(set, key -> SampleImages.read(key.dataset(), key.side())));
    }
    return all;
  }
}
