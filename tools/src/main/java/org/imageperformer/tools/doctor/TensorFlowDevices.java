package org.imageperformer.tools.doctor;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteDeviceList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListCount;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListMemoryBytes;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListType;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionListDevices;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetConfig;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.imageperformer.tools.natives.StartMessages;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.types.TFloat32;

/** What TensorFlow computes on, asked of TensorFlow itself. */
public final class TensorFlowDevices implements Diagnosis.Computation {
  private final boolean memoryGrowth;

  /** To ask without taking all memory of GPUs. */
  public TensorFlowDevices() {
    this(true);
  }

  /**
   * To ask.
   *
   * @param memoryGrowth whether memory of GPUs is taken as it is needed: the first session of a
   *     process decides for all
   */
  public TensorFlowDevices(boolean memoryGrowth) {
    this.memoryGrowth = memoryGrowth;
  }

  /** How many GPUs TensorFlow can compute on. */
  public int gpus() {
    return (int) devices().stream().filter(device -> device.type().equals("GPU")).count();
  }

  @Override
  public String version() {
    return TensorFlow.version();
  }

  @Override
  public void compute() {
    ConfigProto config = ConfigProto.newBuilder().putDeviceCount("GPU", 0).build();
    StartMessages.keepOff(false, config);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> sum = tf.math.add(tf.constant(1f), tf.constant(2f));
      try (Session session = new Session(graph, config);
          Result result = session.runner().fetch(sum).run()) {
        float found = ((TFloat32) result.get(0)).getFloat();
        if (found != 3f) {
          throw new IllegalStateException("TensorFlow says that 1 + 2 is " + found);
        }
      }
    }
  }

  /** The wrapper has no way to ask, hence the C API. */
  @Override
  public List<Diagnosis.Device> devices() {
    byte[] config =
        ConfigProto.newBuilder()
            .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(memoryGrowth))
            .build()
            .toByteArray();
    List<Diagnosis.Device> devices = new ArrayList<>();
    try (PointerScope scope = new PointerScope()) {
      Objects.requireNonNull(scope); // owns what is made here
      TF_Status status = TF_Status.newStatus();
      TF_SessionOptions options = TF_SessionOptions.newSessionOptions();
      TF_SetConfig(options, new BytePointer(config), config.length, status);
      status.throwExceptionIfNotOK();
      TF_Session session = TF_Session.newSession(TF_Graph.newGraph(), options, status);
      status.throwExceptionIfNotOK();
      TF_DeviceList list = TF_SessionListDevices(session, status);
      status.throwExceptionIfNotOK();
      try {
        for (int i = 0; i < TF_DeviceListCount(list); i++) {
          String name = TF_DeviceListName(list, i, status).getString();
          String type = TF_DeviceListType(list, i, status).getString();
          devices.add(new Diagnosis.Device(name, type, TF_DeviceListMemoryBytes(list, i, status)));
          status.throwExceptionIfNotOK();
        }
      } finally {
        TF_DeleteDeviceList(list);
      }
    }
    return devices;
  }
}
