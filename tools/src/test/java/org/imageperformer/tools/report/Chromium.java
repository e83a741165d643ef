package org.imageperformer.tools.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A browser without a window, whose requests to the network end here and are noted. */
final class Chromium {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  private static final int SECONDS = 60;

  private final Path program;
  private final Path scratch;

  /**
   * What became of a page.
   *
   * @param dom the page when it had been loaded
   * @param console what it said to the developer's console
   * @param requests what it asked of the network
   */
  record Visit(String dom, List<String> console, List<String> requests) {}

  private Chromium(Path program, Path scratch) {
    this.program = program;
    this.scratch = scratch;
  }

  /** The browser of this machine, which may use a folder. */
  static Optional<Chromium> find(Path scratch) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .map(program -> new Chromium(program, scratch));
  }

  /** Opens a page. */
  Visit visit(Path page, String... options) throws IOException, InterruptedException {
    List<String> requests = new CopyOnWriteArrayList<>();
    Path dom = Files.createTempFile(scratch, "dom", ".html");
    Path log = Files.createTempFile(scratch, "log", ".txt");
    try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread thread = new Thread(() -> refuseAll(proxy, requests), "proxy");
      thread.setDaemon(true);
      thread.start();
      List<String> command = new ArrayList<>(List.of(program.toString()));
      command.addAll(
          List.of(
              "--headless",
              "--no-sandbox",
              "--disable-gpu",
              "--disable-quic",
              "--no-first-run",
              "--disable-background-networking",
              "--disable-component-update",
              "--disable-sync",
              "--user-data-dir=" + Files.createTempDirectory(scratch, "profile"),
              "--proxy-server=http://127.0.0.1:" + proxy.getLocalPort(),
              "--proxy-bypass-list=<-loopback>",
              "--enable-logging=stderr",
              "--v=0",
              "--window-size=1300,900",
              "--dump-dom"));
      command.addAll(List.of(options));
      command.add(page.toUri().toString());
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(dom.toFile())
              .redirectError(log.toFile())
              .start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("no end after " + SECONDS + " s: " + Files.readString(log));
      }
    }
    return new Visit(
        Files.readString(dom),
        Files.readString(log).lines().filter(line -> line.contains("CONSOLE")).toList(),
        requests.stream().filter(request -> !isOwn(request)).toList());
  }

  private static void refuseAll(ServerSocket proxy, List<String> requests) {
    while (!proxy.isClosed()) {
      try (Socket socket = proxy.accept()) {
        requests.add(firstLine(socket.getInputStream()));
        socket
            .getOutputStream()
            .write("HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n".getBytes(UTF_8));
      } catch (IOException e) {
        // The browser went away, or the proxy is closed.
      }
    }
  }

  private static String firstLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\r' && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  /** What the browser asks for its own sake, whatever the page. */
  private static boolean isOwn(String request) {
    return request.matches("[A-Z]+ (https?://)?[a-z0-9.-]+\\.(google|googleapis|gvt1)\\.com[:/].*");
  }
}
