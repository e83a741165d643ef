package org.imageperformer.training.workers;

import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The processes of a training, one of which this is.
 *
 * @param addresses {@code host:port} of each, in the order of their numbers
 * @param task number of this process, from 0 on
 */
public record Workers(List<String> addresses, int task) {

  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^\\s:/\\[\\]]+):(\\d{1,5})");
  private static final int LAST_PORT = 65535;

  /**
   * Checks addresses and number.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public Workers {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("workers names no process: expected host:port,host:port");
    }
    Set<String> seen = new LinkedHashSet<>();
    for (String address : addresses) {
      socket(address);
      if (!seen.add(address)) {
        throw new IllegalArgumentException("workers names " + address + " twice");
      }
    }
    if (task < 0 || task >= addresses.size()) {
      throw new IllegalArgumentException(
          "task is %d, must be at least 0 and below %d, the number of workers"
              .formatted(task, addresses.size()));
    }
  }

  /** How many there are. */
  public int size() {
    return addresses.size();
  }

  /** Where this process listens. */
  public int port() {
    return socket(addresses.get(task)).getPort();
  }

  /** Where a process listens, not looked up. */
  InetSocketAddress socket(int number) {
    return socket(addresses.get(number));
  }

  /** All but this process. */
  List<Integer> others() {
    return IntStream.range(0, size()).filter(number -> number != task).boxed().toList();
  }

  /** A process by number and address. */
  String name(int number) {
    return "task " + number + " (" + addresses.get(number) + ")";
  }

  /** All of them with their addresses. */
  String list() {
    return IntStream.range(0, size()).mapToObj(this::name).collect(Collectors.joining(", "));
  }

  private static InetSocketAddress socket(String address) {
    Matcher matcher = ADDRESS.matcher(address);
    int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
    if (port < 1 || port > LAST_PORT) {
      throw new IllegalArgumentException(
          "workers has '" + address + "': expected host:port with a port from 1 to " + LAST_PORT);
    }
    return InetSocketAddress.createUnresolved(matcher.group(1).replaceAll("[\\[\\]]", ""), port);
  }
}
