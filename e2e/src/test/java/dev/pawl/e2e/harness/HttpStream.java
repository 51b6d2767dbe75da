package dev.pawl.e2e.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** As much of HTTP/1.1 as a proxy needs: heads, bodies and where they end. */
final class HttpStream {
  private static final String WEB_SOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final InputStream in;
  private final Gate gate;

  /** Waits until bytes may pass. */
  interface Gate {
    void pass() throws IOException;
  }

  HttpStream(InputStream in, Gate gate) {
    this.in = new BufferedInputStream(in);
    this.gate = gate;
  }

  /** The first line and the headers, without what would change the protocol below. */
  record Head(String first, List<String> headers) {
    Optional<String> value(String name) {
      return headers.stream()
          .filter(h -> h.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(h -> h.substring(name.length() + 1).strip())
          .findFirst();
    }

    byte[] bytes() {
      return (first + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n").getBytes(ISO_8859_1);
    }
  }

  /** The next head; null at the end. */
  Head head() throws IOException {
    var first = line();
    if (first == null) {
      return null;
    }
    var headers = new java.util.ArrayList<String>();
    for (var line = line(); line != null && !line.isEmpty(); line = line()) {
      headers.add(line);
    }
    return new Head(first, headers);
  }

  private String line() throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      if (b != '\r') {
        bytes.write(b);
      }
    }
    return bytes.toString(ISO_8859_1);
  }

  /** The whole body of a request, as it came. */
  byte[] body(Head head) throws IOException {
    var bytes = new ByteArrayOutputStream();
    if (head.value("content-length").isPresent() || chunked(head)) {
      passBody(head, bytes);
    }
    return bytes.toByteArray();
  }

  private static boolean chunked(Head head) {
    return head.value("transfer-encoding").filter(v -> v.contains("chunked")).isPresent();
  }

  /** Passes a body on as it comes: a watch goes on for long. */
  void passBody(Head head, OutputStream to) throws IOException {
    if (chunked(head)) {
      while (true) {
        var size = line();
        if (size == null) {
          return;
        }
        to.write((size + "\r\n").getBytes(ISO_8859_1));
        int length = Integer.parseInt(size.split(";")[0].strip(), 16);
        pass(length + 2, to);
        if (length == 0) {
          return;
        }
      }
    }
    pass(Integer.parseInt(head.value("content-length").orElse("0")), to);
  }

  private void pass(int length, OutputStream to) throws IOException {
    var bytes = in.readNBytes(length);
    gate.pass();
    to.write(bytes);
    to.flush();
  }

  /** Passes everything on, to the end. */
  void passAll(OutputStream to) throws IOException {
    var buffer = new byte[8192];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      gate.pass();
      to.write(buffer, 0, n);
      to.flush();
    }
  }

  /** A whole answer with a Status, as the API server writes it. */
  static byte[] answer(int status, String reason, int retryAfter) {
    var body = status(status, reason);
    return ("HTTP/1.1 %d %s\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s"
            .formatted(
                status,
                reason,
                retryAfter > 0 ? "Retry-After: " + retryAfter + "\r\n" : "",
                body.length(),
                body))
        .getBytes(UTF_8);
  }

  private static String status(int code, String reason) {
    return """
    {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"a fault of the \
    test","reason":"%s","code":%d}\
    """
        .formatted(reason, code);
  }

  /** A watch that begins, tells of its end by an ERROR event, and ends. */
  static byte[] expired(Head request) {
    var event = "{\"type\":\"ERROR\",\"object\":" + status(410, "Expired") + "}";
    var key = request.value("sec-websocket-key");
    if (key.isEmpty()) {
      return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
              + event
              + "\n")
          .getBytes(UTF_8);
    }
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: "
                + accept(key.get())
                + "\r\n\r\n")
            .getBytes(ISO_8859_1));
    bytes.writeBytes(
        new byte[] {(byte) 0x81, 126, (byte) (event.length() >> 8), (byte) event.length()});
    bytes.writeBytes(event.getBytes(UTF_8));
    bytes.writeBytes(new byte[] {(byte) 0x88, 2, 0x03, (byte) 0xE8}); // close, 1000
    return bytes.toByteArray();
  }

  private static String accept(String key) {
    try {
      var digest = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder()
          .encodeToString(digest.digest((key + WEB_SOCKET).getBytes(ISO_8859_1)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
