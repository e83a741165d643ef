import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/** Loads a SavedModel with nothing but TensorFlow and prints the classes of 7 x 7 images. */
public class LoadSavedModel {
  public static void main(String[] args) throws Exception {
    byte[] pixels = Files.readAllBytes(Path.of(args[1]));
    Shape shape = Shape.of(pixels.length / 49, 7, 7, 1);
    try (SavedModelBundle model = SavedModelBundle.load(args[0], "serve");
        TUint8 images = TUint8.tensorOf(shape, DataBuffers.of(pixels));
        Result result = model.function("serving_default").call(Map.of("images", images))) {
      TInt64 classes = (TInt64) result.get("classes").orElseThrow();
      StringJoiner line = new StringJoiner(" ");
      classes.scalars().forEach(label -> line.add(Long.toString(label.getLong())));
      System.out.println(line);
    }
  }
}
