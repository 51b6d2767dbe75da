package dev.pawl.engine.cockroach;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** A session on the PostgreSQL behind the model, which evaluates what is passed on to it. */
final class Backing implements AutoCloseable {
  /**
   * All that came back for one text.
   *
   * @param messages without the ReadyForQuery
   * @param state of the transaction: I idle, T open, E failed
   */
  record Reply(List<Wire.Message> messages, char state) {
    boolean failed() {
      return messages.stream().anyMatch(m -> m.type() == 'E');
    }

    /** The rows, columns as text; a NULL is null. */
    List<List<String>> rows() {
      var rows = new ArrayList<List<String>>();
      for (var message : messages) {
        if (message.type() == 'D') {
          var in = ByteBuffer.wrap(message.body());
          var row = new ArrayList<String>();
          for (int k = in.getShort(); k > 0; k--) {
            int length = in.getInt();
            if (length < 0) {
              row.add(null);
            } else {
              var bytes = new byte[length];
              in.get(bytes);
              row.add(new String(bytes, StandardCharsets.UTF_8));
            }
          }
          rows.add(row);
        }
      }
      return rows;
    }
  }

  private final int port;
  private final Wire wire;
  private byte[] key = new byte[8];
  private char state = 'I';

  private Backing(int port, Wire wire) {
    this.port = port;
    this.wire = wire;
  }

  /** Enters a database of the server on this port of this host. */
  static Backing open(int port, String database, String applicationName) throws IOException {
    var wire = new Wire(new Socket("localhost", port));
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("user", "postgres");
    parameters.put("database", database);
    parameters.put("client_encoding", "UTF8");
    parameters.put("application_name", applicationName);
    wire.writeStartup(parameters);
    var backing = new Backing(port, wire);
    while (true) {
      var message = wire.read();
      switch (message.type()) {
        case 'K' -> backing.key = message.body();
        case 'E' -> throw new IOException(message.field('M'));
        case 'Z' -> {
          return backing;
        }
        default -> {}
      }
    }
  }

  /** Process id and secret, as the client gets them. */
  byte[] key() {
    return key;
  }

  char state() {
    return state;
  }

  /** Sends one message and reads its whole answer. */
  Reply send(String sql) throws IOException {
    wire.write(Wire.query(sql));
    wire.flush();
    var messages = new ArrayList<Wire.Message>();
    while (true) {
      var message = wire.read();
      if (message.type() == 'Z') {
        state = (char) message.body()[0];
        return new Reply(messages, state);
      }
      messages.add(message);
    }
  }

  /** Sends what must succeed. */
  Reply demand(String sql) throws IOException {
    var reply = send(sql);
    for (var message : reply.messages()) {
      if (message.type() == 'E') {
        throw new IllegalStateException(
            "the PostgreSQL behind the model refused: " + message.field('M') + "\n" + sql);
      }
    }
    return reply;
  }

  /** Asks the server to end what it is doing. */
  void cancel() throws IOException {
    try (var socket = new Socket("localhost", port)) {
      var packet = ByteBuffer.allocate(16).putInt(16).putInt(Wire.CANCEL_REQUEST).put(key);
      socket.getOutputStream().write(packet.array());
      socket.getOutputStream().flush();
      socket.getInputStream().read();
    }
  }

  @Override
  public void close() {
    wire.close();
  }
}
