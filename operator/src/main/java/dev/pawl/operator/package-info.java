/** Starting, leading, stopping. */
package dev.pawl.operator;
