package org.imageperformer.tfmodels.graph;

import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;

/**
 * The owner of all native memory that a model's computation takes: the graph with its compiled
 * functions and, once started, the session. The constructor that makes one closes it when the rest
 * of that constructor fails.
 *
 * <p>Not thread-safe while it is built.
 */
public final class ModelGraph implements AutoCloseable {

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Weights weights = new Weights();
  private final CompiledFunctions functions = new CompiledFunctions();
  private Graph running = graph;
  private Session session;

  /** Where operations are added. */
  public Graph graph() {
    return graph;
  }

  /** Adds operations outside of any scope. */
  public Ops tf() {
    return tf;
  }

  /** The model's weights, which its layers add when they are constructed. */
  public Weights weights() {
    return weights;
  }

  /** Functions that the graph's operations call. */
  public CompiledFunctions functions() {
    return functions;
  }

  /**
   * Starts the session, once all operations are there; variables have no values yet.
   *
   * @throws IllegalStateException if it has been started
   */
  public Session start(ConfigProto config) {
    return start(started -> new Session(started, config));
  }

  /**
   * Starts a session of the caller's making.
   *
   * @param starter makes the session of a graph, which runs in it
   * @throws IllegalStateException if it has been started
   */
  public Session start(Function<Graph, Session> starter) {
    requireNotStarted();
    session = starter.apply(running);
    return session;
  }

  /**
   * Starts the session on a changed copy of the graph: devices, for example, cannot be given while
   * a graph is built, since {@code addGradients} adds operations without one.
   *
   * @throws IllegalStateException if it has been started
   */
  public Session start(Function<Graph, Session> starter, UnaryOperator<GraphDef> change) {
    requireNotStarted();
    GraphDef changed = change.apply(graph.toGraphDef());
    running = new Graph();
    running.importGraphDef(changed);
    return start(starter);
  }

  private void requireNotStarted() {
    if (session != null) {
      throw new IllegalStateException("the session of this graph has been started already");
    }
  }

  /**
   * The session.
   *
   * @throws IllegalStateException before it is started
   */
  public Session session() {
    if (session == null) {
      throw new IllegalStateException("this graph has no session yet: start it first");
    }
    return session;
  }

  /** What the session runs. */
  public GraphDef definition() {
    return running.toGraphDef();
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
    }
    if (running != graph) {
      running.close();
    }
    graph.close();
    functions.close();
  }
}
