package dev.pawl.operator.status;

/** Texts of bounded length. */
final class Text {
  private Text() {}

  static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 1) + "…";
  }
}
