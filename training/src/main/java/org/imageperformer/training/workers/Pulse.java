package org.imageperformer.training.workers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Whether a process of a training is alive. Its server speaks HTTP/2: it answers the greeting of a
 * client with its settings (RFC 9113, section 3.4), which a system does not do for a process that
 * is stopped, although it accepts connections in its name.
 */
final class Pulse {

  private static final int ANSWER_MILLIS = 1000;

  /** The greeting of a client, and settings without any entry. */
  private static final byte[] GREETING = greeting();

  private Pulse() {}

  private static byte[] greeting() {
    byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
    byte[] settings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
    byte[] both = Arrays.copyOf(preface, preface.length + settings.length);
    System.arraycopy(settings, 0, both, preface.length, settings.length);
    return both;
  }

  /**
   * Whether nothing listens at an address of a machine that answers. A process that was there is
   * gone for good then, where {@link #problem} may be a pause.
   */
  static boolean refused(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(address.getHostString(), address.getPort()), ANSWER_MILLIS);
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** What is wrong with the process at an address; empty if it answers within a second. */
  static Optional<String> problem(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      InetSocketAddress found = new InetSocketAddress(address.getHostString(), address.getPort());
      if (found.isUnresolved()) {
        return Optional.of("there is no host of this name");
      }
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.connect(found, ANSWER_MILLIS);
      socket.getOutputStream().write(GREETING);
      return socket.getInputStream().read() < 0 ? Optional.of("it hangs up") : Optional.empty();
    } catch (SocketTimeoutException e) {
      return Optional.of("it does not answer");
    } catch (UnknownHostException e) {
      return Optional.of("there is no host of this name");
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()).replaceFirst(" \\(.*", ""));
    }
  }
}
