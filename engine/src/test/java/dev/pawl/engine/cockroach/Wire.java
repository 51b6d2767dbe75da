package dev.pawl.engine.cockroach;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One end of a connection in PostgreSQL's protocol, version 3: messages in and out, as the manual's
 * chapter "Frontend/Backend Protocol" has them.
 */
final class Wire implements AutoCloseable {
  static final int SSL_REQUEST = 80877103;
  static final int GSS_REQUEST = 80877104;
  static final int CANCEL_REQUEST = 80877102;
  static final int VERSION_3 = 196608;

  /** One message: its type and what follows its length. */
  record Message(char type, byte[] body) {
    /** The field of an ErrorResponse or NoticeResponse; empty where it is missing. */
    String field(char code) {
      for (int at = 0; at < body.length && body[at] != 0; ) {
        int end = at + 1;
        while (body[end] != 0) {
          end++;
        }
        if (body[at] == code) {
          return new String(body, at + 1, end - at - 1, StandardCharsets.UTF_8);
        }
        at = end + 1;
      }
      return "";
    }

    /** The text of a Query or CommandComplete. */
    String text() {
      int end = 0;
      while (end < body.length && body[end] != 0) {
        end++;
      }
      return new String(body, 0, end, StandardCharsets.UTF_8);
    }
  }

  /** The first packet of a client: a number that says what it is, and the rest. */
  record Startup(int code, byte[] rest) {
    Map<String, String> parameters() {
      var words = new ArrayList<String>();
      for (int at = 0; at < rest.length && rest[at] != 0; ) {
        int end = at;
        while (rest[end] != 0) {
          end++;
        }
        words.add(new String(rest, at, end - at, StandardCharsets.UTF_8));
        at = end + 1;
      }
      var parameters = new LinkedHashMap<String, String>();
      for (int k = 0; k + 1 < words.size(); k += 2) {
        parameters.put(words.get(k), words.get(k + 1));
      }
      return parameters;
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  Wire(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
  }

  Startup startup() throws IOException {
    int length = in.readInt();
    int code = in.readInt();
    return new Startup(code, in.readNBytes(length - 8));
  }

  Message read() throws IOException {
    char type = (char) in.readByte();
    return new Message(type, in.readNBytes(in.readInt() - 4));
  }

  void writeByte(char c) throws IOException {
    out.writeByte(c);
    out.flush();
  }

  void write(Message message) throws IOException {
    out.writeByte(message.type());
    out.writeInt(message.body().length + 4);
    out.write(message.body());
  }

  void writeStartup(Map<String, String> parameters) throws IOException {
    var body =
        body(
            to -> {
              to.writeInt(VERSION_3);
              for (var entry : parameters.entrySet()) {
                string(to, entry.getKey());
                string(to, entry.getValue());
              }
              to.writeByte(0);
            });
    out.writeInt(body.length + 4);
    out.write(body);
    out.flush();
  }

  void flush() throws IOException {
    out.flush();
  }

  /** At once, without a word. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Message query(String sql) {
    return new Message('Q', body(to -> string(to, sql)));
  }

  static Message complete(String tag) {
    return new Message('C', body(to -> string(to, tag)));
  }

  static Message ready(char state) {
    return new Message('Z', new byte[] {(byte) state});
  }

  static Message empty() {
    return new Message('I', new byte[0]);
  }

  static Message parameter(String name, String value) {
    return new Message(
        'S',
        body(
            to -> {
              string(to, name);
              string(to, value);
            }));
  }

  static Message error(String severity, String state, String message, String hint) {
    return report('E', severity, state, message, hint);
  }

  static Message notice(String severity, String state, String message) {
    return report('N', severity, state, message, "");
  }

  private static Message report(
      char type, String severity, String state, String message, String hint) {
    return new Message(
        type,
        body(
            to -> {
              field(to, 'S', severity);
              field(to, 'V', severity);
              field(to, 'C', state);
              field(to, 'M', message);
              if (!hint.isEmpty()) {
                field(to, 'H', hint);
              }
              to.writeByte(0);
            }));
  }

  private static void field(DataOutputStream to, char code, String value) throws IOException {
    to.writeByte(code);
    string(to, value);
  }

  private static void string(DataOutputStream to, String value) throws IOException {
    to.write(value.getBytes(StandardCharsets.UTF_8));
    to.writeByte(0);
  }

  /** What writes the body of a message. */
  private interface Writer {
    void write(DataOutputStream to) throws IOException;
  }

  private static byte[] body(Writer writer) {
    var bytes = new ByteArrayOutputStream();
    try {
      writer.write(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
