/** The SchemaGate of each namespace, and the release of what admission policies hold by it. */
package dev.pawl.operator.gate;
