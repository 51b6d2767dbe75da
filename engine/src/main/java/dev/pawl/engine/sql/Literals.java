package dev.pawl.engine.sql;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/** What the text of an identifier or string means. */
public final class Literals {
  /** PostgreSQL silently cuts longer names to this many bytes. */
  private static final int POSTGRESQL_NAME_BYTES = 63;

  private Literals() {}

  /**
   * The name as the server stores it: unquoted, or folded to lower case; on PostgreSQL cut to 63
   * bytes. Empty where the token is no identifier.
   *
   * @param escape the character of U&"…" UESCAPE '…', usually a backslash
   */
  public static Optional<String> identifier(Token token, char escape, DatabaseKind kind) {
    var text = token.text();
    var name =
        switch (token.type()) {
          case WORD -> fold(text, kind);
          case QUOTED_IDENTIFIER -> undouble(text, 1, '"');
          case UNICODE_IDENTIFIER -> unicode(undouble(text, 3, '"'), escape);
          default -> "";
        };
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    return Optional.of(kind == DatabaseKind.POSTGRESQL ? clip(name) : name);
  }

  /** The text a string token stands for; empty where it is no string of characters. */
  public static Optional<String> string(Token token) {
    var text = token.text();
    return switch (token.type()) {
      case STRING -> Optional.of(undouble(text, 1, '\''));
      case NATIONAL_STRING -> Optional.of(undouble(text, 2, '\''));
      case UNICODE_STRING -> Optional.of(unicode(undouble(text, 3, '\''), '\\'));
      case ESCAPE_STRING -> Optional.of(unescape(text, text.charAt(0) == '\'' ? 1 : 2));
      case DOLLAR_STRING -> {
        int tag = text.indexOf('$', 1) + 1;
        yield Optional.of(text.substring(tag, text.length() - tag));
      }
      default -> Optional.empty();
    };
  }

  /** Unquoted letters in lower case: ASCII only on PostgreSQL, all of Unicode on CockroachDB. */
  private static String fold(String word, DatabaseKind kind) {
    boolean ascii = true;
    boolean upper = false;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      ascii &= c < 0x80;
      upper |= c >= 'A' && c <= 'Z';
    }
    if (!ascii && kind == DatabaseKind.COCKROACHDB) {
      return Normalizer.normalize(word.toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
    }
    if (!upper) {
      return word;
    }
    var chars = word.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      if (chars[i] >= 'A' && chars[i] <= 'Z') {
        chars[i] += 32;
      }
    }
    return new String(chars);
  }

  private static String clip(String name) {
    if (name.length() * 3 <= POSTGRESQL_NAME_BYTES) {
      return name;
    }
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    int end = POSTGRESQL_NAME_BYTES;
    if (bytes.length <= end) {
      return name;
    }
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  private static String undouble(String text, int prefix, char quote) {
    var inner = text.substring(prefix, text.length() - 1);
    if (inner.indexOf(quote) < 0) {
      return inner;
    }
    return inner.replace("" + quote + quote, "" + quote);
  }

  private static String unicode(String text, char escape) {
    if (text.indexOf(escape) < 0) {
      return text;
    }
    var out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != escape) {
        out.append(c);
      } else if (i + 1 < text.length() && text.charAt(i + 1) == escape) {
        out.append(escape);
        i++;
      } else {
        boolean wide = i + 1 < text.length() && text.charAt(i + 1) == '+';
        int from = i + (wide ? 2 : 1);
        int digits = wide ? 6 : 4;
        int code = number(text, from, digits, 16);
        if (code < 0 || code > Character.MAX_CODE_POINT) {
          out.append(c); // the server refuses it
        } else {
          out.appendCodePoint(code);
          i = from + digits - 1;
        }
      }
    }
    return out.toString();
  }

  private static String unescape(String text, int prefix) {
    var out = new StringBuilder();
    int end = text.length() - 1;
    for (int i = prefix; i < end; i++) {
      char c = text.charAt(i);
      if (c == '\'') {
        out.append(c);
        i++; // its double
      } else if (c != '\\') {
        out.append(c);
      } else {
        char e = text.charAt(++i);
        int hex =
            switch (e) {
              case 'u' -> 4;
              case 'U' -> 8;
              default -> 0;
            };
        int code = hex > 0 ? number(text, i + 1, hex, 16) : -1;
        if (code >= 0 && code <= Character.MAX_CODE_POINT) {
          out.appendCodePoint(code);
          i += hex;
        } else {
          out.append(
              switch (e) {
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                default -> e;
              });
        }
      }
    }
    return out.toString();
  }

  /** The number of so many digits at a place, or -1. */
  private static int number(String text, int from, int digits, int radix) {
    if (from + digits > text.length()) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = Character.digit(text.charAt(i), radix);
      if (digit < 0 || text.charAt(i) >= 0x80) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value > Character.MAX_CODE_POINT ? -1 : (int) value;
  }
}
