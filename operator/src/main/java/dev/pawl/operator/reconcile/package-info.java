/** From spec to run to status: observe, validate, decide, one patch. */
package dev.pawl.operator.reconcile;
