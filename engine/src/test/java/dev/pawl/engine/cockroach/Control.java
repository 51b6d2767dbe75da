package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Sql;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.sql.Token;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who may end sessions and control jobs, and the ending of sessions. */
final class Control {
  private static final Set<String> VERBS = Set.of("CANCEL", "PAUSE", "RESUME");

  private Control() {}

  /**
   * Ends a session.
   *
   * @return the tag; empty for any other statement
   * @throws SqlError.Thrown for a session or a job that is not this user's to end
   */
  static Optional<String> execute(CockroachModel model, String user, List<Token> statement)
      throws IOException {
    if (statement.getFirst().is("CANCEL") && Sql.at(statement, 1, "SESSION")) {
      return Optional.of(cancelSession(model, user, statement));
    }
    if (VERBS.contains(statement.getFirst().keyword()) && Sql.at(statement, 1, "JOB")) {
      demandJobs(model.users(), user);
    }
    return Optional.empty();
  }

  /**
   * One's own needs nothing, another's CANCELQUERY, an admin's an admin: docs, "CANCEL SESSION",
   * "Required privileges".
   */
  private static String cancelSession(CockroachModel model, String user, List<Token> statement)
      throws IOException {
    boolean lenient = Sql.at(statement, 2, "IF", "EXISTS");
    var id = Sql.string(statement.get(lenient ? 4 : 2));
    var other = model.sessions().stream().filter(s -> s.id().equals(id)).findFirst();
    if (other.isEmpty()) {
      if (!lenient) {
        throw new SqlError.Thrown("XXUUU", "session ID " + id + " not found");
      }
      return "CANCEL SESSIONS 0";
    }
    var users = model.users();
    var owner = other.get().user();
    boolean may =
        users.admin(user)
            || owner.equals(user)
            || users.privileges(user).contains("CANCELQUERY") && !users.admin(owner);
    if (!may) {
      throw new SqlError.Thrown("42501", "this operation requires CANCELQUERY privilege");
    }
    other.get().cancel();
    other.get().cut();
    return "CANCEL SESSIONS 1";
  }

  /** Members of admin and who has CONTROLJOB: docs, "CANCEL JOB", "Required privileges". */
  private static void demandJobs(Users users, String user) {
    if (!users.admin(user) && !users.privileges(user).contains("CONTROLJOB")) {
      throw new SqlError.Thrown("42501", "user " + user + " does not have CONTROLJOB privilege");
    }
  }
}
