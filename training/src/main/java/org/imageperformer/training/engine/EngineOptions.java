package org.imageperformer.training.engine;

import org.imageperformer.tfmodels.graph.PassOptions;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * How a training graph runs; results agree between all of them up to rounding.
 *
 * @param towers copies of the model, each on a device of its own: GPUs if they may be used, else
 *     virtual devices of the processor
 * @param lanes runs of each copy under way at the same time, each on images of its own
 * @param chunk images of one run; a batch that is larger is worked through in several runs whose
 *     gradients add up
 * @param partial whether dropout masks follow from the number of an image in its batch, and not
 *     from that of its run: for runs that are parts of what would be one run elsewhere
 * @param intraOpThreads threads inside one operation
 * @param interOpThreads operations at the same time
 * @param pass kernels and precision
 * @param gpu what it may take of a GPU
 */
public record EngineOptions(
    int towers,
    int lanes,
    int chunk,
    boolean partial,
    int intraOpThreads,
    int interOpThreads,
    PassOptions pass,
    GpuUse gpu) {

  /** One copy on the processor. */
  public EngineOptions(
      int lanes, int chunk, int intraOpThreads, int interOpThreads, PassOptions pass) {
    this(1, lanes, chunk, false, intraOpThreads, interOpThreads, pass, GpuUse.NONE);
  }

  /**
   * Checks that there is something to run on.
   *
   * @throws IllegalArgumentException if a number is below 1
   */
  public EngineOptions {
    if (towers < 1 || lanes < 1 || chunk < 1 || intraOpThreads < 1 || interOpThreads < 1) {
      throw new IllegalArgumentException(
          "towers, lanes, chunk and threads must be at least 1, not "
              + towers
              + ", "
              + lanes
              + ", "
              + chunk
              + ", "
              + intraOpThreads
              + " and "
              + interOpThreads);
    }
  }

  /** Whether this process computes its share of a batch in one run, beside other processes. */
  boolean oneRunOfSeveral() {
    return partial && towers == 1;
  }

  /** Scope of a tower's operations in the graph. */
  String tower(int index) {
    return "tower" + index;
  }

  private String device(int index) {
    return (gpu == GpuUse.NONE ? "/device:CPU:" : "/device:GPU:") + index;
  }

  /** A graph with every tower on its device. */
  GraphDef placed(GraphDef graph) {
    GraphDef.Builder placed = graph.toBuilder();
    for (NodeDef.Builder node : placed.getNodeBuilderList()) {
      for (int i = 0; i < towers; i++) {
        if (node.getName().startsWith(tower(i) + "/")) {
          node.setDevice(device(i));
        }
      }
    }
    return placed.build();
  }

  /** Of the session that runs it. */
  ConfigProto configuration() {
    return ConfigProto.newBuilder()
        .putDeviceCount("CPU", gpu == GpuUse.NONE ? towers : 1)
        .setIntraOpParallelismThreads(intraOpThreads)
        .setInterOpParallelismThreads(interOpThreads)
        .setUsePerSessionThreads(true)
        .mergeFrom(gpu.configuration())
        .build();
  }
}
