package org.imageperformer.tools.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Processes that do one thing together: what they say is shown line by line with their numbers
 * before it, and when one fails, all end.
 */
public final class ProcessCrew implements AutoCloseable {
  private final List<Process> processes = new ArrayList<>();
  private final List<Thread> readers = new ArrayList<>();

  /** Exit statuses, in the order in which the processes end. */
  private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();

  private final Thread end = new Thread(this::kill);

  /** Ends them with this process, whatever ends it. */
  public ProcessCrew() {
    Runtime.getRuntime().addShutdownHook(end);
  }

  /**
   * Starts one more.
   *
   * @param command program and arguments
   * @param environment besides that of this process
   * @param out where its standard output goes
   * @param err where its standard error goes
   */
  public void start(
      List<String> command, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    String prefix = "[" + processes.size() + "] ";
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      processes.add(process);
      startThread("end " + prefix, () -> ended.add(process.onExit().join().exitValue()));
      copy(process.getInputStream(), prefix, out);
      copy(process.getErrorStream(), prefix, err);
    } catch (IOException e) {
      throw new CommandFailure("cannot start " + command.get(0) + ": " + e.getMessage(), e);
    }
  }

  private void copy(InputStream from, String prefix, PrintWriter to) {
    readers.add(
        startThread(
            "output " + prefix,
            () -> {
              try (BufferedReader lines = new BufferedReader(new InputStreamReader(from, UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  to.println(prefix + line);
                  to.flush();
                }
              } catch (IOException e) {
                to.println(prefix + "cannot be read any more: " + e.getMessage());
              }
            }));
  }

  private static Thread startThread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Asks all of them to end, as SIGTERM does. */
  public void terminate() {
    processes.forEach(Process::destroy);
  }

  /**
   * Waits for all. When one fails, the others have some time to end by themselves; then they are
   * ended.
   *
   * @param patience in seconds
   * @return the exit status of the first that failed, else 0
   */
  public int await(long patience) throws InterruptedException {
    int status = 0;
    for (int running = processes.size(); running > 0; running--) {
      Integer next = status == 0 ? ended.take() : ended.poll(patience, TimeUnit.SECONDS);
      if (next == null) {
        kill();
        next = ended.take();
      }
      status = status == 0 ? next : status;
    }
    for (Thread reader : readers) {
      reader.join();
    }
    return status;
  }

  private void kill() {
    processes.forEach(Process::destroyForcibly);
  }

  @Override
  public void close() {
    kill();
    try {
      Runtime.getRuntime().removeShutdownHook(end);
    } catch (IllegalStateException e) {
      return; // This process is ending: the hook has run.
    }
  }
}
