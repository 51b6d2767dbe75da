package dev.pawl.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command line gave. */
record Ran(int code, String out, String err) {
  static Ran pawl(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Pawl.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
    return new Ran(code, out.toString(), err.toString());
  }
}
