package dev.pawl.engine.plan;

import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Statement;
import java.util.Collection;
import java.util.List;

/** A classifier that always fails. */
public final class BrokenClassification extends Classification {
  private final Throwable defect;

  BrokenClassification(Throwable defect) {
    this(defect, DatabaseKind.POSTGRESQL);
  }

  private BrokenClassification(Throwable defect, DatabaseKind kind) {
    super(kind);
    this.defect = defect;
  }

  @Override
  List<SchemaChange> classify(Statement statement) {
    switch (defect) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalArgumentException(defect);
    }
  }

  /** A plan made without any help of the classifier. */
  public static Plan plan(Collection<SourceFile> source, DatabaseKind kind)
      throws InvalidSourceException {
    return Planner.plan(source, new BrokenClassification(new StackOverflowError(), kind));
  }
}
