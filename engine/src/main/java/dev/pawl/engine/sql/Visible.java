package dev.pawl.engine.sql;

/**
 * Text of others as it may be shown to a person, on one line: no line break, no control character,
 * nothing that changes the direction of what stands beside it.
 */
public final class Visible {
  private Visible() {}

  /** With every character that could not be seen written as in Java and JSON: {@code \\u202E}. */
  public static String of(String text) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int length = Character.charCount(c);
      boolean hidden = c < ' ' || c >= 0x7f && isHidden(c);
      if (hidden && out == null) {
        out = new StringBuilder(text.length() + 16).append(text, 0, i);
      }
      if (hidden) {
        for (int k = i; k < i + length; k++) {
          out.append("\\u").append("%04X".formatted((int) text.charAt(k)));
        }
      } else if (out != null) {
        out.appendCodePoint(c);
      }
      i += length;
    }
    return out == null ? text : out.toString();
  }

  /** The same, cut where it is longer. */
  public static String of(String text, int longest) {
    return text.length() <= longest ? of(text) : of(text.substring(0, longest - 1)) + "…";
  }

  /** Whether nothing in a text is hidden. */
  public static boolean is(String text) {
    return of(text) == text;
  }

  private static boolean isHidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }
}
