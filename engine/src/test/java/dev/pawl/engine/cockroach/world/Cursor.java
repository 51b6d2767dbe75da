package dev.pawl.engine.cockroach.world;

import dev.pawl.engine.sql.Token;
import dev.pawl.engine.sql.TokenType;
import java.util.ArrayList;
import java.util.List;

/** Moves along the tokens of one statement. */
final class Cursor {
  /** An object's name and where it stands. */
  private record Named(int from, int to, Name name) {}

  private final List<Token> tokens;
  private final List<Named> named = new ArrayList<>();
  private int at;

  Cursor(List<Token> tokens) {
    this.tokens = tokens;
  }

  boolean done() {
    return at >= tokens.size();
  }

  boolean see(String... keywords) {
    return Sql.at(tokens, at, keywords);
  }

  boolean see(char c) {
    return Sql.at(tokens, at, c);
  }

  /** Whether the keywords are next; then it is past them. */
  boolean take(String... keywords) {
    boolean there = see(keywords);
    if (there) {
      at += keywords.length;
    }
    return there;
  }

  boolean take(char c) {
    boolean there = see(c);
    if (there) {
      at++;
    }
    return there;
  }

  void expect(String... keywords) {
    if (!take(keywords)) {
      throw syntax();
    }
  }

  void expect(char c) {
    if (!take(c)) {
      throw syntax();
    }
  }

  /** After the whole statement nothing may be left unread. */
  void end() {
    if (!done()) {
      throw SqlError.unknown("\"" + rest() + "\" in: " + Sql.text(tokens)).thrown();
    }
  }

  SqlError.Thrown syntax() {
    return done()
        ? new SqlError.Thrown("42601", "at or near \"EOF\": syntax error")
        : new SqlError.Thrown(
            "42601", "at or near \"" + tokens.get(at).text() + "\": syntax error");
  }

  String rest() {
    return done() ? "" : Sql.text(tokens.subList(at, tokens.size()));
  }

  String identifier() {
    if (done() || Sql.name(tokens.get(at)).isEmpty()) {
      throw syntax();
    }
    return Sql.name(tokens.get(at++));
  }

  /** One of name, schema.name and database.schema.name. */
  Name name() {
    int from = at;
    var parts = new ArrayList<String>();
    do {
      parts.add(identifier());
    } while (take('.'));
    var name =
        switch (parts.size()) {
          case 1 -> Name.of(parts.get(0));
          case 2 -> new Name(parts.get(0), parts.get(1));
          case 3 -> new Name(parts.get(1), parts.get(2));
          default -> throw syntax();
        };
    named.add(new Named(from, at, name));
    return name;
  }

  /** The statement with its objects' full names, as a job's description has it. */
  String described() {
    var text = new StringBuilder();
    int next = 0;
    for (var each : named) {
      text.append(plain(next, each.from())).append(each.name().full());
      next = each.to();
    }
    return text.append(plain(next, tokens.size())).toString();
  }

  private String plain(int from, int to) {
    if (from >= to) {
      return "";
    }
    int start = from == 0 ? tokens.getFirst().start() : tokens.get(from - 1).end();
    int end = to == tokens.size() ? tokens.getLast().end() : tokens.get(to).start();
    return tokens.getFirst().source().substring(start, end).replaceAll("\\s+", " ");
  }

  List<Name> names() {
    var names = new ArrayList<Name>();
    do {
      names.add(name());
    } while (take(','));
    return names;
  }

  String string() {
    if (done() || !Sql.isString(tokens.get(at))) {
      throw syntax();
    }
    return Sql.string(tokens.get(at++));
  }

  long number() {
    if (done() || tokens.get(at).type() != TokenType.NUMBER) {
      throw syntax();
    }
    return Long.parseLong(tokens.get(at++).text());
  }

  /** Names in parentheses. */
  List<String> identifiers() {
    var names = new ArrayList<String>();
    expect('(');
    do {
      names.add(identifier());
    } while (take(','));
    expect(')');
    return names;
  }

  /** What stands between the next parenthesis and the one that closes it. */
  List<Token> group() {
    expect('(');
    int from = at;
    skipTo(')');
    var inside = tokens.subList(from, at);
    expect(')');
    return inside;
  }

  /** The tokens up to one of these characters outside of any parentheses, or the end. */
  List<Token> until(char... ends) {
    int from = at;
    skipTo(ends);
    return tokens.subList(from, at);
  }

  /** The tokens up to one of these keywords outside of any parentheses, a comma, or the end. */
  List<Token> untilWord(List<String> ends) {
    int from = at;
    int depth = 0;
    while (at < tokens.size()) {
      var token = tokens.get(at);
      if (depth == 0 && (token.is(',') || token.is(')') || at > from && isOne(token, ends))) {
        break;
      }
      depth += opens(token);
      at++;
    }
    return tokens.subList(from, at);
  }

  private static boolean isOne(Token token, List<String> keywords) {
    return keywords.stream().anyMatch(token::is);
  }

  private void skipTo(char... ends) {
    int depth = 0;
    while (at < tokens.size()) {
      var token = tokens.get(at);
      if (depth == 0) {
        for (char end : ends) {
          if (token.is(end)) {
            return;
          }
        }
      }
      depth += opens(token);
      at++;
    }
  }

  private static int opens(Token token) {
    return token.is('(') || token.is('[') ? 1 : token.is(')') || token.is(']') ? -1 : 0;
  }
}
