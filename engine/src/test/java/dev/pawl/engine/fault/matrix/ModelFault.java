package dev.pawl.engine.fault.matrix;

import dev.pawl.engine.cockroach.CockroachModel;
import dev.pawl.engine.cockroach.Fault.Kind;

/** What goes wrong with the model of CockroachDB. */
enum ModelFault {
  CUT("every connection cut"),
  CUT_BEFORE("cut with the next statement, which is not executed"),
  CUT_DURING("cut once the next statement has begun"),
  CUT_AFTER("cut when the next statement is executed, before its answer"),
  CUT_AFTER_COMMIT("cut when the next COMMIT is executed, before its answer"),
  E40001("next statement refused: retry the transaction"),
  E40003("next COMMIT executed, and answered: result is ambiguous"),
  E53100("next statement refused: disk full"),
  E53300("next statement refused: too many connections"),
  E57014("next statement refused: statement time-out"),
  HANG("the node answers nothing until the run has ended");

  private static final String ANY = ".";
  private static final String COMMIT = "^\\s*COMMIT";

  private final String what;

  ModelFault(String what) {
    this.what = what;
  }

  /** For a person. */
  String what() {
    return what;
  }

  /** Makes it. */
  void make(CockroachModel model) {
    switch (this) {
      case CUT -> model.cutConnections(0);
      case CUT_BEFORE -> cut(model, Kind.CUT_BEFORE, ANY);
      case CUT_DURING -> cut(model, Kind.CUT_DURING, ANY);
      case CUT_AFTER -> cut(model, Kind.CUT_AFTER, ANY);
      case CUT_AFTER_COMMIT -> cut(model, Kind.CUT_AFTER, COMMIT);
      case E40001 -> refuse(model, "restart transaction");
      case E40003 ->
          model.inject(
              dev.pawl.engine.cockroach.Fault.errorAfter(COMMIT, "40003", "result is ambiguous"));
      case E53100 -> refuse(model, "disk full");
      case E53300 -> refuse(model, "sorry, too many clients already");
      case E57014 -> refuse(model, "query execution canceled due to statement timeout");
      case HANG -> model.hang(0);
    }
  }

  private static void cut(CockroachModel model, Kind kind, String statement) {
    model.inject(dev.pawl.engine.cockroach.Fault.cut(kind, statement));
  }

  private void refuse(CockroachModel model, String message) {
    model.inject(dev.pawl.engine.cockroach.Fault.error(ANY, name().substring(1), message));
  }
}
