package dev.pawl.engine.fault;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** Tells of the moment between a message sent and the first byte of its answer. */
final class ListeningSocket extends Socket {
  private static final ThreadLocal<FailurePoint> AWAITED = new ThreadLocal<>();

  static FailurePoint.Await await(FailurePoint point) {
    AWAITED.set(point);
    return AWAITED::remove;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        tell();
        return super.read();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        tell();
        return super.read(bytes, offset, length);
      }
    };
  }

  private static void tell() {
    var point = AWAITED.get();
    if (point != null) {
      AWAITED.remove();
      point.reached();
    }
  }
}
