package org.imageperformer.tools.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The processes that work on one setting at the same time; usually one. What is added up is theirs
 * together.
 */
final class WorkerTeam implements AutoCloseable {
  private final List<WorkerProcess> processes = new ArrayList<>();

  /**
   * Starts them.
   *
   * @param name for messages
   * @param mainClass of the program
   * @param words that make a worker of it, for each process
   * @param environment besides that of this process
   */
  WorkerTeam(
      String name, String mainClass, List<List<String>> words, Map<String, String> environment) {
    try {
      for (List<String> own : words) {
        processes.add(new WorkerProcess(name, mainClass, own, environment));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Waits for the first unit of work of all of them; how long it took the last, in seconds. */
  double first() {
    return said(Worker.Ready.class).stream()
        .mapToDouble(Worker.Ready::firstRunSeconds)
        .max()
        .orElseThrow();
  }

  /** Has them multiply matrices. */
  Worker.Rates rates() {
    tell(Worker.RATE);
    List<Worker.Rates> rates = said(Worker.Rates.class);
    return new Worker.Rates(
        rates.stream().mapToDouble(Worker.Rates::float32).sum(),
        rates.stream().mapToDouble(Worker.Rates::bfloat16).sum());
  }

  /** Has them work for so many seconds; images a second. */
  double work(double seconds) {
    tell(Double.toString(seconds));
    return said(Worker.Slice.class).stream()
        .mapToDouble(slice -> slice.images() / slice.seconds())
        .sum();
  }

  /** Where the time of each of them goes. */
  List<Worker.Profile> profiles() {
    tell(Worker.PROFILE);
    return said(Worker.Profile.class);
  }

  /** Ends them. */
  Worker.Memory end() {
    tell(Worker.END);
    List<Worker.Memory> memories = said(Worker.Memory.class);
    return new Worker.Memory(
        memories.stream().mapToLong(Worker.Memory::peakBytes).sum(),
        // Of the whole card, whoever asks.
        memories.stream().mapToLong(Worker.Memory::gpuBytes).max().orElseThrow());
  }

  private void tell(String line) {
    processes.forEach(process -> process.write(line));
  }

  private <T> List<T> said(Class<T> type) {
    return processes.stream().map(process -> process.read(type)).toList();
  }

  @Override
  public void close() {
    processes.forEach(WorkerProcess::close);
  }
}
