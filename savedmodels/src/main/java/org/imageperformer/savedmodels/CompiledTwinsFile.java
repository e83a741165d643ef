package org.imageperformer.savedmodels;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Functions that XLA compiles in place of some of a SavedModel's, in a file beside it that other
 * loaders do not read. It belongs to one saved_model.pb, by that file's digest, and has one of its
 * own: what it says is part of what the model computes.
 */
final class CompiledTwinsFile {

  /** Within the SavedModel's folder. */
  static final String NAME = "assets.extra/compiled.pb";

  /** The largest groups have some hundred kilobytes of functions. */
  private static final long LARGEST_FILE = 64L << 20;

  private CompiledTwinsFile() {}

  /**
   * Writes the file beside a saved_model.pb.
   *
   * @param twins nodes by the names of those whose attributes they replace, and functions
   */
  static void write(Path directory, GraphDef twins) throws IOException {
    MetaGraphDef content =
        MetaGraphDef.newBuilder()
            .setMetaInfoDef(
                MetaGraphDef.MetaInfoDef.newBuilder()
                    .setMetaGraphVersion(
                        digestOfModel(directory) + " " + digest(twins.toByteArray())))
            .setGraphDef(twins)
            .build();
    AtomicFiles.write(directory.resolve(NAME), content::writeTo);
  }

  /**
   * The graph with the functions in place.
   *
   * @param graph of the SavedModel in that folder
   * @return the graph itself if there is no file, or one that belongs to another model
   * @throws RunException when the file is damaged, or does not fit the graph
   */
  static GraphDef apply(Path directory, GraphDef graph) {
    Path file = directory.resolve(NAME);
    if (!Files.exists(file)) {
      return graph;
    }
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_FILE) {
        throw failure(file, "expected a file of at most " + LARGEST_FILE + " bytes", null);
      }
      MetaGraphDef content = MetaGraphDef.parseFrom(Files.readAllBytes(file));
      GraphDef twins = content.getGraphDef();
      String digests = content.getMetaInfoDef().getMetaGraphVersion();
      if (!digests.endsWith(" " + digest(twins.toByteArray()))) {
        throw failure(file, "damaged: its content has changed", null);
      }
      if (!digests.startsWith(digestOfModel(directory) + " ")) {
        return graph;
      }
      GraphDef applied = apply(file, twins, graph);
      SavedModelFile.check(file, applied);
      return applied;
    } catch (InvalidProtocolBufferException e) {
      throw failure(file, "damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw RunException.cannot("read", file, e);
    }
  }

  private static GraphDef apply(Path file, GraphDef twins, GraphDef graph) {
    Map<String, NodeDef> byName = new HashMap<>();
    twins.getNodeList().forEach(twin -> byName.put(twin.getName(), twin));
    GraphDef.Builder applied = graph.toBuilder().clearNode();
    for (NodeDef node : graph.getNodeList()) {
      NodeDef twin = byName.remove(node.getName());
      applied.addNode(twin == null ? node : node.toBuilder().putAllAttr(twin.getAttrMap()).build());
    }
    if (!byName.isEmpty()) {
      throw failure(file, "the model has no node " + byName.keySet().iterator().next(), null);
    }
    FunctionDefLibrary.Builder library = graph.getLibrary().toBuilder();
    library.addAllFunction(twins.getLibrary().getFunctionList());
    return applied.setLibrary(library).build();
  }

  private static String digestOfModel(Path directory) throws IOException {
    return digest(Files.readAllBytes(directory.resolve(SavedModelFile.NAME)));
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java has it.
    }
  }

  private static RunException failure(Path file, String problem, Exception cause) {
    return new RunException(
        file + ": " + problem + "; the model works without this file, slower: delete it", cause);
  }
}
