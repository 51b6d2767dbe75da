package dev.pawl.operator.reconcile;

/** Who this process is, in Kubernetes' Lease and in the lease of each database. */
public interface Holder {
  /** Unique for each process. */
  String identity();
}
