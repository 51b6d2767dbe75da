package dev.pawl.engine.sql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * SHA-256 over what statements say: comments, whitespace and the case of unquoted words do not
 * count, {@code -- pawl:} directives (but {@code allow}) and hints do.
 *
 * <p>The byte form is stored in ledgers and must not change. Each token that counts: one byte for
 * its type, four (big-endian) for the length of its text in UTF-8, the text; unquoted words with
 * A–Z made a–z. A byte 0 after each statement; a statement's directives come before it.
 */
public final class Checksum {
  private final MessageDigest sha256 = sha256();
  private byte[] buffer = new byte[1024];
  private int length;

  /** Takes in a statement. */
  public Checksum add(Statement statement) {
    for (var directive : statement.directives()) {
      if (!directive.allows()) {
        add(directive);
      }
    }
    for (var token : statement.tokens()) {
      add(token);
    }
    room(1);
    buffer[length++] = 0;
    return this;
  }

  /** The checksum in hex; the next one begins anew. */
  public String hex() {
    sha256.update(buffer, 0, length);
    length = 0;
    return HexFormat.of().formatHex(sha256.digest());
  }

  /** The plain SHA-256 of a text in UTF-8, in hex. Not between {@link #add} and {@link #hex()}. */
  public String raw(String text) {
    return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void add(Token token) {
    int chars = token.end() - token.start();
    room(5 + chars);
    int head = length;
    length += 5;
    boolean word = token.type() == TokenType.WORD;
    var source = token.source();
    int i = token.start();
    for (; i < token.end(); i++) {
      char c = source.charAt(i);
      if (c >= 0x80) {
        break;
      }
      buffer[length++] = (byte) (word && c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    if (i < token.end()) {
      wide(source, i, token.end(), word);
    }
    int bytes = length - head - 5;
    buffer[head] = (byte) token.type().code;
    buffer[head + 1] = (byte) (bytes >> 24);
    buffer[head + 2] = (byte) (bytes >> 16);
    buffer[head + 3] = (byte) (bytes >> 8);
    buffer[head + 4] = (byte) bytes;
  }

  private void wide(String source, int start, int end, boolean word) {
    var bytes = source.substring(start, end).getBytes(StandardCharsets.UTF_8);
    room(bytes.length);
    for (byte b : bytes) {
      buffer[length++] = (byte) (word && b >= 'A' && b <= 'Z' ? b + 32 : b);
    }
  }

  private void room(int bytes) {
    if (length + bytes > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + bytes));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
