package org.imageperformer.tools.cli;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Addresses for processes of one training that all run on this machine. */
public final class LocalWorkers {
  private LocalWorkers() {}

  /**
   * Finds a free port for each process. Nothing holds them afterwards: start the processes soon.
   *
   * @return {@code host:port} of each
   * @throws CommandFailure if there are not so many
   */
  public static List<String> addresses(int processes) {
    List<ServerSocket> held = new ArrayList<>(); // all at once, so that none comes twice
    List<String> addresses = new ArrayList<>();
    try {
      for (int i = 0; i < processes; i++) {
        ServerSocket socket = new ServerSocket(0);
        held.add(socket);
        addresses.add("127.0.0.1:" + socket.getLocalPort());
      }
      for (ServerSocket socket : held) {
        socket.close();
      }
      return addresses;
    } catch (IOException e) {
      throw new CommandFailure("no free port for each process: " + e.getMessage(), e);
    }
  }
}
