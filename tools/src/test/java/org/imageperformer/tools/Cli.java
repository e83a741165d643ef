package org.imageperformer.tools;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What one run of the command line within this process printed and returned. */
public record Cli(int status, String out, String err) {
  public static Cli run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = Main.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Cli(status, out.toString(), err.toString());
  }
}
