package dev.pawl.engine.plan;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One to four dotted numbers of at most 18 digits each: {@code 7}, {@code 12.0.0}, {@code
 * 20260228103000}. Compared as numbers, part by part; where one ends first it is the smaller. The
 * admission policies compare in the same way, by the same test vectors.
 *
 * @param text made canonical: without leading zeros
 */
public record Version(String text) implements Comparable<Version> {
  private static final Pattern FORM = Pattern.compile("[0-9]{1,18}([.][0-9]{1,18}){0,3}");

  public Version {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a version: write one to four dotted numbers, such as 7 or 12.0.0");
    }
    text =
        Arrays.stream(text.split("\\."))
            .map(part -> Long.toString(Long.parseLong(part)))
            .collect(Collectors.joining("."));
  }

  /** The version, or empty where the text is none. */
  public static Optional<Version> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new Version(text)) : Optional.empty();
  }

  private long[] numbers() {
    return Arrays.stream(text.split("\\.")).mapToLong(Long::parseLong).toArray();
  }

  @Override
  public int compareTo(Version other) {
    return Arrays.compare(numbers(), other.numbers());
  }

  @Override
  public String toString() {
    return text;
  }
}
