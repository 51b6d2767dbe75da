package dev.pawl.engine.plan;

import java.util.Optional;

/**
 * One to four dotted numbers of at most 18 digits each: {@code 7}, {@code 12.0.0}, {@code
 * 20260228103000}. Compared as numbers, part by part; where one ends first it is the smaller. The
 * admission policies compare in the same way, by the same test vectors.
 *
 * @param text made canonical: without leading zeros
 */
public record Version(String text) implements Comparable<Version> {
  private static final int PARTS = 4;
  private static final int DIGITS = 18;

  public Version {
    var canonical = canonical(text);
    if (canonical.isEmpty()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a version: write one to four dotted numbers, such as 7 or 12.0.0");
    }
    text = canonical;
  }

  /** The version, or empty where the text is none. */
  public static Optional<Version> parse(String text) {
    return canonical(text).isEmpty() ? Optional.empty() : Optional.of(new Version(text));
  }

  /** Without leading zeros; empty where the text is no version. */
  private static String canonical(String text) {
    StringBuilder shorter = null;
    int parts = 0;
    int at = 0;
    while (true) {
      int end = at;
      while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
        end++;
      }
      if (end == at || end - at > DIGITS || ++parts > PARTS) {
        return "";
      }
      int first = at;
      while (first < end - 1 && text.charAt(first) == '0') {
        first++;
      }
      if (first > at && shorter == null) {
        shorter = new StringBuilder().append(text, 0, at);
      }
      boolean last = end == text.length();
      if (!last && text.charAt(end) != '.') {
        return "";
      }
      if (shorter != null) {
        shorter.append(text, first, last ? end : end + 1);
      }
      if (last) {
        return shorter == null ? text : shorter.toString();
      }
      at = end + 1;
    }
  }

  @Override
  public int compareTo(Version other) {
    int here = 0;
    int there = 0;
    while (here < text.length() && there < other.text.length()) {
      int hereEnd = end(text, here);
      int thereEnd = end(other.text, there);
      // Canonical numbers: the longer is the greater; of the same length they compare as text.
      int compared = Integer.compare(hereEnd - here, thereEnd - there);
      for (int i = 0; compared == 0 && i < hereEnd - here; i++) {
        compared = Character.compare(text.charAt(here + i), other.text.charAt(there + i));
      }
      if (compared != 0) {
        return compared;
      }
      here = hereEnd + 1;
      there = thereEnd + 1;
    }
    return Boolean.compare(here < text.length(), there < other.text.length());
  }

  private static int end(String text, int from) {
    int dot = text.indexOf('.', from);
    return dot < 0 ? text.length() : dot;
  }

  // Written out: what the compiler generates for a record takes 15 ms to link at first use, in a
  // command that is to be done in 200.
  @Override
  public boolean equals(Object other) {
    return other instanceof Version version && text.equals(version.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
