package org.imageperformer.training.workers;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.Objects;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.ConfigProto;

/**
 * Sessions in a TensorFlow server. TensorFlow's C interface has them; TensorFlow for Java (1.1.0)
 * has no public way to them, so that a constructor and a field are taken that it keeps to itself.
 */
final class RemoteSession {

  private RemoteSession() {}

  /**
   * Opens a session in a server.
   *
   * @param target such as {@code grpc://host:port}
   * @return to be closed by the caller, before the graph
   * @throws IllegalStateException if this version of TensorFlow for Java is made otherwise
   */
  static Session open(Graph graph, String target, ConfigProto config) {
    TF_Graph handle = handle(graph);
    Constructor<Session> constructor = constructor();
    try (PointerScope scope = new PointerScope()) {
      Objects.requireNonNull(scope);
      TF_Status status = TF_Status.newStatus();
      TF_SessionOptions options = TF_SessionOptions.newSessionOptions();
      tensorflow.TF_SetTarget(options, target);
      byte[] bytes = config.toByteArray();
      tensorflow.TF_SetConfig(options, new BytePointer(bytes), bytes.length, status);
      status.throwExceptionIfNotOK();
      TF_Session session = tensorflow.TF_NewSession(handle, options, status);
      status.throwExceptionIfNotOK();
      return constructor.newInstance(graph, session);
    } catch (ReflectiveOperationException e) {
      throw unknown(e);
    }
  }

  private static Constructor<Session> constructor() {
    try {
      Constructor<Session> constructor =
          Session.class.getDeclaredConstructor(Graph.class, TF_Session.class);
      constructor.setAccessible(true);
      return constructor;
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw unknown(e);
    }
  }

  private static TF_Graph handle(Graph graph) {
    try {
      Field field = Graph.class.getDeclaredField("nativeHandle");
      field.setAccessible(true);
      return (TF_Graph) field.get(graph);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw unknown(e);
    }
  }

  private static IllegalStateException unknown(Exception e) {
    return new IllegalStateException(
        "several workers cannot train together: expected TensorFlow for Java 1.1.0, found a version"
            + " that is made otherwise inside; put 1.1.0 on the class path, or train with one"
            + " process, without --workers and TF_CONFIG",
        e);
  }
}
