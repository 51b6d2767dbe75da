package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Sql;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.sql.Token;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Users with their system privileges (docs, "GRANT", "System privileges"), the role option
 * CONTROLJOB, and ADMIN for members of admin. Privileges on objects are not modelled.
 */
final class Users {
  private final Map<String, Set<String>> users = new TreeMap<>();

  Users(Map<String, Set<String>> users) {
    this.users.put("root", Set.of("ADMIN"));
    this.users.putAll(users);
  }

  synchronized boolean has(String user) {
    return users.containsKey(user);
  }

  synchronized Set<String> privileges(String user) {
    return users.getOrDefault(user, Set.of());
  }

  boolean admin(String user) {
    return privileges(user).contains("ADMIN");
  }

  synchronized Map<String, Set<String>> all() {
    return new TreeMap<>(users);
  }

  /** The tag of a statement that concerns users; empty for any other. */
  synchronized Optional<String> execute(List<Token> statement) {
    int last = statement.size() - 1;
    if (role(statement, "CREATE")) {
      boolean lenient = Sql.at(statement, 2, "IF", "NOT", "EXISTS");
      var name = Sql.name(statement.get(lenient ? 5 : 2));
      if (users.containsKey(name) && !lenient) {
        throw new SqlError.Thrown("42710", "a role/user named " + name + " already exists");
      }
      users.putIfAbsent(name, Set.of());
      statement.subList(lenient ? 6 : 3, statement.size()).forEach(t -> option(name, t));
      return Optional.of("CREATE ROLE");
    }
    if (role(statement, "ALTER")) {
      var name = known(statement.get(2));
      statement.subList(3, statement.size()).forEach(t -> option(name, t));
      return Optional.of("ALTER ROLE");
    }
    if (role(statement, "DROP")) {
      users.remove(known(statement.get(last)));
      return Optional.of("DROP ROLE");
    }
    boolean grants = statement.getFirst().is("GRANT");
    boolean system =
        Sql.at(statement, 1, "SYSTEM") && (grants || statement.getFirst().is("REVOKE"));
    boolean admin = Sql.at(statement, 1, "ADMIN") && (grants || statement.getFirst().is("REVOKE"));
    if (system || admin) {
      var privilege = system ? statement.get(2).keyword() : "ADMIN";
      change(known(statement.get(last)), privilege, grants);
      return Optional.of(grants ? "GRANT" : "REVOKE");
    }
    return Optional.empty();
  }

  private static boolean role(List<Token> statement, String verb) {
    return statement.size() > 2
        && statement.getFirst().is(verb)
        && (statement.get(1).is("USER") || statement.get(1).is("ROLE"));
  }

  private String known(Token token) {
    var name = Sql.name(token);
    if (!users.containsKey(name)) {
      throw new SqlError.Thrown("42704", "role/user \"" + name + "\" does not exist");
    }
    return name;
  }

  private void option(String user, Token token) {
    switch (token.keyword().toUpperCase(Locale.ROOT)) {
      case "CONTROLJOB" -> change(user, "CONTROLJOB", true);
      case "NOCONTROLJOB" -> change(user, "CONTROLJOB", false);
      case "WITH", "LOGIN" -> {
        // Every user may log in.
      }
      default -> throw SqlError.unknown("the role option " + token.text()).thrown();
    }
  }

  private void change(String user, String privilege, boolean granted) {
    var after = new TreeSet<>(users.get(user));
    if (granted) {
      after.add(privilege);
    } else {
      after.remove(privilege);
    }
    users.put(user, Set.copyOf(after));
  }
}
