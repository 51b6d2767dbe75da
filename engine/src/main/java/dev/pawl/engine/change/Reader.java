package dev.pawl.engine.change;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Literals;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.sql.Statement;
import dev.pawl.engine.sql.Token;
import dev.pawl.engine.sql.TokenType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads the tokens of a statement from left to right. */
public final class Reader {
  /** What the reader found does not fit the grammar it was asked for. */
  public static final class Unexpected extends Exception {
    private static final long serialVersionUID = 1L;

    Unexpected(String message) {
      super(message, null, false, false);
    }
  }

  final DatabaseKind kind;
  private final String source;
  private final Token[] tokens;
  private final int end;
  private int at;

  public Reader(Statement statement, DatabaseKind kind) {
    this.kind = kind;
    this.source = statement.source();
    var all = statement.tokens();
    var grammatical = new Token[all.size()];
    int n = 0;
    for (var token : all) {
      if (token.type().grammatical()) {
        grammatical[n++] = token;
      }
    }
    this.tokens = grammatical;
    this.end = n;
  }

  private Reader(Reader whole, int from, int to) {
    this.kind = whole.kind;
    this.source = whole.source;
    this.tokens = whole.tokens;
    this.at = from;
    this.end = to;
  }

  public boolean cockroach() {
    return kind == DatabaseKind.COCKROACHDB;
  }

  public boolean done() {
    return at >= end;
  }

  /** The place, to come back to by {@link #back}. */
  public int place() {
    return at;
  }

  public void back(int place) {
    at = place;
  }

  public void skip() {
    at++;
  }

  /** The word here in capitals; empty at the end or at anything but an unquoted word. */
  public String keyword() {
    return keyword(0);
  }

  public String keyword(int ahead) {
    return at + ahead < end ? tokens[at + ahead].keyword() : "";
  }

  public boolean at(String keyword) {
    return at < end && tokens[at].is(keyword);
  }

  public boolean at(char c) {
    return at < end && tokens[at].is(c);
  }

  public boolean ahead(int ahead, char c) {
    return at + ahead < end && tokens[at + ahead].is(c);
  }

  /** Passes these keywords if all of them are here, in this order. */
  public boolean accept(String... keywords) {
    if (at + keywords.length > end || !stand(at, keywords)) {
      return false;
    }
    at += keywords.length;
    return true;
  }

  public boolean accept(char c) {
    if (at(c)) {
      at++;
      return true;
    }
    return false;
  }

  public void expect(String keyword) throws Unexpected {
    if (!accept(keyword)) {
      throw unexpected(keyword);
    }
  }

  public void expect(char c) throws Unexpected {
    if (!accept(c)) {
      throw unexpected("'" + c + "'");
    }
  }

  public Unexpected unexpected(String wanted) {
    if (done()) {
      return new Unexpected("it ends where " + wanted + " should follow");
    }
    var token = tokens[at];
    return new Unexpected(
        "at %d:%d stands %s where %s should be"
            .formatted(token.line(), token.column(), abridged(token.text()), wanted));
  }

  private static String abridged(String text) {
    return text.length() <= 40 ? text : text.substring(0, 39) + "…";
  }

  /** Whether an identifier could begin here; CONCURRENTLY is never one without quotes. */
  public boolean atIdentifier() {
    return at < end
        && !tokens[at].is("CONCURRENTLY")
        && switch (tokens[at].type()) {
          case WORD, QUOTED_IDENTIFIER, UNICODE_IDENTIFIER -> true;
          default -> false;
        };
  }

  public String identifier() throws Unexpected {
    if (!atIdentifier()) {
      throw unexpected("a name");
    }
    var token = tokens[at];
    char escape = '\\';
    int length = 1;
    if (token.type() == TokenType.UNICODE_IDENTIFIER
        && at + 2 < end
        && tokens[at + 1].is("UESCAPE")
        && tokens[at + 2].type() == TokenType.STRING) {
      var custom = Literals.string(tokens[at + 2]).orElse("");
      if (custom.length() == 1) {
        escape = custom.charAt(0);
      }
      length = 3;
    }
    var name = Literals.identifier(token, escape, kind);
    if (name.isEmpty()) {
      throw unexpected("a name");
    }
    at += length;
    return name.get();
  }

  public QualifiedName name() throws Unexpected {
    var parts = new ArrayList<String>(2);
    do {
      if (parts.size() == 3) {
        throw unexpected("a name of at most three parts");
      }
      parts.add(identifier());
    } while (accept('.'));
    return new QualifiedName(parts);
  }

  /** One name or several between commas. */
  public List<QualifiedName> names() throws Unexpected {
    var names = new ArrayList<QualifiedName>(1);
    do {
      names.add(name());
    } while (accept(','));
    return names;
  }

  /** A string of characters. */
  public String string() throws Unexpected {
    var text = at < end ? Literals.string(tokens[at]) : Optional.<String>empty();
    if (text.isEmpty()) {
      throw unexpected("a string");
    }
    at++;
    return text.get();
  }

  /**
   * Columns in parentheses; a direction behind one, and what PostgreSQL's keys over time have
   * (PERIOD before, WITHOUT OVERLAPS behind), are passed over.
   */
  public List<String> columns() throws Unexpected {
    var columns = new ArrayList<String>();
    for (var part : parenthesised()) {
      boolean period = part.at("PERIOD");
      var column = part.identifier();
      if (!part.accept("ASC")
          && !part.accept("DESC")
          && !part.accept("WITHOUT", "OVERLAPS")
          && period
          && !part.done()) {
        column = part.identifier();
      }
      columns.add(column);
      if (!part.done()) {
        throw part.unexpected("the end of a column");
      }
    }
    return columns;
  }

  /** What stands in the parentheses that begin here, cut at its commas. */
  public List<Reader> parenthesised() throws Unexpected {
    expect('(');
    int from = at;
    int close = closing();
    at = close + 1;
    return new Reader(this, from, close).parts();
  }

  /** What is left, cut at its commas; commas within parentheses or brackets do not count. */
  public List<Reader> parts() {
    return parts(",");
  }

  /** What is left, cut at a keyword, or at its commas; within parentheses they do not count. */
  public List<Reader> parts(String separator) {
    boolean comma = separator.equals(",");
    var parts = new ArrayList<Reader>(2);
    int depth = 0;
    int from = at;
    for (int i = at; i < end; i++) {
      if (tokens[i].is('(') || tokens[i].is('[')) {
        depth++;
      } else if (tokens[i].is(')') || tokens[i].is(']')) {
        depth--;
      } else if (depth == 0 && (comma ? tokens[i].is(',') : tokens[i].is(separator))) {
        parts.add(new Reader(this, from, i));
        from = i + 1;
      }
    }
    if (from < end || !parts.isEmpty()) {
      parts.add(new Reader(this, from, end));
    }
    at = end;
    return parts;
  }

  /** Passes one token, or a whole pair of parentheses with what is in it. */
  public void skipItem() throws Unexpected {
    boolean open = at('(');
    at++;
    if (open) {
      at = closing() + 1;
    }
  }

  /** The place of the parenthesis that closes the one just passed. */
  private int closing() throws Unexpected {
    int depth = 1;
    for (int i = at; i < end; i++) {
      if (tokens[i].is('(')) {
        depth++;
      } else if (tokens[i].is(')') && --depth == 0) {
        return i;
      }
    }
    throw new Unexpected("a parenthesis is never closed");
  }

  /** Whether these keywords stand, one after the other, anywhere from here on. */
  public boolean contains(String... keywords) {
    for (int i = at; i + keywords.length <= end; i++) {
      if (stand(i, keywords)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a keyword stands between a place and here. */
  boolean passed(int place, String keyword) {
    for (int i = place; i < at; i++) {
      if (tokens[i].is(keyword)) {
        return true;
      }
    }
    return false;
  }

  private boolean stand(int from, String... keywords) {
    for (int i = 0; i < keywords.length; i++) {
      if (!tokens[from + i].is(keywords[i])) {
        return false;
      }
    }
    return true;
  }

  /** How many of the last tokens are WITH [NO] DATA. */
  int withDataAtEnd() {
    if (end - at >= 3 && stand(end - 3, "WITH", "NO", "DATA")) {
      return 3;
    }
    return end - at >= 2 && stand(end - 2, "WITH", "DATA") ? 2 : 0;
  }

  /** The tokens from here on. */
  public List<Token> rest() {
    return Arrays.asList(tokens).subList(at, end);
  }

  /** The author's text from a place up to here. */
  public String textSince(int place) {
    return textBetween(place, at);
  }

  /** The author's text from a place up to another. */
  String textBetween(int from, int to) {
    return to <= from ? "" : source.substring(tokens[from].start(), tokens[to - 1].end());
  }

  /** The author's text from here to the end. */
  public String textToEnd() {
    return done() ? "" : source.substring(tokens[at].start(), tokens[end - 1].end());
  }

  public void toEnd() {
    at = end;
  }
}
